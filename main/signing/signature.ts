import { constants, createPublicKey, createVerify, type KeyObject } from 'node:crypto'
import { bitStringOf, children, type DerElement, der, oidOf, readDer, smallIntegerOf } from './der.ts'
import { type DigestName, readDigestName } from './digest.ts'
import { oids } from './oids.ts'
import { isSm2Signature, readSm2PublicKey } from './sm2.ts'

/** How a signature was made. */
export type SignatureScheme = {
  readonly kind: 'rsa' | 'rsa-pss' | 'ecdsa' | 'sm2'
  readonly digest: DigestName
  /** RSA-PSS alone: bytes of salt. */
  readonly saltLength?: number
}

/** 'rsa-sha256', 'rsa-pss-sha256', 'ecdsa-sha256', 'sm2-sm3' …; '' where the scheme is not known. */
export const schemeName = (scheme: SignatureScheme | undefined): string =>
  scheme === undefined ? '' : `${scheme.kind}-${scheme.digest}`

const fixedSchemes: Readonly<Record<string, SignatureScheme>> = {
  [oids.sha256WithRsa]: { kind: 'rsa', digest: 'sha256' },
  [oids.sha384WithRsa]: { kind: 'rsa', digest: 'sha384' },
  [oids.sha512WithRsa]: { kind: 'rsa', digest: 'sha512' },
  [oids.ecdsaWithSha256]: { kind: 'ecdsa', digest: 'sha256' },
  [oids.ecdsaWithSha384]: { kind: 'ecdsa', digest: 'sha384' },
  [oids.ecdsaWithSha512]: { kind: 'ecdsa', digest: 'sha512' },
  [oids.sm2WithSm3]: { kind: 'sm2', digest: 'sm3' },
}

/**
 * The scheme that an AlgorithmIdentifier names. Identifiers that name a key only (rsaEncryption, SM2's) take the CMS's
 * digest algorithm. `undefined` for what this program does not check, weak hashes (SHA-1, MD5) among them.
 */
export function readScheme(identifier: DerElement, digest?: DigestName): SignatureScheme | undefined {
  const [type, parameters] = children(identifier)
  const oid = oidOf(type)
  if (oid === oids.rsaPss) return readPss(parameters)
  if (oid === oids.rsaEncryption) return digest === undefined || digest === 'sm3' ? undefined : { kind: 'rsa', digest }
  if (oid === oids.sm2Sign) return digest === 'sm3' ? { kind: 'sm2', digest } : undefined
  return fixedSchemes[oid]
}

/** RSASSA-PSS-params (RFC 4055, 3.1). What is left out stands for SHA-1, which is refused. */
function readPss(parameters: DerElement | undefined): SignatureScheme | undefined {
  if (parameters?.tag !== 0x30) return undefined
  const fields = children(parameters)
  const field = (tag: number): DerElement | undefined => {
    const found = fields.find((one) => one.tag === tag)
    return found === undefined ? undefined : readDer(found.content)
  }
  const mask = field(0xa1)
  const [maskType, maskDigest] = mask === undefined ? [] : children(mask)
  const digest = readDigestName(field(0xa0))
  const salt = field(0xa2)
  const isUsual =
    oidOf(maskType) === oids.maskByHash && readDigestName(maskDigest) === digest && field(0xa3) === undefined
  if (digest === undefined || digest === 'sm3' || !isUsual) return undefined
  return { kind: 'rsa-pss', digest, saltLength: salt === undefined ? 20 : smallIntegerOf(salt) }
}

/**
 * Whether `signature` is that of the parts read one after another, by the key in a SubjectPublicKeyInfo. False also for a
 * key of another kind. Throws a plain Error where the key cannot be read.
 */
export function isSignatureOf(
  scheme: SignatureScheme,
  publicKeyInfo: DerElement,
  parts: readonly Uint8Array[],
  signature: Uint8Array,
): boolean {
  if (scheme.kind === 'sm2') {
    const publicHex = readSm2PublicKey(publicKeyInfo)
    return publicHex !== undefined && isSm2Signature(publicHex, parts, signature)
  }
  const key = readPublicKey(publicKeyInfo)
  if (!isStrong(key)) return false
  if (key.asymmetricKeyType !== (scheme.kind === 'ecdsa' ? 'ec' : 'rsa')) return false
  const verifier = createVerify(scheme.digest)
  for (const part of parts) verifier.update(part)
  if (scheme.kind !== 'rsa-pss') return verifier.verify(key, signature)
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength ?? 20 }
  return verifier.verify({ key, ...pss }, signature)
}

const leastRsaBits = 2048
const strongCurves: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1']

/** Smaller keys have been broken or soon will be: whoever breaks one signs whatever they like. */
function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'ec') return strongCurves.includes(asymmetricKeyDetails?.namedCurve)
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {}
  return asymmetricKeyType === 'rsa' && modulusLength >= leastRsaBits && publicExponent > 2n
}

/** Throws a plain Error where the key is damaged or of a kind that node:crypto does not know, SM2 among them. */
export function readPublicKey(publicKeyInfo: DerElement): KeyObject {
  const [algorithm, bits] = children(publicKeyInfo)
  const isPss = algorithm !== undefined && oidOf(children(algorithm)[0]) === oids.rsaPss
  // BoringSSL reads no id-RSASSA-PSS keys; the key itself is the same as under rsaEncryption (RFC 4055, 1.2).
  const info = isPss
    ? der.sequence(der.sequence(der.oid(oids.rsaEncryption), der.null()), der.bits(bitStringOf(bits)))
    : Buffer.from(publicKeyInfo.raw)
  return createPublicKey({ key: info, format: 'der', type: 'spki' })
}

/** Whether a signature by this scheme can be checked with the key at all, here and now, and proves anything. */
export function isReadableKey(scheme: SignatureScheme, publicKeyInfo: DerElement): boolean {
  try {
    return scheme.kind === 'sm2'
      ? readSm2PublicKey(publicKeyInfo) !== undefined
      : isStrong(readPublicKey(publicKeyInfo))
  } catch {
    return false
  }
}
