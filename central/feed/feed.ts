// Owns: what the centre tells a station, in order.
// Does not own: what is decided (cases.ts).
// Start here: `appendFeed`, `readFeed`.

import { canonicalBytes } from '../../main/wire/canonical.ts'
import { signerOf, signValue } from '../../main/wire/signatures.ts'
import { type FeedItem, type FeedPage, feedItemSchema } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'

/** A page holds at most this many items. */
const pageItems = 200

/**
 * Puts an item at the end of a station's feed and returns its cursor. The caller's transaction holds the station's lock
 * (stations.ts): so cursors are committed in their order, and a reader never sees 8 before 7.
 */
export async function appendFeed(
  sql: Sql,
  stationId: string,
  item: Omit<FeedItem, 'cursor'>,
  now: Date,
): Promise<number> {
  const [row] = await sql.query<{ cursor: number }>(
    'update stations set feed_cursor = feed_cursor + 1 where station_id = $1 returning feed_cursor as cursor',
    [stationId],
  )
  if (row === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  const values = [stationId, row.cursor, item.kind, canonicalBytes(item.payload).toString('utf8'), now.toISOString()]
  await sql.query('insert into feed (station_id, cursor, kind, payload, made_at) values ($1, $2, $3, $4, $5)', values)
  return row.cursor
}

/**
 * A station says that it has applied the feed up to here. Where the centre's own feed is shorter (it was restored from an older
 * copy), it goes on after that: a cursor is never given twice.
 */
export async function noteApplied(sql: Sql, stationId: string, cursor: number): Promise<void> {
  await sql.query(
    `update stations set feed_cursor = greatest(feed_cursor, $2), feed_applied = greatest(feed_applied, $2)
     where station_id = $1`,
    [stationId, cursor],
  )
}

/** The signed page after a cursor. Refuses `feed_behind` where the cursor lies beyond the feed. */
export async function readFeed(
  database: Database,
  identity: Identity,
  stationId: string,
  after: number,
  now: Date,
): Promise<FeedPage> {
  const rows = await database.query<{ cursor: number; kind: string; payload: string }>(
    'select cursor, kind, payload from feed where station_id = $1 and cursor > $2 order by cursor limit $3',
    [stationId, after, pageItems + 1],
  )
  if (rows.length === 0) await refuseBeyond(database, stationId, after)
  const page = {
    station: stationId,
    after,
    items: rows
      .slice(0, pageItems)
      .map((row): FeedItem => feedItemSchema.parse({ ...row, payload: JSON.parse(row.payload) })),
    more: rows.length > pageItems,
    centreTimeUtc: now.toISOString(),
  }
  return { ...page, signature: signValue(signerOf(identity.privateKey), page) }
}

async function refuseBeyond(database: Database, stationId: string, after: number): Promise<void> {
  const [station] = await database.query<{ feed_cursor: number }>(
    'select feed_cursor from stations where station_id = $1',
    [stationId],
  )
  if (station === undefined || after <= station.feed_cursor) return
  throw new Refusal('feed_behind', '中心的下发记录比窗口的旧，可能是从备份恢复的')
}
