import { z } from 'zod'
import { hashSchema, stationIdSchema, utcSchema } from './wire.ts'

/** What the desk shows of its link, of what is still here, of sticks, of the day's reconciliation and of the hall. */

/** `HH:MM`, Asia/Shanghai. */
const timeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/)

/**
 * Why the link does not carry, for the program; people read `lastError`. `portal`: somebody else's page answers (a captive
 * portal); `proxy`: the proxy refuses.
 */
export const linkReasonSchema = z.enum([
  'none',
  'switched-off',
  'not-enrolled',
  'name',
  'refused',
  'no-route',
  'stalled',
  'cut',
  'portal',
  'proxy',
  'tls-expired',
  'tls-untrusted',
  'tls-name',
  'tls',
  'busy',
  'gateway',
  'refused-by-centre',
  'replaced',
  'nonsense',
  'forked',
  'other',
])

/** How the link is used; an administrator sets it. */
export const linkSettingsSchema = z.strictObject({
  /** At most so many kbit/s in either direction; null for all there is. */
  budgetKbit: z.int().min(2).max(1_000_000).nullable(),
  /** Originals of photos and scans go at any time, or in the night window alone. Text, receipts and readable copies always go. */
  originals: z.enum(['always', 'night']),
  nightFrom: timeOfDay,
  nightUntil: timeOfDay,
  /** An HTTP proxy to reach the centre by, `http://host:port`, where a network asks for one; null without. */
  proxyUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .nullable(),
})

/** What a file is to the queue of files, in the order of sending. */
export const fileClassSchema = z.enum(['receipt', 'copy', 'original'])

/**
 * How far one file has come. `night`: waits for the night window; `sealing`: a fresh receipt waits for its seal, and goes
 * without it at `nextTryUtc`; `at-hall`: the hall's relay has it, the centre's word is
 * awaited; `failed`: the last try ended in `lastError`. Of a case of another machine: `in-centre`: the centre has it, and it is
 * fetched when somebody asks; `fetch-waiting`, `fetching`: it comes, so many of its bytes are here (`sentBytes`); `fetched`: it
 * is here; `absent`: the centre does not have it.
 */
export const fileStateSchema = z.strictObject({
  sha256: hashSchema,
  name: z.string(),
  class: fileClassSchema,
  /** The original of a readable copy; null for others. */
  copyOf: hashSchema.nullable(),
  sizeBytes: z.int(),
  sentBytes: z.int(),
  state: z.enum([
    ...['waiting', 'night', 'sealing', 'sending', 'failed', 'at-hall', 'at-centre'],
    ...['in-centre', 'fetch-waiting', 'fetching', 'fetched', 'absent'],
  ] as const),
  lastError: z.string(),
  nextTryUtc: utcSchema.nullable(),
  /** The centre's confirmation; null before. */
  arrivedAtUtc: utcSchema.nullable(),
})

/** One thing that is still here, in the order in which things leave. */
export const waitingItemSchema = z.strictObject({
  /** `text`: a case's records; `other`: records of no case (logins, seals …), all in one line. */
  kind: z.enum(['text', 'other', 'receipt', 'copy', 'original']),
  caseId: z.uuid().nullable(),
  localNumber: z.string(),
  applicantMasked: z.string(),
  /** The matter, or the file's name. */
  title: z.string(),
  /** Estimated for text (as deflated), exact for files. */
  sizeBytes: z.int(),
  sentBytes: z.int(),
  state: z.enum(['waiting', 'night', 'sealing', 'sending', 'failed', 'at-hall']),
  /** Seconds until it has left at the throughput of late; null where none was measured. */
  etaSeconds: z.int().nullable(),
  lastError: z.string(),
  nextTryUtc: utcSchema.nullable(),
})

/** One minute of the link. */
export const linkMinuteSchema = z.strictObject({
  atUtc: utcSchema,
  upBytes: z.int(),
  downBytes: z.int(),
  /** `good`: it carried; `cut`: it carried, and broke off; `bad`: nothing of the centre was heard; `none`: nothing was tried. */
  state: z.enum(['good', 'cut', 'bad', 'none']),
})

