import { z } from 'zod'
import { casePaperKinds } from './papers.ts'
import { sealCustodySchema, sealFaceSchema, sealLeaseSchema } from './seals.ts'
import { mostMattersOfTheme } from './standards/theme.ts'
import { dayResultSchema } from './sync.ts'
import { pageBoxSchema } from './verification.ts'
import { hashSchema, stationIdSchema, utcSchema } from './wire.ts'

/** A form's answers as the clerk gave them, by the standard's JSON Schema. */
export const answersSchema = z.record(z.string(), z.json())

/** A file that lies in the station's blob store under its SHA-256. */
export const storedFileSchema = z.strictObject({
  sha256: hashSchema,
  /** The base name as the clerk's machine had it; no path. */
  name: z.string().min(1).max(200),
  mediaType: z.enum(['image/jpeg', 'image/png', 'application/pdf']),
  sizeBytes: z.int().min(1),
})

/** A material handed in for one requirement of the standard. */
export const materialSchema = z.strictObject({
  materialId: z.uuid(),
  requirementId: z.string().max(40),
  file: storedFileSchema,
  addedAtUtc: utcSchema,
})

/** A promise to bring a material later (容缺后补). */
export const laterMaterialSchema = z.strictObject({
  requirementId: z.string().max(40),
  /** YYYY-MM-DD in Asia/Shanghai; null where no calendar of that year is known: nobody guesses. */
  dueDate: z.iso.date().nullable(),
})

/** Who applies. */
export const applicantSchema = z.strictObject({
  name: z.string().min(1).max(100),
  idNumber: z.string().max(18),
  phone: z.string().max(20),
})

/** A date by which something must happen, and which standard set it. `date` is null where no calendar of that year is known. */
export const deadlineSchema = z.strictObject({
  date: z.iso.date().nullable(),
  days: z.int().min(0),
  unit: z.enum(['workday', 'day']),
})

/** One impression on a paper of these kinds. */
const impressionOn = <Kind extends string>(kinds: readonly [Kind, ...Kind[]]) =>
  z.strictObject({
    documentId: z.uuid(),
    /** Null for a paper that belongs to no case; its subject is then the document. */
    caseId: z.uuid().nullable(),
    kind: z.enum(kinds),
    title: z.string().max(200),
    sealId: z.string(),
    sealName: z.string(),
    certificateSha256: hashSchema,
    before: hashSchema,
    file: storedFileSchema,
    form: z.enum(['page', 'slot', 'seam', 'certification']),
    places: z.array(pageBoxSchema).max(2000),
    reason: z.string().max(200),
    /** The second person's account; '' where the seal asks for none. */
    approvedBy: z.string().max(60),
    leaseId: z.string().max(80),
  })

