import { createPrivateKey, createPublicKey, type KeyObject, sign as signWithKey } from 'node:crypto'
import { promisify } from 'node:util'
import { AppError } from '../../preload/contract/errors.ts'
import { type Certificate, tryCertificate } from './certificate.ts'
import type { RevokedCertificate } from './chain.ts'
import type { Signer } from './cms.ts'
import { type OpenSeal, openSeal } from './open-seal.ts'
import { damagedSealFile, readSealFileContents } from './seal-file-reading.ts'
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

function readSealFile(p12: Uint8Array, pin: string): Signer {
  const contents = readSealFileContents(p12, pin)
  const keys = contents.keys.map(readKey)
  const certificates = contents.certificates.flatMap((certificate) => tryCertificate(certificate) ?? [])
  for (const key of keys) {
    const own = certificates.find((certificate) => key.belongsTo(certificate))
    if (own === undefined) continue
    const chainDer = certificates.filter((certificate) => certificate !== own).map(({ der }) => der)
    return { algorithm: key.algorithm, certificateDer: own.der, chainDer, sign: key.sign, close: async () => {} }
  }
  if (keys.length === 0) throw damagedSealFile('key')
  throw certificates.length === 0 ? damagedSealFile('certificate') : new AppError('SEAL_KEY_MISMATCH')
}

type SealKey = Pick<Signer, 'algorithm' | 'sign'> & { belongsTo(certificate: Certificate): boolean }

function readKey(info: Uint8Array): SealKey {
  try {
    const sm2 = readSm2PrivateKey(info)
    if (sm2 !== undefined) return sm2Key(sm2)
    return nodeKey(createPrivateKey({ key: Buffer.from(info), format: 'der', type: 'pkcs8' }))
  } catch (cause) {
    throw cause instanceof AppError ? cause : damagedSealFile('key', cause)
  }
}

function nodeKey(key: KeyObject): SealKey {
  const type = key.asymmetricKeyType
  if (type !== 'rsa' && type !== 'ec') throw damagedSealFile('key kind')
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
