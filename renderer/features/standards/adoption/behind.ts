import type { Adoption } from '../../../../preload/contract/catalogue.ts'
import { type CountyWindows, silentDays } from '../../../../preload/contract/standards/county.ts'
import { placeName } from '../target-words.ts'

/** A window that a release is for and where it is not in force yet, as somebody calls it. */
export type Behind = {
  readonly stationId: string
  readonly town: string
  readonly village: string
  readonly windowName: string
  readonly state: 'waits' | 'fetched' | 'refused'
  /** Null where it was never heard of, undefined where the centre did not say. */
  readonly lastSeenUtc: string | null | undefined
  /** Nothing was heard of it for so long that the link alone will not do. */
  readonly isSilent: boolean
  /** The release in force there; 0 for none. */
  readonly inForce: number
  readonly reason: string
}

const urgency = { refused: 0, waits: 1, fetched: 2 } as const

/**
 * Whom to call, by town; within it those that refused first, then those that have not fetched it. Who has it and waits for its time
 * needs no call.
 */
export function behindOf(found: Adoption, windows: CountyWindows['windows'] | null, now: Date): Behind[] {
  const facts = new Map((windows ?? []).map((one) => [one.stationId, one]))
  const since = now.getTime() - silentDays * 86_400_000
  return found.each
    .flatMap(({ stationId, state, inForce, reason }): Behind[] => {
      if (state !== 'waits' && state !== 'fetched' && state !== 'refused') return []
      if (state === 'fetched' && isToCome(found, now)) return []
      const known = facts.get(stationId)
      const lastSeenUtc = known?.lastSeenUtc
      const isSilent = known !== undefined && (lastSeenUtc == null || Date.parse(lastSeenUtc) < since)
      const place = { town: placeName(stationId.slice(0, 9)), village: placeName(stationId.slice(0, 12)) }
      return [
        { stationId, ...place, windowName: known?.windowName ?? '', state, lastSeenUtc, isSilent, inForce, reason },
      ]
    })
    .toSorted(
      (a, b) =>
        Number(a.stationId.slice(0, 9)) - Number(b.stationId.slice(0, 9)) ||
        urgency[a.state] - urgency[b.state] ||
        (a.stationId < b.stationId ? -1 : 1),
    )
}

/** Whether a release's time has not come yet. */
export function isToCome({ effectiveAtUtc }: Adoption, now: Date): boolean {
  return Date.parse(effectiveAtUtc) > now.getTime()
}
