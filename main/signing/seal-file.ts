import { createPrivateKey, createPublicKey, type KeyObject, sign as signWithKey } from 'node:crypto'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { AppError } from '../../preload/contract/errors.ts'
import { type Certificate, tryCertificate } from './certificate.ts'
import type { RevokedCertificate } from './chain.ts'
import type { Signer } from './cms.ts'
import { type OpenSeal, openSeal } from './open-seal.ts'
import { readPublicKey } from './signature.ts'
import { readSm2PrivateKey, readSm2PublicKey, type Sm2Key, signWithSm2 } from './sm2.ts'

const signAsync = promisify(signWithKey)

/**
 * Opens a seal's PKCS#12 file with its PIN: keys of RSA, EC (P-256, P-384, P-521) or SM2. Throws SEAL_PIN_WRONG,
 * SEAL_FILE_DAMAGED (`what` says which part), SEAL_KEY_MISMATCH, or as `openSeal` does by the station's clock `now` and the
 * certificates that the centre has revoked.
 */
export async function openSealFile(
  p12: Uint8Array,
  pin: string,
  now: Date,
  revoked: readonly RevokedCertificate[] = [],
): Promise<OpenSeal> {
  return openSeal(readSealFile(p12, pin), now, revoked)
}

const damagedFile = (what: string, cause?: unknown): AppError => new AppError('SEAL_FILE_DAMAGED', { what }, { cause })

function readSealFile(p12: Uint8Array, pin: string): Signer {
  const contents = decrypt(p12, pin)
  const bags = contents.safeContents.flatMap((content) => content.safeBags)
  const keys = bags.flatMap((bag) => privateKeyOf(bag) ?? [])
  const certificates = bags.flatMap((bag) => certificateOf(bag) ?? [])
  for (const key of keys) {
    const own = certificates.find((certificate) => key.belongsTo(certificate))
    if (own === undefined) continue
    const chainDer = certificates.filter((certificate) => certificate !== own).map(({ der }) => der)
    return { algorithm: key.algorithm, certificateDer: own.der, chainDer, sign: key.sign, close: async () => {} }
  }
  if (keys.length === 0) throw damagedFile('key')
  throw certificates.length === 0 ? damagedFile('certificate') : new AppError('SEAL_KEY_MISMATCH')
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

/** The DER of what forge has decoded. */
const bytesOf = (value: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1')

type SealKey = Pick<Signer, 'algorithm' | 'sign'> & { belongsTo(certificate: Certificate): boolean }

function privateKeyOf(bag: forge.pkcs12.Bag): SealKey | undefined {
  const { keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids
  if (bag.type !== keyBag && bag.type !== pkcs8ShroudedKeyBag) return undefined
  // forge reads RSA keys only and leaves others as they came.
  const info = bytesOf(bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1)
  try {
    const sm2 = readSm2PrivateKey(info)
    return sm2 === undefined ? nodeKey(createPrivateKey({ key: info, format: 'der', type: 'pkcs8' })) : sm2Key(sm2)
  } catch (cause) {
    throw cause instanceof AppError ? cause : damagedFile('key', cause)
  }
}

function nodeKey(key: KeyObject): SealKey {
  const type = key.asymmetricKeyType
  if (type !== 'rsa' && type !== 'ec') throw damagedFile('key kind')
  const own = createPublicKey(key)
  return {
    algorithm: type === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256',
    sign: (data) => signAsync('sha256', data, key),
    belongsTo({ publicKeyInfo }) {
      try {
        return readPublicKey(publicKeyInfo).equals(own)
      } catch {
        return false
      }
    },
  }
}

function sm2Key(key: Sm2Key): SealKey {
  return {
    algorithm: 'sm2-sm3',
    sign: async (data) => signWithSm2(key, data),
    belongsTo: ({ publicKeyInfo }) => readSm2PublicKey(publicKeyInfo) === key.publicHex,
  }
}

function certificateOf(bag: forge.pkcs12.Bag): Certificate | undefined {
  if (bag.type !== forge.pki.oids.certBag) return undefined
  // forge keeps the signed body as it was read, so this gives the same bytes; names are not encoded anew.
  const certificate = tryCertificate(bytesOf(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1))
  if (certificate === undefined) throw damagedFile('certificate')
  return certificate
}
