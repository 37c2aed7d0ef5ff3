import { isDeepStrictEqual } from 'node:util'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import { type FeedItem, feedItemSchema } from '../../preload/contract/wire.ts'
import type { SqlDatabase } from './sql.ts'

/**
 * The items of the centre's feed that a `feed.applied` entry puts in their place, in order; for projectors. Passed over is
 * what is no item, and what a restored centre tells again though it stands here already.
 */
export function feedItemsOf(db: SqlDatabase, { from, to }: EntryPayload<'feed.applied@1'>): FeedItem[] {
  const sql = 'SELECT bytes FROM feed_items WHERE cursor BETWEEN ? AND ? ORDER BY cursor'
  return db
    .all<{ bytes: string }>(sql, [from, to])
    .flatMap(readItem)
    .filter((item) => !isKnown(db, item))
}

function isKnown(db: SqlDatabase, { kind, payload, again }: FeedItem): boolean {
  if (again === undefined) return false
  const [before] = db.all<{ bytes: string }>('SELECT bytes FROM feed_items WHERE cursor = ?', [again]).flatMap(readItem)
  return before?.kind === kind && isDeepStrictEqual(before.payload, payload)
}

function readItem({ bytes }: { readonly bytes: string }): FeedItem[] {
  const item = feedItemSchema.safeParse(JSON.parse(bytes))
  return item.success ? [item.data] : []
}
