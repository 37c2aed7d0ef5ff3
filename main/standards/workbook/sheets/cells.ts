/** Cells of a sheet as they were read, whatever program wrote them. */

/** What stands in a cell. */
export type CellValue =
  | { readonly kind: 'text'; readonly text: string }
  /** `raw` as it stands in the file; `isDate`: the cell shows a day, counted from 1899-12-30. */
  | { readonly kind: 'number'; readonly raw: string; readonly isDate: boolean }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** #N/A, #REF! and the like. */
  | { readonly kind: 'error'; readonly text: string }
  /** Whatever a formula gave: it is not read. */
  | { readonly kind: 'formula' }

/** A row: its number from 1, its cells by column from 0; empty cells are left out. */
export type SheetRow = { readonly number: number; readonly cells: ReadonlyMap<number, CellValue> }

/** A sheet's rows that hold anything, in order. */
export type Sheet = { readonly name: string; readonly rows: readonly SheetRow[] }

/** What is put into a cell. */
export type Written = string | number

/** A column's letters by its number from 0: 0 is A, 26 is AA. */
export function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last
}

/** A cell's name: `C7`. `row` counts from 1, `column` from 0. */
export function cellName(row: number, column: number): string {
  return `${columnName(column)}${row}`
}

/** A cell's place by its name; undefined for what is none. Excel's last cell is XFD1048576. */
export function cellPlace(name: string): { readonly row: number; readonly column: number } | undefined {
  const found = /^([A-Z]{1,3})([1-9]\d{0,6})$/u.exec(name)
  if (found === null) return undefined
  const [, letters = '', digits = ''] = found
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return { row: Number(digits), column }
}

/** What a cell holds after reading what was written into it. */
export function asRead(written: Written): CellValue {
  return typeof written === 'number'
    ? { kind: 'number', raw: String(written), isDate: false }
    : { kind: 'text', text: written }
}
