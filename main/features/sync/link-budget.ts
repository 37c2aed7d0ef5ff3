import type { LinkSettings } from '../../../preload/contract/sync.ts'
import type { Timer } from './link-timing.ts'

/** So much may go at once after a pause. */
const burstMs = 1_000

/**
 * The budget as a pace: settles when so many bytes may go that way. Each way has its own budget of `kbit()` kbit/s (1,000
 * bits); null: at once. A change counts from the next bytes on.
 */
export function createPace(
  kbit: () => number | null,
  timer: Timer,
  monotonicMs: () => number = () => performance.now(),
): (bytes: number, way: 'up' | 'down') => Promise<void> {
  const freeAtMs = { up: Number.NEGATIVE_INFINITY, down: Number.NEGATIVE_INFINITY }
  return (bytes, way) => {
    const budget = kbit()
    if (budget === null) return Promise.resolve()
    const now = monotonicMs()
    // kbit/s are bits a millisecond.
    freeAtMs[way] = Math.max(freeAtMs[way], now - burstMs) + (bytes * 8) / budget
    const waitMs = freeAtMs[way] - now
    return waitMs <= 0 ? Promise.resolve() : new Promise((resolve) => void timer(resolve, waitMs))
  }
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const dayMinutes = 24 * 60

/** Minutes since midnight in Asia/Shanghai (UTC+8 all year since 1991). */
function minuteOfDay(atMs: number): number {
  return (((atMs / 60_000 + 8 * 60) % dayMinutes) + dayMinutes) % dayMinutes
}

/** Minutes from one time of day forward to another. */
function minutesUntil(from: number, to: number): number {
  return (to - from + dayMinutes) % dayMinutes
}

/** Whether large originals may go at an instant, and for how long, or when they may next; all day long where the window is. In milliseconds. */
export function originalsWindow(
  { originals, nightFrom, nightUntil }: LinkSettings,
  atMs: number,
): { readonly isOpen: boolean; readonly changesInMs: number } {
  const now = minuteOfDay(atMs)
  const from = minutesOf(nightFrom)
  const until = minutesOf(nightUntil)
  if (originals === 'always' || from === until) return { isOpen: true, changesInMs: Number.POSITIVE_INFINITY }
  const length = minutesUntil(from, until)
  const since = minutesUntil(from, now)
  const isOpen = since < length
  const changesIn = isOpen ? length - since : minutesUntil(now, from)
  return { isOpen, changesInMs: Math.max(1, changesIn * 60_000) }
}

/** No estimate reaches further: what takes longer is not known. */
const furthestMs = 30 * 24 * 3_600_000

/** Milliseconds from an instant until so much sending of large originals is done, nights alone counted where they are; null beyond 30 days. */
export function originalsDoneInMs(settings: LinkSettings, fromMs: number, sendingMs: number): number | null {
  let atMs = fromMs
  let leftMs = sendingMs
  while (leftMs > 0 && atMs - fromMs <= furthestMs) {
    const { isOpen, changesInMs } = originalsWindow(settings, atMs)
    if (isOpen && leftMs <= changesInMs) return atMs + leftMs - fromMs
    if (isOpen) leftMs -= changesInMs
    atMs += changesInMs
  }
  return leftMs > 0 ? null : atMs - fromMs
}
