import type { CertificateSummary } from '../../preload/contract/verification.ts'
import { bitStringOf, children, type DerElement, der, oidOf, readDer, smallIntegerOf, timeOf } from './der.ts'
import { digestOf } from './digest.ts'
import { oids } from './oids.ts'

export type { CertificateSummary } from '../../preload/contract/verification.ts'

/** An extension of a certificate or CRL; `value` is the DER inside its OCTET STRING. */
export type Extension = { readonly oid: string; readonly isCritical: boolean; readonly value: Uint8Array }

/**
 * A certificate taken apart (RFC 5280, 4.1), the elements as they stand in it. Read by our own DER: `X509Certificate`
 * of Electron (BoringSSL) refuses certificates with SM2 keys.
 */
export type Certificate = {
  readonly der: Uint8Array
  /** The TBSCertificate: what its issuer signed. */
  readonly signedPart: Uint8Array
  readonly signatureAlgorithm: DerElement
  readonly signature: Uint8Array
  readonly serial: DerElement
  readonly issuer: DerElement
  readonly subject: DerElement
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKeyInfo: DerElement
  readonly extensions: readonly Extension[]
}

/** Takes a certificate apart. Throws a plain Error where the bytes are not one certificate and nothing else. */
export function readCertificate(certificateDer: Uint8Array): Certificate {
  const whole = readDer(certificateDer)
  const [body, signatureAlgorithm, signature] = children(whole)
  if (whole.raw.length !== certificateDer.length || body?.tag !== 0x30 || signatureAlgorithm?.tag !== 0x30) {
    throw new Error('not a certificate')
  }
  const fields = children(body)
  const [serial, innerAlgorithm, issuer, validity, subject, publicKeyInfo] = fields.slice(
    fields[0]?.tag === 0xa0 ? 1 : 0,
  )
  if (serial?.tag !== 0x02 || issuer?.tag !== 0x30 || subject?.tag !== 0x30 || publicKeyInfo?.tag !== 0x30) {
    throw new Error('not a certificate')
  }
  // RFC 5280, 4.1.1.2: or somebody could have another algorithm tried than the issuer signed with.
  if (innerAlgorithm === undefined || !Buffer.from(innerAlgorithm.raw).equals(signatureAlgorithm.raw)) {
    throw new Error('two signature algorithms in one certificate')
  }
  for (const name of [issuer, subject]) attributesOf(name)
  const signatureBytes = bitStringOf(signature)
  // DER is the one way to write it: written otherwise it would be a certificate that no list of revoked ones knows.
  if (!der.sequence(body.raw, signatureAlgorithm.raw, der.bits(signatureBytes)).equals(certificateDer)) {
    throw new Error('a certificate that is not in DER')
  }
  const times = validity === undefined ? [] : children(validity)
  const wrapped = fields.find((field) => field.tag === 0xa3)
  return {
    der: certificateDer,
    signedPart: body.raw,
    signatureAlgorithm,
    signature: signatureBytes,
    serial,
    issuer,
    subject,
    notBefore: timeOf(times[0]),
    notAfter: timeOf(times[1]),
    publicKeyInfo,
    extensions: wrapped === undefined ? [] : readExtensions(readDer(wrapped.content)),
  }
}

/** `readCertificate`, but `undefined` where the bytes are none: anybody may put anything among certificates. */
export function tryCertificate(certificateDer: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(certificateDer)
  } catch {
    return undefined
  }
}

/** The Extensions of a certificate, a CRL or an entry of one. Throws a plain Error where they are none, or one is there twice. */
export function readExtensions(list: DerElement): Extension[] {
  const found = children(list).map((one) => {
    const [type, ...rest] = children(one)
    const value = rest.at(-1)
    if (value?.tag !== 0x04) throw new Error('not an extension')
    return { oid: oidOf(type), isCritical: rest.length > 1 && rest[0]?.content[0] !== 0, value: value.content }
  })
  if (new Set(found.map(({ oid }) => oid)).size < found.length) throw new Error('an extension twice')
  return found
}

/** The summary of a certificate. Throws a plain Error where it is none. */
export function summarise(certificateDer: Uint8Array): CertificateSummary {
  const { issuer, subject, serial, notBefore, notAfter } = readCertificate(certificateDer)
  const commonName = nameAttribute(subject, oids.commonName)
  return {
    commonName,
    organisation: nameAttribute(subject, oids.organisation) || commonName,
    issuer: nameAttribute(issuer, oids.commonName) || nameAttribute(issuer, oids.organisation),
    serialHex: serialOf(serial),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    sha256: digestOf('sha256', certificateDer).toString('hex'),
  }
}

/** A serial number as it is written in the certificate, lower-case hexadecimal. */
export const serialOf = (serial: DerElement): string => Buffer.from(serial.content).toString('hex')

/** Whether two elements are the same bytes. Names are compared so: nobody re-encodes an issuer's name. */
export const sameDer = (one: DerElement, other: DerElement): boolean => Buffer.from(one.raw).equals(other.raw)

