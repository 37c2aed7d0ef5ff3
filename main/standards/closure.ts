import type { MatterStandard } from '../../preload/contract/standard.ts'

/** Why nobody can be taken in by a standard on a day, and the day that it turns on: the one from which it ended, or begins. */
export type Closure =
  | { readonly why: 'suspended' | 'cancelled'; readonly date: null }
  | { readonly why: 'ended' | 'not-begun'; readonly date: string }

/** What keeps a matter from being taken in on a day; undefined for one that is open: begun, not ended, neither suspended nor cancelled. */
export function closureOn(
  { status, effectiveFrom, effectiveUntil }: Pick<MatterStandard, 'status' | 'effectiveFrom' | 'effectiveUntil'>,
  day: string,
): Closure | undefined {
  if (status !== 'active') return { why: status, date: null }
  if (effectiveUntil !== null && effectiveUntil <= day) return { why: 'ended', date: effectiveUntil }
  return effectiveFrom <= day ? undefined : { why: 'not-begun', date: effectiveFrom }
}
