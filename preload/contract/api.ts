import { z } from 'zod'
import type { Call } from './calls/call.ts'
import { casesCalls, catalogueCalls, documentsCalls, draftsCalls, mattersCalls } from './calls/cases.ts'
import { sealingCalls, sealsCalls, verificationCalls } from './calls/seals.ts'
import { standardsCalls } from './calls/standards.ts'
import { bundleCalls, hallCalls, ledgerCalls, reconciliationCalls, syncCalls } from './calls/sync.ts'
import { accountsCalls, sessionCalls, stationCalls } from './calls/window.ts'
import type { Result } from './errors.ts'
import { paperSchema, verificationSchema } from './seals.ts'
import { draftCheckSchema, draftMaterialSchema } from './views.ts'

export type { Access } from './calls/call.ts'

/** Every call between a window and the desk, once. Handlers, client and channel names are derived from it. */
export const api = {
  station: stationCalls,
  session: sessionCalls,
  matters: mattersCalls,
  catalogue: catalogueCalls,
  standards: standardsCalls,
  drafts: draftsCalls,
  cases: casesCalls,
  documents: documentsCalls,
  accounts: accountsCalls,
  seals: sealsCalls,
  sealing: sealingCalls,
  verification: verificationCalls,
  sync: syncCalls,
  bundle: bundleCalls,
  reconciliation: reconciliationCalls,
  hall: hallCalls,
  ledger: ledgerCalls,
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
export const putMaterialReplySchema = z.strictObject({
  material: draftMaterialSchema,
  check: draftCheckSchema.nullable(),
})
export type PutMaterialReply = z.infer<typeof putMaterialReplySchema>

/** The answer of `PUT /bytes/papers?name=…`. */
export const putPaperReplySchema = z.strictObject({ paper: paperSchema })
export type PutPaperReply = z.infer<typeof putPaperReplySchema>

/** The answer of `PUT /bytes/standards?name=…`. */
export const putTablesReplySchema = z.strictObject({ file: z.strictObject({ name: z.string(), sizeBytes: z.int() }) })
export type PutTablesReply = z.infer<typeof putTablesReplySchema>

/** The answer of `PUT /bytes/verifications?name=…`. */
export const putVerificationReplySchema = z.strictObject({ verification: verificationSchema })
export type PutVerificationReply = z.infer<typeof putVerificationReplySchema>
