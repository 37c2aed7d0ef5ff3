import { signatureField } from '../../../preload/contract/standards/signature.ts'
import type { Passage } from '../../../preload/contract/standards/template.ts'
import { contentWidthMm, drawPaper, inks, margins, type Paper, printable, type TextStyle, textsIn } from './paper.ts'
import {
  drawCaseHead,
  drawFooter,
  drawMark,
  drawRunning,
  drawSectionTitle,
  frameText,
  replaceUnprintable,
} from './parts.ts'
import type { DrawnDocument } from './receipt.ts'
import { type Column, drawFacts, drawTableSteps, type Fact, splitRow } from './table.ts'

/** A part of an application form: a grid of answers, or a table with a row for each member of a household. */
export type FormPart =
  | { readonly title: string; readonly facts: readonly Fact[] }
  | { readonly title: string; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** Everything that stands on an application form (申请表) as it was filled in. */
export type FormInput = {
  readonly isTraining: boolean
  /** Of nobody: how a template looks. */
  readonly isSample?: boolean
  readonly issuer: string
  readonly title: string
  readonly caseNumber: string
  readonly parts: readonly FormPart[]
  /** What the applicant confirms. */
  readonly passages: readonly Passage[]
  /** Signatures: strokes as an SVG path on the signature field, or words in their place; '' for a line to sign on. */
  readonly signatures: readonly { readonly label: string; readonly strokes: string; readonly words: string }[]
  readonly notes: readonly string[]
  /** `2026年11月23日`: when it was handed in. */
  readonly receivedOn: string
  readonly seq: number
  readonly hash: string
  readonly qrText: string
  readonly now: Date
}

const signatureMm = { width: 60, height: (60 * signatureField.height) / signatureField.width } as const
/** Room for a line to sign on. */
const lineMm = 11

/** Draws an application form: answers in groups, tables, what is confirmed, signatures as they were drawn on the screen. */
export async function drawForm(given: FormInput): Promise<DrawnDocument> {
  const unprintable = printable(textsIn(given)).unprintable
  const { qrText, signatures } = given
  const input = { ...replaceUnprintable(given), qrText }
  const strokes = signatures.map((one) => one.strokes)
  const { pdf, pages } = await drawPaper(
    { title: `${input.title} ${input.caseNumber}`, now: input.now },
    `${textsIn(input)}${frameText}：年月日收件日期`,
    (paper) => {
      drawMark(paper, input)
    },
    (paper) => {
      drawCaseHead(paper, input)
      for (const part of input.parts) drawPart(paper, part)
      paper.yMm += 4
      for (const passage of input.passages)
        drawRunning(paper, 'text' in passage ? passage.text : passage.items.join('；'), { size: 12 })
      for (const note of input.notes) drawRunning(paper, note, { size: 10, leading: 1.5, ink: inks.grey })
      for (const [at, signature] of input.signatures.entries())
        drawSignature(paper, { ...signature, strokes: strokes[at] ?? '' }, input.receivedOn)
      paper.finish((page, at, of) => {
        drawFooter(page, `台账第 ${input.seq} 条　${input.hash}`, at, of)
      })
    },
  )
  return { pdf, pages, unprintable }
}

function drawPart(paper: Paper, part: FormPart): void {
  drawSectionTitle(paper, part.title)
  if ('facts' in part) drawFacts(paper, part.facts, contentWidthMm)
  else drawRows(paper, part.columns, part.rows)
}

function drawRows(paper: Paper, titles: readonly string[], rows: readonly (readonly string[])[]): void {
  const style = { size: titles.length > 5 ? 9 : 10.5, leading: 1.4 }
  const cells = rows.length === 0 ? [titles.map(() => '')] : rows
  const columns = columnsOf(paper, titles, cells, style)
  for (const _ of drawTableSteps(
    paper,
    columns,
    cells.flatMap((row) => splitRow(paper, columns, row, style)),
    style,
  ));
}

/** Columns as wide as what they hold asks, within bounds: identity numbers are long, amounts short. */
function columnsOf(
  paper: Paper,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  style: TextStyle,
): Column[] {
  const wanted = titles.map((title, at) => {
    const longest = Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map((text) => paper.widthMm(text, style)))
    return Math.min(50, Math.max(14, longest + 6))
  })
  const all = wanted.reduce((sum, width) => sum + width, 0)
  return titles.map((title, at) => ({
    ...{ title, align: 'centre' },
    widthMm: ((wanted[at] ?? 0) / all) * contentWidthMm,
  }))
}

function drawSignature(
  paper: Paper,
  { label, words, strokes }: FormInput['signatures'][number],
  signedOn: string,
): void {
  const heightMm = strokes === '' ? lineMm : signatureMm.height
  paper.makeRoom(heightMm + 4)
  const top = paper.yMm + 3
  const middle = top + heightMm / 2 - 3
  const title = `${label}：`
  const titleMm = paper.widthMm(title, { size: 12 })
  paper.text(title, margins.leftMm, middle, titleMm + 2, { size: 12 })
  const x = margins.leftMm + titleMm + 2
  if (strokes !== '') paper.strokes(strokes, x, top, signatureMm.width / signatureField.width)
  else if (words !== '') paper.text(words, x, middle, contentWidthMm - titleMm - 2, { size: 12 })
  else paper.rule(x, middle + 6, x + 56, middle + 6, 0.6, inks.black)
  if (strokes !== '') paper.text(signedOn, x + 66, middle, 50, { size: 12 })
  else if (words === '') paper.text('年　　月　　日', x + 66, middle, 50, { size: 12 })
  paper.yMm = top + heightMm + 1
}
