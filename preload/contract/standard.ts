import { z } from 'zod'
import {
  audienceWords,
  authorityNatureWords,
  channelWords,
  handlingKindWords,
  levelWords,
  materialFormWords,
  materialKindWords,
  matterKindWords,
  onlineDepthWords,
  paperWords,
  powerSourceWords,
  specialProcedureWords,
  stageWords,
  statusWords,
} from './standards/code-words.ts'

/**
 * A matter standard (事项标准): one JSON document a matter and version, after GB/T 39046 and Guangdong's live codes.
 * Codes are opaque text: never parsed to decide anything. What format 2 added has a default, so that a document of
 * format 1 reads into the same model; its bytes, and so its hash, stay what they were. `docs/standards.md` tells each field.
 */

const text = (max: number) => z.string().min(1).max(max)
/** A text that may be left out. */
const told = (max: number) => z.string().max(max).default('')
/** One of a code set, or '' where it is not told. */
const codeOf = <T extends Record<string, string>>(words: T) =>
  z.enum(['', ...Object.keys(words)] as ['', ...(keyof T & string)[]]).default('')
const keysOf = <T extends Record<string, string>>(words: T) => Object.keys(words) as [keyof T & string]
const yesOrNo = z.boolean().nullable().default(null)

/** Where a fact of the standard comes from: 设定依据. */
export const legalBasisSchema = z.strictObject({
  title: text(200),
  /** The article, e.g. 第四十七条; in format 1 the 文号 as well. */
  clause: z.string().max(200),
  /** 文号. */
  number: told(100),
  /** What the clause says. */
  content: told(2000),
})

/** A condition (受理条件): text for people and, where a machine can check it, a JsonLogic rule over {answers, age, today} (standards/rule.ts). */
export const conditionSchema = z.strictObject({
  id: text(40),
  text: text(500),
  rule: z.json().optional(),
})

/** 必要性 of a material: 1 necessary, 2 not necessary, 3 may follow later on a promise (容缺后补). */
export const necessitySchema = z.union([z.literal(1), z.literal(2), z.literal(3)])

/** A material that the matter asks for (申请材料). */
export const materialRequirementSchema = z.strictObject({
  id: text(40),
  name: text(120),
  necessity: necessitySchema,
  originals: z.int().min(0).max(20),
  copies: z.int().min(0).max(20),
  /** 来源渠道: 10 the applicant, 20 issued by a public body, 99 other. */
  source: z.enum(['10', '20', '99']),
  /** 来源渠道说明. */
  sourceNote: told(300),
  /** 材料类型. */
  kind: codeOf(materialKindWords),
  /** 材料形式. */
  form: codeOf(materialFormWords),
  /** 规格, e.g. A4. */
  spec: told(60),
  /** 受理标准: what a clerk looks at. */
  acceptancePoints: z.array(text(300)).max(20),
  /** 填报须知. */
  notes: told(1000),
  /** 空白表格: the id of a template, or '' for none. */
  blankForm: told(60),
  /** 示例样表: where one is to be seen. */
  sample: told(300),
  /** 要求提供材料的依据. */
  basis: told(300),
  /** 出具机构. */
  issuer: told(120),
  /** Materials with the same key serve again in another case of the same person while valid, and once in a theme. */
  reuseKey: z.string().max(60).optional(),
  /** Working days within which a material of necessity 3 must follow. */
  laterWithinWorkdays: z.int().min(1).max(60).optional(),
})

/** A time limit (法定/承诺办结时限) and its unit. Zero workdays means at once (即办). */
export const limitSchema = z.strictObject({ days: z.int().min(0).max(3650), unit: z.enum(['workday', 'day']) })

const stepFields = z.strictObject({
  name: text(60),
  stage: codeOf(stageWords),
  /** 办理人员. */
  who: told(120),
  limit: limitSchema.nullable().default(null),
  /** 审查标准. */
  standard: told(1000),
  /** 办理结果 of the step. */
  result: told(200),
})

/** A step (环节); format 1 names it alone. */
export const stepSchema = z.union([text(60).transform((name) => stepFields.parse({ name })), stepFields])

/** 收费项目. */
const feeItemSchema = z.strictObject({
  item: text(120),
  standard: text(300),
  basis: told(300),
  isReducible: z.boolean().default(false),
  reductionBasis: told(300),
})

/** 特别程序: time that does not count, or an extension (行政许可法 第42、45条). */
const specialProcedureSchema = z.strictObject({
  name: text(60),
  kind: z.enum(keysOf(specialProcedureWords)),
  limit: limitSchema.nullable().default(null),
  basis: told(300),
})

/** 办理地点. */
const placeSchema = z.strictObject({ name: text(120), address: told(200), hours: told(200), phone: told(60) })

