import { type Certificate, tryCertificate } from '../certificate.ts'
import { der } from '../der.ts'
import { digestIdentifier, digestOf } from '../digest.ts'
import { ecdsaValue } from '../sm2.ts'
import {
  ck,
  cryptokiError,
  readTokenInfo,
  readUlong,
  rv,
  tokenInfoBytes,
  triple,
  tripleLength,
  ulongs,
  writeUlongs,
} from './cryptoki.ts'
import type { TokenLibrary } from './library.ts'

/** A token in a slot. */
export type FoundToken = {
  readonly slot: number
  readonly serial: string
  readonly label: string
  readonly manufacturer: string
  readonly model: string
  readonly isPinLocked: boolean
}

/** A certificate in a token; `id` is its key's too (CKA_ID, lower-case hexadecimal). */
export type FoundCertificate = { readonly id: string; readonly certificate: Certificate }

/** A private key in a token, by its handle in the session; `type` is its CK_KEY_TYPE. */
export type FoundKey = { readonly id: string; readonly handle: number; readonly type: number }

/** The tokens that are plugged in. */
export async function findTokens(library: TokenLibrary): Promise<FoundToken[]> {
  const count = ulongs(1)
  await library.demand('C_GetSlotList', 1, null, count)
  const slots = ulongs(Math.max(1, readUlong(count, 0)))
  await library.demand('C_GetSlotList', 1, slots, count)
  const found: FoundToken[] = []
  for (let index = 0; index < readUlong(count, 0); index++) {
    const slot = readUlong(slots, index)
    const memory = Buffer.alloc(tokenInfoBytes)
    // Pulled out since the list was made.
    if ((await library.call('C_GetTokenInfo', slot, memory)) !== rv.ok) continue
    const { flags, ...info } = readTokenInfo(memory)
    // A slot that waits to be initialised has no serial number, or one of zeros, and nothing in it.
    found.push({ slot, ...info, isPinLocked: (flags & ck.userPinLocked) !== 0 })
  }
  return found
}

/** Opens a session that reads. */
export async function openSession(library: TokenLibrary, slot: number): Promise<number> {
  const handle = ulongs(1)
  await library.demand('C_OpenSession', slot, ck.serialSession, null, null, handle)
  return readUlong(handle, 0)
}

/** The certificates in the token; what cannot be read as one is left out. */
export async function findCertificates(library: TokenLibrary, session: number): Promise<FoundCertificate[]> {
  const found: FoundCertificate[] = []
  for (const handle of await findObjects(library, session, ck.certificate)) {
    const value = await readAttribute(library, session, handle, ck.attributeValue)
    const certificate = value === undefined ? undefined : tryCertificate(value)
    const id = await readAttribute(library, session, handle, ck.attributeId)
    if (certificate !== undefined) found.push({ id: (id ?? Buffer.alloc(0)).toString('hex'), certificate })
  }
  return found
}

/** The private keys in the token, seen after logging in. */
export async function findKeys(library: TokenLibrary, session: number): Promise<FoundKey[]> {
  const found: FoundKey[] = []
  for (const handle of await findObjects(library, session, ck.privateKey)) {
    const id = await readAttribute(library, session, handle, ck.attributeId)
    const type = await readAttribute(library, session, handle, ck.attributeKeyType)
    if (id !== undefined && type !== undefined) found.push({ id: id.toString('hex'), handle, type: readUlong(type, 0) })
  }
  return found
}

const handlesAtOnce = 64

async function findObjects(library: TokenLibrary, session: number, objectClass: number): Promise<number[]> {
  const value = writeUlongs(objectClass)
  const wanted = triple(ck.attributeClass, library.addressOf(value), value.length)
  await library.demand('C_FindObjectsInit', session, wanted, 1)
  const found: number[] = []
  try {
    for (;;) {
      const [handles, count] = [ulongs(handlesAtOnce), ulongs(1)]
      await library.demand('C_FindObjects', session, handles, handlesAtOnce, count)
      const got = readUlong(count, 0)
      for (let index = 0; index < got; index++) found.push(readUlong(handles, index))
      if (got < handlesAtOnce) return found
    }
  } finally {
    await library.call('C_FindObjectsFinal', session)
  }
}

/** `undefined` where the object has no such attribute, or does not show it. */
async function readAttribute(
  library: TokenLibrary,
  session: number,
  handle: number,
  type: number,
): Promise<Buffer | undefined> {
  const asked = triple(type, 0n, 0)
  const value = await library.call('C_GetAttributeValue', session, handle, asked, 1)
  const length = tripleLength(asked)
  if (value !== rv.ok || length < 0) return undefined
  const memory = Buffer.alloc(Math.max(1, length))
  await library.demand('C_GetAttributeValue', session, handle, triple(type, library.addressOf(memory), length), 1)
  return memory.subarray(0, length)
}

/**
 * The signature over `data` with SHA-256: PKCS#1 1.5, or the DER of (r, s). A token that cannot hash for RSA is given the
 * hash. Throws as `cryptokiError`.
 */
export async function signWithToken(
  library: TokenLibrary,
  session: number,
  key: FoundKey,
  data: Uint8Array,
): Promise<Buffer> {
  const digest = digestOf('sha256', data)
  if (key.type === ck.keyEc) return ecdsaValue(await sign(library, session, key, ck.ecdsa, digest))
  const started = await startSigning(library, session, key, ck.sha256RsaPkcs)
  if (started === rv.ok) return finishSigning(library, session, Buffer.from(data))
  if (started !== rv.mechanismInvalid) throw cryptokiError('C_SignInit', started)
  // DigestInfo (RFC 8017, 9.2).
  return sign(library, session, key, ck.rsaPkcs, der.sequence(digestIdentifier('sha256'), der.octets(digest)))
}

async function sign(
  library: TokenLibrary,
  session: number,
  key: FoundKey,
  mechanism: number,
  data: Buffer,
): Promise<Buffer> {
  const started = await startSigning(library, session, key, mechanism)
  if (started !== rv.ok) throw cryptokiError('C_SignInit', started)
  return finishSigning(library, session, data)
}

const startSigning = (library: TokenLibrary, session: number, key: FoundKey, mechanism: number): Promise<number> =>
  library.call('C_SignInit', session, triple(mechanism, 0n, 0), key.handle)

/** Room for RSA of 8192 bits. */
const maxSignatureBytes = 1024

async function finishSigning(library: TokenLibrary, session: number, data: Buffer): Promise<Buffer> {
  const signature = Buffer.alloc(maxSignatureBytes)
  const length = writeUlongs(maxSignatureBytes)
  await library.demand('C_Sign', session, data, data.length, signature, length)
  return signature.subarray(0, readUlong(length, 0))
}
