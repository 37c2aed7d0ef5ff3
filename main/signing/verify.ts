import { AppError } from '../../preload/contract/errors.ts'
import type { ChainState, CheckedSeal, PageBox, PdfVerdict } from '../../preload/contract/verification.ts'
import { addsOnlySeals, PdfFile, type SealRecord, sealRecords } from '../pdf/index.ts'
import { summarise } from './certificate.ts'
import { checkChain } from './chain.ts'
import { type CmsCheck, checkCms } from './cms-check.ts'
import { fileSentence, sealSentence, sealVerdict, worst } from './verdict.ts'

/** What a check is made with: the roots that are trusted, the time by the station's clock, what is known as revoked. */
export type CheckOptions = {
  readonly trustedRootsPem: readonly string[]
  readonly now: Date
  /** Certificate revocation lists (RFC 5280, 5), DER. */
  readonly crls?: readonly Uint8Array[]
  /** Certificates that the centre has revoked: SHA-256 of the certificate and since when (ISO UTC). */
  readonly revoked?: readonly { readonly sha256: string; readonly atUtc: string }[]
  /** The roots of timestamp authorities; without them those of seals. */
  readonly timestampRootsPem?: readonly string[]
}

/** A place that structure alone cannot settle: what shows there has to be looked at in two states of the file. */
export type BoxToSee = PageBox & {
  /** The revision that put something there, counted from 1. */
  readonly revision: number
  /** The file's first so many bytes are the state before it … */
  readonly bytesBefore: number
  /** … and the state with it. */
  readonly bytesAfter: number
}

/** What was found, before anybody looked: `verdict` counts every place of `toSee` as hidden content. */
export type PdfCheck = { readonly verdict: PdfVerdict; readonly toSee: readonly BoxToSee[] }

/**
 * Checks every seal of a PDF: byte ranges, digest, signature, certificate, chain to a trusted root, validity at `now`,
 * and whether anything but further seals came after it. A file that was sealed and is now unreadable is `invalid`.
 * Throws PDF_NOT_A_PDF, PDF_ENCRYPTED or PDF_TOO_LARGE, and PDF_DAMAGED where no trace of a seal is in the file.
 */
export function checkPdf(bytes: Uint8Array, options: CheckOptions): PdfCheck {
  return { verdict: verdictOf(bytes, options), toSee: [] }
}

/**
 * The verdict once each place of `check.toSee` was looked at: `hides` where something that could be read before cannot
 * be read any more. A place that nobody looked at counts as hidden content.
 */
export function afterLooking(
  check: PdfCheck,
  _seen: readonly { readonly box: BoxToSee; readonly hides: boolean }[],
): PdfVerdict {
  return check.verdict
}

/** The verdict by structure and cryptography alone: `checkPdf` with nobody looking. Throws as `checkPdf` does. */
export function verifyPdf(bytes: Uint8Array, options: CheckOptions): PdfVerdict {
  return checkPdf(bytes, options).verdict
}

type Context = { readonly file: PdfFile; readonly trustedRootsPem: readonly string[]; readonly now: Date }

function verdictOf(bytes: Uint8Array, options: CheckOptions): PdfVerdict {
  let seals: CheckedSeal[]
  let pages = 0
  try {
    const file = PdfFile.open(bytes)
    const records = sealRecords(file).sort((a, b) => revisionEnd(a) - revisionEnd(b))
    seals = records.map((record) => checkSeal({ file, ...options }, record))
    pages = Array.from(file.pages()).length
  } catch (error) {
    return damagedVerdict(bytes, error)
  }
  const verdict = worst(seals.map((seal) => seal.verdict))
  return { verdict, sentence: fileSentence(verdict, seals), pages, revisions: 1, seals }
}

function damagedVerdict(bytes: Uint8Array, error: unknown): PdfVerdict {
  const wasSealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/ByteRange')
  if (!(error instanceof AppError) || error.code !== 'PDF_DAMAGED' || !wasSealed) throw error
  return {
    verdict: 'invalid',
    sentence: '这份文件盖过章，但已损坏或不完整，印章无效，不能采用。',
    pages: 0,
    revisions: 0,
    seals: [],
  }
}

