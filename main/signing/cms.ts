import { createHash } from 'node:crypto'
import { certificateParts } from './certificate.ts'
import { der, encode, oids, readDer } from './der.ts'

/**
 * A key that signs, wherever it lies: in a PKCS#12 file now, in a token later. `sign` hashes and signs `data`, and is
 * asynchronous since a token or a person may take their time.
 */
export type Signer = {
  readonly algorithm: 'rsa-sha256' | 'ecdsa-sha256'
  readonly certificateDer: Uint8Array
  /** The certificates that lead from the signer's to a root; they travel in the CMS. */
  readonly chainDer: readonly Uint8Array[]
  sign(data: Uint8Array): Promise<Uint8Array>
}

/**
 * A detached CMS SignedData (RFC 5652) as PAdES B-B wants it (ETSI EN 319 142-1, 319 122-1): SHA-256, signed attributes
 * content-type, message-digest and signing-certificate-v2 (RFC 5035), no signing-time. Gives DER.
 */
export async function detachedCms(signer: Signer, parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  const { issuer, serial } = certificateParts(signer.certificateDer)
  const attributes = signedAttributes(signer, hash.digest())
  const signature = await signer.sign(encode(der.set(...attributes)))
  const signerInfo = der.sequence(
    der.smallInteger(1),
    der.sequence(der.raw(issuer), der.raw(serial)),
    sha256(),
    der.context(0, ...attributes),
    signer.algorithm === 'rsa-sha256'
      ? der.sequence(der.oid(oids.rsaEncryption), der.null())
      : der.sequence(der.oid(oids.ecdsaWithSha256)),
    der.octets(signature),
  )
  const certificates = [signer.certificateDer, ...signer.chainDer].map((raw) => der.raw(readDer(raw)))
  const signedData = der.sequence(
    der.smallInteger(1),
    der.set(sha256()),
    der.sequence(der.oid(oids.data)),
    der.context(0, ...inDerOrder(certificates)),
    der.set(signerInfo),
  )
  return encode(der.sequence(der.oid(oids.signedData), der.context(0, signedData)))
}

const sha256 = () => der.sequence(der.oid(oids.sha256), der.null())

/** In DER order, for BouncyCastle hashes them as it re-encodes them. */
function signedAttributes(signer: Signer, digest: Uint8Array) {
  const attribute = (oid: string, value: ReturnType<typeof der.oid>) => der.sequence(der.oid(oid), der.set(value))
  const { issuer, serial } = certificateParts(signer.certificateDer)
  const certificateHash = createHash('sha256').update(signer.certificateDer).digest()
  // SHA-256 is ESSCertIDv2's default, so DER leaves it out.
  const issuerSerial = der.sequence(der.sequence(der.context(4, der.raw(issuer))), der.raw(serial))
  const certificateId = der.sequence(der.octets(certificateHash), issuerSerial)
  return inDerOrder([
    attribute(oids.contentType, der.oid(oids.data)),
    attribute(oids.messageDigest, der.octets(digest)),
    attribute(oids.signingCertificateV2, der.sequence(der.sequence(certificateId))),
  ])
}

/** The order of a SET OF (X.690, 11.6): ascending by encoded bytes. */
function inDerOrder<T extends Parameters<typeof encode>[0]>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, bytes: encode(item) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ item }) => item)
}
