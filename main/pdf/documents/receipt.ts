import type { SealPlace } from '../reading/placement.ts'
import { contentWidthMm, drawPaper, inks, margins, type Paper, printable, textsIn } from './paper.ts'
import {
  drawCaseHead,
  drawFooter,
  drawList,
  drawMark,
  drawSectionTitle,
  frameText,
  replaceUnprintable,
} from './parts.ts'
import { drawFacts, drawMaterialTable, type Fact } from './table.ts'

/** Everything that stands on a 收件凭证, in words. Dates and times are written out already. */
export type ReceiptInput = {
  readonly isTraining: boolean
  /** Of nobody: how a template looks. */
  readonly isSample?: boolean
  /** Who issues it, as on the seal. */
  readonly issuer: string
  readonly title: string
  readonly caseNumber: string
  readonly matterName: string
  readonly matterCode: string
  readonly applicantName: string
  /** Masked already. */
  readonly idNumber: string
  /** Masked already. */
  readonly phone: string
  /** `2026年11月23日 15:04`. */
  readonly receivedAt: string
  /** `2026年11月23日`: the date line. */
  readonly receivedOn: string
  readonly windowName: string
  readonly clerk: string
  readonly materials: readonly {
    readonly name: string
    readonly originals: number
    readonly copies: number
    /** `已收，影像 2 份`, `容缺后补，2026年11月30日前`. */
    readonly state: string
  }[]
  /** What follows later and by when, one sentence each. */
  readonly later: readonly string[]
  /** `2026年12月21日前（20个工作日）`. */
  readonly promised: string
  /** Which standard and version set the limit. */
  readonly limitSource: string
  /** What the applicant should know, one sentence each. */
  readonly notes: readonly string[]
  /** The ledger's entry that the receipt quotes. */
  readonly seq: number
  readonly hash: string
  /** What the QR code says. */
  readonly qrText: string
  readonly now: Date
}

/** A drawn document: its bytes, where its seal belongs, and what could not be printed. */
export type DrawnDocument = {
  readonly pdf: Uint8Array
  readonly pages: number
  /** Characters that no font here has; each prints as 〓. */
  readonly unprintable: readonly string[]
}

/** The sign-off block's place on the last page. */
const signOff = { centreXMm: 150, issuerYMm: 249.5, dateYMm: 258, widthMm: 76, topMm: 238 } as const

/**
 * Where a seal of a diameter belongs on a receipt of so many pages: on the last one, over the date line so that it covers
 * year and month (骑年盖月).
 */
export function receiptSealPlace(pages: number, diameterMm: number): SealPlace {
  return { page: pages, xMm: signOff.centreXMm - diameterMm / 2, yMm: signOff.dateYMm - diameterMm / 2 - 1.5 }
}

/** Draws the 收件凭证 (行政许可法 第32条: a dated written voucher with the special seal). Characters without a glyph print as 〓 and are told. */
export async function drawReceipt(given: ReceiptInput): Promise<DrawnDocument> {
  const unprintable = printable(textsIn(given)).unprintable
  const input = { ...replaceUnprintable(given), qrText: given.qrText }
  const { pdf, pages } = await drawPaper(
    { title: `${input.title} ${input.caseNumber}`, now: input.now },
    textsIn(input) + templateText + frameText,
    (paper) => {
      drawMark(paper, input)
    },
    (paper) => {
      drawCaseHead(paper, input)
      drawFacts(paper, factsOf(input), contentWidthMm)
      drawMaterials(paper, input)
      drawNotes(paper, input)
      if (paper.yMm > signOff.topMm) paper.newPage()
      drawSignOff(paper, input)
      paper.finish((page, at, of) => {
        drawFooter(page, `台账第 ${input.seq} 条　${input.hash}`, at, of)
      })
    },
  )
  return { pdf, pages, unprintable }
}

const templateText =
  '收件材料事项名称编码申请人身份证号联系电话收件时间窗口经办承诺办结期限依据已收到的材料序原件复印份数情况还要补交告知签收日期：（）0123456789'

function factsOf(input: ReceiptInput): Fact[] {
  return [
    { label: '事项名称', value: input.matterName, wide: true, strong: true },
    { label: '申请人', value: input.applicantName, strong: true },
    { label: '身份证号', value: input.idNumber },
    { label: '联系电话', value: input.phone },
    { label: '收件时间', value: input.receivedAt, strong: true },
    { label: '收件窗口', value: input.windowName },
    { label: '经办人', value: input.clerk },
    { label: '承诺办结', value: input.promised, wide: true, strong: true },
    { label: '期限依据', value: input.limitSource, wide: true },
  ]
}

function drawMaterials(paper: Paper, input: ReceiptInput): void {
  drawSectionTitle(paper, '收到的材料')
  drawMaterialTable(paper, input.materials, { title: '情况', nameWidthMm: 76, textOf: ({ state }) => state })
}

function drawNotes(paper: Paper, input: ReceiptInput): void {
  const style = { size: 10.5, leading: 1.5 }
  if (input.later.length > 0) {
    drawSectionTitle(paper, '还要补交')
    drawList(paper, input.later, { ...style, weight: 'bold' })
  }
  drawSectionTitle(paper, '告知')
  drawList(paper, input.notes, style)
}

function drawSignOff(paper: Paper, input: ReceiptInput): void {
  const x = signOff.centreXMm - signOff.widthMm / 2
  const fits = paper.widthMm(input.issuer, { size: 12.5 }) <= signOff.widthMm
  paper.text(input.issuer, x, signOff.issuerYMm, signOff.widthMm, { size: fits ? 12.5 : 10, align: 'centre' })
  paper.text(input.receivedOn, x, signOff.dateYMm, signOff.widthMm, { size: 12.5, align: 'centre' })
  paper.text('申请人签收：', margins.leftMm, signOff.dateYMm, 30, { size: 11.5 })
  paper.rule(margins.leftMm + 25, signOff.dateYMm + 5.6, margins.leftMm + 72, signOff.dateYMm + 5.6, 0.6, inks.black)
}
