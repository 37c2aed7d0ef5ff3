import { expect, test } from 'vitest'
import { applyFeedPage } from '../../main/features/sync/service.ts'
import { feedItemsOf, type Projector } from '../../main/store/index.ts'
import { sha256Hex } from '../../main/wire/canonical.ts'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import type { FeedItem, FeedPage } from '../../preload/contract/wire.ts'
import { newStationStore, temporaryFolder } from '../helpers/store.ts'

const item = (cursor: number, kind = 'case.decided'): FeedItem => ({ cursor, kind, payload: { z: cursor, a: '村' } })
const page = (after: number, items: FeedItem[]): FeedPage => ({
  ...{ station: '440282104208-1', after, items, more: false, centreTimeUtc: '2026-03-02T01:02:03.004Z', signature: '' },
})

test('a page is kept as it came, with one entry that fixes its place, whatever its kinds', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  const cursors = [applyFeedPage(store, page(0, [item(1), item(2, 'of.tomorrow')])), applyFeedPage(store, page(2, []))]
  const kept = store.db.all<{ cursor: number; bytes: string; hash: string }>(
    'SELECT cursor, bytes, hash FROM feed_items',
  )
  const entries = store.ledger.readEntries({})
  store.close()
  expect(cursors).toEqual([2, 2])
  expect(kept.map(({ bytes }) => JSON.parse(bytes))).toEqual([item(1), item(2, 'of.tomorrow')])
  expect(kept.every(({ bytes, hash }) => sha256Hex(bytes) === hash)).toBe(true)
  expect(entries).toMatchObject([{ kind: 'feed.applied', payload: { from: 1, to: 2 } }])
})

test('a page that comes again, or leaves a gap, is refused and changes nothing', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  applyFeedPage(store, page(0, [item(1)]))
  const before = store.ledger.head()
  const refusal = expect.objectContaining({ code: 'CENTRE_NONSENSE' })
  expect(() => applyFeedPage(store, page(0, [item(1)]))).toThrow(refusal)
  expect(() => applyFeedPage(store, page(2, [item(3)]))).toThrow(refusal)
  expect(store.ledger.head()).toEqual(before)
  store.close()
})

test('where a projector cannot follow, the whole page stays out', () => {
  using folder = temporaryFolder()
  const projector = { name: 'broken', tables: [], kinds: ['feed.applied'], apply: () => fail() }
  const store = newStationStore(folder.path, { projectors: [projector] })
  expect(() => applyFeedPage(store, page(0, [item(1)]))).toThrow('cannot follow')
  const left = store.db.get('SELECT count(*) AS items FROM feed_items')
  const seq = store.ledger.head().seq
  store.close()
  expect({ left, seq }).toEqual({ left: { items: 0 }, seq: 0 })
})

function fail(): never {
  throw new Error('cannot follow')
}

test('what a restored centre tells again leaves the last word about a case where the centre has it', () => {
  using folder = temporaryFolder()
  const heard: string[] = []
  const apply: Projector['apply'] = (entry, db) => {
    for (const { payload } of feedItemsOf(db, entry.payload as EntryPayload<'feed.applied@1'>))
      heard.push(`${(payload as { caseId: string }).caseId} ${(payload as { decision: string }).decision}`)
  }
  const store = newStationStore(folder.path, {
    projectors: [{ name: 'hearing', tables: [], kinds: ['feed.applied'], apply }],
  })
  const decided = (cursor: number, caseId: string, decision: string, again?: number): FeedItem => ({
    ...{ cursor, kind: 'case.decided', payload: { caseId, decision } },
    ...(again !== undefined && { again }),
  })
  applyFeedPage(
    store,
    page(0, [decided(1, 'a', 'corrections'), decided(2, 'a', 'approved'), decided(3, 'b', 'closed')]),
  )
  applyFeedPage(store, page(3, [decided(4, 'a', 'refused')]))
  heard.length = 0
  const again = [
    decided(5, 'a', 'corrections', 1),
    decided(6, 'a', 'accepted', 2),
    decided(7, 'b', 'closed', 3),
    decided(8, 'a', 'refused', 4),
  ]
  applyFeedPage(store, page(4, again))
  store.close()
  expect(heard).toEqual(['a accepted', 'a refused'])
})
