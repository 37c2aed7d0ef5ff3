import { type CellPlace, type Findings, rowKey } from './cell-findings.ts'
import type { FoundTable, TableRow } from './find-table.ts'
import type { Pace } from './pace.ts'
import type { CellValue } from './sheets/cells.ts'
import { textOf } from './tables/codecs.ts'
import type { Json, JsonObject } from './tables/json-parts.ts'
import { type Columns, readRow } from './tables/rows.ts'
import type { DocumentSheets } from './tables/sheets.ts'

/** Rows of sheets on their way into documents. */

/** What reading goes by. */
export type Reading = { readonly findings: Findings; readonly is1904: boolean; readonly pace: Pace }
/** A document under way. */
export type Draft = { json: JsonObject; readonly places: CellPlace[]; name: string; readonly rows: Set<string> }

/** A document of which nothing is known yet. */
export const emptyDraft = (): Draft => ({ json: {}, places: [], name: '', rows: new Set() })

/** Rows of one document in one sheet: several times what any part of a standard may have. */
const mostRows = 500
/** A cell's text; undefined where it has none that can be read. */
export function plainText(cell: CellValue | undefined): string | undefined {
  const found = cell === undefined ? undefined : textOf(cell)
  return found !== undefined && 'text' in found ? found.text : undefined
}

/** Reads a row and notes where its parts stand. */
export function readItem(
  kind: Columns,
  row: TableRow,
  base: CellPlace['path'],
  draft: Draft,
  { findings, is1904 }: Reading,
): Json {
  draft.places.push(row.place(undefined, base))
  for (const { head, path } of kind.columns) draft.places.push(row.place(head, [...base, ...path]))
  return readRow(kind, row.cell, is1904, (head, { problem, remedy }) =>
    findings.tellCell('must', row, head, problem, remedy),
  )
}

/** Gives each row to the document that it belongs to: by its key, or that of the row above. */
export async function eachRow(
  table: FoundTable | undefined,
  drafts: ReadonlyMap<string, Draft>,
  { keyHead, nameHead, main }: DocumentSheets,
  { findings, pace }: Reading,
  take: (draft: Draft, row: TableRow) => void,
): Promise<void> {
  const tellLabel = labelTeller(drafts, nameHead, main.sheet, findings)
  const taken = new Map<Draft, number>()
  let key = ''
  for (const row of table?.rows ?? []) {
    await pace.rest()
    if (row.key !== '') key = row.key
    if (!row.hasMore([keyHead, nameHead])) continue
    const draft = drafts.get(key)
    if (draft === undefined) {
      const problem = key === '' ? '没有填，看不出属于哪一个' : `“${main.sheet}”表里没有“${key}”`
      findings.tellCell('must', row, keyHead, problem, `填“${main.sheet}”表里有的${keyHead}`)
      continue
    }
    draft.rows.add(rowKey(row.sheet, row.cellName(keyHead)))
    tellLabel(row, key, draft)
    const count = (taken.get(draft) ?? 0) + 1
    taken.set(draft, count)
    if (count <= mostRows) take(draft, row)
    else if (count === mostRows + 1)
      findings.tellCell('must', row, keyHead, `“${key}”的行太多`, `一个标识最多 ${mostRows} 行`)
  }
}

/**
 * Tells names beside keys that say otherwise: one that is another document's is a row in the wrong place; one that was
 * changed in its own sheet alone is stale, which is said once a document.
 */
function labelTeller(drafts: ReadonlyMap<string, Draft>, nameHead: string, mainSheet: string, findings: Findings) {
  const names = new Set([...drafts.values()].map(({ name }) => name))
  const told = new Set<Draft>()
  return (row: TableRow, key: string, draft: Draft): void => {
    const label = plainText(row.cell(nameHead)) ?? draft.name
    if (label === draft.name || draft.name === '') return
    if (names.has(label)) {
      const problem = `写的是“${label}”，标识“${key}”却是“${draft.name}”`
      findings.tellCell('must', row, nameHead, problem, '核对这行属于哪一个')
    } else if (!told.has(draft)) {
      const problem = `还是“${label}”，“${mainSheet}”表里是“${draft.name}”；按标识读取`
      findings.tellCell('should', row, nameHead, problem, '改成一样的，或留空')
    }
    told.add(draft)
  }
}
