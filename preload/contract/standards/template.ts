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

/** The words of a paper: what a template has of them, and what the program brings itself (own-words.ts). */
export type PaperText = Pick<Template, 'title' | 'paragraphs'>

/** What a template may name, with the words for it. */
export const templateNames = {
  applicantName: '申请人姓名',
  applicantIdNumber: '申请人证件号码',
  applicantPhone: '申请人电话',
  matterName: '事项名称',
  matterCode: '实施编码',
  department: '实施主体',
  basis: '设定依据',
  conditions: '受理条件',
  fee: '收费',
  enquiry: '咨询方式',
  complaint: '监督投诉方式',
  caseNumber: '办件编号',
  centreCaseNumber: '中心编号',
  receivedOn: '收件日期',
  acceptedOn: '受理日期',
  decidedOn: '决定日期',
  promisedOn: '承诺办结日期',
  promisedLimit: '承诺办结时限',
  legalLimit: '法定办结时限',
  missingMaterials: '所缺材料',
  laterMaterials: '容缺后补的材料和日期',
  reason: '理由',
  decider: '作出决定的单位',
  result: '决定的结果',
  results: '办理结果名称',
  remedies: '不服时怎么办',
  receiverName: '领取人姓名',
  receiverIdNumber: '领取人证件号码',
  deliveredOn: '送达日期',
  issuer: '出具单位',
  windowName: '窗口名称',
  clerk: '经办人',
  today: '出具日期',
} as const

/** A name that a template may have. */
export type TemplateName = keyof typeof templateNames

/** Names in {{…}} of a paragraph, in order. */
export function namesIn(paragraph: string): string[] {
  return [...paragraph.matchAll(named)].map((found) => (found[1] ?? '').trim())
}

const named = /\{\{([^{}]{0,60})\}\}/gu

/** Stands where a value is not known: to be written in by hand. */
export const blankLine = '________'

/**
 * What stands for the names. A list is printed item by item where a paragraph is nothing but its name. '' or an empty list
 * says that there is nothing; a name that is left out is not known.
 */
export type TemplateValues = { readonly [Name in TemplateName]?: string | readonly string[] | undefined }

/** A paragraph as it is printed: running text, or a numbered list. */
export type Passage = { readonly text: string } | { readonly items: readonly string[] }

/** Words with their names filled in, or the names that nobody here knows. */
export type FilledText =
  | { readonly title: string; readonly passages: readonly Passage[] }
  | { readonly unknown: readonly string[] }

/**
 * Fills the names of a paper's words. What is not known becomes a line to write on; where there is nothing, `无` stands in a
 * sentence, and a paragraph that is only the name falls away.
 *
 * @example fillText({ title: '受理通知书', paragraphs: ['{{applicantName}}：'] }, { applicantName: '张三' })
 */
export function fillText({ title, paragraphs }: PaperText, values: TemplateValues): FilledText {
  const unknown = [title, ...paragraphs].flatMap(namesIn).filter((name) => !isTemplateName(name))
  if (unknown.length > 0) return { unknown: [...new Set(unknown)] }
  return { title: inSentence(title, values), passages: paragraphs.flatMap((text) => passageOf(text, values)) }
}

function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templateNames, name)
}

function passageOf(paragraph: string, values: TemplateValues): Passage[] {
  const alone = /^\s*\{\{([^{}]{0,60})\}\}\s*$/u.exec(paragraph)?.[1]?.trim()
  const value = alone !== undefined && isTemplateName(alone) ? values[alone] : undefined
  if (value === undefined) return [{ text: inSentence(paragraph, values) }]
  if (value.length === 0) return []
  return typeof value === 'string' ? [{ text: value }] : [{ items: value }]
}

function inSentence(paragraph: string, values: TemplateValues): string {
  return paragraph.replaceAll(named, (_, name: string) => {
    const value = values[name.trim() as TemplateName]
    if (value === undefined) return blankLine
    const text = typeof value === 'string' ? value : value.join('；')
    return text === '' ? '无' : text
  })
}
