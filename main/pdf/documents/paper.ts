import * as fontkit from 'fontkit'
import { type Color, degrees, LineCapStyle, PDFDocument, type PDFFont, type PDFPage, rgb } from 'pdf-lib'
import { fontSubset, missingGlyphs } from '../drawing/fonts.ts'
import { pointsPerMm } from '../units.ts'

/** A4 in millimetres; all places here are millimetres from the upper left corner. */
export const a4 = { widthMm: 210, heightMm: 297 } as const

/** The size of a document's pages. */
export type PaperSize = { readonly widthMm: number; readonly heightMm: number }

/** A4 on its side, for wide tables. */
export const a4Landscape: PaperSize = { widthMm: 297, heightMm: 210 }

/** Margins that every document keeps. */
export const margins = { leftMm: 22, rightMm: 22, topMm: 20, bottomMm: 20 } as const

/** The width between the margins. */
export const contentWidthMm = a4.widthMm - margins.leftMm - margins.rightMm

/** Inks: text, secondary text, rules, the training mark. */
export const inks = {
  black: rgb(0.07, 0.07, 0.08),
  grey: rgb(0.36, 0.37, 0.39),
  rule: rgb(0.55, 0.56, 0.58),
  shade: rgb(0.955, 0.955, 0.945),
  orange: rgb(0.85, 0.38, 0.02),
  white: rgb(1, 1, 1),
} as const

/** Regular and bold 宋体. */
export type Weight = 'regular' | 'bold'

/** How a text looks. */
export type TextStyle = {
  /** Points. */
  readonly size: number
  readonly weight?: Weight
  readonly ink?: Color
  readonly align?: 'left' | 'centre' | 'right'
  /** Distance of lines as a multiple of the size; 1.55 where not told. */
  readonly leading?: number
}

/** Stands where a font has no glyph for a character (〓, the printers' geta mark). */
const missingMark = '〓'

const mm = (points: number): number => points / pointsPerMm

/** Splits a text into those that print and those that do not: what to draw, and the characters that no font here has. */
export function printable(text: string): { readonly text: string; readonly unprintable: string[] } {
  const unprintable = missingGlyphs('serif', text)
  const lacking = new Set(unprintable)
  return { text: Array.from(text, (c) => (lacking.has(c) ? missingMark : c)).join(''), unprintable }
}

/** All texts inside a value, for the font subsets. */
export function textsIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textsIn).join('')
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsIn).join('') : ''
}

/** Pages that are drawn on in millimetres. Made by `drawPaper`. */
export class Paper {
  readonly size: PaperSize
  readonly #characters: ReadonlySet<string>
  readonly #document: PDFDocument
  readonly #fonts: Readonly<Record<Weight, PDFFont>>
  readonly #advances = { regular: new Map<string, number>(), bold: new Map<string, number>() }
  readonly #onNewPage: (paper: Paper) => void
  #page: PDFPage
  /** Where the next block starts. */
  yMm: number = margins.topMm

  constructor(
    document: PDFDocument,
    fonts: Readonly<Record<Weight, PDFFont>>,
    characters: ReadonlySet<string>,
    onNewPage: (paper: Paper) => void,
    size: PaperSize,
  ) {
    this.size = size
    this.#characters = characters
    this.#document = document
    this.#fonts = fonts
    this.#onNewPage = onNewPage
    this.#page = this.newPage()
  }

  /** The width between the margins. */
  get contentWidthMm(): number {
    return this.size.widthMm - margins.leftMm - margins.rightMm
  }

  /** Starts a page; what belongs on every page is drawn first. */
  newPage(): PDFPage {
    this.#page = this.#document.addPage([this.size.widthMm * pointsPerMm, this.size.heightMm * pointsPerMm])
    this.yMm = margins.topMm
    this.#onNewPage(this)
    return this.#page
  }

  /** Whether so much room is left above the bottom margin. */
  hasRoom(heightMm: number): boolean {
    return this.yMm + heightMm <= this.size.heightMm - margins.bottomMm
  }

  /** Starts a page unless so much room is left above the bottom margin. Says whether it did. */
  makeRoom(heightMm: number): boolean {
    if (this.hasRoom(heightMm)) return false
    this.newPage()
    return true
  }

