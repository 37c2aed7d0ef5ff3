import { z } from 'zod'
import { calendarSchema } from './calendar.ts'
import { caseDecisions } from './case-steps.ts'

/** Shapes on the link between a station and the centre (version 1). JSON, deflated where it pays; see main/wire for bytes and hashes. */

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))

/** A SHA-256 as 64 hexadecimal digits. */
export const hashSchema = hex(64)

/** UTC, ISO 8601 with milliseconds. */
export const utcSchema = z.iso.datetime({ precision: 3 })

/** `440282104208-1`: the village's 12-digit division code, a hyphen and the window's number. */
export const stationIdSchema = z.string().regex(/^[0-9]{12}-[1-9][0-9]{0,3}$/)

/** Enrolment: a one-time code buys a station its name at the centre; from then on its key speaks for it. */
export const enrolmentRequestSchema = z.strictObject({
  code: z.string().min(8).max(64),
  stationId: stationIdSchema,
  windowName: z.string().min(1).max(60),
  /** Ed25519, SPKI DER, base64. */
  publicKey: z.string().max(200),
})

/** The centre's answer to an enrolment. */
export const enrolmentReplySchema = z.strictObject({
  centreId: z.string(),
  centreName: z.string(),
  /** Ed25519, SPKI DER, base64: signs feed pages and receipts of the centre. */
  centrePublicKey: z.string(),
  enrolledAtUtc: utcSchema,
  /** Where the code was for the place of a machine that was lost: whose, and how much was handed over. */
  replaced: z.strictObject({ stationId: stationIdSchema, cases: z.int().min(0), drafts: z.int().min(0) }).optional(),
  /** Whose releases of the catalogue count (Ed25519, SPKI DER, base64). Only where the station asked for it (`?publisher=1`): older ones know no such field. */
  publisherKey: z.string().max(200).optional(),
  /** The keys that counted before it, the first one first, each with the release by which it handed over. Only where the station asked (header `x-publisher-line`). */
  publisherBefore: z
    .array(z.strictObject({ publicKey: z.string().max(200), release: z.int().min(1) }))
    .max(200)
    .optional(),
})

/** A short text without control characters (a database text column refuses NUL). */
const label = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,80}$/u)

/** Base64 of an Ed25519 signature. */
export const signatureSchema = z.string().regex(/^[A-Za-z0-9+/]{86}==$/)

/** One entry on the wire: its place, hash and salt are derived by the receiver, so they are not sent. */
export const wireEntrySchema = z.tuple([
  z
    .string()
    .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/)
    .max(80), // kind
  z.int().min(1).max(2_147_483_647), // version
  label, // subject
  label, // actor
  utcSchema, // at
  z.json(), // payload; null where it was erased
  hashSchema.optional(), // payload digest, only where the payload was erased
])

/** A batch: entries `from` … `from + entries.length - 1`, each derived hash chained to `previous`; `signature` is the station's over the new head. */
export const pushRequestSchema = z.strictObject({
  format: z.literal(1),
  from: z.int().min(1),
  previous: hashSchema,
  entries: z.array(wireEntrySchema).max(1000),
  /** Secrets of subjects that the centre has not met yet (32 hexadecimal digits). */
  secrets: z.record(z.string(), hex(32)),
  /** Ed25519 over the canonical bytes of {station, seq, hash} of the new head, base64. */
  signature: signatureSchema,
})

/**
 * The centre's answer to a batch: where the station's chain now stands at the centre. Repeating a batch changes nothing
 * and gives the same answer, unless later entries have arrived since: then it names those. A station that is told of more
 * than it holds is a restored copy. `signature` is the centre's over the canonical bytes of everything else and `station`,
 * so that nobody on the way can make a station believe that its entries have arrived.
 */
export const pushReplySchema = z.strictObject({
  /** Everything up to here is durable at the centre. */
  acknowledged: z.int().min(0),
  /** The centre's hash of that entry: must equal the station's. */
  hash: hashSchema,
  centreTimeUtc: utcSchema,
  signature: signatureSchema,
})

/** What the centre decided on a case, as a feed item's payload. */
export const decisionSchema = z.strictObject({
  caseId: z.uuid(),
  decision: z.enum(caseDecisions),
  /** What the applicant must bring or mend, or why it was refused; shown to the clerk and printed. */
  reason: z.string().max(2000),
  /** The centre's own case number, opaque. */
  centreCaseNumber: z.string().max(50),
  officer: z.string().max(60),
  decidedAtUtc: utcSchema,
})

/** The centre lets a seal of this station be used for a while without it: a feed item `seal.lease`. The newest lease of a seal counts. */
export const sealLeaseItemSchema = z.strictObject({
  leaseId: z.string().max(80),
  certificateSha256: hashSchema,
  uses: z.int().min(1).max(1_000_000),
  fromUtc: utcSchema,
  untilUtc: utcSchema,
  itemIds: z.array(z.string().max(60)).max(500).nullable(),
})

/** The centre stops a seal for good: a feed item `seal.revoked`. Also of certificates that are not this station's, for checking. */
export const sealRevocationItemSchema = z.strictObject({
  certificateSha256: hashSchema,
  reason: z.string().max(200),
  revokedAtUtc: utcSchema,
})

