import { AppError, type Failure } from '../../../preload/contract/errors.ts'

/** Calls back once after a while; returns the way to call it off. */
export type Timer = (callback: () => void, milliseconds: number) => () => void

/** The process's own timer. */
export const systemTimer: Timer = (callback, milliseconds) => {
  const handle = setTimeout(callback, milliseconds)
  return () => clearTimeout(handle)
}

/** Waits after failures double from 2 s up to 5 min, the last half of each drawn at random so that 236 villages do not return in one second. */
const waits = { firstMs: 2_000, mostMs: 300_000 } as const

/** A centre that asks to be left alone is believed this long, however long it says: nobody stops a station for a day. */
const longestAskedMs = 900_000

/** While the link is down, a new entry or a sign of link brings the next try this near. */
export const wakeWhileDownMs = 5_000

/** How often the feed is asked for: at first, and where nothing has happened for long, on a good link and on a slow one. */
const polls = { firstMs: 20_000, mostMs: 120_000, mostSlowMs: 300_000 } as const

/** How long to wait after the n-th failure in a row (1, 2, 3 …), in milliseconds. `random` is 0 ≤ x < 1. */
export function retryWaitMs(failures: number, random: number): number {
  const whole = Math.min(waits.mostMs, waits.firstMs * 2 ** Math.min(failures - 1, 20))
  return whole / 2 + (whole / 2) * random
}

/** How long the centre asked not to be tried (Retry-After), a quarter drawn at random on top; 0 where it did not. */
export function askedWaitMs(failure: Failure, random: number): number {
  const seconds = Number(failure.details.retryAfterSeconds ?? 0)
  if (!(seconds > 0)) return 0
  return Math.min(longestAskedMs, seconds * 1000) * (1 + random / 4)
}

/** How long to wait until the feed is asked again: a fifth of the time in which nothing happened, within bounds. */
export function pollWaitMs(quietMs: number, isSlow: boolean): number {
  return Math.min(isSlow ? polls.mostSlowMs : polls.mostMs, Math.max(polls.firstMs, quietMs / 5))
}

/** What is kept of a wait, so that a restart does not begin to knock anew. */
export type KeptRetry = { readonly failures: number; readonly error: Failure; readonly nextTryUtc: string }

/** How long a kept wait still lasts. Whatever the clock has done since, no longer than a wait can be. */
export function remainingWaitMs(kept: KeptRetry, nowMs: number): number {
  const remainingMs = Date.parse(kept.nextTryUtc) - nowMs
  return remainingMs > 0 && remainingMs <= longestAskedMs * 1.25 ? remainingMs : 0
}

/** Whether the relay of the hall may help: the centre is out of reach, or somebody else answers in its place. */
export function isOutOfReach(error: unknown): boolean {
  return error instanceof AppError && ['CENTRE_UNREACHABLE', 'CENTRE_NONSENSE'].includes(error.code)
}

/** Whether a failure says something of the link: where the centre answered and would not, or does not know this window yet, the link is well. */
export function isFailureOfLink(error: unknown): boolean {
  if (!(error instanceof AppError)) return false
  if (['CENTRE_REFUSED', 'STATION_REPLACED', 'LEDGER_FORKED'].includes(error.code)) return false
  return error.code !== 'CENTRE_UNREACHABLE' || !['not-enrolled', 'busy'].includes(String(error.details.reason))
}
