import type { DayResult } from '../../preload/contract/sync.ts'
import type { Sql } from '../database.ts'

/** How one station stands on a day. */
export type StationDay = {
  readonly stationId: string
  readonly windowName: string
  /** `none`: no result of that day has come. */
  readonly state: 'agreed' | 'differs' | 'none'
  /** Null where none has come. */
  readonly result: DayResult | null
  /** When the centre last got entries of it; null for never. */
  readonly lastSeenAtUtc: string | null
}

type Row = {
  readonly stationId: string
  readonly windowName: string
  readonly agreed: boolean | null
  readonly result: string | null
  readonly lastSeen: Date | null
}

/** Every station with its result of a day: those without one first, then those that differ. A replaced machine is left out where it has none. */
export async function listDay(sql: Sql, day: string): Promise<StationDay[]> {
  const rows = await sql.query<Row>(
    `select stations.station_id as "stationId", window_name as "windowName", agreed, result,
       last_seen_at as "lastSeen"
     from stations left join days_reconciled on days_reconciled.station_id = stations.station_id and day = $1
     where replaced_by is null or result is not null
     order by agreed nulls first, stations.station_id`,
    [day],
  )
  return rows.map(({ stationId, windowName, agreed, result, lastSeen }) => ({
    stationId,
    windowName,
    state: agreed === null ? 'none' : agreed ? 'agreed' : 'differs',
    result: result === null ? null : JSON.parse(result),
    lastSeenAtUtc: lastSeen?.toISOString() ?? null,
  }))
}
