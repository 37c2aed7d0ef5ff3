// Owns: the queue that a hall's windows share, and which window has a case in hand.
// Does not own: the cases (../cases reads them from the entries), who may ask (hall-routes.ts).
// Start here: `readQueue`, `takeCase`.
import { maskName } from '../../preload/contract/masking.ts'
import type { HallCase } from '../../preload/contract/sync.ts'
import type { Database, Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'

/** A window that says nothing for so long holds no case any more. */
const takeLifeMs = 4 * 3600 * 1000

/** Which cases are wanted: words that each stand in number, applicant's name or matter. */
export type QueueQuestion = { readonly query: string; readonly offset: number; readonly limit: number }

type QueueRow = Omit<HallCase, 'applicantMasked' | 'takenBy' | 'takenById'> & {
  applicantName: string
  takenBy: string | null
  takenById: string | null
}

/** A page of the hall's cases, the newest first; names are masked, whatever was searched for. */
export async function readQueue(
  sql: Sql,
  { query, offset, limit }: QueueQuestion,
  now: Date,
): Promise<{ cases: HallCase[]; total: number }> {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean)
  const joined = `from cases join stations on stations.station_id = holder_id
    join relayed_stations on relayed_stations.station_id = cases.station_id`
  const wanted = `where not exists (select 1 from unnest($1::text[]) as word
      where strpos(lower(local_number || ' ' || applicant_name || ' ' || matter_name || ' ' || stations.window_name), word) = 0)`
  const [counted] = await sql.query<{ total: number }>(`select count(*)::bigint as total ${joined} ${wanted}`, [words])
  const rows = await sql.query<QueueRow>(
    `select case_id as "caseId", holder_id as "stationId", stations.window_name as "windowName", local_number as "localNumber",
       applicant_name as "applicantName", matter_name as "matterName", state, received_at as "receivedAtUtc",
       cases.seq <= county_seq as "atCentre",
       taken.by_name as "takenBy", taken.by_id as "takenById"
     ${joined}
     left join lateral (select taker.window_name as by_name, taker.station_id as by_id
       from hall_takes join stations as taker on taker.station_id = hall_takes.station_id
       where hall_takes.case_id = cases.case_id and until > $2) as taken on true
     ${wanted} order by received_at desc, case_id limit $3 offset $4`,
    [words, now.toISOString(), limit, offset],
  )
  const cases = rows.map(({ applicantName, takenBy, takenById, ...row }) => ({
    ...row,
    applicantMasked: maskName(applicantName),
    takenBy: takenBy ?? '',
    ...(takenById === null ? {} : { takenById }),
  }))
  return { cases, total: counted?.total ?? 0 }
}

/**
 * Takes a case up for a window: one statement, so that of two windows at once one is first. Taking again prolongs. Returns
 * until when it holds without a word of the window. Refuses `hall_taken` (with the other window's name) and `not_found`.
 */
export async function takeCase(database: Database, caseId: string, stationId: string, now: Date): Promise<Date> {
  const until = new Date(now.getTime() + takeLifeMs)
  const taken = await database.query(
    `insert into hall_takes (case_id, station_id, until) select case_id, $2, $3 from cases where case_id = $1
     on conflict (case_id) do update set station_id = excluded.station_id, until = excluded.until
     where hall_takes.station_id = excluded.station_id or hall_takes.until <= $4
     returning 1 as one`,
    [caseId, stationId, until.toISOString(), now.toISOString()],
  )
  if (taken.length > 0) return until
  const holder = await holderOf(database, caseId, now)
  if (holder === undefined) throw new Refusal('not_found', '大厅没有这个办件')
  throw new Refusal('hall_taken', holder.window)
}

/** Lets go of a case. Refuses `hall_taken` (with the other window's name) of one that another window holds: then nothing changes. */
export async function letGoOfCase(database: Database, caseId: string, stationId: string, now: Date): Promise<void> {
  await database.query('delete from hall_takes where case_id = $1 and station_id = $2', [caseId, stationId])
  const holder = await holderOf(database, caseId, now)
  if (holder !== undefined) throw new Refusal('hall_taken', holder.window)
}

async function holderOf(database: Database, caseId: string, now: Date): Promise<{ window: string } | undefined> {
  const [holder] = await database.query<{ window: string }>(
    `select window_name as window from hall_takes join stations using (station_id)
     where case_id = $1 and until > $2`,
    [caseId, now.toISOString()],
  )
  return holder
}

/** A window has spoken: what it has in hand stays in its hand. */
export async function prolongTakes(sql: Sql, stationId: string, now: Date): Promise<void> {
  const until = new Date(now.getTime() + takeLifeMs).toISOString()
  await sql.query('update hall_takes set until = $2 where station_id = $1 and until > $3', [
    stationId,
    until,
    now.toISOString(),
  ])
}
