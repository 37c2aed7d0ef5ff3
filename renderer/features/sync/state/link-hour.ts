import type { LinkMinute } from '../../../../preload/contract/sync.ts'

/** What an hour of the link comes to, for words below its graph. */
export type LinkHour = {
  /** Minutes in which it carried, those in which it was cut too among them. */
  readonly good: number
  readonly cut: number
  readonly bad: number
  readonly none: number
  readonly upBytes: number
  readonly downBytes: number
  /** Most bytes both ways in a minute. */
  readonly peakBytes: number
  /** The last minute in which it was cut or down; null where it never was. */
  readonly lastBadUtc: string | null
}

/** Adds the minutes of the link up. */
export function hourOf(minutes: readonly LinkMinute[]): LinkHour {
  const count = (state: LinkMinute['state']) => minutes.filter((minute) => minute.state === state).length
  const sum = (bytes: (minute: LinkMinute) => number) => minutes.reduce((total, minute) => total + bytes(minute), 0)
  return {
    good: count('good') + count('cut'),
    cut: count('cut'),
    bad: count('bad'),
    none: count('none'),
    upBytes: sum(({ upBytes }) => upBytes),
    downBytes: sum(({ downBytes }) => downBytes),
    peakBytes: Math.max(0, ...minutes.map(({ upBytes, downBytes }) => upBytes + downBytes)),
    lastBadUtc: minutes.findLast(({ state }) => state === 'bad' || state === 'cut')?.atUtc ?? null,
  }
}

/** A minute as a bar of the graph: its place counted from the left, and its height, 0 to 1. */
export type Bar = {
  readonly key: string
  readonly index: number
  readonly height: number
  readonly state: LinkMinute['state']
}

/**
 * The bars of an hour, the newest at the right end of `places`. Heights go with the root of the bytes, so that the few
 * hundred of a village's probe are still seen beside a photo; a minute that carried anything is never flat.
 */
export function barsOf(minutes: readonly LinkMinute[], places: number): readonly Bar[] {
  const shown = minutes.slice(-places)
  const { peakBytes } = hourOf(shown)
  return shown.map((minute, position) => {
    const bytes = minute.upBytes + minute.downBytes
    const height = bytes === 0 ? 0 : Math.max(0.06, Math.sqrt(bytes / peakBytes))
    return { key: minute.atUtc, index: places - shown.length + position, height, state: minute.state }
  })
}
