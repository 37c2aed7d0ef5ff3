import { useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useEffect } from 'react'
import { callDesk, useBridge } from '../../app/client.ts'

const idleMilliseconds = 10 * 60 * 1000

const LockContext = createContext<() => void>(() => undefined)

/** Gives `useLock` its meaning. */
export const LockProvider = LockContext.Provider

/** What locks the screen now. */
export function useLock(): () => void {
  return useContext(LockContext)
}

/** Locks at the desk and forgets everything personal that this page holds; `after` shows the lock. */
export function useLocking(after: () => void): () => void {
  const bridge = useBridge()
  const queries = useQueryClient()
  return useCallback(() => {
    void callDesk(bridge, 'session.lock', {}).catch(() => undefined)
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'station.status' })
    after()
  }, [bridge, queries, after])
}

/** Locks after ten minutes without a key, a click or a touch. */
export function useIdleLock(lock: () => void): void {
  useEffect(() => {
    let timer = setTimeout(lock, idleMilliseconds)
    const stir = () => {
      clearTimeout(timer)
      timer = setTimeout(lock, idleMilliseconds)
    }
    const signs = ['keydown', 'pointerdown', 'wheel'] as const
    for (const sign of signs) window.addEventListener(sign, stir, { passive: true })
    return () => {
      clearTimeout(timer)
      for (const sign of signs) window.removeEventListener(sign, stir)
    }
  }, [lock])
}
