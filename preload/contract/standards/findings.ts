import { z } from 'zod'

/** What a check of documents says: to people, and to the window that leads to the place. */

/** How much a finding matters: `must` keeps a document out of a release, `should` is for judgement. */
export const severities = ['must', 'should'] as const

/** One thing that is wrong with a document. */
export const findingSchema = z.strictObject({
  /** Which document: a file name, or kind and id. */
  document: z.string(),
  severity: z.enum(severities),
  /** JSON Pointer to the part; '' for the whole document. */
  pointer: z.string(),
  /** The same in words: `申请材料 第 3 项（户口簿）·名称`. */
  place: z.string(),
  /** What is wrong, a sentence. */
  problem: z.string(),
  /** How to mend it, a sentence. */
  remedy: z.string(),
})

export type Finding = z.infer<typeof findingSchema>

/** A piece of a text that stayed, came or went: what the window marks. */
export const markSchema = z.strictObject({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })
export type Mark = z.infer<typeof markSchema>

/** One difference between two versions of a document. */
export const changeSchema = z.strictObject({
  kind: z.enum(['added', 'removed', 'changed', 'moved']),
  /** The part of the document that it belongs to, in words: 申请材料. */
  part: z.string(),
  /** JSON Pointer, into the newer version, or into the older one for what was removed. */
  pointer: z.string(),
  place: z.string(),
  /** What stood there and what stands there, in words; null where nothing did or does. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** before and after woven into one text. */
  marks: z.array(markSchema),
  /** A sentence: `年龄由满 80 周岁改为满 79 周岁`. */
  words: z.string(),
})

export type Change = z.infer<typeof changeSchema>
