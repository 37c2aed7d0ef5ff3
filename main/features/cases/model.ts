import { pinyin } from 'pinyin-pro'
import { type CaseDecision, type CaseState, canDecide } from '../../../preload/contract/case-steps.ts'
import type { Delivery } from '../../../preload/contract/delivery.ts'
import { assertNever } from '../../../preload/contract/errors.ts'
import type { CaseDetail } from '../../../preload/contract/views.ts'

/** A step that the clerk may take with a case. */
export type CaseAction = CaseDetail['actions'][number]

/** Whether something is still to be done on a case in this state. */
export function isOpenState(state: CaseState): boolean {
  return state !== 'refused' && state !== 'denied' && state !== 'closed'
}

/** `440282113201-1-20261123-0007`: station, day in Shanghai, the day's running number (four digits, more when needed). */
export function localNumber(stationId: string, date: string, dayNumber: number): string {
  return `${stationId}-${date.replaceAll('-', '')}-${String(dayNumber).padStart(4, '0')}`
}

/** Day and running number of a local number. A text that is not one is a bug. */
export function localNumberParts(number: string): { readonly day: string; readonly dayNumber: number } {
  const parts = /-(\d{8})-(\d{4,})$/.exec(number)
  if (!parts?.[1] || !parts[2]) throw new Error('not a local case number')
  return { day: parts[1], dayNumber: Number(parts[2]) }
}

/**
 * Where a number of another station stands among the days here: under its own beginning, so that it takes no running number
 * from a case of this station. Any text has such a place.
 */
export function foreignNumberParts(number: string): { readonly day: string; readonly dayNumber: number } {
  const parts = /^(.+)-(\d{1,9})$/.exec(number)
  const dayNumber = Number(parts?.[2] ?? 0)
  return parts?.[1] === undefined || dayNumber < 1 ? { day: number, dayNumber: 1 } : { day: parts[1], dayNumber }
}

/** Up to which entry of this ledger others hold it: the centre, and the hall's relay (0 without one). */
export type Reached = { readonly acknowledgedSeq: number; readonly relayedSeq: number }

/** How far a case has come, from where the ledger has arrived and the centre's own acceptance. */
export function deliveryOf(lastSeq: number, reached: Reached, acceptedByCentre: boolean): Delivery {
  if (lastSeq > reached.acknowledgedSeq) return lastSeq > reached.relayedSeq ? 'stored-here' : 'at-hall'
  return acceptedByCentre ? 'accepted-by-centre' : 'at-centre'
}

/**
 * What the clerk may do now: 受理 where the station decides, 补正 where the centre asked for it or a promised material is
 * due, telling the applicant of a 不予受理 that was not told yet.
 */
export function actionsFor(given: {
  readonly state: CaseState
  readonly acceptanceBy: 'station' | 'centre'
  readonly laterOpen: number
  readonly isReturned: boolean
  /** Whether somebody has taken the result away. */
  readonly isDelivered: boolean
}): CaseAction[] {
  const { state, acceptanceBy, laterOpen } = given
  const mayAccept = acceptanceBy === 'station' && state === 'received' && canDecide(state, 'accepted')
  const maySupplement = state === 'corrections' || (laterOpen > 0 && isOpenState(state))
  const mayTell = state === 'refused' && given.isReturned
  return [
    ...(mayAccept ? (['accept'] as const) : []),
    ...(maySupplement ? (['supplement'] as const) : []),
    ...(mayTell ? (['tell'] as const) : []),
    ...(state === 'closed' && !given.isDelivered ? (['deliver'] as const) : []),
  ]
}

/** Whether a case's entries tell that its result was taken away (送达). */
export function isDeliveredBy(entries: readonly { readonly kind: string }[]): boolean {
  return entries.some(({ kind }) => kind === 'case.delivered')
}

/** What may be searched in a case. */
export type SearchableCase = {
  readonly applicantName: string
  readonly idNumber: string
  readonly phone: string
  readonly localNumber: string
}

/** Texts made alike for searching: compatibility forms, lower case, no spaces. */
export function foldForSearch(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, '')
}

/**
 * The words that a case is found by; a query finds those that begin with it. Names from any of their characters on (三丰
 * finds 张三丰), as pinyin whole and by initials; numbers whole and by their last four digits and more.
 */
export function searchTokens(searchable: SearchableCase): string[] {
  const name = [...foldForSearch(searchable.applicantName)].slice(0, 12)
  const syllables = pinyin(name.join(''), { toneType: 'none', type: 'array', nonZh: 'consecutive' }).map(foldForSearch)
  const initials = syllables.map((syllable) => syllable.slice(0, 1)).join('')
  const idNumber = foldForSearch(searchable.idNumber)
  const phone = foldForSearch(searchable.phone).replaceAll('-', '')
  const number = foldForSearch(searchable.localNumber)
  const running = runningNumber(searchable.localNumber)
  const tokens = [
    ...name.map((_, index) => name.slice(index).join('')),
    syllables.join(''),
    initials,
    ...endings(idNumber),
    ...endings(phone),
    number,
    ...running,
  ]
  return [...new Set(tokens)].filter((token) => token !== '')
}

/** Day and running number, and the latter alone; nothing for a number of another form. */
function runningNumber(number: string): string[] {
  const parts = /-(\d{8})-(\d{4,})$/.exec(number)
  if (!parts?.[1] || !parts[2]) return []
  const running = String(Number(parts[2])).padStart(4, '0')
  return [`${parts[1]}-${running}`, running]
}

/** A number whole, and from its last six and last four characters on: people know the ends. */
function endings(number: string): string[] {
  return [number, number.slice(-6), number.slice(-4)]
}

/** The words of a query, each of which must be found. */
export function queryWords(query: string): string[] {
  return query
    .split(/\s+/u)
    .map(foldForSearch)
    .filter((word) => word !== '')
    .slice(0, 5)
}

/** A centre's decision in one sentence. */
export function decisionInWords(decision: CaseDecision, reason: string): string {
  const because = reason === '' ? '' : `：${reason}`
  switch (decision) {
    case 'accepted':
      return `中心已受理${because}`
    case 'corrections':
      return `中心要求补正${because}`
    case 'refused':
      return `中心不予受理${because}`
    case 'approved':
      return `审批结果：准予${because}`
    case 'denied':
      return `审批结果：不予${because}`
    case 'closed':
      return `已办结${because}`
    default:
      return assertNever(decision)
  }
}