/** The form as one answers it. */
export const formSchema = z.strictObject({
  /** JSON Schema draft 2020-12, of which a stated part is understood (standards/form-limits.ts). */
  schema: z.record(z.string(), z.json()),
  /** RJSF UI schema. */
  ui: z.record(z.string(), z.json()),
  /** Which answers name the applicant: property names at the form's top level. */
  applicant: z.strictObject({ name: text(60), idNumber: text(60), phone: text(60) }),
})

/** One version of a matter's standard. */
export const matterStandardSchema = z.strictObject({
  format: z.union([z.literal(1), z.literal(2)]),
  /** ITEM_ID: the only key that stays. */
  itemId: text(60),
  /** 实施编码, opaque. */
  code: text(60),
  /** 基本编码, 业务办理项编码, 地方编码. */
  catalogCode: told(60),
  handlingCode: told(60),
  localCode: told(60),
  name: text(120),
  /** Other words that people say for it. */
  aliases: z.array(text(60)).max(30),
  version: z.int().min(1),
  status: z.enum(keysOf(statusWords)).default('active'),
  /** First day in force (计划生效日期), YYYY-MM-DD in Asia/Shanghai. */
  effectiveFrom: z.iso.date(),
  /** 计划取消日期: the first day on which it is not in force any more. */
  effectiveUntil: z.iso.date().nullable().default(null),
  /** Told on the form and on every document while true: this text is a sample, not the current guide. */
  sample: z.boolean(),
  /** Where the facts were read. */
  source: text(600),
  /** 事项类型. */
  kind: codeOf(matterKindWords),
  /** 行使层级. */
  level: codeOf(levelWords),
  /** 实施主体. */
  department: text(120),
  departmentCode: told(60),
  departmentNature: codeOf(authorityNatureWords),
  /** 委托部门. */
  entrustingDepartment: told(120),
  /** 联办机构. */
  jointDepartments: z.array(text(120)).max(20).default([]),
  powerSource: codeOf(powerSourceWords),
  /** 服务对象 in words, e.g. 自然人. */
  audience: text(60),
  /** 服务对象 by codes. */
  audienceCodes: z
    .array(z.enum(keysOf(audienceWords)))
    .max(6)
    .default([]),
  /** 主题分类. */
  topics: z.array(text(60)).max(20).default([]),
  basis: z.array(legalBasisSchema).max(30),
  conditions: z.array(conditionSchema).max(40),
  /** 数量限制. */
  quota: told(300),
  /** Who decides 受理: the station at the window, or the centre. */
  acceptanceBy: z.enum(['station', 'centre']),
  /** Whether 告知承诺 is open to the applicant. */
  informedPromise: z.boolean().default(false),
  form: formSchema,
  materials: z.array(materialRequirementSchema).max(60),
  /** 办件类型. */
  handlingKind: codeOf(handlingKindWords),
  /** 法定办结时限; null where no law names one. */
  legalLimit: limitSchema.nullable(),
  legalLimitNote: told(500),
  promisedLimit: limitSchema,
  promisedLimitNote: told(500),
  specialProcedures: z.array(specialProcedureSchema).max(10).default([]),
  /** 环节, in order. */
  steps: z.array(stepSchema).max(20),
  /** 窗口办理流程, 网上办理流程. */
  counterFlow: told(2000),
  onlineFlow: told(2000),
  fee: z.strictObject({ charged: z.boolean(), text: z.string().max(300) }),
  fees: z.array(feeItemSchema).max(30).default([]),
  results: z.array(z.strictObject({ name: text(120), kind: z.enum(['10', '20', '30']), sample: told(300) })).max(10),
  questions: z.array(z.strictObject({ question: text(300), answer: text(1000) })).max(40),
  /** 通办范围. */
  scope: text(200),
  /** Division codes of the towns and villages that take it in; empty for all. */
  divisions: z.array(text(12)).max(300).default([]),
  /** 办理形式. */
  channels: z
    .array(z.enum(keysOf(channelWords)))
    .max(5)
    .default([]),
  /** 到现场次数. */
  visits: z.int().min(0).max(9).nullable().default(null),
  places: z.array(placeSchema).max(30).default([]),
  /** 咨询方式, 监督投诉方式. */
  enquiry: told(300),
  complaint: told(300),
  /** 中介服务. */
  intermediary: told(300),
  /** 进驻大厅, 网上支付, 预约, 自助终端, 物流快递; null where it is not told. */
  inHall: yesOrNo,
  onlinePayment: yesOrNo,
  appointment: yesOrNo,
  selfService: yesOrNo,
  express: yesOrNo,
  onlineDepth: codeOf(onlineDepthWords),
  /** Which templates word its papers; a paper without one has the program's own words. */
  templates: z
    .array(z.strictObject({ paper: z.enum(keysOf(paperWords)), templateId: text(60) }))
    .max(12)
    .default([]),
})

export type MatterStandard = z.infer<typeof matterStandardSchema>
export type MaterialRequirement = z.infer<typeof materialRequirementSchema>
export type StandardForm = z.infer<typeof formSchema>
