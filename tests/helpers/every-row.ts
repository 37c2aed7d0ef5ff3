// Owns: everything that lies in a database, so that a test can say that nothing of it was touched.
// Does not own: which rows follow from the ledger (main/store: snapshotTables).
// Start here: `everyRow`, `everyCentreRow`.
import type { Sql } from '../../central/database.ts'
import type { SqlDatabase } from '../../main/store/index.ts'

/** Every row of every table of a station but these, in one order. */
export function everyRow(db: SqlDatabase, but: readonly string[] = []): Record<string, string[]> {
  const names = db
    .all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .map(({ name }) => name)
    .filter((name) => !but.includes(name))
  const rowsOf = (name: string) => db.all<object>(`SELECT * FROM "${name}"`).map((row) => JSON.stringify(row))
  return Object.fromEntries(names.map((name) => [name, rowsOf(name).toSorted()]))
}

/** Every row of every table of a centre, in one order. */
export async function everyCentreRow(sql: Sql): Promise<Record<string, string[]>> {
  const tables = await sql.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by tablename",
  )
  const rows: Record<string, string[]> = {}
  for (const { name } of tables) {
    const found = await sql.query<{ row: string }>(`select t::text as row from "${name}" as t`)
    rows[name] = found.map(({ row }) => row).toSorted()
  }
  return rows
}
