import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { withMappedErrors } from './sqlite-errors.ts'

/**
 * Replaces a small file whole or not at all: written aside, synced, renamed, the folder synced. Readable by its owner
 * alone. Throws `DISK_FULL` or `STORE_READ_ONLY`; the old content is then still there.
 * @param aside where it is written first. By default a fixed name, which a start after a crash writes over: right in a data
 * folder alone, not among other people's files.
 */
export function writeFileDurably(file: string, content: string | Uint8Array, aside = `${file}.aside`): void {
  withMappedErrors(() => {
    try {
      const handle = openSync(aside, 'w', 0o600)
      try {
        writeFileSync(handle, content)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      renameSync(aside, file)
    } catch (error) {
      rmSync(aside, { force: true })
      throw error
    }
    syncFolder(dirname(file))
  })
}

/** Makes renames in a folder durable. Windows has no such call for folders: its renames are durable with the file. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** As `syncFolder`, while the process goes on with other work: a disk that is busy takes seconds for it. */
export async function syncFolderAside(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Syncs a file that was written by other means. */
export function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Makes a folder that only its owner may enter, where none is. Not `recursive`: Node then tells a read-only disk as a missing file. */
export function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
}
