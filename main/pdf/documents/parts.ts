import { contentWidthMm, inks, margins, type Paper, printable, type TextStyle } from './paper.ts'

/** 演练 across the page and in an orange frame: nobody may take it for a real document. */
export function drawTrainingMark(paper: Paper): void {
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
  paper.across('演 练', widthMm / 2, heightMm / 2 + 19.5, 150, inks.orange, 0.09)
  const width = 58
  paper.box((widthMm - width) / 2, inset - 3.2, width, 6.4, inks.orange)
  paper.text('演练 · 不具效力', (widthMm - width) / 2, inset - 2.9, width, {
    size: 11,
    weight: 'bold',
    align: 'centre',
    ink: inks.white,
  })
}

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

/** A numbered list; an item is kept on one page. */
export function drawList(paper: Paper, items: readonly string[], style: TextStyle): void {
  for (const [at, item] of items.entries()) {
    const indent = 6
    paper.makeRoom(paper.heightMm(item, contentWidthMm - indent, style))
    paper.line(`${at + 1}.`, margins.leftMm, paper.yMm, indent, style)
    paper.yMm += paper.text(item, margins.leftMm + indent, paper.yMm, contentWidthMm - indent, style) + 0.6
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
