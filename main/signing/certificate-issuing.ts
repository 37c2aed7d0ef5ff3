import { generateKeyPair, randomBytes, sign as signWithKey } from 'node:crypto'
import { promisify } from 'node:util'
import { bitStringOf, children, der, readDer } from './der.ts'
import { digestOf } from './digest.ts'
import { oids } from './oids.ts'
import { newSm2Key, signWithSm2, sm2PrivateKeyInfo, sm2PublicKeyInfo } from './sm2.ts'

/** The kinds of keys that certificates are issued for here: RSA-2048, EC P-256, SM2. */
export type KeyKind = 'rsa' | 'ec' | 'sm2'

/** A key pair that can be certified and can certify others. */
export type IssuingKey = {
  /** SubjectPublicKeyInfo and PrivateKeyInfo, DER. */
  readonly publicKeyInfo: Uint8Array
  readonly privateKeyInfo: Uint8Array
  /** The AlgorithmIdentifier of what `sign` makes. */
  readonly signatureIdentifier: Uint8Array
  sign(data: Uint8Array): Promise<Uint8Array>
}

/** Whom a certificate names, in UTF-8; the country is China. Each part at most 64 characters (RFC 5280, appendix A.1). */
export type IssuedName = { readonly commonName: string; readonly organisation: string; readonly unit?: string }

const signAsync = promisify(signWithKey)

/** A new key pair. */
export async function newIssuingKey(kind: KeyKind): Promise<IssuingKey> {
  if (kind === 'sm2') {
    const key = newSm2Key()
    return {
      publicKeyInfo: sm2PublicKeyInfo(key),
      privateKeyInfo: sm2PrivateKeyInfo(key),
      signatureIdentifier: der.sequence(der.oid(oids.sm2WithSm3)),
      sign: async (data) => signWithSm2(key, data),
    }
  }
  const pair = await (kind === 'rsa' ? newRsaKey() : newEcKey())
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
  return {
    publicKeyInfo: pair.publicKey.export({ type: 'spki', format: 'der' }),
    privateKeyInfo: privateKey,
    signatureIdentifier:
      kind === 'rsa'
        ? der.sequence(der.oid(oids.sha256WithRsa), der.null())
        : der.sequence(der.oid(oids.ecdsaWithSha256)),
    sign: (data) => signAsync('sha256', data, pair.privateKey),
  }
}

const generate = promisify(generateKeyPair)
const newRsaKey = () => generate('rsa', { modulusLength: 2048 })
const newEcKey = () => generate('ec', { namedCurve: 'P-256' })

/** What a certificate is to say. */
export type CertificateRequest = {
  readonly subject: IssuedName
  readonly publicKeyInfo: Uint8Array
  readonly issuer: { readonly name: IssuedName; readonly key: IssuingKey }
  readonly notBefore: Date
  readonly notAfter: Date
  /** An authority that issues end certificates and revocation lists, or a seal that signs. */
  readonly role: 'authority' | 'seal'
  /** How many authorities may follow below an authority; none when not told. */
  readonly authoritiesBelow?: number
}

const digitalSignatureAndNonRepudiation = 0xc0
const certificateAndCrlSigning = 0x06

/** A certificate (RFC 5280), DER, with a random serial number. */
export async function issueCertificate(request: CertificateRequest): Promise<Buffer> {
  const { subject, issuer, publicKeyInfo, notBefore, notAfter } = request
  const body = der.sequence(
    der.context(0, der.smallInteger(2)),
    // Positive, and at most 20 bytes (RFC 5280, 4.1.2.2).
    der.integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    issuer.key.signatureIdentifier,
    encodeName(issuer.name),
    der.sequence(der.time(notBefore), der.time(notAfter)),
    encodeName(subject),
    publicKeyInfo,
    der.context(3, der.sequence(...extensionsOf(request))),
  )
  return der.sequence(body, issuer.key.signatureIdentifier, der.bits(await issuer.key.sign(body)))
}

function extensionsOf({ role, publicKeyInfo, issuer, authoritiesBelow = 0 }: CertificateRequest): Buffer[] {
  const isAuthority = role === 'authority'
  const usage = isAuthority ? certificateAndCrlSigning : digitalSignatureAndNonRepudiation
  return [
    extension(
      oids.basicConstraints,
      isAuthority ? der.sequence(der.boolean(true), der.smallInteger(authoritiesBelow)) : der.sequence(),
      true,
    ),
    extension(oids.keyUsage, der.flags(usage), true),
    extension(oids.subjectKeyId, der.octets(keyId(publicKeyInfo)), false),
    extension(oids.authorityKeyId, der.sequence(der.contextPrimitive(0, keyId(issuer.key.publicKeyInfo))), false),
  ]
}

const extension = (oid: string, value: Uint8Array, isCritical: boolean): Buffer =>
  der.sequence(der.oid(oid), ...(isCritical ? [der.boolean(true)] : []), der.octets(value))

/** RFC 7093, 2, method 1. */
function keyId(publicKeyInfo: Uint8Array): Buffer {
  return digestOf('sha256', bitStringOf(children(readDer(publicKeyInfo))[1])).subarray(0, 20)
}

/** The Name (RFC 5280, 4.1.2.4), DER. */
export function encodeName({ commonName, organisation, unit }: IssuedName): Buffer {
  const part = (oid: string, value: Uint8Array) => der.set(der.sequence(der.oid(oid), value))
  return der.sequence(
    part(oids.countryName, der.printable('CN')),
    part(oids.organisation, der.utf8(organisation)),
    ...(unit === undefined ? [] : [part(oids.organisationalUnit, der.utf8(unit))]),
    part(oids.commonName, der.utf8(commonName)),
  )
}
