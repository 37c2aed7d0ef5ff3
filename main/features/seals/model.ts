/** Pure rules of seals: names on them, and how wrong PINs are slowed down. */

/**
 * The legal name of a village's committee as it stands on seals and documents, from the short name of the division
 * codes: `珠玑镇`, `珠玑村委会` gives `南雄市珠玑镇珠玑村民委员会`.
 */
export function committeeName(townName: string, villageName: string): string {
  const full = villageName.replace(/村委会$/u, '村民委员会').replace(/居委会$/u, '居民委员会')
  return `南雄市${townName}${full}`
}

/** Wrong PINs before the first wait. */
export const triesBeforeWait = 5

const waitsSeconds = [30, 60, 120, 300, 900, 1800]

/** How a seal stands with its PIN. Times are UTC ISO texts. */
export type PinState = {
  readonly failedTries: number
  readonly waits: number
  readonly waitFrom: string | null
  readonly waitUntil: string | null
}

/** A seal whose last PIN was right. */
export const cleanPinState: PinState = { failedTries: 0, waits: 0, waitFrom: null, waitUntil: null }

/** Seconds until a PIN may be tried; 0 for now. A clock that was set back does not shorten the wait. */
export function secondsToWait(state: PinState, now: Date): number {
  if (state.waitFrom === null || state.waitUntil === null) return 0
  const from = Math.max(now.getTime(), Date.parse(state.waitFrom))
  return Math.max(0, Math.ceil((Date.parse(state.waitUntil) - from) / 1000))
}

/** The state after a wrong PIN: five tries, then a wait that grows with every further one. */
export function afterWrongPin(state: PinState, now: Date): PinState {
  const failedTries = state.failedTries + 1
  if (failedTries < triesBeforeWait) return { ...state, failedTries }
  const seconds = waitsSeconds[Math.min(state.waits, waitsSeconds.length - 1)] ?? 30
  return {
    failedTries,
    waits: state.waits + 1,
    waitFrom: now.toISOString(),
    waitUntil: new Date(now.getTime() + seconds * 1000).toISOString(),
  }
}
