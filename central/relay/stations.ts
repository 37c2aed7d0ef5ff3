// Owns: a relay's list of its town's stations: who they are, where the county stands with each.
// Does not own: their entries (../ledger), the county's pages (pages.ts).
// Start here: `takeStationList`.
import type { RelayStations } from '../../preload/contract/relay.ts'
import type { PushReply } from '../../preload/contract/wire.ts'
import { pushReplySchema } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'

/** What a relay knows of one station: what it holds itself, and where the county stands. */
export type RelayedStation = {
  readonly stationId: string
  readonly publicKey: string
  readonly held: number
  readonly hash: string
  readonly countySeq: number
  readonly countyHash: string
  /** The newest cursor of the county's feed for it, and the last that it said it had applied. */
  readonly countyCursor: number
  readonly feedApplied: number
  /** Why nothing of it can be handed on; empty where it can. */
  readonly trouble: string
  /** Another machine is in its place: it is served no more, and what is held of it still goes on. */
  readonly isReplaced: boolean
}

/**
 * Takes in the county's list. A station that the county knows further than we do begins there: what lies before is the
 * county's already. What we hold beyond that stays.
 */
export async function takeStationList(database: Database, list: RelayStations): Promise<void> {
  for (const station of list.stations) {
    const { stationId, windowName, publicKey, enrolledAtUtc, acknowledged, hash, feedCursor, feedApplied } = station
    const replacedBy = station.replacedBy ?? null
    await database.transaction(async (sql) => {
      await sql.query(
        `insert into stations (station_id, window_name, public_key, enrolled_at, acknowledged, head_hash, feed_applied,
           replaced_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (station_id) do update set window_name = excluded.window_name, public_key = excluded.public_key,
           replaced_by = excluded.replaced_by,
           head_signature = case when excluded.acknowledged > stations.acknowledged then null else stations.head_signature end,
           head_hash = case when excluded.acknowledged > stations.acknowledged then excluded.head_hash else stations.head_hash end,
           acknowledged = greatest(stations.acknowledged, excluded.acknowledged),
           feed_applied = greatest(stations.feed_applied, excluded.feed_applied)`,
        [stationId, windowName, publicKey, enrolledAtUtc, acknowledged, hash, feedApplied, replacedBy],
      )
      await sql.query(
        `insert into relayed_stations (station_id, county_seq, county_hash, county_cursor) values ($1, $2, $3, $4)
         on conflict (station_id) do update set county_seq = excluded.county_seq, county_hash = excluded.county_hash,
           county_cursor = excluded.county_cursor,
           trouble = case when relayed_stations.county_seq = excluded.county_seq then relayed_stations.trouble else '' end`,
        [stationId, acknowledged, hash, feedCursor],
      )
    })
  }
}

/** All stations that the county has named. */
export function listRelayed(sql: Sql): Promise<RelayedStation[]> {
  return sql.query<RelayedStation>(`${selectRelayed} order by stations.station_id`)
}

/** One station; undefined for one that the county has not named. */
export async function findRelayed(sql: Sql, stationId: string): Promise<RelayedStation | undefined> {
  const [row] = await sql.query<RelayedStation>(`${selectRelayed} where stations.station_id = $1`, [stationId])
  return row
}

const selectRelayed = `select stations.station_id as "stationId", public_key as "publicKey", acknowledged as held,
  head_hash as hash, county_seq as "countySeq", county_hash as "countyHash", county_cursor as "countyCursor",
  feed_applied as "feedApplied", trouble, replaced_by is not null as "isReplaced" from stations join relayed_stations using (station_id)`

/** The county's newest word on a station's entries, as it came; null before the first. */
export async function readAcknowledgement(sql: Sql, stationId: string): Promise<PushReply | null> {
  const [row] = await sql.query<{ acknowledgement: string | null }>(
    'select acknowledgement from relayed_stations where station_id = $1',
    [stationId],
  )
  return row?.acknowledgement ? pushReplySchema.parse(JSON.parse(row.acknowledgement)) : null
}

/** Keeps the county's word, to be handed on, and where it stands by it. */
export async function keepAcknowledgement(sql: Sql, stationId: string, reply: PushReply): Promise<void> {
  await sql.query(
    `update relayed_stations set county_seq = $2, county_hash = $3, acknowledgement = $4, trouble = '' where station_id = $1`,
    [stationId, reply.acknowledged, reply.hash, JSON.stringify(reply)],
  )
}

/** Notes why nothing of a station can be handed on until the county's word of it changes. */
export async function noteTrouble(sql: Sql, stationId: string, trouble: string): Promise<void> {
  await sql.query('update relayed_stations set trouble = $2 where station_id = $1', [stationId, trouble])
}
