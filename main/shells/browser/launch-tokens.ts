// Owns: who may use this loopback server: one-time launch tokens, and the windows that they bought.
// Does not own: cookies and headers (server.ts, guard.ts).
// Start here: `createLaunchTokens`.
import { createHash, randomBytes } from 'node:crypto'
import type { WindowSession } from '../desk-process.ts'

/** Tokens waiting to be used, and windows that were let in. */
export type LaunchTokens = {
  /** A fresh token for one address. */
  readonly issue: () => string
  /** Spends a token for a window's secret; undefined when it is unknown or used. */
  readonly spend: (token: string) => string | undefined
  /** The window behind a secret; undefined when nobody was let in with it. */
  readonly windowOf: (secret: string | undefined) => WindowSession | undefined
}

/** More unused addresses than this are never needed; the oldest lapses. */
const mostTokens = 32
/** Windows kept; the one longest unused makes room. */
const mostWindows = 64

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const secret = () => randomBytes(32).toString('base64url')

/** Keeps tokens and windows in memory alone, by their digests: a shell started again lets nobody in without a fresh address. */
export function createLaunchTokens(): LaunchTokens {
  const tokens = new Set<string>()
  const windows = new Map<string, WindowSession>()
  const trim = (kept: Set<string> | Map<string, unknown>, most: number) => {
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
  }
  return {
    issue: () => {
      const token = secret()
      tokens.add(digest(token))
      trim(tokens, mostTokens)
      return token
    },
    spend: (token) => {
      if (!tokens.delete(digest(token))) return undefined
      const windowSecret = secret()
      windows.set(digest(windowSecret), { sessionId: undefined })
      trim(windows, mostWindows)
      return windowSecret
    },
    windowOf: (windowSecret) => {
      if (windowSecret === undefined) return undefined
      const name = digest(windowSecret)
      const found = windows.get(name)
      if (found === undefined) return undefined
      windows.delete(name)
      windows.set(name, found)
      return found
    },
  }
}
