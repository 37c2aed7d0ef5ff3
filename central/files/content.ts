// Owns: where the bytes of files lie: uploads on their way, and content by its SHA-256; one interface over disk and S3.
// Does not own: which files there are and whose (arrivals.ts).
// Start here: `ContentStore`, `openContent`.
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { DataStore } from '@tus/server'
import { AppError } from '../../preload/contract/errors.ts'
import type { Database } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { openDisk } from './disk.ts'
import type { S3Place } from './s3.ts'

/** Bytes of uploads and of content. All gateways of a centre see the same. */
export type ContentStore = {
  /** Uploads on their way, for the tus server. Their ids begin with `uploads/`. */
  readonly uploads: DataStore
  /** The bytes of an upload so far. */
  readonly openUpload: (uploadId: string) => Promise<Readable>
  /** Puts a checked upload into its place as content; the upload stays until `removeUpload`. Any number of times. */
  readonly keep: (uploadId: string, sha256: string) => Promise<void>
  /** Forgets an upload; one that is not there is no failure. */
  readonly removeUpload: (uploadId: string) => Promise<void>
  /** The bytes of content, from an offset on. Refuses `not_found`. */
  readonly open: (sha256: string, from?: number) => Promise<Readable>
  readonly has: (sha256: string) => Promise<boolean>
  /** Stores a stream as content, durable when this resolves. Refuses `file_mismatch` for other bytes than `sha256` says, `too_large`. */
  readonly put: (source: AsyncIterable<Uint8Array>, sha256: string, sizeBytes: number) => Promise<void>
  /** Removes content; what is not there is no failure. */
  readonly remove: (sha256: string) => Promise<void>
}

/** Where a centre keeps its files: a folder that all its gateways see, or an S3-compatible store. */
export type ContentPlace = { readonly folder: string } | S3Place

/**
 * The place that the command line and the environment name: the folder `files`, else an S3 store
 * (`CENTRAL_S3_ENDPOINT`, `CENTRAL_S3_BUCKET`, `CENTRAL_S3_REGION`, `CENTRAL_S3_ACCESS_KEY`, `CENTRAL_S3_SECRET_KEY`), else the
 * folder `CENTRAL_FILES`, else the embedded centre's own. Undefined where none is named. Throws INPUT_INVALID for half an S3 store.
 */
export function contentPlaceOf(
  environment: NodeJS.ProcessEnv,
  named: { readonly files?: string | undefined; readonly centreFolder?: string | undefined },
): ContentPlace | undefined {
  if (named.files !== undefined) return { folder: named.files }
  const {
    CENTRAL_S3_ENDPOINT: endpoint,
    CENTRAL_S3_BUCKET: bucket,
    CENTRAL_S3_REGION: region = 'us-east-1',
  } = environment
  const { CENTRAL_S3_ACCESS_KEY: accessKey, CENTRAL_S3_SECRET_KEY: secretKey } = environment
  if (endpoint || bucket) {
    if (!endpoint || !bucket || !accessKey || !secretKey) throw new AppError('INPUT_INVALID', { field: 'CENTRAL_S3_…' })
    return { endpoint, bucket, region, accessKey, secretKey }
  }
  if (environment.CENTRAL_FILES) return { folder: environment.CENTRAL_FILES }
  return named.centreFolder === undefined ? undefined : { folder: join(named.centreFolder, 'files') }
}

/** Refuses `not_found` for work with files at a centre that was told of no place for them. */
export function refuseWithoutPlace(): never {
  throw new Refusal(
    'not_found',
    '没有说中心的文件存在哪里，什么也没有做；请像 central serve 那样写上 --files 文件夹，或设好 CENTRAL_FILES、CENTRAL_S3_…',
  )
}

/** Opens a place for files. The S3 client is loaded only where it is used. */
export async function openContent(place: ContentPlace, database: Database): Promise<ContentStore> {
  if ('folder' in place) return openDisk(place.folder, database)
  const { openS3 } = await import('./s3.ts')
  return openS3(place, database)
}
