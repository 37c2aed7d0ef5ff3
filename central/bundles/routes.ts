// Owns: how couriers hand bundles over and fetch the answers: stations with the link, and the office over its own door.
// Does not own: where the bytes lie (uploads.ts), what becomes of a bundle (import.ts).
// Start here: `bundleRoutes`.
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { bundleImportReplySchema, bundleMediaType, keptUploadSchema } from '../../main/wire/bundle/client.ts'
import type { ByteSource } from '../../main/wire/bundle/reader.ts'
import { hashSchema, stationIdSchema } from '../../preload/contract/wire.ts'
import { Refusal, refusals } from '../refusal.ts'
import { requireStation } from '../stations/signed-requests.ts'
import { type BundleGround, headOf, senderOf, takeBundle } from './import.ts'
import { listBundles } from './log.ts'
import { createUploads, type KeptUpload, type Uploads } from './uploads.ts'

const bundleParams = z.object({ id: stationIdSchema.optional(), sha256: hashSchema })
const pieceQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  size: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
})
const answerQuery = z.strictObject({ offset: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) })

type Params = { Params: z.infer<typeof bundleParams> }
type Routes = {
  /** What stands before `/bundles/…`. */
  readonly prefix: string
  /** Who brings it: a station's id, '' for the office. Refuses who may not. */
  readonly courier: (request: FastifyRequest) => Promise<string>
  /** Bundles of machines that were replaced are let in. */
  readonly fromReplaced?: boolean
}

/** How long a request waits for a bundle that is being taken in; the courier asks again. */
const longestWaitMs = 10_000

/** Registers the couriers' routes; every request is signed by the station that carries. */
export function bundleRoutes(app: FastifyInstance, ground: BundleGround): void {
  const { database, now } = ground
  registerBundleRoutes(app, ground, {
    prefix: '/v1/stations/:id',
    courier: async (request) => {
      const { id = '' } = bundleParams.parse(request.params)
      return (await requireStation(database, request, id, now())).stationId
    },
  })
}

/** Registers the same for the office, whose door has checked who asks. */
export function officeBundleRoutes(app: FastifyInstance, ground: BundleGround): void {
  registerBundleRoutes(app, ground, { prefix: '/v1/office', courier: async () => '' })
  app.register(async (scope) =>
    registerBundleRoutes(scope, ground, {
      ...{ prefix: '/v1/office/replaced', courier: async () => '', fromReplaced: true },
    }),
  )
  app.get('/v1/office/bundles', {
    schema: { summary: '收过的U盘文件', response: refusals },
    handler: async () => ({ bundles: await listBundles(ground.database) }),
  })
}

function registerBundleRoutes(
  app: FastifyInstance,
  ground: BundleGround,
  { prefix, courier, fromReplaced = false }: Routes,
): void {
  const uploads = createUploads(ground.database, ground.now)
  const importing = createImporting(ground, uploads, fromReplaced)
  // A scope within another reads what that one reads.
  if (!app.hasContentTypeParser(bundleMediaType))
    app.addContentTypeParser(bundleMediaType, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
      request.rawBody = body
      return undefined
    })
  const path = `${prefix}/bundles/:sha256`
  app.get<Params>(path, {
    schema: { summary: 'U盘文件传到了哪里', params: bundleParams, response: { 200: keptUploadSchema, ...refusals } },
    handler: async (request) => {
      await courier(request)
      return { keptBytes: (await uploads.find(request.params.sha256))?.keptBytes ?? 0 }
    },
  })
  app.post<Params & { Querystring: z.infer<typeof pieceQuery> }>(path, {
    schema: {
      summary: '传U盘文件的下一段',
      params: bundleParams,
      querystring: pieceQuery,
      response: { 200: keptUploadSchema, ...refusals },
    },
    handler: async (request) => {
      const who = await courier(request)
      const { offset, size: sizeBytes } = request.query
      const bytes = request.rawBody ?? Buffer.alloc(0)
      // Nobody sends two gigabytes only to hear that they are for another centre.
      if (offset === 0) await senderOf(ground, await headOf(startOf(bytes, sizeBytes)), fromReplaced)
      return { keptBytes: await uploads.append(request.params.sha256, who, { offset, sizeBytes, bytes }) }
    },
  })
  app.post<Params>(`${path}/import`, {
    schema: {
      summary: '收下传完的U盘文件',
      params: bundleParams,
      response: { 200: bundleImportReplySchema, ...refusals },
    },
    handler: async (request) => importing.ask(request.params.sha256, await courier(request)),
  })
  app.get<Params & { Querystring: z.infer<typeof answerQuery> }>(`${path}/answer`, {
    schema: { summary: '取回执的一段', params: bundleParams, querystring: answerQuery, response: refusals },
    handler: async (request, reply) => {
      await courier(request)
      const bytes = await uploads.answerPiece(request.params.sha256, request.query.offset)
      return reply.type(bundleMediaType).send(bytes)
    },
  })
}

/** The first piece of a bundle, as far as its head needs it. */
function startOf(bytes: Buffer, sizeBytes: number): ByteSource {
  return {
    sizeBytes: Math.min(sizeBytes, bytes.length),
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  }
}

/**
 * Bundles that this gateway takes in just now. A courier that asks at another gateway makes that one do the same beside it:
 * twice the work, the same outcome.
 */
function createImporting(ground: BundleGround, uploads: Uploads, fromReplaced: boolean) {
  const running = new Map<string, Promise<void>>()
  const run = async (sha256: string, { sizeBytes }: KeptUpload, courier: string) => {
    try {
      const source = uploads.source(sha256, sizeBytes)
      const imported = await takeBundle(ground, source, courier, uploads.answerSink(sha256), fromReplaced)
      await uploads.settle(sha256, { imported, answerBytes: await uploads.answerBytes(sha256) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await uploads.settle(sha256, { refusal: error.body })
    }
  }
  return {
    ask: async (sha256: string, courier: string): Promise<z.infer<typeof bundleImportReplySchema>> => {
      const upload = await uploads.find(sha256)
      if (upload?.outcome !== undefined) return outcomeOf(upload.outcome)
      if (upload === undefined || upload.keptBytes < upload.sizeBytes)
        throw new Refusal('not_found', '文件还没有传完，请接着传')
      const work = running.get(sha256) ?? run(sha256, upload, courier).finally(() => running.delete(sha256))
      running.set(sha256, work)
      const isDone = await Promise.race([work.then(() => true), wait(longestWaitMs, false, { ref: false })])
      if (!isDone) return { state: 'running' }
      const outcome = (await uploads.find(sha256))?.outcome
      return outcome === undefined ? { state: 'running' } : outcomeOf(outcome)
    },
  }
}

function outcomeOf(outcome: NonNullable<KeptUpload['outcome']>): z.infer<typeof bundleImportReplySchema> {
  if ('imported' in outcome) return { state: 'done', ...outcome }
  const { error, message, ...details } = outcome.refusal
  throw new Refusal(error, message, details)
}
