import type { LinkMinute } from '../../../preload/contract/sync.ts'
import type { Meter } from '../../wire/transport/http-transport.ts'

/** What has been measured of the link since the start. Times are monotonic: a clock that is set changes nothing. */
export type LinkMeter = Meter & {
  /** What the link carries upwards, smoothed over the last minutes of sending; null before anything was measured. */
  bytesPerSecond(): number | null
  roundTripMs(): number | null
  /** Bytes that came in since the start. */
  receivedBytes(): number
  /** An exchange ended: `good`, to its end; `cut`, it carried and broke off; `bad`, nothing of the centre was heard. */
  noteExchange(how: 'good' | 'cut' | 'bad'): void
  /** The last hour, a minute each, the oldest first; minutes before the start are left out. */
  history(): LinkMinute[]
}

const minuteMs = 60_000
const keptMinutes = 60

/** What was measured counts half after so much more sending. */
const halfLifeMs = 20_000

type Minute = { readonly number: number; up: number; down: number; hasCarried: boolean; hasFailed: boolean }

/** Makes a meter. `monotonicMs` only rises; `nowMs` is the station's clock, for the hour's names alone. */
export function createLinkMeter(nowMs: () => number, monotonicMs: () => number = () => performance.now()): LinkMeter {
  let minutes: Minute[] = []
  const first = Math.floor(monotonicMs() / minuteMs)
  let carried = { bytes: 0, milliseconds: 0 }
  let roundTripMs: number | null = null
  let received = 0

  const minute = (): Minute => {
    const number = Math.floor(monotonicMs() / minuteMs)
    const last = minutes.at(-1)
    if (last?.number === number) return last
    const fresh: Minute = { number, up: 0, down: 0, hasCarried: false, hasFailed: false }
    minutes = [...minutes.filter((kept) => kept.number > number - keptMinutes), fresh]
    return fresh
  }
  return {
    sent: (bytes) => {
      minute().up += bytes
    },
    received: (bytes) => {
      received += bytes
      minute().down += bytes
    },
    carried: (bytes, milliseconds) => {
      const kept = 0.5 ** (milliseconds / halfLifeMs)
      carried = { bytes: carried.bytes * kept + bytes, milliseconds: carried.milliseconds * kept + milliseconds }
    },
    roundTrip: (milliseconds) => {
      roundTripMs = roundTripMs === null ? milliseconds : roundTripMs * 0.7 + milliseconds * 0.3
    },
    bytesPerSecond: () => (carried.milliseconds === 0 ? null : (carried.bytes * 1000) / carried.milliseconds),
    roundTripMs: () => roundTripMs,
    receivedBytes: () => received,
    noteExchange: (how) => {
      const current = minute()
      current.hasCarried ||= how !== 'bad'
      current.hasFailed ||= how !== 'good'
    },
    history: () => {
      const number = Math.floor(monotonicMs() / minuteMs)
      const from = Math.max(first, number - keptMinutes + 1)
      return Array.from({ length: number - from + 1 }, (_, index) => {
        const found = minutes.find((kept) => kept.number === from + index)
        const atUtc = new Date(nowMs() - (number - from - index) * minuteMs).toISOString()
        return { atUtc, upBytes: found?.up ?? 0, downBytes: found?.down ?? 0, state: stateOf(found) }
      })
    },
  }
}

/** What a minute was to the clerk. Where no exchange ended, as while a photo goes for long, what came from the other side tells. */
function stateOf(minute: Minute | undefined): LinkMinute['state'] {
  if (minute === undefined) return 'none'
  const { hasCarried, hasFailed, down } = minute
  if (hasFailed) return hasCarried ? 'cut' : 'bad'
  return hasCarried || down > 0 ? 'good' : 'none'
}
