import { AppError } from '../../preload/contract/errors.ts'
import type { PageBox, PdfVerdict } from '../../preload/contract/verification.ts'
import {
  type BoxToSee,
  changesAfter,
  isLocked,
  type LaterChange,
  PdfFile,
  type PdfHistory,
  rawSealRanges,
  readHistory,
  type SealRecord,
  sealPlaces,
  sealRecords,
  strayRecords,
} from '../pdf/index.ts'
import type { RevokedCertificate } from './chain.ts'
import { checkSealBytes, HashBudget, removedSeals, type SealBytes, withChain } from './seal-check.ts'
import { type FileFindings, type FoundAfterSeal, judge, type SealFindings, type SeenBox } from './verdict.ts'

export type { BoxToSee } from '../pdf/index.ts'

/** What a check is made with: the roots that are trusted, the time by the station's clock, what is known as revoked. */
export type CheckOptions = {
  readonly trustedRootsPem: readonly string[]
  readonly now: Date
  /** Certificate revocation lists, DER or PEM (RFC 5280, 5). */
  readonly crls?: readonly Uint8Array[]
  /** Certificates that the centre has revoked. */
  readonly revoked?: readonly RevokedCertificate[]
  /** The roots of timestamp authorities; without them those of seals. */
  readonly timestampRootsPem?: readonly string[]
}

/** What was found, before anybody looked: `verdict` counts every place of `toSee` as hidden content. */
export type PdfCheck = {
  readonly verdict: PdfVerdict
  readonly toSee: readonly BoxToSee[]
  /** What `afterLooking` judges by; plain data, that may go from one thread to another. */
  readonly findings: FileFindings | undefined
}

/**
 * Checks every seal of a PDF: byte ranges, digest, signature, certificate, chain to a trusted root, validity at the time
 * that is proven (else `now`), and what each later revision changed. A seal that later bytes took out of the file is
 * told as `removed`; a file that was sealed and is now unreadable is `invalid`. `toSee` are the places that structure
 * cannot settle: somebody has to look at them (`afterLooking`).
 * Throws PDF_NOT_A_PDF, PDF_ENCRYPTED or PDF_TOO_LARGE, and PDF_DAMAGED where no trace of a seal is in the file.
 */
export function checkPdf(bytes: Uint8Array, options: CheckOptions): PdfCheck {
  let findings: FileFindings
  try {
    findings = findingsOf(PdfFile.open(bytes), options)
  } catch (error) {
    return { verdict: damagedVerdict(bytes, error), toSee: [], findings: undefined }
  }
  const boxes = findings.seals.flatMap(({ found }) => found.flatMap(({ allowed, toSee }) => (allowed ? toSee : [])))
  const toSee = [...new Map(boxes.map((box) => [JSON.stringify(box), box])).values()]
  return { verdict: judge(findings, []), toSee, findings }
}

/**
 * The verdict once the places of `check.toSee` were looked at: `hides` where something that could be read before cannot
 * be read any more. A place that nobody looked at counts as hidden content.
 */
export function afterLooking(check: PdfCheck, seen: readonly SeenBox[]): PdfVerdict {
  return check.findings === undefined ? check.verdict : judge(check.findings, seen)
}

/** The verdict by structure and cryptography alone: `checkPdf` with nobody looking. Throws as `checkPdf` does. */
export function verifyPdf(bytes: Uint8Array, options: CheckOptions): PdfVerdict {
  return checkPdf(bytes, options).verdict
}

function damagedVerdict(bytes: Uint8Array, error: unknown): PdfVerdict {
  const wasSealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/ByteRange')
  if (!(error instanceof AppError) || error.code !== 'PDF_DAMAGED' || !wasSealed) throw error
  const sentence = '这份文件盖过章，但已损坏或不完整，印章无效，不能采用。'
  return { verdict: 'invalid', sentence, pages: 0, revisions: 0, seals: [] }
}

const endOf = ({ byteRange }: Pick<SealRecord, 'byteRange'>): number =>
  byteRange === undefined ? 0 : byteRange[2] + byteRange[3]

type CheckedRecord = {
  readonly record: SealRecord
  readonly revision: number | 'not read' | undefined
  readonly bytes: SealBytes
}

/** The number of the revision in which a byte lies; 1 where none has it. */
const revisionAt = ({ revisions }: PdfHistory, end: number): number =>
  revisions.find((revision) => revision.end >= end)?.number ?? 1

