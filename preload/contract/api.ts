import { z } from 'zod'
import { answersSchema, materialSchema } from './entries.ts'
import type { Result } from './errors.ts'
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
} from './seals.ts'
import { matterStandardSchema } from './standard.ts'
import { pageBoxSchema } from './verification.ts'
import {
  caseDetailSchema,
  caseSummarySchema,
  caseViewSchema,
  draftCheckSchema,
  draftSchema,
  matterSummarySchema,
  roleSchema,
  sessionSchema,
  stationStatusSchema,
  syncStatusSchema,
} from './views.ts'

const nothing = z.strictObject({})
const done = z.strictObject({ done: z.literal(true) })
const caseId = z.strictObject({ caseId: z.uuid() })
const draftId = z.strictObject({ draftId: z.uuid() })
const documentId = z.strictObject({ documentId: z.uuid() })
const jobId = z.strictObject({ jobId: z.uuid() })
const verificationId = z.strictObject({ verificationId: z.uuid() })
const accountName = z.string().regex(/^[a-z][a-z0-9-]{1,29}$/)
const added = z.strictObject({ sealId: z.string() })
/** The 用印登记's filter: words in title, number, applicant or person, and days (inclusive) in Asia/Shanghai. */
const registerFilter = z.strictObject({
  query: z.string().max(100),
  sealId: z.string().nullable(),
  fromDay: z.iso.date().nullable(),
  untilDay: z.iso.date().nullable(),
})

/** Who may make a call: `anyone` before login, else a session of that role or above (clerk < approver < administrator). */
export type Access = 'anyone' | 'clerk' | 'approver' | 'administrator'

type Call = { readonly access: Access; readonly input: z.ZodType; readonly output: z.ZodType }

const call = <I extends z.ZodType, O extends z.ZodType>(access: Access, input: I, output: O) => ({
  access,
  input,
  output,
})

/** Every call between a window and the desk, once. Handlers, client and channel names are derived from it. */
export const api = {
  station: {
    /** What stands on the login screen and in the station bar. */
    status: call('anyone', nothing, stationStatusSchema),
  },
  session: {
    /** Opens the store with the first login. PIN_WRONG tells the tries left, PIN_WAIT the seconds. */
    login: call('anyone', z.strictObject({ account: z.string().max(60), pin: z.string().max(64) }), sessionSchema),
    /** Who is logged in; LOGIN_NEEDED otherwise. */
    current: call('clerk', nothing, sessionSchema),
    /** Hides the screen and drops the seal PIN; sync goes on. */
    lock: call('clerk', nothing, done),
  },
  matters: {
    /** Matters in force, the most used first. */
    list: call('clerk', nothing, z.strictObject({ matters: z.array(matterSummarySchema) })),
    /** One standard; without a version the one in force. */
    get: call('clerk', z.strictObject({ itemId: z.string(), version: z.int().optional() }), matterStandardSchema),
  },
  drafts: {
    create: call('clerk', z.strictObject({ itemId: z.string() }), draftSchema),
    list: call(
      'clerk',
      nothing,
      z.strictObject({
        drafts: z.array(
          z.strictObject({
            draftId: z.uuid(),
            matterName: z.string(),
            applicantMasked: z.string(),
            updatedAtUtc: z.string(),
          }),
        ),
      }),
    ),
    get: call('clerk', draftId, z.strictObject({ draft: draftSchema, check: draftCheckSchema })),
    /** Saves answers whole, durably, and says what is still missing. Any answers are kept, right or wrong. */
    save: call('clerk', z.strictObject({ draftId: z.uuid(), answers: answersSchema }), draftCheckSchema),
    /** Marks or unmarks a requirement as promised for later (容缺后补; only necessity 3). */
    promiseLater: call(
      'clerk',
      z.strictObject({ draftId: z.uuid(), requirementId: z.string(), later: z.boolean() }),
      draftCheckSchema,
    ),
    removeMaterial: call('clerk', z.strictObject({ draftId: z.uuid(), materialId: z.uuid() }), draftCheckSchema),
    discard: call('clerk', draftId, done),
    /**
     * The key (32 bytes, base64) under which a window keeps keystrokes that the desk has not acknowledged yet. Made once
     * at random and kept in the encrypted store's `settings`, so that a window's own storage is unreadable without it.
     */
    journalKey: call('clerk', nothing, z.strictObject({ key: z.base64() })),
    /** 收件: the case is durable and counts from now. Answered only after the entry is on disk. Repeating it for the same draft gives the same case. */
    receive: call(
      'clerk',
      draftId,
      z.strictObject({ caseId: z.uuid(), localNumber: z.string(), seq: z.int(), hash: z.string() }),
    ),
  },
  cases: {
    list: call(
      'clerk',
      z.strictObject({
        view: caseViewSchema,
        /** Applicant, pinyin initials, number, ID or phone ending, matter; empty for all. */
        query: z.string().max(100),
        offset: z.int().min(0),
        limit: z.int().min(1).max(200),
      }),
      z.strictObject({
        cases: z.array(caseSummarySchema),
        total: z.int(),
        counts: z.record(caseViewSchema, z.int()),
      }),
    ),
    get: call('clerk', caseId, caseDetailSchema),
    /** Shows one masked value; the ledger keeps who looked. */
    reveal: call(
      'clerk',
      z.strictObject({ caseId: z.uuid(), field: z.enum(['idNumber', 'phone']) }),
      z.strictObject({ value: z.string() }),
    ),
    /** 受理 at the window, where the standard lets the station decide. */
    accept: call('clerk', caseId, done),
    /** Sends what was brought after 补正; materials are put first by bytes with `case=`. */
    supplement: call('clerk', z.strictObject({ caseId: z.uuid(), note: z.string().max(500) }), done),
    /** Notes that the applicant was told of 不予受理; the case leaves the view `returned`. */
    tell: call('clerk', caseId, done),
  },
  documents: {
    /** Makes the 收件凭证 where it is missing and seals it where the seal is unlocked. Never undoes a 收件. */
    receipt: call(
      'clerk',
      caseId,
      z.strictObject({
        documentId: z.uuid(),
        sealed: z.boolean(),
        waitsFor: z.string(),
        unprintable: z.array(z.string()),
      }),
    ),
  },
  accounts: {
    /** Who works here, by name. */
    list: call(
      'clerk',
      nothing,
      z.strictObject({
        accounts: z.array(z.strictObject({ account: z.string(), displayName: z.string(), role: roleSchema })),
      }),
    ),
    /** Adds somebody with a login PIN of at least six characters. INPUT_INVALID for a name that is taken. */
    create: call(
      'administrator',
      z.strictObject({
        account: accountName,
        displayName: z.string().trim().min(1).max(30),
        role: roleSchema,
        pin: z.string().min(6).max(64),
      }),
      done,
    ),
    /** Gives somebody a new login PIN. */
    setPin: call('administrator', z.strictObject({ account: z.string(), pin: z.string().min(6).max(64) }), done),
  },
  seals: {
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
  },
  sealing: {
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
  },
  verification: {
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
  },
  sync: {
    status: call('clerk', nothing, syncStatusSchema),
    /** A try at once, whatever the wait. */
    now: call('clerk', nothing, done),
    /** Training: pulls or plugs the cable. NOT_ALLOWED on a live station. */
    setLink: call('clerk', z.strictObject({ on: z.boolean() }), done),
  },
  ledger: {
    /** Checks every hash from the first entry to the head. */
    verify: call(
      'clerk',
      nothing,
      z.strictObject({ ok: z.boolean(), count: z.int(), head: z.string(), brokenAt: z.int().nullable() }),
    ),
  },
} as const satisfies Record<string, Record<string, Call>>

