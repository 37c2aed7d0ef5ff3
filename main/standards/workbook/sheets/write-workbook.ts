import { Pace } from '../pace.ts'
import { makeZip } from '../package/write-zip.ts'
import { escapeXml } from '../package/xml.ts'
import { cellName, columnName, type Written } from './cells.ts'
import { relations, styleOf, stylesXml, typesXml, workbookXml } from './parts.ts'

/** A column of a sheet that is written. */
export type WrittenColumn = {
  readonly head: string
  /** The line of explanation under the head. */
  readonly hint: string
  /** In characters. */
  readonly width: number
  /** What cells are drawn as: `text` keeps long codes whole, `json` is marked. */
  readonly kind: 'text' | 'number' | 'json'
  /** Values to choose from in a list. */
  readonly choices?: readonly string[]
  /** A range whose values are offered in a list: `基本信息!$A$3:$A$1000`. Others may be typed as well. */
  readonly choicesFrom?: string
}

/** A sheet that is written: heads, explanations, rows. Empty cells are ''. */
export type WrittenSheet = {
  readonly name: string
  readonly columns: readonly WrittenColumn[]
  readonly rows: readonly (readonly Written[])[]
  /** How many columns stay in sight when one goes to the right. */
  readonly fixedColumns: number
  /** Whether the line of explanation is there; left out: it is. */
  readonly hasHints?: boolean
}

/** Rows down to which lists to choose from are offered. */
const offeredRows = 3000
/** A list in a cell's rule may have so many characters (Excel's bound). */
const longestList = 255

/** Makes a workbook (.xlsx). The same sheets give the same bytes. Works in short steps. */
export async function makeWorkbook(sheets: readonly WrittenSheet[]): Promise<Buffer> {
  const pace = new Pace()
  const parts = [
    { name: '[Content_Types].xml', bytes: typesXml(sheets.length) },
    { name: '_rels/.rels', bytes: relations([['officeDocument', 'xl/workbook.xml']]) },
    { name: 'xl/workbook.xml', bytes: workbookXml(sheets.map(({ name }) => name)) },
    {
      name: 'xl/_rels/workbook.xml.rels',
      bytes: relations([
        ...sheets.map((_, at) => ['worksheet', `worksheets/sheet${at + 1}.xml`] as const),
        ['styles', 'styles.xml'],
      ]),
    },
    { name: 'xl/styles.xml', bytes: stylesXml },
  ]
  for (const [at, sheet] of sheets.entries()) {
    parts.push({ name: `xl/worksheets/sheet${at + 1}.xml`, bytes: await sheetXml(sheet, at === 0, pace) })
  }
  return await makeZip(parts)
}

async function sheetXml(sheet: WrittenSheet, isFirst: boolean, pace: Pace): Promise<Buffer> {
  const { columns, rows, fixedColumns, hasHints = true } = sheet
  const first = hasHints ? 3 : 2
  const heads = columns.map(({ head }) => head)
  const hints = columns.map(({ hint }) => hint)
  const written = [rowXml(1, heads, () => styleOf.head), hasHints ? rowXml(2, hints, () => styleOf.hint) : '']
  for (const [at, row] of rows.entries()) {
    written.push(rowXml(at + first, row, (column) => styleOf[columns[column]?.kind ?? 'text']))
    if (at % 20 === 0) await pace.rest()
  }
  const cut = cellName(first, fixedColumns)
  const widths = columns.map(({ width, kind }, at) => {
    const place = `min="${at + 1}" max="${at + 1}"`
    return `<col ${place} width="${width}" customWidth="1" style="${styleOf[kind]}"/>`
  })
  const split = fixedColumns === 0 ? '' : ` xSplit="${fixedColumns}"`
  const pane = `<pane${split} ySplit="${first - 1}" topLeftCell="${cut}" activePane="${fixedColumns === 0 ? 'bottomLeft' : 'bottomRight'}" state="frozen"/>`
  const view = `<sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ''}>${pane}</sheetView></sheetViews>`
  const shown = `${view}<sheetFormatPr defaultRowHeight="16.5"/><cols>${widths.join('')}</cols>`
  const body = `<sheetData>${written.join('')}</sheetData>${validations(columns)}`
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${shown}${body}<ignoredErrors><ignoredError sqref="A1:${columnName(Math.max(columns.length - 1, 0))}${offeredRows}" numberStoredAsText="1"/></ignoredErrors></worksheet>`,
    'utf8',
  )
}

function rowXml(number: number, cells: readonly Written[], style: (column: number) => number): string {
  const written = cells.map((cell, column) => {
    if (cell === '') return ''
    const place = `r="${cellName(number, column)}" s="${style(column)}"`
    if (typeof cell === 'number') return `<c ${place}><v>${cell}</v></c>`
    return `<c ${place} t="inlineStr"><is><t xml:space="preserve">${cellText(cell)}</t></is></c>`
  })
  return `<row r="${number}">${written.join('')}</row>`
}

/** What looks like an escaped character is escaped itself. */
const cellText = (text: string) => escapeXml(text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/gu, '_x005F_'))

function validations(columns: readonly WrittenColumn[]): string {
  const rules = columns.flatMap((column, at) => {
    const letters = columnName(at)
    const places = `sqref="${letters}3:${letters}${offeredRows}"`
    const choices = column.choices?.join(',') ?? ''
    if (column.choicesFrom !== undefined) {
      return [
        `<dataValidation type="list" allowBlank="1" ${places}><formula1>${escapeXml(column.choicesFrom)}</formula1></dataValidation>`,
      ]
    }
    if (choices === '' || choices.length > longestList) return []
    const told = `errorTitle="请从列表里选" error="${escapeXml(`“${column.head}”要从下拉列表里选。`)}"`
    const shown = `showErrorMessage="1" ${told}`
    return [
      `<dataValidation type="list" allowBlank="1" ${shown} ${places}><formula1>"${escapeXml(choices)}"</formula1></dataValidation>`,
    ]
  })
  return rules.length === 0 ? '' : `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`
}
