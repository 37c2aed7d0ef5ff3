import { ApartmentOutlined, DisconnectOutlined, FieldTimeOutlined, WifiOutlined } from '@ant-design/icons'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '../../../../preload/contract/views.ts'
import { linkWord } from '../../../app/link-state.ts'
import { Countdown, Since } from '../../../ui/Countdown.tsx'
import { clockOf, momentOf, sizeInWords } from '../../../ui/dates.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { useEta } from '../../../ui/eta.ts'
import { LinkGraph } from './LinkGraph.tsx'

type Look = 'offline' | 'slow' | 'relay' | 'online'

const icons: { readonly [L in Look]: ReactNode } = {
  offline: <DisconnectOutlined />,
  slow: <FieldTimeOutlined />,
  relay: <ApartmentOutlined />,
  online: <WifiOutlined />,
}
const titles = { offline: 'bar.offlineShort', slow: 'bar.slow', relay: 'bar.relay', online: 'bar.online' } as const
const texts = {
  offline: 'sync.offlineText',
  slow: 'sync.slowText',
  relay: 'sync.relayText',
  online: 'sync.onlineText',
} as const

const lookOf = (status: SyncStatus): Look => {
  const word = linkWord(status)
  return word === 'offline' || word === 'slow' || word === 'relay' ? word : 'online'
}

/** How the link stands, its last hour, what it still has to carry and by when. */
export function LinkCard({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation()
  const look = lookOf(sync)
  return (
    <section className="card panel">
      <div className={`sync-link sync-link-${look}`}>
        <span className="sync-link-icon" aria-hidden="true">
          {icons[look]}
        </span>
        <div>
          <h2>
            {t(titles[look])}{' '}
            <span className="quiet sync-since">
              <Since utc={sync.sinceUtc} />
            </span>
          </h2>
          <p>{t(texts[look])}</p>
        </div>
      </div>
      {sync.lastError === '' || !sync.linkOn ? null : (
        <Notice tone="warn">
          <strong>{t('sync.lastError')}：</strong>
          {sync.lastError}
        </Notice>
      )}
      <LinkGraph />
      <Facts sync={sync} />
    </section>
  )
}

function Facts({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation()
  const offline = lookOf(sync) === 'offline'
  const now = offline
    ? t('sync.phaseOffline')
    : sync.sendingNow === ''
      ? t(`sync.phase.${sync.phase}`)
      : sync.sendingNow
  return (
    <dl className="facts">
      <dt>{t('sync.phaseHead')}</dt>
      <dd>{now}</dd>
      <Left name="text" offline={offline} bytes={sync.textBytes} count={null} seconds={sync.textEtaSeconds} />
      <Left
        name="files"
        offline={offline}
        bytes={sync.unsentFileBytes}
        count={sync.unsentFiles}
        seconds={sync.filesEtaSeconds}
      />
      <NextTry sync={sync} />
      {sync.bytesPerSecond === null ? null : (
        <>
          <dt>{t('sync.speed')}</dt>
          <dd className="number">{t('sync.speedOf', { size: sizeInWords(sync.bytesPerSecond) })}</dd>
        </>
      )}
      <dt>{t('sync.lastSuccess')}</dt>
      <dd className="number">{sync.lastSuccessUtc === null ? t('sync.never') : momentOf(sync.lastSuccessUtc)}</dd>
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

function NextTry({ sync }: { readonly sync: SyncStatus }) {
  const { t } = useTranslation()
  const calm = sync.lastError === '' && sync.unsentEntries === 0 && sync.unsentFiles === 0
  if (sync.nextTryUtc === null || !sync.linkOn || calm) return null
  const soon = Date.parse(sync.nextTryUtc) <= Date.now()
  return (
    <>
      <dt>{t('sync.nextTry')}</dt>
      <dd>
        {soon ? (
          t('sync.soon')
        ) : (
          <>
            {t('sync.nextTryIn', { time: clockOf(sync.nextTryUtc) })} <Countdown untilUtc={sync.nextTryUtc} />
          </>
        )}
      </dd>
    </>
  )
}
