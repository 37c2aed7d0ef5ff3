import { z } from 'zod'
import { adoptionSchema, catalogueStatusSchema, stickReleaseSchema } from '../catalogue.ts'
import { answersSchema } from '../entries.ts'
import { casePaperKinds } from '../papers.ts'
import { matterStandardSchema } from '../standard.ts'
import { mostMattersOfTheme } from '../standards/theme.ts'
import {
  caseDetailSchema,
  caseSummarySchema,
  caseViewSchema,
  draftCheckSchema,
  draftFormSchema,
  draftMoveOfferSchema,
  draftSchema,
  matterSummarySchema,
  themeSummarySchema,
} from '../views.ts'
import { hashSchema } from '../wire.ts'
import { call, caseId, done, draftId, nothing } from './call.ts'

/** Matters in force. */
export const mattersCalls = {
  /** Matters in force, the most used first, and the themes (一件事) that can be taken in today. */
  list: call(
    'clerk',
    nothing,
    z.strictObject({ matters: z.array(matterSummarySchema), themes: z.array(themeSummarySchema) }),
  ),
  /** One standard; without a version the one in force. */
  get: call('clerk', z.strictObject({ itemId: z.string(), version: z.int().optional() }), matterStandardSchema),
} as const

/** 事项标准的发布: which release is in force, waits, was refused. */
export const catalogueCalls = {
  status: call('clerk', nothing, catalogueStatusSchema),
  /** The releases on the sticks that are plugged in. */
  onSticks: call('clerk', nothing, z.strictObject({ files: z.array(stickReleaseSchema) })),
  /**
   * Takes a release from a file: `folder` is absolute, `file` lies in it or in its `村窗`. Whoever brings it, the publisher's
   * signature is what counts. Throws RELEASE_…. `said`: what came of it.
   */
  takeFile: call(
    'clerk',
    z.strictObject({ folder: z.string().max(1000), file: z.string().max(200) }),
    z.strictObject({ said: z.string() }),
  ),
  /** Who has a release, by the centre's word; the newest without `release`. Needs the link. */
  adoption: call('administrator', z.strictObject({ release: z.int().min(1).optional() }), adoptionSchema),
} as const

/** What a draft lacks comes with it when it is begun: its form opens without another question. */
const begunDraftSchema = draftSchema.extend({ check: draftCheckSchema })

/** Cases before 收件. */
export const draftsCalls = {
  create: call('clerk', z.strictObject({ itemId: z.string() }), begunDraftSchema),
  /** A draft of a 一件事, all its open matters chosen. THEME_CLOSED where a matter that everybody needs is not open. */
  createTheme: call('clerk', z.strictObject({ themeId: z.string() }), begunDraftSchema),
  /** Which matters of its theme are to be taken in; at least one. What the others were answered and handed in stays until 收件. */
  chooseMatters: call(
    'clerk',
    z.strictObject({ draftId: z.uuid(), itemIds: z.array(z.string()).min(1).max(mostMattersOfTheme) }),
    z.strictObject({ draft: draftSchema, check: draftCheckSchema }),
  ),
  /** What a theme's draft asks now: one form, each material once. */
  form: call('clerk', draftId, draftFormSchema),
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
  /**
   * Saves answers durably and says what is still missing. Any answers are kept, right or wrong. With `before`, what the
   * window last knew the desk to hold, only what differs from that is written: what another window typed into the same
   * draft stays. Without it the answers are saved whole.
   */
  save: call(
    'clerk',
    z.strictObject({ draftId: z.uuid(), answers: answersSchema, before: answersSchema.optional() }),
    draftCheckSchema,
  ),
  /** Marks or unmarks a requirement as promised for later (容缺后补; only necessity 3). */
  promiseLater: call(
    'clerk',
    z.strictObject({ draftId: z.uuid(), requirementId: z.string(), later: z.boolean() }),
    draftCheckSchema,
  ),
  removeMaterial: call('clerk', z.strictObject({ draftId: z.uuid(), materialId: z.uuid() }), draftCheckSchema),
  /** Where a newer version of its standard is in force: what changed, and what of the draft still fits; null where there is none. */
  moveOffer: call('clerk', draftId, z.strictObject({ offer: draftMoveOfferSchema.nullable() })),
  /** Moves a draft to what is in force, by the mark of the offer. STEP_NOT_LEGAL where something else is in force by now. */
  move: call('clerk', z.strictObject({ draftId: z.uuid(), mark: hashSchema }), done),
  /** The version that a draft was moved from, as long as it can go back there; null where it was never moved. */
  wayBack: call('clerk', draftId, z.strictObject({ version: z.int().nullable() })),
  /** Goes back to how the draft was before it was moved; what was answered since and still fits there comes along. NOT_FOUND where it was never moved. */
  moveBack: call('clerk', draftId, done),
  discard: call('clerk', draftId, done),
  /**
   * The key (32 bytes, base64) under which a window keeps keystrokes that the desk has not acknowledged yet. Made once
   * at random and kept in the encrypted store's `settings`, so that a window's own storage is unreadable without it.
   */
  journalKey: call('clerk', nothing, z.strictObject({ key: z.base64() })),
  /** 收件: the case is durable and counts from now. Answered only after the entry is on disk. Repeating it for the same draft gives the same case. Of a theme all chosen matters at once, a case each; what is told is the first one's. */
  receive: call(
    'clerk',
    draftId,
    z.strictObject({ caseId: z.uuid(), localNumber: z.string(), seq: z.int(), hash: z.string() }),
  ),
} as const

/** Cases from 收件 on. */
export const casesCalls = {
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
  /** 送达: notes who took the result of a closed case away, once. STEP_NOT_LEGAL where the case is not closed or it was noted. */
  deliver: call(
    'clerk',
    z.strictObject({
      caseId: z.uuid(),
      receiverName: z.string().trim().min(1).max(100),
      /** '' where none was shown. */
      receiverIdNumber: z.string().trim().max(18),
    }),
    done,
  ),
} as const

/** A paper as it was made just now. */
const madePaper = z.strictObject({
  documentId: z.uuid(),
  sealed: z.boolean(),
  waitsFor: z.string(),
  unprintable: z.array(z.string()),
})

/** Papers of a case. */
export const documentsCalls = {
  /** Makes the 收件凭证 where it is missing and seals it where the seal is unlocked. Never undoes a 收件. */
  receipt: call('clerk', caseId, madePaper),
  /**
   * Makes a paper of the case and seals it where the seal is unlocked; one that was made of the same step already is given
   * back. STEP_NOT_LEGAL where the case is not there. `templateFailed`: why the program's own words stand on it, or ''.
   */
  make: call(
    'clerk',
    z.strictObject({ caseId: z.uuid(), kind: z.enum(casePaperKinds) }),
    madePaper.extend({ templateFailed: z.string() }),
  ),
} as const
