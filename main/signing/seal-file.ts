import { createPrivateKey, type KeyObject, sign as signWithKey, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { AppError } from '../../preload/contract/errors.ts'
import type { DetachedSigner } from '../pdf/index.ts'
import { type CertificateSummary, summarise, toPem } from './certificate.ts'
import { detachedCms, type Signer } from './cms.ts'
import { encode } from './der.ts'

/** A seal whose PIN has been given: it signs until it is forgotten. Give it to `sealPdf` as its signer. */
export type OpenSeal = DetachedSigner & {
  readonly certificate: CertificateSummary
  readonly certificatePem: string
}

const signAsync = promisify(signWithKey)

/**
 * Opens a seal's PKCS#12 file with its PIN. Throws SEAL_PIN_WRONG, SEAL_FILE_DAMAGED (`what` says which part),
 * SEAL_CERTIFICATE_EXPIRED or SEAL_CERTIFICATE_NOT_YET_VALID (by the station's clock `now`).
 */
export async function openSealFile(p12: Uint8Array, pin: string, now: Date): Promise<OpenSeal> {
  const signer = readSealFile(p12, pin)
  const certificate = summarise(signer.certificateDer)
  refuseOutsideValidity(certificate, now)
  return {
    certificate,
    certificatePem: toPem(signer.certificateDer),
    async signDetached(parts, at) {
      refuseOutsideValidity(certificate, at)
      return detachedCms(signer, parts)
    },
  }
}

function refuseOutsideValidity({ notBefore, notAfter }: CertificateSummary, now: Date): void {
  if (now.getTime() > Date.parse(notAfter)) throw new AppError('SEAL_CERTIFICATE_EXPIRED', { notAfter })
  if (now.getTime() < Date.parse(notBefore)) throw new AppError('SEAL_CERTIFICATE_NOT_YET_VALID', { notBefore })
}

const damagedFile = (what: string, cause?: unknown): AppError => new AppError('SEAL_FILE_DAMAGED', { what }, { cause })

function readSealFile(p12: Uint8Array, pin: string): Signer {
  const contents = decrypt(p12, pin)
  const bags = contents.safeContents.flatMap((content) => content.safeBags)
  const keys = bags.flatMap((bag) => privateKeyOf(bag) ?? [])
  const certificates = bags.flatMap((bag) => certificateOf(bag) ?? [])
  for (const key of keys) {
    const own = certificates.find((certificate) => new X509Certificate(certificate).checkPrivateKey(key))
    if (own !== undefined) return keySigner(key, own, certificates)
  }
  throw damagedFile(keys.length === 0 ? 'key' : 'certificate')
}

function decrypt(p12: Uint8Array, pin: string): forge.pkcs12.Pkcs12Pfx {
  let structure: forge.asn1.Asn1
  try {
    structure = forge.asn1.fromDer(Buffer.from(p12).toString('latin1'))
  } catch (cause) {
    throw damagedFile('file', cause)
  }
  try {
    return forge.pkcs12.pkcs12FromAsn1(structure, false, pin)
  } catch (cause) {
    // forge has no error codes; these are what a wrong password leads to.
    if (cause instanceof Error && /MAC could not be verified|Failed to decrypt|wrong password/i.test(cause.message)) {
      throw new AppError('SEAL_PIN_WRONG', {}, { cause })
    }
    throw damagedFile('contents', cause)
  }
}

function privateKeyOf(bag: forge.pkcs12.Bag): KeyObject | undefined {
  const { keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids
  if (bag.type !== keyBag && bag.type !== pkcs8ShroudedKeyBag) return undefined
  // forge reads RSA keys only and leaves others as they came; node:crypto takes either.
  const info = bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1
  try {
    return createPrivateKey({ key: encode(info), format: 'der', type: 'pkcs8' })
  } catch (cause) {
    throw damagedFile('key', cause)
  }
}

function certificateOf(bag: forge.pkcs12.Bag): Uint8Array | undefined {
  if (bag.type !== forge.pki.oids.certBag) return undefined
  try {
    // forge keeps the signed body as it was read, so this gives the same bytes; names are not encoded anew.
    return encode(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1)
  } catch (cause) {
    throw damagedFile('certificate', cause)
  }
}

function keySigner(key: KeyObject, own: Uint8Array, all: readonly Uint8Array[]): Signer {
  const type = key.asymmetricKeyType
  if (type !== 'rsa' && type !== 'ec') throw damagedFile('key kind')
  return {
    algorithm: type === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256',
    certificateDer: own,
    chainDer: all.filter((certificate) => certificate !== own),
    sign: (data) => signAsync('sha256', data, key),
  }
}
