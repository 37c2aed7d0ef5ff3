import { z } from 'zod'
import { answersSchema, materialSchema } from './entries.ts'
import type { Result } from './errors.ts'
import { matterStandardSchema } from './standard.ts'
import {
  caseDetailSchema,
  caseSummarySchema,
  caseViewSchema,
  draftCheckSchema,
  draftSchema,
  matterSummarySchema,
  sealStatusSchema,
  sessionSchema,
  stationStatusSchema,
  syncStatusSchema,
} from './views.ts'

const nothing = z.strictObject({})
const done = z.strictObject({ done: z.literal(true) })
const caseId = z.strictObject({ caseId: z.uuid() })
const draftId = z.strictObject({ draftId: z.uuid() })

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
  seals: {
    status: call('clerk', nothing, sealStatusSchema),
    /** Asks the seal PIN once a login, then seals every document that waits. */
    unlock: call('clerk', z.strictObject({ pin: z.string().max(64) }), z.strictObject({ sealed: z.int() })),
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
