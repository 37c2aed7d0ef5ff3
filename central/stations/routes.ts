// Owns: what stations may ask of the centre: to be let in, to send entries, to fetch their feed.
// Does not own: who they are (signed-requests.ts), what is done (enrolment.ts, ../ledger, ../feed), limits and errors (../gateway.ts).
// Start here: `stationRoutes`.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Head } from '../../main/wire/entry.ts'
import { framesMediaType } from '../../main/wire/packing/frame-codec.ts'
import { encodePage, pageMediaType, tellingPageMediaType } from '../../main/wire/packing/page-codec.ts'
import { batchMediaType, decodeBatch } from '../../main/wire/packing/push-codec.ts'
import { signerOf, signValue } from '../../main/wire/signatures.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { codeAnswerSchema, codeQuestionSchema } from '../../preload/contract/hand-over.ts'
import {
  type EnrolmentRequest,
  enrolmentReplySchema,
  enrolmentRequestSchema,
  feedPageSchema,
  type PushReply,
  type PushRequest,
  pushReplySchema,
  pushRequestSchema,
  stationIdSchema,
} from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import { readFeed } from '../feed/feed.ts'
import type { Identity } from '../identity.ts'
import { takeBatch } from '../ledger/entries.ts'
import { Refusal, refusals } from '../refusal.ts'
import { findPublisher } from '../standards/publishers.ts'
import { keysBefore } from '../standards/rows.ts'
import { askCode, enrolStation } from './enrolment.ts'
import { bringsFrames, headOf, readFramesAsTheyCome, takeFrames } from './frames.ts'
import { requireOwnSignature, requireStation } from './signed-requests.ts'

/** What the stations' routes stand on. */
export type StationRouteOptions = { readonly database: Database; readonly identity: Identity; readonly now: () => Date }

const stationParams = z.strictObject({ id: stationIdSchema })
/** Older stations do not ask, and would not read the answer. */
const enrolmentQuery = z.strictObject({ publisher: z.literal('1').optional() })
const feedQuery = z.strictObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) })

/** Registers the stations' routes; every request but the enrolment is signed by an enrolled station. */
export function stationRoutes(app: FastifyInstance, options: StationRouteOptions): void {
  enrolmentRoute(app, options)
  entryRoutes(app, options)
  feedRoute(app, options)
}

function enrolmentRoute(app: FastifyInstance, { database, identity, now }: StationRouteOptions): void {
  app.post<{ Querystring: z.infer<typeof enrolmentQuery> }>('/v1/enrolments', {
    schema: {
      summary: '窗口凭一次性登记码登记（?publisher=1 的还得到发布人的公钥）',
      description: 'With the header x-publisher-line also the keys that it was handed over from.',
      body: enrolmentRequestSchema,
      querystring: enrolmentQuery,
      response: { 200: enrolmentReplySchema, ...refusals },
    },
    handler: async (request) => {
      const enrolment = request.body as EnrolmentRequest
      requireOwnSignature(request, enrolment.stationId, enrolment.publicKey, now())
      const reply = await enrolStation(database, identity, enrolment, now())
      if (request.query.publisher === undefined) return reply
      const publisher = await findPublisher(database, enrolment.stationId.slice(0, 6))
      if (publisher === undefined) return reply
      const { publicKey } = publisher
      if (request.headers['x-publisher-line'] === undefined) return { ...reply, publisherKey: publicKey }
      return { ...reply, publisherKey: publicKey, publisherBefore: await keysBefore(database, publicKey) }
    },
  })
  app.post('/v1/enrolments/question', {
    schema: {
      summary: '一个登记码是给谁的（有码的人才问得到）',
      body: codeQuestionSchema,
      response: { 200: codeAnswerSchema, ...refusals },
    },
    handler: (request) => {
      const { code } = request.body as z.infer<typeof codeQuestionSchema>
      return askCode(database, identity, code, now())
    },
  })
}

function entryRoutes(app: FastifyInstance, { database, identity, now }: StationRouteOptions): void {
  readFramesAsTheyCome(app)
  app.post<{ Params: z.infer<typeof stationParams> }>('/v1/stations/:id/entries', {
    schema: {
      summary: '送来一段记录',
      description: batchDescription,
      params: stationParams,
      response: { 200: pushReplySchema, ...refusals },
    },
    handler: async (request) => {
      const sender = await requireStation(database, request, request.params.id, now(), { late: true })
      const head = bringsFrames(request)
        ? await takeFrames(database, sender, request, now)
        : await takeBatch(database, sender, await decodeBody(request), now())
      return acknowledgement(identity, sender.stationId, head, now())
    },
  })
  app.get<{ Params: z.infer<typeof stationParams> }>('/v1/stations/:id/head', {
    schema: {
      summary: '中心收到了哪里',
      params: stationParams,
      response: { 200: pushReplySchema, ...refusals },
    },
    handler: async (request) => {
      const { stationId } = await requireStation(database, request, request.params.id, now(), { late: true })
      return acknowledgement(identity, stationId, await headOf(database, stationId), now())
    },
  })
}

function feedRoute(app: FastifyInstance, { database, identity, now }: StationRouteOptions): void {
  app.get<{ Params: z.infer<typeof stationParams>; Querystring: z.infer<typeof feedQuery> }>('/v1/stations/:id/feed', {
    schema: {
      summary: `取走中心下发的一页（接受 ${pageMediaType} 的得到压缩的，否则是 JSON）`,
      params: stationParams,
      querystring: feedQuery,
      response: { 200: feedPageSchema, ...refusals },
    },
    handler: async (request, reply) => {
      const { stationId } = await requireStation(database, request, request.params.id, now())
      const { accept = '' } = request.headers
      const question = { stationId, after: request.query.after, tellsLedger: accept.includes(tellingPageMediaType) }
      const page = await readFeed(database, identity, question, now())
      if (!accept.includes(pageMediaType)) return page
      return reply.type(pageMediaType).send(await encodePage(page))
    },
  })
}

/** The centre's signed word on where a station's chain stands. */
export function acknowledgement(identity: Identity, stationId: string, head: Head, now: Date): PushReply {
  const said = { acknowledged: head.seq, hash: head.hash, centreTimeUtc: now.toISOString() }
  return { ...said, signature: signValue(signerOf(identity.privateKey), { ...said, station: stationId }) }
}

const batchDescription = `${framesMediaType}: frames, each taken as soon as it is there (docs/wire.md). ${batchMediaType}: one batch, taken whole: one byte (version of the preset dictionary), then raw deflate of canonical JSON:
${JSON.stringify(z.toJSONSchema(pushRequestSchema))}`

/** The batch in a body of the first format. Refuses `malformed` and `too_large`. */
export async function decodeBody(request: FastifyRequest): Promise<PushRequest> {
  try {
    return await decodeBatch(request.rawBody ?? Buffer.alloc(0))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const tooLarge = error.details.reason === 'too-large'
    throw tooLarge ? new Refusal('too_large', '批次太大') : new Refusal('malformed', '批次的内容不合规定')
  }
}
