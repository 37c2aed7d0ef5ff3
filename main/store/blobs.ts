import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { AppError } from '../../preload/contract/errors.ts'
import {
  type FrameCipher,
  frameBytes,
  frameCipherOf,
  frameCount,
  headerBytes,
  newFrameCipher,
  plainSize,
  tagBytes,
} from './blob-frames.ts'
import { makeFolder, syncFolderAside } from './durable-file.ts'
import { mapSqliteError, withMappedErrors, withMappedErrorsAsync } from './sqlite-errors.ts'

/** A stored file: its name is the SHA-256 of its plain bytes, 64 lower-case hexadecimal digits. */
export type StoredBlob = { readonly sha256: string; readonly sizeBytes: number }

/** How to open the blobs of a store. */
export type BlobOptions = {
  readonly folder: string
  /** The store's 32-byte key. */
  readonly key: Uint8Array
  /** Whether there is room to spare; where it says no, files are refused (`DISK_FULL`) so that cases still fit. */
  readonly hasReserve?: () => boolean
}

/** Encrypted files, named by their content. */
export type BlobStore = {
  /**
   * Stores a stream: durable in its place when this resolves, and nothing left behind when it rejects. The same bytes twice
   * are one blob. Throws `FILE_TOO_LARGE` (`limitBytes`) as soon as the stream passes the limit, `DISK_FULL`,
   * `STORE_READ_ONLY`, or what the source throws.
   */
  readonly put: (
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    limits: { readonly limitBytes: number },
  ) => Promise<StoredBlob>
  /** Facts of a blob. Throws `NOT_FOUND`. */
  readonly stat: (sha256: string) => StoredBlob
  /**
   * The plain bytes as a stream. Every frame is checked before it is given out, the whole before the last one is: a damaged
   * file ends in the error `FILE_DAMAGED`, never in a clean end. Throws `NOT_FOUND` at once.
   */
  readonly read: (sha256: string) => Readable
  /**
   * The plain bytes from an offset on, without those before it. Every frame is checked, the whole is not: a file that lies
   * under another's name shows only to `read`. Past the end there is nothing. Throws as `read`.
   */
  readonly readFrom: (sha256: string, offset: number) => Readable
  /** The plain bytes at once, for small files. Throws as `read`. */
  readonly readAll: (sha256: string) => Promise<Buffer>
  readonly has: (sha256: string) => boolean
  /** Removes a blob; one that is not there is no failure. */
  readonly remove: (sha256: string) => Promise<void>
}

/** Opens a blob folder (made where none is, in a folder that exists) and clears away what an interrupted write left. Throws `STORE_READ_ONLY` or `DISK_FULL`. */
export function openBlobs(options: BlobOptions): BlobStore {
  const aside = join(options.folder, 'aside')
  withMappedErrors(() => {
    makeFolder(options.folder)
    makeFolder(aside)
    for (const name of readdirSync(aside)) rmSync(join(aside, name), { force: true })
  })
  const find = (sha256: string) => {
    const file = placeOf(options.folder, sha256)
    if (!existsSync(file)) throw new AppError('NOT_FOUND', { what: '文件' })
    return file
  }
  const read = (sha256: string) => Readable.from(plainFrames(find(sha256), options.key, sha256), { objectMode: false })
  return {
    put: (source, { limitBytes }) => putBlob(options, join(aside, `${randomUUID()}.part`), source, limitBytes),
    stat: (sha256) => ({ sha256, sizeBytes: plainSize(statSync(find(sha256)).size) }),
    read,
    readFrom: (sha256, offset) =>
      Readable.from(plainFramesFrom(find(sha256), options.key, offset), { objectMode: false }),
    async readAll(sha256) {
      const frames: Buffer[] = []
      for await (const frame of plainFrames(find(sha256), options.key, sha256)) frames.push(frame)
      return Buffer.concat(frames)
    },
    has: (sha256) => existsSync(placeOf(options.folder, sha256)),
    remove: (sha256) => withMappedErrorsAsync(() => rm(placeOf(options.folder, sha256), { force: true })),
  }
}

