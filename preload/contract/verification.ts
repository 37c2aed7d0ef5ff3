import { z } from 'zod'
import { hashSchema } from './wire.ts'

/** 有效, 有效但签后有改动, 无效, 无法确认. */
export const verdictSchema = z.enum(['valid', 'changed', 'invalid', 'unknown'])

/** A time as ISO UTC text, '' where nothing says. */
const timeOrNothing = z.string()

/** A rectangle on a page as it is shown, in millimetres from its upper left corner; pages count from 1. */
export const pageBoxSchema = z.strictObject({
  page: z.int().min(1),
  xMm: z.number(),
  yMm: z.number(),
  widthMm: z.number(),
  heightMm: z.number(),
})

/** What a person wants to know of a certificate. */
export const certificateSummarySchema = z.strictObject({
  commonName: z.string(),
  organisation: z.string(),
  issuer: z.string(),
  serialHex: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  sha256: hashSchema,
})

/** Something that a revision after a seal did to the file. */
export const sealedChangeSchema = z.strictObject({
  kind: z.enum([
    'new-seal',
    'timestamp',
    'validation-data',
    'form-fill',
    'page-content',
    'annotation',
    'appearance',
    'moved-widget',
    'removed-field',
    'pages',
    'hidden-content',
    'other',
  ]),
  /** The revision that did it, counted from 1 for the first bytes of the file. */
  revision: z.int().min(1),
  /** Where it shows; null where it belongs to no page. */
  page: z.int().min(1).nullable(),
  /** The form field that it concerns, '' for none. */
  field: z.string(),
  /** True for what leaves a seal 有效: further seals, timestamps, data for checking. */
  allowed: z.boolean(),
  /** One plain Chinese sentence. */
  sentence: z.string(),
})

/** How a certificate stands to the roots that the checker trusts. */
export const chainStateSchema = z.enum(['trusted', 'untrusted', 'expired', 'notYetValid', 'unfit', 'revoked'])

/** What was found of one seal. */
export const checkedSealSchema = z.strictObject({
  field: z.string(),
  /** A seal, one that certifies the document (DocMDP), or a document timestamp (RFC 3161). */
  kind: z.enum(['seal', 'certification', 'timestamp']),
  verdict: verdictSchema,
  /** One plain Chinese sentence. */
  sentence: z.string(),
  /** What decided where the seal is not intact: 'byte range', 'digest', 'signature' …; '' otherwise. */
  why: z.string(),
  intact: z.boolean(),
  chain: chainStateSchema,
  /** The signer's common name and organisation, as the certificate has them. */
  signer: z.string(),
  organisation: z.string(),
  certificate: certificateSummarySchema.nullable(),
  /** 'rsa-sha256', 'ecdsa-sha256', 'sm2-sm3' …; '' where it is not known. */
  algorithm: z.string(),
  subFilter: z.string(),
  signedRange: z.array(z.number()),
  /** The revision that this seal closed, from 1. */
  revision: z.int().min(1),
  /** Nothing follows the revision that this seal signed. */
  coversWholeFile: z.boolean(),
  /** What the signer's clock claimed; proves nothing by itself. */
  claimedAtUtc: timeOrNothing,
  /** The earliest time that a trusted timestamp proves the seal to have existed. */
  provenAtUtc: timeOrNothing,
  reason: z.string(),
  location: z.string(),
  /** Where the seal shows; empty for an invisible one. */
  places: z.array(pageBoxSchema),
  /** What came after it, the oldest first. */
  changes: z.array(sealedChangeSchema),
})

/** The verdict on a file and on each seal in it, the oldest first. */
export const pdfVerdictSchema = z.strictObject({
  verdict: verdictSchema,
  sentence: z.string(),
  pages: z.int().min(0),
  revisions: z.int().min(0),
  seals: z.array(checkedSealSchema),
})

export type Verdict = z.infer<typeof verdictSchema>
export type PageBox = z.infer<typeof pageBoxSchema>
export type CertificateSummary = z.infer<typeof certificateSummarySchema>
export type SealedChange = z.infer<typeof sealedChangeSchema>
export type ChainState = z.infer<typeof chainStateSchema>
export type CheckedSeal = z.infer<typeof checkedSealSchema>
export type PdfVerdict = z.infer<typeof pdfVerdictSchema>
