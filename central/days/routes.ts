// Owns: the route by which a station holds a day against the centre, and the office's list of days.
// Does not own: who it is (../stations), what is compared (compare.ts).
// Start here: `dayRoutes`.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type DayRequest, dayReplySchema, dayRequestSchema } from '../../preload/contract/days.ts'
import { stationIdSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import { refusals } from '../refusal.ts'
import { requireStation } from '../stations/signed-requests.ts'
import { compareDay, type DayGround } from './compare.ts'
import { listDay } from './list.ts'

const dayParams = z.strictObject({ id: stationIdSchema, day: z.iso.date() })

/** Registers 日清: `POST /v1/stations/{id}/days/{YYYY-MM-DD}`, signed by the station. Changes nothing, may be repeated. */
export function dayRoutes(app: FastifyInstance, { now, ...ground }: DayGround & { readonly now: () => Date }): void {
  app.post<{ Params: z.infer<typeof dayParams>; Body: DayRequest }>('/v1/stations/:id/days/:day', {
    schema: {
      summary: '日清：与中心核对一天',
      params: dayParams,
      body: dayRequestSchema,
      response: { 200: dayReplySchema, ...refusals },
    },
    handler: async (request) => {
      const { id, day } = request.params
      const { stationId } = await requireStation(ground.database, request, id, now())
      return compareDay(ground, { stationId, day, request: request.body }, now())
    },
  })
}

const listQuery = z.strictObject({ day: z.iso.date() })

/** Registers `GET /v1/office/days?day=…`; the caller has checked the token. */
export function dayOfficeRoutes(app: FastifyInstance, database: Database): void {
  app.get<{ Querystring: z.infer<typeof listQuery> }>('/v1/office/days', {
    schema: {
      summary: '一天的日清',
      querystring: listQuery,
      response: refusals,
    },
    handler: async (request) => ({ stations: await listDay(database, request.query.day) }),
  })
}