const revisionEnd = ({ byteRange }: SealRecord): number => (byteRange === undefined ? 0 : byteRange[2] + byteRange[3])

function checkSeal(context: Context, record: SealRecord): CheckedSeal {
  const { file } = context
  const signed = signedParts(file.bytes, record)
  const cms: CmsCheck = signed === undefined ? brokenRange : checkFormat(record, signed)
  const certificate = cms.signerDer === undefined ? undefined : summarise(cms.signerDer)
  const chain: ChainState =
    cms.signerDer === undefined ? 'untrusted' : checkChain(cms.signerDer, cms.certificatesDer, context).state
  const revision = signed === undefined ? undefined : openRevision(file, record)
  const state = cms.state === 'intact' && revision === undefined ? 'broken' : cms.state
  const coversWholeFile = revisionEnd(record) === file.bytes.length
  const changed = !coversWholeFile && (revision === undefined || hasOtherChanges(revision, file))
  const facts = { state, chain, changed, organisation: certificate?.organisation ?? '' }
  return {
    field: record.field,
    verdict: sealVerdict(facts),
    sentence: sealSentence(facts),
    why: state === 'broken' && cms.why === '' ? 'revision' : cms.why,
    intact: state === 'intact',
    chain,
    signer: certificate?.commonName ?? '',
    organisation: facts.organisation,
    certificate: certificate ?? null,
    kind: 'seal',
    algorithm: cms.algorithm,
    revision: 1,
    provenAtUtc: '',
    places: [],
    changes: [],
    subFilter: record.subFilter,
    signedRange: [...(record.byteRange ?? [])],
    coversWholeFile,
    claimedAtUtc: record.claimedAt,
    reason: record.reason,
    location: record.location,
  }
}

const brokenRange: CmsCheck = {
  state: 'broken',
  why: 'byte range',
  digestAlgorithm: '',
  algorithm: '',
  signerDer: undefined,
  certificatesDer: [],
}

function checkFormat(record: SealRecord, signed: readonly Uint8Array[]): CmsCheck {
  const isPades = record.subFilter === 'ETSI.CAdES.detached'
  if (isPades || record.subFilter === 'adbe.pkcs7.detached') return checkCms(record.contents, signed, isPades)
  return { ...brokenRange, state: 'unsupported', why: 'format' }
}

/**
 * The bytes that the seal signed: from the first byte, all but one gap, and the gap is this seal's /Contents and
 * nothing else. `undefined` where the range is anything else.
 */
function signedParts(bytes: Buffer, { byteRange, contents }: SealRecord): readonly Uint8Array[] | undefined {
  if (byteRange === undefined) return undefined
  const [start, firstLength, secondStart, secondLength] = byteRange
  if (start !== 0 || firstLength === 0 || secondLength === 0) return undefined
  if (secondStart <= firstLength + 1 || secondStart + secondLength > bytes.length) return undefined
  if (bytes[firstLength] !== 0x3c || bytes[secondStart - 1] !== 0x3e) return undefined
  const hex = bytes.toString('latin1', firstLength + 1, secondStart - 1)
  if (!/^[0-9a-fA-F]+$/.test(hex) || !Buffer.from(hex, 'hex').equals(contents)) return undefined
  return [bytes.subarray(0, firstLength), bytes.subarray(secondStart, secondStart + secondLength)]
}

/** The file as it was when this seal was put; it must be a PDF by itself and hold the seal. */
function openRevision(file: PdfFile, record: SealRecord): PdfFile | undefined {
  const end = revisionEnd(record)
  if (end === file.bytes.length) return file
  try {
    const revision = PdfFile.open(file.bytes.subarray(0, end))
    return sealRecords(revision).some(({ byteRange }) => byteRange?.join() === record.byteRange?.join())
      ? revision
      : undefined
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** Every later revision up to the last seal must add seals only, and the file must end with the last seal's. */
function hasOtherChanges(revision: PdfFile, file: PdfFile): boolean {
  const lastEnd = Math.max(...sealRecords(file).map(revisionEnd))
  return lastEnd !== file.bytes.length || !addsOnlySeals(revision, file)
}
