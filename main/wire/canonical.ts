import { createHash, createHmac, createSecretKey, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'

/** Canonical JSON bytes by RFC 8785: the same value gives the same bytes on every machine. Throws on what JSON cannot hold. */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('a value that JSON cannot hold has no canonical bytes')
  return Buffer.from(text, 'utf8')
}

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256Hex(...parts: (Uint8Array | string)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** HMAC-SHA-256 as bytes. */
export function hmacSha256(key: Uint8Array, message: string): Buffer {
  // Bytes as a key cost several times what the key object does: Node asks first whether they are another kind of key.
  return createHmac('sha256', createSecretKey(key)).update(message).digest()
}

/** A fresh secret of 16 random bytes, as 32 hexadecimal digits: from it the salts of one subject derive. */
export function newSubjectSecret(): string {
  return randomBytes(16).toString('hex')
}
