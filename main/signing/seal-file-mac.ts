import { createHash, createHmac } from 'node:crypto'

/** A digest that a PKCS#12 file's MAC may be made with; the length of its blocks. */
const blockBytes = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 } as const

/** Its name as node:crypto has it. */
export type MacDigest = keyof typeof blockBytes

/** How a file's MAC is made: a password, and what stands in the file. */
type MacOrder = {
  readonly pin: string
  readonly salt: Uint8Array
  readonly iterations: number
  readonly digest: MacDigest
}

/** The MAC over the contents of a PKCS#12 file (RFC 7292, 4). Takes as long as its iterations say. */
export const sealFileMac = (contents: Uint8Array, order: MacOrder): Buffer =>
  createHmac(order.digest, macKey(order)).update(contents).digest()

/** RFC 7292, B.2, for a key as long as the digest: its first block is the whole. node:crypto has no such derivation, forge's takes ten times as long. */
function macKey({ pin, salt, iterations, digest }: MacOrder): Buffer {
  const block = blockBytes[digest]
  // The purpose of the key (B.3): 3 is a MAC.
  const purpose = Buffer.alloc(block, 3)
  let key = createHash(digest)
    .update(purpose)
    .update(wholeBlocks(salt, block))
    .update(wholeBlocks(passwordBytes(pin), block))
    .digest()
  for (let round = 1; round < iterations; round++) key = createHash(digest).update(key).digest()
  return key
}

/** B.1: UTF-16 with the high byte first, and an end of two zero bytes. */
const passwordBytes = (pin: string): Buffer => Buffer.from(`${pin}\0`, 'utf16le').swap16()

/** Bytes again and again until they fill whole blocks; nothing stays nothing. */
const wholeBlocks = (bytes: Uint8Array, block: number): Buffer =>
  bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes)
