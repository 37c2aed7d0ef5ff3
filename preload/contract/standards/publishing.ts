// Owns: what the administrator's desk shows of standards: working copies, what a release would change, what was made, updates of a day.
// Does not own: documents (documents.ts), findings and changes (findings.ts), releases as they travel (../catalogue.ts).
// Start here: `standardsDeskSchema`.
import { z } from 'zod'
import { catalogueManifestSchema } from '../catalogue.ts'
import { hashSchema, utcSchema } from '../wire.ts'
import { countyImpactSchema } from './county.ts'
import { documentKinds, largestDocumentBytes } from './documents.ts'
import { changeSchema, findingSchema } from './findings.ts'

const kind = z.enum(documentKinds)

/** Whom a release is for. */
export const releaseTargetsSchema = catalogueManifestSchema.shape.targets

/** A release as the desk lists it. */
export const knownReleaseSchema = z.strictObject({
  release: z.int().min(1),
  sha256: hashSchema,
  targets: releaseTargetsSchema,
  note: z.string(),
  madeAtUtc: utcSchema,
  effectiveAtUtc: utcSchema,
  approvedBy: z.string(),
  /** `here`: in force at this station; `sent`: the centre has it; `waits`: signed here, not sent yet; `refused`: the centre did not take it; `kept`: known here. */
  state: z.enum(['here', 'sent', 'waits', 'refused', 'kept']),
  /** Why it was refused, or was not sent yet, in words. */
  said: z.string(),
  /** It waits, but was sent without an answer, or is being sent: the centre may have it, and it is not dropped. */
  perhapsOut: z.boolean(),
  /** Where it was written to last as a file; null for nowhere. */
  written: z.strictObject({ stick: z.string(), by: z.string(), atUtc: utcSchema }).nullable(),
})

/** A working copy whose document another release has changed since it was begun: one decides whose is gone on with. */
export const clashSchema = z.strictObject({
  copyId: z.uuid(),
  kind,
  name: z.string(),
  /** The newest release: it has the document otherwise (`changed`), for the first time (`new`), or no more (`gone`). */
  release: z.int(),
  theirs: z.enum(['changed', 'new', 'gone']),
  /** Whether the working copy takes the document out. */
  isRemoval: z.boolean(),
  /** What the release changed, and what the working copy changes, against what it was begun from; empty where one cannot be read. */
  theirChanges: z.array(changeSchema),
  myChanges: z.array(changeSchema),
})

/** A working copy that was put aside for another's. */
export const asideSchema = z.strictObject({ copyId: z.uuid(), kind, name: z.string(), atUtc: utcSchema })

/** A release by somebody else that was not looked at here yet. */
export const otherReleaseSchema = z.strictObject({
  release: z.int().min(1),
  note: z.string(),
  madeAtUtc: utcSchema,
  targets: releaseTargetsSchema,
  /** What it changed against the one before it. */
  names: z.array(z.string()),
})

/** A document of the newest release, or a working copy of one, in the list. */
export const deskDocumentSchema = z.strictObject({
  kind,
  id: z.string(),
  /** Of the working copy where there is one. */
  version: z.int(),
  name: z.string(),
  department: z.string(),
  /** The working copy; null for none. */
  copyId: z.uuid().nullable(),
  /** `removed`: the working copy takes it out of the next release. */
  state: z.enum(['same', 'edited', 'new', 'broken', 'removed']),
  /** Findings that keep it out of a release. */
  must: z.int(),
})

/** What the desk begins with. */
export const standardsDeskSchema = z.strictObject({
  /** The newest release that is known here: what the next one is made on. */
  base: knownReleaseSchema.nullable(),
  documents: z.array(deskDocumentSchema),
  clashes: z.array(clashSchema),
  aside: z.array(asideSchema),
  /** The newest first. */
  others: z.array(otherReleaseSchema),
  /** The newest first. */
  releases: z.array(knownReleaseSchema),
  /** The publisher's key at this station; null for none. `counts`: its releases are the ones that stations here believe. */
  publisher: z
    .strictObject({ name: z.string(), publicKey: z.string(), short: z.string(), counts: z.boolean() })
    .nullable(),
  /** Whether a second administrator has to agree to each release. */
  secondPerson: z.boolean(),
})

/** The text of a working copy: whatever was typed or brought in, right or wrong. */
export const copyTextSchema = z.string().max(largestDocumentBytes * 2)

/** What a check said of a working copy when it was saved. */
export const copyCheckSchema = z.strictObject({
  revision: z.int(),
  findings: z.array(findingSchema),
})

/** A working copy (正在改的一份). */
export const workingCopySchema = copyCheckSchema.extend({
  copyId: z.uuid(),
  kind,
  text: copyTextSchema,
  /** What stands in the newest release; null for a new document. */
  before: z.strictObject({ version: z.int(), text: z.string() }).nullable(),
  /** The number of the release that it went out with and that waits to be sent: it cannot be changed; null for none. */
  wentOutWith: z.int().nullable(),
})