/** Seals that no form lists are looked for (`withStrays`) only where there is a sign of one: it takes every page. */
function findingsOf(file: PdfFile, options: CheckOptions, withStrays = false): FileFindings {
  const pages = [...file.pages()]
  const strays = withStrays ? strayRecords(file, pages) : []
  const records = [...sealRecords(file), ...strays].sort((a, b) => endOf(a) - endOf(b))
  const ranges = rawSealRanges(file.bytes)
  const shown = new Set(records.map(({ byteRange }) => byteRange?.join()))
  if (!withStrays && ranges.some(({ byteRange }) => !shown.has(byteRange.join())))
    return findingsOf(file, options, true)
  const history = readHistory(file, [...records, ...ranges].map(endOf))
  const places = sealPlaces(file, pages)
  const budget = new HashBudget()
  const checked = records.map((listed): CheckedRecord => {
    const { record, revision } = asSigned(history, listed, strays.includes(listed))
    return { record, revision, bytes: checkSealBytes(file.bytes, record, revision, budget) }
  })
  const numbers = checked.flatMap(({ revision, bytes }) =>
    bytes.state === 'broken' || typeof revision !== 'number' ? [] : revision,
  )
  const later = numbers.length === 0 ? [] : changesAfter(file, history, Math.min(...numbers))
  const judged = later.map((change) => asJudged(change, records))
  if (!withStrays && later.some(({ isStray }) => isStray)) return findingsOf(file, options, true)
  const proven = withChain(checked, options)
  const seals = checked.map(({ record, revision, bytes }, i): SealFindings => {
    const number = typeof revision === 'number' ? revision : revisionAt(history, endOf(record))
    return {
      ...identify(record, bytes, places.get(record.field) ?? []),
      ...(proven[i] ?? { chain: 'untrusted', provenAtUtc: '' }),
      revision: number,
      coversWholeFile: endOf(record) === file.bytes.length,
      found: judged
        .filter((change) => change.revision > number || isSurplus(change))
        .map((one) => asFound(record, one)),
    }
  })
  const lost = removedSeals(file.bytes, ranges, records, options, budget).map(
    ({ end, ...seal }): SealFindings => ({ ...seal, revision: revisionAt(history, end) }),
  )
  return { pages: pages.length, revisions: Math.max(1, history.revisions.length), seals: [...seals, ...lost] }
}

/** A seal leaves others valid only where it is judged itself: one that the newest state does not show is not. */
function asJudged(change: LaterChange, records: readonly SealRecord[]): LaterChange {
  const isSeal = change.kind === 'new-seal' || change.kind === 'timestamp'
  if (!isSeal || records.some(({ field }) => field === change.field)) return change
  return { ...change, kind: 'hidden-content', isHarmless: false, toSee: [], sentence: '加了一个后来又看不到的印章。' }
}

/** Bytes behind the last revision belong to none. */
const isSurplus = ({ isSurplus }: LaterChange): boolean => isSurplus

/** The seal as its own revision has it, and that revision's number; the file's record where there is none. */
function asSigned(
  history: PdfHistory,
  record: SealRecord,
  isStray: boolean,
): { record: SealRecord; revision: number | 'not read' | undefined } {
  const own = history.revisions.find(({ end }) => end === endOf(record))
  // States that are too many or too large are not opened one by one; the newest is open.
  if (history.isTooLong && own !== history.revisions.at(-1)) return { record, revision: 'not read' }
  const file = own?.file
  const listed = file === undefined ? [] : sealRecords(file)
  const then = file === undefined || !isStray ? listed : [...listed, ...strayRecords(file, file.pages())]
  const same = then.find((one) => isSame(one, record))
  return { record: same ?? record, revision: same === undefined ? undefined : own?.number }
}

const isSame = (a: SealRecord, b: SealRecord): boolean =>
  a.field === b.field && a.byteRange?.join() === b.byteRange?.join() && Buffer.compare(a.contents, b.contents) === 0

function identify(record: SealRecord, bytes: SealBytes, places: readonly PageBox[]) {
  const { certificate } = bytes
  return {
    field: record.field,
    kind: record.kind,
    state: bytes.state,
    why: bytes.why,
    signer: certificate?.commonName ?? '',
    organisation: certificate?.organisation ?? '',
    certificate: certificate ?? null,
    algorithm: bytes.algorithm,
    subFilter: record.subFilter,
    signedRange: [...(record.byteRange ?? [])],
    claimedAtUtc: record.claimedAt,
    reason: record.reason,
    location: record.location,
    places: [...places],
  }
}

/** A change as it counts for one seal: what its certification or its locks forbid is not allowed, though it hides nothing. */
function asFound(
  record: SealRecord,
  { isHarmless, isNewField, isSurplus: _, isStray: _stray, ...change }: LaterChange,
): FoundAfterSeal {
  if (change.kind === 'form-fill' && (record.permission ?? 1) > 1) {
    return {
      ...change,
      allowed: false,
      sentence: `${change.sentence.replace(/。$/, '')}（认证时允许填写，请核对填的内容）。`,
    }
  }
  const forbidden = isHarmless && change.kind === 'new-seal' ? reasonAgainst(record, change.field, isNewField) : ''
  if (forbidden === '') return { ...change, allowed: isHarmless }
  return { ...change, allowed: false, sentence: `${change.sentence.replace(/。$/, '')}，${forbidden}。` }
}

/** ISO 32000-1, 12.8.2.2 and 12.8.2.4; document timestamps and data for checking are always allowed (ETSI EN 319 142-1). */
function reasonAgainst({ permission, lock }: SealRecord, field: string, isNewField: boolean): string {
  if (permission === 1) return '而认证时不允许任何改动'
  if (permission !== undefined && isNewField) return '而认证时只允许盖在预留的位置'
  return lock !== undefined && isLocked(lock, field) ? '而这个位置已被先盖的章锁定' : ''
}
