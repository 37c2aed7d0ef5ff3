import { contentWidthMm, drawPaper, inks, margins, type Paper, printable, textsIn } from './paper.ts'
import { drawFooter, drawList, drawMark, drawSectionTitle, frameText, replaceUnprintable } from './parts.ts'
import type { DrawnDocument } from './receipt.ts'
import { drawFacts, drawMaterialTable } from './table.ts'

/** Everything that stands on a 一次性告知单, in words. */
export type ChecklistInput = {
  readonly isTraining: boolean
  /** Of nobody: how a template looks. */
  readonly isSample?: boolean
  readonly issuer: string
  readonly title: string
  readonly matterName: string
  readonly applicantName: string
  /** `2026年11月23日 15:04`. */
  readonly toldAt: string
  readonly windowName: string
  readonly clerk: string
  /** 还缺的材料: name, how many, what is looked at, and whether it may follow later. */
  readonly materials: readonly {
    readonly name: string
    readonly originals: number
    readonly copies: number
    readonly points: string
  }[]
  /** Answers that are missing or wrong, one line each. */
  readonly answers: readonly string[]
  /** Conditions that are not met or have to be looked at. */
  readonly conditions: readonly string[]
  /** Materials promised for later, with their dates. */
  readonly later: readonly string[]
  readonly promised: string
  readonly notes: readonly string[]
  readonly now: Date
}

const templateText =
  '一次性告知单可以之后补交之要核对事项名称申请人告知时间窗口经办人承诺期限还缺的材料序原件复印份数要点填写内容补齐条件核对后办理说明材料已经齐全第页共演练不具效力签收：（）/　0123456789·'

/** Draws the 一次性告知单: everything that is missing, told once and whole (行政许可法 第32条). */
export async function drawChecklist(given: ChecklistInput): Promise<DrawnDocument> {
  const unprintable = printable(textsIn(given)).unprintable
  const input = replaceUnprintable(given)
  const { pdf, pages } = await drawPaper(
    { title: `${input.title} ${input.matterName}`, now: input.now },
    textsIn(input) + templateText + frameText,
    (paper) => {
      drawMark(paper, input)
    },
    (paper) => {
      drawHead(paper, input)
      drawMissing(paper, input)
      drawSignature(paper)
      paper.finish((page, at, of) => {
        drawFooter(page, input.matterName, at, of)
      })
    },
  )
  return { pdf, pages, unprintable }
}

function drawHead(paper: Paper, input: ChecklistInput): void {
  const top = margins.topMm + 2
  paper.text(input.issuer, margins.leftMm, top, contentWidthMm, { size: 12, ink: inks.grey })
  const title = {
    size: paper.widthMm(input.title, { size: 27, weight: 'bold' }) <= contentWidthMm ? 27 : 19,
    weight: 'bold',
  } as const
  const titleMm = paper.text(input.title, margins.leftMm, top + 9, contentWidthMm, title)
  paper.yMm = Math.max(top + 25, top + 9 + titleMm + 3)
  drawFacts(
    paper,
    [
      { label: '事项名称', value: input.matterName, wide: true, strong: true },
      { label: '申请人', value: input.applicantName, strong: true },
      { label: '告知时间', value: input.toldAt },
      { label: '收件窗口', value: input.windowName },
      { label: '经办人', value: input.clerk },
      { label: '承诺期限', value: input.promised, wide: true },
    ],
    contentWidthMm,
  )
}

function drawMissing(paper: Paper, input: ChecklistInput): void {
  const style = { size: 10.5, leading: 1.48 }
  drawSectionTitle(paper, '还缺的材料')
  if (input.materials.length === 0) {
    drawList(paper, ['材料已经齐全。'], style)
  } else {
    drawMaterialTable(paper, input.materials, { title: '要点', nameWidthMm: 54, textOf: ({ points }) => points })
  }
  for (const [title, items] of [
    ['要补齐的填写内容', input.answers],
    ['要核对的条件', input.conditions],
    ['可以之后补交', input.later],
    ['说明', input.notes],
  ] as const) {
    if (items.length === 0) continue
    drawSectionTitle(paper, title)
    drawList(paper, items, style)
  }
}

function drawSignature(paper: Paper): void {
  paper.makeRoom(15)
  paper.yMm += 7
  for (const [label, x] of [
    ['申请人签收：', margins.leftMm],
    ['经办人：', margins.leftMm + 92],
  ] as const) {
    paper.text(label, x, paper.yMm, 30, { size: 11.5 })
    paper.rule(x + 25, paper.yMm + 5.6, x + 70, paper.yMm + 5.6, 0.6, inks.black)
  }
  paper.yMm += 10
}