/** One document that a release changes. */
export const releaseChangeSchema = z.strictObject({
  kind,
  id: z.string(),
  name: z.string(),
  fromVersion: z.int().nullable(),
  toVersion: z.int().nullable(),
  changes: z.array(changeSchema),
})

/**
 * What a release is made of: the newest one with these working copies (none: it as it is, for others), or what an earlier one held.
 * `left` and `taken` name changes of a plan's `out` by their keys: left out though the newest release has them, taken though it
 * has not.
 */
export const releaseContentsSchema = z.union([
  z.strictObject({
    from: z.literal('copies'),
    copyIds: z.array(z.uuid()).max(2000),
    left: z.array(hashSchema).max(2000).default([]),
    taken: z.array(hashSchema).max(2000).default([]),
  }),
  z.strictObject({ from: z.literal('release'), release: z.int().min(1) }),
])

/** A change that is out but not everybody's: tried at some places, or waiting for its time. */
export const outChangeSchema = z.strictObject({
  /** The SHA-256 of the document that came, or of the one that went. */
  key: hashSchema,
  kind,
  id: z.string(),
  name: z.string(),
  /** What everybody has; null for nothing. */
  fromVersion: z.int().nullable(),
  /** Null: it was taken out. */
  toVersion: z.int().nullable(),
  /** The first release that had it so. */
  release: z.int(),
  /** Villages, towns, windows and tags where it is in force. */
  places: z.array(z.string()),
  /** The release that brings it at its time; null for none. */
  waits: z.strictObject({ release: z.int(), effectiveAtUtc: utcSchema, targets: releaseTargetsSchema }).nullable(),
  isInBase: z.boolean(),
  /** Whether the planned release holds it. */
  isIn: z.boolean(),
  /** A working copy of the planned release stands in its place. */
  isReplaced: z.boolean(),
  /** Where the planned release ends its trial. */
  ends: z.array(z.string()),
})

/** Something pinned to a version, counted: all of it, and what is at the stations that a release is for. */
const metSchema = z.strictObject({
  itemId: z.string(),
  name: z.string(),
  version: z.int(),
  /** The release takes the standard out: nobody is taken in by it any more. */
  isGone: z.boolean(),
  count: z.int(),
  meant: z.int(),
})

/** A release before it is made. */
export const releasePlanSchema = z.strictObject({
  release: z.int().min(1),
  /** What is compared against: the newest release for everybody whose time has come; null before any. */
  against: z.strictObject({ release: z.int(), note: z.string() }).nullable(),
  changes: z.array(releaseChangeSchema),
  out: z.array(outChangeSchema),
  findings: z.array(findingSchema),
  impact: z.strictObject({
    /** Open cases of the matters that change: they stay as they are. In the whole county where the centre could be asked, else at this station. */
    cases: z.array(metSchema),
    /** Drafts of the matters that change, as their windows told them last: they are asked about. */
    drafts: z.array(metSchema),
    /** Drafts at this station alone that were begun by a theme that changes: the centre keeps them by matter. */
    themes: z.array(metSchema),
    /** The centre's counts; null where it could not be asked. */
    county: countyImpactSchema.omit({ matters: true }).nullable(),
    /** Why the centre could not be asked, in words. */
    why: z.string(),
  }),
})

/** The second person's word on a release. */
export const approvalSchema = z.strictObject({ account: z.string().max(60), pin: z.string().max(64) })

/** What changed today, for clerks. */
export const standardUpdatesSchema = z.strictObject({
  /** The documents that changed since the day began, with what changed. */
  updates: z.array(releaseChangeSchema),
  release: z.int().nullable(),
  note: z.string(),
  /** Names of matters that can be taken in from today on, by the dates in their standards. */
  begun: z.array(z.string()),
  /** Names of matters that cannot be taken in any more from today on, by the dates in their standards. */
  ended: z.array(z.string()),
  /** Years that deadlines may reach and for which no calendar is here. */
  unknownYears: z.array(z.int()),
})

export type ReleaseTargets = z.infer<typeof releaseTargetsSchema>
export type KnownRelease = z.infer<typeof knownReleaseSchema>
export type DeskDocument = z.infer<typeof deskDocumentSchema>
export type Clash = z.infer<typeof clashSchema>
export type OtherRelease = z.infer<typeof otherReleaseSchema>
export type StandardsDesk = z.infer<typeof standardsDeskSchema>
export type CopyCheck = z.infer<typeof copyCheckSchema>
export type WorkingCopy = z.infer<typeof workingCopySchema>
export type ReleaseChange = z.infer<typeof releaseChangeSchema>
export type ReleaseContents = z.input<typeof releaseContentsSchema>
export type OutChange = z.infer<typeof outChangeSchema>
export type ReleasePlan = z.infer<typeof releasePlanSchema>
export type StandardUpdates = z.infer<typeof standardUpdatesSchema>
