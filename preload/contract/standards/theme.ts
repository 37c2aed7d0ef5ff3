import { z } from 'zod'

/**
 * 一件事: several matters that one occasion of life asks for, taken in together. It has no form of its own: the form is
 * merged from those of its members, each shared question asked once, and materials with a shared reuse key are handed
 * in once (main/standards/merge-theme.ts). So a change of a member reaches the theme by itself.
 */

const text = (max: number) => z.string().min(1).max(max)

/** A member: a matter, or another theme whose members are meant. */
const memberSchema = z.strictObject({
  kind: z.enum(['matter', 'theme']),
  /** itemId of a matter, themeId of a theme. */
  id: text(60),
  /** For whom it is, in words; '' for everybody. */
  when: z.string().max(200).default(''),
  /**
   * Of a matter: its questions by the name under which the theme asks them, where that is another one. So a baby's name
   * is not taken for its mother's.
   *
   * @example { name: 'babyName' } // the member's `name` is what the theme asks as `babyName`
   */
  answers: z.record(text(60), text(60)).default({}),
})

/** One version of a theme. */
export const themeSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal('theme'),
  themeId: text(60),
  name: text(120),
  aliases: z.array(text(60)).max(30),
  version: z.int().min(1),
  effectiveFrom: z.iso.date(),
  sample: z.boolean(),
  source: text(600),
  /** What people should know before they begin. */
  description: z.string().max(1000),
  /** 牵头部门. */
  department: text(120),
  members: z.array(memberSchema).min(1).max(12),
  /** Materials that are handed in once for all members: reuse keys. */
  sharedMaterials: z.array(text(60)).max(30),
  questions: z.array(z.strictObject({ question: text(300), answer: text(1000) })).max(40),
})

export type Theme = z.infer<typeof themeSchema>

/** How many matters a theme may have in all, those of themes within it too. One with more is not offered. */
export const mostMattersOfTheme = 60

/** How deep themes may hold themes. */
export const deepestTheme = 3
