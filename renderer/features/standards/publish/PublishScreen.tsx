import { SendOutlined } from '@ant-design/icons'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { KnownRelease, ReleaseContents, StandardsDesk } from '../../../../preload/contract/standards/publishing.ts'
import { useAct, useCall } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { momentOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { ForWhom } from './ForWhom.tsx'
import { Others } from './Others.tsx'
import { PlanView } from './PlanView.tsx'
import { ReleaseList } from './ReleaseList.tsx'
import { Rules } from './Rules.tsx'
import { SignIt, WhenStep } from './Steps.tsx'
import { refusedField, useTypedAgain } from './typed-again.ts'
import { effectiveOf, emptyForm, type Lack, lacksOf, type PublishForm, stepOf, targetsOf } from './wish.ts'
import './publish.css'

/** What goes out and whom it meets, then three steps: for whom, when, signed. Below, the releases that went before. */
export function PublishScreen() {
  const desk = useCall('standards.desk', {})
  if (desk.data === undefined)
    return (
      <div className="page">
        {desk.error === null ? <Loading /> : <ErrorNotice error={desk.error} onRetry={() => void desk.refetch()} />}
      </div>
    )
  return <Publish desk={desk.data} />
}

function Publish({ desk }: { readonly desk: StandardsDesk }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<PublishForm>(emptyForm)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [backTo, setBackTo] = useState<number | null>(null)
  const publish = useAct('standards.publish')
  const setRefused = useTypedAgain()
  const copies = desk.documents.flatMap(({ copyId }) => copyId ?? [])
  const contents: ReleaseContents =
    backTo === null
      ? { from: 'copies', copyIds: copies.filter((copyId) => !left.has(copyId)) }
      : { from: 'release', release: backTo }
  const targets = targetsOf(form)
  const plan = useCall('standards.plan', { targets: targets ?? 'all', contents }, { keepPrevious: true })
  const effectiveAtUtc = effectiveOf(form, new Date())
  const isFaulty = plan.data?.findings.some(({ severity }) => severity === 'must') ?? true
  const lacks = lacksOf(form, new Date(), { isFaulty, secondPerson: desk.secondPerson })
  const change = (part: Partial<PublishForm>) => {
    publish.reset()
    setForm({ ...form, ...part })
  }
  const run = () => {
    if (targets === undefined || effectiveAtUtc === undefined) return
    const { note, pin, second } = form
    const approval = desk.secondPerson ? second : null
    publish.mutate(
      { targets, contents, effectiveAtUtc, note: note.trim(), pin, approval },
      {
        onSuccess: () => {
          setForm(emptyForm)
          setBackTo(null)
        },
        onError: (error) => {
          const field = refusedField(error, 'publish-second')
          if (field === null) setForm((now) => ({ ...now, pin: '', second: { ...now.second, pin: '' } }))
          setRefused(field)
        },
      },
    )
  }
  const now = stepOf(form, new Date())
  return (
    <div className="page">
      <div className="page-scroll publish">
        <Others desk={desk} />
        <section className="panel card publish-plan">
          <What desk={desk} left={left} onLeft={setLeft} backTo={backTo} onStay={() => setBackTo(null)} />
          <PlanView plan={plan.data} error={plan.error} documents={desk.documents} isForSome={targets !== undefined} />
        </section>
        <ol className="publish-steps">
          <ForWhom form={form} now={now} onChange={change} />
          <WhenStep form={form} now={now} onChange={change} />
          <SignIt form={form} now={now} onChange={change} secondPerson={desk.secondPerson} />
        </ol>
        <ReleaseList releases={desk.releases} base={desk.base} onBack={setBackTo} />
        <Rules desk={desk} />
      </div>
      <ActionBar left={<Outcome error={publish.error} release={publish.data?.release} lacks={lacks} />}>
        <MainAction
          label={t('standardsDesk.publish.run')}
          icon={<SendOutlined />}
          isBusy={publish.isPending}
          isOff={lacks.length > 0}
          onRun={run}
        />
      </ActionBar>
    </div>
  )
}

/** Beside the button that was pressed, so that it is in sight: what came of it, or what is lacking yet. */
function Outcome(props: {
  readonly error: unknown
  readonly release: KnownRelease | undefined
  readonly lacks: readonly Lack[]
}) {
  if (props.error !== null) return <ErrorNotice error={props.error} />
  return props.release === undefined ? <Lacks lacks={props.lacks} /> : <Done release={props.release} />
}

function Lacks({ lacks }: { readonly lacks: readonly Lack[] }) {
  const { t } = useTranslation()
  if (lacks.length === 0) return null
  const words = lacks.map((lack) => t(`standardsDesk.publish.lack.${lack}`)).join('、')
  return <span className="quiet">{t('standardsDesk.publish.lacks', { words })}</span>
}

/** Which changes go out: those being written, an earlier release anew, or the newest one for others. */
function What(props: {
  readonly desk: StandardsDesk
  readonly left: ReadonlySet<string>
  readonly onLeft: (left: ReadonlySet<string>) => void
  readonly backTo: number | null
  readonly onStay: () => void
}) {
  const { t } = useTranslation()
  const { desk, left, backTo } = props
  const copies = desk.documents.filter(({ copyId }) => copyId !== null)
  const turn = (copyId: string, isIn: boolean) => {
    const next = new Set(left)
    if (isIn) next.delete(copyId)
    else next.add(copyId)
    props.onLeft(next)
  }
  if (backTo !== null)
    return (
      <>
        <h2>{t('standardsDesk.publish.what')}</h2>
        <Notice tone="warn" action={<Button onClick={props.onStay}>{t('standardsDesk.publish.backCancel')}</Button>}>
          {t('standardsDesk.publish.backTo', { release: backTo })}
        </Notice>
      </>
    )
  return (
    <>
      <h2>{t('standardsDesk.publish.what')}</h2>
      {copies.length === 0 ? (
        <p className="quiet">{t('standardsDesk.publish.noCopies')}</p>
      ) : (
        <p>{t('standardsDesk.publish.whatCopies')}</p>
      )}
      <ul className="publish-copies">
        {copies.map(({ copyId, name, id, kind, version }) => (
          <li key={copyId}>
            <Checkbox checked={!left.has(copyId ?? '')} onChange={(event) => turn(copyId ?? '', event.target.checked)}>
              {t(`standardsDesk.kind.${kind}`)} {name || id}{' '}
              {kind === 'calendar' || version === 0 ? null : t('standardsDesk.list.version_of', { version })}
            </Checkbox>
          </li>
        ))}
      </ul>
      {desk.base !== null && copies.every(({ copyId }) => left.has(copyId ?? '')) ? (
        <p>{t('standardsDesk.publish.promote', { release: desk.base.release })}</p>
      ) : null}
    </>
  )
}

function Done({ release: { release, state, effectiveAtUtc, madeAtUtc } }: { readonly release: KnownRelease }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const when =
    effectiveAtUtc === madeAtUtc
      ? t('standardsDesk.publish.whenAtOnce')
      : t('standardsDesk.publish.whenAt', { time: momentOf(effectiveAtUtc) })
  return (
    <Notice
      tone={state === 'waits' ? 'warn' : 'good'}
      action={<Button onClick={() => go(paths.standardsDesk.adoption)}>{t('standardsDesk.publish.adoption')}</Button>}
    >
      {t(state === 'waits' ? 'standardsDesk.publish.waits' : 'standardsDesk.publish.sent', { release, when })}
    </Notice>
  )
}
