import { contentWidthMm, drawPaper, inks, margins, type Paper, type PaperFacts, printable, textsIn } from './paper.ts'
import { drawFooter, drawSectionTitle, drawTrainingMark, replaceUnprintable } from './parts.ts'
import type { DrawnDocument } from './receipt.ts'
import { type Column, drawFacts, drawTableSteps } from './table.ts'

/** Everything that stands on a printed 日清, in words. */
export type DayInput = {
  readonly isTraining: boolean
  /** Town, village and window. */
  readonly station: string
  readonly day: string
  readonly checkedAt: string
  readonly conclusion: string
  readonly entries: string
  readonly cases: string
  readonly files: string
  readonly headSeq: string
  /** In groups, to be compared by eye. */
  readonly headHash: string
  readonly differences: readonly {
    readonly what: string
    readonly here: string
    readonly there: string
    readonly text: string
  }[]
  /** What was not printed; '' for nothing. */
  readonly more: string
  readonly printedAt: string
  readonly printedBy: string
  readonly now: Date
}

const columns: readonly Column[] = [
  { title: '不同之处', widthMm: 56 },
  { title: '本机', widthMm: 23, align: 'centre' },
  { title: '中心', widthMm: 23, align: 'centre' },
  { title: '说明', widthMm: contentWidthMm - 102 },
]
const cellStyle = { size: 9.5, leading: 1.4 }

const templateText =
  '日清单站点日期核对时间结论不同之处当日记录条收件名文件末条编号码之本机中心说明窗口人员签字负责第页共演练不具效力由打印：（）/　0123456789·，。'

/** Room for those who sign. */
const signaturesMm = 18

/** Draws a day's 日清 on A4: counts, the ledger's head, what differs, and where two people sign. One page for up to a dozen differences. */
export async function drawDay(given: DayInput): Promise<DrawnDocument> {
  const unprintable = printable(textsIn(given)).unprintable
  const input = replaceUnprintable(given)
  const facts: PaperFacts = { title: `日清单 ${input.station} ${input.day}`, now: input.now }
  const { pdf, pages } = await drawPaper(
    facts,
    textsIn(input) + templateText,
    (paper) => {
      if (input.isTraining) drawTrainingMark(paper)
    },
    (paper) => {
      drawHead(paper, input)
      drawDifferences(paper, input)
      drawSignatures(paper)
      const foot = `日清单　${input.station}　${input.printedAt} 由 ${input.printedBy} 打印`
      paper.finish((page, at, of) => {
        drawFooter(page, foot, at, of)
      })
    },
  )
  return { pdf, pages, unprintable }
}

function drawHead(paper: Paper, input: DayInput): void {
  const top = margins.topMm + 2
  paper.text(input.station, margins.leftMm, top, contentWidthMm, { size: 12, ink: inks.grey })
  paper.text('日清单', margins.leftMm, top + 9, contentWidthMm, { size: 27, weight: 'bold' })
  paper.text(input.day, margins.leftMm, top + 13, contentWidthMm, { size: 14, align: 'right' })
  paper.yMm = top + 25
  drawFacts(
    paper,
    [
      { label: '结论', value: input.conclusion, strong: true },
      { label: '核对时间', value: input.checkedAt },
      { label: '当日记录', value: input.entries },
      { label: '当日收件', value: input.cases },
      { label: '当日文件', value: input.files },
      { label: '末条编号', value: input.headSeq },
      { label: '核对码', value: input.headHash, wide: true },
    ],
    contentWidthMm,
  )
}

function drawDifferences(paper: Paper, { differences, more }: DayInput): void {
  if (differences.length === 0) return
  drawSectionTitle(paper, '不同之处')
  const rows = differences.map(({ what, here, there, text }) => [what, here, there, text])
  for (const _ of drawTableSteps(paper, columns, rows, cellStyle, signaturesMm));
  if (more === '') return
  paper.yMm += 2
  paper.yMm += paper.text(more, margins.leftMm, paper.yMm, contentWidthMm, { size: 9.5, ink: inks.grey })
}

function drawSignatures(paper: Paper): void {
  paper.makeRoom(signaturesMm)
  paper.yMm += 9
  for (const [label, x] of [
    ['窗口人员签字：', margins.leftMm],
    ['负责人签字：', margins.leftMm + 88],
  ] as const) {
    paper.text(label, x, paper.yMm, 32, { size: 11 })
    paper.rule(x + 30, paper.yMm + 5.4, x + 76, paper.yMm + 5.4, 0.6, inks.black)
  }
  paper.yMm += 9
}
