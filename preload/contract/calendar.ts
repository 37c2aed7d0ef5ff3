import { z } from 'zod'

/** Days as the law counts them: dates are YYYY-MM-DD in Asia/Shanghai, workdays by the State Council's yearly notice. */

const dayPattern = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const dayOrRange = z.string().regex(new RegExp(`^${dayPattern}(\\.\\.${dayPattern})?$`))

/** `resources/holidays.json`: for each known year the days off (a day or `first..last`) and the weekend days that are worked. */
export const calendarSchema = z.strictObject({
  source: z.string().min(1).max(300),
  years: z.record(
    z.string().regex(/^[0-9]{4}$/),
    z.strictObject({ off: z.array(dayOrRange).max(60), work: z.array(dayOrRange).max(60) }),
  ),
})

export type Calendar = z.infer<typeof calendarSchema>

const dayMilliseconds = 86_400_000
/** Asia/Shanghai has been UTC+8 all year since 1991. */
const shanghaiOffsetMilliseconds = 8 * 3_600_000
const longestCountDays = 10_000

/** The date in Asia/Shanghai at an instant, whatever the machine's zone. */
export function todayInShanghai(now: Date): string {
  return new Date(now.getTime() + shanghaiOffsetMilliseconds).toISOString().slice(0, 10)
}

/** Date and time in Asia/Shanghai of a UTC text: `2026年11月23日 15:04`. */
export function shanghaiTimeInWords(utc: string): string {
  const local = new Date(Date.parse(utc) + shanghaiOffsetMilliseconds).toISOString()
  return `${dateInWords(local.slice(0, 10))} ${local.slice(11, 16)}`
}

/** The instants, as UTC texts, from which and before which it is this date in Asia/Shanghai. */
export function dayBounds(date: string): { readonly fromUtc: string; readonly beforeUtc: string } {
  const from = Date.parse(`${date}T00:00:00Z`) - shanghaiOffsetMilliseconds
  return { fromUtc: new Date(from).toISOString(), beforeUtc: new Date(from + dayMilliseconds).toISOString() }
}

/** `2026年11月23日`, without leading zeros. */
export function dateInWords(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${year}年${Number(month)}月${Number(day)}日`
}

/** The date so many natural days later (or earlier, for a negative count). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMilliseconds).toISOString().slice(0, 10)
}

/** Natural days from one date to another; negative when `to` lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMilliseconds)
}

/** Whether a day is worked; null where no calendar knows its year: nobody guesses. A later calendar in the list wins. */
export function isWorkday(date: string, calendars: readonly Calendar[]): boolean | null {
  const year = calendars.findLast((calendar) => Object.hasOwn(calendar.years, date.slice(0, 4)))?.years[
    date.slice(0, 4)
  ]
  if (year === undefined) return null
  if (year.work.some((range) => covers(range, date))) return true
  if (year.off.some((range) => covers(range, date))) return false
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

function covers(range: string, date: string): boolean {
  const [first = '', last = first] = range.split('..')
  return first <= date && date <= last
}

/**
 * The `count`-th workday after a date: the day itself does not count (行政许可法 第82条 counts workdays without
 * holidays). Zero gives the date. Null as soon as a day of an unknown year would have to be judged.
 */
export function addWorkdays(date: string, count: number, calendars: readonly Calendar[]): string | null {
  let day = date
  let left = count
  for (let steps = 0; left > 0; steps++) {
    if (steps > longestCountDays) return null
    day = addDays(day, 1)
    const worked = isWorkday(day, calendars)
    if (worked === null) return null
    if (worked) left--
  }
  return day
}

/** Workdays after `from` up to and including `to`; negative when `to` lies before. Null where a year is unknown. */
export function workdaysBetween(from: string, to: string, calendars: readonly Calendar[]): number | null {
  if (to < from) {
    const back = workdaysBetween(to, from, calendars)
    return back === null ? null : 0 - back
  }
  if (daysBetween(from, to) > longestCountDays) return null
  let count = 0
  for (let day = addDays(from, 1); day <= to; ) {
    const year = day.slice(0, 4)
    const workdays = workdaysOfYear(year, calendars)
    if (workdays === null) return null
    const first = `${year}-01-01`
    const last = to < `${year}-12-31` ? to : `${year}-12-31`
    count += (workdays[daysBetween(first, last) + 1] ?? 0) - (workdays[daysBetween(first, day)] ?? 0)
    day = addDays(last, 1)
  }
  return count
}

const countedYears = new WeakMap<readonly Calendar[], Map<string, readonly number[] | null>>()

/** How many of the first 0, 1, 2 … days of a year are worked, counted once for a list of calendars: a page of a queue asks for years of days. */
function workdaysOfYear(year: string, calendars: readonly Calendar[]): readonly number[] | null {
  const years = countedYears.get(calendars) ?? new Map<string, readonly number[] | null>()
  countedYears.set(calendars, years)
  const before = years.get(year)
  if (before !== undefined) return before
  const counts = countWorkdays(year, calendars)
  years.set(year, counts)
  return counts
}

function countWorkdays(year: string, calendars: readonly Calendar[]): readonly number[] | null {
  const counts = [0]
  for (let day = `${year}-01-01`; day.startsWith(year); day = addDays(day, 1)) {
    const worked = isWorkday(day, calendars)
    if (worked === null) return null
    counts.push((counts.at(-1) ?? 0) + (worked ? 1 : 0))
  }
  return counts
}

/** A time limit's last day, counted from the day after `date`; null where its calendar is unknown. Zero days is the day itself (即办). */
export function limitEnds(
  date: string,
  limit: { readonly days: number; readonly unit: 'workday' | 'day' },
  calendars: readonly Calendar[],
): string | null {
  return limit.unit === 'day' ? addDays(date, limit.days) : addWorkdays(date, limit.days, calendars)
}
