// Owns: what the centre tells a station, in order.
// Does not own: what is decided (../cases).
// Start here: `appendFeed`, `readFeed`.

import { canonicalBytes, sha256Hex } from '../../main/wire/canonical.ts'
import { signerOf, signValue } from '../../main/wire/signatures.ts'
import { feedSubject } from '../../preload/contract/feed-order.ts'
import { type FeedItem, type FeedPage, feedItemSchema } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'

/** A page holds at most this many items, and no further one once their payloads have so many bytes. */
const pageBounds = { items: 200, payloadBytes: 256 << 10 } as const

/** The next items, one more than a page holds: those that fit, with how many there are. */
const nextItems = `
  with found as (
    select cursor, kind, payload, again from feed where station_id = $1 and cursor > $2 order by cursor limit $3
  ), measured as (
    select *, count(*) over () as there,
      coalesce(sum(octet_length(payload)) over (order by cursor rows between unbounded preceding and 1 preceding), 0) as before
    from found
  )
  select cursor, kind, payload, again, there from measured where before < $4 order by cursor`

/**
 * Puts an item at the end of a station's feed and returns its cursor. The caller's transaction holds the station's lock
 * (../stations/lock.ts): so cursors are committed in their order, and a reader never sees 8 before 7.
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
  const payload = canonicalBytes(item.payload).toString('utf8')
  const values = [stationId, row.cursor, item.kind, payload, now.toISOString(), item.again ?? null]
  await sql.query(
    'insert into feed (station_id, cursor, kind, payload, made_at, again) values ($1, $2, $3, $4, $5, $6)',
    values,
  )
  return row.cursor
}

/** Puts items of one kind at the end of a station's feed, in their order, with two statements. The caller holds the station's lock. */
export async function appendFeedItems(
  sql: Sql,
  stationId: string,
  kind: string,
  payloads: readonly object[],
  now: Date,
): Promise<void> {
  if (payloads.length === 0) return
  const [row] = await sql.query<{ last: number }>(
    'update stations set feed_cursor = feed_cursor + $2 where station_id = $1 returning feed_cursor as last',
    [stationId, payloads.length],
  )
  if (row === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  const first = row.last - payloads.length + 1
  await sql.query(
    `insert into feed (station_id, kind, made_at, cursor, payload)
     select $1::text, $2::text, $3::timestamptz, made.* from unnest($4::bigint[], $5::text[]) as made`,
    [
      ...[stationId, kind, now.toISOString()],
      payloads.map((_, index) => first + index),
      payloads.map((payload) => canonicalBytes(payload).toString('utf8')),
    ],
  )
}

/** What a station says of a page that it has applied: its places, and the SHA-256 of its items' canonical bytes. */
export type AppliedPage = { readonly from: number; readonly to: number; readonly hash: string }

/**
 * A station says which pages it has applied. Where the centre's own feed is shorter (it was restored from an older copy), it
 * goes on after them: a cursor is never given twice. What this centre put at those places meanwhile is not what the station
 * has there, so it is told again behind them, with what came later about the same. What cannot be a page is passed over: a
 * station that leaps would take its own feed, and what is told to all stations at once, to where no number is left.
 */
export async function noteApplied(sql: Sql, stationId: string, said: readonly AppliedPage[], now: Date): Promise<void> {
  const pages = followingPages(said, said.length === 0 ? 0 : await endOfFeed(sql, stationId))
  if (pages.length === 0) return
  const [first, last] = [Math.min(...pages.map(({ from }) => from)), Math.max(...pages.map(({ to }) => to))]
  await sql.query(
    `update stations set feed_cursor = greatest(feed_cursor, $2), feed_applied = greatest(feed_applied, $2)
     where station_id = $1`,
    [stationId, last],
  )
  const items = await itemsBetween(sql, stationId, first, last)
  for (const { from, to, hash } of pages) {
    const known = items.filter(({ cursor }) => cursor >= from && cursor <= to)
    if (known.length === 0 || sha256Hex(canonicalBytes(known)) === hash) continue
    for (const { cursor, kind, payload } of [...known, ...(await laterAbout(sql, stationId, known, to))])
      await appendFeed(sql, stationId, { kind, payload, again: cursor }, now)
  }
}

/** What came after a page about the same as its items: told again behind them, it still has the last word. */
async function laterAbout(sql: Sql, stationId: string, items: readonly FeedItem[], after: number): Promise<FeedItem[]> {
  const subjects = new Set(items.map(feedSubject))
  subjects.delete(undefined)
  const later = await itemsBetween(sql, stationId, after + 1, Number.MAX_SAFE_INTEGER)
  return later.filter((item) => item.again === undefined && subjects.has(feedSubject(item)))
}

/** Pages that begin within what is there already or right behind it, and are no longer than a page. */
function followingPages(said: readonly AppliedPage[], endOfFeed: number): AppliedPage[] {
  let end = endOfFeed
  return said.filter(({ from, to }) => {
    const follows = from <= to && to - from < pageBounds.items && from <= end + 1
    if (follows) end = Math.max(end, to)
    return follows
  })
}

async function endOfFeed(sql: Sql, stationId: string): Promise<number> {
  const [row] = await sql.query<{ end: number }>(
    'select greatest(feed_cursor, feed_applied) as end from stations where station_id = $1',
    [stationId],
  )
  return row?.end ?? 0
}

type FeedRow = {
  readonly cursor: number
  readonly kind: string
  readonly payload: string
  readonly again: number | null
}

async function itemsBetween(sql: Sql, stationId: string, from: number, to: number): Promise<FeedItem[]> {
  const rows = await sql.query<FeedRow>(
    'select cursor, kind, payload, again from feed where station_id = $1 and cursor between $2 and $3 order by cursor',
    [stationId, from, to],
  )
  return rows.map(toItem)
}

function toItem({ cursor, kind, payload, again }: FeedRow): FeedItem {
  return feedItemSchema.parse({ cursor, kind, payload: JSON.parse(payload), ...(again !== null && { again }) })
}

/** What of a feed is asked for. */
export type FeedQuestion = { readonly stationId: string; readonly after: number; readonly tellsLedger?: boolean }

/**
 * The signed page after a cursor; where it is asked for, with up to where the station's ledger is here. Refuses `feed_behind`
 * where the cursor lies beyond the feed.
 */
export async function readFeed(
  database: Database,
  identity: Identity,
  { stationId, after, tellsLedger = false }: FeedQuestion,
  now: Date,
): Promise<FeedPage> {
  const rows = await database.query<FeedRow & { readonly there: number }>(nextItems, [
    ...[stationId, after],
    ...[pageBounds.items + 1, pageBounds.payloadBytes],
  ])
  const standing = rows.length === 0 || tellsLedger ? await standingOf(database, stationId) : undefined
  if (rows.length === 0 && standing !== undefined && after > standing.feed_cursor)
    throw new Refusal('feed_behind', '中心的下发记录比窗口的旧，可能是从备份恢复的')
  const items = rows.slice(0, pageBounds.items).map(toItem)
  const page = {
    ...{ station: stationId, after, items },
    more: (rows[0]?.there ?? 0) > items.length,
    ...(tellsLedger && standing !== undefined && { acknowledged: standing.acknowledged }),
    centreTimeUtc: now.toISOString(),
  }
  return { ...page, signature: signValue(signerOf(identity.privateKey), page) }
}

async function standingOf(
  sql: Sql,
  stationId: string,
): Promise<{ readonly feed_cursor: number; readonly acknowledged: number } | undefined> {
  const [station] = await sql.query<{ feed_cursor: number; acknowledged: number }>(
    'select feed_cursor, acknowledged from stations where station_id = $1',
    [stationId],
  )
  return station
}
