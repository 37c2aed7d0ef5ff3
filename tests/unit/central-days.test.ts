import { expect, test } from 'vitest'
import { daysInWords, readDayWanted } from '../../central/days/commands.ts'
import type { StationDay } from '../../central/days/list.ts'
import { bucketDigests, bucketOf, caseShort, digestOfBuckets, fileShort } from '../../main/wire/day-digest.ts'
import type { DayResult } from '../../preload/contract/sync.ts'

const result: DayResult = {
  ...{ day: '2026-03-03', checkedAtUtc: '2026-03-03T10:02:00.000Z', agreed: false, entries: 9, cases: 3, files: 2 },
  ...{ headSeq: 9, headHash: 'a'.repeat(64), moreDifferences: 4 },
  differences: [{ kind: 'case-state', what: 'N-1', here: '已收件', there: '已受理', text: '两边的状态不同。' }],
}
const station = (window: number, state: StationDay['state'], of: DayResult | null): StationDay => ({
  ...{ stationId: `440282104208-${window}`, windowName: '一号窗口', state, result: of, lastSeenAtUtc: null },
})

test('central days tells in words who has not reconciled, who agrees, and what differs', () => {
  const agreed = { ...result, agreed: true, differences: [], moreDifferences: 0 }
  const stations = [station(1, 'none', null), station(2, 'differs', result), station(3, 'agreed', agreed)]
  expect(daysInWords('2026-03-03', stations).split('\n')).toEqual([
    '2026年3月3日日清：1 个窗口一致，1 个有不同，1 个还没有核对',
    '440282104208-1\t一号窗口\t没有核对\t从未联系',
    '440282104208-2\t一号窗口\t5 处不同\t记录 9 条，收件 3 件，文件 2 个\t2026年3月3日 18:02',
    '  N-1，窗口 已收件，中心 已受理：两边的状态不同。',
    '  另有 4 处',
    '440282104208-3\t一号窗口\t一致\t记录 9 条，收件 3 件，文件 2 个\t2026年3月3日 18:02',
  ])
})

test('the day is today in Asia/Shanghai unless one is named, and must be a day', () => {
  const now = new Date('2026-03-03T16:30:00.000Z')
  expect([readDayWanted(['days'], undefined, now), readDayWanted(['days'], '2026-01-31', now)]).toEqual([
    ...['2026-03-04', '2026-01-31'],
  ])
  for (const wrong of ['2026-02-30', 'gestern']) {
    expect(() => readDayWanted(['days'], wrong, now)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  }
})

test('digests of a day say the same whatever the order, and differ in one bucket alone where one item differs', () => {
  const items = Array.from({ length: 500 }, (_, at) => ({ short: fileShort(digestOf(at)), mark: '' }))
  const ours = bucketDigests(items)
  expect(bucketDigests(items.toReversed())).toEqual(ours)
  const [first] = items
  if (first === undefined) throw new Error('no items')
  const theirs = bucketDigests([{ ...first, mark: 'closed' }, ...items.slice(1)])
  const differing = ours.flatMap((digest, bucket) => (digest === theirs[bucket] ? [] : [bucket]))
  expect(differing).toEqual([bucketOf(first.short)])
  expect(digestOfBuckets(theirs)).not.toBe(digestOfBuckets(ours))
  expect(caseShort('01890000-0000-7000-8000-0123456789ab')).toBe(fileShort('0123456789ab'.padEnd(64, '0')))
})

/** Numbers spread over the hexadecimal digits, as hashes are. */
function digestOf(at: number): string {
  return ((at * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0').repeat(8)
}
