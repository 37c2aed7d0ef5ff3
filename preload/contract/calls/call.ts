import { z } from 'zod'

/** Who may make a call: `anyone` before login, else a session of that role or above (clerk < approver < administrator). */
export type Access = 'anyone' | 'clerk' | 'approver' | 'administrator'

/** One call between a window and the desk: who may make it, what it is given, what it answers. */
export type Call = { readonly access: Access; readonly input: z.ZodType; readonly output: z.ZodType }

/** Declares a call; the types of its schemas stay. */
export const call = <I extends z.ZodType, O extends z.ZodType>(access: Access, input: I, output: O) => ({
  access,
  input,
  output,
})

/** No input. */
export const nothing = z.strictObject({})
/** Nothing to tell but that it is done. */
export const done = z.strictObject({ done: z.literal(true) })
/** Names a case. */
export const caseId = z.strictObject({ caseId: z.uuid() })
/** Names a draft. */
export const draftId = z.strictObject({ draftId: z.uuid() })
/** An account as its owner types it. */
export const accountName = z.string().regex(/^[a-z][a-z0-9-]{1,29}$/)
