// Owns: items of the feed by which cases of another machine come, as projectors read them: which count, and in which order.
// Does not own: what a projector makes of a step (main/features), what an item is (preload/contract/hand-over.ts).
// Start here: `handedCaseOf`.
import { entryPayloads } from '../../preload/contract/entries.ts'
import {
  type CaseHandedOver,
  caseHandedOverSchema,
  type HistoryEntry,
  type HistoryItem,
} from '../../preload/contract/hand-over.ts'
import type { Decision, FeedItem } from '../../preload/contract/wire.ts'
import type { Entry } from '../wire/entry.ts'

/** A step of a handed-over case: an entry as if it stood at `place`, with whether this program knows its kind; or a decision. */
export type HandedStep =
  | {
      readonly place: number
      readonly said: HistoryEntry
      /** The entry with `place` for its number; undefined for a kind or a shape that is not known here. */
      readonly entry: Entry | undefined
    }
  | { readonly place: number; readonly decision: Decision }

/** A case as it was handed over. */
export type HandedCase = Omit<CaseHandedOver, 'history'> & {
  readonly cursor: number
  readonly steps: readonly HandedStep[]
}

/** Places lie below 0: everything that another machine did comes before the first entry of this ledger. */
const placesFrom = -(2 ** 50)

/** An item has at most 500 steps; so each has a place of its own, and a later item's steps follow. */
const placesPerItem = 1000

/** The place after all steps of other machines. */
export const lastPlace = 0

/**
 * The case that an item hands over to `station`; undefined for another item, one that cannot be read, and one that bears this
 * station's own number: that would take the number from a case of its own.
 */
export function handedCaseOf(item: FeedItem, station: string): HandedCase | undefined {
  if (item.kind !== 'case.handed-over') return undefined
  const { data } = caseHandedOverSchema.safeParse(item.payload)
  if (data === undefined) return undefined
  const { history, ...rest } = data
  const steps = history.map((step, index) => stepOf(step, placesFrom + item.cursor * placesPerItem + index))
  const isOurNumber = steps.some((step) => {
    if (!('entry' in step) || step.entry?.kind !== 'case.received') return false
    return (step.entry.payload as { localNumber: string }).localNumber.startsWith(`${station}-`)
  })
  return isOurNumber ? undefined : { ...rest, cursor: item.cursor, steps }
}

function stepOf(step: HistoryItem, place: number): HandedStep {
  if (step.what === 'decision') return { place, decision: step.decision }
  return { place, said: step, entry: entryOf(step, place) }
}

/** Kinds are read as they were written: those that a case's rows follow from are the same in all their versions. */
function entryOf(said: HistoryEntry, place: number): Entry | undefined {
  const name = `${said.kind}@${said.version}`
  if (!Object.hasOwn(entryPayloads, name)) return undefined
  const { data } = entryPayloads[name as keyof typeof entryPayloads].safeParse(said.payload)
  if (data === undefined) return undefined
  const { station, kind, version, actor, at, hash } = said
  return {
    station,
    seq: place,
    kind,
    version,
    actor,
    at,
    hash,
    subject: '',
    payload: data,
    payloadDigest: '',
    prev: '',
  }
}
