import { type CellPlace, Findings, rowKey } from '../cell-findings.ts'
import { type Candidate, checkImported, type Imported } from '../imported.ts'
import { Pace } from '../pace.ts'
import { refusedBy } from '../package/refusal.ts'
import type { Sheet } from '../sheets/cells.ts'
import { readCsv } from '../sheets/read-csv.ts'
import { openWorkbook } from '../sheets/read-workbook.ts'
import { type JsonObject, objectOf, partOf, withAt } from '../tables/json-parts.ts'
import { type Field, fieldsFor, isGuangdong, listOf } from './fields.ts'
import type { KeptTable } from './kept.ts'
import { type FoundNational, findNational, type NationalRow } from './read-tables.ts'
import { isNoLimit, merged, partOfStandard, standardOf } from './standard.ts'

/** A file that was given: its name and its bytes, a workbook or a CSV file. */
export type TableFile = { readonly name: string; readonly bytes: Buffer }

/** What an import of the platform's tables gave: also the tables as they were, so that an export can write back what a standard does not hold. */
export type ImportedNational = Imported & { readonly kept: readonly KeptTable[] }

/**
 * Imports matters from the national platform's tables (up_task_general_*): workbooks with a sheet a table, or a CSV file
 * each. What the tables do not tell gets plain values, and findings say what is still to be done. Throws WORKBOOK_REFUSED
 * with the file's `name`.
 */
export async function importNational(files: readonly TableFile[], pace: Pace = new Pace()): Promise<ImportedNational> {
  const findings = new Findings(files.map(({ name }) => name).join('、'))
  const tables: FoundNational[] = []
  for (const [at, file] of files.entries()) {
    pace.tell(at / files.length / 2)
    tables.push(...(await refusedBy(file.name, () => tablesOf(file, findings, pace))))
  }
  const matters = new Matters(findings)
  for (const found of tables.filter(({ table }) => table === 'basic')) await matters.open(found, pace)
  for (const found of tables.filter(({ table }) => table !== 'basic')) await matters.add(found, pace)
  if (!tables.some(({ table }) => table === 'basic')) {
    findings.tellFile(
      '没有找到事项表：表头里没有 task_name（事项名称）',
      '表头用国家平台的字段名，如 task_name、task_code',
    )
  }
  const imported = await checkImported(matters.candidates(), findings, pace)
  return { ...imported, kept: imported.documents.length === 0 ? [] : tables.map((found) => matters.kept(found)) }
}

async function tablesOf({ name, bytes }: TableFile, findings: Findings, pace: Pace): Promise<FoundNational[]> {
  if (/\.(?:csv|txt|tsv)$/iu.test(name)) {
    // One that came in a ZIP is called by its own name, as the sheet of a workbook would be.
    const sheet = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('／')) + 1)
    const found = findNational(await readCsv(bytes, sheet, pace), false, findings)
    if (found === undefined) tellUnread(sheet, findings)
    return found === undefined ? [] : [found]
  }
  const book = await openWorkbook(bytes, pace)
  const found: FoundNational[] = []
  for (const sheet of book.sheetNames) {
    const read: Sheet = await book.read(sheet)
    const table = findNational(read, book.is1904, findings)
    if (table !== undefined) found.push(table)
    else if (read.rows.length > 0) tellUnread(sheet, findings)
  }
  return found
}

function tellUnread(sheet: string, findings: Findings): void {
  findings.tellSheet(
    'should',
    sheet,
    '看不出是国家平台的哪张表，没有读取',
    '表头要有 task_name、material_name 等字段名',
  )
}

type Lists = Record<keyof typeof listsEmpty, { value: JsonObject; row: NationalRow }[]>
const listsEmpty = { material: [], fee: [], question: [] }
type Matter = {
  itemId: string
  matter: JsonObject
  readonly lists: Lists
  readonly rows: Set<string>
  readonly places: CellPlace[]
  first: NationalRow
}

