import { AppError } from '../../preload/contract/errors.ts'
import type { DetachedSigner } from '../pdf/index.ts'
import { type CertificateSummary, fingerprints, summarise, toPem } from './certificate.ts'
import type { RevokedCertificate } from './chain.ts'
import { detachedCms, digestNameOf, type SealAlgorithm, type Signer } from './cms.ts'
import { digestOf } from './digest.ts'

/** A seal whose PIN has been given: it signs until it is closed. Give it to `sealPdf` as its signer. */
export type OpenSeal = DetachedSigner & {
  readonly certificate: CertificateSummary
  readonly certificatePem: string
  readonly algorithm: SealAlgorithm
  /** The hash that `signDigest` takes: SM3 with SM2, else SHA-256. */
  readonly digestAlgorithm: 'sha256' | 'sm3'
  /** The CMS over content with this digest. Refuses as `signDetached`. */
  signDigest(digest: Uint8Array, at: Date): Promise<Uint8Array>
  /** Forgets the key; a token is logged out. It signs nothing after that. */
  close(): Promise<void>
}

/**
 * The seal over a key that has been opened. Throws SEAL_CERTIFICATE_EXPIRED, SEAL_CERTIFICATE_NOT_YET_VALID or
 * SEAL_CERTIFICATE_REVOKED (by `revoked`) by the station's clock `now`; so does every signature by the time of its own.
 */
export function openSeal(signer: Signer, now: Date, revoked: readonly RevokedCertificate[] = []): OpenSeal {
  const certificate = summarise(signer.certificateDer)
  const digestAlgorithm = digestNameOf(signer)
  const names = fingerprints(signer.certificateDer)
  const stopped = revoked.filter(({ sha256 }) => names.includes(sha256))
  refuseUnfit(certificate, now, stopped)
  let isClosed = false
  const signDigest = async (digest: Uint8Array, at: Date): Promise<Uint8Array> => {
    if (isClosed) throw new AppError('SEAL_PIN_NEEDED')
    refuseUnfit(certificate, at, stopped)
    return detachedCms(signer, digest)
  }
  return {
    certificate,
    certificatePem: toPem(signer.certificateDer),
    algorithm: signer.algorithm,
    digestAlgorithm,
    signDigest,
    async signDetached(parts, at) {
      refuseUnfit(certificate, at, stopped)
      return signDigest(digestOf(digestAlgorithm, ...parts), at)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await signer.close()
    },
  }
}

function refuseUnfit(
  { notBefore, notAfter }: CertificateSummary,
  now: Date,
  revoked: readonly RevokedCertificate[],
): void {
  const entry = revoked.find(({ atUtc }) => Date.parse(atUtc) <= now.getTime())
  if (entry !== undefined) throw new AppError('SEAL_CERTIFICATE_REVOKED', { atUtc: entry.atUtc })
  if (now.getTime() > Date.parse(notAfter)) throw new AppError('SEAL_CERTIFICATE_EXPIRED', { notAfter })
  if (now.getTime() < Date.parse(notBefore)) throw new AppError('SEAL_CERTIFICATE_NOT_YET_VALID', { notBefore })
}
