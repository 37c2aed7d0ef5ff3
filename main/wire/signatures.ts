// Owns: Ed25519 keys and what is signed with them: heads, answers of the centre, HTTP requests.
// Does not own: where keys are kept (main/store, central/identity.ts) or which nonces were seen (central/stations/authentication.ts).
// Start here: `signRequest` and `verifyRequest`.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { canonicalBytes } from './canonical.ts'
import type { Head } from './entry.ts'

/** An Ed25519 key pair: SPKI DER and PKCS#8 DER, both base64. */
export type KeyPair = { readonly publicKey: string; readonly privateKey: string }

/** Signs bytes with a key that its keeper does not hand out; gives 64 bytes (Ed25519). */
export type Signer = (bytes: Uint8Array) => Uint8Array

/** A signer with a private key at hand. */
export function signerOf(privateKey: string): Signer {
  const key = privateKeyOf(privateKey)
  return (bytes) => sign(null, bytes, key)
}

/** Makes a fresh Ed25519 key pair. */
export function makeKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  }
}

/** Whether a text is an Ed25519 public key as SPKI DER in base64. */
export function isPublicKey(publicKey: string): boolean {
  try {
    return publicKeyOf(publicKey).asymmetricKeyType === 'ed25519'
  } catch {
    return false
  }
}

/** Signs the canonical bytes (RFC 8785) of a value. Returns base64. */
export function signValue(signer: Signer, value: unknown): string {
  return Buffer.from(signer(canonicalBytes(value))).toString('base64')
}

/** Whether `signature` is the key owner's over the canonical bytes of `value`. Never throws: a broken key or signature is a no. */
export function verifyValue(publicKey: string, value: unknown, signature: string): boolean {
  try {
    return verify(null, canonicalBytes(value), publicKeyOf(publicKey), Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

/** A station's signature over the head of its chain: canonical bytes of {station, seq, hash}. Returns base64. */
export function signHead(signer: Signer, station: string, head: Head): string {
  return signValue(signer, { station, seq: head.seq, hash: head.hash })
}

/** Whether a head was signed by the station's key. */
export function verifyHead(publicKey: string, station: string, head: Head, signature: string): boolean {
  return verifyValue(publicKey, { station, seq: head.seq, hash: head.hash }, signature)
}

/** What a request signature covers. `path` is the request target as sent, with its query. */
export type SignedRequest = { readonly method: string; readonly path: string; readonly body?: Uint8Array | undefined }

/** Who signs, and when (seconds since 1970 by the centre's time as far as the signer knows it). */
export type RequestSigner = { readonly keyId: string; readonly sign: Signer; readonly createdSeconds: number }

/** What a verified signature says. */
export type RequestSignature = { readonly keyId: string; readonly nonce: string; readonly createdSeconds: number }

/**
 * Signs a request by RFC 9421 (HTTP message signatures) with RFC 9530 Content-Digest: always "@method" "@path" "@query",
 * with a body also "content-digest". One fixed form is written and only that form is read: there is no second way to say
 * the same that a verifier could misread. Returns the headers to send.
 */
export function signRequest(request: SignedRequest, signer: RequestSigner): Record<string, string> {
  const nonce = randomBytes(12).toString('base64url')
  const { keyId, createdSeconds } = signer
  const parameters = signatureParameters(request.body !== undefined, { keyId, nonce, createdSeconds })
  const digest = request.body === undefined ? undefined : contentDigest(request.body)
  const base = signatureBase(request, digest, parameters)
  const signature = Buffer.from(signer.sign(Buffer.from(base))).toString('base64')
  return {
    ...(digest === undefined ? {} : { 'content-digest': digest }),
    'signature-input': `sig=${parameters}`,
    signature: `sig=:${signature}:`,
  }
}

/** What the verifier reads from the headers. */
export type SignatureHeaders = {
  readonly 'content-digest'?: string | undefined
  readonly 'signature-input'?: string | undefined
  readonly signature?: string | undefined
}

/** Reads who claims to have signed, without believing it yet: to find the key. Undefined where the headers are missing or of another form. */
export function readSignature(headers: SignatureHeaders): RequestSignature | undefined {
  const match = signatureInputForm.exec(headers['signature-input'] ?? '')
  const [, , created, nonce, keyId] = match ?? []
  if (created === undefined || nonce === undefined || keyId === undefined) return undefined
  return { keyId, nonce, createdSeconds: Number(created) }
}

/**
 * Whether a request carries the key owner's signature over exactly this method, target and body. Says nothing of its age:
 * a village's clock may be years off, so the window is the centre's business (central/stations/authentication.ts), measured in the
 * centre's own time, which a refused station is told and signs with.
 */
export function verifyRequest(request: SignedRequest, headers: SignatureHeaders, publicKey: string): boolean {
  const claimed = readSignature(headers)
  const signature = /^sig=:([A-Za-z0-9+/]{86}==):$/.exec(headers.signature ?? '')?.[1]
  if (claimed === undefined || signature === undefined) return false
  const parameters = signatureParameters(request.body !== undefined, claimed)
  if (headers['signature-input'] !== `sig=${parameters}`) return false
  const digest = request.body === undefined ? undefined : contentDigest(request.body)
  if (digest !== headers['content-digest']) return false
  try {
    const base = Buffer.from(signatureBase(request, digest, parameters))
    return verify(null, base, publicKeyOf(publicKey), Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

const signatureInputForm =
  /^sig=\(("@method" "@path" "@query"(?: "content-digest")?)\);created=([0-9]{1,11});nonce="([A-Za-z0-9_-]{16,64})";keyid="([A-Za-z0-9-]{1,64})";alg="ed25519"$/

function signatureParameters(hasBody: boolean, { keyId, nonce, createdSeconds }: RequestSignature): string {
  const components = `"@method" "@path" "@query"${hasBody ? ' "content-digest"' : ''}`
  return `(${components});created=${createdSeconds};nonce="${nonce}";keyid="${keyId}";alg="ed25519"`
}

function signatureBase(request: SignedRequest, digest: string | undefined, parameters: string): string {
  const mark = request.path.indexOf('?')
  const lines = [
    `"@method": ${request.method.toUpperCase()}`,
    `"@path": ${mark < 0 ? request.path : request.path.slice(0, mark)}`,
    `"@query": ${mark < 0 ? '?' : request.path.slice(mark)}`,
    ...(digest === undefined ? [] : [`"content-digest": ${digest}`]),
    `"@signature-params": ${parameters}`,
  ]
  return lines.join('\n')
}

function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}

function publicKeyOf(base64: string) {
  return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
}

function privateKeyOf(base64: string) {
  return createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })
}
