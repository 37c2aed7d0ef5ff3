import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import { type CellPlace, Findings, rowKey } from './cell-findings.ts'
import { type FoundTable, findTable } from './find-table.ts'
import { readForms } from './import-forms.ts'
import { type Draft, eachRow, emptyDraft, plainText, type Reading, readItem } from './import-rows.ts'
import { checkImported, type Imported } from './imported.ts'
import { Pace } from './pace.ts'
import { documentSheets, formSheet, guideName, longSheet } from './sheet-list.ts'
import type { CellValue, Sheet } from './sheets/cells.ts'
import { openWorkbook, type Workbook } from './sheets/read-workbook.ts'
import { longMark } from './tables/codecs.ts'
import { addRest, type Json, type JsonObject, named, objectOf, partOf } from './tables/json-parts.ts'
import { questionColumns } from './tables/questions.ts'
import { type Columns, restHead } from './tables/rows.ts'
import type { DocumentSheets } from './tables/sheets.ts'

/** A document as the workbook has it, and where its parts stand. Nothing is said yet about whether it is right. */
export type ReadDocument = {
  readonly kind: DocumentKind
  readonly id: string
  readonly json: JsonObject
  readonly places: readonly CellPlace[]
  /** The rows that it was read from, as `rowKey` names them. */
  readonly rows: ReadonlySet<string>
}

/** What reading a workbook gave: documents, and what is wrong with cells. */
export type ReadWorkbook = { readonly documents: readonly ReadDocument[]; readonly findings: Findings }

/**
 * Imports the standards of a workbook. Everything that is wrong is told at once, with its cell (`“申请材料”表 C7`). Throws
 * WORKBOOK_REFUSED for a file that is not read at all.
 * @param name how the file is called in findings.
 */
export async function importWorkbook(bytes: Buffer, name: string, pace: Pace = new Pace()): Promise<Imported> {
  const { documents, findings } = await readWorkbook(bytes, name, pace)
  return await checkImported(documents, findings, pace)
}

/**
 * Reads the documents of a workbook. Everything that is wrong with cells is told at once; a document with a wrong cell
 * lacks what stood in it. Throws WORKBOOK_REFUSED for a file that is not read at all.
 * @param name how the file is called in findings.
 */
export async function readWorkbook(bytes: Buffer, name: string, pace: Pace = new Pace()): Promise<ReadWorkbook> {
  const findings = new Findings(name)
  const book = await openWorkbook(bytes, pace)
  tellUnread(book, findings)
  const long = await longTexts(book)
  const documents: ReadDocument[] = []
  let tables = 0
  for (const [at, sheets] of documentSheets.entries()) {
    pace.tell(at / documentSheets.length / 2)
    const found = await readTables(book, sheets, long, findings)
    tables += found.length
    documents.push(...(await readKind(sheets, found, { findings, is1904: book.is1904, pace })))
  }
  if (tables === 0)
    findings.tellFile(
      '没有找到事项标准的表',
      '下载模板，按模板的表名和表头填写；国家平台的表（task_name……）要选国家平台的表导入',
    )
  else if (documents.length === 0) findings.tellFile('表里没有填任何事项', '在“基本信息”表里填写，一行一个事项')
  return { documents, findings }
}

/** Documents of one kind in a workbook. */
const mostDocuments = 2000

const knownSheets = new Set([
  guideName,
  longSheet,
  formSheet,
  ...documentSheets.flatMap(({ main, lists }) => [main.sheet, ...lists.map(({ sheet }) => sheet)]),
])

function tellUnread(book: Workbook, findings: Findings): void {
  for (const name of book.sheetNames.filter((one) => !knownSheets.has(one.trim()) && !one.startsWith('备注'))) {
    findings.tellSheet('should', name, '不认识这张表，没有读取', '表名要和模板一样；只给人看的，表名以“备注”开头')
  }
  const names = book.sheetNames.map((name) => name.trim().toLowerCase())
  const twice = book.sheetNames.filter((_, at) => names.indexOf(names[at] ?? '') < at)
  for (const name of twice)
    findings.tellSheet('must', name, '有两张表都叫这个名字，只能读一张', '合并成一张；不用的一张，表名以“备注”开头')
  if (book.hasPictures) findings.tellFile('工作簿里有图片，没有读取', '样表、图示写网址或名称', 'should')
}

/** Long texts by their number. */
async function longTexts(book: Workbook): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  if (!book.sheetNames.includes(longSheet)) return texts
  const { rows } = await book.read(longSheet)
  for (const { cells } of rows) {
    const [number, , content] = [0, 1, 2].map((column) => cells.get(column)).map((cell) => plainText(cell))
    if (number === undefined || content === undefined || !/^\|.*\|$/su.test(content)) continue
    texts.set(number, (texts.get(number) ?? '') + content.slice(1, -1))
  }
  return texts
}

