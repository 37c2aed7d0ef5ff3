// Owns: what the editor of a standard asks the desk for beside the document itself: what there is to choose from, a theme merged, earlier versions.
// Does not own: working copies, releases (publishing.ts).
// Start here: `knownDocumentsSchema`.
import { z } from 'zod'
import { matterStandardSchema } from '../standard.ts'
import { hashSchema, utcSchema } from '../wire.ts'
import { changeSchema } from './findings.ts'

const named = z.strictObject({ id: z.string(), name: z.string() })

/** What the next release would hold, as far as documents choose from it by name. */
export const knownDocumentsSchema = z.strictObject({
  matters: z.array(named),
  themes: z.array(named),
  templates: z.array(named.extend({ paper: z.string() })),
  /** Reuse keys of materials, each with the names that materials under it have. */
  reuseKeys: z.array(z.strictObject({ key: z.string(), names: z.array(z.string()) })),
})

/** A matter within a theme. */
const themeMatterSchema = z.strictObject({
  /** Which member of the theme brings it in. */
  at: z.int(),
  id: z.string(),
  name: z.string(),
  /** Its questions, under their own names. */
  questions: z.array(z.strictObject({ name: z.string(), title: z.string() })),
  /** Its materials that have a reuse key. */
  materials: z.array(z.strictObject({ key: z.string(), name: z.string() })),
})

/** A theme as it would be taken in. */
export const mergedThemeSchema = z.strictObject({
  /** Null where the theme cannot be read, or has no matter yet. */
  form: matterStandardSchema.shape.form.nullable(),
  matters: z.array(themeMatterSchema),
  /** What is handed in, and for how many matters. */
  materials: z.array(z.strictObject({ id: z.string(), name: z.string(), count: z.int() })),
  /** Questions of a member that cannot be asked together with those of one before it, by the name that both have in the theme. */
  conflicts: z.array(z.strictObject({ at: z.int(), name: z.string(), withMatter: z.string() })),
})

/** A version of a document that is known here. */
export const knownVersionSchema = z.strictObject({
  sha256: hashSchema,
  version: z.int(),
  /** The release that brought it. */
  release: z.int(),
  note: z.string(),
  madeAtUtc: utcSchema,
  effectiveAtUtc: utcSchema,
  /** Who signed: the name of the key here, else its fingerprint. */
  publisher: z.string(),
  approvedBy: z.string(),
})

/** Earlier versions of a document, the newest first. */
export const documentHistorySchema = z.strictObject({ versions: z.array(knownVersionSchema) })

/** A version by its hash, or the working copy as it is. */
export const versionChoiceSchema = z.union([hashSchema, z.literal('copy')])

/** What is different between two versions. */
export const versionChangesSchema = z.strictObject({ changes: z.array(changeSchema) })

export type MergedThemeView = z.infer<typeof mergedThemeSchema>
export type KnownDocuments = z.infer<typeof knownDocumentsSchema>
export type KnownVersion = z.infer<typeof knownVersionSchema>
