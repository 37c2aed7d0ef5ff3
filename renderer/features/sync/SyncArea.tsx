/**
 * Owns: the screens behind 同步与对账 and the tabs between them: what is still here, sticks, the day's check, the hall,
 * notices, how the link is used.
 * Does not own: the sending itself (the desk), a case's steps (ui/DeliveryDots.tsx), the bar's line (app/frame).
 * Start here: `SyncArea`, then state/StateScreen.tsx.
 */
import { lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useCall } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { Loading } from '../../ui/Loading.tsx'
import { TabBar } from '../../ui/TabBar.tsx'
import { StateScreen } from './state/StateScreen.tsx'
import { type SyncTab, syncTabs } from './sync-tabs.ts'
import './sync.css'

const StickScreen = lazy(() => import('./stick/StickScreen.tsx').then((m) => ({ default: m.StickScreen })))
const DaysScreen = lazy(() => import('./days/DaysScreen.tsx').then((m) => ({ default: m.DaysScreen })))
const HallScreen = lazy(() => import('./hall/HallScreen.tsx').then((m) => ({ default: m.HallScreen })))
const NoticesScreen = lazy(() => import('./NoticesScreen.tsx').then((m) => ({ default: m.NoticesScreen })))
const NetworkScreen = lazy(() => import('./settings/NetworkScreen.tsx').then((m) => ({ default: m.NetworkScreen })))

/** One of the screens behind 同步与对账, under the tabs. */
export function SyncArea({ tab }: { readonly tab: SyncTab }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const status = useCall('sync.status', {})
  const countOf = (key: SyncTab) => {
    const unread = status.data?.unreadNotices ?? 0
    return key === 'notices' && unread > 0 ? unread : undefined
  }
  return (
    <div className="sync-area">
      <h1 className="visually-hidden">{t('sync.title')}</h1>
      <TabBar
        label={t('sync.area.label')}
        active={tab}
        onChange={(next: SyncTab) => go(paths.sync[next])}
        tabs={syncTabs.map((key) => ({ key, label: t(`sync.area.${key}`), count: countOf(key), loud: true }))}
      />
      <div className="sync-area-screen" role="tabpanel" aria-label={t(`sync.area.${tab}`)}>
        <Suspense fallback={<Loading />}>{screenOf(tab)}</Suspense>
      </div>
    </div>
  )
}

function screenOf(tab: SyncTab): ReactNode {
  switch (tab) {
    case 'state':
      return <StateScreen />
    case 'stick':
      return <StickScreen />
    case 'days':
      return <DaysScreen />
    case 'hall':
      return <HallScreen />
    case 'notices':
      return <NoticesScreen />
    case 'settings':
      return <NetworkScreen />
  }
}
