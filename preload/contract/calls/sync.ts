import { z } from 'zod'
import { syncStatusSchema } from '../views.ts'
import { call, done, nothing } from './call.ts'

/** The link to the centre. */
export const syncCalls = {
  status: call('clerk', nothing, syncStatusSchema),
  /** A try at once, whatever the wait. */
  now: call('clerk', nothing, done),
  /** Training: pulls or plugs the cable. NOT_ALLOWED on a live station. */
  setLink: call('clerk', z.strictObject({ on: z.boolean() }), done),
} as const

/** The ledger read aloud. */
export const ledgerCalls = {
  /** Checks every hash from the first entry to the head. */
  verify: call(
    'clerk',
    nothing,
    z.strictObject({ ok: z.boolean(), count: z.int(), head: z.string(), brokenAt: z.int().nullable() }),
  ),
} as const
