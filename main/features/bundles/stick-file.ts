import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, statfs } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { syncFolder } from '../../store/index.ts'

/** Written bytes are forced to the stick at least this often: what a pulled stick loses. */
const syncEveryBytes = 4 << 20

/** A file on a stick that is being written under a name of its own and gets its final one only when it is whole. */
export type StickFile = {
  /** Appends bytes. Throws STICK_FULL with `missingMb`, STICK_GONE, FILE_NOT_WRITABLE. */
  readonly append: (bytes: Uint8Array) => Promise<void>
  /** Forces everything to the stick and gives the file its final name, over one that is there. */
  readonly finish: (finalPath: string) => Promise<void>
  readonly close: () => Promise<void>
  readonly sizeBytes: () => number
}

/**
 * Opens an unfinished file on a stick, made with its folder where it is not there, cut off after `keepBytes`.
 * `stillToWrite` says how much room is missing when the stick is full.
 */
export async function openStickFile(path: string, keepBytes: number, stillToWrite: () => number): Promise<StickFile> {
  let handle: FileHandle | undefined
  let size = keepBytes
  let unsynced = 0
  const fail = async (cause: unknown): Promise<never> => {
    throw await stickError(cause, path, stillToWrite())
  }
  try {
    await mkdir(dirname(path), { recursive: true })
    handle = keepBytes === 0 ? await openAnew(path) : await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0))
    await handle.truncate(keepBytes)
  } catch (cause) {
    await handle?.close()
    return fail(cause)
  }
  const file = handle
  const sync = async () => {
    await file.sync()
    unsynced = 0
  }
  return {
    sizeBytes: () => size,
    append: async (bytes) => {
      try {
        for (let at = 0; at < bytes.length; )
          at += (await file.write(bytes, at, bytes.length - at, size + at)).bytesWritten
        size += bytes.length
        unsynced += bytes.length
        if (unsynced >= syncEveryBytes) await sync()
      } catch (cause) {
        await fail(cause)
      }
    },
    finish: async (finalPath) => {
      try {
        await sync()
        await file.close()
        await rename(path, finalPath)
        syncFolder(dirname(finalPath))
      } catch (cause) {
        await fail(cause)
      }
    },
    close: () => file.close().catch(() => undefined),
  }
}

/** A file of our own under this name, whatever stood there: a link on a stick would have us write over what it points to. */
async function openAnew(path: string): Promise<FileHandle> {
  await rm(path, { force: true })
  return open(path, 'wx')
}

/** What the system says of a stick, in our words. */
async function stickError(cause: unknown, path: string, stillToWrite: number): Promise<AppError> {
  const { code = '' } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const free = await statfs(dirname(path)).catch(() => undefined)
    return stickFull(stillToWrite - (free === undefined ? 0 : free.bavail * free.bsize), cause)
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new AppError('FILE_NOT_WRITABLE', { name: basename(path) }, { cause })
  return new AppError('STICK_GONE', {}, { cause })
}

/** STICK_FULL with what is missing, in whole megabytes. */
export function stickFull(missingBytes: number, cause?: unknown): AppError {
  return new AppError('STICK_FULL', { missingMb: Math.max(1, Math.ceil(missingBytes / 1_000_000)) }, { cause })
}