/** Tables of one kind of document that the workbook has. */
async function readTables(
  book: Workbook,
  sheets: DocumentSheets,
  long: ReadonlyMap<string, string>,
  findings: Findings,
) {
  const found: FoundTable[] = []
  const wanted: readonly (Columns & { readonly sheet: string })[] = [
    sheets.main,
    ...sheets.lists,
    ...(sheets.kind === 'matter' ? [{ ...questionColumns, sheet: formSheet }] : []),
  ]
  for (const { sheet, columns } of wanted) {
    const name = book.sheetNames.find((one) => one.trim() === sheet)
    if (name === undefined) continue
    const heads = [sheets.keyHead, sheets.nameHead, ...columns.map(({ head }) => head), restHead]
    const table = findTable(withLong(await book.read(name), long), sheets.keyHead, heads, findings)
    if (table !== undefined) found.push(table)
  }
  return found
}

function withLong(sheet: Sheet, long: ReadonlyMap<string, string>): Sheet {
  if (long.size === 0) return sheet
  const rows = sheet.rows.map(({ number, cells }) => {
    const whole = [...cells].map(([column, cell]): [number, CellValue] => {
      const text = cell.kind === 'text' && cell.text.startsWith(longMark) ? cell.text.slice(longMark.length).trim() : ''
      const found = text === '' ? undefined : long.get(text)
      return [column, found === undefined ? cell : { kind: 'text', text: found }]
    })
    return { number, cells: new Map(whole) }
  })
  return { name: sheet.name, rows }
}

async function readKind(
  sheets: DocumentSheets,
  tables: readonly FoundTable[],
  reading: Reading,
): Promise<ReadDocument[]> {
  const table = (sheet: string) => tables.find((one) => one.sheet.trim() === sheet)
  const drafts = await readMain(sheets, table(sheets.main.sheet), reading)
  for (const list of sheets.lists) {
    const lists = new Map<Draft, Json[]>()
    await eachRow(table(list.sheet), drafts, sheets, reading, (draft, row) => {
      const items = lists.get(draft) ?? []
      items.push(readItem(list, row, [list.field, items.length], draft, reading))
      lists.set(draft, items)
    })
    for (const [draft, items] of lists) draft.json = { ...draft.json, [list.field]: items }
  }
  if (sheets.kind === 'matter') await readForms(table(formSheet), drafts, sheets, reading)
  return [...drafts.values()].map(({ json, places, rows }) => ({
    kind: sheets.kind,
    id: String(json[sheets.keyPath] ?? ''),
    json: withLists(sheets, json),
    places,
    rows,
  }))
}

/** A list that a document has to have is empty where it has no rows. */
function withLists({ lists }: DocumentSheets, json: JsonObject): JsonObject {
  const empty = lists.filter(({ isNeeded, field }) => isNeeded && json[field] === undefined)
  return named([...Object.entries(json), ...empty.map(({ field }): [string, Json] => [field, []])])
}

async function readMain(sheets: DocumentSheets, table: FoundTable | undefined, reading: Reading) {
  const drafts = new Map<string, Draft>()
  for (const row of table?.rows ?? []) {
    await reading.pace.rest()
    const key = row.key
    if (key === '') {
      reading.findings.tellCell('must', row, sheets.keyHead, '没有填', `每行都要有${sheets.keyHead}`)
      continue
    }
    if (drafts.size >= mostDocuments) {
      reading.findings.tellCell(
        'must',
        row,
        sheets.keyHead,
        `超过 ${mostDocuments} 行，后面的没有读取`,
        '分成几个工作簿',
      )
      break
    }
    const before = drafts.get(key)
    if (before !== undefined) {
      before.rows.add(rowKey(row.sheet, row.cellName(sheets.keyHead)))
      reading.findings.tellCell('must', row, sheets.keyHead, `“${key}”与前面的行重复`, '一个标识只能有一行')
      continue
    }
    const draft = emptyDraft()
    draft.rows.add(rowKey(row.sheet, row.cellName(sheets.keyHead)))
    const item = objectOf(readItem(sheets.main, row, [], draft, reading)) ?? {}
    const known = key.startsWith('#') ? {} : { [sheets.keyPath]: key }
    draft.json = objectOf(addRest({ ...sheets.fixed, ...known }, item)) ?? {}
    draft.name = String(partOf(draft.json, 'name') ?? '')
    draft.places.push(row.place(sheets.keyHead, [sheets.keyPath]))
    drafts.set(key, draft)
  }
  return drafts
}
