import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { mapSqliteError } from './sqlite-errors.ts'

/**
 * Space kept back by a file of ballast, so that a full disk does not trap a clerk's work: when it fills, the ballast goes,
 * and what is small and dear (drafts, entries) can still be written. Files are refused while it is gone.
 */
export type Reserve = {
  /** Whether the ballast lies in its place: false means that the disk is, or was lately, full. */
  readonly isHeld: () => boolean
  /** Gives the space back. Says whether there was any. */
  readonly release: () => boolean
  /** Takes the space again where the disk has room; says whether it is held now. */
  readonly restore: () => boolean
}

const chunkBytes = 256 * 1024

/** A reserve of `sizeBytes` in `file`, taken at once where the disk has room. Throws nothing for a full disk. */
export function holdReserve(file: string, sizeBytes: number): Reserve {
  const isHeld = () => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= sizeBytes
  const restore = () => isHeld() || fill(file, sizeBytes)
  restore()
  const release = () => {
    if (!isHeld()) return false
    rmSync(file, { force: true })
    return true
  }
  return { isHeld, release, restore }
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
