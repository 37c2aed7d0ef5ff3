import { createHash, verify, X509Certificate } from 'node:crypto'
import { certificateParts, summarise } from './certificate.ts'
import { children, type DerElement, oidOf, oids, readDer } from './der.ts'

/** What stands in a CMS, and whether it was made over the content given. */
export type CmsCheck = {
  /**
   * `intact`: digest, signature and the signing-certificate attribute all fit. `broken`: one of them does not.
   * `unsupported`: made in a way that this program does not check, so nothing is known.
   */
  readonly state: 'intact' | 'broken' | 'unsupported'
  /** Which part decided, for the detail below the sentence: 'digest', 'signature', 'certificate' … */
  readonly why: string
  readonly digestAlgorithm: string
  readonly signerDer: Uint8Array | undefined
  readonly certificatesDer: readonly Uint8Array[]
}

const hashNames: Readonly<Record<string, string>> = {
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
}

/** Signature algorithms that fix their hash; `rsaEncryption` takes the digest algorithm's. */
const signatureHashes: Readonly<Record<string, string>> = {
  [oids.sha256WithRsa]: 'sha256',
  [oids.sha384WithRsa]: 'sha384',
  [oids.sha512WithRsa]: 'sha512',
  [oids.ecdsaWithSha256]: 'sha256',
  [oids.ecdsaWithSha384]: 'sha384',
  [oids.ecdsaWithSha512]: 'sha512',
}

type SignerInfo = {
  readonly issuer: DerElement
  readonly serial: DerElement
  readonly hash: string | undefined
  readonly attributes: DerElement | undefined
  readonly signatureHash: string | undefined
  readonly signature: Uint8Array
}

/**
 * Checks a detached CMS (RFC 5652) over the parts of its content. Padding behind the CMS is ignored, as PDFs have it.
 * `needsCertificateAttribute`: PAdES demands signing-certificate-v2 (ETSI EN 319 142-1), older PDF signatures do not.
 */
export function checkCms(
  contents: Uint8Array,
  parts: readonly Uint8Array[],
  needsCertificateAttribute: boolean,
): CmsCheck {
  const nothing = { digestAlgorithm: '', signerDer: undefined, certificatesDer: [] }
  try {
    const { signer, certificates } = readSignedData(contents)
    const own = certificates.find((certificate) => isNamedBy(certificate, signer))
    const known = { digestAlgorithm: signer.hash ?? '', signerDer: own, certificatesDer: certificates }
    if (own === undefined) return { state: 'unsupported', why: 'certificate missing', ...known }
    if (signer.hash === undefined || signer.signatureHash === undefined) {
      return { state: 'unsupported', why: 'algorithm', ...known }
    }
    const fault = findFault(signer, own, parts, needsCertificateAttribute)
    return { state: fault === '' ? 'intact' : 'broken', why: fault, ...known }
  } catch {
    return { state: 'broken', why: 'structure', ...nothing }
  }
}

function readSignedData(contents: Uint8Array): { signer: SignerInfo; certificates: Uint8Array[] } {
  const [type, wrapped] = children(readDer(contents))
  if (oidOf(type) !== oids.signedData || wrapped === undefined) throw new Error('not SignedData')
  const fields = children(readDer(wrapped.content))
  const content = fields[2]
  if (content === undefined || oidOf(children(content)[0]) !== oids.data) throw new Error('not plain data')
  if (children(content).length > 1) throw new Error('the content is inside')
  const certificates = fields
    .filter((field) => field.tag === 0xa0)
    .flatMap(children)
    .filter(({ raw }) => isCertificate(raw))
  const signers = fields.filter((field, i) => field.tag === 0x31 && i > 2).flatMap(children)
  const [only] = signers
  if (only === undefined || signers.length !== 1) throw new Error('not one signer')
  return { signer: readSignerInfo(only), certificates: certificates.map(({ raw }) => raw) }
}

