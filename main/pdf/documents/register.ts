import { setImmediate } from 'node:timers/promises'
import { a4Landscape, drawPaper, inks, margins, type Paper, type PaperFacts, printable, textsIn } from './paper.ts'
import { drawFooter, drawTrainingMark, replaceUnprintable } from './parts.ts'
import type { DrawnDocument } from './receipt.ts'
import { type Column, drawTableSteps } from './table.ts'

/** Everything that stands on a printed 用印登记, in words. */
export type RegisterInput = {
  readonly isTraining: boolean
  /** Town, village and window. */
  readonly station: string
  /** Which days, seals and words it was narrowed to. */
  readonly scope: string
  readonly count: string
  readonly printedAt: string
  readonly printedBy: string
  readonly rows: readonly {
    /** Of the entry in the ledger. */
    readonly number: string
    readonly sealedAt: string
    readonly seal: string
    /** Title, and below it whose case it is. */
    readonly paper: string
    /** The first digits of the sealed file's SHA-256. */
    readonly digest: string
    readonly reason: string
    readonly askedBy: string
    readonly approvedBy: string
    readonly state: string
  }[]
  readonly now: Date
}

const columns: readonly Column[] = [
  { title: '台账号', widthMm: 17, align: 'centre' },
  { title: '用印时间', widthMm: 32 },
  { title: '印章', widthMm: 45 },
  { title: '文书', widthMm: 58 },
  { title: '文件摘要', widthMm: 23, align: 'centre' },
  { title: '事由', widthMm: 24 },
  { title: '用印人', widthMm: 18, align: 'centre' },
  { title: '审批人', widthMm: 18, align: 'centre' },
  { title: '送达', widthMm: 18, align: 'centre' },
]
const cellStyle = { size: 8.5, leading: 1.4 }

const templateText =
  '用印登记站点范围次数打印时间打印人没有用印记录。第页共演练不具效力签字：（）/　0123456789·，核对人保管人台账号印章文书文件摘要事由审批送达'

/** Room for those who sign, on the page of the last row. */
const signaturesMm = 16

/** How many rows are drawn before others may work. */
const rowsAtOnce = 50

/** Draws the 用印登记: one line an impression, on A4 on its side, as many pages as it takes. */
export async function drawRegister(given: RegisterInput): Promise<DrawnDocument> {
  const unprintable = printable(textsIn(given)).unprintable
  const input = replaceUnprintable(given)
  const facts: PaperFacts = { title: `用印登记 ${input.station}`, now: input.now }
  const { pdf, pages } = await drawPaper(
    facts,
    textsIn(input) + templateText,
    (paper) => {
      if (input.isTraining) drawTrainingMark(paper)
    },
    async (paper) => {
      drawHead(paper, input)
      await drawRows(paper, input)
      drawSignatures(paper)
      const foot = `用印登记　${input.station}　${input.printedAt} 由 ${input.printedBy} 打印`
      paper.finish((page, at, of) => {
        drawFooter(page, foot, at, of)
      })
    },
    a4Landscape,
  )
  return { pdf, pages, unprintable }
}

function drawHead(paper: Paper, input: RegisterInput): void {
  const { contentWidthMm: width } = paper
  const top = margins.topMm
  paper.text('用印登记', margins.leftMm, top, width, { size: 22, weight: 'bold' })
  paper.text(input.station, margins.leftMm, top + 1, width, { size: 11, align: 'right' })
  paper.text(input.count, margins.leftMm, top + 7, width, { size: 9.5, align: 'right', ink: inks.grey })
  const used = paper.text(`范围：${input.scope}`, margins.leftMm, top + 13.5, width, { size: 9.5, ink: inks.grey })
  paper.yMm = top + 15.5 + used
}

async function drawRows(paper: Paper, { rows }: RegisterInput): Promise<void> {
  if (rows.length === 0) {
    paper.yMm += paper.text('没有用印记录。', margins.leftMm, paper.yMm, paper.contentWidthMm, { size: 11 }) + 4
    return
  }
  const cells = rows.map((row) => [
    row.number,
    row.sealedAt,
    row.seal,
    row.paper,
    row.digest,
    row.reason,
    row.askedBy,
    row.approvedBy,
    row.state,
  ])
  let drawn = 0
  for (const _ of drawTableSteps(paper, columns, cells, cellStyle, signaturesMm)) {
    drawn += 1
    if (drawn % rowsAtOnce === 0) await setImmediate()
  }
}

function drawSignatures(paper: Paper): void {
  paper.makeRoom(signaturesMm)
  paper.yMm += 6
  for (const [label, x] of [
    ['印章保管人：', margins.leftMm],
    ['核对人：', margins.leftMm + 120],
  ] as const) {
    paper.text(label, x, paper.yMm, 40, { size: 10.5 })
    paper.rule(x + 26, paper.yMm + 5.2, x + 80, paper.yMm + 5.2, 0.6, inks.black)
  }
  paper.yMm += 10
}
