import { X509Certificate } from 'node:crypto'
import { keyUsage } from './certificate.ts'

/**
 * How a certificate stands to the roots that the checker trusts: `untrusted`: no way leads to one; `expired` and
 * `notYetValid`: a way does, but a certificate on it is out of its time; `unfit`: it was not issued for signing.
 */
export type ChainState = 'trusted' | 'untrusted' | 'expired' | 'notYetValid' | 'unfit'

const maxChainLength = 8

/**
 * Looks for a way from the signer's certificate over those in the CMS to a trusted root (RFC 5280, 6: signatures, CA
 * flag, key usage, validity at `now`). Revocation is not looked up: the station may have no link.
 */
export function checkChain(
  signerDer: Uint8Array,
  othersDer: readonly Uint8Array[],
  trustedRootsPem: readonly string[],
  now: Date,
): ChainState {
  const roots = trustedRootsPem.flatMap(splitPem).map((pem) => new X509Certificate(pem))
  const others = othersDer.map((certificate) => new X509Certificate(certificate))
  const path = findPath(new X509Certificate(signerDer), others, roots)
  if (path === undefined) return 'untrusted'
  if (!keyUsage(signerDer).sign) return 'unfit'
  const times = path.map((certificate) => [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)] as const)
  if (times.some(([, notAfter]) => now.getTime() > notAfter)) return 'expired'
  if (times.some(([notBefore]) => now.getTime() < notBefore)) return 'notYetValid'
  return 'trusted'
}

/** The certificates in a PEM text, each by itself. */
function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
}

function findPath(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): X509Certificate[] | undefined {
  const step = (path: X509Certificate[]): X509Certificate[] | undefined => {
    const last = path.at(-1) ?? signer
    if (roots.some((root) => root.raw.equals(last.raw))) return path
    if (path.length >= maxChainLength) return undefined
    for (const issuer of [...roots, ...others]) {
      if (path.some((known) => known.raw.equals(issuer.raw)) || !hasIssued(issuer, last)) continue
      const whole = step([...path, issuer])
      if (whole !== undefined) return whole
    }
    return undefined
  }
  return step([signer])
}

/** A key or signature of a kind that this program does not know has issued nothing that it could confirm. */
function hasIssued(issuer: X509Certificate, issued: X509Certificate): boolean {
  try {
    return issued.checkIssued(issuer) && issuer.ca && keyUsage(issuer.raw).issue && issued.verify(issuer.publicKey)
  } catch {
    return false
  }
}
