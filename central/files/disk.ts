import { randomUUID } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync } from 'node:fs'
import { copyFile, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Configstore, FileStore } from '@tus/file-store'
import type { Upload } from '@tus/server'
import type { Database } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { checked } from './checked.ts'
import type { ContentStore } from './content.ts'
import { findUpload } from './upload-rows.ts'

/** Content in a folder: `uploads/`, `content/ab/abcd…`, `aside/` for what is not whole yet. Every gateway must see the same folder. */
export function openDisk(folder: string, database: Database): ContentStore {
  for (const part of ['', 'uploads', 'content', 'aside'])
    mkdirSync(join(folder, part), { recursive: true, mode: 0o700 })
  const placeOf = (sha256: string) => join(folder, 'content', sha256.slice(0, 2), sha256)
  const asideOf = () => join(folder, 'aside', randomUUID())
  const uploads = new DurableUploads({ directory: folder, configstore: uploadRows(database) })
  const moveIn = async (aside: string, sha256: string) => {
    const place = placeOf(sha256)
    await mkdir(dirname(place), { recursive: true, mode: 0o700 })
    await rename(aside, place) // over an equal one: that heals a damaged file
    await syncFolder(dirname(place))
  }
  return {
    uploads,
    openUpload: async (uploadId) => opened(join(folder, uploadId)),
    async keep(uploadId, sha256) {
      const aside = asideOf()
      const from = join(folder, uploadId)
      // Some network folders know no hard links.
      await link(from, aside).catch(() => copyDurably(from, aside))
      await moveIn(aside, sha256)
    },
    removeUpload: (uploadId) => rm(join(folder, uploadId), { force: true }),
    open: async (sha256, from = 0) => opened(placeOf(sha256), from),
    has: async (sha256) => existsSync(placeOf(sha256)),
    async put(source, sha256, sizeBytes) {
      const aside = asideOf()
      try {
        await writeDurably(aside, checked(source, sha256, sizeBytes))
        await moveIn(aside, sha256)
      } catch (error) {
        await rm(aside, { force: true })
        throw diskFull(error)
      }
    },
    remove: (sha256) => rm(placeOf(sha256), { force: true }),
  }
}

/** tus uploads in files, each as long as its offset: what a gateway has acknowledged is on the disk. */
class DurableUploads extends FileStore {
  override async create(upload: Upload): Promise<Upload> {
    const file = join(this.directory, upload.id)
    // Another sender of the same file (a relay beside its window) may have begun meanwhile: what it brought stays.
    const handle = await open(file, 'a', 0o600)
    await handle.close()
    await syncFolder(dirname(file))
    return upload
  }

  /** Writes what comes, up to the cut where there is one. */
  override async write(source: Readable, uploadId: string, offset: number): Promise<number> {
    const handle = await open(join(this.directory, uploadId), 'r+').catch(refuseMissing)
    let position = offset
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        for (let written = 0; written < chunk.byteLength; ) {
          const { bytesWritten } = await handle.write(chunk, written, chunk.byteLength - written, position)
          written += bytesWritten
          position += bytesWritten
        }
      }
    } catch (error) {
      throw diskFull(error)
    } finally {
      await handle.sync()
      await handle.close()
    }
    return position
  }
}

function uploadRows(database: Database): Configstore {
  return {
    get: (id: string) => findUpload(database, id, 0),
    set: async () => undefined,
    delete: async () => undefined,
  }
}

function opened(file: string, from = 0): Readable {
  if (!existsSync(file)) throw new Refusal('not_found', '中心没有这个文件')
  return createReadStream(file, { start: from })
}

async function writeDurably(file: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    for await (const chunk of source) await handle.writeFile(chunk)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  const handle = await open(to, 'r+')
  await handle.sync().finally(() => handle.close())
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

/** The upload was ended by another sender of the same file after this one had asked for its place. */
function refuseMissing(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  throw code === 'ENOENT' ? new Refusal('gap', '文件的位置与中心的不同，请先问位置') : error
}

/** A full disk is for the office to mend; what has come stays, and the station comes back later. */
function diskFull(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  return new Refusal('busy', '中心存文件的磁盘满了，已收到的部分还在', { retryAfterSeconds: 300 })
}
