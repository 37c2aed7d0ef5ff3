import { type EntryPayload, entryPayloads } from '../../preload/contract/entries.ts'
import type { Sql } from '../database.ts'

/** An entry as far as days need it; `payload` is null where it was erased. */
type DayEntry = { readonly seq: number; readonly kind: string; readonly version: number; readonly payload: unknown }

/** Reads the stations' 日清 results into `days_reconciled`, in the transaction that stores the entries. Other kinds and versions are skipped. */
export async function projectDayEntries(sql: Sql, stationId: string, entries: readonly DayEntry[]): Promise<void> {
  for (const { seq, kind, version, payload } of entries) {
    if (kind !== 'day.reconciled' || version !== 1) continue
    const { data } = entryPayloads['day.reconciled@1'].safeParse(payload)
    if (data !== undefined) await keepResult(sql, stationId, seq, data)
  }
}

function keepResult(sql: Sql, stationId: string, seq: number, result: EntryPayload<'day.reconciled@1'>) {
  return sql.query(
    `insert into days_reconciled (station_id, day, seq, checked_at, agreed, result) values ($1, $2, $3, $4, $5, $6)
     on conflict (station_id, day) do update set seq = excluded.seq, checked_at = excluded.checked_at,
       agreed = excluded.agreed, result = excluded.result
     where excluded.seq > days_reconciled.seq`,
    // A text column refuses NUL, which JSON writes as an escape.
    [stationId, result.day, seq, result.checkedAtUtc, result.agreed, JSON.stringify(result)],
  )
}
