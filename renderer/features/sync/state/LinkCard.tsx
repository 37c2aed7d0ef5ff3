import {
  ApartmentOutlined,
  DisconnectOutlined,
  FieldTimeOutlined,
  HourglassOutlined,
  StopOutlined,
  WifiOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '../../../../preload/contract/views.ts'
import { isDown, type LinkWord, linkWord } from '../../../app/link-state.ts'
import { Since } from '../../../ui/Countdown.tsx'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { isTryAwaited, LinkFacts, NextTry } from './LinkFacts.tsx'
import { LinkGraph } from './LinkGraph.tsx'

type Look = Exclude<LinkWord, 'unknown' | 'sending' | 'retry'>

const icons: { readonly [L in Look]: ReactNode } = {
  replaced: <StopOutlined />,
  unenrolled: <HourglassOutlined />,
  offline: <DisconnectOutlined />,
  slow: <FieldTimeOutlined />,
  relay: <ApartmentOutlined />,
  online: <WifiOutlined />,
}
const titles = {
  replaced: 'bar.replacedShort',
  unenrolled: 'bar.unenrolled',
  offline: 'bar.offlineShort',
  slow: 'bar.slow',
  relay: 'bar.relay',
  online: 'bar.online',
} as const
const texts = {
  replaced: 'sync.replacedText',
  unenrolled: 'sync.unenrolledText',
  offline: 'sync.offlineText',
  slow: 'sync.slowText',
  relay: 'sync.relayText',
  online: 'sync.onlineText',
} as const

const lookOf = (status: SyncStatus): Look => {
  const word = linkWord(status)
  return word === 'unknown' || word === 'sending' || word === 'retry' ? 'online' : word
}

/** How the link stands, what it still has to carry and by when, its last hour. */
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
          {isTryAwaited(sync) ? (
            <span className="sync-next">
              {t('sync.nextTry')}：<NextTry sync={sync} />
            </span>
          ) : null}
        </Notice>
      )}
      <LinkFacts sync={sync} isOffline={isDown(look)} />
      <LinkGraph />
    </section>
  )
}
