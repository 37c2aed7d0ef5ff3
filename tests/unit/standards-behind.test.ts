import { expect, test } from 'vitest'
import type { Adoption } from '../../preload/contract/catalogue.ts'
import { behindOf } from '../../renderer/features/standards/adoption/behind.ts'

const now = new Date('2026-12-10T02:00:00.000Z')
const counts = { stations: 0, targeted: 0, fetched: 0, applied: 0, refused: 0 }

type Each = Adoption['each'][number]
const one = (stationId: string, state: Each['state'], more: Partial<Each> = {}): Each => ({
  ...{ stationId, state, targeted: true, inForce: 3, atUtc: null, reason: '' },
  ...more,
})
const adoption = (effectiveAtUtc: string, each: Each[]): Adoption => ({
  ...{ release: 4, sha256: '0'.repeat(64), effectiveAtUtc, ...counts, towns: [], villages: [], each },
})
const each = [
  one('440282113201-1', 'waits'),
  one('440282104208-1', 'fetched'),
  one('440282104209-1', 'refused', { reason: '磁盘满了' }),
  one('440282104210-1', 'waits', { inForce: 0 }),
  one('440282104211-1', 'applied', { inForce: 4 }),
  one('440282104212-1', 'none'),
]
const windowOf = (stationId: string, lastSeenUtc: string | null) => ({
  ...{ stationId, windowName: '综合窗口', tags: [], lastSeenUtc },
})

test('lists by town who lacks a release, the refusals first, with who has been silent for a week or was never heard', () => {
  const windows = [
    windowOf('440282113201-1', '2026-12-02T00:00:00.000Z'),
    windowOf('440282104208-1', '2026-12-09T00:00:00.000Z'),
    windowOf('440282104210-1', null),
  ]
  const found = behindOf(adoption('2026-12-01T00:00:00.000Z', each), windows, now)
  expect(found.map(({ stationId, state, isSilent, reason }) => [stationId, state, isSilent, reason])).toEqual([
    ['440282104209-1', 'refused', false, '磁盘满了'],
    ['440282104210-1', 'waits', true, ''],
    ['440282104208-1', 'fetched', false, ''],
    ['440282113201-1', 'waits', true, ''],
  ])
  expect(found[0]).toMatchObject({ town: expect.stringContaining('镇'), windowName: '', lastSeenUtc: undefined })
})

test('calls nobody who has the release and waits for its time', () => {
  const found = behindOf(adoption('2026-12-20T00:00:00.000Z', each), null, now)
  expect(found.map(({ stationId }) => stationId)).toEqual(['440282104209-1', '440282104210-1', '440282113201-1'])
})
