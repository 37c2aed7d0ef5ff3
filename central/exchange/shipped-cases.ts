// Owns: the case of an entry as the exchange knows it, and which machines speak for it.
// Does not own: rows and when they are written (shipping.ts), what they are in its words (mapping.ts).
// Start here: `shippedCase`.
import { type EntryPayload, entryPayloads } from '../../preload/contract/entries.ts'
import type { Sql } from '../database.ts'
import type { ShippedCase } from './mapping.ts'

/** The machines by which a case went, the first one first: each speaks for it, nobody else does. */
const machinesOf = `with recursive machines (id, next, step) as (
    select stations.station_id, replaced_by, 0 from cases join stations using (station_id) where case_id = $2
    union all select s.station_id, s.replaced_by, step + 1 from stations s join machines on s.station_id = machines.next
  )`

/** The number under which a case is known in the exchange, where the station may speak for it; else ''. */
export async function numberOf(centre: Sql, stationId: string, caseId: string): Promise<string> {
  const [row] = await centre.query<{ local_number: string }>(
    `${machinesOf} select local_number from cases where case_id = $2 and starts_with(local_number, station_id || '-')
       and exists (select 1 from machines where id = $1)`,
    [stationId, caseId],
  )
  return row?.local_number ?? ''
}

/** The case of an entry; undefined for one of a training, one that was erased, one under another window's number, one that is somebody else's, and one that this centre could not read. */
export async function shippedCase(
  centre: Sql,
  stationId: string,
  { subject, seq }: { readonly subject: string; readonly seq: number },
): Promise<ShippedCase | undefined> {
  const [row] = await centre.query<{ payload: string | null; station: string; supplements: number }>(
    `${machinesOf}, own as (select step from machines where id = $1)
     select entries.payload, cases.station_id as station, (
       select count(*) from entries as said join machines on machines.id = said.station_id, own
       where said.subject = $2 and said.kind = 'case.supplemented'
         and (machines.step < own.step or (machines.step = own.step and said.seq <= $3))) as supplements
     from cases join entries on entries.station_id = cases.station_id and entries.seq = cases.seq, own
     where case_id = $2`,
    [stationId, subject, seq],
  )
  const first = firstOf(row?.payload ?? null)
  if (row === undefined || first === undefined || first.training) return undefined
  if (!first.localNumber.startsWith(`${row.station}-`)) return undefined
  return { sblsh: first.localNumber, sbVersion: 1 + row.supplements, first }
}

function firstOf(payload: string | null): EntryPayload<'case.received@1'> | undefined {
  return payload === null ? undefined : entryPayloads['case.received@1'].safeParse(JSON.parse(payload)).data
}
