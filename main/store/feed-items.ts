import { isDeepStrictEqual } from 'node:util'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import { feedSubject } from '../../preload/contract/feed-order.ts'
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

/**
 * What stands here already is passed over, unless something about the same that was told again before it was news: that
 * stands after it now, and the centre's order holds only where this one counts once more.
 */
function isKnown(db: SqlDatabase, item: FeedItem): boolean {
  const { again } = item
  if (again === undefined || !standsHere(db, item)) return false
  const subject = feedSubject(item)
  if (subject === undefined) return true
  const toldBefore = db
    .all<{ bytes: string }>(
      `SELECT bytes FROM feed_items WHERE cursor > ? AND cursor < ? AND json_extract(bytes, '$.again') < ?`,
      [again, item.cursor, again],
    )
    .flatMap(readItem)
  return !toldBefore.some((other) => feedSubject(other) === subject && !standsHere(db, other))
}

/** Whether an item that is told again is the very one that came at its place. */
function standsHere(db: SqlDatabase, { kind, payload, again = 0 }: FeedItem): boolean {
  const [before] = db.all<{ bytes: string }>('SELECT bytes FROM feed_items WHERE cursor = ?', [again]).flatMap(readItem)
  // One that was emptied since was there, whatever it said.
  return before?.kind === kind && (before.payload === null || isDeepStrictEqual(before.payload, payload))
}

/**
 * Gives the drafts that came by the feed and empties their items, so that each is given once whatever is rebuilt later; only
 * inside the transaction that makes use of them.
 */
export function takeHandedDrafts(db: SqlDatabase): FeedItem[] {
  const where = `json_extract(bytes, '$.kind') = 'draft.handed-over'`
  const items = db
    .all<{ bytes: string }>(`SELECT bytes FROM feed_items WHERE ${where} ORDER BY cursor`)
    .flatMap(readItem)
    .filter(({ payload }) => payload !== null)
  if (items.length > 0) db.run(`UPDATE feed_items SET bytes = json_set(bytes, '$.payload', NULL) WHERE ${where}`)
  return items
}

/** Empties what the centre told of a case that is erased; tells whether there was such an item. */
export function emptyHandedCase(db: SqlDatabase, caseId: string): boolean {
  const changed = db.run(
    `UPDATE feed_items SET bytes = json_set(bytes, '$.payload', NULL)
     WHERE json_extract(bytes, '$.kind') = 'case.handed-over' AND json_extract(bytes, '$.payload.caseId') = ?`,
    [caseId],
  )
  return changed > 0
}

function readItem({ bytes }: { readonly bytes: string }): FeedItem[] {
  const item = feedItemSchema.safeParse(JSON.parse(bytes))
  return item.success ? [item.data] : []
}
