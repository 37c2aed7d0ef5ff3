import type { ChainState } from '../../preload/contract/verification.ts'
import {
  type Certificate,
  extendedKeyUsage,
  fingerprints,
  fromPem,
  hasUnknownDemand,
  isAuthority,
  keyUsage,
  readCertificate,
  sameDer,
  tryCertificate,
} from './certificate.ts'
import { readCrls, revokedByCrls } from './crl.ts'
import { oids } from './oids.ts'
import { isSignatureOf, readScheme } from './signature.ts'

/** A certificate that the centre revoked: its SHA-256 in lower-case hexadecimal, and since when (ISO UTC). */
export type RevokedCertificate = { readonly sha256: string; readonly atUtc: string }

/** What a chain is checked by. */
export type ChainOptions = {
  readonly trustedRootsPem: readonly string[]
  /** The checker's clock. */
  readonly now: Date
  /** The time that the signature is proven to have existed at, where something proves it; `now` counts otherwise. */
  readonly at?: Date | undefined
  /** Revocation lists, DER or PEM (RFC 5280, 5). One that no certificate on the way has signed says nothing. */
  readonly crls?: readonly Uint8Array[] | undefined
  readonly revoked?: readonly RevokedCertificate[] | undefined
  /** What the certificate has to be fit for; a seal where not told. */
  readonly purpose?: 'seal' | 'timestamp'
}

/** What was found of a chain. */
export type ChainCheck = {
  /**
   * `untrusted`: no way leads to a trusted root; `unfit`: it was not issued for this; `revoked`: it, or one on the way,
   * was revoked by the time that counts; `expired` and `notYetValid`: one on the way is out of its time then.
   */
  readonly state: ChainState
  /** Since when it, or one on the way, is revoked; told also where that was after the time that counts. */
  readonly revokedAt: Date | undefined
  /**
   * `checked`: a list that has not run out speaks for every certificate on the way; `stale`: one is older than its next
   * update; `unchecked`: for one there is none.
   */
  readonly revocation: 'checked' | 'stale' | 'unchecked'
}

const maxChainLength = 8

/**
 * Looks for a way from the signer's certificate over `othersDer` to a trusted root (RFC 5280, 6: signatures, CA flag and
 * path length, key usage, critical extensions, validity and revocation at the time that counts). RSA, EC and SM2 may
 * follow each other. Name constraints and policies are not worked through. Throws INPUT_INVALID where a CRL cannot be read.
 */
export function checkChain(signerDer: Uint8Array, othersDer: readonly Uint8Array[], options: ChainOptions): ChainCheck {
  const roots = options.trustedRootsPem.flatMap((pem) =>
    fromPem(pem, 'CERTIFICATE').flatMap((root) => tryCertificate(root) ?? []),
  )
  const others = othersDer.flatMap((certificate) => tryCertificate(certificate) ?? [])
  const signer = readCertificate(signerDer)
  const path = findPath(signer, others, roots)
  if (path === undefined) return { state: 'untrusted', revokedAt: listedAt([signer], options), revocation: 'unchecked' }
  const at = options.at ?? options.now
  const { revokedAt: inCrl, revocation } = revokedByCrls(path, (options.crls ?? []).flatMap(readCrls), options.now)
  const revokedAt = earliest([inCrl, listedAt(path, options)])
  return { state: stateOf(path, at, revokedAt, options.purpose ?? 'seal'), revokedAt, revocation }
}

function stateOf(path: readonly Certificate[], at: Date, revokedAt: Date | undefined, purpose: string): ChainState {
  const [signer] = path
  if (signer === undefined || !isFit(signer, purpose) || path.some(hasUnknownDemand)) return 'unfit'
  if (revokedAt !== undefined && revokedAt.getTime() <= at.getTime()) return 'revoked'
  if (path.some(({ notAfter }) => at.getTime() > notAfter.getTime())) return 'expired'
  if (path.some(({ notBefore }) => at.getTime() < notBefore.getTime())) return 'notYetValid'
  return 'trusted'
}

const documentPurposes: readonly string[] = [
  oids.anyPurpose,
  oids.emailProtection,
  oids.documentSigning,
  oids.adobeDocumentSigning,
  oids.microsoftDocumentSigning,
]

/** Many authorities give people and offices certificates for logging in alone; web servers have that purpose too. */
const isForPersons = (purposes: readonly string[]): boolean =>
  purposes.some((purpose) => documentPurposes.includes(purpose)) ||
  (purposes.includes(oids.clientAuthentication) && !purposes.includes(oids.serverAuthentication))

/** Who restricts a certificate restricts it for seals too. A timestamp authority's certificate is for timestamps alone, and says so critically (RFC 3161, 2.3). */
function isFit(signer: Certificate, purpose: string): boolean {
  if (!keyUsage(signer).sign) return false
  const usage = extendedKeyUsage(signer)
  if (purpose === 'seal') return usage === undefined || isForPersons(usage.purposes)
  return usage?.isCritical === true && usage.purposes.join() === oids.timeStamping
}

/** The earliest date that the centre's list has for a certificate on the way. */
function listedAt(path: readonly Certificate[], { revoked = [] }: ChainOptions): Date | undefined {
  if (revoked.length === 0) return undefined
  const hashes = path.flatMap(({ der }) => fingerprints(der))
  return earliest(revoked.filter(({ sha256 }) => hashes.includes(sha256)).map(({ atUtc }) => new Date(atUtc)))
}

function earliest(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.reduce(
    (first, date) => (first === undefined || (date !== undefined && date < first) ? date : first),
    undefined,
  )
}

/** From the signer to a root. Every certificate is gone through once: a CMS may bring any number of them. */
function findPath(
  signer: Certificate,
  others: readonly Certificate[],
  roots: readonly Certificate[],
): Certificate[] | undefined {
  const seen = new Set<Certificate>()
  const step = (path: readonly Certificate[], last: Certificate): Certificate[] | undefined => {
    if (roots.some((root) => Buffer.from(root.der).equals(last.der))) return [...path]
    if (path.length >= maxChainLength) return undefined
    for (const issuer of [...roots, ...others]) {
      if (seen.has(issuer) || !hasIssued(issuer, last, path.length - 1)) continue
      seen.add(issuer)
      const whole = step([...path, issuer], issuer)
      if (whole !== undefined) return whole
    }
    return undefined
  }
  return step([signer], signer)
}

/** A key or signature of a kind that this program does not know has issued nothing that it could confirm. */
function hasIssued(issuer: Certificate, issued: Certificate, depth: number): boolean {
  if (!sameDer(issuer.subject, issued.issuer)) return false
  try {
    const scheme = readScheme(issued.signatureAlgorithm)
    if (scheme === undefined || !isAuthority(issuer, depth) || !keyUsage(issuer).issue) return false
    return isSignatureOf(scheme, issuer.publicKeyInfo, [issued.signedPart], issued.signature)
  } catch {
    return false
  }
}
