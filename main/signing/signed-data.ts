import { createHash } from 'node:crypto'
import { type Certificate, sameDer, tryCertificate } from './certificate.ts'
import { children, type DerElement, oidOf, readDer } from './der.ts'
import { type DigestName, digestOf, readDigestName } from './digest.ts'
import { oids } from './oids.ts'
import { isSignatureOf, readScheme, type SignatureScheme } from './signature.ts'

/** The one signer of a CMS. */
export type SignerInfo = {
  readonly id: DerElement
  /** `undefined` where it is not one that this program checks. */
  readonly digest: DigestName | undefined
  readonly scheme: SignatureScheme | undefined
  readonly attributes: DerElement | undefined
  readonly unsignedAttributes: DerElement | undefined
  readonly signature: Uint8Array
}

/** A CMS SignedData (RFC 5652, 5) with one signer. */
export type SignedData = {
  readonly contentType: string
  /** What was signed, where it lies inside. */
  readonly content: Uint8Array | undefined
  readonly certificates: readonly Certificate[]
  readonly signer: SignerInfo
}

/** Reads a SignedData at the start of `bytes`. Throws a plain Error where there is none, or not one signer. */
export function readSignedData(bytes: Uint8Array): SignedData {
  const [type, wrapped] = children(readDer(bytes))
  if (oidOf(type) !== oids.signedData || wrapped === undefined) throw new Error('not SignedData')
  const fields = children(readDer(wrapped.content))
  const [contentType, inner] = fields[2] === undefined ? [] : children(fields[2])
  const sets = fields.slice(3)
  const certificates = sets
    .filter(({ tag }) => tag === 0xa0)
    .flatMap(children)
    .flatMap(({ raw }) => tryCertificate(raw) ?? [])
  const signers = sets.filter(({ tag }) => tag === 0x31).flatMap(children)
  const [only] = signers
  if (only === undefined || signers.length !== 1) throw new Error('not one signer')
  return {
    contentType: oidOf(contentType),
    content: inner === undefined ? undefined : readDer(inner.content).content,
    certificates,
    signer: readSignerInfo(only),
  }
}

function readSignerInfo(element: DerElement): SignerInfo {
  const [, id, digestAlgorithm, ...rest] = children(element)
  const attributes = rest[0]?.tag === 0xa0 ? rest.shift() : undefined
  const [signatureAlgorithm, signature, unsignedAttributes] = rest
  if (id === undefined || signatureAlgorithm === undefined || signature?.tag !== 0x04)
    throw new Error('not a SignerInfo')
  const digest = readDigestName(digestAlgorithm)
  return {
    id,
    digest,
    scheme: readScheme(signatureAlgorithm, digest),
    attributes,
    unsignedAttributes: unsignedAttributes?.tag === 0xa1 ? unsignedAttributes : undefined,
    signature: signature.content,
  }
}

/** Whether the signer's identifier means this certificate: by issuer and serial number, or by its key's identifier. */
export function isNamedBy(certificate: Certificate, { id }: SignerInfo): boolean {
  if (id.tag === 0x80) {
    const own = certificate.extensions.find(({ oid }) => oid === oids.subjectKeyId)
    return own !== undefined && Buffer.from(readDer(own.value).content).equals(id.content)
  }
  const [issuer, serial] = children(id)
  if (issuer === undefined || serial === undefined) return false
  return sameDer(certificate.issuer, issuer) && sameDer(certificate.serial, serial)
}

/** What has to fit besides digest and signature. */
export type SignerDemands = {
  readonly contentType: string
  /** PAdES and RFC 3161 demand that the signed attributes name the certificate; older PDF signatures do not. */
  readonly needsCertificateAttribute: boolean
}

/** The first thing of a signer that does not fit the content in `parts`, '' where all does. Throws a plain Error on nonsense. */
export function findSignerFault(
  signer: SignerInfo & { readonly digest: DigestName; readonly scheme: SignatureScheme },
  own: Certificate,
  parts: readonly Uint8Array[],
  demands: SignerDemands,
): string {
  const { attributes, digest, scheme, signature } = signer
  if (attributes === undefined) {
    if (demands.needsCertificateAttribute) return 'attributes'
    return isSignatureOf(scheme, own.publicKeyInfo, parts, signature) ? '' : 'signature'
  }
  const digestAttribute = attributeValue(attributes, oids.messageDigest)
  if (digestAttribute === undefined || !digestOf(digest, ...parts).equals(digestAttribute.content)) return 'digest'
  if (oidOf(attributeValue(attributes, oids.contentType)) !== demands.contentType) return 'content type'
  // What is signed is the attributes as a SET, not with the tag that they have in the SignerInfo (RFC 5652, 5.4).
  const signed = Buffer.from(attributes.raw)
  signed[0] = 0x31
  if (!isSignatureOf(scheme, own.publicKeyInfo, [signed], signature)) return 'signature'
  const named = certificateAttribute(attributes, own)
  return named === 'other' || (named === 'none' && demands.needsCertificateAttribute) ? 'signing certificate' : ''
}

/** The one value of an attribute that stands exactly once. */
export function attributeValue(attributes: DerElement, oid: string): DerElement | undefined {
  const found = children(attributes).filter((attribute) => oidOf(children(attribute)[0]) === oid)
  const [only] = found
  if (only === undefined || found.length > 1) return undefined
  const values = children(only)[1]
  const items = values === undefined ? [] : children(values)
  return items.length === 1 ? items[0] : undefined
}

/**
 * Whether signing-certificate-v2 (RFC 5035, 4) or signing-certificate (RFC 2634, 5.4: SHA-1, which still stands against
 * a second certificate with the same hash) names the signer's certificate first.
 */
function certificateAttribute(attributes: DerElement, own: Certificate): 'own' | 'other' | 'none' {
  const second = attributeValue(attributes, oids.signingCertificateV2)
  const value = second ?? attributeValue(attributes, oids.signingCertificate)
  if (value === undefined) return 'none'
  const list = children(value)[0]
  const first = list === undefined ? undefined : children(list)[0]
  const fields = first === undefined ? [] : children(first)
  if (second === undefined) return fields[0] !== undefined && isSha1Of(own.der, fields[0]) ? 'own' : 'other'
  const algorithm = fields[0]?.tag === 0x30 ? fields.shift() : undefined
  const digest = algorithm === undefined ? 'sha256' : readDigestName(algorithm)
  const hash = fields[0]
  if (digest === undefined || hash?.tag !== 0x04) return 'other'
  return digestOf(digest, own.der).equals(hash.content) ? 'own' : 'other'
}

const isSha1Of = (bytes: Uint8Array, hash: DerElement): boolean =>
  hash.tag === 0x04 && createHash('sha1').update(bytes).digest().equals(hash.content)
