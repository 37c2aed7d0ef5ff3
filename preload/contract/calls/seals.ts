import { z } from 'zod'
import {
  impressionSchema,
  pageComparisonSchema,
  paperSchema,
  paperViewSchema,
  sealCustodySchema,
  sealFaceSchema,
  sealingItemSchema,
  sealingJobSchema,
  sealingPlacesSchema,
  sealingRequestSchema,
  sealStatusSchema,
  tokenKeySchema,
  verificationSchema,
} from '../seals.ts'
import { pageBoxSchema } from '../verification.ts'
import { call, done, nothing } from './call.ts'

const documentId = z.strictObject({ documentId: z.uuid() })
const jobId = z.strictObject({ jobId: z.uuid() })
const verificationId = z.strictObject({ verificationId: z.uuid() })
const added = z.strictObject({ sealId: z.string() })
/** The 用印登记's filter: words in title, number, applicant or person, and days (inclusive) in Asia/Shanghai. */
const registerFilter = z.strictObject({
  query: z.string().max(100),
  sealId: z.string().nullable(),
  fromDay: z.iso.date().nullable(),
  untilDay: z.iso.date().nullable(),
})

/** Seals in custody, and their register. */
export const sealsCalls = {
  status: call('clerk', nothing, sealStatusSchema),
  /**
   * Asks a seal's PIN once a login, then seals every receipt that waits for it, unless `sealWaiting` is false (whoever
   * chooses the place by hand). Without an id the newest seal that the caller may use.
   */
  unlock: call(
    'clerk',
    z.strictObject({ pin: z.string().max(64), sealId: z.string().optional(), sealWaiting: z.boolean().optional() }),
    z.strictObject({ sealed: z.int() }),
  ),
  /** Keeps a seal file (PKCS#12, base64). Throws as opening it does. */
  add: call(
    'administrator',
    z.strictObject({ p12: z.base64().max(200_000), pin: z.string().max(64), face: sealFaceSchema }),
    added,
  ),
  /** Keys in tokens that are plugged in, of the libraries known on this machine. */
  tokens: call('administrator', nothing, z.strictObject({ keys: z.array(tokenKeySchema) })),
  /** Keeps a seal whose key stays in its token. */
  addToken: call(
    'administrator',
    z.strictObject({
      library: z.string().max(300),
      serial: z.string().max(60),
      keyId: z.string().max(200),
      pin: z.string().max(64),
      face: sealFaceSchema,
    }),
    added,
  ),
  /** Training: makes a practice seal with a key of its own under a practice root. NOT_ALLOWED on a live station. */
  makeTraining: call(
    'administrator',
    z.strictObject({
      face: sealFaceSchema,
      algorithm: z.enum(['rsa', 'ec', 'sm2']),
      pin: z.string().min(6).max(64),
    }),
    added,
  ),
  /** Who may use a seal, for which matters, and whether a second person must agree. */
  setCustody: call('administrator', z.strictObject({ sealId: z.string(), custody: sealCustodySchema }), done),
  /** Training: grants a new lease here. NOT_ALLOWED on a live station, where leases come from the centre. */
  renewLease: call(
    'administrator',
    z.strictObject({ sealId: z.string(), uses: z.int().min(1).max(100_000), days: z.int().min(1).max(366) }),
    done,
  ),
  /** Stops a seal for good, here and at once. */
  revoke: call(
    'administrator',
    z.strictObject({ sealId: z.string(), reason: z.string().trim().min(1).max(200) }),
    done,
  ),
  /** 用印登记, the newest first. Printed at `/bytes/register.pdf?query=&sealId=&fromDay=&untilDay=`. */
  register: call(
    'clerk',
    registerFilter.extend({ offset: z.int().min(0), limit: z.int().min(1).max(200) }),
    z.strictObject({ impressions: z.array(impressionSchema), total: z.int() }),
  ),
  /** Where timestamps are asked for (an http or https address, RFC 3161); null for nowhere. */
  setTimestampAuthority: call('administrator', z.strictObject({ url: z.url().max(300).nullable() }), done),
} as const

/** Seals on papers. */
export const sealingCalls = {
  /** Papers that can be sealed or were, the newest first. A paper is brought in by `PUT /bytes/papers?name=NAME`. */
  papers: call(
    'clerk',
    z.strictObject({
      view: paperViewSchema,
      query: z.string().max(100),
      offset: z.int().min(0),
      limit: z.int().min(1).max(200),
    }),
    z.strictObject({ papers: z.array(paperSchema), total: z.int(), counts: z.record(paperViewSchema, z.int()) }),
  ),
  /** Forgets a paper that was brought in and never sealed. */
  discardPaper: call('clerk', documentId, done),
  /** What a paper offers to a seal: pages, date line, empty fields. */
  places: call('clerk', documentId, sealingPlacesSchema),
  /** Where a text stands in a paper. */
  findText: call(
    'clerk',
    z.strictObject({ documentId: z.uuid(), text: z.string().min(1).max(60) }),
    z.strictObject({ boxes: z.array(pageBoxSchema) }),
  ),
  /**
   * Begins to seal, and answers at once; `sealing` events tell how it goes. Each impression is one entry; what fails
   * stays as it was and says why. SEAL_PIN_NEEDED, SEAL_NOT_YOURS, SEAL_APPROVAL_NEEDED, SEAL_LEASE_ENDED before
   * anything is begun.
   */
  begin: call('clerk', sealingRequestSchema, jobId),
  job: call('clerk', jobId, z.strictObject({ job: sealingJobSchema, items: z.array(sealingItemSchema) })),
  /** Jobs of the last seven days, the newest first. */
  jobs: call('clerk', nothing, z.strictObject({ jobs: z.array(sealingJobSchema) })),
  /** Stops after the paper in hand. What is sealed stays sealed. */
  cancel: call('clerk', jobId, done),
  /**
   * Goes on with what is left of a paused or cancelled job, also after a restart. Throws as `begin`. A second person's
   * word that was given since the desk was started still counts; after a restart they are asked again (`approval`).
   */
  resume: call('clerk', jobId.extend({ approval: sealingRequestSchema.shape.approval.optional() }), done),
} as const

/** Checking sealed papers. */
export const verificationCalls = {
  /** Checks a paper that is kept here. A file is checked by `PUT /bytes/verifications?name=NAME`. */
  ofDocument: call('clerk', documentId, verificationSchema),
  /** One page as the seal with this index signed it, against now. */
  compare: call(
    'clerk',
    z.strictObject({ verificationId: z.uuid(), seal: z.int().min(0), page: z.int().min(1) }),
    pageComparisonSchema,
  ),
  /** Lets go of a checked file. */
  forget: call('clerk', verificationId, done),
} as const
