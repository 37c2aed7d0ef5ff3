// Owns: what stations and publishers may ask about releases: a pack by offset, publishing, who has what.
// Does not own: who they are (../stations), what is done (packs.ts, releases.ts, adoption.ts).
// Start here: `releaseRoutes`.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isFor } from '../../main/wire/catalogue/manifest.ts'
import { packLimitBytes, packMediaType } from '../../main/wire/catalogue/pack.ts'
import { deflatedJsonType, encodeJson } from '../../main/wire/packing/deflated-json.ts'
import { adoptionSchema, publishedReleaseSchema } from '../../preload/contract/catalogue.ts'
import type { Database } from '../database.ts'
import { Refusal, refusals } from '../refusal.ts'
import { requireSignature, requireStation } from '../stations/signed-requests.ts'
import { adoptionOf, noteFetched } from './adoption.ts'
import { deskRoutes } from './desk-routes.ts'
import { packParams, packQuery, sendPack } from './pack-answers.ts'
import { createPacks, type Packs } from './packs.ts'
import { publishPlaces } from './publish-places.ts'
import { publishRelease } from './releases.ts'
import { findRelease, stationTags } from './rows.ts'

/** What the routes stand on. */
export type ReleaseRouteOptions = {
  readonly database: Database
  readonly now: () => Date
  readonly onBug: (incident: string, error: unknown) => void
}

const adoptionQuery = z.strictObject({ release: packParams.shape.release.optional() })
type PackRequest = { Params: z.infer<typeof packParams>; Querystring: z.infer<typeof packQuery> }

/** Registers the routes; at a relay, whose windows have a way of their own to packs, those that only the county answers. */
export function releaseRoutes(app: FastifyInstance, options: ReleaseRouteOptions, isRelay: boolean): void {
  const { database, now } = options
  const packs = createPacks(database, now)
  if (!isRelay) stationPackRoute(app, options, packs)
  deskRoutes(app, { database, now, packs })
  readPacks(app)
  const places = publishPlaces()
  app.post('/v1/releases', {
    bodyLimit: packLimitBytes,
    schema: {
      summary: '发布一次事项标准：签名的人就是凭据',
      response: { 200: publishedReleaseSchema, ...refusals },
    },
    onRequest: places.arrive,
    preValidation: places.judge,
    handler: (request) => publishRelease(database, request.rawBody ?? Buffer.alloc(0), now()),
  })
  app.get<{ Querystring: z.infer<typeof adoptionQuery> }>('/v1/adoption', {
    schema: {
      summary: '哪些窗口有了哪一次发布',
      description: `${deflatedJsonType} for who accepts it: the same JSON in raw deflate.`,
      querystring: adoptionQuery,
      response: { 200: adoptionSchema, ...refusals },
    },
    handler: async (request, reply) => {
      await requireSignature(database, request, now())
      const adoption = await adoptionOf(database, request.query.release)
      if (!request.headers.accept?.includes(deflatedJsonType)) return adoption
      return reply.type(deflatedJsonType).send(await encodeJson(adoption))
    },
  })
}

/** Packs arrive whole: they are checked before anything is made of them. */
export function readPacks(app: FastifyInstance): void {
  app.addContentTypeParser(packMediaType, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    request.rawBody = body
    return undefined
  })
}

function stationPackRoute(app: FastifyInstance, { database, now, onBug }: ReleaseRouteOptions, packs: Packs): void {
  app.get<PackRequest>('/v1/stations/:id/releases/:release', {
    schema: {
      summary: '取一次发布：from 是窗口已有的那一次，offset 是已有的字节',
      description: `${packMediaType}; the header x-release-pack says SHA-256 and size of the whole pack, and where these bytes begin.`,
      params: packParams,
      querystring: packQuery,
      response: refusals,
    },
    handler: async (request, reply) => {
      const { release } = request.params
      const { stationId } = await requireStation(database, request, request.params.id, now())
      await requireTarget(database, stationId, release)
      const pack = await packs.find(request.query.from, release)
      if (pack === undefined) throw new Refusal('not_found', '中心没有这一次发布')
      reply.raw.once('finish', () => {
        noteFetched(database, stationId, release, now()).catch((error: unknown) => onBug('adoption', error))
      })
      return sendPack(reply, pack, request.query.offset)
    },
  })
}

async function requireTarget(database: Database, stationId: string, release: number): Promise<void> {
  const found = await findRelease(database, release)
  const tags = await stationTags(database, stationId)
  if (found === undefined || !isFor(found.manifest.targets, { stationId, tags }))
    throw new Refusal('not_found', '中心没有给这个窗口的这一次发布')
}