  /** Width of a line of text. */
  widthMm(text: string, { size, weight = 'regular' }: TextStyle): number {
    let width = 0
    for (const character of text) width += this.#advance(character, weight)
    return mm(width * size)
  }

  /** A character's width at one point. Without ligatures a line is as wide as its characters. */
  #advance(character: string, weight: Weight): number {
    const known = this.#advances[weight].get(character)
    if (known !== undefined) return known
    const advance = this.#fonts[weight].widthOfTextAtSize(character, 1)
    this.#advances[weight].set(character, advance)
    return advance
  }

  /** Cuts a text into lines: Chinese anywhere but before closing marks, words and numbers kept whole where they fit. */
  lines(text: string, widthMm: number, style: TextStyle): string[] {
    return text.split('\n').flatMap((paragraph) => {
      const lines: string[] = []
      let line = ''
      for (const piece of pieces(paragraph)) {
        if (line !== '' && this.widthMm(line + piece, style) > widthMm && !closing.test(piece)) {
          lines.push(line.trimEnd())
          line = ''
        }
        for (const part of this.#fitting(piece, widthMm, style)) {
          if (line !== '' && this.widthMm(line + part, style) > widthMm && !closing.test(part)) {
            lines.push(line.trimEnd())
            line = ''
          }
          line += part
        }
      }
      return [...lines, line.trimEnd()]
    })
  }

  #fitting(piece: string, widthMm: number, style: TextStyle): string[] {
    return this.widthMm(piece, style) <= widthMm ? [piece] : [...piece]
  }

  /** Draws one line with its top at `yMm`; the box it is aligned in starts at `xMm`. */
  line(text: string, xMm: number, yMm: number, widthMm: number, style: TextStyle): void {
    this.#assertInSubset(text)
    const { size, weight = 'regular', ink = inks.black, align = 'left' } = style
    const free = widthMm - this.widthMm(text, style)
    const shift = align === 'left' ? 0 : align === 'right' ? free : free / 2
    this.#page.drawText(text, {
      x: (xMm + shift) * pointsPerMm,
      y: (this.size.heightMm - yMm) * pointsPerMm - size * 0.88,
      size,
      font: this.#fonts[weight],
      color: ink,
    })
  }

  /** A character that the subsets lack would print as nothing: a document must never lose one in silence. */
  #assertInSubset(text: string): void {
    const lost = [...text].find((character) => !this.#characters.has(character))
    if (lost !== undefined) throw new Error(`"${lost}" is not among the texts that were given for the font subsets`)
  }

  /** Height of a text in a box of a width. */
  heightMm(text: string, widthMm: number, style: TextStyle): number {
    return this.lines(text, widthMm, style).length * lineHeightMm(style)
  }

  /** Draws a text in a box; returns the height used. */
  text(text: string, xMm: number, yMm: number, widthMm: number, style: TextStyle): number {
    const height = lineHeightMm(style)
    const lines = this.lines(text, widthMm, style)
    lines.forEach((line, at) => {
      this.line(line, xMm, yMm + at * height, widthMm, style)
    })
    return lines.length * height
  }

  /** A straight rule. */
  rule(fromXMm: number, fromYMm: number, toXMm: number, toYMm: number, thickness = 0.6, ink: Color = inks.rule): void {
    this.#page.drawLine({
      start: { x: fromXMm * pointsPerMm, y: (this.size.heightMm - fromYMm) * pointsPerMm },
      end: { x: toXMm * pointsPerMm, y: (this.size.heightMm - toYMm) * pointsPerMm },
      thickness,
      color: ink,
    })
  }

  /** A filled box. */
  box(xMm: number, yMm: number, widthMm: number, heightMm: number, ink: Color): void {
    this.#page.drawRectangle({
      x: xMm * pointsPerMm,
      y: (this.size.heightMm - yMm - heightMm) * pointsPerMm,
      width: widthMm * pointsPerMm,
      height: heightMm * pointsPerMm,
      color: ink,
    })
  }

  /** An SVG path in millimetres, filled, with its origin at a place. */
  path(svgPath: string, xMm: number, yMm: number, ink: Color): void {
    this.#page.drawSvgPath(svgPath, {
      x: xMm * pointsPerMm,
      y: (this.size.heightMm - yMm) * pointsPerMm,
      scale: pointsPerMm,
      color: ink,
      borderWidth: 0,
    })
  }

  /** Pen strokes: an SVG path, not filled, its units `unitMm` long, with its origin at a place. */
  strokes(svgPath: string, xMm: number, yMm: number, unitMm: number, ink: Color = inks.black): void {
    const scale = unitMm * pointsPerMm
    this.#page.drawSvgPath(svgPath, {
      x: xMm * pointsPerMm,
      y: (this.size.heightMm - yMm) * pointsPerMm,
      scale,
      borderColor: ink,
      borderWidth: 1.3 / scale,
      borderLineCap: LineCapStyle.Round,
    })
  }

  /** A large faint text across the page, centred on a place, rising to the right. */
  across(text: string, xMm: number, yMm: number, size: number, ink: Color, opacity: number): void {
    this.#assertInSubset(text)
    const angle = Math.PI / 5.2
    const half = this.widthMm(text, { size, weight: 'bold' }) / 2
    this.#page.drawText(text, {
      x: (xMm - half * Math.cos(angle)) * pointsPerMm,
      y: (this.size.heightMm - yMm - half * Math.sin(angle)) * pointsPerMm,
      size,
      font: this.#fonts.bold,
      color: ink,
      opacity,
      rotate: degrees((angle * 180) / Math.PI),
    })
  }

  /** Calls `draw` once for each page when all are there, e.g. for page numbers. */
  finish(draw: (paper: Paper, page: number, pages: number) => void): void {
    const pages = this.#document.getPages()
    pages.forEach((page, at) => {
      this.#page = page
      draw(this, at + 1, pages.length)
    })
  }
}

