import { z } from 'zod'
import { caseStates } from './case-steps.ts'
import { deliverySchema } from './delivery.ts'
import { answersSchema, deadlineSchema, laterMaterialSchema, materialSchema } from './entries.ts'
import { requirementIdSchema } from './hand-over.ts'
import { casePaperKinds } from './papers.ts'
import { formSchema, limitSchema, materialRequirementSchema, necessitySchema } from './standard.ts'
import { changeSchema } from './standards/findings.ts'
import { linkReasonSchema } from './sync.ts'
import { hashSchema, utcSchema } from './wire.ts'

/** What the desk shows of its state: the outputs of the calls. */

/** What somebody may do here; a later one may do what an earlier one may. */
export const roleSchema = z.enum(['clerk', 'approver', 'administrator'])

/** What stands on the login screen and in the station bar. */
export const stationStatusSchema = z.strictObject({
  mode: z.enum(['training', 'live']),
  stationId: z.string(),
  townName: z.string(),
  villageName: z.string(),
  windowName: z.string(),
  programVersion: z.string(),
  accounts: z.array(z.strictObject({ account: z.string(), displayName: z.string(), role: roleSchema })),
  /** Training mode only: what the training clerk types. Never present on a live station. */
  training: z
    .strictObject({
      account: z.string(),
      pin: z.string(),
      sealPin: z.string(),
      /** The second person, who approves where a seal asks for it. */
      approver: z.strictObject({ account: z.string(), pin: z.string() }),
      /** What the training publisher types to sign a release; '' before there is one. */
      publisherPin: z.string(),
    })
    .nullable(),
  /** Whether it joined a centre by a code; else its centre is the one on this machine. */
  elsewhere: z.boolean(),
  /** Whether the store is open, i.e. somebody has logged in since start. */
  storeOpen: z.boolean(),
  todayInShanghai: z.iso.date(),
})

/** Somebody who is logged in. */
export const sessionSchema = z.strictObject({
  sessionId: z.string(),
  account: z.string(),
  displayName: z.string(),
  role: roleSchema,
})

/** A matter as the picker lists it. */
export const matterSummarySchema = z.strictObject({
  itemId: z.string(),
  code: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  /** Pinyin and initials of name and aliases, lower case, for finding. */
  searchKeys: z.array(z.string()),
  version: z.int(),
  department: z.string(),
  promisedLimit: limitSchema,
  sample: z.boolean(),
  timesUsed: z.int(),
})

/** A 一件事 as the picker lists it: it can be taken in today. */
export const themeSummarySchema = z.strictObject({
  themeId: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  /** As of a matter. */
  searchKeys: z.array(z.string()),
  version: z.int(),
  department: z.string(),
  description: z.string(),
  sample: z.boolean(),
  /** Its matters in order; `when` is for whom it is, '' for everybody. One that is not open cannot be chosen. */
  members: z.array(z.strictObject({ itemId: z.string(), name: z.string(), when: z.string(), isOpen: z.boolean() })),
})

/** Why a matter cannot be taken in: the county suspended or cancelled it, it ended or begins by its dates, or no standard of it is in force. */
export const matterClosureSchema = z.strictObject({
  why: z.enum(['suspended', 'cancelled', 'ended', 'not-begun', 'gone']),
  /** The day from which it ended or begins. */
  date: z.iso.date().nullable(),
})
export type MatterClosure = z.infer<typeof matterClosureSchema>

