// Owns: what a town hall's relay, its county and its windows say to each other.
// Does not own: what stations and the centre say (wire.ts), which a relay hands on as it came.
// Start here: `relayReplySchema`.
import { z } from 'zod'
import { hallCaseSchema } from './sync.ts'
import { feedPageSchema, hashSchema, pushReplySchema, signatureSchema, stationIdSchema, utcSchema } from './wire.ts'

/** The nine digits of a town (县 6, 镇 3), by which its villages' codes begin. */
export const townSchema = z.string().regex(/^[0-9]{9}$/)

/** `relay-` and the first 32 hexadecimal digits of the SHA-256 of the relay's public key: who has the key has the id. */
export const relayIdSchema = z.string().regex(/^relay-[0-9a-f]{32}$/)

/** Where windows of the hall reach their relay. */
const relayUrl = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .nullable()

/** A town hall's relay asks the county to be let in; the request is signed by the key that it brings. */
export const relayEnrolmentRequestSchema = z.strictObject({
  code: z.string().min(8).max(64),
  name: z.string().min(1).max(60),
  /** Ed25519, SPKI DER, base64. */
  publicKey: z.string().max(200),
  url: relayUrl,
})

/** The county's answer: whose relay it is now, and whose signatures it may believe. */
export const relayEnrolmentReplySchema = z.strictObject({
  relayId: relayIdSchema,
  town: townSchema,
  centreId: z.string(),
  centreName: z.string(),
  centrePublicKey: z.string(),
  enrolledAtUtc: utcSchema,
})

/** The relay tells where the hall's windows reach it now. */
export const relayAddressSchema = z.strictObject({ url: relayUrl })

/** What a relay is told of one station of its town. */
export const relayStationSchema = z.strictObject({
  stationId: stationIdSchema,
  windowName: z.string(),
  publicKey: z.string(),
  enrolledAtUtc: utcSchema,
  /** Up to where the county holds its ledger, and the hash of that entry. */
  acknowledged: z.int().min(0),
  hash: hashSchema,
  /** The newest cursor of its feed, and the last one that it said it had applied. */
  feedCursor: z.int().min(0),
  feedApplied: z.int().min(0),
  /** The station in its place, where its machine was replaced: it is not served any more. */
  replacedBy: stationIdSchema.optional(),
})

/** The stations of a relay's town. `signature` is the county's over the canonical bytes of everything else. */
export const relayStationsSchema = z.strictObject({
  relayId: relayIdSchema,
  town: townSchema,
  stations: z.array(relayStationSchema).max(5000),
  centreTimeUtc: utcSchema,
  signature: signatureSchema,
})

/** Releases that the county told stations of the relay's town of and that may still be fetched there, with whom each is for. */
export const relayReleasesSchema = z.strictObject({
  releases: z
    .array(
      z.strictObject({ release: z.int().min(1), sha256: hashSchema, stations: z.array(stationIdSchema).max(5000) }),
    )
    .max(50),
})

/**
 * A relay's answer to entries, and to the question where a station stands: what it holds itself, and the county's own word
 * as it came, null before the first. `signature` is the relay's over the canonical bytes of everything else and `station`.
 */
export const relayReplySchema = z.strictObject({
  relayId: relayIdSchema,
  held: z.int().min(0),
  hash: hashSchema,
  centre: pushReplySchema.nullable(),
  centreTimeUtc: utcSchema,
  signature: signatureSchema,
})

/** The county's page after the cursor that was asked for, as it came; null where the relay has none and cannot get it now. */
export const relayFeedReplySchema = z.strictObject({ relayId: relayIdSchema, page: feedPageSchema.nullable() })

/** A window takes a case of the hall up, or lets go of it. */
export const hallTakeRequestSchema = z.strictObject({ take: z.boolean() })

/** Who has the case now; '' and null for nobody. `signature` is the relay's over the canonical bytes of everything else and `station`, who asked. */
export const hallTakeReplySchema = z.strictObject({
  relayId: relayIdSchema,
  caseId: z.uuid(),
  takenBy: z.string(),
  untilUtc: utcSchema.nullable(),
  signature: signatureSchema,
})

/** A page of the hall's queue from its relay. `signature` is the relay's over the canonical bytes of everything else and `station`, who asked. */
export const hallQueueReplySchema = z.strictObject({
  relayId: relayIdSchema,
  cases: z.array(hallCaseSchema).max(200),
  total: z.int().min(0),
  centreTimeUtc: utcSchema,
  signature: z.string().max(100),
})

export type RelayEnrolmentRequest = z.infer<typeof relayEnrolmentRequestSchema>
export type RelayEnrolmentReply = z.infer<typeof relayEnrolmentReplySchema>
export type RelayStation = z.infer<typeof relayStationSchema>
export type RelayStations = z.infer<typeof relayStationsSchema>
export type RelayReleases = z.infer<typeof relayReleasesSchema>
export type RelayReply = z.infer<typeof relayReplySchema>
export type HallTakeReply = z.infer<typeof hallTakeReplySchema>
export type HallQueueReply = z.infer<typeof hallQueueReplySchema>
