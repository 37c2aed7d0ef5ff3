import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../preload/contract/clock.ts'
import type { Session } from '../../../preload/contract/views.ts'
import type { Account } from './store.ts'

/** Who is logged in. In memory only: the shell hands sessions back to a desk that was started again. */
export type Sessions = {
  readonly open: (account: Account) => Session
  /** The session behind an id; undefined for none. Says nothing of idleness. */
  readonly find: (sessionId: string) => Session | undefined
  /** Notes that somebody did something. */
  readonly touch: (sessionId: string) => void
  /** Ends a session; gives it where there was one. */
  readonly end: (sessionId: string) => Session | undefined
  /** Ends and gives every session that nobody touched for the idle time. */
  readonly endIdle: () => Session[]
  /** Takes a session back under its old id. */
  readonly restore: (session: Session) => void
  readonly all: () => Session[]
}

/** GB/T 22239: a session ends when nobody works at it. */
export const defaultIdleSeconds = 600

/** An empty list of sessions. */
export function createSessions(clock: Clock, idleSeconds = defaultIdleSeconds): Sessions {
  const held = new Map<string, { readonly session: Session; lastUsedMs: number }>()
  const now = () => clock.now().getTime()
  const hold = (session: Session): Session => {
    held.set(session.sessionId, { session, lastUsedMs: now() })
    return session
  }
  const end = (sessionId: string) => {
    const session = held.get(sessionId)?.session
    held.delete(sessionId)
    return session
  }
  return {
    open: (account) => hold({ sessionId: randomBytes(24).toString('base64url'), ...account }),
    find: (sessionId) => held.get(sessionId)?.session,
    touch(sessionId) {
      const entry = held.get(sessionId)
      if (entry) entry.lastUsedMs = now()
    },
    end,
    endIdle() {
      // A clock that was set back counts as use: nobody is thrown out by it.
      const idle = [...held.values()].filter(({ lastUsedMs }) => now() - lastUsedMs > idleSeconds * 1000)
      for (const entry of held.values()) entry.lastUsedMs = Math.min(entry.lastUsedMs, now())
      return idle.flatMap(({ session }) => end(session.sessionId) ?? [])
    },
    restore: (session) => void hold(session),
    all: () => [...held.values()].map(({ session }) => session),
  }
}
