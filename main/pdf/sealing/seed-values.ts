import type { PDFDict } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { text } from '../reading/fields.ts'
import type { PdfFile } from '../reading/reader.ts'

/** What a seal has to offer a slot that makes demands. */
export type SealOffer = { readonly digestAlgorithm: 'sha256' | 'sm3'; readonly reason: string | undefined }

/** Bits of /Ff that turn a seed value from a wish into a demand (ISO 32000-1, table 234). */
const required = {
  filter: 1,
  subFilter: 2,
  version: 4,
  reasons: 8,
  legal: 16,
  revocation: 32,
  digest: 64,
  appearance: 256,
}
/** Subject, issuer, policy, subject name, key usage of the certificate (table 235): nothing here knows the certificate. */
const certificateDemands = 1 + 2 + 4 + 8 + 32
const newestVersion = 3

/**
 * Refuses to sign into a slot whose seed values (/SV) demand what a seal is not: PDF_SLOT_DEMANDS, with `demand` in the
 * standard's words. What a slot only wishes for is passed over.
 */
export function refuseUnmetDemands(file: PdfFile, slot: { name: string; dict: PDFDict }, offer: SealOffer): void {
  const seed = file.dict(slot.dict, 'SV')
  if (seed === undefined) return
  const demand = unmetDemand(file, seed, offer)
  if (demand !== undefined) throw new AppError('PDF_SLOT_DEMANDS', { field: slot.name, demand })
}

function unmetDemand(file: PdfFile, seed: PDFDict, { digestAlgorithm, reason }: SealOffer): string | undefined {
  const flags = file.number(seed, 'Ff') ?? 0
  const demands = (bit: number): boolean => (flags & bit) !== 0
  const reasons = texts(file, seed, 'Reasons')
  const isReasonUnfit =
    reasons.length === 0 || reasons.join() === '.' ? reason !== undefined : !reasons.includes(reason ?? '')
  const digests = texts(file, seed, 'DigestMethod').map((name) => name.toLowerCase())
  const certificate = file.dict(seed, 'Cert')
  const timestamp = file.dict(seed, 'TimeStamp')
  const certification = file.dict(seed, 'MDP')
  if (demands(required.filter) && file.name(seed, 'Filter') !== 'Adobe.PPKLite') return 'Filter'
  if (demands(required.subFilter) && !names(file, seed, 'SubFilter').includes('ETSI.CAdES.detached')) return 'SubFilter'
  if (demands(required.version) && (file.number(seed, 'V') ?? 1) > newestVersion) return 'V'
  if (demands(required.reasons) && isReasonUnfit) return 'Reasons'
  if (demands(required.legal)) return 'LegalAttestation'
  if (demands(required.revocation)) return 'AddRevInfo'
  if (demands(required.digest) && !digests.includes(digestAlgorithm)) return 'DigestMethod'
  if (demands(required.appearance)) return 'AppearanceFilter'
  if (certification !== undefined && (file.number(certification, 'P') ?? 0) > 0) return 'MDP'
  if (certificate !== undefined && ((file.number(certificate, 'Ff') ?? 0) & certificateDemands) !== 0) return 'Cert'
  if (timestamp !== undefined && ((file.number(timestamp, 'Ff') ?? 0) & 1) !== 0) return 'TimeStamp'
  return undefined
}

const texts = (file: PdfFile, dict: PDFDict, key: string): string[] =>
  file
    .array(dict, key)
    ?.asArray()
    .flatMap((item) => text(file.resolve(item)) ?? []) ?? []

const names = (file: PdfFile, dict: PDFDict, key: string): string[] =>
  file
    .array(dict, key)
    ?.asArray()
    .map((item) => String(file.resolve(item)).slice(1)) ?? []
