import { X509Certificate } from 'node:crypto'
import { children, type DerElement, oidOf, oids, readDer } from './der.ts'

/** What a person wants to know of a certificate. Times are ISO UTC. */
export type CertificateSummary = {
  readonly commonName: string
  readonly organisation: string
  readonly issuer: string
  readonly serialHex: string
  readonly notBefore: string
  readonly notAfter: string
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  readonly sha256: string
}

/** The parts of a certificate that signing and checking copy or read as raw bytes (RFC 5280, 4.1). */
export type CertificateParts = {
  readonly serial: DerElement
  readonly issuer: DerElement
  readonly subject: DerElement
  readonly extensions: readonly DerElement[]
}

/** Takes a certificate apart. Throws a plain Error where it is none. */
export function certificateParts(certificateDer: Uint8Array): CertificateParts {
  const [body] = children(readDer(certificateDer))
  if (body === undefined) throw new Error('not a certificate')
  const fields = children(body)
  const start = fields[0]?.tag === 0xa0 ? 1 : 0
  const [serial, , issuer, , subject] = fields.slice(start)
  if (serial === undefined || issuer === undefined || subject === undefined) throw new Error('not a certificate')
  const wrapped = fields.find((field) => field.tag === 0xa3)
  const extensions = wrapped === undefined ? [] : children(readDer(wrapped.content))
  return { serial, issuer, subject, extensions }
}

/** The summary of a certificate. Throws a plain Error where it is none. */
export function summarise(certificateDer: Uint8Array): CertificateSummary {
  const certificate = new X509Certificate(certificateDer)
  const { serial, issuer, subject } = certificateParts(certificateDer)
  const commonName = nameAttribute(subject, oids.commonName)
  return {
    commonName,
    organisation: nameAttribute(subject, oids.organisation) || commonName,
    issuer: nameAttribute(issuer, oids.commonName) || nameAttribute(issuer, oids.organisation),
    serialHex: Buffer.from(serial.content).toString('hex'),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

/** The last value of an attribute in a name, '' where it has none. */
function nameAttribute(name: DerElement, oid: string): string {
  const values = children(name)
    .flatMap(children)
    .map(children)
    .filter(([type]) => oidOf(type) === oid)
    .map(([, value]) => directoryString(value))
  return values.at(-1) ?? ''
}

/** DirectoryString (RFC 5280, 4.1.2.4): UTF-8, or UTF-16 (BMPString), or one byte a character. */
function directoryString(element: DerElement | undefined): string {
  if (element === undefined) return ''
  const bytes = Buffer.from(element.content)
  if (element.tag === 0x0c) return bytes.toString('utf8')
  if (element.tag === 0x1e)
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le')
  return bytes.toString('latin1')
}

/**
 * Bits of keyUsage (RFC 5280, 4.2.1.3) by name; all true where the certificate does not restrict its use, none where
 * the restriction cannot be read.
 */
export function keyUsage(certificateDer: Uint8Array): { readonly sign: boolean; readonly issue: boolean } {
  const extension = certificateParts(certificateDer).extensions.find(
    (one) => oidOf(readDer(one.content)) === oids.keyUsage,
  )
  if (extension === undefined) return { sign: true, issue: true }
  try {
    const value = children(extension).at(-1)
    const bits = value === undefined ? 0 : (readDer(value.content).content[1] ?? 0)
    return { sign: (bits & 0xc0) !== 0, issue: (bits & 0x04) !== 0 }
  } catch {
    return { sign: false, issue: false }
  }
}

/** The PEM form of a certificate. */
export const toPem = (certificateDer: Uint8Array): string => new X509Certificate(certificateDer).toString()
