// Owns: the centre's HTTP face: routes, limits, headers, errors, the OpenAPI description.
// Does not own: what the routes do (enrolment.ts, entries.ts, feed.ts, office.ts, check.ts).
// Start here: `buildGateway`.
import swagger from '@fastify/swagger'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { batchLimits, batchMediaType, decodeBatch } from '../main/wire/push-codec.ts'
import { readSignature, signerOf, signValue, verifyRequest } from '../main/wire/signatures.ts'
import { AppError } from '../preload/contract/errors.ts'
import {
  type EnrolmentRequest,
  enrolmentReplySchema,
  enrolmentRequestSchema,
  feedPageSchema,
  pushReplySchema,
  pushRequestSchema,
  stationIdSchema,
  wireErrorSchema,
} from '../preload/contract/wire.ts'
import { authenticate, forgetOldNonces, refuseSkew } from './authentication.ts'
import { checkRoutes } from './check.ts'
import type { Database } from './database.ts'
import { enrolStation } from './enrolment.ts'
import { type Sender, takeBatch } from './entries.ts'
import { readFeed } from './feed.ts'
import type { Identity } from './identity.ts'
import { officeRoutes } from './office.ts'
import { Refusal } from './refusal.ts'

/** What a gateway stands on. */
export type GatewayOptions = {
  readonly database: Database
  readonly identity: Identity
  readonly now: () => Date
  /** Whoever carries this token as `authorization: Bearer …` is the back office; without one there is no back office here. */
  readonly officeToken?: string | undefined
  /** Where bugs are reported: a stack, never personal data. */
  readonly onBug: (incident: string, error: unknown) => void
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, for its digest. */
    rawBody: Buffer | undefined
  }
}

/** Builds a gateway: stateless, any number of them may stand over one PostgreSQL. The caller makes it listen and closes it. */
export async function buildGateway(options: GatewayOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: batchLimits.encodedBytes,
    requestTimeout: 0,
    // A 16 kbit/s link takes minutes for a large batch: silence ends a connection, slowness does not.
    connectionTimeout: 120_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 100 },
  })
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const parsed = schema.safeParse(data)
    return parsed.success ? { value: parsed.data } : { error: new Refusal('malformed', '请求的内容不合规定') }
  })
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  readBodies(app)
  setHeaders(app)
  answerErrors(app, options.onBug)
  await app.register(swagger, { openapi: description, transform: toJsonSchemas })
  await app.register(async (scope) => stationRoutes(scope, options))
  const { database, identity, onBug } = options
  await app.register(async (scope) => checkRoutes(scope, { database, centreName: identity.name, onBug }))
  sweepNonces(app, options)
  const { officeToken } = options
  if (officeToken !== undefined) await app.register(async (scope) => officeRoutes(scope, { ...options, officeToken }))
  app.get('/v1/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return app
}

/** Every ten minutes; a gateway that cannot does it the next time. */
function sweepNonces(app: FastifyInstance, { database, now, onBug }: GatewayOptions): void {
  const sweep = setInterval(() => {
    forgetOldNonces(database, now()).catch((error: unknown) => onBug('nonces', error))
  }, 600_000)
  sweep.unref()
  app.addHook('onClose', async () => clearInterval(sweep))
}

function readBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody', undefined)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(batchMediaType, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    request.rawBody = body
    return undefined
  })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    request.rawBody = body
    try {
      return JSON.parse(body.toString('utf8'), refuseUnfit)
    } catch {
      throw new Refusal('malformed', '请求不是 JSON，或有不能用的字符')
    }
  })
}

/** No text column takes a NUL, and no hash half a surrogate pair (RFC 8785, 3.2.2.2): what a person writes has neither. */
function refuseUnfit(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text === 'string' && (text.includes('\u0000') || /\p{Cs}/u.test(text)))
      throw new SyntaxError('unfit text')
  }
  return value
}

function setHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })
}

function answerErrors(app: FastifyInstance, onBug: GatewayOptions['onBug']): void {
  app.setNotFoundHandler(() => {
    throw new Refusal('not_found', '没有这个地址')
  })
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    const refusal = error instanceof Refusal ? error : refusalOf(error)
    if (refusal.error === 'internal') onBug(request.id, error)
    return reply.status(refusal.status).send(refusal.body)
  })
}

function refusalOf(error: FastifyError): Refusal {
  if (error.statusCode === 413) return new Refusal('too_large', '请求太大')
  if (error.statusCode !== undefined && error.statusCode < 500) return new Refusal('malformed', '请求的内容不合规定')
  return new Refusal('internal', '中心出了故障，什么也没有改变，请稍后再试')
}

const refusals = { '4xx': wireErrorSchema, '5xx': wireErrorSchema }
const stationParams = z.strictObject({ id: stationIdSchema })
const feedQuery = z.strictObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) })
const healthSchema = z.strictObject({ centreId: z.string(), name: z.string(), centreTimeUtc: z.string() })