/** 还缺什么: what stands between a draft and 收件, told at once and whole. */
export const draftCheckSchema = z.strictObject({
  /** The draft's revision that was judged: of two checks the one with the higher revision is the newer, whichever arrives last. */
  revision: z.int(),
  /** Whether 收件 is possible now (with promises for what may follow later). */
  ready: z.boolean(),
  /** Its chosen matters that cannot be taken in now; what was filled in waits for them. */
  closed: z.array(matterClosureSchema.extend({ itemId: z.string(), name: z.string() })),
  form: z.array(
    z.strictObject({
      /** Property path in the form, e.g. `/bankAccount`. */
      path: z.string(),
      title: z.string(),
      kind: z.enum(['missing', 'wrong']),
      /** A Chinese sentence for `wrong`. */
      text: z.string(),
    }),
  ),
  conditions: z.array(
    z.strictObject({
      /** Of a theme's with its matter before it. */
      id: z.string(),
      /** Of a theme: the name of the matter whose condition it is; else ''. */
      matterName: z.string(),
      text: z.string(),
      /** `ask`: no rule, the clerk looks; `unknown`: answers that the rule needs are missing. */
      state: z.enum(['met', 'unmet', 'unknown', 'ask']),
    }),
  ),
  materials: z.array(
    z.strictObject({
      requirementId: z.string(),
      name: z.string(),
      necessity: necessitySchema,
      state: z.enum(['present', 'missing', 'later', 'optional']),
      /** For `later`: by when, YYYY-MM-DD. */
      dueDate: z.iso.date().nullable(),
    }),
  ),
  /** Of a theme: of the matter that ends last. */
  promised: deadlineSchema,
  /** Of a theme: the promise of each chosen matter, in order; else empty. */
  promises: z.array(z.strictObject({ itemId: z.string(), matterName: z.string(), promised: deadlineSchema })),
  /** Warnings that do not stop 收件: a duplicate here, an unknown calendar year … */
  warnings: z.array(z.strictObject({ code: z.enum(['duplicate', 'calendar-unknown']), text: z.string() })),
})

/** The matters of a theme's draft, each pinned to its version. */
export const draftThemeViewSchema = z.strictObject({
  description: z.string(),
  members: z.array(
    z.strictObject({
      itemId: z.string(),
      name: z.string(),
      version: z.int(),
      /** For whom it is, in words; '' for everybody. */
      when: z.string(),
      /** Whether it is to be taken in. */
      wanted: z.boolean(),
    }),
  ),
  /** Matters of the theme that could not be taken in when the draft was begun or moved. */
  closed: z.array(z.string()),
})

/** A material of a draft; of a theme's draft the requirement is the theme's (main/standards/merge-theme.ts). */
export const draftMaterialSchema = materialSchema.extend({ requirementId: requirementIdSchema })

/** A case, or of a theme several, before 收件, pinned to the standard's version. */
export const draftSchema = z.strictObject({
  draftId: z.uuid(),
  /** Of a theme's draft the theme's id, name and version. */
  itemId: z.string(),
  matterName: z.string(),
  standardVersion: z.int(),
  /** Null for a draft of one matter. */
  theme: draftThemeViewSchema.nullable(),
  /** Grows by one at every saved change. */
  revision: z.int(),
  answers: answersSchema,
  materials: z.array(draftMaterialSchema),
  /** Requirements that the applicant promised to bring later. */
  later: z.array(z.string()),
  /** Photographs that stayed at the machine that was lost, and have to be taken again. */
  lostPhotos: z.array(z.strictObject({ requirementId: z.string(), name: z.string() })),
  updatedAtUtc: utcSchema,
})

/** What a theme's draft asks, merged from the standards of the chosen matters. */
export const draftFormSchema = z.strictObject({
  name: z.string(),
  department: z.string(),
  version: z.int(),
  sample: z.boolean(),
  form: formSchema,
  /** Whose identity numbers it asks for, and which questions each of them answers; undefined where the form does not ask. */
  people: z.array(
    z.strictObject({ idNumber: z.string(), birthDate: z.string().optional(), sex: z.string().optional() }),
  ),
  /** Each once; `itemIds` are the matters that ask for it. */
  materials: z.array(materialRequirementSchema.extend({ id: requirementIdSchema, itemIds: z.array(z.string()) })),
})

