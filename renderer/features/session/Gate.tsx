/**
 * Owns: who may see the window: the page's pass, an unreadable store, login, lock and idle lock; the 演练 frame around all of it.
 * Does not own: the session itself (kept by the desk and the shell).
 * Start here: `Gate`.
 */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session, StationStatus } from '../../../preload/contract/views.ts'
import { callDesk, callKey, useBridge, useCall, useLoginNeeded } from '../../app/client.ts'
import { useDeskEvents } from '../../app/desk-events.ts'
import { HereProvider } from '../../app/session.ts'
import { startShortcuts } from '../../app/shortcuts.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { LoginScreen } from './LoginScreen.tsx'
import { LockProvider, useForgetting, useIdleLock, useLocking } from './lock.ts'

/** Shows its children to whom the desk has let in; else what stands in the way. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const status = useCall('station.status', {})
  useEffect(startShortcuts, [])
  useFreshStation(status.data, () => void status.refetch())
  if (status.data === undefined && status.error !== null) {
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

/** What counts days, or holds on some days only. */
const daily = [
  'cases.list',
  'cases.get',
  'matters.list',
  'matters.get',
  'standards.updates',
  'catalogue.status',
] as const

/** Asks again soon while the first start still prepares the station, else now and then; a new day reads anew what depends on it. */
function useFreshStation(station: StationStatus | undefined, ask: () => void): void {
  const queries = useQueryClient()
  const today = station?.todayInShanghai
  const everyMs = station !== undefined && station.accounts.length === 0 ? 2000 : 5 * 60 * 1000
  const latest = useRef(ask)
  latest.current = ask
  useEffect(() => {
    const timer = setInterval(() => latest.current(), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the day is what makes the lists old
  useEffect(() => {
    for (const name of daily) void queries.invalidateQueries({ queryKey: callKey(name) })
  }, [queries, today])
}

type Known = { readonly session: Session | null; readonly locked: boolean } | null

function SessionGate(props: { readonly station: StationStatus; readonly children: ReactNode }) {
  const bridge = useBridge()
  const [known, setKnown] = useState<Known>(null)
  const showLock = useCallback(() => setKnown({ session: null, locked: true }), [])
  const forget = useForgetting(showLock)
  const lock = useLocking(forget)
  useDeskEvents(forget)
  useLoginNeeded(forget)
  useEffect(() => {
    // A lock that came while the answer was on its way is the newer word.
    const learn = (session: Session | null) => setKnown((before) => before ?? { session, locked: false })
    callDesk(bridge, 'session.current', {}).then(learn, () => learn(null))
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
