// Owns: what a relay may ask of the county: to be let in, who its stations are, where it is reached.
// Does not own: what it asks for its stations (../stations/routes.ts), what is done (county.ts).
// Start here: `countyRelayRoutes`.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  type RelayEnrolmentRequest,
  relayAddressSchema,
  relayEnrolmentReplySchema,
  relayEnrolmentRequestSchema,
  relayIdSchema,
  relayReleasesSchema,
  relayStationsSchema,
} from '../../preload/contract/relay.ts'
import type { Database } from '../database.ts'
import type { Identity } from '../identity.ts'
import { Refusal, refusals } from '../refusal.ts'
import { releasesOfTown } from '../standards/telling.ts'
import { requireOwnSignature, requireSignature } from '../stations/signed-requests.ts'
import { enrolRelay, moveRelay, type Relay, relayIdOf, relayStations } from './county.ts'

/** What the relays' routes stand on. */
export type CountyRelayOptions = { readonly database: Database; readonly identity: Identity; readonly now: () => Date }

const relayParams = z.strictObject({ id: relayIdSchema })
type RelayParams = { Params: z.infer<typeof relayParams> }

/** Registers the relays' routes at the county; every request is signed by the relay's key. */
export function countyRelayRoutes(app: FastifyInstance, { database, identity, now }: CountyRelayOptions): void {
  app.post('/v1/relays', {
    schema: {
      summary: '镇街大厅的中转机凭一次性登记码登记',
      body: relayEnrolmentRequestSchema,
      response: { 200: relayEnrolmentReplySchema, ...refusals },
    },
    handler: (request) => {
      const enrolment = request.body as RelayEnrolmentRequest
      requireOwnSignature(request, relayIdOf(enrolment.publicKey), enrolment.publicKey, now())
      return enrolRelay(database, identity, enrolment, now())
    },
  })
  app.get<RelayParams>('/v1/relays/:id/stations', {
    schema: {
      summary: '中转机所在镇街的窗口',
      params: relayParams,
      response: { 200: relayStationsSchema, ...refusals },
    },
    handler: async (request) => {
      const relay = await requireRelay(database, request, request.params.id, now())
      return relayStations(database, identity, relay, now())
    },
  })
  app.get<RelayParams>('/v1/relays/:id/releases', {
    schema: {
      summary: '本镇街窗口还可能要取的各次发布',
      params: relayParams,
      response: { 200: relayReleasesSchema, ...refusals },
    },
    handler: async (request) => {
      const { town } = await requireRelay(database, request, request.params.id, now())
      return { releases: await releasesOfTown(database, town, now()) }
    },
  })
  app.post<RelayParams & { Body: z.infer<typeof relayAddressSchema> }>('/v1/relays/:id/address', {
    schema: {
      summary: '中转机在大厅网内的地址',
      params: relayParams,
      body: relayAddressSchema,
      response: { 200: z.strictObject({ centreTimeUtc: z.string() }), ...refusals },
    },
    handler: async (request) => {
      const relay = await requireRelay(database, request, request.params.id, now())
      await moveRelay(database, relay, request.body.url, now())
      return { centreTimeUtc: now().toISOString() }
    },
  })
}

/** The relay of the address, by the request's own signature. */
async function requireRelay(database: Database, request: FastifyRequest, id: string, now: Date): Promise<Relay> {
  const { keyId, publicKey, town } = await requireSignature(database, request, now)
  if (keyId !== id || town === undefined) throw new Refusal('unauthorized', '这不是你的中转机')
  return { relayId: keyId, publicKey, town }
}
