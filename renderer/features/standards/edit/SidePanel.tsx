import { CheckCircleFilled, ExclamationCircleFilled, InfoCircleFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answers } from '../../../../preload/contract/entries.ts'
import type { StandardForm } from '../../../../preload/contract/standard.ts'
import type { Finding } from '../../../../preload/contract/standards/findings.ts'
import { formFaults } from '../../../../preload/contract/standards/form-limits.ts'
import { useCall } from '../../../app/client.ts'
import { ErrorBoundary } from '../../../app/ErrorBoundary.tsx'
import { useHere } from '../../../app/session.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { SchemaForm } from '../../../ui/form/SchemaForm.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { TabBar } from '../../../ui/TabBar.tsx'
import { ChangeList } from '../changes/ChangeList.tsx'
import { type JsonObject, listOf, objectOf, textOf } from './json-edit.ts'
import { TemplatePreview } from './TemplatePreview.tsx'

/** What stands beside the fields: the form as clerks will see it, the comparison, the check. */
export type Side = 'preview' | 'compare' | 'check'

/** The right side of the editor. */
export function SidePanel(props: {
  readonly copyId: string
  readonly isNew: boolean
  readonly value: JsonObject | undefined
  readonly hasForm: boolean
  /** Grows with each save: the comparison is read again. */
  readonly revision: number
  readonly findings: readonly Finding[]
  readonly side: Side
  readonly onSide: (side: Side) => void
  readonly onJump: (finding: Finding) => void
}) {
  const { t } = useTranslation()
  const { findings, side } = props
  const wordOf = (key: Side) =>
    key === 'preview' && props.value?.kind === 'template' ? t('papers.template.side') : t(`standardsDesk.edit.${key}`)
  const sides: Side[] = props.hasForm ? ['preview', 'compare', 'check'] : ['compare', 'check']
  const must = findings.filter(({ severity }) => severity === 'must').length
  return (
    <aside className="edit-side panel">
      <TabBar
        label={t('standardsDesk.edit.side')}
        active={side}
        onChange={props.onSide}
        tabs={sides.map((key) => ({
          ...{ key, label: wordOf(key), loud: must > 0 },
          count: key === 'check' && findings.length > 0 ? findings.length : undefined,
        }))}
      />
      <div className="edit-side-body" role="tabpanel" aria-label={wordOf(side)}>
        {side === 'preview' && props.value?.kind === 'template' ? (
          <TemplatePreview copyId={props.copyId} revision={props.revision} />
        ) : null}
        {side === 'preview' && props.value?.kind !== 'template' ? <Preview value={props.value} /> : null}
        {side === 'compare' ? <Compare copyId={props.copyId} revision={props.revision} isNew={props.isNew} /> : null}
        {side === 'check' ? <Findings findings={findings} onJump={props.onJump} /> : null}
      </div>
    </aside>
  )
}

const noneMarked: ReadonlySet<string> = new Set()
const noneTold: ReadonlyMap<string, string> = new Map()

/** The very form that intake draws, over answers that nobody keeps. */
function Preview({ value }: { readonly value: JsonObject | undefined }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const [answers, setAnswers] = useState<Answers>({})
  const form = objectOf(value?.form)
  const { name, idNumber, phone } = objectOf(form.applicant)
  const isSound =
    objectOf(form.schema).type === 'object' && formFaults(form.schema as StandardForm['schema']).length === 0
  const drawn = {
    ...{ schema: objectOf(form.schema), ui: objectOf(form.ui) },
    applicant: { name: textOf(name), idNumber: textOf(idNumber), phone: textOf(phone) },
  } as StandardForm
  // A form of other questions is another form: it begins anew.
  const key = JSON.stringify([drawn.schema, drawn.ui])
  return (
    <>
      <p className="quiet">{t('standardsDesk.edit.previewText')}</p>
      {isSound ? (
        <ErrorBoundary key={key}>
          <SchemaForm
            form={drawn}
            answers={answers}
            today={station.todayInShanghai}
            marked={noneMarked}
            told={noneTold}
            ownDivision={station.stationId.slice(0, 12)}
            onChange={setAnswers}
          />
        </ErrorBoundary>
      ) : (
        <Notice tone="warn">{t('standardsDesk.edit.previewNot')}</Notice>
      )}
      <h3>{t('standardsDesk.edit.applicantLacks')}</h3>
      <ul className="edit-materials">
        {listOf(value?.materials).map((one) => (
          <li key={textOf(objectOf(one).id)}>{textOf(objectOf(one).name)}</li>
        ))}
      </ul>
    </>
  )
}

function Compare({
  copyId,
  revision,
  isNew,
}: {
  readonly copyId: string
  readonly revision: number
  readonly isNew: boolean
}) {
  const compared = useCall('standards.compare', { copyId }, { keepPrevious: true })
  const [seen, setSeen] = useState(revision)
  if (seen !== revision) {
    setSeen(revision)
    void compared.refetch()
  }
  if (compared.error !== null) return <ErrorNotice error={compared.error} />
  if (compared.data === undefined) return <Loading />
  return <ChangeList changes={compared.data.changes} isWhole={isNew} />
}

/** Everything that is wrong, what must be mended first, each with the way to its field. */
export function Findings({
  findings,
  onJump,
}: {
  readonly findings: readonly Finding[]
  readonly onJump?: (finding: Finding) => void
}) {
  const { t } = useTranslation()
  if (findings.length === 0)
    return (
      <p className="state state-good">
        <CheckCircleFilled aria-hidden="true" /> {t('standardsDesk.edit.checkNone')}
      </p>
    )
  return (
    <ul className="findings">
      {findings.map((finding) => (
        <li key={`${finding.document} ${finding.pointer} ${finding.problem}`}>
          <span className={finding.severity === 'must' ? 'tag tag-bad' : 'tag tag-warn'}>
            {finding.severity === 'must' ? (
              <ExclamationCircleFilled aria-hidden="true" />
            ) : (
              <InfoCircleFilled aria-hidden="true" />
            )}{' '}
            {t(`standardsDesk.edit.${finding.severity}`)}
          </span>
          <span>
            <strong>{finding.place}</strong>：{finding.problem}
            <span className="quiet finding-remedy">{t('standardsDesk.edit.mend', { remedy: finding.remedy })}</span>
          </span>
          {onJump === undefined ? null : (
            <Button onClick={() => onJump(finding)} aria-label={`${t('standardsDesk.edit.jump')}：${finding.place}`}>
              {t('standardsDesk.edit.jump')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
