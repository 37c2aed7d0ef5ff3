import { AppError } from '../../../preload/contract/errors.ts'
import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import { guideSheet } from './guide.ts'
import { Pace } from './pace.ts'
import { documentSheets, formSheet, longSheet } from './sheet-list.ts'
import type { Written } from './sheets/cells.ts'
import { makeWorkbook, type WrittenColumn, type WrittenSheet } from './sheets/write-workbook.ts'
import { isCellText, longMark } from './tables/codecs.ts'
import { rowsOf } from './tables/form.ts'
import { isSame, type Json, type JsonObject, named, objectOf, partOf, withAt } from './tables/json-parts.ts'
import { questionColumns } from './tables/questions.ts'
import { type Columns, restHead, type WrittenRow, writeRow } from './tables/rows.ts'
import type { DocumentSheets, ListSheet } from './tables/sheets.ts'

/** A document that goes into a workbook: its kind and its JSON as it stands in its bytes, without defaults. */
export type WorkbookDocument = { readonly kind: DocumentKind; readonly json: unknown }

/** Longer texts go onto a sheet of their own: Excel takes 32,767 characters a cell. */
const longestCell = 32_000
/** Rows that a list of keys offers. */
const offeredKeys = 2000

type Rows = Map<string, Written[][]>
/** What is written: rows by sheet, and long texts with the numbers under which cells name them. */
type Writing = { readonly rows: Rows; readonly long: Written[][] }

/**
 * A workbook of matters, themes and templates: everything that the documents say, so that reading it gives the same
 * documents, byte for byte in canonical JSON. Calendars have no sheet. The documents have to be of their kind's shape.
 * Works in short steps. Throws INPUT_INVALID for two versions of one document and for a calendar.
 */
export async function exportWorkbook(documents: readonly WorkbookDocument[]): Promise<Buffer> {
  const pace = new Pace()
  const writing: Writing = { rows: new Map(), long: [] }
  const keys = new Set<string>()
  for (const [at, { kind, json: value }] of documents.entries()) {
    const sheets = documentSheets.find((one) => one.kind === kind)
    if (sheets === undefined) throw new AppError('INPUT_INVALID', { field: '工作日历没有表，请用 JSON 导出' })
    const document = objectOf(value as Json) ?? {}
    const id = String(document[sheets.keyPath] ?? '')
    if (keys.has(`${kind} ${id}`)) {
      throw new AppError('INPUT_INVALID', { field: `${sheets.keyHead}“${id}”有两个版本，一个工作簿只能放一个` })
    }
    keys.add(`${kind} ${id}`)
    writeDocument(sheets, document, at + 1, writing)
    await pace.rest()
  }
  return await makeWorkbook(workbookSheets(writing))
}

/** An empty workbook to fill in: the same sheets, heads and explanations. */
export async function templateWorkbook(): Promise<Buffer> {
  return await exportWorkbook([])
}

