// Owns: what is told to many stations at once: notices, calendars, directives; each order once.
// Does not own: one station's feed (feed.ts), decisions, leases and revocations (their own parts), what stations make of it.
// Start here: `publishNotice`, `publishCalendar`, `giveDirective`.
import { canonicalBytes, sha256Hex } from '../../main/wire/canonical.ts'
import { todayInShanghai } from '../../preload/contract/calendar.ts'
import type { CalendarItem, DirectiveItem, NoticeItem } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { lockStation } from '../stations/lock.ts'
import { checkCalendar } from './calendar-check.ts'
import { appendFeed } from './feed.ts'

/** What came of an order. */
export type Publication = {
  readonly publicationId: string
  readonly kind: string
  readonly target: string
  /** How many stations were told. */
  readonly stations: number
  readonly madeAtUtc: string
  /** The order was carried out before: nothing was told now. */
  readonly before: boolean
}

/** `all`, a town's division code (9 digits) or a station's. */
export type Target = string

/** A notice, as the office gives it. */
export type NoticeOrder = { readonly text: string; readonly urgent: boolean; readonly target: Target }

/** A directive, as the office gives it. */
export type DirectiveOrder = {
  readonly action: DirectiveItem['action']
  readonly reason: string
  readonly target: Target
  /** Of this order: repeating it (a lost answer) tells nobody twice. */
  readonly orderId: string
}

/** Any constant: orders and enrolments take turns, so that no station misses a calendar. */
export const publishingLock = 440283

/** Tells stations something. The same words to the same stations on the same day (Asia/Shanghai) are one notice. Refuses `not_found` where there is no station to hear it. */
export function publishNotice(
  database: Database,
  { text, urgent, target }: NoticeOrder,
  now: Date,
): Promise<Publication> {
  const payload: NoticeItem = { text, urgent, givenAtUtc: now.toISOString() }
  const publicationId = idOf(['notice', text, urgent, target, todayInShanghai(now)])
  return publish(database, { publicationId, kind: 'notice.given', target, payload }, now)
}

/** Publishes a calendar to every station, those that come later too. The same calendar again changes nothing. Refuses `malformed`. */
export function publishCalendar(database: Database, value: unknown, now: Date): Promise<Publication> {
  const payload: CalendarItem = { calendar: checkCalendar(value), publishedAtUtc: now.toISOString() }
  const publicationId = idOf(['calendar', payload.calendar])
  return publish(database, { publicationId, kind: 'calendar.published', target: 'all', payload }, now)
}

/** Has stations do something at their next link. Refuses `not_found` where there is no station to hear it. */
export function giveDirective(database: Database, order: DirectiveOrder, now: Date): Promise<Publication> {
  const { action, reason, target, orderId } = order
  const payload: DirectiveItem = { action, reason, givenAtUtc: now.toISOString() }
  const publicationId = idOf(['directive', action, target, orderId])
  return publish(database, { publicationId, kind: 'directive.given', target, payload }, now)
}

/** Tells a station that was just enrolled every calendar in its order; in the transaction of its enrolment. */
export async function tellCalendars(sql: Sql, stationId: string, now: Date): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1)', [publishingLock])
  const rows = await sql.query<{ kind: string; payload: string }>(
    `select kind, payload from publications where kind = 'calendar.published' order by number`,
  )
  for (const { kind, payload } of rows) await appendFeed(sql, stationId, { kind, payload: JSON.parse(payload) }, now)
}

function idOf(parts: readonly unknown[]): string {
  return sha256Hex(canonicalBytes(parts)).slice(0, 32)
}

type Order = {
  readonly publicationId: string
  readonly kind: string
  readonly target: Target
  readonly payload: NoticeItem | CalendarItem | DirectiveItem
}

function publish(database: Database, order: Order, now: Date): Promise<Publication> {
  const { publicationId, kind, target, payload } = order
  return database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [publishingLock])
    const [before] = await sql.query<{ stations: number; made_at: Date }>(
      'select stations, made_at from publications where publication_id = $1',
      [publicationId],
    )
    if (before !== undefined) {
      const { stations, made_at } = before
      return { publicationId, kind, target, stations, madeAtUtc: made_at.toISOString(), before: true }
    }
    const stations = await stationsOf(sql, target)
    if (stations.length === 0 && kind !== 'calendar.published') refuseUnheard(target)
    for (const stationId of stations) {
      await lockStation(sql, stationId)
      await appendFeed(sql, stationId, { kind, payload }, now)
    }
    await sql.query(
      `insert into publications (publication_id, kind, target, payload, stations, made_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [publicationId, kind, target, canonicalBytes(payload).toString('utf8'), stations.length, now.toISOString()],
    )
    return { publicationId, kind, target, stations: stations.length, madeAtUtc: now.toISOString(), before: false }
  })
}

function refuseUnheard(target: Target): never {
  throw new Refusal(
    'not_found',
    target === 'all'
      ? '中心还没有登记任何窗口，没有下发；有窗口登记以后再发'
      : '中心没有登记过这样的窗口，或它的机器已由另一台代替',
  )
}

/** In one order everywhere, so that two orders never wait for one another's stations. */
async function stationsOf(sql: Sql, target: Target): Promise<string[]> {
  const rows = await sql.query<{ station_id: string }>(
    `select station_id from stations where replaced_by is null
       and ($1 = 'all' or station_id = $1 or (length($1) = 9 and starts_with(station_id, $1))) order by station_id`,
    [target],
  )
  return rows.map(({ station_id }) => station_id)
}
