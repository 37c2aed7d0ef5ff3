import { children, oidOf, readDer } from './der.ts'
import { oids } from './oids.ts'
import { isReadableKey, schemeName } from './signature.ts'
import { attributeValue, findSignerFault, isNamedBy, readSignedData, type SignedData } from './signed-data.ts'

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
  /** 'rsa-sha256', 'rsa-pss-sha256', 'ecdsa-sha256', 'sm2-sm3' …; '' where it is not known. */
  readonly algorithm: string
  readonly signerDer: Uint8Array | undefined
  readonly certificatesDer: readonly Uint8Array[]
  /** A timestamp that travels beside the signature (CAdES-T), to be given to `checkTimestampToken`; not checked here. */
  readonly signatureTimestamp?: { readonly token: Uint8Array; readonly signature: Uint8Array }
}

/**
 * Checks a detached CMS (RFC 5652) over the parts of its content: RSA (PKCS#1 1.5 and PSS), ECDSA, SM2 with SM3. Padding
 * behind the CMS is ignored, as PDFs have it. SHA-1 and MD5 are `unsupported`: what they sign proves nothing.
 * `needsCertificateAttribute`: PAdES demands signing-certificate-v2 (ETSI EN 319 142-1), older PDF signatures do not.
 */
export function checkCms(
  contents: Uint8Array,
  parts: readonly Uint8Array[],
  needsCertificateAttribute: boolean,
): CmsCheck {
  const nothing = { digestAlgorithm: '', algorithm: '', signerDer: undefined, certificatesDer: [] }
  try {
    if (isForeignSignedData(contents)) return { state: 'unsupported', why: 'format', ...nothing }
    const signedData = readSignedData(contents)
    if (signedData.contentType !== oids.data || signedData.content !== undefined) throw new Error('not detached data')
    return checkSigner(signedData, parts, needsCertificateAttribute)
  } catch {
    return { state: 'broken', why: 'structure', ...nothing }
  }
}

/** GM/T 0010-2012 has identifiers of its own for what RFC 5652 calls SignedData. */
function isForeignSignedData(contents: Uint8Array): boolean {
  return oidOf(children(readDer(contents))[0]).startsWith('1.2.156.10197.6.1.4.2.')
}

function checkSigner(
  signedData: SignedData,
  parts: readonly Uint8Array[],
  needsCertificateAttribute: boolean,
): CmsCheck {
  const { signer, certificates } = signedData
  const { digest, scheme } = signer
  const own = certificates.find((certificate) => isNamedBy(certificate, signer))
  const known = {
    digestAlgorithm: digest ?? '',
    algorithm: schemeName(scheme),
    signerDer: own?.der,
    certificatesDer: certificates.map((certificate) => certificate.der),
    ...timestampOf(signedData),
  }
  if (own === undefined) return { state: 'unsupported', why: 'certificate missing', ...known }
  if (digest === undefined || scheme === undefined) return { state: 'unsupported', why: 'algorithm', ...known }
  if (!isReadableKey(scheme, own.publicKeyInfo)) return { state: 'unsupported', why: 'key', ...known }
  const demands = { contentType: oids.data, needsCertificateAttribute }
  const fault = findSignerFault({ ...signer, digest, scheme }, own, parts, demands)
  return { state: fault === '' ? 'intact' : 'broken', why: fault, ...known }
}

function timestampOf({ signer }: SignedData): Pick<CmsCheck, 'signatureTimestamp'> {
  const { unsignedAttributes, signature } = signer
  if (unsignedAttributes === undefined) return {}
  const token = attributeValue(unsignedAttributes, oids.signatureTimestamp)
  return token === undefined ? {} : { signatureTimestamp: { token: token.raw, signature } }
}
