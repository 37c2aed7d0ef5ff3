import { z } from 'zod'
import { paperWords } from './code-words.ts'

/** Words of a paper (文书模板): paragraphs with {{names}} that the program fills in. */

const text = (max: number) => z.string().min(1).max(max)

/** One version of a template. */
export const templateSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal('template'),
  templateId: text(60),
  name: text(120),
  version: z.int().min(1),
  effectiveFrom: z.iso.date(),
  paper: z.enum(Object.keys(paperWords) as [keyof typeof paperWords]),
  title: text(120),
  paragraphs: z.array(text(1000)).min(1).max(60),
})

export type Template = z.infer<typeof templateSchema>

/** What a template may name, with the words for it. */
export const templateNames = {
  applicantName: '申请人姓名',
  applicantIdNumber: '申请人证件号码',
  applicantPhone: '申请人电话',
  matterName: '事项名称',
  matterCode: '实施编码',
  caseNumber: '办件编号',
  receivedOn: '收件日期',
  promisedOn: '承诺办结日期',
  promisedLimit: '承诺办结时限',
  legalLimit: '法定办结时限',
  missingMaterials: '所缺材料',
  laterMaterials: '容缺后补的材料和日期',
  reason: '理由',
  issuer: '出具单位',
  windowName: '窗口名称',
  clerk: '经办人',
  today: '出具日期',
} as const

/** Names in {{…}} of a paragraph, in order. */
export function namesIn(paragraph: string): string[] {
  return [...paragraph.matchAll(/\{\{([^{}]{0,60})\}\}/gu)].map((found) => (found[1] ?? '').trim())
}
