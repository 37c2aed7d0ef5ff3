import { z } from 'zod'
import { codeAnswerSchema } from '../hand-over.ts'
import { roleSchema, sessionSchema, stationStatusSchema } from '../views.ts'
import { accountName, call, done, nothing } from './call.ts'

const centreUrl = z.string().trim().min(1).max(300)
const code = z.string().trim().min(8).max(64)

/** Whose window this is: what stands on the login screen and in the station bar, and how it becomes another. */
export const stationCalls = {
  /** What stands on the login screen and in the station bar. */
  status: call('anyone', nothing, stationStatusSchema),
  /** Asks a centre what a one-time code is for. Throws ENROLMENT_CODE_WRONG, and as the link does. */
  askCode: call(
    'administrator',
    z.strictObject({ centreUrl, code }),
    codeAnswerSchema.extend({ townName: z.string(), villageName: z.string() }),
  ),
  /**
   * Makes this machine the window of a code, for a training station that shall be one in earnest, or the place of a machine that
   * was lost. What was here is put aside whole; the desk starts again. `person` is the first to log in there; a training
   * station has its own. Throws as `askCode`, ENROLMENT_TOO_LATE; NOT_ALLOWED on a station that is one in earnest.
   */
  join: call(
    'administrator',
    z.strictObject({
      ...{ centreUrl, code, windowName: z.string().trim().max(60) },
      person: z
        .strictObject({
          account: accountName,
          displayName: z.string().trim().min(1).max(30),
          pin: z.string().min(6).max(64),
        })
        .nullable(),
    }),
    z.strictObject({ stationId: z.string(), cases: z.int(), drafts: z.int() }),
  ),
} as const

/** Logging in and locking. */
export const sessionCalls = {
  /** Opens the store with the first login. PIN_WRONG tells the tries left, PIN_WAIT the seconds. */
  login: call('anyone', z.strictObject({ account: z.string().max(60), pin: z.string().max(64) }), sessionSchema),
  /** Who is logged in; LOGIN_NEEDED otherwise. */
  current: call('clerk', nothing, sessionSchema),
  /** Hides the screen and drops the seal PIN; sync goes on. */
  lock: call('clerk', nothing, done),
} as const

/** Who works here. */
export const accountsCalls = {
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
} as const
