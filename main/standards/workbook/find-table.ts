import type { CellPlace, Findings } from './cell-findings.ts'
import { type CellValue, cellName, type Sheet, type SheetRow } from './sheets/cells.ts'
import { textOf } from './tables/codecs.ts'

/** A row of a table below its heads. */
export type TableRow = {
  readonly sheet: string
  /** The key's text; '' where it is empty. */
  readonly key: string
  /** The cell under a head. */
  cell(head: string): CellValue | undefined
  /** The name of the cell under a head, C7; that of the row's first cell where the table has no such head. */
  cellName(head: string | undefined): string
  /** Whether anything stands under other heads than these. */
  hasMore(heads: readonly string[]): boolean
  /** Where a path of a document stands. */
  place(head: string | undefined, path: CellPlace['path']): CellPlace
}

/** A sheet's table. */
export type FoundTable = {
  readonly sheet: string
  readonly heads: readonly string[]
  readonly rows: readonly TableRow[]
}

/** Rows from the top among which the heads are looked for: people put titles above. */
const headRows = 12

/** Finds the heads of a sheet and gives the rows below. Tells of heads that are unknown, twice, or not there at all; undefined then. */
export function findTable(
  sheet: Sheet,
  keyHead: string,
  known: readonly string[],
  findings: Findings,
): FoundTable | undefined {
  const headAt = sheet.rows.findIndex(
    (row, at) => at < headRows && [...row.cells.values()].some((cell) => headOf(cell) === keyHead),
  )
  const headRow = sheet.rows[headAt]
  if (headRow === undefined) {
    if (sheet.rows.length > 0) findings.tellSheet('must', sheet.name, `没有“${keyHead}”这个表头`, '表头要和模板一样')
    return undefined
  }
  const columns = columnsOf(sheet.name, headRow, sheet.rows.slice(headAt + 1), known, findings)
  const rows = sheet.rows.slice(headAt + 1).filter((row) => !isHint(row))
  return {
    sheet: sheet.name,
    heads: [...columns.keys()],
    rows: rows.map((row) => tableRow(sheet.name, row, keyHead, columns, findings)),
  }
}

/** A head without the marks that people add. */
function headOf(cell: CellValue): string {
  const found = textOf(cell)
  return 'text' in found ? found.text.replaceAll(/\s+|[*＊]|（必填）|\(必填\)/gu, '') : ''
}

function columnsOf(
  sheet: string,
  headRow: SheetRow,
  below: readonly SheetRow[],
  known: readonly string[],
  findings: Findings,
) {
  const columns = new Map<string, number>()
  const taken = new Set<number>()
  const used = new Set(below.filter((row) => !isHint(row)).flatMap(({ cells }) => [...cells.keys()]))
  for (const [column, cell] of headRow.cells) {
    const head = headOf(cell)
    const place = cellName(headRow.number, column)
    taken.add(column)
    if (columns.has(head)) findings.tellPlace('must', sheet, place, `表头“${head}”有两列`, '删去一列')
    else if (known.includes(head)) columns.set(head, column)
    else if (used.has(column) && !head.startsWith('备注')) {
      findings.tellPlace(
        'must',
        sheet,
        place,
        `不认识表头“${head}”，这一列没有读取`,
        '表头要和模板一样；只给人看的，表头以“备注”开头',
      )
    }
  }
  const orphan = below.find((row) => !isHint(row) && [...row.cells.keys()].some((column) => !taken.has(column)))
  if (orphan !== undefined) {
    const column = [...orphan.cells.keys()].find((one) => !taken.has(one)) ?? 0
    findings.tellPlace('must', sheet, cellName(orphan.number, column), '这一列没有表头', '写上表头，或删去这一列的内容')
  }
  return columns
}

/** The line of explanation. */
function isHint(row: SheetRow): boolean {
  const [first] = row.cells.values()
  return first?.kind === 'text' && /^说明[：:]/u.test(first.text.trim())
}

function tableRow(
  sheet: string,
  row: SheetRow,
  keyHead: string,
  columns: ReadonlyMap<string, number>,
  findings: Findings,
): TableRow {
  const cell = (head: string) => {
    const column = columns.get(head)
    return column === undefined ? undefined : row.cells.get(column)
  }
  const name = (head: string | undefined) =>
    cellName(row.number, columns.get(head ?? keyHead) ?? columns.get(keyHead) ?? 0)
  const keyCell = cell(keyHead)
  const key = keyCell === undefined ? { text: '' } : textOf(keyCell)
  if ('fault' in key)
    findings.tellPlace('must', sheet, name(keyHead), `${keyHead}：${key.fault.problem}`, key.fault.remedy)
  return {
    sheet,
    key: 'text' in key ? key.text : '',
    cell,
    cellName: name,
    hasMore: (heads) => [...columns].some(([head, column]) => !heads.includes(head) && row.cells.has(column)),
    place: (head, path) => ({ path, sheet, cell: name(head), head: head ?? '' }),
  }
}
