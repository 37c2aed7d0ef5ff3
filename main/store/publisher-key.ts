import { z } from 'zod'
import { publisherKeySchema } from '../../preload/contract/catalogue.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { readGivenFile } from '../wire/local/given-file.ts'
import { isPublicKey, makeKeyPair, type Signer, signerOf } from '../wire/signatures.ts'
import { writeFileDurably } from './durable-file.ts'
import { type PinCost, pinCostSchema } from './vault-file.ts'
import { unwrapKey, wrapKey } from './vault-keys.ts'

/**
 * The key that signs releases of the catalogue, as it lies in a file: the public half in clear, the private one under a PIN
 * of its own (Argon2id, AES-256-GCM). Nothing of the machine goes in: a copy of the file can be used anywhere.
 */
const publisherKeySchemaOfFile = z.strictObject({
  format: z.literal(1),
  kind: z.literal('publisher-key'),
  /** Whose key it is, in words. */
  name: z.string().min(1).max(60),
  publicKey: publisherKeySchema,
  salt: z.base64(),
  cost: pinCostSchema,
  nonce: z.base64(),
  wrapped: z.base64(),
})

/** A publisher's key as it lies in its file. */
export type PublisherKey = z.infer<typeof publisherKeySchemaOfFile>

const defaultCost: PinCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 }
const shortestPin = 6
/** Some hundred bytes are usual. */
const largestFileBytes = 64 * 1024
const noMachine = new Uint8Array(0)

/** Makes a fresh key under a PIN of at least six characters. Throws INPUT_INVALID for a shorter one. */
export async function makePublisherKey(name: string, pin: string, cost = defaultCost): Promise<PublisherKey> {
  assertPin(pin)
  const pair = makeKeyPair()
  const wrapped = await wrapKey(Buffer.from(pair.privateKey, 'base64'), pair.publicKey, pin, noMachine, cost)
  return publisherKeySchemaOfFile.parse({
    format: 1,
    kind: 'publisher-key',
    name,
    publicKey: pair.publicKey,
    ...wrapped,
  })
}

function assertPin(pin: string): void {
  if (pin.length < shortestPin || pin.length > 64)
    throw new AppError('INPUT_INVALID', { field: '口令要有 6 到 64 个字' })
}

/** Opens a key with its PIN. Throws PUBLISHER_PIN_WRONG, PUBLISHER_KEY_DAMAGED. */
export async function openPublisherKey(
  key: PublisherKey,
  pin: string,
): Promise<{ readonly publicKey: string; readonly sign: Signer }> {
  const privateKey = await privateHalf(key, pin)
  return { publicKey: key.publicKey, sign: signerOf(Buffer.from(privateKey).toString('base64')) }
}

/**
 * The same key under another PIN, wrapped anew. Copies of the file elsewhere keep the old PIN. Throws PUBLISHER_PIN_WRONG,
 * PUBLISHER_KEY_DAMAGED, INPUT_INVALID for a short one.
 */
export async function withNewPin(key: PublisherKey, pin: string, newPin: string): Promise<PublisherKey> {
  assertPin(newPin)
  const privateKey = await privateHalf(key, pin)
  return { ...key, ...(await wrapKey(privateKey, key.publicKey, newPin, noMachine, key.cost)) }
}

async function privateHalf(key: PublisherKey, pin: string): Promise<Uint8Array> {
  if (!isPublicKey(key.publicKey)) throw new AppError('PUBLISHER_KEY_DAMAGED')
  const privateKey = await unwrapKey(key, key.publicKey, pin, noMachine)
  if (privateKey === undefined) throw new AppError('PUBLISHER_PIN_WRONG')
  return privateKey
}

/** Reads a key's file. Throws PUBLISHER_KEY_DAMAGED, and as `readGivenFile`. */
export function readPublisherKey(file: string): PublisherKey {
  const given = readGivenFile(file, largestFileBytes)
  if ('tooLargeBytes' in given) throw new AppError('PUBLISHER_KEY_DAMAGED')
  return publisherKeyFrom(given.bytes.toString('utf8'))
}

/** A key from the text of its file. Throws PUBLISHER_KEY_DAMAGED. */
export function publisherKeyFrom(text: string): PublisherKey {
  try {
    return publisherKeySchemaOfFile.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('PUBLISHER_KEY_DAMAGED', {}, { cause })
  }
}

/** Writes a key's file, readable by its owner alone. `aside` as of `writeFileDurably`. Throws DISK_FULL, STORE_READ_ONLY. */
export function writePublisherKey(file: string, key: PublisherKey, aside?: string): void {
  writeFileDurably(file, `${JSON.stringify(key, null, 2)}\n`, aside)
}
