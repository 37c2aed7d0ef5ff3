import { Readable } from 'node:stream'
import { type MetadataValue, S3Store } from '@tus/s3-store'
import type { Upload } from '@tus/server'
import { Refusal } from '../refusal.ts'
import { type ContentStore, checked } from './content.ts'

/** An S3-compatible store; the bucket must exist and belong to this centre alone. */
export type S3Place = {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

/** Uploads that are under way at once in one gateway; each holds a part on its local disk until it is whole. */
const mostUploads = 2000

/** Content in a bucket: `content/abcd…`, and uploads as S3 multipart uploads under `uploads/`. */
export function openS3(place: S3Place): ContentStore {
  const { endpoint, bucket, region, accessKey, secretKey } = place
  const store = new SafeS3Store({
    s3ClientConfig: {
      ...{ bucket, endpoint, region, credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } },
      forcePathStyle: true,
      // Stores that are not Amazon's refuse the checksums that its client adds by itself.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    },
    useTags: false,
    maxConcurrentPartUploads: mostUploads,
    cache: nothingKept,
  })
  const keyOf = (sha256: string) => `content/${sha256}`
  return {
    uploads: store,
    openUpload: (uploadId) => store.openObject(uploadId),
    keep: (uploadId, sha256) => store.copyObject(uploadId, keyOf(sha256)),
    removeUpload: (uploadId) => store.forget(uploadId),
    open: (sha256) => store.openObject(keyOf(sha256)),
    has: (sha256) => store.hasObject(keyOf(sha256)),
    put: async (source, sha256, sizeBytes) => {
      const aside = `uploads/put.${sha256}`
      await store.putObject(aside, checked(source, sha256, sizeBytes), sizeBytes)
      await store.copyObject(aside, keyOf(sha256))
      await store.deleteObjects([aside])
    },
    remove: (sha256) => store.deleteObjects([keyOf(sha256)]),
  }
}

/** Gateways share uploads: what one remembered of them another may have changed. */
const nothingKept = { get: async () => undefined, set: async () => undefined, delete: async () => undefined }

/**
 * tus over S3 multipart uploads. The bytes behind the last whole part (5 MB) lie in an object of their own; the package
 * removes that before its longer successor is stored, so that a gateway's death in between would cost 5 MB. Here it is
 * removed when the part that holds its bytes is stored.
 */
class SafeS3Store extends S3Store {
  /** Uploads whose last bytes are in the object of their own and in the part that is being stored. */
  readonly #superseded = new Set<string>()
  /** The storing of parts, one after the other for each upload: a later remainder must not be removed for an earlier part. */
  readonly #storing = new Map<string, Promise<unknown>>()

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    try {
      return await super.write(source, id, offset)
    } finally {
      this.#superseded.delete(id)
      this.#storing.delete(id)
    }
  }

  override async create(upload: Upload): Promise<Upload> {
    await this.deleteObjects([this.partKey(upload.id, true)])
    return super.create(upload)
  }

  protected override async deleteIncompletePart(id: string): Promise<void> {
    this.#superseded.add(id)
  }

  protected override uploadPart(metadata: MetadataValue, part: Readable | Buffer, number: number): Promise<string> {
    const { id } = metadata.file
    return this.#inTurn(id, async () => {
      const tag = await super.uploadPart(metadata, part, number)
      if (this.#superseded.delete(id)) await super.deleteIncompletePart(id)
      return tag
    })
  }

  protected override uploadIncompletePart(id: string, part: Readable): Promise<string> {
    return this.#inTurn(id, async () => {
      const tag = await super.uploadIncompletePart(id, part as Parameters<S3Store['uploadIncompletePart']>[1])
      this.#superseded.delete(id)
      return tag
    })
  }

  #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#storing.get(id) ?? Promise.resolve()
    const done = before.then(work)
    this.#storing.set(
      id,
      done.catch(() => undefined),
    )
    return done
  }

  /** Ends the multipart upload, where it is still open, and removes all its objects. */
  async forget(id: string): Promise<void> {
    await super.remove(id).catch(() => undefined)
    await this.deleteObjects([id, this.infoKey(id), this.partKey(id, true)])
  }

  async openObject(key: string): Promise<Readable> {
    try {
      const { Body } = await this.client.getObject({ Bucket: this.bucket, Key: key })
      if (Body instanceof Readable) return Body
    } catch (error) {
      if (!isMissing(error)) throw error
    }
    throw new Refusal('not_found', '中心没有这个文件')
  }

  async hasObject(key: string): Promise<boolean> {
    try {
      await this.client.headObject({ Bucket: this.bucket, Key: key })
      return true
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
  }

  async copyObject(from: string, to: string): Promise<void> {
    await this.client.copyObject({ Bucket: this.bucket, CopySource: `${this.bucket}/${from}`, Key: to })
  }

  async putObject(key: string, source: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
    await this.client.putObject({
      ...{ Bucket: this.bucket, Key: key, ContentLength: sizeBytes },
      Body: Readable.from(source, { objectMode: false }),
    })
  }

  async deleteObjects(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.client.deleteObject({ Bucket: this.bucket, Key: key }).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
    }
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return error.name === 'NoSuchKey' || error.name === 'NotFound' || $metadata?.httpStatusCode === 404
}
