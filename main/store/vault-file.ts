import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import { writeFileDurably } from './durable-file.ts'
import { reserveFileIn, reserveOf } from './reserve.ts'
import { mapSqliteError } from './sqlite-errors.ts'

/** How dear one try of a PIN is, as it lies in a file. */
export const pinCostSchema = z.strictObject({
  memoryKiB: z.int().min(8).max(4_194_304),
  passes: z.int().min(1).max(100),
  lanes: z.int().min(1).max(16),
})

const accountSchema = z.strictObject({
  name: z.string().min(1).max(64),
  salt: z.base64(),
  cost: pinCostSchema,
  nonce: z.base64(),
  /** The database key, AES-256-GCM, tag behind it. */
  wrapped: z.base64(),
  /** Wrong tries since the last right one, counted before each try. */
  failures: z.int().min(0),
  /** A running wait: from when (UTC) and how long. */
  wait: z.strictObject({ from: z.iso.datetime(), seconds: z.int().min(1) }).nullable(),
})

const vaultFileSchema = z.strictObject({
  format: z.literal(1),
  /** Tells whether a key is the key of this vault, and says nothing about it. */
  keyCheck: z.string().regex(/^[0-9a-f]{64}$/),
  accounts: z.array(accountSchema).max(200),
})

/** How dear one try of a PIN is: Argon2id's memory (KiB), passes and lanes. */
export type PinCost = z.infer<typeof pinCostSchema>

/** One account's wrapped key and tries. */
export type VaultAccount = z.infer<typeof accountSchema>

/** What `vault.json` holds. */
export type VaultFile = z.infer<typeof vaultFileSchema>

/** Reads a vault file. Throws `NOT_FOUND` where none is, `STORE_DAMAGED` (`reason: 'vault'`) for anything but a vault. */
export function readVaultFile(file: string): VaultFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new AppError('NOT_FOUND', { what: 'vault' }, { cause: error })
    }
    throw mapSqliteError(error)
  }
  try {
    return vaultFileSchema.parse(JSON.parse(text), { jitless: true })
  } catch (error) {
    throw new AppError('STORE_DAMAGED', { reason: 'vault' }, { cause: error })
  }
}

/** Writes a vault file whole or not at all; a full disk gives its reserve for it, or nobody could log in. Throws `DISK_FULL` or `STORE_READ_ONLY`. */
export function writeVaultFile(file: string, vault: VaultFile): void {
  const text = `${JSON.stringify(vault, null, 2)}\n`
  try {
    writeFileDurably(file, text)
  } catch (error) {
    const isFull = error instanceof AppError && error.code === 'DISK_FULL'
    if (!isFull || !reserveOf(reserveFileIn(dirname(file)), 1).release()) throw error
    writeFileDurably(file, text)
  }
}
