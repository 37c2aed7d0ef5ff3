import { z } from 'zod'

/** A matter standard (事项标准): one JSON document a matter and version. Codes are opaque text (GB/T 39046, Guangdong's live codes): never parsed to decide anything. */

const text = (max: number) => z.string().min(1).max(max)

/** Where a fact of the standard comes from: 法律依据. */
export const legalBasisSchema = z.strictObject({
  title: text(200),
  /** 文号 or article, e.g. 第四十七条. */
  clause: z.string().max(200),
})

/** A condition (受理条件): text for people and, where a machine can check it, a JsonLogic rule over {answers, age, today}. */
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
  /** 受理标准: what a clerk looks at. */
  acceptancePoints: z.array(text(300)).max(20),
  /** Materials with the same key serve again in another case of the same person while valid. */
  reuseKey: z.string().max(60).optional(),
  /** Working days within which a material of necessity 3 must follow. */
  laterWithinWorkdays: z.int().min(1).max(60).optional(),
})

/** A time limit (法定/承诺办结时限) and its unit. Zero workdays means at once (即办). */
export const limitSchema = z.strictObject({ days: z.int().min(0).max(3650), unit: z.enum(['workday', 'day']) })

/** One version of a matter's standard. */
export const matterStandardSchema = z.strictObject({
  format: z.literal(1),
  /** ITEM_ID: the only key that stays. */
  itemId: text(60),
  /** 实施编码, opaque. */
  code: text(60),
  name: text(120),
  /** Other words that people say for it. */
  aliases: z.array(text(60)).max(30),
  version: z.int().min(1),
  /** First day in force, YYYY-MM-DD in Asia/Shanghai. */
  effectiveFrom: z.iso.date(),
  /** Told on the form and on every document while true: this text is a sample, not the current guide. */
  sample: z.boolean(),
  /** Where the sample's facts were read. */
  source: text(600),
  department: text(120),
  /** 服务对象, e.g. 自然人. */
  audience: text(60),
  basis: z.array(legalBasisSchema).max(30),
  conditions: z.array(conditionSchema).max(40),
  /** Who decides 受理: the station at the window, or the centre. */
  acceptanceBy: z.enum(['station', 'centre']),
  form: z.strictObject({
    /** JSON Schema draft 2020-12, no remote references. */
    schema: z.record(z.string(), z.json()),
    /** RJSF UI schema. */
    ui: z.record(z.string(), z.json()),
    /** Which answers name the applicant: property names at the form's top level. */
    applicant: z.strictObject({ name: text(60), idNumber: text(60), phone: text(60) }),
  }),
  materials: z.array(materialRequirementSchema).max(60),
  /** 法定办结时限; null where no law names one. */
  legalLimit: limitSchema.nullable(),
  promisedLimit: limitSchema,
  /** 环节, in order. */
  steps: z.array(text(60)).max(20),
  fee: z.strictObject({ charged: z.boolean(), text: z.string().max(300) }),
  results: z.array(z.strictObject({ name: text(120), kind: z.enum(['10', '20', '30']) })).max(10),
  questions: z.array(z.strictObject({ question: text(300), answer: text(1000) })).max(40),
  scope: text(200),
})

export type MatterStandard = z.infer<typeof matterStandardSchema>
export type MaterialRequirement = z.infer<typeof materialRequirementSchema>
