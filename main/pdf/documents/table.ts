import { contentWidthMm, inks, lineHeightMm, margins, type Paper, type TextStyle } from './paper.ts'

/** A column of a table. */
export type Column = { readonly title: string; readonly widthMm: number; readonly align?: 'left' | 'centre' }

const cellStyle: TextStyle = { size: 10.5, leading: 1.45 }
const paddingMm = { x: 2.2, y: 1.45 } as const

/** A ruled table from the left margin; rows are never cut, the head is repeated on a new page. */
function drawTable(paper: Paper, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  for (const _ of drawTableSteps(paper, columns, rows, cellStyle));
}

/** The same a row at a time, so that a long table lets others work in between; below the last row `tailMm` stay free. */
export function* drawTableSteps(
  paper: Paper,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: TextStyle,
  tailMm = 0,
): Generator<void> {
  const rightMm = margins.leftMm + columns.reduce((sum, column) => sum + column.widthMm, 0)
  const close = () => paper.rule(margins.leftMm, paper.yMm, rightMm, paper.yMm, 0.9, inks.black)
  const head = columns.map(({ title }) => title)
  paper.makeRoom(rowHeightMm(paper, columns, head, style) + rowHeightMm(paper, columns, rows[0] ?? [], style))
  drawRow(paper, columns, head, style, true)
  for (const [at, row] of rows.entries()) {
    if (!paper.hasRoom(rowHeightMm(paper, columns, row, style) + (at === rows.length - 1 ? tailMm : 0))) {
      close()
      paper.newPage()
      drawRow(paper, columns, head, style, true)
    }
    drawRow(paper, columns, row, style, false)
    yield
  }
  close()
}

/** The most lines of a cell: a row is never cut, so that one with more of them is told in several. */
const mostLines = 24

/** A row as one or more that each fit on a page. */
export function splitRow(
  paper: Paper,
  columns: readonly Column[],
  cells: readonly string[],
  style: TextStyle,
): string[][] {
  const lines = cells.map((cell, at) => paper.lines(cell, (columns[at]?.widthMm ?? 0) - 2 * paddingMm.x, style))
  const count = Math.ceil(Math.max(1, ...lines.map(({ length }) => length)) / mostLines)
  return Array.from({ length: count }, (_, part) =>
    lines.map((all) => all.slice(part * mostLines, (part + 1) * mostLines).join('\n')),
  )
}

function rowHeightMm(paper: Paper, columns: readonly Column[], cells: readonly string[], style: TextStyle): number {
  const heights = columns.map(({ widthMm }, at) => paper.heightMm(cells[at] ?? '', widthMm - 2 * paddingMm.x, style))
  return Math.max(lineHeightMm(style), ...heights) + 2 * paddingMm.y
}

function drawRow(
  paper: Paper,
  columns: readonly Column[],
  cells: readonly string[],
  usual: TextStyle,
  isHead: boolean,
): void {
  const height = rowHeightMm(paper, columns, cells, usual)
  const widthMm = columns.reduce((sum, column) => sum + column.widthMm, 0)
  const right = margins.leftMm + widthMm
  if (isHead) paper.box(margins.leftMm, paper.yMm, widthMm, height, inks.shade)
  let x = margins.leftMm
  for (const [at, { widthMm: width, align = 'left' }] of columns.entries()) {
    const style: TextStyle = { ...usual, align: isHead ? 'centre' : align, weight: isHead ? 'bold' : 'regular' }
    const text = cells[at] ?? ''
    const free = height - paper.heightMm(text, width - 2 * paddingMm.x, style)
    paper.text(text, x + paddingMm.x, paper.yMm + free / 2 + 0.35, width - 2 * paddingMm.x, style)
    x += width
  }
  drawGrid(paper, columns, height, right, isHead)
  paper.yMm += height
}

function drawGrid(paper: Paper, columns: readonly Column[], height: number, right: number, isHead: boolean): void {
  const bottom = paper.yMm + height
  paper.rule(margins.leftMm, paper.yMm, right, paper.yMm, isHead ? 0.9 : 0.4, isHead ? inks.black : inks.rule)
  let x: number = margins.leftMm
  for (const { widthMm } of columns.slice(0, -1)) {
    x += widthMm
    paper.rule(x, paper.yMm, x, bottom, 0.4)
  }
  paper.rule(margins.leftMm, paper.yMm, margins.leftMm, bottom, 0.9, inks.black)
  paper.rule(right, paper.yMm, right, bottom, 0.9, inks.black)
}

/** A material's row as far as every document tells it. */
export type MaterialRow = { readonly name: string; readonly originals: number; readonly copies: number }