function writeDocument(sheets: DocumentSheets, document: JsonObject, number: number, writing: Writing): void {
  const id = document[sheets.keyPath]
  const name = partOf(document, 'name')
  // A key that no cell can hold is numbered, and stands whole in the rest.
  const isPlainKey = typeof id === 'string' && isCellText(id) && !/^(#|说明)/u.test(id)
  const key = isPlainKey ? id : `#${number}`
  const label = typeof name === 'string' && isCellText(name) ? name : ''
  const put = (sheet: string, keys: readonly Written[], row: WrittenRow) => {
    const cells = [...keys, ...row.cells, row.rest].map((cell) => kept(cell, writing))
    const before = writing.rows.get(sheet)
    if (before === undefined) writing.rows.set(sheet, [cells])
    else before.push(cells)
  }
  const listed = sheets.lists.filter(({ field, isNeeded }) => hasRows(document[field], isNeeded))
  const fields = Object.entries(document).filter(
    ([field, value]) =>
      !(isPlainKey && field === sheets.keyPath) &&
      !listed.some((list) => list.field === field) &&
      !isSame(partOf(sheets.fixed, field), value),
  )
  const form = sheets.kind === 'matter' ? formRows(document) : undefined
  const main = form === undefined ? named(fields) : withAt(named(fields), ['form'], form.rest)
  put(sheets.main.sheet, [key], writeRow(sheets.main, main))
  for (const list of listed) {
    for (const item of itemsOf(document[list.field])) put(list.sheet, [key, label], writeRow(list, item))
  }
  for (const question of form?.questions ?? []) put(formSheet, [key, label], writeRow(questionColumns, question))
}

function hasRows(value: Json | undefined, isNeeded: boolean): boolean {
  return Array.isArray(value) && (isNeeded || value.length > 0)
}

const itemsOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

/** The form's questions, and what stands beside the matter: its title, the applicant's questions, the patch. */
function formRows(document: JsonObject): { readonly questions: readonly Json[]; readonly rest: Json } {
  const { schema, ui, ...others } = objectOf(document.form) ?? {}
  const { questions, title, patch } = rowsOf({ schema: objectOf(schema) ?? {}, ui: objectOf(ui) ?? {} })
  return {
    questions,
    rest: {
      ...others,
      ...(title === undefined ? {} : { schema: { title } }),
      ...(patch === undefined ? {} : { patch }),
    },
  }
}

/** A cell, or the place of a text that is too long for one. */
function kept(cell: Written, { long }: Writing): Written {
  if (typeof cell === 'number' || cell.length <= longestCell) return cell
  const number = (long.at(-1)?.[0] === undefined ? 0 : Number(long.at(-1)?.[0])) + 1
  for (let at = 0, part = 1; at < cell.length; part++) {
    // Not within a pair of surrogates.
    const isPair =
      /[\uD800-\uDBFF]/u.test(cell[at + longestCell - 1] ?? '') || cell.charCodeAt(at + longestCell - 1) >>> 10 === 0x36
    const end = at + longestCell - (isPair ? 1 : 0)
    long.push([number, part, `|${cell.slice(at, end)}|`])
    at = end
  }
  return `${longMark} ${number}`
}

function workbookSheets({ rows, long }: Writing): WrittenSheet[] {
  const written = (name: string, columns: readonly WrittenColumn[], fixedColumns: number): WrittenSheet => ({
    name,
    columns,
    rows: rows.get(name) ?? [],
    fixedColumns,
  })
  const sheets = documentSheets.flatMap((one) => {
    const main = written(one.main.sheet, [keyColumn(one), ...columnsOf(one.main)], 2)
    const below = (list: Pick<ListSheet, 'sheet'> & Columns) =>
      written(list.sheet, [referenceColumn(one), nameColumn(one), ...columnsOf(list)], 2)
    const lists = one.lists.map(below)
    if (one.kind !== 'matter') return [main, ...lists]
    return [main, ...lists.slice(0, 2), below({ sheet: formSheet, ...questionColumns }), ...lists.slice(2)]
  })
  const longColumns = ['编号', '序号', '内容'].map((head, at): WrittenColumn => {
    const hint = at === 0 ? '说明：其他表里放不下的长内容，程序写的，一般不用改。' : ''
    return { head, hint, width: at === 2 ? 100 : 10, kind: at === 2 ? 'json' : 'number' }
  })
  return [guideSheet, ...sheets, { name: longSheet, columns: longColumns, rows: long, fixedColumns: 0 }]
}

function columnsOf({ columns }: Columns): WrittenColumn[] {
  const own = columns.map(({ head, hint, codec, width = 16 }): WrittenColumn => {
    return { head, hint, width, kind: codec.kind, ...(codec.choices === undefined ? {} : { choices: codec.choices }) }
  })
  const hint = '程序写的：前面各列说不了的内容。一般不用改。'
  return [...own, { head: restHead, hint, width: 12, kind: 'json' }]
}

const keyColumn = ({ keyHead, kind }: DocumentSheets): WrittenColumn => ({
  head: keyHead,
  hint: `说明：一行一个${kind === 'matter' ? '事项' : kind === 'theme' ? '一件事' : '模板'}。标识不变、不重复，别的表靠它对上。`,
  width: 24,
  kind: 'text',
})

const referenceColumn = ({ keyHead, main }: DocumentSheets): WrittenColumn => ({
  head: keyHead,
  hint: `说明：“${main.sheet}”表里的标识。留空同上一行。`,
  width: 24,
  kind: 'text',
  choicesFrom: `'${main.sheet}'!$A$3:$A$${offeredKeys}`,
})

const nameColumn = ({ nameHead }: DocumentSheets): WrittenColumn => ({
  head: nameHead,
  hint: '方便看的，可以留空。',
  width: 24,
  kind: 'text',
})