/** What moving a draft to a newer version of its standard would do: nothing of it is lost unseen. */
export const draftMoveOfferSchema = z.strictObject({
  fromVersion: z.int(),
  toVersion: z.int(),
  /** Names what is moved to: `drafts.move` takes it, so that nothing is moved to what was not shown. */
  mark: hashSchema,
  matterName: z.string(),
  changes: z.array(changeSchema),
  /** Of a theme: its matters that changed, closed, left or came; else empty. */
  members: z.array(
    z.strictObject({
      itemId: z.string(),
      name: z.string(),
      fate: z.enum(['changed', 'closed', 'left', 'new']),
      /** Whether it was to be taken in. */
      wanted: z.boolean(),
      changes: z.array(changeSchema),
    }),
  ),
  answers: z.array(
    z.strictObject({
      path: z.string(),
      title: z.string(),
      /** As main/standards/move-draft.ts says. */
      fate: z.enum(['kept', 'renamed', 'recheck', 'dropped', 'asked']),
      value: z.json(),
    }),
  ),
  materials: z.array(
    z.strictObject({
      requirementId: z.string(),
      name: z.string(),
      fate: z.enum(['kept', 'promised', 'dropped', 'unpromised', 'asked']),
    }),
  ),
})

/** Where a case stands (case-steps.ts). */
export const caseStateSchema = z.enum(caseStates)

/** A case as a row of the queue: personal data masked. */
export const caseSummarySchema = z.strictObject({
  caseId: z.uuid(),
  localNumber: z.string(),
  applicantMasked: z.string(),
  idNumberMasked: z.string(),
  phoneMasked: z.string(),
  matterName: z.string(),
  state: caseStateSchema,
  delivery: deliverySchema,
  receivedAtUtc: utcSchema,
  promised: deadlineSchema,
  /** Working (or natural) days left by the promise's unit; negative when late; null when the calendar is unknown. */
  daysLeft: z.int().nullable(),
  laterOpen: z.int(),
  sealWaiting: z.boolean(),
  returned: z.boolean(),
  receivedBy: z.string(),
  /** Its files that the centre has not confirmed. */
  filesWaiting: z.int(),
})

/** The queue's views: mine, due soon, lacking a promised material, returned by the centre, not yet at the centre, all. */
export const caseViewSchema = z.enum(['mine', 'due', 'lacking', 'returned', 'undelivered', 'all'])

/** A paper of a case. */
export const documentSchema = z.strictObject({
  documentId: z.uuid(),
  kind: z.enum(casePaperKinds),
  title: z.string(),
  sealed: z.boolean(),
  /** Why it waits for its seal, in words; empty when sealed, and for a paper that needs none. */
  waitsFor: z.string(),
  /** Rare characters that print as 〓: the clerk writes them in by hand (GLYPHS_MISSING). */
  unprintable: z.array(z.string()),
  /** Of the PDF as it is now: `sync.files` says how far that has come. */
  sha256: hashSchema,
  sizeBytes: z.int(),
  madeAtUtc: utcSchema,
  /** The template whose words it has; null for the program's own. */
  template: z.strictObject({ templateId: z.string(), version: z.int() }).nullable(),
  /** Why the template that the standard names was not used, in words; '' where there is nothing to say. */
  templateFailed: z.string(),
})

/** One step of a case, told by an entry or by a decision of the centre (`seq` null). */
export const timelineItemSchema = z.strictObject({
  seq: z.int().nullable(),
  kind: z.string(),
  /** One plain Chinese sentence. */
  text: z.string(),
  actor: z.string(),
  atUtc: utcSchema,
  delivery: deliverySchema.nullable(),
})