/** The types and values in a name. Throws a plain Error where it is none. */
const attributesOf = (name: DerElement): DerElement[][] => children(name).flatMap(children).map(children)

/** The last value of an attribute in a name, '' where it has none. */
function nameAttribute(name: DerElement, oid: string): string {
  const values = attributesOf(name)
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

/** What a certificate may be used for (RFC 5280, 4.2.1.3): signing, issuing certificates, issuing CRLs. */
export type KeyUsage = { readonly sign: boolean; readonly issue: boolean; readonly revoke: boolean }

/** Bits of keyUsage; all true where the certificate does not restrict its use, none where it cannot be read. */
export function keyUsage({ extensions }: Certificate): KeyUsage {
  const extension = extensions.find(({ oid }) => oid === oids.keyUsage)
  if (extension === undefined) return { sign: true, issue: true, revoke: true }
  try {
    const bits = readDer(extension.value).content[1] ?? 0
    return { sign: (bits & 0xc0) !== 0, issue: (bits & 0x04) !== 0, revoke: (bits & 0x02) !== 0 }
  } catch {
    return { sign: false, issue: false, revoke: false }
  }
}

/**
 * Whether a certificate may stand above `depth` certificates of authorities (RFC 5280, 4.2.1.9); a certificate without
 * basicConstraints is no authority.
 */
export function isAuthority({ extensions }: Certificate, depth: number): boolean {
  const extension = extensions.find(({ oid }) => oid === oids.basicConstraints)
  if (extension === undefined) return false
  const [flag, limit] = children(readDer(extension.value))
  if (flag?.tag !== 0x01 || flag.content[0] === 0) return false
  return limit === undefined || depth <= smallIntegerOf(limit)
}

/**
 * The purposes that extendedKeyUsage names (RFC 5280, 4.2.1.12), none where it cannot be read; `undefined` where the
 * certificate does not restrict them.
 */
export function extendedKeyUsage({
  extensions,
}: Certificate): { readonly purposes: readonly string[]; readonly isCritical: boolean } | undefined {
  const extension = extensions.find(({ oid }) => oid === oids.extendedKeyUsage)
  if (extension === undefined) return undefined
  try {
    return { purposes: children(readDer(extension.value)).map(oidOf), isCritical: extension.isCritical }
  } catch {
    return { purposes: [], isCritical: extension.isCritical }
  }
}

const understood: readonly string[] = [
  oids.keyUsage,
  oids.basicConstraints,
  oids.extendedKeyUsage,
  oids.subjectKeyId,
  oids.authorityKeyId,
  oids.certificatePolicies,
]

/**
 * Whether the certificate has a critical extension that this program does not work through (RFC 5280, 4.2), or name
 * constraints, which count as critical whatever they say (4.2.1.10).
 */
export function hasUnknownDemand({ extensions }: Certificate): boolean {
  return extensions.some(
    ({ oid, isCritical }) => oid === oids.nameConstraints || (isCritical && !understood.includes(oid)),
  )
}

/** The orders of P-256, P-384 and P-521 (SEC 2, 2.4 to 2.6). */
const curveOrders = [
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
]

/**
 * The SHA-256 (lower-case hexadecimal) of a certificate, and of all that it can be rewritten to without its issuer: to
 * every ECDSA signature (r, s) belongs a second one, (r, n - s), that fits as well. Throws a plain Error where it is none.
 */
export function fingerprints(certificateDer: Uint8Array): string[] {
  const { signedPart, signatureAlgorithm, signature } = readCertificate(certificateDer)
  const others = otherSignatures(signature).map((other) =>
    der.sequence(signedPart, signatureAlgorithm.raw, der.bits(other)),
  )
  return [certificateDer, ...others].map((one) => digestOf('sha256', one).toString('hex'))
}

function otherSignatures(signature: Uint8Array): Buffer[] {
  try {
    const [r, s, ...more] = children(readDer(signature))
    if (r?.tag !== 0x02 || s?.tag !== 0x02 || more.length > 0) return []
    const value = BigInt(`0x0${Buffer.from(s.content).toString('hex')}`)
    return curveOrders
      .filter((order) => value < order)
      .map((order) =>
        der.sequence(r.raw, der.integer(Buffer.from((order - value).toString(16).padStart(132, '0'), 'hex'))),
      )
  } catch {
    return []
  }
}

/** The PEM form of a certificate (RFC 7468). */
export function toPem(certificateDer: Uint8Array): string {
  const lines =
    Buffer.from(certificateDer)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** The bytes of every block with this label in a PEM text; other text is passed over. */
export function fromPem(pem: string, label: string): Buffer[] {
  const blocks = pem.matchAll(new RegExp(`-----BEGIN ${label}-----([\\s\\S]+?)-----END ${label}-----`, 'g'))
  return Array.from(blocks, ([, base64 = '']) => Buffer.from(base64, 'base64'))
}
