// Owns: the rows of stations as locks: what orders a station's entries and feed, and who stands in whose place.
// Does not own: what is done under a lock (../ledger, ../feed, replacement.ts).
// Start here: `lockStation`.
import type { Head } from '../../main/wire/entry.ts'
import type { Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'

/** Takes the station's row for this transaction and tells where its chain stands. Everything that orders a station's entries or feed goes through this lock. */
export async function lockStation(sql: Sql, stationId: string): Promise<Head> {
  const [head] = await sql.query<Head>(
    'select acknowledged as seq, head_hash as hash from stations where station_id = $1 for update',
    [stationId],
  )
  if (head === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  return head
}

/** Whose word counts as a station's: its own, and where it was replaced its successor's cases are those that it had. */
export type Lineage = {
  readonly stationId: string
  /** The station that is in its place now; itself where it was not replaced. */
  readonly holder: string
  /** The machines before it, the last one first. */
  readonly before: readonly string[]
}

/** As `lockStation`, with who stands in whose place; of a replaced station its holder's row is taken too. */
export async function lockLineage(sql: Sql, stationId: string): Promise<{ head: Head; lineage: Lineage }> {
  const [row] = await sql.query<Head & { isFirst: boolean; isReplaced: boolean }>(
    `select acknowledged as seq, head_hash as hash, replaced_by is not null as "isReplaced",
       not exists (select 1 from stations as earlier where earlier.replaced_by = $1) as "isFirst"
     from stations where station_id = $1 for update`,
    [stationId],
  )
  if (row === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  const { seq, hash, isFirst, isReplaced } = row
  const before = isFirst ? [] : await machinesBefore(sql, stationId)
  const holder = isReplaced ? await lockHolder(sql, stationId) : stationId
  return { head: { seq, hash }, lineage: { stationId, holder, before } }
}

/** Nobody takes a holder's row before that of a machine it replaced, so the two never wait for one another. */
async function lockHolder(sql: Sql, stationId: string): Promise<string> {
  for (let holder = await holderAfter(sql, stationId); ; ) {
    await lockStation(sql, holder)
    const now = await holderAfter(sql, stationId)
    if (now === holder) return holder
    holder = now
  }
}

/** The station that is in a station's place now; itself where it was not replaced. */
export async function holderAfter(sql: Sql, stationId: string): Promise<string> {
  const [last] = await sql.query<{ id: string }>(
    `with recursive after (id, next, step) as (
       select station_id, replaced_by, 0 from stations where station_id = $1
       union all select s.station_id, s.replaced_by, step + 1 from stations s join after on s.station_id = after.next
     ) select id from after order by step desc limit 1`,
    [stationId],
  )
  return last?.id ?? stationId
}

/** The machines in whose place a station is, the last one first. */
export async function machinesBefore(sql: Sql, stationId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `with recursive before (id, step) as (
       select station_id, 1 from stations where replaced_by = $1
       union all select s.station_id, step + 1 from stations s join before on s.replaced_by = before.id
     ) select id from before order by step`,
    [stationId],
  )
  return rows.map(({ id }) => id)
}
