import { CheckCircleFilled, ClockCircleFilled, SafetyCertificateFilled } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { dateInWords } from '../../../preload/contract/calendar.ts'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { useAct, useBridge, useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useHere } from '../../app/session.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { Unprintable } from '../../ui/Unprintable.tsx'
import { ReceivedTools } from './ReceivedTools.tsx'

const PdfView = lazy(() => import('../../ui/PdfView.tsx').then((module) => ({ default: module.PdfView })))

/** Asks the seal PIN in its place, once a login; the case is taken in whatever happens here. */
function SealPin({ onSealed }: { readonly onSealed: () => void }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const [pin, setPin] = useState('')
  const unlock = useAct('seals.unlock')
  const submit = () => {
    if (pin === '' || unlock.isPending) return
    unlock.mutate({ pin }, { onSuccess: onSealed, onError: () => setPin('') })
  }
  return (
    <form
      className="seal-pin"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <label htmlFor="seal-pin">{t('intake.sealPin')}</label>
      <div className="seal-pin-row">
        <Input.Password
          id="seal-pin"
          autoFocus
          autoComplete="off"
          visibilityToggle={false}
          value={pin}
          onChange={(event) => setPin(event.target.value)}
        />
        <Button htmlType="submit" icon={<SafetyCertificateFilled />} loading={unlock.isPending}>
          {unlock.isPending ? t('intake.sealing') : t('intake.sealNow')}
        </Button>
      </div>
      <span className="quiet small">{t('intake.sealPinWhy')}</span>
      {station.training === null ? null : (
        <span className="small training-words">{t('intake.sealTraining', { pin: station.training.sealPin })}</span>
      )}
      <ErrorNotice error={unlock.error} />
    </form>
  )
}

function Facts({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const { summary, itemId, standardVersion } = detail
  const standard = useCall('matters.get', { itemId, version: standardVersion })
  const nameOf = (requirementId: string) => standard.data?.materials.find(({ id }) => id === requirementId)?.name ?? ''
  return (
    <dl className="facts">
      <dt>{t('intake.receivedNumber')}</dt>
      <dd className="number">
        <strong>{summary.localNumber}</strong>
      </dd>
      <dt>{t('intake.applicant')}</dt>
      <dd>{summary.applicantMasked}</dd>
      <dt>{t('intake.matter')}</dt>
      <dd>{summary.matterName}</dd>
      <dt>{t('intake.promised')}</dt>
      <dd>
        {summary.promised.date === null
          ? t('intake.deadlineUnknown')
          : t('intake.deadlineDay', { date: dateInWords(summary.promised.date) })}
      </dd>
      {detail.later.length === 0 ? null : (
        <>
          <dt>{t('intake.laterOpen')}</dt>
          {detail.later.map(({ requirementId, dueDate }) => (
            <dd key={requirementId}>
              {nameOf(requirementId)}
              {'，'}
              {dueDate === null
                ? t('intake.deadlineUnknown')
                : t('intake.materialLater', { date: dateInWords(dueDate) })}
            </dd>
          ))}
        </>
      )}
    </dl>
  )
}

/** Whether the receipt bears its seal; if not, why, and what to do. */
export function SealState(props: {
  readonly sealed: boolean
  readonly waitsFor: string
  readonly onSealed: () => void
}) {
  const { t } = useTranslation()
  const seals = useCall('seals.status', {})
  if (props.sealed)
    return (
      <p className="seal-line seal-line-good" role="status">
        <SafetyCertificateFilled aria-hidden="true" /> {t('intake.sealValid')}
      </p>
    )
  const canUnlock = seals.data !== undefined && !seals.data.unlocked && seals.data.seals.length > 0
  return (
    <>
      <p className="seal-line" role="status">
        <ClockCircleFilled aria-hidden="true" /> {t('intake.sealWaiting')}
        <span className="small">
          {props.waitsFor} {t('intake.sealWaitingText')}
        </span>
      </p>
      {canUnlock ? <SealPin onSealed={props.onSealed} /> : null}
    </>
  )
}

/** After 收件: the case's number, the seal's PIN where it is still needed, and the 收件凭证 ready to print. */
export function Received({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { bytesBase } = useBridge()
  const detail = useCall('cases.get', { caseId })
  const { mutate: makeReceipt, data: receipt, error: receiptError } = useAct('documents.receipt')
  useEffect(() => makeReceipt({ caseId }), [makeReceipt, caseId])
  useShortcut('Esc', t('intake.openCase'), () => go(paths.oneCase(caseId)))
  useShortcut('F8', t('help.seal'), () => go(paths.seals.ofCase(caseId)))
  const listed = detail.data?.documents.find(({ documentId }) => documentId === receipt?.documentId)
  const isSealed = receipt?.sealed === true || listed?.sealed === true
  return (
    <div className="page received">
      <header className="page-head">
        <h1 className="received-head">
          <CheckCircleFilled aria-hidden="true" /> {t('intake.received')}
        </h1>
        <span className="quiet" role="status">
          {t('intake.receivedSafe')}
        </span>
      </header>
      <div className="received-columns">
        <section className="received-facts panel">
          <ErrorNotice error={detail.error} onRetry={() => void detail.refetch()} />
          {detail.data === undefined ? null : <Facts detail={detail.data} />}
          <ErrorNotice error={receiptError} onRetry={() => makeReceipt({ caseId })} />
          {receipt === undefined ? null : (
            <>
              <Unprintable characters={receipt.unprintable} />
              <SealState sealed={isSealed} waitsFor={receipt.waitsFor} onSealed={() => makeReceipt({ caseId })} />
            </>
          )}
          <span className="grow" />
          <ReceivedTools caseId={caseId} />
        </section>
        {receipt === undefined ? (
          <Loading text={t('intake.receiptMaking')} />
        ) : (
          <Suspense fallback={<Loading text={t('intake.pdfLoading')} />}>
            <PdfView
              url={`${bytesBase}/documents/${receipt.documentId}.pdf`}
              revision={isSealed ? 'sealed' : 'waiting'}
              title={t('intake.receipt')}
              fileName={`${t('intake.receipt')}-${detail.data?.summary.localNumber ?? ''}.pdf`}
            />
          </Suspense>
        )}
      </div>
    </div>
  )
}
