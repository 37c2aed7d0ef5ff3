import type { Pace } from '../pace.ts'
import { refusal } from '../package/refusal.ts'
import { attributesOf, type XmlReader } from '../package/xml.ts'
import { type CellValue, cellPlace, type SheetRow } from './cells.ts'

/**
 * Bounds of a workbook: cells with something in them, the last row and column, characters of a cell (Excel's own), and of all
 * cells together: a text that is written once may stand in every cell.
 */
export const sheetBounds = {
  ...{ cells: 600_000, rows: 100_000, columns: 400, characters: 32_767 },
  allCharacters: 128 * 1024 * 1024,
} as const
/** Events between two looks at the clock. */
const eventsPerLook = 500

/** What cells refer to, and how many were read so far, over all sheets. */
type Context = {
  readonly shared: readonly string[]
  readonly dateStyles: ReadonlySet<number>
  readonly budget: { cells: number; characters: number }
  readonly pace: Pace
}

/** Texts that cells share (sharedStrings.xml), in order. Throws WORKBOOK_REFUSED. */
export async function readSharedTexts(reader: XmlReader, pace: Pace): Promise<string[]> {
  const texts: string[] = []
  let text = ''
  let seen = 0
  /** Readings of characters (`rPh`) are no part of the text. */
  let readings = 0
  let isInText = false
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    if (++seen % eventsPerLook === 0) await pace.rest()
    if (event.kind === 'text') {
      if (isInText && readings === 0) text += event.text
      continue
    }
    const isOpen = event.kind === 'open' && !event.isEmpty
    if (event.name === 't') isInText = isOpen
    else if (event.name === 'rPh') readings = isOpen ? 1 : 0
    else if (event.name === 'si') {
      if (event.kind === 'close' || event.isEmpty) texts.push(unescapeCell(text))
      text = ''
      if (texts.length > sheetBounds.cells) throw refusal('too-many-cells')
    }
  }
  return texts
}

/** `_x000D_`: how OOXML writes a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19). */
function unescapeCell(text: string): string {
  const whole = text.includes('_x')
    ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : text
  return whole.includes('\r') ? whole.replaceAll(/\r\n?/gu, '\n') : whole
}

/** A cell under way. */
type Cell = { row: number; column: number; type: string; style: number; value: string; hasFormula: boolean }

/** Rows of a sheet's part that hold anything. Throws WORKBOOK_REFUSED. */
export async function readRows(reader: XmlReader, context: Context): Promise<SheetRow[]> {
  const rows: { number: number; cells: Map<number, CellValue> }[] = []
  let row = { number: 0, cells: new Map<number, CellValue>() }
  let column = -1
  let cell: Cell | undefined
  let isInValue = false
  let isInReading = false
  let seen = 0
  const finish = () => {
    const value = cell === undefined ? undefined : cellValue(cell, context)
    if (cell !== undefined && value !== undefined) row.cells.set(cell.column, value)
    cell = undefined
  }
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    if (++seen % eventsPerLook === 0) await context.pace.rest()
    if (event.kind === 'text') {
      if (isInValue && !isInReading && cell !== undefined) cell.value += event.text
      continue
    }
    const isOpen = event.kind === 'open' && !event.isEmpty
    if (event.kind === 'open' && event.name === 'row') {
      row = { number: rowNumber(event.attributes, row.number), cells: new Map() }
      column = -1
    } else if (event.kind === 'open' && event.name === 'c') {
      cell = newCell(event.attributes, row.number, column)
      column = cell.column
      if (event.isEmpty) finish()
    } else if (event.name === 'v' || event.name === 't') isInValue = isOpen
    else if (event.name === 'rPh') isInReading = isOpen
    else if (event.name === 'f' && cell !== undefined) cell.hasFormula = true
    else if (event.kind === 'close' && event.name === 'c') finish()
    else if (event.kind === 'close' && event.name === 'row' && row.cells.size > 0) rows.push(row)
    else if (event.kind === 'close' && event.name === 'sheetData') break
  }
  return rows
}

function rowNumber(attributes: string, before: number): number {
  const number = Number(attributesOf(attributes).get('r') ?? before + 1)
  if (!Number.isInteger(number) || number <= before) throw refusal('damaged')
  return number
}

function newCell(raw: string, row: number, before: number): Cell {
  const attributes = attributesOf(raw)
  const name = attributes.get('r')
  const place = name === undefined ? { row, column: before + 1 } : cellPlace(name)
  if (place === undefined || place.row !== row || place.column <= before) throw refusal('damaged')
  const style = Number(attributes.get('s') ?? 0)
  return { row, column: place.column, type: attributes.get('t') ?? 'n', style, value: '', hasFormula: false }
}

function cellValue(cell: Cell, { shared, dateStyles, budget }: Context): CellValue | undefined {
  const value = read(cell, shared, dateStyles)
  if (value === undefined || (value.kind === 'text' && value.text.trim() === '')) return undefined
  // An empty cell may stand anywhere; what holds something has to lie within the bounds.
  const isFar = cell.row > sheetBounds.rows || cell.column >= sheetBounds.columns
  if (isFar || ++budget.cells > sheetBounds.cells) throw refusal('too-many-cells')
  budget.characters += value.kind === 'text' ? value.text.length : 0
  if (budget.characters > sheetBounds.allCharacters) throw refusal('bomb')
  return value
}

function read(cell: Cell, shared: readonly string[], dateStyles: ReadonlySet<number>): CellValue | undefined {
  const { type, value, style } = cell
  if (cell.hasFormula) return { kind: 'formula' }
  switch (type) {
    case 's': {
      const text = value.trim() === '' ? '' : shared[Number(value)]
      if (text === undefined) throw refusal('damaged')
      return { kind: 'text', text }
    }
    case 'inlineStr':
    case 'str':
      return { kind: 'text', text: unescapeCell(value) }
    case 'b':
      return { kind: 'boolean', value: value.trim() === '1' }
    case 'e':
      return { kind: 'error', text: value }
    case 'd':
      return { kind: 'text', text: value.slice(0, 10) }
    default:
      return value.trim() === '' ? undefined : { kind: 'number', raw: value.trim(), isDate: dateStyles.has(style) }
  }
}
