import { sm2 } from 'sm-crypto-v2'
import { bitStringOf, children, type DerElement, der, oidOf, readDer } from './der.ts'
import { oids } from './oids.ts'
import { newSm3 } from './sm3.ts'

/** An SM2 key pair (GB/T 32918) as sm-crypto-v2 takes it: lower-case hexadecimal, the point uncompressed (04 x y). */
export type Sm2Key = { readonly privateHex: string; readonly publicHex: string }

/** The user's identity that GB/T 35276-2017 (clause 10) sets where the parties agreed on none. */
const userId = '1234567812345678'

const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

/** A new key pair. */
export function newSm2Key(): Sm2Key {
  const { privateKey, publicKey } = sm2.generateKeyPairHex()
  return { privateHex: privateKey, publicHex: publicKey }
}

/** The DER of (r, s), as SM2-with-SM3 signs `data`. About a millisecond. */
export function signWithSm2(key: Sm2Key, data: Uint8Array): Buffer {
  const raw = sm2.doSignature(data, key.privateHex, { hash: true, publicKey: key.publicHex, userId })
  return ecdsaValue(Buffer.from(raw, 'hex'))
}

/** The DER of (r, s) from both as they follow each other, each half of `raw`: as tokens and SM2 give a signature. */
export function ecdsaValue(raw: Uint8Array): Buffer {
  const half = raw.length / 2
  return der.sequence(der.integer(raw.subarray(0, half)), der.integer(raw.subarray(half)))
}

/** Whether `signature` (DER of r, s) is that of the parts read one after another, by the public key. Memory: one block. */
export function isSm2Signature(publicHex: string, parts: readonly Uint8Array[], signature: Uint8Array): boolean {
  const [r, s, ...more] = children(readDer(signature)).map(scalar)
  if (r === undefined || s === undefined || more.length > 0) return false
  // In another form than DER the same signature would be other bytes, and a certificate another one.
  if (!ecdsaValue(Buffer.from(r + s, 'hex')).equals(signature)) return false
  const digest = newSm3().update(sm2.getZ(publicHex, userId))
  for (const part of parts) digest.update(part)
  return sm2.doVerifySignature(digest.digest(), r + s, publicHex, { hash: false })
}

/** A number from 1 to the order less 1 as 32 bytes in hexadecimal: the library does not refuse others (GB/T 32918.2, 7.1). */
function scalar(element: DerElement): string | undefined {
  if (element.tag !== 0x02 || element.content.length > 33 || ((element.content[0] ?? 0x80) & 0x80) !== 0)
    return undefined
  const value = BigInt(`0x${Buffer.from(element.content).toString('hex')}`)
  return value > 0n && value < order ? value.toString(16).padStart(64, '0') : undefined
}

const keyAlgorithm = () => der.sequence(der.oid(oids.ecPublicKey), der.oid(oids.sm2Curve))

const isSm2Algorithm = (algorithm: DerElement | undefined): boolean => {
  if (algorithm?.tag !== 0x30) return false
  const [type, curve] = children(algorithm)
  return oidOf(type) === oids.ecPublicKey && oidOf(curve) === oids.sm2Curve
}

/** The point in a SubjectPublicKeyInfo (RFC 5480), `undefined` where its curve is not SM2's or it is not on it. */
export function readSm2PublicKey(publicKeyInfo: DerElement): string | undefined {
  const [algorithm, bits] = children(publicKeyInfo)
  if (!isSm2Algorithm(algorithm)) return undefined
  const point = Buffer.from(bitStringOf(bits))
  const publicHex = point.toString('hex')
  return point.length === 65 && point[0] === 4 && isOnCurve(publicHex) ? publicHex : undefined
}

/** The library throws for some points off the curve, and answers for others. */
function isOnCurve(publicHex: string): boolean {
  try {
    return sm2.verifyPublicKey(publicHex)
  } catch {
    return false
  }
}

/** The key in a PrivateKeyInfo (RFC 5958, 5915), `undefined` where its curve is not SM2's. Throws a plain Error where it is damaged. */
export function readSm2PrivateKey(privateKeyInfo: Uint8Array): Sm2Key | undefined {
  const [, algorithm, wrapped] = children(readDer(privateKeyInfo))
  if (!isSm2Algorithm(algorithm) || wrapped === undefined) return undefined
  const secret = children(readDer(wrapped.content))[1]
  if (secret?.tag !== 0x04 || secret.content.length > 32) throw new Error('not an SM2 key')
  const value = BigInt(`0x0${Buffer.from(secret.content).toString('hex')}`)
  // The signature divides by 1 + d, so n - 1 is no key (GB/T 32918.1, 6.1).
  if (value < 1n || value > order - 2n) throw new Error('not an SM2 key')
  const privateHex = value.toString(16).padStart(64, '0')
  return { privateHex, publicHex: sm2.getPublicKeyFromPrivateKey(privateHex) }
}

/** SubjectPublicKeyInfo of the key. */
export function sm2PublicKeyInfo(key: Sm2Key): Buffer {
  return der.sequence(keyAlgorithm(), der.bits(Buffer.from(key.publicHex, 'hex')))
}

/** PrivateKeyInfo of the key. */
export function sm2PrivateKeyInfo(key: Sm2Key): Buffer {
  const secret = der.octets(Buffer.from(key.privateHex, 'hex'))
  const point = der.context(1, der.bits(Buffer.from(key.publicHex, 'hex')))
  return der.sequence(der.smallInteger(0), keyAlgorithm(), der.octets(der.sequence(der.smallInteger(1), secret, point)))
}