/** Payloads of the ledger's entry kinds, by `kind@version`. Frozen once landed: another shape is another version, read through an upcaster. */
export const entryPayloads = {
  'station.enrolled@1': z.strictObject({
    stationId: stationIdSchema,
    windowName: z.string(),
    centreId: z.string(),
    publicKey: z.string(),
    mode: z.enum(['training', 'live']),
  }),
  'account.created@1': z.strictObject({
    account: z.string(),
    displayName: z.string(),
    role: z.enum(['clerk', 'approver', 'administrator']),
  }),
  /** Somebody was given a new login PIN; who gave it is the entry's actor. */
  'account.pin-set@1': z.strictObject({ account: z.string() }),
  'session.opened@1': z.strictObject({ account: z.string() }),
  'session.closed@1': z.strictObject({ account: z.string(), why: z.enum(['logout', 'lock']) }),
  'catalogue.applied@1': z.strictObject({
    release: z.int().min(1),
    matters: z.array(z.strictObject({ itemId: z.string(), version: z.int().min(1), sha256: hashSchema })),
  }),
  /** A release of the catalogue took effect, whole; `from` is the one before it, 0 for none. Its manifest and documents lie beside the ledger. */
  'catalogue.applied@2': z.strictObject({
    release: z.int().min(1),
    sha256: hashSchema,
    from: z.int().min(0),
  }),
  /** A release that the centre told of was not taken, by this version of the program. `reason` is the code of the sentence, `said` what happened, in words. */
  'catalogue.refused@1': z.strictObject({
    release: z.int().min(1),
    sha256: hashSchema,
    reason: z.string().max(60),
    said: z.string().max(400),
    program: z.string().max(40),
  }),
  /** Whose releases count here from now on. `release`: the one that named the key, of a rotation; else 0. */
  'publisher.pinned@1': z.strictObject({
    publicKey: z.string().max(200),
    how: z.enum(['training', 'enrolment', 'first-contact', 'rotation']),
    release: z.int().min(0),
  }),
  /** A release was signed here. `approvedBy`: the account of the second person, '' where none was asked. Whether it counts is for the centre to say. */
  'publishing.signed@1': z.strictObject({
    release: z.int().min(1),
    sha256: hashSchema,
    publicKey: z.string().max(200),
    effectiveAtUtc: utcSchema,
    approvedBy: z.string().max(60),
  }),
  /** A release goes as a file to a stick (`begun`, before its first byte), or did not get there after all (`failed`). */
  'publishing.written@1': z.strictObject({
    release: z.int().min(1),
    sha256: hashSchema,
    stick: z.string().max(100),
    outcome: z.enum(['begun', 'failed']),
  }),
  /** A publisher's key was made here. */
  'publishing.key-made@1': z.strictObject({ publicKey: z.string().max(200), name: z.string().max(60) }),
  /** A publisher's key that was made elsewhere was put in place here. */
  'publishing.key-put@1': z.strictObject({ publicKey: z.string().max(200), name: z.string().max(60) }),
  /** Whether a second person has to agree to each release from now on. */
  'publishing.rule-set@1': z.strictObject({ secondPerson: z.boolean(), approvedBy: z.string().max(60) }),
  'case.received@1': z.strictObject({
    caseId: z.uuid(),
    localNumber: z.string().max(50),
    itemId: z.string(),
    matterCode: z.string(),
    matterName: z.string(),
    standardVersion: z.int().min(1),
    standardSha256: hashSchema,
    acceptanceBy: z.enum(['station', 'centre']),
    applicant: applicantSchema,
    answers: answersSchema,
    materials: z.array(materialSchema),
    later: z.array(laterMaterialSchema),
    receivedAtUtc: utcSchema,
    /** 承诺 limit counted from the day after 收件. */
    promised: deadlineSchema,
    training: z.boolean(),
  }),
  /**
   * A case was taken in by a 一件事 together with others: written with their `case.received`, in the same transaction. It is an
   * entry of its own, so that whoever does not know themes still has an ordinary case.
   */
  'case.joined@1': z.strictObject({
    caseId: z.uuid(),
    /** The draft that became these cases: it is found again by this. */
    draftId: z.uuid(),
    themeId: z.string().max(60),
    themeName: z.string().max(120),
    themeVersion: z.int().min(1),
    themeSha256: hashSchema,
    /** All cases that were taken in by it at once, this one among them, in the theme's order. */
    cases: z.array(z.uuid()).max(mostMattersOfTheme),
  }),
  'case.accepted@1': z.strictObject({ caseId: z.uuid(), by: z.enum(['station', 'centre']) }),
  'case.supplemented@1': z.strictObject({
    caseId: z.uuid(),
    materials: z.array(materialSchema),
    note: z.string().max(500),
  }),
  /** The clerk has told the applicant of the centre's 不予受理 (行政许可法 第32条). */
  'case.told@1': z.strictObject({ caseId: z.uuid() }),
  /** 送达: whoever took the result away, as the clerk wrote it down. The case is closed and stays so. */
  'case.delivered@1': z.strictObject({
    caseId: z.uuid(),
    receiverName: z.string().min(1).max(100),
    receiverIdNumber: z.string().max(18),
    deliveredAtUtc: utcSchema,
  }),
  'document.made@1': z.strictObject({
    documentId: z.uuid(),
    caseId: z.uuid(),
    kind: z.enum(['receipt']),
    file: storedFileSchema,
    /** The entry whose hash the document quotes. */
    quotesSeq: z.int().min(1),
    quotesHash: hashSchema,
    /** Characters that no font here can draw: printed as 〓, to be written in by hand. */
    unprintable: z.array(z.string().max(8)).max(100),
  }),
  /**
   * A paper of a case, or a receipt that was not drawn from the program's own words. (A receipt in its own words stays
   * version 1: whatever it says follows from its 收件, so that it costs the link next to nothing.)
   */
  'document.made@2': z.strictObject({
    documentId: z.uuid(),
    caseId: z.uuid(),
    kind: z.enum(casePaperKinds),
    file: storedFileSchema,
    /** The 收件 whose hash the document quotes. */
    quotesSeq: z.int().min(1),
    quotesHash: hashSchema,
    unprintable: z.array(z.string().max(8)).max(100),
    /** When that happened which the paper tells: it is drawn again only of something that happened since. Null for a receipt. */
    asOfUtc: utcSchema.nullable(),
    /** The template whose words it has; null for the program's own. */
    template: z
      .strictObject({ templateId: z.string().max(60), version: z.int().min(1), sha256: hashSchema })
      .nullable(),
    /** Why the template that the standard names was not used, in words; '' where it was, or none is named. */
    templateFailed: z.string().max(300),
  }),
  /** 用印登记: one impression. */
  'document.sealed@1': z.strictObject({
    documentId: z.uuid(),
    caseId: z.uuid(),
    sealId: z.string(),
    sealName: z.string(),
    certificateSha256: hashSchema,
    before: hashSchema,
    file: storedFileSchema,
    reason: z.string().max(200),
  }),
  /** 用印登记: one impression, on a paper of a case or on one that was brought in. */
  'document.sealed@2': impressionOn(['receipt', 'own']),
  /** 用印登记: one impression, on any paper. (On a receipt and on one's own it stays version 2, whose words the link derives.) */
  'document.sealed@3': impressionOn([...casePaperKinds, 'own']),
  /** A timestamp authority has confirmed when a sealed paper existed (RFC 3161). */
  'document.timestamped@1': z.strictObject({
    documentId: z.uuid(),
    caseId: z.uuid().nullable(),
    before: hashSchema,
    file: storedFileSchema,
    authority: z.string().max(200),
    atUtc: utcSchema,
  }),
  'seal.added@1': sealFaceSchema.extend({
    sealId: z.string(),
    holder: z.enum(['file', 'token']),
    algorithm: z.enum(['rsa', 'ec', 'sm2']),
    certificateSha256: hashSchema,
    validFromUtc: utcSchema,
    validUntilUtc: utcSchema,
  }),
  'seal.custody-set@1': sealCustodySchema.extend({ sealId: z.string() }),
  /** A training station grants itself a lease; a live one gets its leases from the centre's feed. */
  'seal.leased@1': sealLeaseSchema.extend({ sealId: z.string() }),
  /** Stopped here by an administrator; the centre's revocations come by the feed. */
  'seal.revoked@1': z.strictObject({ sealId: z.string(), reason: z.string().max(200) }),
  'identity.revealed@1': z.strictObject({ caseId: z.uuid(), field: z.enum(['idNumber', 'phone']) }),
  /** Fixes where pages of the centre's feed stand in the station's order. */
  'feed.applied@1': z.strictObject({ from: z.int().min(1), to: z.int().min(1), hash: hashSchema }),
  /** 日清: a day was held against the centre. */
  'day.reconciled@1': dayResultSchema,
  /** Somebody wrote what waited to a stick. */
  'bundle.exported@1': z.strictObject({
    bundleId: z.uuid(),
    fromSeq: z.int().min(1),
    toSeq: z.int().min(0),
    files: z.int().min(0),
    sizeBytes: z.int().min(1),
  }),
  /** Town hall: somebody handed another station's bundle to the centre. */
  'bundle.carried@1': z.strictObject({ bundleId: z.uuid(), station: stationIdSchema, sha256: hashSchema }),
  /** The centre's answer to a bundle came back by stick. */
  'bundle.returned@1': z.strictObject({ bundleId: z.uuid(), acknowledged: z.int().min(0) }),
  'notice.read@1': z.strictObject({ cursor: z.int().min(1) }),
  'payload.erased@1': z.strictObject({ subject: z.string(), reason: z.string().max(200) }),
} as const

/** `kind@version` of every entry that this program writes. */
export type EntryName = keyof typeof entryPayloads
/** The payload of one entry kind. */
export type EntryPayload<N extends EntryName> = z.infer<(typeof entryPayloads)[N]>
export type StoredFile = z.infer<typeof storedFileSchema>
export type Material = z.infer<typeof materialSchema>
export type LaterMaterial = z.infer<typeof laterMaterialSchema>
export type Applicant = z.infer<typeof applicantSchema>
export type Deadline = z.infer<typeof deadlineSchema>
export type Answers = z.infer<typeof answersSchema>
