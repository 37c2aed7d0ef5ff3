import { expect, test } from 'vitest'
import { checkCalendar } from '../../central/feed/calendar-check.ts'

const calendar = {
  source: '测试用的日历',
  years: { '2031': { off: ['2031-01-01..2031-01-03'], work: ['2031-01-04'] } },
}

test('a calendar whose days are real, of their year and written once may be published', () => {
  expect(checkCalendar(calendar)).toEqual(calendar)
})

test.each([
  ['no calendar at all', { years: {} }],
  ['no year', { ...calendar, years: {} }],
  ['a day of another year', { ...calendar, years: { '2031': { off: ['2030-12-31..2031-01-02'], work: [] } } }],
  [
    'a day that is off and worked',
    { ...calendar, years: { '2031': { off: ['2031-05-01..2031-05-05'], work: ['2031-05-03'] } } },
  ],
  ['a day twice', { ...calendar, years: { '2031': { off: ['2031-05-01', '2031-05-01'], work: [] } } }],
  ['a day that there is not', { ...calendar, years: { '2031': { off: ['2031-02-30'], work: [] } } }],
  ['a range that runs backwards', { ...calendar, years: { '2031': { off: ['2031-05-05..2031-05-01'], work: [] } } }],
])('a calendar with %s is refused', (_, wrong) => {
  expect(() => checkCalendar(wrong)).toThrow(expect.objectContaining({ error: 'malformed' }))
})
