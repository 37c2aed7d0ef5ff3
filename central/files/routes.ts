// Owns: how stations send files: tus 1.0 (https://tus.io/protocols/resumable-upload) under /v1/stations/{id}/files, and receipts.
// Does not own: the protocol (tus.ts), what becomes of a file (arrivals.ts), whose request it is (../stations/signed-requests.ts).
// Start here: `fileRoutes`.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { fileClassSchema } from '../../preload/contract/sync.ts'
import { fileReceiptSchema, hashSchema, stationIdSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import type { Identity } from '../identity.ts'
import { Refusal, refusals } from '../refusal.ts'
import { requireStation } from '../stations/signed-requests.ts'
import { createArrivals, type RelayKeeping } from './arrivals.ts'
import type { ContentStore } from './content.ts'
import { readPiece, sizeForHolder } from './handing-back.ts'
import { createLocker } from './lock.ts'
import { createTus } from './tus.ts'

/** What the routes of files stand on; without `content` files are refused for now, in words. */
export type FileRouteOptions = {
  readonly database: Database
  readonly identity: Identity
  readonly now: () => Date
  readonly content?: ContentStore | undefined
  /** What is other where these are a relay's. */
  readonly keeping?: RelayKeeping | undefined
  readonly onBug: (incident: string, error: unknown) => void
}

const stationParams = z.strictObject({ id: stationIdSchema })
const fileParams = z.strictObject({ id: stationIdSchema, sha256: hashSchema })
const creationQuery = z
  .strictObject({
    sha256: hashSchema,
    size: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    class: fileClassSchema,
    copyOf: hashSchema.optional(),
  })
  .refine((query) => (query.class === 'copy') === (query.copyOf !== undefined))
const pieceQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  length: z.coerce
    .number()
    .int()
    .min(1)
    .max(1 << 20),
})
type FileParams = { Params: z.infer<typeof fileParams> }

const sweepEveryMs = 3_600_000

/** Registers the routes of files; every request is signed by an enrolled station. What is asked for stands in the address, which the signature covers. */
export function fileRoutes(app: FastifyInstance, options: FileRouteOptions): void {
  const { database, identity, now, content, keeping: relay } = options
  const locker = createLocker(database)
  const arrivals = content && createArrivals({ database, identity, content, locker, now, relay })
  const tus = arrivals && createTus(arrivals, locker)
  const open = () => {
    if (arrivals === undefined || tus === undefined)
      throw new Refusal('busy', '中心还没有设存放文件的地方', { retryAfterSeconds: 3600 })
    return { arrivals, tus }
  }
  // The body stays in the request: it goes to its place as it comes.
  app.addContentTypeParser('application/offset+octet-stream', (_request, _payload, done) => done(null))

  app.post<{ Params: z.infer<typeof stationParams>; Querystring: z.infer<typeof creationQuery> }>(
    '/v1/stations/:id/files',
    {
      schema: { summary: '开始送一个文件（tus 1.0）', params: stationParams, querystring: creationQuery },
      handler: async (request, reply) => {
        const { stationId } = await requireStation(database, request, request.params.id, now(), { late: true })
        const { sha256, size: sizeBytes, copyOf } = request.query
        if (request.headers['upload-length'] !== String(sizeBytes)) throw new Refusal('malformed', '文件大小前后不一')
        const begun = await open().arrivals.begin(stationId, { sha256, sizeBytes, copyOf })
        if ('offset' in begun && begun.offset === 0) return open().tus(request, reply, { stationId, sha256 })
        const location = `/v1/stations/${stationId}/files/${sha256}`
        const offset = 'offset' in begun ? begun.offset : sizeBytes
        reply.status(201).headers({ location, 'tus-resumable': '1.0.0', 'upload-offset': offset })
        return reply.send('receipt' in begun ? begun.receipt : undefined)
      },
    },
  )
  app.head<FileParams>('/v1/stations/:id/files/:sha256', {
    schema: { summary: '一个文件到了哪里（tus 1.0）', params: fileParams },
    handler: async (request, reply) => {
      const { stationId } = await requireStation(database, request, request.params.id, now(), { late: true })
      const { sha256 } = request.params
      const receipt = await open().arrivals.receipt(stationId, sha256)
      if (receipt === undefined || !(await open().arrivals.content.has(sha256)))
        return open().tus(request, reply, { stationId, sha256 })
      return whole(reply, receipt.sizeBytes)
    },
  })
  app.patch<FileParams>('/v1/stations/:id/files/:sha256', {
    schema: { summary: '接着送一个文件（tus 1.0）', params: fileParams },
    handler: async (request, reply) => {
      const { stationId } = await requireStation(database, request, request.params.id, now(), { late: true })
      return open().tus(request, reply, { stationId, sha256: request.params.sha256 })
    },
  })
  app.get<FileParams>('/v1/stations/:id/files/:sha256/receipt', {
    schema: { summary: '一个文件的回执', params: fileParams, response: { 200: fileReceiptSchema, ...refusals } },
    handler: async (request) => {
      const { stationId } = await requireStation(database, request, request.params.id, now(), { late: true })
      const receipt = await open().arrivals.settle(stationId, request.params.sha256)
      if (receipt === undefined) throw new Refusal('not_found', '这个文件还没有到齐')
      return receipt
    },
  })
  app.get<FileParams & { Querystring: z.infer<typeof pieceQuery> }>('/v1/stations/:id/files/:sha256/content', {
    schema: {
      summary: '取回一段文件（接手的办件的）',
      params: fileParams,
      querystring: pieceQuery,
      response: refusals,
    },
    handler: async (request, reply) => {
      const { stationId } = await requireStation(database, request, request.params.id, now())
      const { sha256 } = request.params
      const sizeBytes = await sizeForHolder(database, stationId, sha256)
      const { content: store } = open().arrivals
      if (sizeBytes === undefined || !(await store.has(sha256)))
        throw new Refusal('not_found', '中心没有这个文件，或它不是这个窗口接手的办件的')
      const piece = await readPiece(store, sha256, { ...request.query, sizeBytes })
      return reply.type('application/octet-stream').header('x-file-size', sizeBytes).send(piece)
    },
  })
  if (arrivals !== undefined) sweepFiles(app, arrivals, options.onBug)
}

function whole(reply: FastifyReply, sizeBytes: number): FastifyReply {
  return reply
    .headers({ 'tus-resumable': '1.0.0', 'upload-offset': sizeBytes, 'upload-length': sizeBytes })
    .status(200)
    .send()
}

/** Every hour; a gateway that cannot does it the next time. */
function sweepFiles(
  app: FastifyInstance,
  arrivals: ReturnType<typeof createArrivals>,
  onBug: FileRouteOptions['onBug'],
) {
  const sweep = setInterval(() => {
    arrivals.sweep().catch((error: unknown) => onBug('files', error))
  }, sweepEveryMs)
  sweep.unref()
  app.addHook('onClose', async () => clearInterval(sweep))
}
