// Owns: the days of a calendar's year: which are off, which weekend days are worked, ranges of days changed one day at a time.
// Does not own: counting workdays (preload/contract/calendar.ts), what is wrong with a calendar (the desk's check).
// Start here: `dayKind`, `withDay`.
import { addDays, daysBetween } from '../../../../../preload/contract/calendar.ts'
import { isRealDate } from '../../../../../preload/contract/identity.ts'

/** What a day is: an ordinary workday or weekend, off by the notice, or a weekend day that is worked. */
export type DayKind = 'workday' | 'weekend' | 'off' | 'work'

/** The two lists of a year: days or `first..last`. */
export type YearDays = { readonly off: readonly string[]; readonly work: readonly string[] }

const endsOf = (range: string): readonly [first: string, last: string] => {
  const [first = '', last = first] = range.split('..')
  return [first, last]
}
const rangeOf = (first: string, last: string): string => (first === last ? first : `${first}..${last}`)
const covers = (range: string, day: string) => {
  const [first, last] = endsOf(range)
  return first <= day && day <= last
}

/** The days of a week by name, Sunday first. */
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
/** The same as a month shows them, Monday first. */
export const shownWeekdays = [...weekdays.slice(1), weekdays[0]] as const

const numberOfWeekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()
const isWeekend = (day: string) => [0, 6].includes(numberOfWeekday(day))

/** Which day of the week a date is; Sunday for what is no date. */
export const weekdayOf = (day: string): (typeof weekdays)[number] => weekdays[numberOfWeekday(day)] ?? 'sunday'

/** What a day is by the lists; off before worked. */
export function dayKind(day: string, { off, work }: YearDays): DayKind {
  if (off.some((range) => covers(range, day))) return 'off'
  if (work.some((range) => covers(range, day))) return 'work'
  return isWeekend(day) ? 'weekend' : 'workday'
}

/** A list with a day in it or not. Ranges that the day does not touch stay as they are written. */
export function withDay(ranges: readonly string[], day: string, isIn: boolean): string[] {
  const without = ranges.flatMap((range) => {
    if (!covers(range, day)) return [range]
    const [first, last] = endsOf(range)
    return [
      ...(first < day ? [rangeOf(first, addDays(day, -1))] : []),
      ...(day < last ? [rangeOf(addDays(day, 1), last)] : []),
    ]
  })
  if (!isIn) return without
  if (ranges.some((range) => covers(range, day))) return [...ranges]
  const before = ranges.find((range) => endsOf(range)[1] === addDays(day, -1))
  const after = ranges.find((range) => endsOf(range)[0] === addDays(day, 1))
  const grown = rangeOf(before === undefined ? day : endsOf(before)[0], after === undefined ? day : endsOf(after)[1])
  const others = ranges.filter((range) => range !== before && range !== after)
  const at = others.findIndex((range) => endsOf(range)[0] > day)
  return others.toSpliced(at < 0 ? others.length : at, 0, grown)
}

/** The lists after a press on a day: a workday goes off and back; a weekend day is off, then worked, then ordinary. */
export function pressed(day: string, days: YearDays): YearDays {
  const kind = dayKind(day, days)
  const next = kind === 'weekend' || kind === 'workday' ? 'off' : kind === 'off' && isWeekend(day) ? 'work' : 'none'
  return { off: withDay(days.off, day, next === 'off'), work: withDay(days.work, day, next === 'work') }
}

/** A list with a range of days in it, at its place; what it says already is not said twice. */
export function withRange(ranges: readonly string[], first: string, last: string): string[] {
  const rest = ranges.filter((range) => !(first <= endsOf(range)[0] && endsOf(range)[1] <= last))
  const at = rest.findIndex((range) => endsOf(range)[0] > first)
  return rest.toSpliced(at < 0 ? rest.length : at, 0, rangeOf(first, last))
}

/** Whether a range could be added: two days of the year in their order. */
export function isRangeOf(year: string, first: string, last: string): boolean {
  return isRealDate(first) && isRealDate(last) && first <= last && first.startsWith(year) && last.startsWith(year)
}

/** The weeks of a month, Monday first; null where the month has no day. */
export function weeksOf(year: string, month: number): (string | null)[][] {
  const first = `${year}-${String(month).padStart(2, '0')}-01`
  const cells: (string | null)[] = Array.from({ length: (numberOfWeekday(first) + 6) % 7 }, () => null)
  for (let day = first; Number(day.slice(5, 7)) === month; day = addDays(day, 1)) cells.push(day)
  while (cells.length % 7 !== 0) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}

/** The ends of a range and how many days it has; days that are none are told as they are written, as no days. */
export function rangeFacts(range: string): { readonly first: string; readonly last: string; readonly count: number } {
  const [first, last] = endsOf(range)
  return { first, last, count: isRealDate(first) && isRealDate(last) ? daysBetween(first, last) + 1 : 0 }
}
