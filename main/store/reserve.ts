import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mapSqliteError, withMappedErrors } from './sqlite-errors.ts'

/**
 * Space kept back by a file of ballast, so that a full disk does not trap a clerk's work: when it fills, the ballast goes,
 * and what is small and dear (a login, drafts, entries) can still be written. Files are refused while it is gone.
 */
export type Reserve = {
  /** Whether the ballast lies in its place: false means that the disk is, or was lately, full. */
  readonly isHeld: () => boolean
  /** Gives the space back. Says whether there was any. */
  readonly release: () => boolean
  /** Gives the space back where there is hardly any other, before something that needs a little. */
  readonly makeRoom: () => void
  /** Takes the space again where the disk has at least as much to spare besides; says whether it is held now. */
  readonly restore: () => boolean
}

const chunkBytes = 256 * 1024
const littleBytes = 1024 * 1024

/** Where the ballast of a data folder lies. */
export function reserveFileIn(folder: string): string {
  return join(folder, 'reserve.bin')
}

/** The reserve of `sizeBytes` in `file`. Takes nothing yet: see `restore`. Its functions throw nothing for a full disk. */
export function reserveOf(file: string, sizeBytes: number): Reserve {
  const isHeld = () => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= sizeBytes
  const release = () => {
    const wasHeld = isHeld()
    withMappedErrors(() => rmSync(file, { force: true }))
    return wasHeld
  }
  return {
    isHeld,
    release,
    makeRoom() {
      if (freeBytes(file) < littleBytes) release()
    },
    restore: () => isHeld() || (freeBytes(file) >= 2 * sizeBytes && fill(file, sizeBytes)),
  }
}

function freeBytes(file: string): number {
  const { bavail, bsize } = withMappedErrors(() => statfsSync(dirname(file)))
  return bavail * bsize
}

function fill(file: string, sizeBytes: number): boolean {
  try {
    const handle = openSync(file, 'w', 0o600)
    try {
      for (let written = 0; written < sizeBytes; written += chunkBytes) {
        const chunk = randomBytes(Math.min(chunkBytes, sizeBytes - written)) // a file system may compress anything else
        if (writeSync(handle, chunk) < chunk.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' })
      }
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    return true
  } catch (error) {
    rmSync(file, { force: true })
    const mapped = mapSqliteError(error)
    if (mapped === error) throw error
    return false
  }
}