/** The height of one line of a style. */
export function lineHeightMm({ size, leading = 1.55 }: TextStyle): number {
  return mm(size * leading)
}

const closing = /^[，。、；：？！）》」』】”’％%]/u

/** Dates, words and numbers as one piece each, every other character as its own. */
function pieces(text: string): string[] {
  return text.match(/\d+年\d+月\d+日前?|[\x21-\x7e]+ ?|[\s\S]/gu) ?? []
}

/**
 * Each character by its own glyph and nothing else: a ligature (`ff` in a hash) or another form of a digit (Noto's Latin
 * digits beside an X) has no width and no meaning in what pdf-lib embeds, so it prints askew and cannot be copied.
 */
const features = 'liga clig dlig calt rlig ccmp locl frac numr dnom rvrn ltra ltrm mark mkmk rclt curs kern'
const plainGlyphs = Object.fromEntries(features.split(' ').map((feature) => [feature, false]))

/** Stand on every document: numbers of lists and pages. */
const everywhere = ' 0123456789.,:/-'

/** What a document is called and when it was drawn: stands in its properties. */
export type PaperFacts = { readonly title: string; readonly now: Date }

/**
 * Draws a document: `texts` is everything that will stand on it (its characters make the font subsets), `draw` puts it
 * there, `onNewPage` what every page starts with; A4 where no `size` is told. Returns the PDF and its number of pages.
 */
export async function drawPaper(
  facts: PaperFacts,
  texts: string,
  onNewPage: (paper: Paper) => void,
  draw: (paper: Paper) => void | Promise<void>,
  size: PaperSize = a4,
): Promise<{ readonly pdf: Uint8Array; readonly pages: number }> {
  const document = await PDFDocument.create()
  document.registerFontkit(fontkit as unknown as Parameters<PDFDocument['registerFontkit']>[0])
  const characters = new Set(`${texts}${missingMark}${everywhere}`)
  const subsetText = [...characters].join('')
  const embed = async (family: 'serif' | 'serif-bold') =>
    document.embedFont(await fontSubset(family, subsetText), { subset: false, features: plainGlyphs })
  const fonts = { regular: await embed('serif'), bold: await embed('serif-bold') }
  document.setTitle(facts.title, { showInWindowTitleBar: true })
  document.setLanguage('zh-CN')
  document.setCreator('村窗')
  document.setProducer('村窗')
  document.setCreationDate(facts.now)
  document.setModificationDate(facts.now)
  await draw(new Paper(document, fonts, characters, onNewPage, size))
  return { pdf: await document.save({ useObjectStreams: false }), pages: document.getPageCount() }
}
