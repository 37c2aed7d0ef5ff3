import type { Failure } from '../../../preload/contract/errors.ts'

/** Until when a failed PIN makes one wait (UTC, ISO), from its seconds; null where there is no wait. */
export function waitUntilUtc(failure: Failure, nowMilliseconds: number): string | null {
  if (failure.code !== 'PIN_WAIT' && failure.code !== 'SEAL_PIN_WAIT') return null
  const seconds = Number(failure.details.seconds ?? 60)
  if (!Number.isFinite(seconds) || seconds <= 0) return null
  return new Date(nowMilliseconds + seconds * 1000).toISOString()
}
