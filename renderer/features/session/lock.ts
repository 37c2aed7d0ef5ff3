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

/** Forgets everything personal that this page holds and shows the lock by `show`: for a session that the desk has ended. */
export function useForgetting(show: () => void): () => void {
  const queries = useQueryClient()
  return useCallback(() => {
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'station.status' })
    show()
  }, [queries, show])
}

/** Locks at the desk too. */
export function useLocking(forget: () => void): () => void {
  const bridge = useBridge()
  return useCallback(() => {
    void callDesk(bridge, 'session.lock', {}).catch(() => undefined)
    forget()
  }, [bridge, forget])
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
