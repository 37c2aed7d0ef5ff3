import { AppError } from '../../preload/contract/errors.ts'
import { addsOnlySeals, PdfFile, type SealRecord, sealRecords } from '../pdf/index.ts'
import { type CertificateSummary, summarise } from './certificate.ts'
import { type ChainState, checkChain } from './chain.ts'
import { type CmsCheck, checkCms } from './cms-check.ts'
import { fileSentence, sealSentence, sealVerdict, type Verdict, worst } from './verdict.ts'

/** What was found of one seal. Times are ISO UTC, '' where nothing says. */
export type CheckedSeal = {
  readonly field: string
  readonly verdict: Verdict
  readonly sentence: string
  /** What decided where the seal is not intact: 'byte range', 'digest', 'signature' …; '' otherwise. */
  readonly why: string
  readonly intact: boolean
  readonly chain: ChainState
  /** The signer's common name and organisation, as the certificate has them. */
  readonly signer: string
  readonly organisation: string
  readonly certificate: CertificateSummary | undefined
  readonly digestAlgorithm: string
  readonly subFilter: string
  readonly signedRange: readonly number[]
  /** Nothing follows the revision that this seal signed. */
  readonly coversWholeFile: boolean
  /** What follows this seal's revision is more than further seals. */
  readonly changedAfter: boolean
  readonly claimedAt: string
  readonly reason: string
  readonly location: string
}

/** The verdict on a file and on each seal in it, oldest first. */
export type PdfVerdict = {
  readonly verdict: Verdict
  readonly sentence: string
  readonly seals: readonly CheckedSeal[]
}

type Context = { readonly file: PdfFile; readonly trustedRootsPem: readonly string[]; readonly now: Date }

/**
 * Checks every seal of a PDF: byte ranges, digest, signature, certificate, chain to a trusted root, validity at `now`,
 * and whether anything but further seals came after it. A file that was sealed and is now unreadable is `invalid`.
 * Throws PDF_NOT_A_PDF, PDF_ENCRYPTED or PDF_TOO_LARGE, and PDF_DAMAGED where no trace of a seal is in the file.
 */
export function verifyPdf(
  bytes: Uint8Array,
  options: { readonly trustedRootsPem: readonly string[]; readonly now: Date },
): PdfVerdict {
  let seals: CheckedSeal[]
  try {
    const file = PdfFile.open(bytes)
    const records = sealRecords(file).sort((a, b) => revisionEnd(a) - revisionEnd(b))
    seals = records.map((record) => checkSeal({ file, ...options }, record))
  } catch (error) {
    return damagedVerdict(bytes, error)
  }
  const verdict = worst(seals.map((seal) => seal.verdict))
  return { verdict, sentence: fileSentence(verdict, seals), seals }
}

function damagedVerdict(bytes: Uint8Array, error: unknown): PdfVerdict {
  const wasSealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/ByteRange')
  if (!(error instanceof AppError) || error.code !== 'PDF_DAMAGED' || !wasSealed) throw error
  return { verdict: 'invalid', sentence: '这份文件盖过章，但已损坏或不完整，印章无效，不能采用。', seals: [] }
}

const revisionEnd = ({ byteRange }: SealRecord): number => (byteRange === undefined ? 0 : byteRange[2] + byteRange[3])

function checkSeal(context: Context, record: SealRecord): CheckedSeal {
  const { file } = context
  const signed = signedParts(file.bytes, record)
  const cms: CmsCheck = signed === undefined ? brokenRange : checkFormat(record, signed)
  const certificate = cms.signerDer === undefined ? undefined : summarise(cms.signerDer)
  const chain: ChainState =
    cms.signerDer === undefined
      ? 'untrusted'
      : checkChain(cms.signerDer, cms.certificatesDer, context.trustedRootsPem, context.now)
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
    certificate,
    digestAlgorithm: cms.digestAlgorithm,
    subFilter: record.subFilter,
    signedRange: record.byteRange ?? [],
    coversWholeFile,
    changedAfter: changed,
    claimedAt: record.claimedAt,
    reason: record.reason,
    location: record.location,
  }
}

const brokenRange: CmsCheck = {
  state: 'broken',
  why: 'byte range',
  digestAlgorithm: '',
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
