import { z } from 'zod'
import { hashSchema, stationIdSchema, utcSchema } from './wire.ts'

/** 日清 on the link: what a station says of a day, and in what the centre differs. Short names and digests: main/wire/day-digest.ts. */

const headSchema = z.strictObject({ seq: z.int().min(0), hash: hashSchema })
const shortName = z.string().regex(/^[A-Za-z0-9_-]{8}$/)
const digest = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

/** A digest a bucket; '' for an empty one. */
const bucketsSchema = z.array(z.union([z.literal(''), shortName])).length(64)

/**
 * What a station says of a day in Asia/Shanghai. A day that agrees costs this and the answer. `caseBuckets` and `fileBuckets`
 * come in a second step, where the digest before differed.
 */
export const dayRequestSchema = z.strictObject({
  format: z.literal(1),
  /** `cases` and `files` are those that entries `fromSeq` … `upTo` named first: weeks, since a difference may show late. What comes after `upTo` is still on its way. */
  fromSeq: z.int().min(0),
  upTo: z.int().min(0),
  /** The stretch of the ledger in which the day's entries lie, by the station's clock; 0 and the head before for a day without. */
  firstSeq: z.int().min(0),
  head: headSchema,
  cases: digest,
  files: digest,
  caseBuckets: bucketsSchema.optional(),
  fileBuckets: bucketsSchema.optional(),
})

/** What the centre holds of that day, as far as it matters. `signature` is the centre's over the canonical bytes of everything else. */
export const dayReplySchema = z.strictObject({
  station: stationIdSchema,
  day: z.iso.date(),
  /** Where the station's chain stands at the centre. */
  head: headSchema,
  /** Entries of the day that the centre holds. */
  entries: z.int().min(0),
  casesAgree: z.boolean(),
  filesAgree: z.boolean(),
  /** The centre's cases in the buckets that differ: short name, state, local number. */
  cases: z
    .strictObject({
      buckets: z.array(z.int().min(0).max(63)).max(64),
      items: z.array(z.tuple([shortName, z.string().max(20), z.string().max(50)])).max(100_000),
    })
    .optional(),
  /** The centre's files in the buckets that differ. */
  files: z
    .strictObject({
      buckets: z.array(z.int().min(0).max(63)).max(64),
      items: z.array(shortName).max(1_000_000),
    })
    .optional(),
  centreTimeUtc: utcSchema,
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
})

export type DayRequest = z.infer<typeof dayRequestSchema>
export type DayReply = z.infer<typeof dayReplySchema>
