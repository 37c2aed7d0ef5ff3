// Owns: what publishing desks may ask: whom a release would meet, the county's windows, releases whether or not they are for the desk.
// Does not own: who is a desk (desks.ts), what is answered (impact.ts, packs.ts).
// Start here: `deskRoutes`.
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { packMediaType } from '../../main/wire/catalogue/pack.ts'
import {
  countyImpactSchema,
  countyReleasesSchema,
  countyWindowsSchema,
  type ImpactQuestion,
  impactQuestionSchema,
  releasesNamed,
} from '../../preload/contract/standards/county.ts'
import type { Database } from '../database.ts'
import { Refusal, refusals } from '../refusal.ts'
import { requireDesk } from './desks.ts'
import { countyWindows, impactOf } from './impact.ts'
import { packParams, packQuery, sendPack } from './pack-answers.ts'
import type { Packs } from './packs.ts'
import { newestReleases } from './rows.ts'

/** What the routes stand on. */
export type DeskRouteOptions = { readonly database: Database; readonly now: () => Date; readonly packs: Packs }

const deskParams = packParams.pick({ id: true })
type DeskParams = { Params: z.infer<typeof deskParams> }
type PackRequest = { Params: z.infer<typeof packParams>; Querystring: z.infer<typeof packQuery> }

/** Registers the routes, every request signed by a publishing desk. */
export function deskRoutes(app: FastifyInstance, { database, now, packs }: DeskRouteOptions): void {
  app.post<DeskParams & { Body: ImpactQuestion }>('/v1/stations/:id/publishing/impact', {
    schema: {
      summary: '一次发布会影响全县多少办件、草稿和窗口（只问数目，发布台才能问）',
      params: deskParams,
      body: impactQuestionSchema,
      response: { 200: countyImpactSchema, ...refusals },
    },
    handler: async (request) => {
      await requireDesk(database, request, request.params.id, now())
      return impactOf(database, request.body, now())
    },
  })
  app.get<DeskParams>('/v1/stations/:id/publishing/windows', {
    schema: {
      summary: '全县的窗口和它们的标签，供选发给谁（发布台才能问）',
      params: deskParams,
      response: { 200: countyWindowsSchema, ...refusals },
    },
    handler: async (request) => {
      await requireDesk(database, request, request.params.id, now())
      return countyWindows(database)
    },
  })
  app.get<DeskParams>('/v1/stations/:id/publishing/releases', {
    schema: {
      summary: '最近的各次发布，不论发给谁（发布台才能问）',
      params: deskParams,
      response: { 200: countyReleasesSchema, ...refusals },
    },
    handler: async (request) => {
      await requireDesk(database, request, request.params.id, now())
      return { releases: await newestReleases(database, releasesNamed) }
    },
  })
  app.get<PackRequest>('/v1/stations/:id/publishing/releases/:release', {
    schema: {
      summary: '取任何一次发布，不论发给谁（发布台才能取）',
      description: packMediaType,
      params: packParams,
      querystring: packQuery,
      response: refusals,
    },
    handler: async (request, reply) => {
      const { id, release } = request.params
      await requireDesk(database, request, id, now())
      const pack = await packs.find(request.query.from, release)
      if (pack === undefined) throw new Refusal('not_found', '中心没有这一次发布')
      return sendPack(reply, pack, request.query.offset)
    },
  })
}
