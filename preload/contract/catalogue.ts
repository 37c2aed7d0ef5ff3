// Owns: what a release of the catalogue (事项标准的一次发布) says: its manifest, what the centre tells of it, what the window shows.
// Does not own: documents: kinds, bounds and shapes (standards/documents.ts), bytes, signatures and packs (main/wire/catalogue).
// Start here: `catalogueManifestSchema`.
import { z } from 'zod'
import { documentKinds, largestDocumentBytes } from './standards/documents.ts'
import { hashSchema, stationIdSchema, utcSchema } from './wire.ts'

/** A document of at most so many bytes, so many documents, and so many bytes of documents in all: nothing larger is ever read. */
export const catalogueLimits = {
  documentBytes: largestDocumentBytes,
  documents: 2000,
  catalogueBytes: 32 << 20,
  manifestBytes: 1 << 20,
} as const

/** A document as a manifest names it: kind, id and version say which it is, the SHA-256 of its canonical JSON which bytes. */
export const documentRefSchema = z.strictObject({
  kind: z.enum(documentKinds),
  /** A matter's itemId; of a calendar `workdays`. */
  id: z.string().regex(/^[^\p{Cc}\p{Cs}]{1,60}$/u),
  /** Of a calendar its year. */
  version: z.int().min(1).max(1_000_000),
  sha256: hashSchema,
  sizeBytes: z.int().min(1).max(catalogueLimits.documentBytes),
})

/** A word by which the centre groups stations. It begins with a letter, so that it is never taken for a code. */
export const stationTagSchema = z.string().regex(/^\p{L}[\p{L}\p{N}-]{0,29}$/u)

/** A station's id, a village (12 digits), a town (9 digits), or a tag. */
export const releaseTargetSchema = z.union([
  stationIdSchema,
  z.string().regex(/^([0-9]{9}|[0-9]{12})$/),
  stationTagSchema,
])

/** The six digits of a county. */
export const countySchema = z.string().regex(/^[0-9]{6}$/)

/** An Ed25519 public key: SPKI DER, base64. */
export const publisherKeySchema = z.string().regex(/^[A-Za-z0-9+/]{59}=$/)