/** A plugged-in stick, and the bundles on it. */
export const stickSchema = z.strictObject({
  /** Where it is plugged in; only a stick listed now is accepted back. */
  stickId: z.string().max(300),
  label: z.string(),
  freeBytes: z.int(),
  bundles: z.array(
    z.strictObject({
      file: z.string().max(200),
      /** `out`: a village's bundle for the centre; `return`: the centre's answer to it. */
      kind: z.enum(['out', 'return']),
      stationId: stationIdSchema,
      /** Whether it is this station's own. */
      ours: z.boolean(),
      madeAtUtc: utcSchema,
      sizeBytes: z.int(),
      /** `torn`: writing was interrupted, exporting again goes on; `done`: its way is over (carried, or applied here). */
      state: z.enum(['ready', 'torn', 'done', 'foreign-centre', 'damaged']),
    }),
  ),
})

/** A bundle job: one at a time. */
export const bundleJobSchema = z.strictObject({
  job: z.enum(['export', 'carry', 'apply']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  doneBytes: z.int(),
  totalBytes: z.int(),
  etaSeconds: z.int().nullable(),
  /** What came of it, one sentence; empty while it runs. */
  said: z.string(),
})

/** One thing in which station and centre differ. */
export const dayDifferenceSchema = z.strictObject({
  kind: z.enum(['head', 'entries', 'case-missing', 'case-unknown', 'case-state', 'file-missing']),
  /** A case's number or a file's name; empty for counts. */
  what: z.string().max(200),
  here: z.string().max(100),
  there: z.string().max(100),
  /** One plain sentence: what it means and what happens now. */
  text: z.string().max(300),
})

/** 日清: one day, held against the centre. */
export const dayResultSchema = z.strictObject({
  day: z.iso.date(),
  checkedAtUtc: utcSchema,
  agreed: z.boolean(),
  entries: z.int(),
  cases: z.int(),
  files: z.int(),
  headSeq: z.int(),
  headHash: hashSchema,
  /** At most 200 are kept; `moreDifferences` more were seen. */
  differences: z.array(dayDifferenceSchema).max(200),
  moreDifferences: z.int(),
})

/** A case in the hall's shared queue: personal data masked. */
export const hallCaseSchema = z.strictObject({
  caseId: z.uuid(),
  stationId: stationIdSchema,
  windowName: z.string(),
  localNumber: z.string(),
  applicantMasked: z.string(),
  matterName: z.string(),
  state: z.string(),
  receivedAtUtc: utcSchema,
  /** The name of the window that has taken it up, so that no two work on it; '' for none. Windows of a village may share a name. */
  takenBy: z.string(),
  /** That window's station; absent for none, and from an older relay. */
  takenById: stationIdSchema.optional(),
  /** Whether the county's centre has it. */
  atCentre: z.boolean(),
})

/** A word from the centre to whoever works here. */
export const noticeSchema = z.strictObject({
  cursor: z.int(),
  text: z.string().max(500),
  urgent: z.boolean(),
  givenAtUtc: utcSchema,
  read: z.boolean(),
})

export type LinkReason = z.infer<typeof linkReasonSchema>
export type LinkSettings = z.infer<typeof linkSettingsSchema>
export type FileClass = z.infer<typeof fileClassSchema>
export type FileState = z.infer<typeof fileStateSchema>
export type WaitingItem = z.infer<typeof waitingItemSchema>
export type LinkMinute = z.infer<typeof linkMinuteSchema>
export type Stick = z.infer<typeof stickSchema>
export type BundleJob = z.infer<typeof bundleJobSchema>
export type DayDifference = z.infer<typeof dayDifferenceSchema>
export type DayResult = z.infer<typeof dayResultSchema>
export type HallCase = z.infer<typeof hallCaseSchema>
export type Notice = z.infer<typeof noticeSchema>