/** Matters of one import, and rows that one matter may have in a table. */
const mostMatters = 2000
const mostRows = 500

/** Matters under way: rows of the tables come together by their codes. */
class Matters {
  readonly #findings: Findings
  readonly #byId = new Map<string, Matter>()
  readonly #byCode = new Map<string, Matter[]>()
  readonly #owners = new Map<NationalRow, { readonly itemId: string; readonly at: number }>()

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** Takes the rows of the table of matters. */
  async open({ rows, sheet, fields: all }: FoundNational, pace: Pace): Promise<void> {
    const kinds = rows.map((row) => row.text('task_type'))
    const fields = fieldsFor(all, kinds)
    if (kinds.includes('20')) {
      const told = isGuangdong(kinds)
        ? '广东的代码读取：20 是其他行政权力，21 是公共服务'
        : '国家的代码读取：20 是公共服务，10 是其他'
      this.#findings.tellSheet(
        'should',
        sheet,
        `事项类型（task_type）有 20，按${told}`,
        '核对事项类型；不对的在导入后改',
      )
    }
    for (const row of rows) {
      await pace.rest()
      if (this.#byId.size >= mostMatters) {
        this.#tell('must', row, 'task_code', `超过 ${mostMatters} 个事项，后面的没有读取`, '分成几个文件')
        return
      }
      const itemId = row.text('row_guid') || row.text('task_handle_item') || row.text('task_code')
      if (itemId === '')
        this.#tell('must', row, 'task_code', '没有填，看不出是哪个事项', '每行都要有 task_code（实施编码）')
      else if (this.#byId.has(itemId)) {
        this.#byId.get(itemId)?.rows.add(rowKey(row.sheet, row.cellName('task_code')))
        this.#tell('must', row, 'task_code', `与前面的行是同一个事项（${itemId}）`, '一个事项只留一行：留最新的版本')
      } else {
        const lists: Lists = { material: [], fee: [], question: [] }
        const matter: Matter = { itemId, matter: {}, lists, rows: new Set(), places: [], first: row }
        this.#take(matter, row, fields)
        this.#byId.set(itemId, matter)
        const code = row.text('task_code')
        this.#byCode.set(code, [...(this.#byCode.get(code) ?? []), matter])
        if (row.text('cd_operation').toUpperCase() === 'D')
          this.#tell('should', row, 'cd_operation', '这一行的同步类型是删除', '确认这个事项还要不要；不要的删去这一行')
      }
    }
  }

  /** Takes the rows of another table. */
  async add({ table, rows, fields }: FoundNational, pace: Pace): Promise<void> {
    const isOrdered = rows.every((row) => /^\d+$/u.test(row.text('order_num')))
    const sorted = isOrdered ? rows.toSorted((a, b) => Number(a.text('order_num')) - Number(b.text('order_num'))) : rows
    for (const row of sorted) {
      await pace.rest()
      const matter = this.#ownerOf(row)
      if (matter === undefined) {
        const code = row.text('task_code')
        this.#tell(
          'must',
          row,
          'task_code',
          `${code === '' ? '没有填' : `“${code}”在事项表里没有，或者不止一个`}，看不出属于哪个事项`,
          '填事项表里有的 task_code；一码多项的再填 task_guid',
        )
      } else if (table === 'extend') this.#take(matter, row, fields)
      else if (table !== 'basic') {
        const list = matter.lists[table]
        const at = list.length
        if (at >= mostRows) {
          this.#tell('must', row, 'task_code', `一个事项超过 ${mostRows} 行，后面的没有读取`, '核对 task_code')
          return
        }
        this.#owners.set(row, { itemId: matter.itemId, at })
        list.push({ value: this.#read(row, fields, [listOf[table], at], matter), row })
      }
    }
  }

  #ownerOf(row: NationalRow): Matter | undefined {
    const byGuid = this.#byId.get(row.text('task_guid'))
    if (byGuid !== undefined) return byGuid
    const sharing = this.#byCode.get(row.text('task_code')) ?? []
    const item = row.text('task_handle_item')
    const exact = sharing.filter(({ matter }) => item !== '' && partOf(matter, 'handlingCode') === item)
    const found = exact.length > 0 ? exact : sharing
    return found.length === 1 ? found[0] : undefined
  }

  #take(matter: Matter, row: NationalRow, fields: readonly Field[]): void {
    this.#owners.set(row, { itemId: matter.itemId, at: 0 })
    const read = this.#read(row, fields, [], matter)
    matter.matter = merged(matter.matter, read)
  }

  #read(row: NationalRow, fields: readonly Field[], base: CellPlace['path'], matter: Matter): JsonObject {
    let value: JsonObject = {}
    matter.rows.add(rowKey(row.sheet, row.cellName('task_code')))
    matter.places.push({ path: base, sheet: row.sheet, cell: row.cellName('task_code'), head: '' })
    for (const { head, words, path, codec } of fields) {
      const cell = row.cell(head)
      const [first = '', ...more] = path
      const place = { sheet: row.sheet, cell: row.cellName(head), head: words }
      if (!row.has(head)) continue
      if (base.length > 0) matter.places.push({ ...place, path: [...base, ...path] })
      else
        matter.places.push({
          ...place,
          path: first === partOfStandard(path) ? path : [partOfStandard(path), 0, ...more],
        })
      if (cell === undefined) continue
      const read = codec.read(cell, words, false)
      if ('fault' in read) this.#tell('must', row, head, read.fault.problem, read.fault.remedy)
      else value = objectOf(withAt(value, path, read.value)) ?? {}
    }
    return value
  }

  /** The standards, with what is still to be done. */
  candidates(): Candidate[] {
    return [...this.#byId.values()].map((one) => {
      const json = standardOf({
        itemId: one.itemId,
        matter: one.matter,
        materials: one.lists.material.map(({ value }) => value),
        fees: one.lists.fee.map(({ value }) => value),
        questions: one.lists.question.map(({ value }) => value),
        source: `国家政务服务平台事项表“${one.first.sheet}”第 ${one.first.number} 行`,
      })
      this.#tellToDo(one)
      return { kind: 'matter', id: one.itemId, json, places: one.places, rows: one.rows }
    })
  }

  #tellToDo({ matter, lists, first }: Matter): void {
    const lacking = [
      '表单（先用通用的六题）',
      '办理环节',
      '由谁决定受理（先按中心）',
      ...(partOf(partOf(matter, 'fee'), 'charged') === undefined ? ['是否收费（先按不收费）'] : []),
      ...(partOf(matter, 'conditions') === undefined ? ['受理条件'] : []),
      ...(lists.material.length === 0 ? ['申请材料'] : []),
      ...(partOf(matter, 'scope') === undefined ? ['通办范围'] : []),
    ]
    this.#tell(
      'should',
      first,
      'task_name',
      `表里没有：${lacking.join('、')}`,
      '导入后在事项标准里补上，对照现行办事指南核对',
    )
    if (isNoLimit(partOf(matter, 'legalLimit'), partOf(matter, 'promisedLimit')))
      this.#tell(
        'should',
        first,
        'anticipate_day',
        '法定办结时限是 0，承诺时限却不是，按法律没有规定读取',
        '核对法定办结时限',
      )
  }

  /** A table as it was, its rows under the matters that they became part of. */
  kept({ table, sheet, heads, rows }: FoundNational): KeptTable {
    return {
      table,
      sheet,
      heads,
      rows: rows.map((row) => ({
        itemId: this.#owners.get(row)?.itemId ?? '',
        at: this.#owners.get(row)?.at ?? 0,
        texts: row.texts,
      })),
    }
  }

  #tell(severity: 'must' | 'should', row: NationalRow, head: string, problem: string, remedy: string): void {
    this.#findings.tellPlace(severity, row.sheet, row.cellName(head), problem, remedy)
  }
}