/** A case whole: personal data masked. */
export const caseDetailSchema = z.strictObject({
  summary: caseSummarySchema,
  itemId: z.string(),
  standardVersion: z.int(),
  standardSha256: hashSchema,
  matterCode: z.string(),
  answers: answersSchema,
  materials: z.array(materialSchema),
  later: z.array(laterMaterialSchema),
  documents: z.array(documentSchema),
  /** Papers that are right now and were not made of what happened last. */
  papers: z.array(z.enum(casePaperKinds)),
  timeline: z.array(timelineItemSchema),
  /** What the centre last asked or said; empty before. */
  centreReason: z.string(),
  centreCaseNumber: z.string(),
  receivedSeq: z.int(),
  receivedHash: hashSchema,
  /** The machine that had it before, where another one received it. `receivedSeq` counts in that one's ledger then. */
  handedOver: z.strictObject({ stationId: z.string(), windowName: z.string() }).nullable(),
  /** The 一件事 that it was taken in by, with all its cases that are here, itself among them; null for a case of its own. */
  theme: z
    .strictObject({
      themeId: z.string(),
      name: z.string(),
      version: z.int(),
      cases: z.array(z.strictObject({ caseId: z.uuid(), localNumber: z.string(), matterName: z.string() })),
    })
    .nullable(),
  /** What the law and the standard allow the clerk now. */
  actions: z.array(z.enum(['accept', 'supplement', 'tell', 'deliver'])),
})

/** How the link to the centre stands. */
export const syncStatusSchema = z.strictObject({
  /** The training switch; a live station is always on. */
  linkOn: z.boolean(),
  phase: z.enum(['idle', 'sending', 'waiting']),
  online: z.boolean(),
  /** Since when the link has been as it is. */
  sinceUtc: utcSchema,
  headSeq: z.int(),
  acknowledgedSeq: z.int(),
  unsentEntries: z.int(),
  /** Cases of which something has not reached the centre: as many as the view `undelivered` holds. */
  unsentCases: z.int(),
  lastSuccessUtc: utcSchema.nullable(),
  /** A plain sentence; empty when the last try went well. */
  lastError: z.string(),
  nextTryUtc: utcSchema.nullable(),
  /** Centre's clock minus ours, seconds; null before the first answer. */
  clockSkewSeconds: z.number().nullable(),
  centreUrl: z.string(),
  /** The link in one word: `slow` still carries, and says when what waits will have left. */
  link: z.enum(['online', 'slow', 'offline', 'off']),
  lastErrorReason: linkReasonSchema,
  /** Whose door the last exchange went through. */
  route: z.enum(['centre', 'relay']),
  /** Up to where the hall's relay holds the ledger; 0 without a relay. */
  relayedSeq: z.int(),
  /** Measured upwards, smoothed; null before the first. */
  bytesPerSecond: z.int().nullable(),
  roundTripMs: z.int().nullable(),
  /** Estimated bytes of text that wait, as deflated. */
  textBytes: z.int(),
  /** Seconds until text, and all files, have left at the throughput of late; null where none was measured, 0 where nothing waits. */
  textEtaSeconds: z.int().nullable(),
  filesEtaSeconds: z.int().nullable(),
  /** Files that the centre has not confirmed, those that wait for the night among them. */
  unsentFiles: z.int(),
  unsentFileBytes: z.int(),
  /** What is being sent at this moment, in words; empty for nothing. */
  sendingNow: z.string(),
  /** Cases that the centre sent back and nobody has dealt with. */
  returnedCases: z.int(),
  unreadNotices: z.int(),
  /** Another machine is in this one's place: the centre said so when it was last asked. */
  replaced: z.boolean(),
})

export type StationStatus = z.infer<typeof stationStatusSchema>
export type Session = z.infer<typeof sessionSchema>
export type Role = z.infer<typeof roleSchema>
export type MatterSummary = z.infer<typeof matterSummarySchema>
export type ThemeSummary = z.infer<typeof themeSummarySchema>
export type DraftForm = z.infer<typeof draftFormSchema>
export type DraftCheck = z.infer<typeof draftCheckSchema>
export type Draft = z.infer<typeof draftSchema>
export type DraftMoveOffer = z.infer<typeof draftMoveOfferSchema>
export type CaseSummary = z.infer<typeof caseSummarySchema>
export type CaseView = z.infer<typeof caseViewSchema>
export type CaseDocument = z.infer<typeof documentSchema>
export type TimelineItem = z.infer<typeof timelineItemSchema>
export type CaseDetail = z.infer<typeof caseDetailSchema>
export type SyncStatus = z.infer<typeof syncStatusSchema>
