import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addWorkdays,
  calendarSchema,
  dateInWords,
  isWorkday,
  limitEnds,
  shanghaiTimeInWords,
  todayInShanghai,
  workdaysBetween,
} from '../../preload/contract/calendar.ts'

const holidays = calendarSchema.parse(
  JSON.parse(readFileSync(new URL('../../resources/holidays.json', import.meta.url), 'utf8')),
)
const calendars = [holidays]

describe('the official calendar', () => {
  test.each(['2025', '2026'])('has 248 workdays in %s', (year) => {
    let count = 0
    for (let day = `${year}-01-01`; day.startsWith(year); day = addDays(day, 1)) if (isWorkday(day, calendars)) count++
    expect(count).toBe(248)
  })

  test('works on a make-up Saturday and rests through a holiday week', () => {
    expect(isWorkday('2026-02-14', calendars)).toBe(true)
    expect(isWorkday('2026-10-01', calendars)).toBe(false)
  })

  test('does not know a year that was never published', () => {
    expect(isWorkday('2027-01-01', calendars)).toBeNull()
  })

  test('lets a later calendar correct an earlier one', () => {
    const corrected = { source: 'correction', years: { '2026': { off: ['2026-11-24'], work: [] } } }
    expect(isWorkday('2026-11-24', [holidays, corrected])).toBe(false)
  })
})

describe('a limit in workdays', () => {
  test('counts from the day after and steps over holidays', () => {
    expect(addWorkdays('2026-11-23', 3, calendars)).toBe('2026-11-26')
    expect(addWorkdays('2026-09-30', 1, calendars)).toBe('2026-10-08')
    expect(addWorkdays('2026-10-08', 2, calendars)).toBe('2026-10-10')
    expect(addWorkdays('2026-11-23', 0, calendars)).toBe('2026-11-23')
  })

  test('is not guessed into an unknown year', () => {
    expect(addWorkdays('2026-12-31', 1, calendars)).toBeNull()
    expect(addWorkdays('2026-12-30', 1, calendars)).toBe('2026-12-31')
    expect(workdaysBetween('2026-12-30', '2027-01-04', calendars)).toBeNull()
  })

  test('counts back what it counted forth', () => {
    for (const count of [1, 5, 20]) {
      const end = addWorkdays('2026-09-18', count, calendars) ?? ''
      expect(workdaysBetween('2026-09-18', end, calendars)).toBe(count)
      expect(workdaysBetween(end, '2026-09-18', calendars)).toBe(-count)
    }
  })

  test('counts between any two days what going day by day counts', () => {
    const dayByDay = (from: string, to: string) => {
      let count = 0
      for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
        const worked = isWorkday(day, calendars)
        if (worked === null) return null
        if (worked) count++
      }
      return count
    }
    const days = [
      '2024-12-30',
      '2024-12-31',
      '2025-01-01',
      '2025-09-28',
      '2025-12-31',
      '2026-01-01',
      '2026-10-10',
      '2027-01-01',
    ]
    for (const from of days) {
      for (const to of days.filter((day) => day >= from)) {
        expect([from, to, workdaysBetween(from, to, calendars)]).toEqual([from, to, dayByDay(from, to)])
      }
    }
  })

  test('in natural days needs no calendar', () => {
    expect(limitEnds('2026-12-30', { days: 5, unit: 'day' }, [])).toBe('2027-01-04')
    expect(limitEnds('2026-11-23', { days: 20, unit: 'workday' }, calendars)).toBe('2026-12-21')
  })
})

test('the date in Shanghai turns at 16:00 UTC', () => {
  expect(todayInShanghai(new Date('2026-11-23T15:59:59.999Z'))).toBe('2026-11-23')
  expect(todayInShanghai(new Date('2026-11-23T16:00:00.000Z'))).toBe('2026-11-24')
})

test('dates and times are told as people write them', () => {
  expect(dateInWords('2026-01-05')).toBe('2026年1月5日')
  expect(shanghaiTimeInWords('2026-11-23T07:04:30.000Z')).toBe('2026年11月23日 15:04')
})
