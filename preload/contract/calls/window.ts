import { z } from 'zod'
import { roleSchema, sessionSchema, stationStatusSchema } from '../views.ts'
import { accountName, call, done, nothing } from './call.ts'

/** What stands on the login screen and in the station bar. */
export const stationCalls = {
  /** What stands on the login screen and in the station bar. */
  status: call('anyone', nothing, stationStatusSchema),
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
