import { z } from 'zod'
import { deliverySchema } from './delivery.ts'
import { casePaperKinds } from './papers.ts'
import { pageBoxSchema, pdfVerdictSchema } from './verification.ts'
import { hashSchema, utcSchema } from './wire.ts'

/** A seal's name, organisation or line: short, printable, no control characters. */
const printable = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\p{C}]*$/u)

/** Diameters of round seals on paper: 42 mm for villages and towns, 45 mm for counties. */
export const sealDiameterSchema = z.union([z.literal(42), z.literal(45)])

/** What stands in the middle of a seal. */
export const sealEmblemSchema = z.enum(['star', 'national'])

/** How a seal looks. */
export const sealFaceSchema = z.strictObject({
  name: printable(60).min(1),
  /** On the arc: the legal name in full. */
  organisation: printable(60).min(1),
  /** Straight below the emblem, e.g. 便民服务专用章; empty for none. */
  purposeLine: printable(20),
  /** The seal's registered code below; empty for none. */
  code: z.string().regex(/^[0-9]{0,18}$/),
  diameterMm: sealDiameterSchema,
  emblem: sealEmblemSchema,
})

/** Who may use a seal, for what, and whether a second person must agree. */
export const sealCustodySchema = z.strictObject({
  /** Accounts that may use it; empty for everybody at this station. */
  keepers: z.array(z.string().max(60)).max(100),
  /** Matters whose papers it may seal; null for all. */
  itemIds: z.array(z.string().max(60)).max(500).nullable(),
  /** Whether it may seal papers that belong to no case. */
  otherPapers: z.boolean(),
  /** Whether every use needs the PIN of a second person (approver or administrator). */
  needsApproval: z.boolean(),
})

/** How long and how often a seal may be used without the centre. */
export const sealLeaseSchema = z.strictObject({
  leaseId: z.string().max(80),
  uses: z.int().min(1).max(1_000_000),
  fromUtc: utcSchema,
  untilUtc: utcSchema,
  /** Matters that the lease allows; null for all that custody allows. */
  itemIds: z.array(z.string().max(60)).max(500).nullable(),
})

/** Why a seal cannot be used now; `usable` where it can. */
export const sealStateSchema = z.enum([
  'usable',
  'revoked',
  'expired',
  'not-yet-valid',
  'no-lease',
  'lease-ended',
  'lease-used-up',
])

/** A seal as the seals page shows it to one caller. */
export const sealViewSchema = sealFaceSchema.extend({
  sealId: z.string(),
  /** A file that is kept encrypted here, or a token that is plugged in. */
  holder: z.enum(['file', 'token']),
  algorithm: z.enum(['rsa', 'ec', 'sm2']),
  validFromUtc: utcSchema,
  validUntilUtc: utcSchema,
  certificateSha256: hashSchema,
  uses: z.int(),
  unlocked: z.boolean(),
  state: sealStateSchema,
  /** Why it cannot be used, in one sentence; '' where it can. */
  stateText: z.string(),
  /** Whether the caller is one of its keepers. */
  mayUse: z.boolean(),
  custody: sealCustodySchema,
  lease: sealLeaseSchema.extend({ usesLeft: z.int() }).nullable(),
})

/** The seals that are kept here, and what waits for them. */
export const sealStatusSchema = z.strictObject({
  seals: z.array(sealViewSchema),
  /** Whether the caller has opened any seal. */
  unlocked: z.boolean(),
  waitingDocuments: z.int(),
  timestamps: z.strictObject({
    /** Where timestamps are asked for (RFC 3161); null where no authority is set. */
    authorityUrl: z.string().nullable(),
    /** Sealed documents that wait for theirs. */
    waiting: z.int(),
    /** A plain sentence; '' when the last try went well. */
    lastError: z.string(),
  }),
})

/** A key in a token that could be a seal. */
export const tokenKeySchema = z.strictObject({
  library: z.string(),
  libraryName: z.string(),
  serial: z.string(),
  label: z.string(),
  keyId: z.string(),
  commonName: z.string(),
  organisation: z.string(),
  notAfter: z.string(),
})

/** One line of the 用印登记. */
export const impressionSchema = z.strictObject({
  seq: z.int(),
  sealedAtUtc: utcSchema,
  sealId: z.string(),
  sealName: z.string(),
  documentId: z.uuid(),
  title: z.string(),
  /** '' for a paper that belongs to no case. */
  localNumber: z.string(),
  matterName: z.string(),
  applicantMasked: z.string(),
  documentSha256: hashSchema,
  askedBy: z.string(),
  /** '' where nobody had to. */
  approvedBy: z.string(),
  reason: z.string(),
  form: z.enum(['page', 'slot', 'seam', 'certification']),
  places: z.array(pageBoxSchema),
  leaseId: z.string(),
  delivery: deliverySchema,
  /** When a timestamp authority confirmed it; null while that is due or none is set. */
  timestampedAtUtc: utcSchema.nullable(),
})

/** Where on a paper a seal goes. Millimetres are of the page as shown, to the upper left corner of the seal's square. */
export const placementSchema = z.discriminatedUnion('kind', [
  /** Where this kind of paper has its seal. */
  z.strictObject({ kind: z.literal('usual') }),
  z.strictObject({ kind: z.literal('page'), page: z.int().min(1), xMm: z.number(), yMm: z.number() }),
  /** Centred on a text that stands in the page, moved by some millimetres. */
  z.strictObject({
    kind: z.literal('anchor'),
    text: z.string().min(1).max(60),
    occurrence: z.enum(['first', 'last']),
    rightMm: z.number().min(-300).max(300),
    downMm: z.number().min(-300).max(300),
  }),
  /** Over the date of the 落款 (骑年盖月). */
  z.strictObject({ kind: z.literal('date') }),
  /** Into an empty signature field that an earlier seal laid. */
  z.strictObject({ kind: z.literal('slot'), field: z.string().max(200) }),
  /** 骑缝章: over the edges of all pages. */
  z.strictObject({ kind: z.literal('seam'), side: z.enum(['right', 'left']), yMm: z.number().nullable() }),
])

