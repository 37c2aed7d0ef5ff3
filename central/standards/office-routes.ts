// Owns: the back office's routes about releases: publishers, the list, adoption, tags of stations, a release as a file.
// Does not own: who the officers are (../office/routes.ts), what is done (publishers.ts, releases.ts, telling.ts, adoption.ts).
// Start here: `releaseOfficeRoutes`.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { packMediaType } from '../../main/wire/catalogue/pack.ts'
import { countySchema, publisherKeySchema, stationTagSchema } from '../../preload/contract/catalogue.ts'
import { type ImpactQuestion, impactQuestionSchema } from '../../preload/contract/standards/county.ts'
import { stationIdSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import { refusals } from '../refusal.ts'
import { adoptionOf } from './adoption.ts'
import { listDesks, nameDesk } from './desks.ts'
import { impactOf } from './impact.ts'
import { listReleases, wholePack } from './office.ts'
import { listPublishers, registerPublisher, retirePublisher } from './publishers.ts'
import { listTags, tagStation } from './telling.ts'

/** A publisher as the office registers him. */
export const publisherOrderSchema = z.strictObject({
  publicKey: publisherKeySchema,
  county: countySchema,
  name: z.string().regex(/^[^\p{Cc}\p{Cs}]{1,60}$/u),
  ifNone: z.boolean().default(false),
})
const retirement = z.strictObject({ publicKey: publisherKeySchema })
const tagOrder = z.strictObject({ stationId: stationIdSchema, tags: z.array(stationTagSchema).max(50) })
const deskOrder = z.strictObject({ stationId: stationIdSchema, isDesk: z.boolean() })
const releaseParams = z.strictObject({ release: z.coerce.number().int().min(1).max(1_000_000_000) })
const adoptionQuery = z.strictObject({ release: releaseParams.shape.release.optional() })

/** Registers the routes below `/v1/office`; the caller has checked the token. */
export function releaseOfficeRoutes(app: FastifyInstance, database: Database, now: () => Date): void {
  app.get('/v1/office/publishers', {
    schema: { summary: '发布人', response: refusals },
    handler: async () => ({ publishers: await listPublishers(database) }),
  })
  app.post<{ Body: z.infer<typeof publisherOrderSchema> }>('/v1/office/publishers', {
    schema: { summary: '登记发布人', body: publisherOrderSchema, response: refusals },
    handler: (request) => registerPublisher(database, request.body, now()),
  })
  app.post<{ Body: z.infer<typeof retirement> }>('/v1/office/publishers/retirement', {
    schema: { summary: '停用发布密钥', body: retirement, response: refusals },
    handler: (request) => retirePublisher(database, request.body.publicKey, now()),
  })
  app.get('/v1/office/releases', {
    schema: { summary: '事项标准的各次发布', response: refusals },
    handler: async () => ({ releases: await listReleases(database) }),
  })
  app.get<{ Params: z.infer<typeof releaseParams> }>('/v1/office/releases/:release/pack', {
    schema: { summary: '一次发布的完整文件', params: releaseParams, response: refusals },
    handler: async (request, reply) =>
      reply.type(packMediaType).send(await wholePack(database, request.params.release, now)),
  })
  app.get<{ Querystring: z.infer<typeof adoptionQuery> }>('/v1/office/adoption', {
    schema: { summary: '哪些窗口有了哪一次发布', querystring: adoptionQuery, response: refusals },
    handler: (request) => adoptionOf(database, request.query.release),
  })
  app.post<{ Body: ImpactQuestion }>('/v1/office/impact', {
    schema: { summary: '一次发布会影响多少办件、草稿和窗口', body: impactQuestionSchema, response: refusals },
    handler: (request) => impactOf(database, request.body, now()),
  })
  app.get('/v1/office/publishing-desks', {
    schema: { summary: '发布台：可以问全县情况的机器', response: refusals },
    handler: async () => ({ desks: await listDesks(database) }),
  })
  app.post<{ Body: z.infer<typeof deskOrder> }>('/v1/office/publishing-desks', {
    schema: { summary: '登记或取消一个发布台', body: deskOrder, response: refusals },
    handler: async (request) => ({ desks: await nameDesk(database, request.body, now()) }),
  })
  app.get('/v1/office/station-tags', {
    schema: { summary: '窗口的标签', response: refusals },
    handler: async () => ({ stations: await listTags(database) }),
  })
  app.post<{ Body: z.infer<typeof tagOrder> }>('/v1/office/station-tags', {
    schema: { summary: '给窗口换标签', body: tagOrder, response: refusals },
    handler: (request) => tagStation(database, request.body, now()),
  })
}
