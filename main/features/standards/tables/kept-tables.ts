import { type KeptTable, keptTablesSchema } from '../../../standards/workbook/index.ts'
import type { Settings } from '../../../store/index.ts'

/** The national platform's tables as they were imported: an export writes back what a standard does not hold. */

const settingName = 'standards.national-tables'

/** The tables that were kept; none where nothing was, or where what was kept is no longer understood. */
export function keptTables(settings: Settings): readonly KeptTable[] {
  const kept = keptTablesSchema.safeParse(settings.get(settingName))
  return kept.success ? kept.data.tables : []
}

/** Keeps the rows of matters that were taken over, in the place of what was kept of them before. Inside a transaction. */
export function keepTables(settings: Settings, tables: readonly KeptTable[], itemIds: readonly string[]): void {
  if (tables.length === 0) return
  const taken = new Set(itemIds)
  const before = keptTables(settings).map((table) => withRows(table, (itemId) => !taken.has(itemId)))
  const fresh = tables.map((table) => withRows(table, (itemId) => taken.has(itemId)))
  const all = new Map<string, KeptTable>()
  for (const table of [...before, ...fresh].filter(({ rows }) => rows.length > 0)) {
    // Rows of one table that came in several files stand in one again.
    const key = JSON.stringify([table.table, table.heads])
    const known = all.get(key)
    all.set(key, known === undefined ? table : { ...known, rows: [...known.rows, ...table.rows] })
  }
  settings.set(settingName, { format: 1, tables: [...all.values()] })
}

function withRows(table: KeptTable, isWanted: (itemId: string) => boolean): KeptTable {
  return { ...table, rows: table.rows.filter(({ itemId }) => isWanted(itemId)) }
}