/** Anybody may put anything among the certificates of a CMS. */
function isCertificate(der: Uint8Array): boolean {
  try {
    summarise(der)
    return new X509Certificate(der).raw.equals(der)
  } catch {
    return false
  }
}

function readSignerInfo(element: DerElement): SignerInfo {
  const [, id, digestAlgorithm, ...rest] = children(element)
  const attributes = rest[0]?.tag === 0xa0 ? rest.shift() : undefined
  const [signatureAlgorithm, signature] = rest
  if (
    id === undefined ||
    digestAlgorithm === undefined ||
    signatureAlgorithm === undefined ||
    signature === undefined
  ) {
    throw new Error('not a SignerInfo')
  }
  const [issuer, serial] = children(id)
  if (issuer === undefined || serial === undefined) throw new Error('not an issuer and serial number')
  const hash = hashNames[oidOf(children(digestAlgorithm)[0])]
  const algorithm = oidOf(children(signatureAlgorithm)[0])
  const signatureHash = algorithm === oids.rsaEncryption ? hash : signatureHashes[algorithm]
  return { issuer, serial, hash, attributes, signatureHash, signature: signature.content }
}

function isNamedBy(certificate: Uint8Array, signer: SignerInfo): boolean {
  const { issuer, serial } = certificateParts(certificate)
  return Buffer.from(issuer.raw).equals(signer.issuer.raw) && Buffer.from(serial.content).equals(signer.serial.content)
}

/** The first thing that does not fit, '' where all does. */
function findFault(
  signer: SignerInfo,
  own: Uint8Array,
  parts: readonly Uint8Array[],
  needsCertificate: boolean,
): string {
  const { attributes, hash = '', signatureHash = '', signature } = signer
  const key = new X509Certificate(own).publicKey
  if (attributes === undefined) {
    if (needsCertificate) return 'attributes'
    return verify(signatureHash, Buffer.concat(parts), key, signature) ? '' : 'signature'
  }
  const digest = createHash(hash)
  for (const part of parts) digest.update(part)
  const digestAttribute = attributeValue(attributes, oids.messageDigest)
  if (digestAttribute === undefined || !digest.digest().equals(digestAttribute.content)) return 'digest'
  if (oidOf(attributeValue(attributes, oids.contentType)) !== oids.data) return 'content type'
  // What is signed is the attributes as a SET, not with the tag that they have in the SignerInfo (RFC 5652, 5.4).
  const signed = Buffer.from(attributes.raw)
  signed[0] = 0x31
  if (!verify(signatureHash, signed, key, signature)) return 'signature'
  const certificateAttribute = attributeValue(attributes, oids.signingCertificateV2)
  if (certificateAttribute === undefined) return needsCertificate ? 'signing certificate' : ''
  return namesCertificate(certificateAttribute, own) ? '' : 'signing certificate'
}

/** The one value of an attribute that stands exactly once. */
function attributeValue(attributes: DerElement, oid: string): DerElement | undefined {
  const found = children(attributes).filter((attribute) => oidOf(children(attribute)[0]) === oid)
  const [only] = found
  if (only === undefined || found.length > 1) return undefined
  const values = children(only)[1]
  const items = values === undefined ? [] : children(values)
  return items.length === 1 ? items[0] : undefined
}

/** ESSCertIDv2 (RFC 5035, 4): the first one names the signer's certificate by its hash, SHA-256 unless it says else. */
function namesCertificate(attribute: DerElement, own: Uint8Array): boolean {
  const list = children(attribute)[0]
  const first = list === undefined ? undefined : children(list)[0]
  const fields = first === undefined ? [] : children(first)
  const algorithm = fields[0]?.tag === 0x30 ? fields.shift() : undefined
  const hash = algorithm === undefined ? 'sha256' : hashNames[oidOf(children(algorithm)[0])]
  const value = fields[0]
  return hash !== undefined && value?.tag === 0x04 && createHash(hash).update(own).digest().equals(value.content)
}
