import { type EntryPayload, entryPayloads } from '../../preload/contract/entries.ts'
import type { Sql } from '../database.ts'

/** An entry as far as days need it; `payload` is null where it was erased. */
type DayEntry = { readonly seq: number; readonly kind: string; readonly version: number; readonly payload: unknown }

/** Reads the stations' 日清 results into `days_reconciled`, in the transaction that stores the entries. Other kinds and versions are skipped. */
export async function projectDayEntries(sql: Sql, stationId: string, entries: readonly DayEntry[]): Promise<void> {
  const newest = new Map<string, { readonly seq: number; readonly result: EntryPayload<'day.reconciled@1'> }>()
  for (const { seq, kind, version, payload } of entries) {
    if (kind !== 'day.reconciled' || version !== 1) continue
    const { data: result } = entryPayloads['day.reconciled@1'].safeParse(payload)
    // One statement may touch a row once: of a day that a batch tells several times, what comes last in the chain counts.
    if (result !== undefined && seq > (newest.get(result.day)?.seq ?? 0)) newest.set(result.day, { seq, result })
  }
  const told = [...newest.values()]
  if (told.length === 0) return
  await sql.query(
    `insert into days_reconciled (station_id, day, seq, checked_at, agreed, result)
     select $1::text, sent.* from unnest($2::text[], $3::bigint[], $4::text[], $5::boolean[], $6::text[]) as sent
     on conflict (station_id, day) do update set seq = excluded.seq, checked_at = excluded.checked_at,
       agreed = excluded.agreed, result = excluded.result
     where excluded.seq > days_reconciled.seq`,
    [
      stationId,
      told.map(({ result }) => result.day),
      told.map(({ seq }) => seq),
      told.map(({ result }) => result.checkedAtUtc),
      told.map(({ result }) => result.agreed),
      // A text column refuses NUL, which JSON writes as an escape.
      told.map(({ result }) => JSON.stringify(result)),
    ],
  )
}
