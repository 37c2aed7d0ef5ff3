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
