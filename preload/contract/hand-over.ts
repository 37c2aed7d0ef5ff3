// Owns: what passes from a machine that was lost to the one in its place: cases with their history, drafts, where files lie.
// Does not own: the feed and the requests that carry it (wire.ts), what the new machine makes of it (main/features).
// Start here: `caseHandedOverSchema`.
import { z } from 'zod'
import { answersSchema } from './entries.ts'
import { mostMattersOfTheme } from './standards/theme.ts'
import { decisionSchema, hashSchema, stationIdSchema, utcSchema } from './wire.ts'

const label = z.string().min(1).max(80)

/** What happened to a case: an entry of the ledger of a machine that had it, or a decision of the centre. */
export const historyItemSchema = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('entry'),
    /** Whose ledger, and where in it. */
    station: stationIdSchema,
    seq: z.int().min(1),
    kind: label,
    version: z.int().min(1),
    actor: label,
    /** What people call the actor; the account itself where the centre was never told. */
    actorName: z.string().max(100),
    at: utcSchema,
    payload: z.json(),
    hash: hashSchema,
  }),
  z.strictObject({ what: z.literal('decision'), decision: decisionSchema }),
])

/** A file of a case of which the centre holds something: the original, a readable copy of it, or both. */
export const handedFileSchema = z.strictObject({
  sha256: hashSchema,
  /** Whether the original itself is there; where it is not, the lost machine had not sent it. */
  original: z.boolean(),
  copy: z
    .strictObject({
      sha256: hashSchema,
      sizeBytes: z
        .int()
        .min(1)
        .max(1 << 20),
    })
    .nullable(),
})

/** As many steps of a case stand in one item; more come in a further one. */
export const historyItemsMost = 500

/**
 * A case that this station holds from now on: a feed item `case.handed-over`. A further item of the same case goes on where the
 * one before it ended: a long history, or what an earlier machine brought late. Files are added to those told before.
 */
export const caseHandedOverSchema = z.strictObject({
  caseId: z.uuid(),
  /** The machine that had it last. */
  from: stationIdSchema,
  windowName: z.string().max(60),
  centreCaseNumber: z.string().max(50),
  history: z.array(historyItemSchema).max(historyItemsMost),
  files: z.array(handedFileSchema).max(2000),
})

/** A requirement of a draft: a standard's, or of a theme the merged one, which is longer. */
export const requirementIdSchema = z.string().max(130)

const versionSchema = z.int().min(1).max(2_147_483_647)

/** What a draft of a 一件事 is pinned to beside the theme itself. */
export const draftThemeSchema = z.strictObject({
  /** Themes within the theme. */
  inner: z.array(z.strictObject({ themeId: z.string().min(1).max(60), version: versionSchema })).max(160),
  members: z
    .array(
      z.strictObject({
        itemId: z.string().min(1).max(60),
        version: versionSchema,
        /** Whether it is to be taken in. */
        wanted: z.boolean(),
        /** The id that its case gets, whichever others are taken in and on whichever machine. */
        caseId: z.uuid(),
      }),
    )
    .min(1)
    .max(mostMattersOfTheme),
})

/** A draft's last state: everything but the bytes of its photographs. */
export const draftStateSchema = z.strictObject({
  draftId: z.uuid(),
  revision: z.int().min(1).max(2_147_483_647),
  /** Of a theme's draft the theme's id, name and version. */
  itemId: z.string().min(1).max(60),
  matterName: z.string().max(200),
  standardVersion: versionSchema,
  /** Not there for a draft of one matter: a centre of before knows no themes. */
  theme: draftThemeSchema.optional(),
  answers: answersSchema,
  /** Requirements that the applicant promised to bring later. */
  later: z.array(requirementIdSchema).max(200),
  /** Photographs and scans that lie at the window alone. */
  photos: z.array(z.strictObject({ requirementId: requirementIdSchema, name: z.string().max(200) })).max(200),
  updatedAtUtc: utcSchema,
})

/** A draft that was begun at the machine that was lost: a feed item `draft.handed-over`. */
export const draftHandedOverSchema = z.strictObject({ from: stationIdSchema, draft: draftStateSchema })

/** Bounds of one request of drafts: how many, and bytes of one and of all, as canonical JSON. */
export const draftLimits = { drafts: 50, gone: 500, draftBytes: 64 << 10, requestBytes: 512 << 10, kept: 500 } as const

/** Drafts that changed since they were last sent, and those that are no more. */
export const draftsRequestSchema = z.strictObject({
  format: z.literal(1),
  drafts: z.array(draftStateSchema).max(draftLimits.drafts),
  gone: z.array(z.uuid()).max(draftLimits.gone),
})

/** The centre has taken them. `signature` is the centre's over the canonical bytes of everything else and `station`. */
export const draftsReplySchema = z.strictObject({
  taken: z.int().min(0),
  centreTimeUtc: utcSchema,
  signature: z.string().max(100),
})

/** What a one-time code is for, told to who has it, before it is spent. */
export const codeQuestionSchema = z.strictObject({ code: z.string().min(8).max(64) })
export const codeAnswerSchema = z.strictObject({
  centreName: z.string(),
  stationId: stationIdSchema,
  /** The machine that it takes the place of; null for a new window. */
  replaces: z
    .strictObject({
      stationId: stationIdSchema,
      windowName: z.string(),
      mode: z.enum(['training', 'live']),
      lastSeenAtUtc: utcSchema.nullable(),
    })
    .nullable(),
})

export type HistoryItem = z.infer<typeof historyItemSchema>
export type HistoryEntry = Extract<HistoryItem, { what: 'entry' }>
export type HandedFile = z.infer<typeof handedFileSchema>
export type CaseHandedOver = z.infer<typeof caseHandedOverSchema>
export type DraftTheme = z.infer<typeof draftThemeSchema>
export type DraftState = z.infer<typeof draftStateSchema>
export type DraftHandedOver = z.infer<typeof draftHandedOverSchema>
export type DraftsRequest = z.infer<typeof draftsRequestSchema>
export type CodeAnswer = z.infer<typeof codeAnswerSchema>
