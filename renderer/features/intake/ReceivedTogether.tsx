import { CheckCircleFilled, ClockCircleFilled, SafetyCertificateFilled } from '@ant-design/icons'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { CallOutput } from '../../../preload/contract/api.ts'
import { dateInWords } from '../../../preload/contract/calendar.ts'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { callDesk, useBridge, useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { Unprintable } from '../../ui/Unprintable.tsx'
import { SealState } from './Received.tsx'
import { ReceivedTools } from './ReceivedTools.tsx'

const PdfView = lazy(() => import('../../ui/PdfView.tsx').then((module) => ({ default: module.PdfView })))

type Receipt = CallOutput<'documents.receipt'>
type Theme = NonNullable<CaseDetail['theme']>

/** The receipts of cases by case, made one after the other; asked for again once the seal is unlocked, and by `make`. */
function useReceipts(caseIds: readonly string[]) {
  const bridge = useBridge()
  const [receipts, setReceipts] = useState<ReadonlyMap<string, Receipt>>(new Map())
  const [error, setError] = useState<unknown>(null)
  const ids = caseIds.join(' ')
  const make = useCallback(async () => {
    try {
      setError(null)
      for (const caseId of ids.split(' ')) {
        const receipt = await callDesk(bridge, 'documents.receipt', { caseId })
        setReceipts((all) => new Map(all).set(caseId, receipt))
      }
    } catch (failure) {
      setError(failure)
    }
  }, [bridge, ids])
  const isUnlocked = useCall('seals.status', {}).data?.unlocked
  // biome-ignore lint/correctness/useExhaustiveDependencies: a seal that was unlocked is the reason to ask again
  useEffect(() => void make(), [make, isUnlocked])
  return { receipts, error, make }
}

/** One of the cases: its number, by when, whether its receipt is sealed; pressed, it shows that receipt. */
function CaseCard(props: {
  readonly one: Theme['cases'][number]
  readonly receipt: Receipt | undefined
  readonly isShown: boolean
  readonly onShow: () => void
}) {
  const { t } = useTranslation()
  const { one, receipt } = props
  const { data } = useCall('cases.get', { caseId: one.caseId })
  const promised = data?.summary.promised
  return (
    <button
      type="button"
      className={props.isShown ? 'together-case together-shown' : 'together-case'}
      aria-pressed={props.isShown}
      onClick={props.onShow}
    >
      <strong>{one.matterName}</strong>
      <span className="number">{one.localNumber}</span>
      {promised === undefined ? null : (
        <span className="quiet small">
          {promised.date === null
            ? t('intake.deadlineUnknown')
            : t('intake.deadlineDay', { date: dateInWords(promised.date) })}
        </span>
      )}
      {receipt === undefined ? (
        <span className="quiet small">{t('intake.receiptMaking')}</span>
      ) : receipt.sealed ? (
        <span className="state-good small">
          <SafetyCertificateFilled aria-hidden="true" /> {t('intake.sealValid')}
        </span>
      ) : (
        <span className="state-warn small">
          <ClockCircleFilled aria-hidden="true" /> {t('intake.sealWaiting')}
        </span>
      )}
    </button>
  )
}

/** After 收件 of a 一件事: every case with its number, and all receipts to print at once. */
export function ReceivedTogether({ theme, caseId }: { readonly theme: Theme; readonly caseId: string }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { bytesBase } = useBridge()
  const [shownId, setShownId] = useState(caseId)
  const { receipts, error, make } = useReceipts(theme.cases.map((one) => one.caseId))
  useShortcut('Esc', t('intake.openCase'), () => go(paths.oneCase(shownId)))
  useShortcut('F8', t('help.seal'), () => go(paths.seals.ofCase(shownId)))
  const shown = theme.cases.find((one) => one.caseId === shownId) ?? theme.cases[0]
  const receipt = receipts.get(shown?.caseId ?? '')
  const made = theme.cases.flatMap((one) => receipts.get(one.caseId) ?? [])
  const waiting = made.find(({ sealed }) => !sealed)
  const urlOf = ({ documentId }: Receipt) => `${bytesBase}/documents/${documentId}.pdf`
  return (
    <div className="page received">
      <header className="page-head">
        <h1 className="received-head">
          <CheckCircleFilled aria-hidden="true" /> {t('intake.receivedTogether', { count: theme.cases.length })}
        </h1>
        <span className="quiet">{theme.name}</span>
        <span className="quiet" role="status">
          {t('intake.receivedTogetherSafe')}
        </span>
      </header>
      <div className="received-columns">
        <section className="received-facts panel">
          {theme.cases.map((one) => (
            <CaseCard
              key={one.caseId}
              one={one}
              receipt={receipts.get(one.caseId)}
              isShown={one === shown}
              onShow={() => setShownId(one.caseId)}
            />
          ))}
          <ErrorNotice error={error} onRetry={() => void make()} />
          <Unprintable characters={receipt?.unprintable ?? []} />
          {made.length < theme.cases.length ? null : (
            <SealState sealed={waiting === undefined} waitsFor={waiting?.waitsFor ?? ''} onSealed={() => void make()} />
          )}
          <span className="grow" />
          <ReceivedTools caseId={shownId} />
        </section>
        {receipt === undefined || shown === undefined ? (
          <Loading text={t('intake.receiptMaking')} />
        ) : (
          <Suspense fallback={<Loading text={t('intake.pdfLoading')} />}>
            <PdfView
              url={urlOf(receipt)}
              revision={receipt.sealed ? 'sealed' : 'waiting'}
              title={`${t('intake.receipt')} · ${shown.matterName}`}
              fileName={`${t('intake.receipt')}-${shown.localNumber}.pdf`}
              printedTogether={made.map(urlOf)}
            />
          </Suspense>
        )}
      </div>
    </div>
  )
}
