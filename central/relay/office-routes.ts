// Owns: the back office's routes about relays: codes, the list, removal.
// Does not own: who the officers are (../office/routes.ts), what is done (county.ts).
// Start here: `officeRelayRoutes`.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { relayIdSchema } from '../../preload/contract/relay.ts'
import type { Database } from '../database.ts'
import { refusals } from '../refusal.ts'
import { listRelays, makeRelayCode, removeRelay } from './county.ts'

const codeRequest = z.strictObject({ town: z.string().max(12) })
const relayParams = z.strictObject({ id: relayIdSchema })

/** Registers the office's routes about relays, in the scope that asks for the office's token. */
export function officeRelayRoutes(app: FastifyInstance, database: Database, now: () => Date): void {
  app.get('/v1/office/relays', {
    schema: { summary: '大厅中转机', response: refusals },
    handler: async () => ({ relays: await listRelays(database) }),
  })
  app.post<{ Body: z.infer<typeof codeRequest> }>('/v1/office/relay-codes', {
    schema: { summary: '给一个镇街的中转机发登记码', body: codeRequest, response: refusals },
    handler: (request) => makeRelayCode(database, request.body.town, now()),
  })
  app.post<{ Params: z.infer<typeof relayParams> }>('/v1/office/relays/:id/removal', {
    schema: { summary: '停用一台中转机', params: relayParams, response: refusals },
    handler: (request) => removeRelay(database, request.params.id, now()),
  })
}
