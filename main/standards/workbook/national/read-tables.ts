import type { Findings } from '../cell-findings.ts'
import { type CellValue, cellName, type Sheet, type SheetRow } from '../sheets/cells.ts'
import { textOf } from '../tables/codecs.ts'
import { dayOfCell } from '../tables/days.ts'
import { type Field, type NationalTable, nationalTables } from './fields.ts'

/** A row of one of the platform's tables. */
export type NationalRow = {
  readonly sheet: string
  readonly number: number
  /** The cell under a column's name (task_code). */
  cell(head: string): CellValue | undefined
  /** The text under a column's name; '' for none. */
  text(head: string): string
  /** Whether the table has the column. */
  has(head: string): boolean
  /** The name of that cell, C7; of the row's first cell where the table has no such column. */
  cellName(head: string): string
  /** Every cell as text, in the order of the table's heads. */
  readonly texts: readonly string[]
}

/** A table that was found: its heads as they stand there, and its rows. */
export type FoundNational = {
  readonly table: NationalTable
  readonly sheet: string
  readonly fields: readonly Field[]
  readonly heads: readonly string[]
  readonly rows: readonly NationalRow[]
}

const headRows = 12

/** Finds which of the platform's tables a sheet is. Undefined for none; the heads may be column names, their Chinese words, or both. */
export function findNational(sheet: Sheet, is1904: boolean, findings: Findings): FoundNational | undefined {
  for (const [at, row] of sheet.rows.slice(0, headRows).entries()) {
    const heads = [...row.cells].map(([column, cell]): [number, string] => [column, plain(cell)])
    const found = nationalTables.find(({ sign, fields }) => heads.some(([, head]) => nameOf(head, fields) === sign))
    if (found === undefined) continue
    const columns = new Map<string, number>()
    for (const [column, head] of heads) {
      const name = nameOf(head, found.fields)
      if (columns.has(name))
        findings.tellPlace('must', sheet.name, cellName(row.number, column), `表头“${head}”有两列`, '删去一列')
      columns.set(name, column)
    }
    tellUnknown(sheet, found.fields, columns, findings)
    const width = Math.max(...heads.map(([column]) => column)) + 1
    const titles = Array.from({ length: width }, (_, column) => heads.find(([one]) => one === column)?.[1] ?? '')
    const rows = sheet.rows.slice(at + 1).map((one) => rowOf(sheet.name, one, columns, width, is1904))
    tellBeyond(sheet.name, sheet.rows.slice(at + 1), new Set(heads.map(([column]) => column)), findings)
    return { table: found.table, sheet: sheet.name, fields: found.fields, heads: titles, rows }
  }
  return undefined
}

function plain(cell: CellValue): string {
  const found = textOf(cell)
  return 'text' in found ? found.text : ''
}

/** A column's name from its head: itself, the name within it (`事项名称(task_name)`), or by its words. */
export function nameOf(head: string, fields: readonly Field[]): string {
  const lower = head.toLowerCase().trim()
  const name = /[a-z][a-z0-9]*(?:_[a-z0-9]+)*/u.exec(lower)?.[0]
  return name ?? fields.find(({ words }) => words === head.trim())?.head ?? lower
}

/** Columns that the platform itself uses to tell rows apart and hand them on: nobody misses them in a standard. */
const own =
  /^(?:id|version|tenant_id|data_source|row_guid|task_guid|task_code|task_handle_item|order_num|cd_.*|create_.*|update_.*)$/u

function tellUnknown(
  sheet: Sheet,
  fields: readonly Field[],
  columns: ReadonlyMap<string, number>,
  findings: Findings,
): void {
  const unknown = [...columns.keys()].filter(
    (name) => name !== '' && !own.test(name) && !fields.some(({ head }) => head === name),
  )
  if (unknown.length === 0) return
  const told = `${unknown.length} 列在事项标准里没有对应的内容：${unknown.join('、')}`
  findings.tellSheet('should', sheet.name, told, '原样留着，导出国家平台表时写回')
}

function tellBeyond(sheet: string, rows: readonly SheetRow[], known: ReadonlySet<number>, findings: Findings): void {
  for (const { number, cells } of rows) {
    const column = [...cells.keys()].find((one) => !known.has(one))
    if (column === undefined) continue
    findings.tellPlace('must', sheet, cellName(number, column), '这一列没有表头', '写上表头，或删去这一列的内容')
    return
  }
}

function rowOf(
  sheet: string,
  { number, cells }: SheetRow,
  columns: ReadonlyMap<string, number>,
  width: number,
  is1904: boolean,
): NationalRow {
  const cell = (head: string) => {
    const column = columns.get(head)
    return column === undefined ? undefined : cells.get(column)
  }
  return {
    sheet,
    number,
    cell,
    text(head) {
      const found = cell(head)
      return found === undefined ? '' : plain(found)
    },
    has: (head) => columns.has(head),
    cellName: (head) => cellName(number, columns.get(head) ?? 0),
    texts: Array.from({ length: width }, (_, column) => asText(cells.get(column), is1904)),
  }
}

/** A cell's text as it is kept: a day as a day, a number by its digits. */
function asText(cell: CellValue | undefined, is1904: boolean): string {
  if (cell === undefined) return ''
  if (cell.kind === 'text') return cell.text
  const shown = cell.kind === 'number' && cell.isDate ? dayOfCell(cell, is1904) : undefined
  return shown ?? plain(cell)
}
