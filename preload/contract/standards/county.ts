// Owns: what a publishing desk asks its centre about the whole county, and what it hears: counts, windows, releases that left it out.
// Does not own: releases as they travel (../catalogue.ts), what the administrator's desk shows (publishing.ts).
// Start here: `countyImpactSchema`.
import { z } from 'zod'
import { catalogueManifestSchema, publisherKeySchema, stationTagSchema } from '../catalogue.ts'
import { hashSchema, stationIdSchema, utcSchema } from '../wire.ts'

/** A window that has not been heard of for so many days counts as silent. */
export const silentDays = 7

/** So many releases the centre names to a publishing desk, the newest: what a desk lists, and may go back to. */
export const releasesNamed = 50

/**
 * Shows that the publisher's key was opened at this station: `signature` is the key's over the canonical bytes of
 * `publishingDeskClaim`. It goes with each question in a header, as `{publicKey} {signature}`, both base64.
 */
export const deskProofSchema = z.strictObject({ publicKey: publisherKeySchema, signature: z.string().max(100) })

/** The header that carries a desk's proof. */
export const deskProofHeader = 'x-publishing-desk'

/** What a publisher's key signs for a station. */
export const publishingDeskClaim = (station: string) => ({ purpose: 'publishing-desk', station }) as const

/** Whom a release would be for, and which matters it changes. */
export const impactQuestionSchema = z.strictObject({
  targets: catalogueManifestSchema.shape.targets,
  itemIds: z.array(z.string().min(1).max(60)).max(2000),
})

const count = z.int().min(0)

/** What stands at a version of a matter: in the whole county, and at the stations meant. */
const pinnedSchema = z.strictObject({
  itemId: z.string(),
  version: z.int(),
  cases: count,
  casesMeant: count,
  drafts: count,
  draftsMeant: count,
})

/** Whom a release would meet: counts alone, nobody's name. Drafts are as their windows told them last. */
export const countyImpactSchema = z.strictObject({
  enrolled: count,
  meant: count,
  /** Of those meant, how many were not heard of for `silentDays`. */
  silent: count,
  silentDays: count,
  matters: z.array(pinnedSchema).max(20_000),
  /** The towns of the stations meant, by their 9 digits. */
  towns: z
    .array(z.strictObject({ code: z.string(), meant: count, silent: count, cases: count, drafts: count }))
    .max(1000),
})

/** The windows of the county as a ring is chosen from them. */
export const countyWindowsSchema = z.strictObject({
  windows: z
    .array(
      z.strictObject({
        stationId: stationIdSchema,
        windowName: z.string(),
        tags: z.array(stationTagSchema),
        lastSeenUtc: utcSchema.nullable(),
      }),
    )
    .max(5000),
})

/** The newest releases of the centre, the newest first. */
export const countyReleasesSchema = z.strictObject({
  releases: z.array(z.strictObject({ release: z.int().min(1), sha256: hashSchema })).max(releasesNamed),
})

export type ImpactQuestion = z.infer<typeof impactQuestionSchema>
export type CountyImpact = z.infer<typeof countyImpactSchema>
export type CountyWindows = z.infer<typeof countyWindowsSchema>
