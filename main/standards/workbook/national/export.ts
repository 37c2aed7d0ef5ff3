import { Pace } from '../pace.ts'
import { makeWorkbook, type WrittenSheet } from '../sheets/write-workbook.ts'
import { isSame, type Json, type JsonObject, partOf } from '../tables/json-parts.ts'
import { extendFields, type Field, listOf, nationalTables, partAt } from './fields.ts'
import { type KeptRow, type KeptTable, keptFields, keptItem, keptMatter } from './kept.ts'
import { nameOf } from './read-tables.ts'
import { partOfStandard, toldBy } from './standard.ts'

type Table = Omit<(typeof nationalTables)[number], 'fields'> & { readonly fields: readonly Field[] }
/** One table under way: the kept one that it goes on from, the names of its columns, and everything that was kept. */
type Writing = {
  readonly table: Table
  readonly kept: KeptTable
  readonly names: readonly string[]
  readonly all: readonly KeptTable[]
}

/**
 * Matters as the national platform's tables, a sheet each, every cell as text. Columns and texts of tables that were
 * imported come back as they were wherever the standard still says the same; what a standard says and no table does
 * (form, rules, steps) is not in them. Works in short steps.
 */
export async function exportNational(matters: readonly JsonObject[], kept: readonly KeptTable[]): Promise<Buffer> {
  const pace = new Pace()
  const sheets: WrittenSheet[] = []
  for (const table of nationalTables) {
    const before = kept.filter((one) => one.table === table.table)
    // What the table of matters holds is not written a second time.
    if (table.table === 'extend' && before.length === 0) continue
    const fresh: KeptTable = { table: table.table, sheet: table.sheet, heads: freshHeads(table), rows: [] }
    const known = new Set(before.flatMap(({ rows }) => rows.map(({ itemId }) => itemId)))
    for (const [at, one] of (before.length === 0 ? [fresh] : before).entries()) {
      const takesNew = at === 0 && table.table !== 'extend'
      const own = matters.filter(
        ({ itemId }) => one.rows.some((row) => row.itemId === itemId) || (takesNew && !known.has(String(itemId))),
      )
      const names = one.heads.map((head) => nameOf(head, table.fields))
      sheets.push(
        await sheetOf({ table: { ...table, fields: keptFields(one) }, kept: one, names, all: kept }, own, pace),
      )
    }
  }
  return await makeWorkbook(sheets)
}

function freshHeads(table: Table): string[] {
  const links = table.table === 'basic' ? ['row_guid'] : ['task_guid', 'task_code', 'task_handle_item', 'order_num']
  return [...links, ...table.fields.map(({ head }) => head)]
}

async function sheetOf(writing: Writing, matters: readonly JsonObject[], pace: Pace): Promise<WrittenSheet> {
  const { table, kept, names } = writing
  const fields: readonly Field[] = table.fields
  const rows: { readonly cells: ReadonlyMap<string, string>; readonly row: KeptRow | undefined }[] = []
  for (const matter of matters) {
    for (const [at, item] of itemsOf(table, matter).entries()) {
      const row = rowOf(writing, matter, item)
      const cells = cellsOf(writing, matter, item, row)
      if (row === undefined) for (const [head, text] of linksOf(table, matter, at)) cells.set(head, text)
      rows.push({ row, cells })
    }
    await pace.rest()
  }
  const added = fields
    .map(({ head }) => head)
    .filter((head) => !names.includes(head) && rows.some(({ cells }) => (cells.get(head) ?? '') !== ''))
  const columns = [
    ...kept.heads.map((head, at) => ({ head, name: names[at] ?? head })),
    ...added.map((head) => ({ head, name: head })),
  ]
  return {
    name: kept.sheet
      .replace(/\.[a-z]+$/iu, '')
      .replaceAll(/[\\/?*[\]:]/gu, '_')
      .slice(0, 31),
    columns: columns.map(({ head }) => ({ head, hint: '', width: 20, kind: 'text' })),
    rows: rows.map(({ cells, row }) => columns.map(({ name }, at) => cells.get(name) ?? row?.texts[at] ?? '')),
    fixedColumns: 1,
    hasHints: false,
  }
}

const isOfMatter = ({ table }: Table) => table === 'basic' || table === 'extend'

/** What the table has a row for: the matter itself, or each item of a list. */
function itemsOf({ table }: Table, matter: JsonObject): readonly Json[] {
  if (table === 'basic' || table === 'extend') return [toldBy(matter)]
  const list = matter[listOf[table]]
  return Array.isArray(list) ? list : []
}

/** The kept row that an item came from: a material by its id, a fee or a question by what it asks. */
function rowOf({ table, kept, names }: Writing, { itemId }: JsonObject, item: Json): KeptRow | undefined {
  const own = kept.rows.filter((row) => row.itemId === itemId)
  if (isOfMatter(table)) return own[0]
  const sign = { material: 'id', fee: 'item', question: 'question' }[table.table as keyof typeof listOf]
  return own.find((row) => isSame(partOf(keptItem(table, names, row), sign), partOf(item, sign)))
}

/** Cells that say something else than what was kept, or of which nothing was kept; by the columns' names. */
function cellsOf(
  { table, names, all }: Writing,
  matter: JsonObject,
  item: Json,
  row: KeptRow | undefined,
): Map<string, string> {
  const ofMatter = isOfMatter(table)
  const was =
    row === undefined ? undefined : ofMatter ? keptMatter(String(matter.itemId), all) : keptItem(table, names, row)
  const cells = new Map<string, string>()
  for (const { head, path, codec } of table.fields) {
    const part = ofMatter ? partOfStandard(path) : (path[0] ?? '')
    const isKept = was !== undefined && isSame(partOf(was, part), partOf(ofMatter ? matter : item, part))
    if (isKept || isElsewhere(head, table, names, all)) continue
    const value = partAt(item, path)
    const text = value === undefined ? '' : String(codec.write(value) ?? '')
    if (names.includes(head) || text !== '') cells.set(head, text)
  }
  return cells
}

/** Whether another of the two tables of matters is the one that holds a column. */
function isElsewhere(
  head: string,
  { table, fields }: Table,
  names: readonly string[],
  all: readonly KeptTable[],
): boolean {
  if (names.includes(head)) return false
  const other = all.filter((one) =>
    table === 'basic' ? one.table === 'extend' : table === 'extend' && one.table === 'basic',
  )
  if (table === 'basic') return other.length > 0 && extendFields.some((field) => field.head === head)
  return other.some(({ heads }) => heads.some((one) => nameOf(one, fields) === head))
}

function linksOf({ table }: Table, matter: JsonObject, at: number): [string, string][] {
  const id = String(matter.itemId ?? '')
  if (table === 'basic') return [['row_guid', id]]
  return [
    ['task_guid', id],
    ['task_code', String(matter.code ?? '')],
    ['task_handle_item', String(matter.handlingCode ?? '')],
    ['order_num', String(at + 1)],
  ]
}
