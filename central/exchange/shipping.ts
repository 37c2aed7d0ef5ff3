// Owns: writing entries and decisions into the exchange tables, each once.
// Does not own: what they are in its words (mapping.ts), rows of the other system (taking.ts).
// Start here: `shipAll`.
import { entryPayloads } from '../../preload/contract/entries.ts'
import { decisionSchema } from '../../preload/contract/wire.ts'
import { type Database, DatabaseFault, type Sql } from '../database.ts'
import { holdRow, listHeld, RowRefused, releaseRow } from './held.ts'
import {
  type ExchangeResult,
  type ExchangeRow,
  resultOf,
  rowsOfDecision,
  rowsOfEntry,
  shippedKinds,
} from './mapping.ts'
import { tableName } from './schema.ts'
import { numberOf, shippedCase } from './shipped-cases.ts'

/** The centre, and the database of the exchange; they may be one. */
export type ExchangeEnds = { readonly centre: Database; readonly exchange: Database }

/** As many entries or decisions are written in one transaction. */
const atOnce = 200

type Position = { readonly entrySeq: number; readonly feedCursor: number }

/**
 * Writes everything that is new into the exchange tables; tells how many rows. A transaction holds the rows and the place up
 * to which they reach, and every row bears the entry or decision that it came from, none twice: a crash, a repetition and a
 * second adapter beside this one change nothing. What the exchange database refuses to hold (its columns are another
 * vendor's) is listed for an officer and tried again at the next pass; the rest goes on.
 */
export async function shipAll(ends: ExchangeEnds, now: Date): Promise<number> {
  const stations = await ends.centre.query<{ station_id: string; seq: number; cursor: number }>(
    'select station_id, acknowledged as seq, feed_cursor as cursor from stations order by station_id',
  )
  const known = await ends.exchange.query<{ station_id: string; entry_seq: number; feed_cursor: number }>(
    'select station_id, entry_seq, feed_cursor from cunchuang_positions',
  )
  const positions = new Map(known.map((row) => [row.station_id, row]))
  let rows = await shipHeld(ends, now)
  for (const { station_id: stationId, seq, cursor } of stations) {
    const at = positions.get(stationId)
    // Entries first: a decision up to `cursor` is about a case whose entries reach no further than `seq`.
    if (seq > (at?.entry_seq ?? 0)) rows += await shipEntries(ends, stationId, seq, now)
    // A centre that was restored counts its feed from further back: all of it is looked at again, nothing is written twice.
    if (cursor < (at?.feed_cursor ?? 0)) await forgetFeed(ends.exchange, stationId)
    if (cursor !== (at?.feed_cursor ?? 0)) rows += await shipDecisions(ends, stationId, cursor, now)
  }
  return rows
}

async function forgetFeed(exchange: Sql, stationId: string): Promise<void> {
  await exchange.query('update cunchuang_positions set feed_cursor = 0 where station_id = $1', [stationId])
}

/** Takes the station's place for this transaction: adapters take turns. */
async function lockPosition(exchange: Sql, stationId: string): Promise<Position> {
  await exchange.query('insert into cunchuang_positions values ($1, 0, 0) on conflict do nothing', [stationId])
  const [row] = await exchange.query<Position>(
    'select entry_seq as "entrySeq", feed_cursor as "feedCursor" from cunchuang_positions where station_id = $1 for update',
    [stationId],
  )
  return row ?? { entrySeq: 0, feedCursor: 0 }
}

type EntryRow = {
  readonly seq: number
  readonly kind: string
  readonly version: number
  readonly subject: string
  readonly at: string
  readonly payload: string | null
}

