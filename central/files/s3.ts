import { Readable } from 'node:stream'
import { S3 } from '@aws-sdk/client-s3'
import { DataStore, ERRORS, type Upload } from '@tus/server'
import type { Database } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { checked } from './checked.ts'
import type { ContentStore } from './content.ts'
import { findUpload } from './upload-rows.ts'

/** An S3-compatible store; the bucket must exist and belong to this centre alone. */
export type S3Place = {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

/** What a gateway holds in memory of an upload before it stores it: what its death can cost. */
const pieceBytes = 256 << 10

/** Pieces are named by the offset at which they begin, so that their names sort as they follow each other. */
const offsetDigits = 12

/** Objects that one request removes (the protocol's limit). */
const removedAtOnce = 1000

/**
 * Content in a bucket: `content/abcd…`, and uploads as pieces, `uploads/…/000000262144`. Pieces and not a multipart upload: a
 * part must have 5 MB, which a village link takes most of an hour to send. Only what every such store can do is used: put,
 * get, head, list, delete.
 */
export function openS3(place: S3Place, database: Database): ContentStore {
  const bucket = new Bucket(place)
  const uploads = new PiecedUploads(bucket, database)
  const keyOf = (sha256: string) => `content/${sha256}`
  return {
    uploads,
    openUpload: async (uploadId) => Readable.from(uploads.bytes(uploadId), { objectMode: false }),
    keep: async (uploadId, sha256) => {
      const { offset } = await uploads.getUpload(uploadId)
      await bucket.put(keyOf(sha256), checked(uploads.bytes(uploadId), sha256, offset), offset)
    },
    removeUpload: (uploadId) => uploads.remove(uploadId),
    open: (sha256, from) => bucket.get(keyOf(sha256), from),
    has: (sha256) => bucket.has(keyOf(sha256)),
    put: (source, sha256, sizeBytes) => bucket.put(keyOf(sha256), checked(source, sha256, sizeBytes), sizeBytes),
    remove: (sha256) => bucket.remove([keyOf(sha256)]),
  }
}

/** tus uploads as pieces in a bucket: an upload's offset is the sum of its pieces. */
class PiecedUploads extends DataStore {
  readonly #bucket: Bucket
  readonly #database: Database

  constructor(bucket: Bucket, database: Database) {
    super()
    this.#bucket = bucket
    this.#database = database
    this.extensions = ['creation', 'creation-with-upload']
  }

  override async create(upload: Upload): Promise<Upload> {
    await this.remove(upload.id)
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const pieces = await this.#pieces(id)
    const upload = await findUpload(this.#database, id, offsetOf(pieces))
    if (upload === undefined) throw ERRORS.FILE_NOT_FOUND
    return upload
  }

  /** Stores what comes, up to the cut where there is one. */
  override async write(source: Readable, id: string, offset: number): Promise<number> {
    let position = offset
    let held: Buffer[] = []
    let heldBytes = 0
    const store = async () => {
      if (heldBytes === 0) return
      const key = `${id}/${String(position).padStart(offsetDigits, '0')}`
      await this.#bucket.put(key, Buffer.concat(held), heldBytes)
      position += heldBytes
      held = []
      heldBytes = 0
    }
    for await (const chunk of source as AsyncIterable<Buffer>) {
      held.push(chunk)
      heldBytes += chunk.byteLength
      if (heldBytes >= pieceBytes) await store()
    }
    await store()
    return position
  }

  override async remove(id: string): Promise<void> {
    const pieces = await this.#bucket.list(`${id}/`)
    await this.#bucket.remove(pieces.map(({ key }) => key))
  }

  async *bytes(id: string): AsyncGenerator<Uint8Array> {
    for (const { key } of await this.#pieces(id)) yield* await this.#bucket.get(key)
  }

  /** The pieces that follow each other from the beginning without a gap. */
  async #pieces(id: string): Promise<Piece[]> {
    const pieces: Piece[] = []
    for (const { key, sizeBytes } of await this.#bucket.list(`${id}/`)) {
      const offset = Number(key.slice(id.length + 1))
      if (offset === offsetOf(pieces)) pieces.push({ key, offset, sizeBytes })
    }
    return pieces
  }
}

type Piece = { readonly key: string; readonly offset: number; readonly sizeBytes: number }

function offsetOf(pieces: readonly Piece[]): number {
  const last = pieces.at(-1)
  return last === undefined ? 0 : last.offset + last.sizeBytes
}

/** The few operations of S3 that files need. */
class Bucket {
  readonly #client: S3
  readonly #name: string

  constructor({ endpoint, bucket, region, accessKey, secretKey }: S3Place) {
    this.#name = bucket
    this.#client = new S3({
      ...{ endpoint, region, credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } },
      forcePathStyle: true,
      // Stores that are not Amazon's refuse the checksums that its client adds by itself; ours is over the whole.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
  }

  async put(key: string, source: Buffer | AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
    const body = Buffer.isBuffer(source) ? source : Readable.from(source, { objectMode: false })
    await this.#client.putObject({ Bucket: this.#name, Key: key, ContentLength: sizeBytes, Body: body })
  }

  /** Refuses `not_found`. */
  async get(key: string, from = 0): Promise<Readable> {
    try {
      const { Body } = await this.#client.getObject({
        Bucket: this.#name,
        Key: key,
        ...(from > 0 && { Range: `bytes=${from}-` }),
      })
      if (Body instanceof Readable) return Body
    } catch (error) {
      if (!isMissing(error)) throw error
    }
    throw new Refusal('not_found', '中心没有这个文件')
  }

  async has(key: string): Promise<boolean> {
    try {
      await this.#client.headObject({ Bucket: this.#name, Key: key })
      return true
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
  }

  /** Everything under a prefix, sorted by name. */
  async list(prefix: string): Promise<{ readonly key: string; readonly sizeBytes: number }[]> {
    const found: { key: string; sizeBytes: number }[] = []
    let token: string | undefined
    do {
      const page = await this.#client.listObjectsV2({
        ...{ Bucket: this.#name, Prefix: prefix },
        ...(token !== undefined && { ContinuationToken: token }),
      })
      for (const { Key, Size } of page.Contents ?? []) found.push({ key: Key ?? '', sizeBytes: Size ?? 0 })
      token = page.NextContinuationToken
    } while (token !== undefined)
    return found
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += removedAtOnce) {
      const objects = keys.slice(at, at + removedAtOnce).map((Key) => ({ Key }))
      await this.#client.deleteObjects({ Bucket: this.#name, Delete: { Objects: objects, Quiet: true } })
    }
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return error.name === 'NoSuchKey' || error.name === 'NotFound' || $metadata?.httpStatusCode === 404
}
