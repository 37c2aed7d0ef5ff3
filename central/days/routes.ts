// Owns: the route by which a station holds a day against the centre.
// Does not own: who it is (../stations), what is compared (compare.ts).
// Start here: `dayRoutes`.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type DayRequest, dayReplySchema, dayRequestSchema } from '../../preload/contract/days.ts'
import { stationIdSchema, wireErrorSchema } from '../../preload/contract/wire.ts'
import { requireStation, type StationRouteOptions } from '../stations/routes.ts'
import { compareDay } from './compare.ts'

const dayParams = z.strictObject({ id: stationIdSchema, day: z.iso.date() })

/** Registers 日清: `POST /v1/stations/{id}/days/{YYYY-MM-DD}`, signed by the station. Changes nothing, may be repeated. */
export function dayRoutes(app: FastifyInstance, { database, identity, now }: StationRouteOptions): void {
  app.post<{ Params: z.infer<typeof dayParams>; Body: DayRequest }>('/v1/stations/:id/days/:day', {
    schema: {
      summary: '日清：与中心核对一天',
      params: dayParams,
      body: dayRequestSchema,
      response: { 200: dayReplySchema, '4xx': wireErrorSchema, '5xx': wireErrorSchema },
    },
    handler: async (request) => {
      const { id, day } = request.params
      const { stationId } = await requireStation(database, request, id, now())
      return compareDay(database, identity, { stationId, day, request: request.body }, now())
    },
  })
}
