import { readCertificate } from './certificate.ts'
import { der, inDerOrder } from './der.ts'
import { type DigestName, digestIdentifier, digestOf } from './digest.ts'
import { oids } from './oids.ts'

/** How a seal's key signs. */
export type SealAlgorithm = 'rsa-sha256' | 'ecdsa-sha256' | 'sm2-sm3'

/**
 * A key that signs, wherever it lies: in a PKCS#12 file or in a token. `sign` hashes and signs `data`, and is
 * asynchronous since a token or a person may take their time.
 */
export type Signer = {
  readonly algorithm: SealAlgorithm
  readonly certificateDer: Uint8Array
  /** The certificates that lead from the signer's to a root; they travel in the CMS. */
  readonly chainDer: readonly Uint8Array[]
  sign(data: Uint8Array): Promise<Uint8Array>
  /** Forgets the key, or logs out of the token. */
  close(): Promise<void>
}

const signatureIdentifiers: Readonly<Record<SealAlgorithm, () => Buffer>> = {
  'rsa-sha256': () => der.sequence(der.oid(oids.rsaEncryption), der.null()),
  'ecdsa-sha256': () => der.sequence(der.oid(oids.ecdsaWithSha256)),
  'sm2-sm3': () => der.sequence(der.oid(oids.sm2WithSm3)),
}

/** The hash that goes with the signer's key: SM3 with SM2 (GB/T 35275-2017), else SHA-256. */
export const digestNameOf = ({ algorithm }: Pick<Signer, 'algorithm'>): 'sha256' | 'sm3' =>
  algorithm === 'sm2-sm3' ? 'sm3' : 'sha256'

/**
 * A detached CMS SignedData (RFC 5652) as PAdES B-B wants it (ETSI EN 319 142-1, 319 122-1) over content with this digest
 * (by `digestNameOf`): signed attributes content-type, message-digest and signing-certificate-v2 (RFC 5035), no
 * signing-time. Gives DER.
 */
export async function detachedCms(signer: Signer, digest: Uint8Array): Promise<Uint8Array> {
  const { issuer, serial } = readCertificate(signer.certificateDer)
  const digestName: DigestName = digestNameOf(signer)
  const attributes = signedAttributes(signer.certificateDer, digest)
  const signature = await signer.sign(der.set(...attributes))
  const signerInfo = der.sequence(
    der.smallInteger(1),
    der.sequence(issuer.raw, serial.raw),
    digestIdentifier(digestName),
    der.context(0, ...attributes),
    signatureIdentifiers[signer.algorithm](),
    der.octets(signature),
  )
  const signedData = der.sequence(
    der.smallInteger(1),
    der.set(digestIdentifier(digestName)),
    der.sequence(der.oid(oids.data)),
    der.context(0, ...inDerOrder([signer.certificateDer, ...signer.chainDer])),
    der.set(signerInfo),
  )
  return der.sequence(der.oid(oids.signedData), der.context(0, signedData))
}

/** In DER order, for BouncyCastle hashes them as it re-encodes them. */
function signedAttributes(certificateDer: Uint8Array, digest: Uint8Array): Uint8Array[] {
  const attribute = (oid: string, value: Uint8Array) => der.sequence(der.oid(oid), der.set(value))
  const { issuer, serial } = readCertificate(certificateDer)
  // SHA-256 is ESSCertIDv2's default, so DER leaves it out; it is kept for SM2 too, for every checker has it.
  const issuerSerial = der.sequence(der.sequence(der.context(4, issuer.raw)), serial.raw)
  const certificateId = der.sequence(der.octets(digestOf('sha256', certificateDer)), issuerSerial)
  return inDerOrder([
    attribute(oids.contentType, der.oid(oids.data)),
    attribute(oids.messageDigest, der.octets(digest)),
    attribute(oids.signingCertificateV2, der.sequence(der.sequence(certificateId))),
  ])
}