function placeOf(folder: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new AppError('NOT_FOUND', { what: '文件' })
  return join(folder, sha256.slice(0, 2), sha256)
}

async function putBlob(
  options: BlobOptions,
  aside: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limitBytes: number,
): Promise<StoredBlob> {
  if (options.hasReserve?.() === false) throw new AppError('DISK_FULL', {})
  try {
    const blob = await writeAside(options.key, aside, source, limitBytes)
    const place = placeOf(options.folder, blob.sha256)
    makeFolder(dirname(place))
    await rename(aside, place) // over an equal one: that heals a damaged file
    await syncFolderAside(dirname(place))
    await syncFolderAside(options.folder)
    return blob
  } catch (error) {
    await rm(aside, { force: true })
    throw mapSqliteError(error)
  }
}

async function writeAside(
  key: Uint8Array,
  aside: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limitBytes: number,
): Promise<StoredBlob> {
  const handle = await open(aside, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    const writer = frameWriter(handle, newFrameCipher(key))
    let sizeBytes = 0
    for await (const chunk of source) {
      sizeBytes += chunk.length
      if (sizeBytes > limitBytes) throw new AppError('FILE_TOO_LARGE', { limitBytes })
      hash.update(chunk)
      await writer.write(chunk)
    }
    await writer.end()
    await handle.sync()
    return { sha256: hash.digest('hex'), sizeBytes }
  } finally {
    await handle.close()
  }
}

/** Cuts a stream into frames. One full frame is always held back, since only the end tells which frame is the last. */
function frameWriter(handle: FileHandle, cipher: FrameCipher) {
  const frame = Buffer.alloc(frameBytes)
  let used = 0
  let number = 0
  const flush = async (isLast: boolean) => {
    if (number === 0) await handle.writeFile(cipher.header)
    await handle.writeFile(cipher.seal(frame.subarray(0, used), number, isLast))
    number += 1
    used = 0
  }
  return {
    async write(chunk: Uint8Array) {
      let taken = 0
      while (taken < chunk.length) {
        if (used === frameBytes) await flush(false)
        const part = chunk.subarray(taken, taken + frameBytes - used)
        frame.set(part, used)
        used += part.length
        taken += part.length
      }
    },
    end: () => flush(true),
  }
}

/** All of a blob. Its last frame comes only where the whole is what its name says. */
async function* plainFrames(file: string, key: Uint8Array, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for await (const { plain, isLast } of openFrames(file, key, 0)) {
    hash.update(plain)
    // Another blob under this name has valid frames: only the whole tells.
    if (isLast && hash.digest('hex') !== sha256) throw new AppError('FILE_DAMAGED')
    if (plain.length > 0) yield plain
  }
}

async function* plainFramesFrom(file: string, key: Uint8Array, offset: number): AsyncGenerator<Buffer> {
  const first = Math.floor(offset / frameBytes)
  let skip = offset - first * frameBytes
  for await (const { plain } of openFrames(file, key, first)) {
    const wanted = plain.subarray(skip)
    skip = 0
    if (wanted.length > 0) yield wanted
  }
}

/** The frames from a number on, each opened. Throws FILE_DAMAGED. */
async function* openFrames(
  file: string,
  key: Uint8Array,
  first: number,
): AsyncGenerator<{ readonly plain: Buffer; readonly isLast: boolean }> {
  const handle = await open(file, 'r').catch((error) => {
    throw mapSqliteError(error)
  })
  try {
    const count = frameCount((await handle.stat()).size)
    if (count === undefined) throw new AppError('FILE_DAMAGED')
    const cipher = frameCipherOf(key, await readExactly(handle, 0, headerBytes))
    const sealedBytes = frameBytes + tagBytes
    for (let number = first; number < count; number += 1) {
      const sealed = await readExactly(handle, headerBytes + number * sealedBytes, sealedBytes)
      const isLast = number === count - 1
      yield { plain: cipher.open(sealed, number, isLast), isLast }
    }
  } catch (error) {
    throw mapSqliteError(error)
  } finally {
    await handle.close()
  }
}

/** Up to `length` bytes from `position`: fewer only at the end of the file. */
async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
