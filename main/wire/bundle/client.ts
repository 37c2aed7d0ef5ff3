// Owns: how a courier hands a bundle to the centre and fetches the answer, piece by piece, over a link that may be cut at any byte.
// Does not own: what is in it: a courier cannot tell (reader.ts can, with the keys).
// Start here: `createBundleCourier`.
import { z } from 'zod'
import { AppError } from '../../../preload/contract/errors.ts'
import { assertTaken, readAnswer } from '../centre-answers.ts'
import type { TransportReply } from '../transport/http-transport.ts'
import type { ByteSource } from './reader.ts'

/** Media type of a bundle's bytes, whole or in pieces. */
export const bundleMediaType = 'application/vnd.cunchuang.bundle'

/** Pieces of an upload: they double with success and begin again small after a cut, so that a cut costs little. */
export const uploadPieces = { least: 32 << 10, most: 512 << 10 } as const

const importQuery = '/import'

/** How much of an upload the centre keeps. */
export const keptUploadSchema = z.strictObject({ keptBytes: z.int().min(0) })

/** What the import of a bundle came to. */
export const bundleImportSchema = z.strictObject({
  bundleId: z.uuid(),
  stationId: z.string(),
  /** Up to where the station's ledger now stands at the centre. */
  acknowledged: z.int().min(0),
  newEntries: z.int().min(0),
  files: z.int().min(0),
  /** Files that were not taken (their bytes were not what their name says, or the centre has no place for files): they stay with the station. */
  brokenFiles: z.int().min(0),
  /** Whether entries before the bundle's first were missing: then only its answer tells the station so. */
  gap: z.boolean(),
})

/** Whether the centre is still at it. */
export const bundleImportReplySchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('running') }),
  z.strictObject({ state: z.literal('done'), imported: bundleImportSchema, answerBytes: z.int().min(1) }),
])

/** See `bundleImportSchema`. */
export type BundleImport = z.infer<typeof bundleImportSchema>

/** One signed request to the centre (`CentreClient.send`). */
export type SendToCentre = (request: {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly signal?: AbortSignal
}) => Promise<TransportReply>

/** A courier's line. Repeating any of it changes nothing: an upload goes on where the centre stands. */
export type BundleCourier = {
  /** Hands over what the centre does not keep yet. `onBytes` hears what it keeps, also what it kept before. */
  upload(source: ByteSource, onBytes: (bytes: number) => void): Promise<void>
  /** Has the bundle taken in and waits for it. Throws BUNDLE_DAMAGED, CENTRE_REFUSED, LEDGER_FORKED. */
  takeIn(): Promise<{ readonly imported: BundleImport; readonly answerBytes: number }>
  /** The answer, sealed to the station that wrote the bundle. */
  answer(answerBytes: number, take: (bytes: Buffer) => Promise<void>): Promise<void>
}

/** Makes the line for one bundle; `path` is `…/bundles/` and its SHA-256. Throws the AppErrors of the link. */
export function createBundleCourier(
  send: SendToCentre,
  { path, signal }: { readonly path: string; readonly signal?: AbortSignal },
): BundleCourier {
  const stop = signal === undefined ? {} : { signal }
  const ask = async <T>(wanted: z.ZodType<T>, method: 'GET' | 'POST', query: string, body?: Buffer) => {
    const type = query === importQuery ? 'application/json' : bundleMediaType
    const headers = body === undefined ? {} : { 'content-type': type }
    const reply = await send({ method, path: path + query, headers, ...stop, ...(body !== undefined && { body }) })
    return readAnswer(wanted, reply)
  }
  return {
    upload: async (source, onBytes) => {
      let { keptBytes } = await ask(keptUploadSchema, 'GET', '')
      let piece: number = uploadPieces.least
      onBytes(keptBytes)
      while (keptBytes < source.sizeBytes) {
        const bytes = await source.read(keptBytes, Math.min(piece, source.sizeBytes - keptBytes))
        const query = `?offset=${keptBytes}&size=${source.sizeBytes}`
        const kept = await ask(keptUploadSchema, 'POST', query, bytes)
        if (kept.keptBytes > source.sizeBytes) throw new AppError('CENTRE_NONSENSE', { reason: 'offset' })
        onBytes(kept.keptBytes - keptBytes)
        keptBytes = kept.keptBytes
        piece = Math.min(uploadPieces.most, piece * 2)
      }
    },
    takeIn: async () => {
      for (;;) {
        const reply = await ask(bundleImportReplySchema, 'POST', importQuery, Buffer.from('{}'))
        if (reply.state === 'done') return reply
      }
    },
    answer: async (answerBytes, take) => {
      for (let offset = 0; offset < answerBytes; ) {
        const reply = await send({ method: 'GET', path: `${path}/answer?offset=${offset}`, ...stop })
        assertTaken(reply)
        if (!reply.contentType.startsWith(bundleMediaType) || reply.body.length === 0)
          throw new AppError('CENTRE_NONSENSE', { reason: 'shape' })
        await take(reply.body)
        offset += reply.body.length
      }
    },
  }
}
