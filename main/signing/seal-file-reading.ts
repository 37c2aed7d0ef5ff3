import { createDecipheriv, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import forge from 'node-forge'
import { AppError } from '../../preload/contract/errors.ts'
import { children, type DerElement, der, oidOf, readDer, smallIntegerOf } from './der.ts'
import { oids } from './oids.ts'
import { type MacDigest, sealFileMac } from './seal-file-mac.ts'

/** What lies in a PKCS#12 file: PrivateKeyInfo (PKCS#8) and certificates, DER. */
export type SealFileContents = { readonly keys: readonly Uint8Array[]; readonly certificates: readonly Uint8Array[] }

/** SEAL_FILE_DAMAGED with the part that could not be read. */
export const damagedSealFile = (what: string, cause?: unknown): AppError =>
  new AppError('SEAL_FILE_DAMAGED', { what }, { cause })

/** Far above what any program writes; a file that asks for more is made to keep the station busy. */
const maxIterations = 1_000_000

/**
 * Decrypts a PKCS#12 file (RFC 7292) with a MAC: PBES2 with AES or triple DES, and the older PKCS#12 encryptions. Throws
 * SEAL_PIN_WRONG, or SEAL_FILE_DAMAGED with `what`: 'file', 'contents'.
 */
export function readSealFileContents(p12: Uint8Array, pin: string): SealFileContents {
  const { contents, mac } = readOuter(p12)
  refuseWrongPin(contents, mac, pin)
  try {
    const bags = children(readDer(contents)).flatMap((info) => children(readDer(safeContents(info, pin))))
    return { keys: bags.flatMap((bag) => keyIn(bag, pin)), certificates: bags.flatMap(certificateIn) }
  } catch (cause) {
    throw cause instanceof AppError ? cause : damagedSealFile('contents', cause)
  }
}

function readOuter(p12: Uint8Array): { contents: Uint8Array; mac: DerElement } {
  try {
    const [version, info, mac] = children(readDer(p12))
    const [type, wrapped] = info === undefined ? [] : children(info)
    if (smallIntegerOf(version) !== 3 || oidOf(type) !== oids.data || wrapped === undefined || mac === undefined) {
      throw new Error('not PKCS#12 under a password')
    }
    return { contents: octetsOf(readDer(wrapped.content)), mac }
  } catch (cause) {
    throw damagedSealFile('file', cause)
  }
}

/** The bytes of an OCTET STRING, in BER possibly in pieces. */
function octetsOf(element: DerElement): Uint8Array {
  return (element.tag & 0x20) === 0 ? element.content : Buffer.concat(children(element).map(octetsOf))
}

const macDigests: Readonly<Record<string, MacDigest>> = {
  [oids.sha1]: 'sha1',
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
}

function refuseWrongPin(contents: Uint8Array, mac: DerElement, pin: string): void {
  let isRight: boolean
  try {
    const [info, salt, count] = children(mac)
    const [algorithm, value] = info === undefined ? [] : children(info)
    const digest = macDigests[oidOf(algorithm === undefined ? undefined : children(algorithm)[0])]
    if (digest === undefined || salt === undefined || value === undefined) throw new Error('a MAC of an unknown kind')
    const iterations = count === undefined ? 1 : iterationsOf(count)
    const own = sealFileMac(contents, { pin, salt: salt.content, iterations, digest })
    isRight = own.length === value.content.length && timingSafeEqual(own, value.content)
  } catch (cause) {
    throw damagedSealFile('file', cause)
  }
  if (!isRight) throw new AppError('SEAL_PIN_WRONG')
}

function iterationsOf(element: DerElement | undefined): number {
  const iterations = smallIntegerOf(element)
  if (iterations < 1 || iterations > maxIterations) throw new Error('too many iterations')
  return iterations
}

function safeContents(info: DerElement, pin: string): Uint8Array {
  const [type, wrapped] = children(info)
  if (wrapped === undefined) throw new Error('an empty part')
  if (oidOf(type) === oids.data) return octetsOf(readDer(wrapped.content))
  if (oidOf(type) !== oids.encryptedData) throw new Error('a part of an unknown kind')
  const [, encryptedInfo] = children(readDer(wrapped.content))
  const [, algorithm, encrypted] = encryptedInfo === undefined ? [] : children(encryptedInfo)
  return decrypted(algorithm, encrypted, pin)
}

const keyIn = (bag: DerElement, pin: string): Uint8Array[] => {
  const [type, wrapped] = children(bag)
  if (wrapped === undefined) return []
  if (oidOf(type) === oids.keyBag) return [wrapped.content]
  if (oidOf(type) !== oids.shroudedKeyBag) return []
  const [algorithm, encrypted] = children(readDer(wrapped.content))
  return [decrypted(algorithm, encrypted, pin)]
}

const certificateIn = (bag: DerElement): Uint8Array[] => {
  const [type, wrapped] = children(bag)
  if (oidOf(type) !== oids.certificateBag || wrapped === undefined) return []
  const [kind, value] = children(readDer(wrapped.content))
  return oidOf(kind) === oids.x509Certificate && value !== undefined ? [octetsOf(readDer(value.content))] : []
}

/** The MAC has shown that the PIN is right: what cannot be decrypted now is damaged. */
function decrypted(algorithm: DerElement | undefined, encrypted: DerElement | undefined, pin: string): Uint8Array {
  if (algorithm === undefined || encrypted === undefined) throw new Error('an empty part')
  const bytes = octetsOf(encrypted)
  const [type, parameters] = children(algorithm)
  if (oidOf(type) !== oids.pbes2 || parameters === undefined) return decryptedByForge(algorithm, bytes, pin)
  try {
    return decryptedByPbes2(parameters, bytes, pin)
  } catch (error) {
    // forge writes PBES2 with passwords beyond ASCII in an encoding of its own.
    if (/^[ -~]*$/.test(pin)) throw error
    return decryptedByForge(algorithm, bytes, pin)
  }
}

const derivationDigests: Readonly<Record<string, string>> = {
  [oids.hmacWithSha1]: 'sha1',
  [oids.hmacWithSha256]: 'sha256',
  [oids.hmacWithSha384]: 'sha384',
  [oids.hmacWithSha512]: 'sha512',
}

const ciphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  [oids.aes128Cbc]: { name: 'aes-128-cbc', keyBytes: 16 },
  [oids.aes192Cbc]: { name: 'aes-192-cbc', keyBytes: 24 },
  [oids.aes256Cbc]: { name: 'aes-256-cbc', keyBytes: 32 },
  [oids.tripleDesCbc]: { name: 'des-ede3-cbc', keyBytes: 24 },
}

