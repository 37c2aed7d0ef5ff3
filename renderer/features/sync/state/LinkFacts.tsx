import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '../../../../preload/contract/views.ts'
import { Countdown } from '../../../ui/Countdown.tsx'
import { clockOf, momentOf, sizeInWords } from '../../../ui/dates.ts'
import { useEta } from '../../../ui/eta.ts'

/** What goes now, the next try and the last delivery, what is left of text and of files and by when, speed, the clock. */
export function LinkFacts({ sync, isOffline }: { readonly sync: SyncStatus; readonly isOffline: boolean }) {
  const { t } = useTranslation()
  const now = isOffline
    ? t('sync.phaseOffline')
    : sync.sendingNow === ''
      ? t(sync.phase === 'idle' && sync.unsentFiles > 0 ? 'sync.phaseTextDone' : `sync.phase.${sync.phase}`)
      : sync.sendingNow
  return (
    <dl className="facts">
      <dt>{t('sync.phaseHead')}</dt>
      <dd>{now}</dd>
      {sync.lastError === '' && isTryAwaited(sync) ? (
        <>
          <dt>{t('sync.nextTry')}</dt>
          <dd>
            <NextTry sync={sync} />
          </dd>
        </>
      ) : null}
      <dt>{t('sync.lastSuccess')}</dt>
      <dd className="number">{sync.lastSuccessUtc === null ? t('sync.never') : momentOf(sync.lastSuccessUtc)}</dd>
      <Left name="text" offline={isOffline} bytes={sync.textBytes} count={null} seconds={sync.textEtaSeconds} />
      <Left
        name="files"
        offline={isOffline}
        bytes={sync.unsentFileBytes}
        count={sync.unsentFiles}
        seconds={sync.filesEtaSeconds}
      />
      {sync.bytesPerSecond === null ? null : (
        <>
          <dt>{t('sync.speed')}</dt>
          <dd className="number">{t('sync.speedOf', { size: sizeInWords(sync.bytesPerSecond) })}</dd>
        </>
      )}
      <dt>{t('sync.skew')}</dt>
      <dd>{skewWords(t, sync.clockSkewSeconds)}</dd>
      <dt>{t('sync.centre')}</dt>
      <dd className="number">{sync.centreUrl}</dd>
    </dl>
  )
}

/** What is left of one sort, how much it is, and when it will have gone. */
function Left(props: {
  readonly name: 'text' | 'files'
  readonly offline: boolean
  readonly bytes: number
  readonly count: number | null
  readonly seconds: number | null
}) {
  const { t } = useTranslation()
  const etaWords = useEta()
  const { bytes, count, seconds, offline } = props
  const when = () => {
    if (offline || seconds === null) return offline ? t('sync.left.unknown') : ''
    return t('sync.left.soon', { time: etaWords(seconds) })
  }
  const size = count === null ? sizeInWords(bytes) : t('sync.filesWaiting', { count, size: sizeInWords(bytes) })
  const parts = bytes === 0 && (count ?? 0) === 0 ? [t('sync.left.gone')] : [size, when()]
  return (
    <>
      <dt>{t(`sync.left.${props.name}`)}</dt>
      <dd className="number">{parts.filter((part) => part !== '').join(' · ')}</dd>
    </>
  )
}

function skewWords(t: TFunction, seconds: number | null): string {
  if (seconds === null) return t('sync.skewUnknown')
  const count = Math.round(Math.abs(seconds))
  return count < 5 ? t('sync.skewFine') : t('sync.skewSeconds', { count })
}

/** When the next try is, beside what the last one failed at; nothing where none is planned or needed. */
export function NextTry({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation()
  if (sync.nextTryUtc === null || !isTryAwaited(sync)) return null
  if (Date.parse(sync.nextTryUtc) <= Date.now()) return t('sync.soon')
  return (
    <>
      {t('sync.nextTryIn', { time: clockOf(sync.nextTryUtc) })} <Countdown untilUtc={sync.nextTryUtc} />
    </>
  )
}

/** Whether somebody waits for the next try: the cable is in, and something failed or has not left. */
export function isTryAwaited({ lastError, linkOn, nextTryUtc, unsentEntries, unsentFiles }: SyncStatus): boolean {
  return linkOn && nextTryUtc !== null && (lastError !== '' || unsentEntries > 0 || unsentFiles > 0)
}
