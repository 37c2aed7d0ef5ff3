import { SendOutlined } from '@ant-design/icons'
import { useIsMutating } from '@tanstack/react-query'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type {
  KnownRelease,
  OutChange,
  ReleaseContents,
  StandardsDesk,
} from '../../../../preload/contract/standards/publishing.ts'
import { type CallFailure, callKey, useAct, useCall } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { momentOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { ForWhom } from './ForWhom.tsx'
import { useKeeping, useKeptWish } from './kept-wish.ts'
import { Others } from './Others.tsx'
import { Ends, OutList } from './OutList.tsx'
import { PlanView } from './PlanView.tsx'
import { ReleaseList } from './ReleaseList.tsx'
import { Rules } from './Rules.tsx'
import { SignIt, WhenStep } from './Steps.tsx'
import { refusedField, useTypedAgain } from './typed-again.ts'
import {
  effectiveOf,
  emptyWish,
  isSameWish,
  type Lack,
  lacksOf,
  type OutChoice,
  type PublishForm,
  type PublishWish,
  stepOf,
  targetsOf,
  withCopies,
  withoutPins,
} from './wish.ts'
import './publish.css'

/** What goes out and whom it meets, then three steps: for whom, when, signed. Below, the releases that went before. */
export function PublishScreen() {
  const desk = useCall('standards.desk', {})
  const kept = useKeptWish()
  if (desk.data === undefined || kept === undefined)
    return (
      <div className="page">
        {desk.error === null ? <Loading /> : <ErrorNotice error={desk.error} onRetry={() => void desk.refetch()} />}
      </div>
    )
  return <Publish desk={desk.data} kept={kept} />
}

function Publish({ desk, kept }: { readonly desk: StandardsDesk; readonly kept: PublishWish }) {
  const { t } = useTranslation()
  const copies = desk.documents.flatMap(({ copyId }) => copyId ?? [])
  const [begun] = useState(() => withCopies(kept, copies))
  const [wish, setWish] = useState(begun)
  const forget = useKeeping(wish, () => setWish(emptyWish))
  const { form, left, outLeft, outTaken, backTo } = wish
  const put = (part: Partial<PublishWish>) => setWish((now) => ({ ...now, ...part }))
  const publish = useAct('standards.publish')
  // Also one that was begun on a screen left since.
  const isPublishing = useIsMutating({ mutationKey: callKey('standards.publish') }) > 0
  const setRefused = useTypedAgain()
  const contents: ReleaseContents =
    backTo === null
      ? {
          from: 'copies',
          copyIds: copies.filter((copyId) => !left.includes(copyId)),
          left: [...outLeft],
          taken: [...outTaken],
        }
      : { from: 'release', release: backTo }
  const targets = targetsOf(form)
  const effectiveAtUtc = effectiveOf(form, new Date())
  const when = effectiveAtUtc === undefined ? {} : { effectiveAtUtc }
  const plan = useCall('standards.plan', { targets: targets ?? 'all', contents, ...when }, { keepPrevious: true })
  const isFaulty = plan.data?.findings.some(({ severity }) => severity === 'must')
  const check = plan.isError ? 'failed' : isFaulty === undefined ? 'runs' : isFaulty ? 'faulty' : 'sound'
  const lacks = lacksOf(form, new Date(), { check, secondPerson: desk.secondPerson })
  const change = (part: Partial<PublishForm>) => {
    publish.reset()
    put({ form: { ...form, ...part } })
  }
  const run = () => {
    if (targets === undefined || effectiveAtUtc === undefined) return
    const { note, pin, second } = form
    const approval = desk.secondPerson ? second : null
    // Promises, not callbacks: those are not called once the screen was left, and what was published would stand here again.
    publish
      .mutateAsync({
        targets,
        contents: stillOut(contents, plan.data?.out ?? []),
        effectiveAtUtc,
        note: note.trim(),
        pin,
        approval,
      })
      .then(forget, (error: CallFailure) => {
        const field = refusedField(error, 'publish-second')
        if (field === null) setWish(withoutPins)
        setRefused(field)
      })
  }
  const now = stepOf(form, new Date())
  return (
    <div className="page">
      <div className="page-scroll publish">
        <Others desk={desk} />
        <section className="panel card publish-plan">
          <What
            {...{ desk, left, backTo }}
            out={plan.data?.out ?? []}
            onLeft={(next) => put({ left: next })}
            onOut={(turn) => {
              publish.reset()
              setWish((now) => ({ ...now, ...turn(now) }))
            }}
            onStay={() => put({ backTo: null })}
          />
          <PlanView plan={plan} documents={desk.documents} isForSome={targets !== undefined} />
        </section>
        {isSameWish(begun, emptyWish) || !isSameWish(wish, begun) ? null : (
          <p className="quiet" role="status">
            {t('standardsDesk.publish.kept')}
          </p>
        )}
        <ol className="publish-steps">
          <ForWhom form={form} now={now} onChange={change} />
          <WhenStep form={form} now={now} onChange={change} out={plan.data?.out ?? []} />
          <SignIt form={form} now={now} onChange={change} secondPerson={desk.secondPerson} />
        </ol>
        <ReleaseList releases={desk.releases} base={desk.base} onBack={(release) => put({ backTo: release })} />
        <Rules desk={desk} />
      </div>
      <ActionBar left={<Outcome error={publish.error} release={publish.data?.release} lacks={lacks} />}>
        <MainAction
          label={t('standardsDesk.publish.run')}
          icon={<SendOutlined />}
          isBusy={isPublishing}
          isOff={lacks.length > 0 || plan.isError}
          onRun={run}
        />
      </ActionBar>
    </div>
  )
}

/** What is left out or taken, without what is everybody's, or nobody's, meanwhile. */
function stillOut(contents: ReleaseContents, out: readonly OutChange[]): ReleaseContents {
  if (contents.from === 'release') return contents
  const isOut = (key: string) => out.some((one) => one.key === key)
  return { ...contents, left: contents.left?.filter(isOut), taken: contents.taken?.filter(isOut) }
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
  const words = lacks.map((lack) => t(`standardsDesk.publish.lack.${lack}`)).join(t('standardsDesk.publish.lackJoin'))
  return <span className="quiet">{t('standardsDesk.publish.lacks', { words })}</span>
}

/** Which changes go out: those being written, an earlier release anew, or the newest one for others. */
function What(props: {
  readonly desk: StandardsDesk
  readonly left: readonly string[]
  readonly onLeft: (left: readonly string[]) => void
  readonly out: readonly OutChange[]
  readonly onOut: (turn: (now: OutChoice) => OutChoice) => void
  readonly backTo: number | null
  readonly onStay: () => void
}) {
  const { t } = useTranslation()
  const { desk, left, backTo } = props
  const copies = desk.documents.filter(({ copyId }) => copyId !== null)
  const turn = (copyId: string, isIn: boolean) => {
    const others = left.filter((one) => one !== copyId)
    props.onLeft(isIn ? others : [...others, copyId])
  }
  if (backTo !== null)
    return (
      <>
        <h2>{t('standardsDesk.publish.what')}</h2>
        <Notice tone="warn" action={<Button onClick={props.onStay}>{t('standardsDesk.publish.backCancel')}</Button>}>
          {t('standardsDesk.publish.backTo', { release: backTo })}
          <Ends out={props.out} />
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
        {copies.map(({ copyId, name, id, kind, version, state }) => (
          <li key={copyId}>
            <Checkbox
              checked={!left.includes(copyId ?? '')}
              onChange={(event) => turn(copyId ?? '', event.target.checked)}
            >
              {t(`standardsDesk.kind.${kind}`)} {name || id}{' '}
              {kind === 'calendar' || version === 0 ? null : t('standardsDesk.list.version_of', { version })}{' '}
              {state === 'removed' ? <span className="tag tag-warn">{t('standardsDesk.out.tag')}</span> : null}
            </Checkbox>
          </li>
        ))}
      </ul>
      <OutList out={props.out} onTurn={props.onOut} />
      {desk.base !== null &&
      props.out.every(({ isIn, isInBase }) => isIn === isInBase) &&
      copies.every(({ copyId }) => left.includes(copyId ?? '')) ? (
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