function stationRoutes(app: FastifyInstance, { database, identity, now }: GatewayOptions): void {
  app.post('/v1/enrolments', {
    schema: {
      summary: '窗口凭一次性登记码登记',
      body: enrolmentRequestSchema,
      response: { 200: enrolmentReplySchema, ...refusals },
    },
    handler: (request) => {
      const enrolment = request.body as EnrolmentRequest
      requireOwnSignature(request, enrolment, now())
      return enrolStation(database, identity, enrolment, now())
    },
  })
  app.post<{ Params: z.infer<typeof stationParams> }>('/v1/stations/:id/entries', {
    schema: {
      summary: '送来一段记录',
      description: batchDescription,
      params: stationParams,
      response: { 200: pushReplySchema, ...refusals },
    },
    handler: async (request) => {
      const sender = await requireStation(database, request, request.params.id, now())
      const head = await takeBatch(database, sender, await decodeBody(request), now())
      const said = { acknowledged: head.seq, hash: head.hash, centreTimeUtc: now().toISOString() }
      return { ...said, signature: signValue(signerOf(identity.privateKey), { ...said, station: sender.stationId }) }
    },
  })
  app.get<{ Params: z.infer<typeof stationParams>; Querystring: z.infer<typeof feedQuery> }>('/v1/stations/:id/feed', {
    schema: {
      summary: '取走中心下发的一页',
      params: stationParams,
      querystring: feedQuery,
      response: { 200: feedPageSchema, ...refusals },
    },
    handler: async (request) => {
      const { stationId } = await requireStation(database, request, request.params.id, now())
      return readFeed(database, identity, stationId, request.query.after, now())
    },
  })
  app.get('/v1/health', {
    schema: { summary: '中心是否在工作', response: { 200: healthSchema, ...refusals } },
    handler: async () => {
      await database.query('select 1 as one')
      return { centreId: identity.centreId, name: identity.name, centreTimeUtc: now().toISOString() }
    },
  })
}

const batchDescription = `${batchMediaType}: one byte (version of the preset dictionary), then raw deflate of canonical JSON:
${JSON.stringify(z.toJSONSchema(pushRequestSchema))}`

/** The station of the address, by the request's own signature. */
async function requireStation(database: Database, request: FastifyRequest, id: string, now: Date): Promise<Sender> {
  const signed = { method: request.method, path: request.raw.url ?? '', body: request.rawBody }
  const sender = await authenticate(database, signed, signatureHeaders(request), now)
  if (sender.stationId !== id) throw new Refusal('unauthorized', '这不是你的窗口')
  return sender
}

/** At enrolment the key is not known yet: the request proves that its sender holds the key that it brings. */
function requireOwnSignature(request: FastifyRequest, { stationId, publicKey }: EnrolmentRequest, now: Date): void {
  const signed = { method: request.method, path: request.raw.url ?? '', body: request.rawBody }
  const headers = signatureHeaders(request)
  const claimed = readSignature(headers)
  if (claimed?.keyId !== stationId || !verifyRequest(signed, headers, publicKey))
    throw new Refusal('unauthorized', '签名不对')
  refuseSkew(claimed.createdSeconds, now)
}

function signatureHeaders(request: FastifyRequest) {
  const one = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    'content-digest': one('content-digest'),
    'signature-input': one('signature-input'),
    signature: one('signature'),
  }
}

async function decodeBody(request: FastifyRequest) {
  try {
    return await decodeBatch(request.rawBody ?? Buffer.alloc(0))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const tooLarge = error.details.reason === 'too-large'
    throw tooLarge ? new Refusal('too_large', '批次太大') : new Refusal('malformed', '批次的内容不合规定')
  }
}

const description = {
  openapi: '3.1.0',
  info: {
    title: '村窗 centre',
    version: '1',
    description: 'Stations sign every request (RFC 9421, ed25519, RFC 9530 content-digest).',
  },
} as const

/** The routes' zod schemas as JSON Schema, for the description alone. */
function toJsonSchemas({ schema, url }: { schema: object | undefined; url: string }): { schema: object; url: string } {
  const convert = (value: unknown): unknown => {
    if (value instanceof z.ZodType)
      return z.toJSONSchema(value, { io: 'input', unrepresentable: 'any', reused: 'inline' })
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, convert(inner)]))
  }
  return { schema: withoutJsonDefinition(convert(schema ?? {})) as object, url }
}

/** `z.json()` becomes a reference to a definition of "any JSON", which would dangle within the description: an empty schema says the same. */
function withoutJsonDefinition(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutJsonDefinition)
  if (typeof value !== 'object' || value === null || value instanceof z.ZodType) return value
  if ('$ref' in value) return {}
  const kept = Object.entries(value).filter(([key]) => key !== '$defs' && key !== '$schema')
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutJsonDefinition(inner)]))
}
