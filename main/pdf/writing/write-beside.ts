import { randomBytes } from 'node:crypto'
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'

/** Linux writes at most 2 GB at once; less lets a cancelled process stop sooner. */
const mostAtOnce = 64 * 1024 * 1024

/**
 * Writes a file whole or not at all: the parts go beside its place, reach the disk, and then take its name. Throws
 * DISK_FULL or FILE_NOT_WRITABLE with the file's `name`, also where a device, a pipe or a socket has that name; what was
 * there before is then still there.
 */
export async function writeBeside(path: string, parts: readonly Uint8Array[]): Promise<void> {
  // Not by the file's own name: one of 255 bytes leaves no room for more.
  const beside = join(dirname(path), `.cunchuang-${process.pid}-${randomBytes(4).toString('hex')}.part`)
  try {
    await refuseSpecial(path)
    const file = await open(beside, 'wx')
    try {
      for (const part of parts) await writeWhole(file, part)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw writeFailure(basename(path), cause)
  }
}

/** Renaming would put a plain file in the place of a device that every program of the machine uses. */
async function refuseSpecial(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined)
  if (there !== undefined && !there.isFile() && !there.isSymbolicLink()) throw new Error('not a plain file')
}

async function writeWhole(file: FileHandle, part: Uint8Array): Promise<void> {
  for (let at = 0; at < part.length; ) {
    const { bytesWritten } = await file.write(part, at, Math.min(mostAtOnce, part.length - at))
    at += bytesWritten
  }
}

function writeFailure(name: string, cause: unknown): AppError {
  const isFull = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
  return new AppError(isFull ? 'DISK_FULL' : 'FILE_NOT_WRITABLE', { name }, { cause })
}
