// Owns: the centre's HTTP face: routes, limits, headers, errors, the OpenAPI description.
// Does not own: who has a place (admission.ts), the routes (stations/routes.ts, office/routes.ts, cases/check.ts).
// Start here: `buildGateway`.
import { createHash } from 'node:crypto'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { batchLimits, batchMediaType } from '../main/wire/packing/push-codec.ts'
import { boundPushes } from './admission.ts'
import { bundleGroundOf } from './bundles/ground.ts'
import { bundleRoutes, officeBundleRoutes } from './bundles/routes.ts'
import { checkRoutes } from './cases/check.ts'
import { type Database, DatabaseUnavailable } from './database.ts'
import { dayRoutes } from './days/routes.ts'
import { draftRoutes } from './drafts/routes.ts'
import type { ContentStore } from './files/content.ts'
import { fileRoutes } from './files/routes.ts'
import type { Identity } from './identity.ts'
import { healthRoutes } from './metrics/health.ts'
import { countRefusal } from './metrics/meter.ts'
import { countTraffic } from './metrics/traffic.ts'
import { officeRoutes } from './office/routes.ts'
import { Refusal } from './refusal.ts'
import { countyRelayRoutes } from './relay/county-routes.ts'
import { keepingOf } from './relay/files.ts'
import { hallRoutes, type RelayParts, refuseOnceRemoved, refuseWhatIsTheCountys } from './relay/hall-routes.ts'
import { releaseRoutes } from './standards/routes.ts'
import { forgetOldNonces } from './stations/authentication.ts'
import { stationRoutes } from './stations/routes.ts'

/** What a gateway stands on. */
export type GatewayOptions = {
  readonly database: Database
  readonly identity: Identity
  readonly now: () => Date
  /** Where files lie; without it they are refused for now. */
  readonly content?: ContentStore | undefined
  /** Pushes that are worked on at once; the next are told to come back later. */
  readonly pushPlaces?: number | undefined
  /** What makes this centre the relay of a town hall. */
  readonly relay?: RelayParts | undefined
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
    // A quiet village on a slow link asks every five minutes: a kept connection spares it a TLS handshake of some 3.5 KB.
    keepAliveTimeout: 330_000,
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
  boundPushes(app, { places: options.pushPlaces })
  countTraffic(app)
  await app.register(swagger, { openapi: description, transform: toJsonSchemas })
  const { relay } = options
  if (relay !== undefined) refuseWhatIsTheCountys(app)
  await app.register(async (scope) =>
    relay === undefined ? stationRoutes(scope, options) : hallRoutes(scope, { ...options, relay }),
  )
  await app.register(async (scope) => {
    if (relay !== undefined) refuseOnceRemoved(scope, options.database)
    fileRoutes(scope, { ...options, keeping: relay && keepingOf(options.database, () => relay.onward.fileCame()) })
  })
  await app.register(async (scope) => dayRoutes(scope, options))
  await app.register(async (scope) => draftRoutes(scope, options))
  await app.register(async (scope) => countyRelayRoutes(scope, options))
  await app.register(async (scope) => releaseRoutes(scope, options, relay !== undefined))
  const { content } = options
  healthRoutes(app, { ...options, files: content && (() => content.has(emptyFile)) })
  const { database, identity, onBug } = options
  await app.register(async (scope) =>
    checkRoutes(scope, { database, centreName: identity.name, countyName: relay?.upstream.centreName, onBug }),
  )
  sweepNonces(app, options)
  const { officeToken } = options
  if (relay === undefined) await app.register(async (scope) => bundleRoutes(scope, bundleGroundOf(options)))
  if (officeToken !== undefined)
    await app.register(async (scope) => {
      officeRoutes(scope, { ...options, officeToken })
      if (relay === undefined) officeBundleRoutes(scope, bundleGroundOf(options))
    })
  app.get('/v1/openapi.json', { schema: { hide: true } }, () => app.swagger())
  return app
}

/** SHA-256 of nothing: whether it is there or not, a store that can say so can be reached. */
const emptyFile = createHash('sha256').digest('hex')

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
    countRefusal(refusal.error)
    const { retryAfterSeconds } = refusal.details
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
    // 429 where there are too many, 503 where the centre itself cannot: a balancer takes the gateway off.
    return reply.status(error instanceof DatabaseUnavailable ? 503 : refusal.status).send(refusal.body)
  })
}

function refusalOf(error: FastifyError): Refusal {
  if (error instanceof DatabaseUnavailable)
    return new Refusal('busy', '中心的数据库暂时没有回答，请稍后再试', { retryAfterSeconds: 5 })
  if (error.statusCode === 413) return new Refusal('too_large', '请求太大')
  if (error.statusCode !== undefined && error.statusCode < 500) return new Refusal('malformed', '请求的内容不合规定')
  return new Refusal('internal', '中心出了故障，什么也没有改变，请稍后再试')
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
