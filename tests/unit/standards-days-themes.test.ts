import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../../preload/contract/calendar.ts'
import {
  dayKind,
  isRangeOf,
  pressed,
  rangeFacts,
  weekdayOf,
  weeksOf,
  withDay,
  withRange,
} from '../../renderer/features/standards/edit/calendar/days-edit.ts'
import { beginFrom } from '../../renderer/features/standards/edit/history/begin-from.ts'
import {
  freeName,
  renamedOf,
  sharableOf,
  withMember,
  withRenamedQuestions,
  withTicked,
} from '../../renderer/features/standards/edit/theme/theme-edit.ts'
import { sampleJson } from '../helpers/standards.ts'

const year = sampleJson('../holidays').years['2026'] as { off: string[]; work: string[] }
const dayOf = (at: number) => addDays('2026-01-01', at)
const covered = (ranges: readonly string[]) =>
  Array.from({ length: 365 }, (_, at) => dayOf(at)).filter((day) =>
    ranges.some((range) => rangeFacts(range).first <= day && day <= rangeFacts(range).last),
  )

describe('the days of a calendar', () => {
  test('are told apart: off, worked, weekend, workday', () => {
    const days = ['2026-01-01', '2026-01-04', '2026-01-10', '2026-01-12']
    expect(days.map((day) => [weekdayOf(day), dayKind(day, year)])).toEqual([
      ['thursday', 'off'],
      ['sunday', 'work'],
      ['saturday', 'weekend'],
      ['monday', 'workday'],
    ])
  })

  test('come and go one at a time; ranges that a day does not touch stay as they are written', () => {
    expect(withDay(year.off, '2026-10-08', true)).toEqual(
      year.off.map((range) => (range.startsWith('2026-10-01') ? '2026-10-01..2026-10-08' : range)),
    )
    expect(withDay(['2026-10-01..2026-10-07'], '2026-10-03', false)).toEqual([
      '2026-10-01..2026-10-02',
      '2026-10-04..2026-10-07',
    ])
    expect(withDay(['2026-10-01', '2026-10-03..2026-10-04'], '2026-10-02', true)).toEqual(['2026-10-01..2026-10-04'])
    fc.assert(
      fc.property(fc.nat(364), fc.boolean(), (at, isIn) => {
        const day = dayOf(at)
        const wanted = covered(year.off).filter((one) => one !== day)
        expect(covered(withDay(year.off, day, isIn))).toEqual(isIn ? [...wanted, day].toSorted() : wanted)
      }),
      { numRuns: 40 },
    )
  })

  test('that are pressed go round and come back as they were', () => {
    const round = (day: string, times: number) =>
      Array.from({ length: times }).reduce<{ off: readonly string[]; work: readonly string[] }>(
        (days) => pressed(day, days),
        year,
      )
    expect([dayKind('2026-01-12', round('2026-01-12', 1)), dayKind('2026-01-10', round('2026-01-10', 1))]).toEqual([
      'off',
      'off',
    ])
    expect(dayKind('2026-01-10', round('2026-01-10', 2))).toBe('work')
    expect([round('2026-01-12', 2), round('2026-01-10', 3)]).toEqual([year, year])
  })

  test('stand by months that begin on Monday, and by ranges of the year alone', () => {
    const weeks = weeksOf('2026', 2)
    expect([weeks[0]?.filter((day) => day !== null), weeks.at(-1)?.[5]]).toEqual([['2026-02-01'], '2026-02-28'])
    expect([
      isRangeOf('2026', '2026-05-01', '2026-05-05'),
      isRangeOf('2026', '2026-05-05', '2026-05-01'),
      isRangeOf('2026', '2026-12-31', '2027-01-01'),
      isRangeOf('2026', '2026-02-30', '2026-02-30'),
    ]).toEqual([true, false, false, false])
    expect(withRange(['2026-05-01', '2026-10-01..2026-10-07'], '2026-05-01', '2026-05-05')).toEqual([
      '2026-05-01..2026-05-05',
      '2026-10-01..2026-10-07',
    ])
    expect([rangeFacts('2026-05-01..2026-05-05').count, rangeFacts('五月一日').count]).toEqual([5, 0])
  })
})

describe('a member of a theme', () => {
  const member = sampleJson('theme-newborn').members[1]

  test('that is left as it is stays as it is written', () => {
    expect([withRenamedQuestions(member, renamedOf(member)), withMember(member, 'matter', member.id)]).toEqual([
      member,
      member,
    ])
    const plain = sampleJson('theme-newborn').members[0]
    expect(withRenamedQuestions(plain, renamedOf(plain))).toBe(plain)
  })

  test('asks a question apart under a name that nobody has; another matter keeps nothing of it', () => {
    expect(freeName('name', new Set(['name', 'name2']))).toBe('name3')
    expect(withRenamedQuestions({ kind: 'matter', id: 'a' }, [['phone', 'phone2']])).toEqual({
      ...{ kind: 'matter', id: 'a', answers: { phone: 'phone2' } },
    })
    expect(withMember(member, 'matter', 'b')).toEqual({ kind: 'matter', id: 'b', when: member.when })
  })

  test('shares what two of them ask for; what is ticked and gone can be taken off', () => {
    const paper = (key: string, name: string) => ({ key, name })
    const matters = [
      { materials: [paper('id-card', '身份证'), paper('photo', '照片')] },
      { materials: [paper('id-card', '居民身份证')] },
    ]
    expect(sharableOf(matters, ['gone'])).toEqual([
      { key: 'id-card', names: ['身份证', '居民身份证'], count: 2 },
      { key: 'gone', names: [], count: 0 },
    ])
    expect([withTicked(['a', 'b'], 'a', false), withTicked(['a'], 'b', true)]).toEqual([['b'], ['a', 'b']])
  })
})

test('an old version is begun from under the number of what is being written', () => {
  const old = { format: 2, name: '旧', version: 1, effectiveFrom: '2026-01-01', quota: '3' }
  const written = { format: 2, name: '新', version: 5, effectiveFrom: '2026-12-01' }
  expect(beginFrom(old, written)).toEqual({ ...old, version: 5, effectiveFrom: '2026-12-01' })
  expect(beginFrom({ years: { 2026: { off: [], work: [] } } }, { years: {} })).toEqual({
    years: { 2026: { off: [], work: [] } },
  })
})
