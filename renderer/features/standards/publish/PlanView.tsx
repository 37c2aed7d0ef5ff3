import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Finding } from '../../../../preload/contract/standards/findings.ts'
import type { DeskDocument, ReleasePlan } from '../../../../preload/contract/standards/publishing.ts'
import type { CallFailure } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { ChangeList } from '../changes/ChangeList.tsx'
import { Versions } from '../changes/TodayBand.tsx'
import { Findings } from '../edit/SidePanel.tsx'
import { Impact } from './Impact.tsx'
import { OutTags } from './OutList.tsx'

/** What a release would change, what is wrong with it, and whom it meets, before anything is published. */
export function PlanView({
  plan: { data: plan, error, refetch },
  documents,
  isForSome,
}: {
  readonly plan: UseQueryResult<ReleasePlan, CallFailure>
  readonly documents: readonly DeskDocument[]
  /** Somebody is chosen: then it is told how many windows that are. */
  readonly isForSome: boolean
}) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (plan === undefined) return <Loading />
  // Of several documents each finding says whose it is.
  const findings = plan.findings.map((finding) => {
    const of = documents.find(({ copyId }) => copyId === finding.document)
    if (of === undefined)
      return { ...finding, place: [finding.document, finding.place].filter((text) => text !== '').join('·') }
    const name = of.name || t(`standardsDesk.kind.${of.kind}`)
    return { ...finding, place: finding.place === '' ? name : `${name}·${finding.place}` }
  })
  const must = findings.filter(({ severity }) => severity === 'must')
  const advice = findings.filter(
    (finding) => finding.severity === 'should' && documents.some(({ copyId }) => copyId === finding.document),
  )
  // What is taken out is kept after all, and what no working copy has is begun, in the list.
  const open = ({ document }: Finding) => {
    const isWritten = documents.some(({ copyId, state }) => copyId === document && state !== 'removed')
    go(isWritten ? paths.standardsDesk.copy(document) : paths.standardsDesk.edit)
  }
  return (
    <div className="plan">
      <section>
        <p className="quiet">
          {plan.against === null
            ? t('standardsDesk.publish.againstNone')
            : t('standardsDesk.publish.against', { release: plan.against.release })}
        </p>
        {plan.changes.length === 0 ? <p>{t('standardsDesk.publish.nothing')}</p> : null}
        {plan.changes.map((one) => (
          <details
            key={`${one.kind} ${one.id} ${one.toVersion ?? one.fromVersion}`}
            className="plan-change"
            open={plan.changes.length < 4}
          >
            <summary>
              <strong>{one.name}</strong> <Versions change={one} />{' '}
              {one.toVersion === null ? <span className="tag tag-warn">{t('standardsDesk.out.tag')}</span> : null}
              {one.toVersion !== null && one.fromVersion !== null ? (
                <span className="tag tag-info">{t('standardsDesk.changes.more', { count: one.changes.length })}</span>
              ) : null}{' '}
              <OutTags change={one} out={plan.out} />
            </summary>
            {one.toVersion === null ? (
              <p>{t(`standardsDesk.out.whole.${one.kind}`)}</p>
            ) : (
              <ChangeList changes={one.changes} isWhole={one.fromVersion === null} />
            )}
          </details>
        ))}
        {must.length === 0 ? null : (
          <>
            <Notice tone="bad">{t('standardsDesk.publish.faulty', { count: must.length })}</Notice>
            <Findings findings={must} onJump={open} />
          </>
        )}
        {advice.length === 0 ? null : (
          <details className="plan-change">
            <summary>{t('standardsDesk.publish.advice', { count: advice.length })}</summary>
            <Findings findings={advice} onJump={open} />
          </details>
        )}
      </section>
      <Impact impact={plan.impact} changes={plan.changes} isForSome={isForSome} />
    </div>
  )
}
