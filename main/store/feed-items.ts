import type { EntryPayload } from '../../preload/contract/entries.ts'
import { type FeedItem, feedItemSchema } from '../../preload/contract/wire.ts'
import type { SqlDatabase } from './sql.ts'

/** The items of the centre's feed that a `feed.applied` entry puts in their place, in order; for projectors. What is no item is passed over. */
export function feedItemsOf(db: SqlDatabase, { from, to }: EntryPayload<'feed.applied@1'>): FeedItem[] {
  const sql = 'SELECT bytes FROM feed_items WHERE cursor BETWEEN ? AND ? ORDER BY cursor'
  return db.all<{ bytes: string }>(sql, [from, to]).flatMap(({ bytes }) => {
    const item = feedItemSchema.safeParse(JSON.parse(bytes))
    return item.success ? [item.data] : []
  })
}
