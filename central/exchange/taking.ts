// Owns: rows of the other system taken as decisions, by the same rules as an officer's; what cannot be taken, listed.
// Does not own: what a row means (mapping.ts), which steps are legal (preload/contract/case-steps.ts).
// Start here: `takeAll`.
import { decideWithin } from '../cases/cases.ts'
import type { Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { decisionsOfRow, type RowMeaning, type TheirRow } from './mapping.ts'
import { tableName } from './schema.ts'
import type { ExchangeEnds } from './shipping.ts'

/** What came of a pass. `open`: rows that could not be taken now. */
export type Taken = { readonly taken: number; readonly open: number }

const pageRows = 500

/** How a table's columns are read; in the order of writing whoever wrote where. */
const reads: readonly (readonly [TheirRow['table'], code: string, reason: string, list: string])[] = [
  ['SL', 'slztdm', 'bslyy', 'null'],
  ['BZGZ', 'null', 'bzgzyy', 'bzclqd'],
  ['BJ', 'bjjgdm', 'zfhthyy', 'null'],
]

const unread = reads
  .map(
    ([table, code, reason, list]) =>
      `select '${table}' as "table", cunchuang_key::text as key, cunchuang_number as number, coalesce(sblsh::text, '') as sblsh, ${code}::text as code,
         ${reason}::text as reason, ${list}::text as list from ${tableName(table)}
       where cunchuang_source is null and cunchuang_read_at is null and cunchuang_number > $1`,
  )
  .join('\nunion all\n')

/**
 * Takes every row of theirs that is not taken yet, in the order in which they were written. A row is a decision in the
 * station's feed and a line in our list in one transaction, so that it counts once even where the adapter dies before it
 * could mark the row. What is not legal now, or of a case that has not come yet, stays open and is tried at the next pass.
 */
export async function takeAll(ends: ExchangeEnds, now: Date): Promise<Taken> {
  let [taken, open, after] = [0, 0, -1]
  for (;;) {
    const rows = await ends.exchange.query<TheirRow>(`${unread}\norder by number limit ${pageRows}`, [after])
    for (const row of rows) {
      const isSettled = await takeRow(ends, row, now)
      if (isSettled) taken += 1
      else open += 1
    }
    const last = rows.at(-1)
    if (last === undefined) return { taken, open }
    after = last.number
  }
}

async function takeRow(ends: ExchangeEnds, row: TheirRow, now: Date): Promise<boolean> {
  try {
    await ends.centre.transaction((sql) => decideByRow(sql, row, now))
  } catch (error) {
    if (!(error instanceof Refusal) || error.error === 'internal') throw error
    await noteOpen(ends.centre, row, error.message, now)
    return false
  }
  await ends.exchange.query(
    `update ${tableName(row.table)} set cunchuang_read_at = $2 where cunchuang_key = $1::uuid`,
    [row.key, now.toISOString()],
  )
  return true
}

async function decideByRow(sql: Sql, row: TheirRow, now: Date): Promise<void> {
  const [known] = await sql.query<{ state: string }>('select state from exchange_rows where row_key = $1 for update', [
    row.key,
  ])
  // Settled before, and the adapter died before it could say so in their table.
  if (known !== undefined && known.state !== 'open') return
  const found = await sql.query<{ case_id: string; state: string }>(
    // A number is its window's: another's case under it is not meant.
    `select case_id, state from cases where local_number = $1 and starts_with($1, station_id || '-') limit 2`,
    [row.sblsh],
  )
  const [one] = found
  if (one === undefined || found.length > 1) throw new Refusal('not_found', '中心没有这个办件，或还没有到')
  const meaning = decisionsOfRow(row, one.state)
  if ('why' in meaning) throw new Refusal('step_not_legal', meaning.why)
  await settle(sql, row, meaning.said, now)
  for (const [at, decision] of meaning.decisions.entries()) {
    // A reason is told once: with the decision that it explains.
    const reason = at === 0 ? meaning.reason : ''
    const { stationId, cursor } = await decideWithin(sql, one.case_id, { decision, reason, officer: '数据交换' }, now)
    const values = [stationId, cursor, row.key]
    await sql.query('insert into exchange_decisions (station_id, cursor, row_key) values ($1, $2, $3)', values)
  }
}

function settle(sql: Sql, row: TheirRow, said: string, now: Date) {
  return sql.query(
    `insert into exchange_rows (row_key, sblsh, said, state, why, seen_at, settled_at, number)
     values ($1, $2, $3, 'taken', '', $4, $4, $5)
     on conflict (row_key) do update set state = 'taken', why = '', settled_at = excluded.settled_at`,
    [row.key, row.sblsh, said, now.toISOString(), row.number],
  )
}

async function noteOpen(sql: Sql, row: TheirRow, why: string, now: Date): Promise<void> {
  const meaning: RowMeaning = decisionsOfRow(row, '')
  await sql.query(
    `insert into exchange_rows (row_key, sblsh, said, state, why, seen_at, number) values ($1, $2, $3, 'open', $4, $5, $6)
     on conflict (row_key) do update set why = excluded.why where exchange_rows.state = 'open'`,
    [row.key, row.sblsh, meaning.said, why, now.toISOString(), row.number],
  )
}

/** A row of theirs that could not be taken. */
export type OpenRow = {
  readonly rowKey: string
  readonly sblsh: string
  readonly said: string
  readonly why: string
  readonly seenAtUtc: string
}

/** Rows that could not be taken, the oldest first. */
export async function listOpenRows(sql: Sql): Promise<OpenRow[]> {
  type Row = Omit<OpenRow, 'seenAtUtc'> & { seenAt: Date }
  const rows = await sql.query<Row>(
    `select row_key as "rowKey", sblsh, said, why, seen_at as "seenAt" from exchange_rows
     where state = 'open' order by number, row_key`,
  )
  return rows.map(({ seenAt, ...row }) => ({ ...row, seenAtUtc: seenAt.toISOString() }))
}

/** An officer settles an open row by hand: it is tried no more. Refuses `not_found`. */
export async function dismissRow(sql: Sql, rowKey: string, reason: string, now: Date): Promise<void> {
  const done = await sql.query(
    `update exchange_rows set state = 'dismissed', why = $2, settled_at = $3 where row_key = $1 and state = 'open'
     returning 1 as one`,
    [rowKey, reason, now.toISOString()],
  )
  if (done.length === 0) throw new Refusal('not_found', '没有这一行，或已经处理过')
}