/** One item of the feed. A station's cursors are 1, 2, 3 … without a gap, so that a missing item shows. Unknown kinds are kept and skipped, so that a newer centre harms no older station. */
export const feedItemSchema = z.strictObject({
  cursor: z.int().min(1),
  kind: z.string().max(80),
  payload: z.json(),
  /**
   * The centre was restored and tells this again, since at that earlier place the station has something that the centre does
   * not know: it counts unless the station has the very same there.
   */
  again: z.int().min(1).optional(),
})

/** A page of the feed after a cursor, at most 200 items, signed by the centre over the canonical bytes of everything else. */
export const feedPageSchema = z.strictObject({
  station: stationIdSchema,
  after: z.int().min(0),
  items: z.array(feedItemSchema).max(200),
  more: z.boolean(),
  /** Up to where the centre has the station's ledger; for whoever asked for it alone, since older stations know no such key. */
  acknowledged: z.int().min(0).optional(),
  centreTimeUtc: utcSchema,
  signature: signatureSchema,
})

/** A refusal by the centre: a code for the program, a sentence for the log. */
export const wireErrorSchema = z.strictObject({
  error: z.enum([
    'unauthorized',
    /** `created` is far from the centre's time: sign again with `centreTimeUtc`. */
    'clock_skew',
    /** This very request was answered before. */
    'replayed',
    'station_unknown',
    'station_taken',
    /** This station's machine was replaced by another: its key is dead for good. */
    'station_replaced',
    'enrolment_code_wrong',
    'fork',
    'gap',
    /** A subject's secret is neither known nor in the batch: send the secrets of all its subjects. */
    'secret_missing',
    /** The station's cursor lies beyond the centre's feed: the centre was restored from an older copy. */
    'feed_behind',
    'malformed',
    'too_large',
    'not_found',
    'step_not_legal',
    /** Too many at once: come back after `retryAfterSeconds` (HTTP 429 with Retry-After). */
    'busy',
    /** A file's bytes are not what its name (SHA-256) says: what was sent of it is thrown away. */
    'file_mismatch',
    /** A bundle that cannot be read: cut off, changed, or not for this centre. */
    'bundle_unreadable',
    /** A bundle that a machine wrote which was replaced by another: an officer alone can let it in. */
    'bundle_of_replaced',
    /** This is a relay, and only the county's centre can do that. */
    'relay_only',
    /** Another window of the hall has this case in hand. */
    'hall_taken',
    /** A release of the catalogue that cannot be published: the message says why and where. */
    'release_refused',
    'internal',
  ]),
  message: z.string(),
  /** On `gap` and `fork`: where the centre stands (on `fork`, the first entry that differs is `forkedAt`). */
  acknowledged: z.int().min(0).optional(),
  hash: hashSchema.optional(),
  forkedAt: z.int().min(1).optional(),
  centreTimeUtc: utcSchema.optional(),
  retryAfterSeconds: z.int().min(0).max(3600).optional(),
})

/** The centre's word that it holds a file, whole and checked. `signature` is the centre's over the canonical bytes of everything else. */
export const fileReceiptSchema = z.strictObject({
  station: stationIdSchema,
  sha256: hashSchema,
  sizeBytes: z.int().min(1),
  arrivedAtUtc: utcSchema,
  signature: signatureSchema,
})

/** The centre's word for everybody at a station: a feed item `notice.given`. */
export const noticeItemSchema = z.strictObject({
  text: z.string().min(1).max(500),
  urgent: z.boolean(),
  givenAtUtc: utcSchema,
})

/** A calendar of the State Council's holidays: a feed item `calendar.published`. Shaped as resources/holidays.json. */
export const calendarItemSchema = z.strictObject({ calendar: calendarSchema, publishedAtUtc: utcSchema })

/** What a station shall do now: a feed item `directive.given`. */
export const directiveItemSchema = z.strictObject({
  action: z.enum(['send-files', 'reconcile']),
  reason: z.string().max(200),
  givenAtUtc: utcSchema,
})

/** A hall's relay that the county lets in: a feed item `hall.relay` to every station of its town; null when it is no more. */
export const relayItemSchema = z.strictObject({
  relay: z
    .strictObject({
      relayId: z.string().max(64),
      name: z.string().max(60),
      publicKey: z.string().max(200),
      url: z.url().max(300).nullable(),
    })
    .nullable(),
})

export type EnrolmentRequest = z.infer<typeof enrolmentRequestSchema>
export type EnrolmentReply = z.infer<typeof enrolmentReplySchema>
export type WireEntry = z.infer<typeof wireEntrySchema>
export type PushRequest = z.infer<typeof pushRequestSchema>
export type PushReply = z.infer<typeof pushReplySchema>
export type Decision = z.infer<typeof decisionSchema>
export type SealLeaseItem = z.infer<typeof sealLeaseItemSchema>
export type SealRevocationItem = z.infer<typeof sealRevocationItemSchema>
export type FeedItem = z.infer<typeof feedItemSchema>
export type FeedPage = z.infer<typeof feedPageSchema>
export type FileReceipt = z.infer<typeof fileReceiptSchema>
export type NoticeItem = z.infer<typeof noticeItemSchema>
export type CalendarItem = z.infer<typeof calendarItemSchema>
export type DirectiveItem = z.infer<typeof directiveItemSchema>
export type RelayItem = z.infer<typeof relayItemSchema>
export type WireError = z.infer<typeof wireErrorSchema>
