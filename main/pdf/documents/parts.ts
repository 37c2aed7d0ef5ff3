import { contentWidthMm, inks, lineHeightMm, margins, type Paper, printable, type TextStyle } from './paper.ts'
import { qrPath } from './qr.ts'

/** 示例 or 演练 across a page that is one. */
export function drawMark(paper: Paper, { isTraining, isSample }: { isTraining: boolean; isSample?: boolean }): void {
  if (isSample === true) drawTrainingMark(paper, '示例')
  else if (isTraining) drawTrainingMark(paper)
}

/** 演练 (or another word) across the page and in an orange frame: nobody may take it for a real document. */
export function drawTrainingMark(paper: Paper, word = '演练'): void {
  const inset = 8
  const { widthMm, heightMm } = paper.size
  const [right, bottom] = [widthMm - inset, heightMm - inset]
  for (const [x1, y1, x2, y2] of [
    [inset, inset, right, inset],
    [right, inset, right, bottom],
    [right, bottom, inset, bottom],
    [inset, bottom, inset, inset],
  ] as const) {
    paper.rule(x1, y1, x2, y2, 1.6, inks.orange)
  }
  paper.across([...word].join(' '), widthMm / 2, heightMm / 2 + 19.5, 150, inks.orange, 0.09)
  const [width, height, glyphs] = [58, 6.4, 3.9]
  paper.box((widthMm - width) / 2, inset - height / 2, width, height, inks.orange)
  paper.text(`${word} · 不具效力`, (widthMm - width) / 2, inset - glyphs / 2, width, {
    size: 11,
    weight: 'bold',
    align: 'centre',
    ink: inks.white,
  })
}

/** What stands at the top of a paper of a case. */
export type CaseHead = {
  /** Who issues it, as on the seal. */
  readonly issuer: string
  readonly title: string
  readonly caseNumber: string
  /** What the QR code says. */
  readonly qrText: string
}

/** Issuer, title and number of a paper of a case, with the QR code by which it is checked. A long title takes more lines. */
export function drawCaseHead(paper: Paper, { issuer, title, caseNumber, qrText }: CaseHead): void {
  const qrSide = 27
  const qrX = margins.leftMm + contentWidthMm - qrSide
  const top = margins.topMm + 2
  const width = contentWidthMm - qrSide - 6
  paper.box(qrX - 2, top - 2, qrSide + 4, qrSide + 8, inks.white)
  paper.path(qrPath(qrText, qrSide), qrX, top, inks.black)
  paper.text('扫码核对', qrX, top + qrSide + 1, qrSide, { size: 8.5, align: 'centre', ink: inks.grey })
  const issuerMm = paper.text(issuer, margins.leftMm, top, width, { size: 12, ink: inks.grey })
  const large = { size: 27, weight: 'bold' } as const
  const spaced = [...title].length <= 4 ? [...title].join(' ') : title
  const style = paper.widthMm(spaced, large) <= width ? large : ({ size: 19, weight: 'bold', leading: 1.35 } as const)
  const titleTop = Math.max(top + 9, top + issuerMm + 2.4)
  const titleMm = paper.text(spaced, margins.leftMm, titleTop, width, style)
  const numberTop = Math.max(top + 25.5, titleTop + titleMm + 1.5)
  const numberMm = paper.text(`编号　${caseNumber}`, margins.leftMm, numberTop, width, { size: 11.5 })
  paper.yMm = Math.max(top + qrSide + 8, numberTop + numberMm + 3)
}

/** The characters that `drawCaseHead`, `drawTrainingMark` and `drawFooter` bring themselves. */
export const frameText = '编号扫码核对演练示例不具效力台账第条页共　·/'

/** A small heading over a block. Keeps together with the first line below it. */
export function drawSectionTitle(paper: Paper, title: string): void {
  paper.makeRoom(24)
  paper.yMm += 4.2
  paper.box(margins.leftMm, paper.yMm + 0.4, 1.1, 4.6, inks.black)
  paper.yMm +=
    paper.text(title, margins.leftMm + 3, paper.yMm, contentWidthMm, { size: 12, weight: 'bold', leading: 1.45 }) + 1.2
}

/** A small line at the foot, and the page number. */
export function drawFooter(paper: Paper, text: string, page: number, pages: number): void {
  const { contentWidthMm: width } = paper
  const y = paper.size.heightMm - margins.bottomMm + 2.5
  paper.rule(margins.leftMm, y - 1.6, margins.leftMm + width, y - 1.6, 0.4)
  paper.text(text, margins.leftMm, y, width, { size: 7.5, ink: inks.grey })
  paper.text(`第 ${page} 页 / 共 ${pages} 页`, margins.leftMm, y, width, {
    size: 7.5,
    align: 'right',
    ink: inks.grey,
  })
}

/** Running text from the left margin on, line by line over as many pages as it takes. */
export function drawRunning(paper: Paper, text: string, style: TextStyle, indentMm = 0): void {
  const height = lineHeightMm(style)
  const width = contentWidthMm - indentMm
  for (const line of paper.lines(text, width, style)) {
    paper.makeRoom(height)
    paper.line(line, margins.leftMm + indentMm, paper.yMm, width, style)
    paper.yMm += height
  }
}

/** A numbered list; an item is kept on one page, unless it is longer than half of one. */
export function drawList(paper: Paper, items: readonly string[], style: TextStyle, indentMm = 0): void {
  const numberMm = 6
  for (const [at, item] of items.entries()) {
    const height = paper.heightMm(item, contentWidthMm - indentMm - numberMm, style)
    paper.makeRoom(height < paper.size.heightMm / 2 ? height : lineHeightMm(style))
    paper.line(`${at + 1}.`, margins.leftMm + indentMm, paper.yMm, numberMm, style)
    drawRunning(paper, item, style, indentMm + numberMm)
    paper.yMm += 0.6
  }
}

/** The same input, every character that cannot be printed replaced by 〓. */
export function replaceUnprintable<T>(input: T): T {
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') return printable(value).text
    if (Array.isArray(value)) return value.map(replaced)
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item)]))
  }
  return replaced(input) as T
}
