import type { Box } from './boxes.ts'
import type { OpenDocument, OpenDocuments, OpenPage } from './open-documents.ts'
import { type Pdfium, withMemory } from './pdfium.ts'

/** A rectangle on a page, counted from 1, as it is shown. */
export type FoundBox = Box & { readonly page: number }

/** The visible characters of a page: `text` in UTF-16 units, and for each unit the rectangle that it was drawn in. */
type PageText = { readonly text: string; readonly boxes: readonly (Box | undefined)[] }

/** A page with more characters than this is no paper for people; the rest is passed over. */
const mostCharacters = 200_000

/** Page positions come back as whole numbers: this many parts of the page's width and height. */
const parts = 1_000_000

/**
 * A date as papers end with: 2026年11月23日, 二〇二六年十一月二十三日, and the zeroes that people type for 〇.
 * White space is gone before this is asked.
 */
const datePattern =
  /[0-9零〇○◯OoОо一二三四五六七八九]{4}年(?:[0-9]{1,2}|[元一二三四五六七八九十]{1,2})月(?:[0-9]{1,2}|[一二三四五六七八九十廿卅]{1,3})日/gu

/** Every place where `wanted` stands, white space and compatibility forms apart (⽇ for 日, full width letters). */
export function findText(documents: OpenDocuments, document: OpenDocument, wanted: string): FoundBox[] {
  const needle = folded(wanted)
  if (needle === '') return []
  const found: FoundBox[] = []
  for (let page = 1; page <= document.pages; page++) {
    const { text, boxes } = documents.withPage(document, page, (open) => readText(documents.pdfium, open))
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      const box = boxOf(boxes.slice(at, at + needle.length))
      if (box !== undefined) found.push({ page, ...box })
    }
  }
  return found
}

/**
 * The date under which a paper is sealed (落款): on the last page that has a date, the lowest one that ends its line in
 * the right half; failing that, the lowest in the right half, the lowest that ends its line, the lowest. `undefined`
 * where no page has a date.
 */
export function findSignatureDate(documents: OpenDocuments, document: OpenDocument): FoundBox | undefined {
  for (let page = document.pages; page >= 1; page--) {
    const box = documents.withPage(document, page, (open) => {
      const text = readText(documents.pdfium, open)
      return lowestDate(text, open.widthMm)
    })
    if (box !== undefined) return { page, ...box }
  }
  return undefined
}

function lowestDate({ text, boxes }: PageText, pageWidthMm: number): Box | undefined {
  let best: { box: Box; rank: number } | undefined
  for (const { 0: date, index } of text.matchAll(datePattern)) {
    const box = boxOf(boxes.slice(index, index + date.length))
    if (box === undefined) continue
    const isRight = box.xMm + box.widthMm / 2 > pageWidthMm / 2
    const rank = (isRight ? 2 : 0) + (isFollowed(box, boxes[index + date.length]) ? 0 : 1)
    const isBetter = best === undefined || rank > best.rank || (rank === best.rank && box.yMm >= best.box.yMm)
    if (isBetter) best = { box, rank }
  }
  return best?.box
}

/** The next character stands in the same line, close behind: a date within a sentence, or before a time. */
function isFollowed(date: Box, next: Box | undefined): boolean {
  if (next === undefined) return false
  const middle = next.yMm + next.heightMm / 2
  const gap = next.xMm - (date.xMm + date.widthMm)
  return middle > date.yMm && middle < date.yMm + date.heightMm && gap > -1 && gap < 2 * date.heightMm
}

const folded = (text: string): string => text.normalize('NFKC').replaceAll(/\s/gu, '')

function readText(pdfium: Pdfium, page: OpenPage): PageText {
  const handle = pdfium.FPDFText_LoadPage(page.handle)
  if (handle === 0) return { text: '', boxes: [] }
  try {
    const count = Math.min(mostCharacters, pdfium.FPDFText_CountChars(handle))
    const texts: string[] = []
    const boxes: (Box | undefined)[] = []
    withMemory(pdfium, 40, (pointer) => {
      for (let at = 0; at < count; at++) {
        if (pdfium.FPDFText_IsGenerated(handle, at) === 1) continue
        const character = folded(String.fromCodePoint(codePoint(pdfium.FPDFText_GetUnicode(handle, at))))
        if (character === '') continue
        const box = characterBox(pdfium, page, handle, at, pointer)
        texts.push(character)
        for (let unit = 0; unit < character.length; unit++) boxes.push(box)
      }
    })
    return { text: texts.join(''), boxes }
  } finally {
    pdfium.FPDFText_ClosePage(handle)
  }
}

const codePoint = (value: number): number => (value >= 0 && value <= 0x10ffff ? value : 0xfffd)

/** `pointer` leads to 40 bytes: four doubles for the box in the page's own units, two whole numbers for a point as shown. */
function characterBox(pdfium: Pdfium, page: OpenPage, text: number, at: number, pointer: number): Box | undefined {
  const places = [pointer, pointer + 8, pointer + 16, pointer + 24]
  if (pdfium.FPDFText_GetCharBox(text, at, ...places) === 0) return undefined
  const [left = 0, right = 0, bottom = 0, top = 0] = new Float64Array(pdfium.memory.buffer, pointer, 4)
  const [a, b] = [shown(pdfium, page, left, top, pointer + 32), shown(pdfium, page, right, bottom, pointer + 32)]
  return {
    xMm: Math.min(a.xMm, b.xMm),
    yMm: Math.min(a.yMm, b.yMm),
    widthMm: Math.abs(a.xMm - b.xMm),
    heightMm: Math.abs(a.yMm - b.yMm),
  }
}

function shown(pdfium: Pdfium, page: OpenPage, x: number, y: number, pointer: number): { xMm: number; yMm: number } {
  pdfium.FPDF_PageToDevice(page.handle, 0, 0, parts, parts, 0, x, y, pointer, pointer + 4)
  const [across = 0, down = 0] = new Int32Array(pdfium.memory.buffer, pointer, 2)
  return { xMm: (across / parts) * page.widthMm, yMm: (down / parts) * page.heightMm }
}

function boxOf(boxes: readonly (Box | undefined)[]): Box | undefined {
  const known = boxes.filter((box) => box !== undefined)
  if (known.length === 0) return undefined
  const xMm = Math.min(...known.map((box) => box.xMm))
  const yMm = Math.min(...known.map((box) => box.yMm))
  return {
    xMm,
    yMm,
    widthMm: Math.max(...known.map((box) => box.xMm + box.widthMm)) - xMm,
    heightMm: Math.max(...known.map((box) => box.yMm + box.heightMm)) - yMm,
  }
}
