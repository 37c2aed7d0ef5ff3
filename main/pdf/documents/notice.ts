import type { Passage } from '../../../preload/contract/standards/template.ts'
import { contentWidthMm, drawPaper, inks, margins, type Paper, printable, type TextStyle, textsIn } from './paper.ts'
import { drawCaseHead, drawFooter, drawList, drawMark, drawRunning, frameText, replaceUnprintable } from './parts.ts'
import type { DrawnDocument } from './receipt.ts'
import { drawFacts, type Fact } from './table.ts'

/** Everything that stands on a paper of a case but the receipt, in words: 受理通知书, 补正告知书, 容缺受理承诺书 … */
export type NoticeInput = {
  readonly isTraining: boolean
  /** Of nobody: how a template looks. */
  readonly isSample?: boolean
  /** Who issues it, as on the seal. */
  readonly issuer: string
  readonly title: string
  readonly caseNumber: string
  /** The body. A first paragraph that ends with a colon is the salutation. */
  readonly passages: readonly Passage[]
  /** A grid of facts below the body; empty for none. */
  readonly facts: readonly Fact[]
  /** Who signs by hand, e.g. `承诺人签名`; empty for nobody. */
  readonly signers: readonly string[]
  /** What the program adds in small print, one sentence each. */
  readonly notes: readonly string[]
  /** `2026年11月23日`: the date line, which the seal goes over. */
  readonly issuedOn: string
  /** The entry of the 收件, and what the QR code says. */
  readonly seq: number
  readonly hash: string
  readonly qrText: string
  readonly now: Date
}

const body: TextStyle = { size: 13, leading: 1.75 }
const listIndentMm = 9.2

/** The sign-off: issuer over date, centred here, with room for the lower part of a seal. */
const signOff = { centreXMm: 150, widthMm: 76, heightMm: 44 } as const

/** Draws a notice: the body over as many pages as it takes, who signs, issuer and date. Characters without a glyph print as 〓 and are told. */
export async function drawNotice(given: NoticeInput): Promise<DrawnDocument> {
  const unprintable = printable(textsIn(given)).unprintable
  const input = { ...replaceUnprintable(given), qrText: given.qrText }
  const { pdf, pages } = await drawPaper(
    { title: `${input.title} ${input.caseNumber}`, now: input.now },
    `${textsIn(input)}${frameText}：年月日`,
    (paper) => {
      drawMark(paper, input)
    },
    (paper) => {
      drawCaseHead(paper, input)
      paper.yMm += 4
      drawBody(paper, input)
      drawSigners(paper, input.signers)
      drawSignOff(paper, input)
      paper.finish((page, at, of) => {
        drawFooter(page, `台账第 ${input.seq} 条　${input.hash}`, at, of)
      })
    },
  )
  return { pdf, pages, unprintable }
}

function drawBody(paper: Paper, { passages, facts, notes }: NoticeInput): void {
  for (const [at, passage] of passages.entries()) {
    if (at === passages.length - 1 && facts.length === 0) keepWithSignOff(paper, passage)
    drawPassage(paper, passage, at === 0)
  }
  if (facts.length > 0) {
    paper.yMm += 3
    drawFacts(paper, facts, contentWidthMm)
  }
  for (const note of notes) {
    paper.yMm += 2
    drawRunning(paper, note, { size: 10, leading: 1.5, ink: inks.grey })
  }
}

function drawPassage(paper: Paper, passage: Passage, isFirst: boolean): void {
  if ('items' in passage) {
    drawList(paper, passage.items, body, listIndentMm)
    return
  }
  const isSalutation = isFirst && passage.text.endsWith('：')
  drawRunning(paper, isSalutation ? passage.text : `　　${passage.text.trimStart()}`, body)
  paper.yMm += 1
}

/** A sign-off never stands on a page of its own: the last paragraph goes with it, unless that is long. */
function keepWithSignOff(paper: Paper, passage: Passage): void {
  const text = 'items' in passage ? passage.items.join('\n') : passage.text
  const height = paper.heightMm(text, contentWidthMm - listIndentMm, body)
  if (height < 80) paper.makeRoom(height + signOff.heightMm + 4)
}

function drawSigners(paper: Paper, signers: readonly string[]): void {
  if (signers.length === 0) return
  const lineMm = 12
  paper.makeRoom(6 + signers.length * lineMm)
  paper.yMm += 6
  for (const signer of signers) {
    const label = `${signer}：`
    const widthMm = paper.widthMm(label, { size: 12 })
    paper.text(label, margins.leftMm, paper.yMm, widthMm + 2, { size: 12 })
    const fromMm = margins.leftMm + widthMm + 1
    paper.rule(fromMm, paper.yMm + 5.8, fromMm + 56, paper.yMm + 5.8, 0.6, inks.black)
    paper.text('年　　月　　日', fromMm + 62, paper.yMm, 50, { size: 12 })
    paper.yMm += lineMm
  }
}

function drawSignOff(paper: Paper, { issuer, issuedOn }: NoticeInput): void {
  paper.makeRoom(signOff.heightMm)
  const x = signOff.centreXMm - signOff.widthMm / 2
  const top = paper.yMm + 14
  const fits = paper.widthMm(issuer, { size: 13 }) <= signOff.widthMm
  paper.text(issuer, x, top, signOff.widthMm, { size: fits ? 13 : 10, align: 'centre' })
  paper.text(issuedOn, x, top + 9, signOff.widthMm, { size: 13, align: 'centre' })
  paper.yMm += signOff.heightMm
}