/** PBES2 (RFC 8018, 6.2); the password's bytes are its UTF-8. HMAC with SHA-1 is PBKDF2's default. */
function decryptedByPbes2(parameters: DerElement, encrypted: Uint8Array, pin: string): Uint8Array {
  const [derivation, scheme] = children(parameters).map(children)
  const [salt, count, ...rest] = derivation?.[1] === undefined ? [] : children(derivation[1])
  const prf = rest.find(({ tag }) => tag === 0x30)
  const digest = prf === undefined ? 'sha1' : derivationDigests[oidOf(children(prf)[0])]
  const cipher = ciphers[oidOf(scheme?.[0])]
  const start = scheme?.[1]
  if (oidOf(derivation?.[0]) !== oids.pbkdf2 || salt === undefined || start === undefined) throw new Error('not PBKDF2')
  if (digest === undefined || cipher === undefined) throw new Error('an unknown encryption')
  const key = pbkdf2Sync(Buffer.from(pin, 'utf8'), salt.content, iterationsOf(count), cipher.keyBytes, digest)
  const decipher = createDecipheriv(cipher.name, key, start.content)
  const plain = Buffer.concat([decipher.update(encrypted), decipher.final()])
  // A wrong key gets past the padding once in 256 times.
  if (readDer(plain).raw.length !== plain.length) throw new Error('not decrypted')
  return plain
}

/** The encryptions of PKCS#12 itself (appendix C: triple DES, RC2), of which node:crypto has lost some. */
function decryptedByForge(algorithm: DerElement, encrypted: Uint8Array, pin: string): Uint8Array {
  const asKeyInfo = der.sequence(algorithm.raw, der.octets(encrypted))
  const plain = forge.pki.decryptPrivateKeyInfo(forge.asn1.fromDer(asKeyInfo.toString('latin1')), pin)
  if (plain === null) throw new Error('not decrypted')
  return Buffer.from(forge.asn1.toDer(plain).getBytes(), 'latin1')
}
