import type { CellValue } from '../sheets/cells.ts'

const dayMilliseconds = 86_400_000
/** Day 0 of Excel's count: right from 1900-03-01 on; earlier it counts a day that never was. */
const dayZero = Date.UTC(1899, 11, 30)
/** Days between the beginnings of the two counts. */
const days1904 = 1462
/** 1954 to 2173 by Excel's count: other numbers are no day of a standard. */
const plausible = { first: 20_000, last: 100_000 } as const

/** The day in a cell as YYYY-MM-DD, written in any of the usual ways or as Excel's number; undefined where it is none. */
export function dayOfCell(cell: CellValue, is1904: boolean): string | undefined {
  if (cell.kind === 'text') return dayOfText(cell.text.trim())
  if (cell.kind !== 'number') return undefined
  const value = Math.floor(Number(cell.raw))
  if (/^[12]\d{7}$/u.test(cell.raw)) return dayOfText(cell.raw)
  const count = value + (is1904 ? days1904 : 0)
  if (!(count >= plausible.first && count <= plausible.last)) return undefined
  return new Date(dayZero + count * dayMilliseconds).toISOString().slice(0, 10)
}

/** The day in a text: 2026-07-01, 2026/7/1, 2026.7.1, 2026年7月1日, 20260701, each with a time behind it or none. */
export function dayOfText(text: string): string | undefined {
  const found =
    /^(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?$/u.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})(?:T?\d{6})?$/u.exec(text)
  if (found === null) return undefined
  const [, year = '', month = '', day = ''] = found
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const time = Date.parse(`${iso}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : iso
}