/** Empty fields laid by a certifying seal for those that sign later. */
export const sealSlotSchema = z.strictObject({
  page: z.int().min(1),
  xMm: z.number(),
  yMm: z.number(),
  sizeMm: z.number().min(10).max(100),
  name: z.string().min(1).max(60),
})

/** What to seal, with what, where and why. */
export const sealingRequestSchema = z.strictObject({
  sealId: z.string(),
  documentIds: z.array(z.uuid()).min(1).max(2000),
  /** Each one an impression of its own, in this order. */
  placements: z.array(placementSchema).min(1).max(4),
  /** The first impression certifies the paper and lays empty fields for others; null for no certification. */
  certify: z.strictObject({ slots: z.array(sealSlotSchema).max(20) }).nullable(),
  reason: z.string().trim().min(1).max(200),
  /** The second person, where the seal asks for one. The PIN is their login PIN. */
  approval: z.strictObject({ account: z.string().max(60), pin: z.string().max(64) }).nullable(),
})

/** One document of a sealing job. */
export const sealingItemSchema = z.strictObject({
  documentId: z.uuid(),
  title: z.string(),
  state: z.enum(['waiting', 'sealed', 'failed']),
  /** Why it failed, in one sentence; '' otherwise. */
  why: z.string(),
})

/** How a sealing job stands. `paused`: it waits for a person (a token to plug in, a PIN, a lease), `pausedBecause` says which. */
export const sealingJobSchema = z.strictObject({
  jobId: z.uuid(),
  sealId: z.string(),
  sealName: z.string(),
  reason: z.string(),
  state: z.enum(['running', 'paused', 'cancelled', 'done']),
  pausedBecause: z.string(),
  total: z.int(),
  sealed: z.int(),
  failed: z.int(),
  startedAtUtc: utcSchema,
  startedBy: z.string(),
  /** Null while it cannot be told. */
  secondsLeft: z.number().nullable(),
})

/** What a paper offers to a seal. */
export const sealingPlacesSchema = z.strictObject({
  pages: z.array(z.strictObject({ widthMm: z.number(), heightMm: z.number() })),
  /** The date of the 落款; null where none was found. */
  date: pageBoxSchema.nullable(),
  slots: z.array(pageBoxSchema.extend({ field: z.string() })),
  /** A certified paper takes seals in its slots alone. */
  certified: z.boolean(),
  sealed: z.boolean(),
})

/** A paper that can be sealed: made for a case, or brought in as it is. */
export const paperSchema = z.strictObject({
  documentId: z.uuid(),
  kind: z.enum([...casePaperKinds, 'own']),
  title: z.string(),
  caseId: z.uuid().nullable(),
  localNumber: z.string(),
  matterName: z.string(),
  applicantMasked: z.string(),
  /** Impressions on it. */
  impressions: z.int(),
  waitsFor: z.string(),
  timestampedAtUtc: utcSchema.nullable(),
  sizeBytes: z.int(),
  pages: z.int().nullable(),
  madeAtUtc: utcSchema,
})

/** Which papers a list shows. */
export const paperViewSchema = z.enum(['waiting', 'own', 'sealed', 'all'])

/** A checked PDF. It is kept for this session, in memory alone. */
export const verificationSchema = z.strictObject({
  verificationId: z.uuid(),
  name: z.string(),
  sizeBytes: z.int(),
  checkedAtUtc: utcSchema,
  verdict: pdfVerdictSchema,
})

/** One page then and now. The pictures lie at `/bytes/verifications/ID/SEAL/PAGE/{before,after,difference}.png`. */
export const pageComparisonSchema = z.strictObject({
  page: z.int().min(1),
  /** The sheet that both pictures show: as large as the larger of both pages. */
  widthMm: z.number(),
  heightMm: z.number(),
  /** Whether the page was there then, and is there now. */
  before: z.boolean(),
  after: z.boolean(),
  /** The share of the page that differs, 0 to 1. */
  share: z.number(),
  /** What differs, framed. */
  boxes: z.array(pageBoxSchema),
  /** What later seals account for, framed apart. */
  sealBoxes: z.array(pageBoxSchema),
})

export type SealFace = z.infer<typeof sealFaceSchema>
export type SealCustody = z.infer<typeof sealCustodySchema>
export type SealLease = z.infer<typeof sealLeaseSchema>
export type SealState = z.infer<typeof sealStateSchema>
export type SealView = z.infer<typeof sealViewSchema>
export type SealStatus = z.infer<typeof sealStatusSchema>
export type TokenKey = z.infer<typeof tokenKeySchema>
export type Impression = z.infer<typeof impressionSchema>
export type Placement = z.infer<typeof placementSchema>
export type SealSlot = z.infer<typeof sealSlotSchema>
export type SealingRequest = z.infer<typeof sealingRequestSchema>
export type SealingItem = z.infer<typeof sealingItemSchema>
export type SealingJob = z.infer<typeof sealingJobSchema>
export type SealingPlaces = z.infer<typeof sealingPlacesSchema>
export type Paper = z.infer<typeof paperSchema>
export type PaperView = z.infer<typeof paperViewSchema>
export type Verification = z.infer<typeof verificationSchema>
export type PageComparison = z.infer<typeof pageComparisonSchema>