async function shipEntries(ends: ExchangeEnds, stationId: string, upTo: number, now: Date): Promise<number> {
  const { centre, exchange } = ends
  let written = 0
  let { entrySeq } = await exchange.transaction((sql) => lockPosition(sql, stationId))
  while (entrySeq < upTo) {
    const entries = await centre.query<EntryRow>(
      `select seq, kind, version, subject, at, payload from entries
       where station_id = $1 and seq > $2 and seq <= $3 and kind = any($4::text[]) order by seq limit $5`,
      [stationId, entrySeq, upTo, shippedKinds, atOnce],
    )
    const reached = entries.length < atOnce ? upTo : (entries.at(-1)?.seq ?? upTo)
    const made: Made[] = []
    for (const entry of entries) made.push(await rowsFor(centre, stationId, entry))
    written += await writeBesideHeld(ends, now, async (sql, held) => {
      const { entrySeq: meanwhile } = await lockPosition(sql, stationId)
      if (meanwhile > entrySeq) return 0
      let count = 0
      for (const { source, rows, erased } of made) {
        if (held.has(source)) continue
        count += await insertRows(sql, rows, source)
        if (erased !== '') await forgetPerson(sql, erased)
      }
      await sql.query('update cunchuang_positions set entry_seq = $2 where station_id = $1', [stationId, reached])
      return count
    })
    entrySeq = reached
  }
  return written
}

/** What an entry becomes; `erased` is the number of a case whose person is to be forgotten. */
type Made = { readonly source: string; readonly rows: readonly ExchangeRow[]; readonly erased: string }

async function rowsFor(centre: Sql, stationId: string, entry: EntryRow): Promise<Made> {
  const source = `entry:${stationId}:${entry.seq}`
  const payload: unknown = entry.payload === null ? null : JSON.parse(entry.payload)
  if (entry.kind === 'payload.erased') {
    const { data } = entryPayloads['payload.erased@1'].safeParse(payload)
    const erased = data === undefined ? '' : await numberOf(centre, stationId, data.subject)
    return { source, rows: [], erased }
  }
  const shipped = await shippedCase(centre, stationId, entry)
  const rows = shipped === undefined ? [] : rowsOfEntry({ ...entry, payload }, shipped)
  return { source, rows, erased: '' }
}

async function insertRow(sql: Sql, { table, values, part }: ExchangeRow, source: string): Promise<number> {
  const whole = { ...values, cunchuang_source: part === undefined ? source : `${source}:${part}` }
  const columns = Object.keys(whole)
  const written = await sql.query(
    `insert into ${tableName(table)} (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')})
     on conflict (cunchuang_source) do nothing returning 1 as one`,
    Object.values(whole),
  )
  return written.length
}

/** The rows of one entry or decision. Throws RowRefused where the exchange database will not hold them. */
async function insertRows(sql: Sql, rows: readonly ExchangeRow[], source: string): Promise<number> {
  let count = 0
  for (const row of rows) {
    try {
      count += await insertRow(sql, row, source)
    } catch (error) {
      if (!(error instanceof DatabaseFault && /^2[23]/.test(error.code))) throw error
      throw new RowRefused({ source, sblsh: String(row.values.sblsh), table: row.table, why: error.message })
    }
  }
  return count
}

/** Only 领取登记 names a person. */
async function forgetPerson(sql: Sql, sblsh: string): Promise<void> {
  await sql.query(
    `update ex_gdbs_lqdj set cunchuang_receiver_name = null, cunchuang_receiver_id = null
     where sblsh = $1 and cunchuang_source is not null`,
    [sblsh],
  )
}

/** Decisions of a station on cases under its own numbers that did not come by a row of the exchange. */
const decisions = `
  select feed.cursor, feed.payload, local_number as "localNumber" from feed
  join cases on cases.case_id = feed.payload::json ->> 'caseId' and starts_with(local_number, cases.station_id || '-')
  where feed.station_id = $1 and kind = 'case.decided' and not exists (
    select 1 from exchange_decisions as taken where taken.station_id = feed.station_id and taken.cursor = feed.cursor)`

type FeedRow = { readonly cursor: number; readonly payload: string; readonly localNumber: string }

async function shipDecisions(ends: ExchangeEnds, stationId: string, upTo: number, now: Date): Promise<number> {
  const { centre, exchange } = ends
  let written = 0
  let { feedCursor } = await exchange.transaction((sql) => lockPosition(sql, stationId))
  while (feedCursor < upTo) {
    const items = await centre.query<FeedRow>(
      `${decisions} and feed.cursor > $2 and feed.cursor <= $3 order by feed.cursor limit $4`,
      [stationId, feedCursor, upTo, atOnce],
    )
    const reached = items.length < atOnce ? upTo : (items.at(-1)?.cursor ?? upTo)
    written += await writeBesideHeld(ends, now, async (sql, held) => {
      const { feedCursor: meanwhile } = await lockPosition(sql, stationId)
      if (meanwhile > feedCursor) return 0
      let count = 0
      for (const item of items)
        if (!held.has(decisionSource(stationId, item))) count += await insertDecision(sql, stationId, item)
      await sql.query('update cunchuang_positions set feed_cursor = $2 where station_id = $1', [stationId, reached])
      return count
    })
    feedCursor = reached
  }
  return written
}

