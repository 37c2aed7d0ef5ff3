/**
 * Owns: who may see the window: the page's pass, an unreadable store, login, lock and idle lock; the 演练 frame around all of it.
 * Does not own: the session itself (kept by the desk and the shell).
 * Start here: `Gate`.
 */
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session, StationStatus } from '../../../preload/contract/views.ts'
import { callDesk, useBridge, useCall, useDeskEvents } from '../../app/client.ts'
import { HereProvider } from '../../app/session.ts'
import { startShortcuts } from '../../app/shortcuts.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { LoginScreen } from './LoginScreen.tsx'
import { LockProvider, useIdleLock, useLocking } from './lock.ts'

/** Shows its children to whom the desk has let in; else what stands in the way. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const status = useCall('station.status', {})
  useEffect(startShortcuts, [])
  if (status.error !== null) {
    if (status.error.failure.code === 'REQUEST_REFUSED') {
      return <EmptyState title={t('gate.foreign')} text={t('gate.foreignText')} />
    }
    return (
      <div className="page">
        <h1>{t('gate.storeTitle')}</h1>
        <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
      </div>
    )
  }
  if (status.data === undefined) return <Loading text={t('gate.starting')} />
  const training = status.data.mode === 'training'
  return (
    <div className={training ? 'training' : 'live'} style={{ height: '100%' }}>
      <SessionGate station={status.data}>{children}</SessionGate>
      {training ? <div className="training-frame" aria-hidden="true" /> : null}
    </div>
  )
}

type Known = { readonly session: Session | null; readonly locked: boolean } | null

function SessionGate(props: { readonly station: StationStatus; readonly children: ReactNode }) {
  const bridge = useBridge()
  const [known, setKnown] = useState<Known>(null)
  const showLock = useCallback(() => setKnown({ session: null, locked: true }), [])
  useDeskEvents(showLock)
  const lock = useLocking(showLock)
  useEffect(() => {
    callDesk(bridge, 'session.current', {}).then(
      (session) => setKnown({ session, locked: false }),
      () => setKnown({ session: null, locked: false }),
    )
  }, [bridge])
  if (known === null) return <Loading />
  if (known.session === null) {
    return (
      <LoginScreen
        station={props.station}
        locked={known.locked}
        onSession={(session) => setKnown({ session, locked: false })}
      />
    )
  }
  return (
    <HereProvider value={{ session: known.session, station: props.station }}>
      <LockProvider value={lock}>
        <IdleLock lock={lock} />
        {props.children}
      </LockProvider>
    </HereProvider>
  )
}

function IdleLock({ lock }: { readonly lock: () => void }) {
  useIdleLock(lock)
  return null
}