/** The table of materials: number, name, originals, copies, and one more column told by `last`. */
export function drawMaterialTable<Row extends MaterialRow>(
  paper: Paper,
  rows: readonly Row[],
  last: { readonly title: string; readonly nameWidthMm: number; readonly textOf: (row: Row) => string },
): void {
  const count = (papers: number) => (papers === 0 ? '·' : `${papers}`)
  drawTable(
    paper,
    [
      { title: '序', widthMm: 11, align: 'centre' },
      { title: '材料', widthMm: last.nameWidthMm },
      { title: '原件', widthMm: 15, align: 'centre' },
      { title: '复印件', widthMm: 17, align: 'centre' },
      { title: last.title, widthMm: contentWidthMm - 43 - last.nameWidthMm },
    ],
    rows.map((row, at) => [`${at + 1}`, row.name, count(row.originals), count(row.copies), last.textOf(row)]),
  )
}

/** A form-like grid of labels and values, two pairs a row; a pair with `wide` takes a whole row. */
export type Fact = {
  readonly label: string
  readonly value: string
  readonly wide?: boolean
  readonly strong?: boolean
}

/** Draws facts as a grid between the margins. */
export function drawFacts(paper: Paper, facts: readonly Fact[], widthMm: number): void {
  const labelWidth = 25
  const half = widthMm / 2
  const wideMm = widthMm - labelWidth - 2 * paddingMm.x
  const rows = pairUp(facts.flatMap((fact) => (fact.wide === true ? splitFact(paper, fact, wideMm) : [fact])))
  for (const [at, row] of rows.entries()) {
    const isWide = row.length === 1
    const valueWidth = (isWide ? widthMm : half) - labelWidth
    const styleOf = (fact: Fact): TextStyle => ({ ...cellStyle, weight: fact.strong === true ? 'bold' : 'regular' })
    const height =
      Math.max(
        ...row.map((fact) => paper.heightMm(fact.value, valueWidth - 2 * paddingMm.x, styleOf(fact))),
        ...row.map((fact) => paper.heightMm(fact.label, labelWidth - 2, cellStyle)),
      ) +
      2 * paddingMm.y
    paper.makeRoom(height)
    const top = paper.yMm
    for (const place of row.keys()) paper.box(margins.leftMm + place * half, top, labelWidth, height, inks.shade)
    paper.rule(
      margins.leftMm,
      top,
      margins.leftMm + widthMm,
      top,
      at === 0 ? 0.9 : 0.4,
      at === 0 ? inks.black : inks.rule,
    )
    for (const [place, fact] of row.entries()) {
      const x = margins.leftMm + place * half
      const free = (text: string, width: number, style: TextStyle) =>
        (height - paper.heightMm(text, width, style)) / 2 + 0.35
      paper.text(fact.label, x + 1, top + free(fact.label, labelWidth - 2, cellStyle), labelWidth - 2, {
        ...cellStyle,
        align: 'centre',
        ink: inks.grey,
      })
      const width = valueWidth - 2 * paddingMm.x
      paper.text(
        fact.value,
        x + labelWidth + paddingMm.x,
        top + free(fact.value, width, styleOf(fact)),
        width,
        styleOf(fact),
      )
      paper.rule(x + labelWidth, top, x + labelWidth, top + height, 0.4)
      if (place > 0) paper.rule(x, top, x, top + height, 0.4)
    }
    for (const x of [margins.leftMm, margins.leftMm + widthMm]) paper.rule(x, top, x, top + height, 0.9, inks.black)
    paper.yMm += height
  }
  paper.rule(margins.leftMm, paper.yMm, margins.leftMm + widthMm, paper.yMm, 0.9, inks.black)
}

/** A long value as several facts that each fit on a page. */
function splitFact(paper: Paper, fact: Fact, widthMm: number): Fact[] {
  const lines = paper.lines(fact.value, widthMm, cellStyle)
  if (lines.length <= mostLines) return [fact]
  const count = Math.ceil(lines.length / mostLines)
  return Array.from({ length: count }, (_, part) => ({
    ...fact,
    label: part === 0 ? fact.label : '',
    value: lines.slice(part * mostLines, (part + 1) * mostLines).join('\n'),
  }))
}

function pairUp(facts: readonly Fact[]): Fact[][] {
  const rows: Fact[][] = []
  for (const fact of facts) {
    const last = rows.at(-1)
    if (fact.wide !== true && last?.length === 1 && last[0]?.wide !== true) last.push(fact)
    else rows.push([fact])
  }
  return rows
}