/** The calls by feature. */
export type Api = typeof api
/** A feature that answers calls. */
export type Feature = keyof Api
/** `feature.call` of every call. */
export type CallName = { [F in Feature]: `${F}.${Extract<keyof Api[F], string>}` }[Feature]

type CallOf<N extends CallName> = N extends `${infer F}.${infer C}`
  ? F extends Feature
    ? C extends keyof Api[F]
      ? Api[F][C]
      : never
    : never
  : never

type InputSchema<N extends CallName> = CallOf<N> extends { input: infer S } ? S : never
type OutputSchema<N extends CallName> = CallOf<N> extends { output: infer S } ? S : never

/** What a call is given. */
export type CallInput<N extends CallName> = z.input<Extract<InputSchema<N>, z.ZodType>>
/** What a call answers. */
export type CallOutput<N extends CallName> = z.output<Extract<OutputSchema<N>, z.ZodType>>

/** Who calls: the session behind a handler's call. `null` only for `anyone` calls. */
export type Caller = { readonly sessionId: string; readonly account: string; readonly displayName: string }

/** What the desk must supply: a missing handler does not compile. */
export type Handlers = {
  [N in CallName]: (input: CallInput<N>, caller: Caller | null) => CallOutput<N> | Promise<CallOutput<N>>
}

/** What the renderer sees: `client['cases.list']({...})`. */
export type Client = { [N in CallName]: (input: CallInput<N>) => Promise<Result<CallOutput<N>>> }

/** Every call's name, for the shells' channel lists. */
export const callNames = Object.entries(api).flatMap(([feature, calls]) =>
  Object.keys(calls).map((name) => `${feature}.${name}`),
) as CallName[]

/** The declaration behind a call's name; undefined for a name that is not one. */
export function findCall(name: string): Call | undefined {
  const [feature = '', callName = '', ...rest] = name.split('.')
  if (rest.length > 0 || !Object.hasOwn(api, feature)) return undefined
  const calls: Record<string, Call> = api[feature as Feature]
  return Object.hasOwn(calls, callName) ? calls[callName] : undefined
}

/** The answer of `PUT /bytes/materials?draft=…|case=…&requirement=…&name=…`. */
export const putMaterialReplySchema = z.strictObject({ material: materialSchema, check: draftCheckSchema.nullable() })
export type PutMaterialReply = z.infer<typeof putMaterialReplySchema>

/** The answer of `PUT /bytes/papers?name=…`. */
export const putPaperReplySchema = z.strictObject({ paper: paperSchema })
export type PutPaperReply = z.infer<typeof putPaperReplySchema>

/** The answer of `PUT /bytes/verifications?name=…`. */
export const putVerificationReplySchema = z.strictObject({ verification: verificationSchema })
export type PutVerificationReply = z.infer<typeof putVerificationReplySchema>
