import type { CaseState } from '../../preload/contract/case-steps.ts'
import type { CaseSummary } from '../../preload/contract/views.ts'

/**
 * The part of a case number that differs within one station: `20261123-0001` of `440282104208-1-20261123-0001`. With the window
 * before it (`1-…`) where the number is another machine's than `here`: both may have had a first case that day.
 */
export function shortNumber(localNumber: string, here?: string): string {
  const isOurs = here === undefined || localNumber.startsWith(`${here}-`)
  return localNumber
    .split('-')
    .slice(isOurs ? -2 : -3)
    .join('-')
}

/** States in which no deadline runs any more. */
const ended: readonly CaseState[] = ['refused', 'approved', 'denied', 'closed']

/** How the time left is to be shown: `share` is what remains of the promise, 0 to 1. */
export type TimeLeft =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'late' | 'today' | 'soon' | 'fine'; readonly count: number; readonly share: number }

/** The time left of a case: nothing once it has ended; soon from three days on. */
export function timeLeftOf(summary: Pick<CaseSummary, 'state' | 'daysLeft' | 'promised'>): TimeLeft {
  if (ended.includes(summary.state)) return { kind: 'none' }
  const { daysLeft } = summary
  if (daysLeft === null) return { kind: 'unknown' }
  const share = Math.min(1, Math.max(0, daysLeft / Math.max(1, summary.promised.days)))
  const count = Math.abs(daysLeft)
  if (daysLeft < 0) return { kind: 'late', count, share: 0 }
  if (daysLeft === 0) return { kind: 'today', count, share: 0 }
  return { kind: daysLeft <= 3 ? 'soon' : 'fine', count, share }
}
