import { addDays, type Calendar, calendarSchema, daysBetween } from '../../preload/contract/calendar.ts'
import { Refusal } from '../refusal.ts'

/**
 * A calendar that may be published: the right shape, real days, each in its own year, none twice (a day off that is also
 * worked would be read one way here and another there). Refuses `malformed` with the first fault.
 */
export function checkCalendar(value: unknown): Calendar {
  const parsed = calendarSchema.safeParse(value)
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? ''
    throw refused(place === '' ? '不是工作日历文件' : `“${place}”写得不对`)
  }
  const years = Object.entries(parsed.data.years)
  if (years.length === 0) throw refused('里面没有年份')
  for (const [year, { off, work }] of years) checkYear(year, [...off, ...work])
  return parsed.data
}

function checkYear(year: string, ranges: readonly string[]): void {
  const seen = new Set<string>()
  for (const range of ranges) {
    for (const day of daysOf(range)) {
      if (!day.startsWith(year)) throw refused(`${day} 不在 ${year} 年里`)
      if (seen.has(day)) throw refused(`${day} 写了两次`)
      seen.add(day)
    }
  }
}

function daysOf(range: string): string[] {
  const [first = '', last = first] = range.split('..')
  for (const day of [first, last]) if (!isDay(day)) throw refused(`没有 ${day} 这一天`)
  const count = daysBetween(first, last) + 1
  if (count < 1 || count > 366) throw refused(`${range} 的先后不对`)
  return Array.from({ length: count }, (_, days) => addDays(first, days))
}

/** Date.parse takes 30 February for 2 March. */
function isDay(day: string): boolean {
  return !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) && addDays(day, 0) === day
}

function refused(why: string): Refusal {
  return new Refusal('malformed', `这个日历不能下发：${why}`)
}
