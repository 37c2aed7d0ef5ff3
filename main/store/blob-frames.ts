import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from '../../preload/contract/errors.ts'

/** Plain bytes in a full frame; the last frame may be shorter, even empty. */
export const frameBytes = 64 * 1024

/** Bytes of the tag after each frame. */
export const tagBytes = 16

/** A file's header: 4 bytes of format, 16 of salt. */
export const headerBytes = 20

const magic = Buffer.from('CCB1', 'latin1')

/**
 * The cipher of one file: AES-256-GCM frames under a key of its own (HKDF-SHA-256 from the store's key and the header's
 * random salt), as in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce holds the frame's
 * number and whether it is the last, so frames cannot be moved, left out, or cut off at the end.
 */
export type FrameCipher = {
  readonly header: Buffer
  /** Encrypts one frame with its tag behind it. */
  readonly seal: (plain: Uint8Array, number: number, isLast: boolean) => Buffer
  /** Decrypts one frame. Throws `FILE_DAMAGED` for anything but exactly what was sealed in this place. */
  readonly open: (sealed: Uint8Array, number: number, isLast: boolean) => Buffer
}

/** The cipher for a new file. */
export function newFrameCipher(key: Uint8Array): FrameCipher {
  return frameCipher(key, Buffer.concat([magic, randomBytes(headerBytes - magic.length)]))
}

/** The cipher of a file with this header. Throws `FILE_DAMAGED` for a header of another format. */
export function frameCipherOf(key: Uint8Array, header: Uint8Array): FrameCipher {
  const bytes = Buffer.from(header)
  if (bytes.length !== headerBytes || !bytes.subarray(0, magic.length).equals(magic)) throw new AppError('FILE_DAMAGED')
  return frameCipher(key, bytes)
}

/** How many frames a file of this size holds, or undefined for a size that no file has. */
export function frameCount(fileBytes: number): number | undefined {
  const body = fileBytes - headerBytes
  if (body < tagBytes) return undefined
  const count = Math.ceil(body / (frameBytes + tagBytes))
  const lastFrame = body - (count - 1) * (frameBytes + tagBytes)
  return lastFrame >= tagBytes ? count : undefined
}

/** Plain bytes in a file of this size; 0 for a size that no file has. */
export function plainSize(fileBytes: number): number {
  const count = frameCount(fileBytes)
  return count === undefined ? 0 : fileBytes - headerBytes - count * tagBytes
}

function frameCipher(storeKey: Uint8Array, header: Buffer): FrameCipher {
  const key = Buffer.from(hkdfSync('sha256', storeKey, header, 'cunchuang blob 1', 32))
  return {
    header,
    seal(plain, number, isLast) {
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast))
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed, number, isLast) {
      const split = sealed.length - tagBytes
      if (split < 0) throw new AppError('FILE_DAMAGED')
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast), { authTagLength: tagBytes })
      decipher.setAuthTag(sealed.subarray(split))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(0, split)), decipher.final()])
      } catch (error) {
        throw new AppError('FILE_DAMAGED', {}, { cause: error })
      }
    },
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(number), 3)
  nonce[11] = isLast ? 1 : 0
  return nonce
}
