import { Pace } from '../pace.ts'
import { refusal } from '../package/refusal.ts'
import type { CellValue, Sheet, SheetRow } from './cells.ts'
import { sheetBounds } from './read-rows.ts'

/** The most that a CSV file may have, in bytes. */
const largestCsv = 16 * 1024 * 1024

/**
 * Reads a CSV file (RFC 4180; commas, semicolons or tabs, as the first line has them) in UTF-8 or GB 18030, as Excel and
 * WPS save it. Every cell is text. Throws WORKBOOK_REFUSED.
 */
export async function readCsv(bytes: Buffer, name: string, pace: Pace = new Pace()): Promise<Sheet> {
  if (bytes.length > largestCsv) throw refusal('too-large')
  const text = decode(bytes)
  if (text.includes('\0')) throw refusal('not-a-workbook')
  const separator = separatorOf(text)
  const rows: SheetRow[] = []
  let at = 0
  let cells = 0
  for (let number = 1; at < text.length; number++) {
    const row = readLine(text, at, separator)
    at = row.next
    const kept = row.cells.flatMap((cell, column): [number, CellValue][] => {
      return cell.trim() === '' ? [] : [[column, { kind: 'text', text: cell }]]
    })
    cells += kept.length
    if (cells > sheetBounds.cells || number > sheetBounds.rows || row.cells.length > sheetBounds.columns)
      throw refusal('too-many-cells')
    if (kept.length > 0) rows.push({ number, cells: new Map(kept) })
    if (number % 500 === 0) await pace.rest()
  }
  return { name, rows }
}

function decode(bytes: Buffer): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // The next encoding is tried; none left is a refusal.
    }
  }
  throw refusal('encoding')
}

function separatorOf(text: string): string {
  const end = text.indexOf('\n')
  const first = text.slice(0, end === -1 ? undefined : end)
  const counts = [',', '\t', ';'].map((mark) => ({ mark, count: first.split(mark).length }))
  return counts.toSorted((a, b) => b.count - a.count)[0]?.mark ?? ','
}

function readLine(text: string, from: number, separator: string): { readonly cells: string[]; readonly next: number } {
  const cells: string[] = []
  let at = from
  for (;;) {
    const cell = text[at] === '"' ? quoted(text, at) : plain(text, at, separator)
    if (cell.text.length > sheetBounds.characters) throw refusal('damaged')
    cells.push(cell.text)
    at = cell.next
    if (text[at] !== separator) break
    at++
  }
  if (text[at] === '\r') at++
  if (text[at] === '\n') at++
  // Something behind a closing quote: not CSV, and never the end of reading.
  else if (at < text.length && text[at - 1] !== '\r') throw refusal('damaged')
  return { cells, next: at }
}

function plain(text: string, from: number, separator: string) {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++
  return { text: text.slice(from, at), next: at }
}

function quoted(text: string, from: number) {
  let at = from + 1
  for (;;) {
    const end = text.indexOf('"', at)
    if (end === -1) throw refusal('damaged')
    if (text[end + 1] !== '"') {
      const inner = text.slice(from + 1, end).replaceAll('""', '"')
      return { text: inner.replaceAll(/\r\n?/gu, '\n'), next: end + 1 }
    }
    at = end + 2
  }
}
