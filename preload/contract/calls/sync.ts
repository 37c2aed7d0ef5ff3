import { z } from 'zod'
import {
  bundleJobSchema,
  dayResultSchema,
  fileStateSchema,
  hallCaseSchema,
  linkMinuteSchema,
  linkSettingsSchema,
  noticeSchema,
  stickSchema,
  waitingItemSchema,
} from '../sync.ts'
import { syncStatusSchema } from '../views.ts'
import { hashSchema, utcSchema } from '../wire.ts'
import { call, caseId, done, nothing } from './call.ts'

const page = { offset: z.int().min(0), limit: z.int().min(1).max(200) }
const onStick = z.strictObject({ stickId: z.string().max(300), file: z.string().max(200) })

/** The link to the centre, and what still waits for it. */
export const syncCalls = {
  status: call('clerk', nothing, syncStatusSchema),
  /** A try at once, whatever the wait; originals that wait for the night go too. */
  now: call('clerk', nothing, done),
  /** Training: pulls or plugs the cable. NOT_ALLOWED on a live station. */
  setLink: call('clerk', z.strictObject({ on: z.boolean() }), done),
  /** What is still here, in the order in which it leaves. */
  waiting: call(
    'clerk',
    z.strictObject(page),
    z.strictObject({ items: z.array(waitingItemSchema), total: z.int(), totalBytes: z.int() }),
  ),
  /** The last hour, a minute each, the oldest first. */
  history: call('clerk', nothing, z.strictObject({ minutes: z.array(linkMinuteSchema).max(60) })),
  settings: call('clerk', nothing, linkSettingsSchema),
  setSettings: call('administrator', linkSettingsSchema, done),
  /** The centre has another address; it must be the same centre, by its key. NOT_FOUND before enrolment. */
  setCentreUrl: call('administrator', z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(300) }), done),
  /** The files of one case, each with how far it has come. */
  files: call('clerk', caseId, z.strictObject({ files: z.array(fileStateSchema) })),
  /** Asks for a file of a case of another machine: it comes as soon as the link carries it. NOT_FOUND for any other. */
  fetchFile: call('clerk', z.strictObject({ sha256: hashSchema }), done),
  /** What the centre told everybody here; the newest first. */
  notices: call('clerk', nothing, z.strictObject({ notices: z.array(noticeSchema) })),
  readNotice: call('clerk', z.strictObject({ cursor: z.int().min(1) }), done),
} as const

/** U盘: what waits, carried by hand; `bundle` events tell how it goes. */
export const bundleCalls = {
  /** Sticks that are plugged in now. */
  sticks: call('clerk', nothing, z.strictObject({ sticks: z.array(stickSchema), job: bundleJobSchema.nullable() })),
  /** Begins to write everything that the centre has not confirmed. Goes on where an interrupted one stopped. Throws BUNDLE_NOTHING, STICK_GONE, STICK_FULL. */
  export: call('clerk', z.strictObject({ stickId: z.string().max(300), withFiles: z.boolean() }), done),
  /** Town hall: begins to hand another station's bundle to the centre and to write its answer back to the stick. */
  carry: call('clerk', onStick, done),
  /** Begins to take in the centre's answer to our own bundle. */
  apply: call('clerk', onStick, done),
  cancel: call('clerk', nothing, done),
} as const

/** 日清. */
export const reconciliationCalls = {
  /** The newest first. */
  days: call(
    'clerk',
    z.strictObject({ limit: z.int().min(1).max(400) }),
    z.strictObject({ days: z.array(dayResultSchema) }),
  ),
  /** Holds a day against the centre now, today without `day`. Needs the link: throws as an exchange does. Printed at `/bytes/days/YYYY-MM-DD.pdf`. */
  run: call('clerk', z.strictObject({ day: z.iso.date().optional() }), dayResultSchema),
} as const

/** 大厅: windows that share one queue over their relay. */
export const hallCalls = {
  /**
   * Cases of all windows of the hall, the newest first. `relay` is null where this station has none, `reachable` whether it
   * answers now: where it does not, the page is as it was last seen, at `seenUtc`; null and empty where it was not seen.
   */
  queue: call(
    'clerk',
    z.strictObject({ query: z.string().max(100), ...page }),
    z.strictObject({
      relay: z
        .strictObject({ name: z.string(), url: z.string(), reachable: z.boolean(), seenUtc: utcSchema.nullable() })
        .nullable(),
      cases: z.array(hallCaseSchema),
      total: z.int(),
    }),
  ),
  /** Takes a case up, so that no other window does, or lets go of it. HALL_TAKEN where another window was first, or has it. */
  take: call('clerk', z.strictObject({ caseId: z.uuid(), take: z.boolean() }), done),
  /** Where the hall's relay is; null for none. The centre's feed says whose key it has. */
  setRelay: call('administrator', z.strictObject({ url: z.url().max(300).nullable() }), done),
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
