import { CaretRightOutlined, PauseCircleOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Paper, SealingItem, SealingJob, SealView } from '../../../../preload/contract/seals.ts'
import { useAct } from '../../../app/client.ts'
import { spanOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Approver, SealPin } from './Consent.tsx'
import { Failures } from './Failures.tsx'
import { SealedVerdict } from './SealedVerdict.tsx'
import { leftOf, useItems } from './use-jobs.ts'

type Props = {
  readonly job: SealingJob
  readonly seal: SealView | undefined
  /** The papers that are still in hand, and can be sealed again from here. */
  readonly inHand: readonly Paper[]
  readonly onRetry: (documentIds: readonly string[]) => void
  /** Back to choosing with these papers, e.g. for another place. */
  readonly onChange: (documentIds: readonly string[]) => void
  readonly onShow: (documentId: string) => void
}

/** A sealing job: how far it is, how to stop it, what came of it. */
export function JobPanel(props: Props) {
  const { t } = useTranslation()
  const { job } = props
  const items = useItems(job)
  const title = useRef<HTMLHeadingElement>(null)
  // The field that was typed in is gone: reading and Tab go on here.
  useEffect(() => title.current?.focus(), [])
  const done = job.sealed + job.failed
  const percent = job.total === 0 ? 0 : Math.floor((done / job.total) * 100)
  return (
    <div className="sealing-job">
      <h2 ref={title} tabIndex={-1}>
        {t('sealing.job')}
      </h2>
      <p className="quiet">
        {job.sealName} · {job.reason}
      </p>
      {job.state === 'done' ? null : (
        <>
          <Progress percent={percent} aria-label={t('sealing.job')} />
          <p role="status" className="number">
            {t('sealing.progress', { sealed: job.sealed, total: job.total })}
            {job.failed > 0 ? ` · ${t('sealing.failedCount', { count: job.failed })}` : ''}
            <TimeLeft job={job} />
          </p>
        </>
      )}
      {job.state === 'running' ? <Stop job={job} /> : <Outcome {...props} items={items} />}
    </div>
  )
}

function TimeLeft({ job }: { readonly job: SealingJob }) {
  const { t } = useTranslation()
  if (job.state !== 'running' || job.secondsLeft === null || job.secondsLeft < 1) return null
  const { unit, count } = spanOf(job.secondsLeft * 1000)
  return <> · {t('sealing.timeLeft', { time: t(`span.${unit}`, { count }) })}</>
}

function Stop({ job }: { readonly job: SealingJob }) {
  const { t } = useTranslation()
  const cancel = useAct('sealing.cancel')
  return (
    <>
      <Button
        icon={<PauseCircleOutlined />}
        loading={cancel.isPending}
        disabled={cancel.isSuccess}
        onClick={() => cancel.mutate({ jobId: job.jobId })}
      >
        {t('sealing.stop')}
      </Button>
      {cancel.isSuccess ? <span className="quiet">{t('sealing.stopping')}</span> : null}
      <ErrorNotice error={cancel.error} />
    </>
  )
}

function Outcome(props: Props & { readonly items: readonly SealingItem[] }) {
  const { job, items } = props
  const failed = items.filter(({ state }) => state === 'failed')
  const sealed = items.filter(({ state }) => state === 'sealed')
  return (
    <>
      <OutcomeLine job={job} />
      {job.state === 'done' ? null : <Resume job={job} seal={props.seal} />}
      {sealed[0] === undefined ? null : (
        <SealedVerdict documentId={sealed[0].documentId} title={job.total > 1 ? sealed[0].title : ''} />
      )}
      {failed.length === 0 ? null : <Failures {...props} failed={failed} />}
    </>
  )
}

function OutcomeLine({ job }: { readonly job: SealingJob }) {
  const { t } = useTranslation()
  const { sealed, failed } = job
  const left = leftOf(job)
  if (job.state === 'paused') {
    return (
      <Notice tone="warn">
        {t('sealing.paused', { sealed, left })} {job.pausedBecause}
      </Notice>
    )
  }
  if (job.state === 'cancelled') return <Notice tone="warn">{t('sealing.cancelled', { sealed, left })}</Notice>
  if (failed === 0) {
    return <Notice tone="good">{sealed === 1 ? t('sealing.doneOne') : t('sealing.doneAll', { count: sealed })}</Notice>
  }
  if (sealed === 0) return <Notice tone="bad">{t('sealing.doneNone', { count: failed })}</Notice>
  return <Notice tone="warn">{t('sealing.doneSome', { sealed, failed })}</Notice>
}

const nobody = { account: '', pin: '' }

/** Goes on with what is left; asks the seal's PIN first where it is locked by now. */
export function Resume({ job, seal }: { readonly job: SealingJob; readonly seal: SealView | undefined }) {
  const { t } = useTranslation()
  const [pin, setPin] = useState('')
  const unlock = useAct('seals.unlock')
  const resume = useAct('sealing.resume')
  const [given, setGiven] = useState(nobody)
  if (leftOf(job) === 0) return null
  const isLocked = seal !== undefined && !seal.unlocked
  const go = () => {
    const approval = given.account === '' ? {} : { approval: given }
    const goOn = () => resume.mutate({ jobId: job.jobId, ...approval }, { onSettled: () => setGiven(nobody) })
    if (isLocked)
      unlock.mutate({ pin, sealId: seal.sealId, sealWaiting: false }, { onSuccess: goOn, onSettled: () => setPin('') })
    else goOn()
  }
  return (
    <form
      className="sealing-resume"
      onSubmit={(event) => {
        event.preventDefault()
        go()
      }}
    >
      {resume.error?.failure.code === 'SEAL_APPROVAL_NEEDED' ? (
        <Approver {...given} onChange={(account, approverPin) => setGiven({ account, pin: approverPin })} />
      ) : null}
      {isLocked ? <SealPin seal={seal} pin={pin} onPin={setPin} /> : null}
      <Button
        htmlType="submit"
        icon={<CaretRightOutlined />}
        loading={unlock.isPending || resume.isPending}
        disabled={isLocked && pin === ''}
      >
        {t('sealing.resume')}
      </Button>
      <ErrorNotice error={unlock.error ?? resume.error} />
    </form>
  )
}
