// Owns: standards in files as the administrator's window brings them in and takes them out: what was read, what is wrong with it, what is wanted.
// Does not own: the files' formats (main/standards/workbook), working copies (publishing.ts).
// Start here: `tableImportSchema`.
import { z } from 'zod'
import { errorCodes } from '../errors.ts'
import { utcSchema } from '../wire.ts'
import { documentKinds } from './documents.ts'
import { findingSchema } from './findings.ts'

/** The largest file of tables that is read, in bytes. */
export const largestTableBytes = 16 * 1024 * 1024
/** How many files are looked at together, and their bytes. */
export const tableImportBounds = { files: 200, allBytes: 64 * 1024 * 1024 } as const

/** How standards lie in a file. */
export const tableForms = ['workbook', 'json', 'national'] as const

/** A file that was brought: what it is and how many documents it gave, or why it was not read. */
export const tableFileSchema = z.strictObject({
  name: z.string(),
  sizeBytes: z.int(),
  /** Null until it is read, and where it was not. */
  form: z.enum(tableForms).nullable(),
  /** How many documents have nothing that must be mended, and the names of those that have. */
  sound: z.int(),
  faulty: z.array(z.string()),
  /** Why it was not read; null where it was. */
  refusal: z
    .strictObject({
      code: z.enum(errorCodes),
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
    })
    .nullable(),
})

/** A document of an import that may be taken over. */
export const foundDocumentSchema = z.strictObject({
  /** Names it within the import. */
  key: z.string(),
  kind: z.enum(documentKinds),
  id: z.string(),
  name: z.string(),
  department: z.string(),
  /** The file that it came from. */
  file: z.string(),
  /** Beside the newest release. */
  state: z.enum(['new', 'changed', 'same']),
  /** How many differences there are, and the first of them in words. */
  changes: z.strictObject({ count: z.int(), words: z.array(z.string()) }),
  /** The working copy of the same document; null for none. `out`: it waits with a release and cannot be changed. */
  copy: z
    .strictObject({
      copyId: z.uuid(),
      state: z.enum(['same', 'differs', 'out']),
      revision: z.int(),
      updatedAtUtc: utcSchema,
    })
    .nullable(),
})

/** What was brought and is being looked at; nothing of it is taken over yet. Held in memory: a restart forgets it. */
export const tableImportSchema = z.strictObject({
  files: z.array(tableFileSchema),
  documents: z.array(foundDocumentSchema),
  /** What must be mended first; `document` is the file. */
  findings: z.array(findingSchema),
  /** Findings beyond those that are told. */
  moreFindings: z.int(),
})

/** A document to take over, and the working copy that it is to replace as it was seen; null for none. */
export const takeWishSchema = z.strictObject({
  key: z.string().max(300),
  replaces: z.strictObject({ copyId: z.uuid(), revision: z.int() }).nullable(),
})

/** What to write into a file: the newest release, what the next one would hold, the working copies, or chosen documents. */
export const exportWishSchema = z.strictObject({
  form: z.enum([...tableForms, 'template']),
  what: z.union([
    z.strictObject({ of: z.literal(['release', 'next', 'copies']) }),
    z.strictObject({
      of: z.literal('chosen'),
      documents: z
        .array(
          z.strictObject({
            kind: z.enum(documentKinds),
            id: z.string().max(300),
            version: z.int(),
            copyId: z.uuid().nullable(),
          }),
        )
        .min(1)
        .max(2000),
    }),
  ]),
})

/** A file that was written and waits to be read under `/bytes/standards/{fileId}`. */
export const writtenTablesSchema = z.strictObject({
  fileId: z.uuid(),
  name: z.string(),
  sizeBytes: z.int(),
  /** Documents in it. */
  count: z.int(),
  /** Documents that are not in it, and why. */
  leftOut: z.array(z.strictObject({ name: z.string(), why: z.enum(['unreadable', 'no-place']) })),
})

/** How far reading is; told by the event `tables`. */
export type TableProgress = { readonly file: string; readonly share: number }
/** A file of an import. */
export type TableFile = z.infer<typeof tableFileSchema>
export type FoundDocument = z.infer<typeof foundDocumentSchema>
export type TableImport = z.infer<typeof tableImportSchema>
export type TakeWish = z.infer<typeof takeWishSchema>
export type ExportWish = z.infer<typeof exportWishSchema>
export type WrittenTables = z.infer<typeof writtenTablesSchema>
