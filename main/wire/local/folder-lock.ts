import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../../preload/contract/errors.ts'

/** A held data folder. */
export type FolderLock = {
  /** Lets the folder go. Safe to call twice; the end of the process does it too, however it ends. */
  readonly release: () => void
}

/** Held connections stay reachable: a collected handle would be closed, and its lock be gone. */
const heldConnections = new Set<Database.Database>()

/**
 * Makes this process the one owner of a data folder, by an exclusive lock on `owner.lock` in it. The operating system
 * holds the lock, so a crash or a power cut frees it. Nothing else may open that file in this process: closing any handle
 * of it would drop the lock (POSIX). The folder must exist.
 *
 * Throws `FOLDER_IN_USE` where another process has it, `STORE_READ_ONLY` where the file cannot be made.
 */
export function lockFolder(folder: string): FolderLock {
  const file = join(folder, 'owner.lock')
  try {
    return lockFile(file)
  } catch (error) {
    if (codeOf(error) !== 'SQLITE_NOTADB') throw mapLockError(error)
  }
  // The file holds nothing but the lock: after a power cut left garbage in it, it is emptied, never replaced.
  truncateSync(file)
  try {
    return lockFile(file)
  } catch (error) {
    throw mapLockError(error)
  }
}

function lockFile(file: string): FolderLock {
  let connection: Database.Database | undefined
  try {
    connection = new Database(file, { timeout: 0 })
    connection.exec('BEGIN EXCLUSIVE')
    const held = connection
    heldConnections.add(held)
    const release = () => {
      heldConnections.delete(held)
      held.close()
    }
    return { release }
  } catch (error) {
    connection?.close()
    throw error
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

function mapLockError(error: unknown): unknown {
  const code = codeOf(error)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return new AppError('FOLDER_IN_USE', {}, { cause: error })
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR_LOCK)/.test(code))
    return new AppError('STORE_READ_ONLY', {}, { cause: error })
  if (code === 'SQLITE_FULL') return new AppError('DISK_FULL', {}, { cause: error })
  return error
}
