// Owns: what the exchange database will not hold, listed until it does or an officer dismisses it.
// Does not own: the list's rows of the other system (taking.ts).
// Start here: `holdRow`.
import type { Sql } from '../database.ts'
import { type ExchangeTable, tableName } from './schema.ts'

/** A row that the exchange database would not hold. `source` names the entry (`entry:station:seq`) or the decision (`feed:station:cursor`). */
export type RefusedRow = {
  readonly source: string
  readonly sblsh: string
  readonly table: ExchangeTable
  /** SQLSTATE and constraint; no values. */
  readonly why: string
}

/** Thrown where a row is refused; its transaction is lost with it. */
export class RowRefused extends Error {
  readonly row: RefusedRow

  constructor(row: RefusedRow) {
    super('the exchange database refused a row')
    this.row = row
  }
}

/** Lists a refused row for an officer; one that was dismissed stays so. */
export async function holdRow(centre: Sql, { source, sblsh, table, why }: RefusedRow, now: Date): Promise<void> {
  const name = tableName(table).toUpperCase()
  await centre.query(
    `insert into exchange_rows (row_key, sblsh, said, state, why, seen_at, number) values ($1, $2, $3, 'open', $4, $5, 0)
     on conflict (row_key) do update set why = excluded.why where exchange_rows.state = 'open'`,
    [source, sblsh, `写出到 ${name}`, `交换库的表装不下这一行（${why}）`, now.toISOString()],
  )
}

/** What is held and not dismissed, the oldest first. */
export async function listHeld(centre: Sql): Promise<string[]> {
  const rows = await centre.query<{ row_key: string }>(
    `select row_key from exchange_rows where state = 'open' and (row_key like 'entry:%' or row_key like 'feed:%')
     order by seen_at, row_key`,
  )
  return rows.map(({ row_key }) => row_key)
}

/** A held row was written after all. */
export async function releaseRow(centre: Sql, source: string, now: Date): Promise<void> {
  await centre.query(
    `update exchange_rows set state = 'taken', why = '', settled_at = $2 where row_key = $1 and state = 'open'`,
    [source, now.toISOString()],
  )
}