const plainText = (max: number) => z.string().regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{0,${max}}$`, 'u'))

/** A release of the catalogue: always the whole catalogue for its targets. It is signed over its canonical JSON, whose SHA-256 names it. */
export const catalogueManifestSchema = z.strictObject({
  format: z.literal(1),
  county: countySchema,
  release: z.int().min(1).max(1_000_000_000),
  /** The release that it was made after; null for the first. */
  previous: z.strictObject({ release: z.int().min(1), sha256: hashSchema }).nullable(),
  madeAtUtc: utcSchema,
  effectiveAtUtc: utcSchema,
  targets: z.union([z.literal('all'), z.array(releaseTargetSchema).min(1).max(500)]),
  /** What changed, in words for clerks. */
  note: plainText(1000),
  /** Sorted by kind, id and version, each once. */
  documents: z.array(documentRefSchema).min(1).max(catalogueLimits.documents),
  /** The second person who agreed; '' where none was asked. */
  approvedBy: plainText(60),
  /** The key that signs every later release. */
  nextPublisherKey: publisherKeySchema.optional(),
})

/** The centre has a release for this station: a feed item `release.published`. `publisherKey` signed it: who has pinned no key yet pins this one. */
export const releaseItemSchema = z.strictObject({
  release: z.int().min(1),
  sha256: hashSchema,
  effectiveAtUtc: utcSchema,
  publisherKey: publisherKeySchema,
})

/** The centre's words for this station, all of them: a feed item `station.tagged`. */
export const stationTagsItemSchema = z.strictObject({ tags: z.array(stationTagSchema).max(50) })

/** What one release changes against another. */
export const documentChangeSchema = z.strictObject({
  kind: z.enum(documentKinds),
  id: z.string(),
  /** As people know it. */
  name: z.string(),
  /** Null where it is new, or no more. */
  fromVersion: z.int().nullable(),
  toVersion: z.int().nullable(),
})

/** Why a release was not taken, by the code of its sentence. */
const refusalSchema = z.strictObject({
  release: z.int().min(1),
  sha256: hashSchema,
  code: z.string(),
  /** What happened; what is safe and what to do. */
  title: z.string(),
  remedy: z.string(),
  atUtc: utcSchema,
})

/** Which release is in force here, which waits until when, which was refused and why. */
export const catalogueStatusSchema = z.strictObject({
  inForce: z
    .strictObject({
      release: z.int().min(1),
      /** '' for a catalogue from before releases were signed. */
      sha256: z.string(),
      sinceUtc: utcSchema,
      note: z.string(),
      /** Against the release that was in force before it. */
      changes: z.array(documentChangeSchema),
    })
    .nullable(),
  /** The next to come first. */
  waiting: z.array(
    z.strictObject({
      release: z.int().min(1),
      sha256: hashSchema,
      effectiveAtUtc: utcSchema,
      /** `told`: the centre has it, it is still to be fetched; `here`: it takes effect by itself, also without a link. */
      state: z.enum(['told', 'here']),
      /** While it is fetched. */
      fetchedBytes: z.int().min(0),
      totalBytes: z.int().min(0),
      note: z.string(),
      /** Against what is in force when it comes; empty while it is not here. */
      changes: z.array(documentChangeSchema),
    }),
  ),
  /** What the centre told of could not be kept for want of room on this machine's disk; it is tried again by itself. */
  noRoom: z.boolean(),
  /** The newest first. */
  refused: z.array(refusalSchema),
  /** The first 16 hexadecimal digits of the SHA-256 of the publisher's key that counts here; null before one is pinned. */
  publisher: z.string().nullable(),
  tags: z.array(z.string()),
})

/** A release's file on a stick. */
export const stickReleaseSchema = z.strictObject({
  /** Where the stick is. */
  folder: z.string(),
  label: z.string(),
  file: z.string(),
  /** 0 where the file cannot be read. */
  release: z.int().min(0),
  note: z.string(),
  effectiveAtUtc: utcSchema.nullable(),
  /** `here`: it is kept or in force already; `damaged`: no release can be read from it. */
  state: z.enum(['new', 'here', 'damaged']),
})

const adoptionCounts = {
  /** Stations that are enrolled. */
  stations: z.int().min(0),
  /** Of these, how many the release is for. */
  targeted: z.int().min(0),
  fetched: z.int().min(0),
  applied: z.int().min(0),
  refused: z.int().min(0),
}

/** Who has a release: counted by town and village, and `each` station. */
export const adoptionSchema = z.strictObject({
  release: z.int().min(1),
  sha256: hashSchema,
  effectiveAtUtc: utcSchema,
  ...adoptionCounts,
  towns: z.array(z.strictObject({ code: z.string(), ...adoptionCounts })),
  villages: z.array(z.strictObject({ code: z.string(), ...adoptionCounts })),
  each: z
    .array(
      z.strictObject({
        stationId: stationIdSchema,
        targeted: z.boolean(),
        /** `waits`: told, not fetched yet; `newer`: a later release is in force there. */
        state: z.enum(['none', 'waits', 'fetched', 'applied', 'newer', 'refused']),
        /** The release in force there, as its ledger said; 0 for none. */
        inForce: z.int().min(0),
        atUtc: utcSchema.nullable(),
        reason: z.string(),
      }),
    )
    .max(5000),
})

/** What came of publishing a release. */
export const publishedReleaseSchema = z.strictObject({
  release: z.int().min(1),
  sha256: hashSchema,
  effectiveAtUtc: utcSchema,
  /** How many stations were told. */
  stations: z.int().min(0),
  /** The centre had it before: nothing was told now. */
  before: z.boolean(),
})

export type DocumentRef = z.infer<typeof documentRefSchema>
export type CatalogueManifest = z.infer<typeof catalogueManifestSchema>
export type ReleaseItem = z.infer<typeof releaseItemSchema>
export type StationTagsItem = z.infer<typeof stationTagsItemSchema>
export type DocumentChange = z.infer<typeof documentChangeSchema>
export type CatalogueStatus = z.infer<typeof catalogueStatusSchema>
export type StickRelease = z.infer<typeof stickReleaseSchema>
export type Adoption = z.infer<typeof adoptionSchema>
export type PublishedRelease = z.infer<typeof publishedReleaseSchema>