/** A decision on a case that is not in the exchange (a training, an erased one) is none of its business. */
async function insertDecision(sql: Sql, stationId: string, item: FeedRow): Promise<number> {
  const { payload, localNumber } = item
  const decision = decisionSchema.safeParse(JSON.parse(payload)).data
  const [known] = await sql.query('select 1 as one from ex_gdbs_sb where sblsh = $1 limit 1', [localNumber])
  if (decision === undefined || known === undefined) return 0
  const result = resultOf(decision)
  if (result !== undefined) {
    await sql.query(
      `insert into cunchuang_results (sblsh, bjjgdm, reason) values ($1, $2, $3)
       on conflict (sblsh) do update set bjjgdm = excluded.bjjgdm, reason = excluded.reason`,
      [localNumber, result.bjjgdm, result.reason],
    )
  }
  const [before] = await sql.query<ExchangeResult>('select bjjgdm, reason from cunchuang_results where sblsh = $1', [
    localNumber,
  ])
  // By itself, not by its place in the feed: a restored centre tells a decision again at another place.
  const source = `decision:${decision.caseId}:${decision.decision}:${decision.decidedAtUtc}`
  try {
    return await insertRows(sql, rowsOfDecision(decision, localNumber, before), source)
  } catch (error) {
    throw error instanceof RowRefused
      ? new RowRefused({ ...error.row, source: decisionSource(stationId, item) })
      : error
  }
}

/** Where a decision that could not be written is found again. */
function decisionSource(stationId: string, { cursor }: FeedRow): string {
  return `feed:${stationId}:${cursor}`
}

/**
 * Runs `write` in a transaction of the exchange database, again without each entry or decision that it refuses to hold, which
 * is noted first: whatever breaks meanwhile, none is forgotten.
 */
async function writeBesideHeld(
  { centre, exchange }: ExchangeEnds,
  now: Date,
  write: (sql: Sql, held: ReadonlySet<string>) => Promise<number>,
): Promise<number> {
  const held = new Set<string>()
  for (;;) {
    try {
      return await exchange.transaction((sql) => write(sql, held))
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error
      await holdRow(centre, error.row, now)
      held.add(error.row.source)
    }
  }
}

/** Tries again what the exchange database refused before and nobody has dismissed. */
async function shipHeld(ends: ExchangeEnds, now: Date): Promise<number> {
  let written = 0
  for (const source of await listHeld(ends.centre)) {
    const [kind, stationId = '', number = ''] = source.split(':')
    const write = await (kind === 'entry' ? heldEntry : heldDecision)(ends.centre, stationId, Number(number))
    let isHeld = false
    written += await writeBesideHeld(ends, now, async (sql, held) => {
      isHeld = held.size > 0
      return isHeld ? 0 : write(sql)
    })
    if (!isHeld) await releaseRow(ends.centre, source, now)
  }
  return written
}

async function heldEntry(centre: Sql, stationId: string, seq: number): Promise<(sql: Sql) => Promise<number>> {
  const [entry] = await centre.query<EntryRow>(
    'select seq, kind, version, subject, at, payload from entries where station_id = $1 and seq = $2',
    [stationId, seq],
  )
  const made = entry && (await rowsFor(centre, stationId, entry))
  return async (sql) => (made === undefined ? 0 : insertRows(sql, made.rows, made.source))
}

async function heldDecision(centre: Sql, stationId: string, cursor: number): Promise<(sql: Sql) => Promise<number>> {
  const [item] = await centre.query<FeedRow>(`${decisions} and feed.cursor = $2`, [stationId, cursor])
  return async (sql) => (item === undefined ? 0 : insertDecision(sql, stationId, item))
}
