// Owns: reading a file that somebody names: a regular one, within a bound, as it lies there.
// Does not own: what its bytes mean (whoever asked for them).
// Start here: `readGivenFile`.
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'

/** A file's bytes, or how large it is where it is too large to be read. */
export type GivenFile = { readonly bytes: Buffer } | { readonly tooLargeBytes: number }

/**
 * Reads a regular file of at most so many bytes; of a larger one its size alone. Throws FILE_NOT_FOUND, and INPUT_INVALID for a
 * folder, a pipe or a device (which may have no end, or never begin), one that may not be read, and one that is being written.
 */
export function readGivenFile(path: string, mostBytes: number): GivenFile {
  const name = basename(path)
  return told(name, () => {
    // A pipe that nobody writes to keeps a plain open waiting for ever.
    const handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const facts = fstatSync(handle)
      if (!facts.isFile()) throw unfit(`${name} 不是普通文件`)
      if (facts.size > mostBytes) return { tooLargeBytes: facts.size }
      return { bytes: readAll(handle, facts.size, name) }
    } finally {
      closeSync(handle)
    }
  })
}

/** The names in a folder. Throws FILE_NOT_FOUND, INPUT_INVALID for one that may not be read. */
export function namesInFolder(folder: string): string[] {
  return told(basename(folder), () => readdirSync(folder))
}

/** As many bytes as there were at first: a file that grows all the time has no end. */
function readAll(handle: number, sizeBytes: number, name: string): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  for (let at = 0; at < sizeBytes; ) {
    const read = readSync(handle, bytes, at, sizeBytes - at, at)
    if (read === 0) throw unfit(`${name} 正在被别的程序改写，请等它写完`)
    at += read
  }
  return bytes
}

function told<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new AppError('FILE_NOT_FOUND', { name }, { cause })
    if (code === 'EACCES' || code === 'EPERM') throw unfit(`没有权限读 ${name}`, cause)
    throw unfit(`${name} 读不出来`, cause)
  }
}

function unfit(field: string, cause?: unknown): AppError {
  return new AppError('INPUT_INVALID', { field }, { cause })
}
