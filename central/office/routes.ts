// Owns: the back office's routes: cases, decisions, seals, enrolment codes.
// Does not own: who the officers are (the token's holder says).
// Start here: `officeRoutes`.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { hasToken } from '../../main/wire/local/private-socket.ts'
import {
  decisionSchema,
  sealLeaseItemSchema,
  sealRevocationItemSchema,
  stationIdSchema,
} from '../../preload/contract/wire.ts'
import { decideCase, findCase, listCases } from '../cases/cases.ts'
import type { Database } from '../database.ts'
import { dayOfficeRoutes } from '../days/routes.ts'
import { publishingRoutes } from '../feed/office-routes.ts'
import type { ContentStore } from '../files/content.ts'
import { officeFileRoutes } from '../files/office.ts'
import { Refusal, refusals } from '../refusal.ts'
import { officeRelayRoutes } from '../relay/office-routes.ts'
import { leasedItemsSchema, leaseSeal, listSeals, revokeSeal } from '../seals/seals.ts'
import { releaseOfficeRoutes } from '../standards/office-routes.ts'
import { makeEnrolmentCode } from '../stations/enrolment.ts'

/** What the office's routes stand on. */
export type OfficeOptions = {
  readonly database: Database
  readonly content?: ContentStore | undefined
  readonly now: () => Date
  readonly officeToken: string
}

/** A decision as the office sends it. */
const officeDecisionSchema = z.strictObject({
  decision: decisionSchema.shape.decision,
  reason: decisionSchema.shape.reason,
  officer: decisionSchema.shape.officer,
})

const caseParams = z.strictObject({ id: z.string().min(1).max(80) })
const sealsQuery = z.strictObject({ station: stationIdSchema.optional() })
const leaseRequest = z.strictObject({
  stationId: stationIdSchema,
  certificate: z.string().max(64),
  uses: sealLeaseItemSchema.shape.uses,
  days: z.int().min(1).max(3660),
  itemIds: leasedItemsSchema,
})
const revocationRequest = z.strictObject({
  certificate: z.string().max(64),
  reason: z.string().trim().min(1).max(200),
})
const codeRequest = z.strictObject({ stationId: stationIdSchema, replaces: stationIdSchema.optional() })

/** Registers the back office under `/v1/office`; every request must carry the token. */
export function officeRoutes(app: FastifyInstance, { database, content, now, officeToken }: OfficeOptions): void {
  app.addHook('onRequest', async (request) => {
    if (!hasToken(request.headers.authorization, officeToken)) throw new Refusal('unauthorized', '不是后台')
  })
  app.get('/v1/office/cases', {
    schema: { summary: '办件列表', response: refusals },
    handler: async () => ({ cases: await listCases(database) }),
  })
  app.get<{ Params: z.infer<typeof caseParams> }>('/v1/office/cases/:id', {
    schema: { summary: '一个办件', params: caseParams, response: refusals },
    handler: (request) => findCase(database, request.params.id),
  })
  app.post<{ Params: z.infer<typeof caseParams>; Body: z.infer<typeof officeDecisionSchema> }>(
    '/v1/office/cases/:id/decisions',
    {
      schema: {
        summary: '作出决定',
        params: caseParams,
        body: officeDecisionSchema,
        response: { 200: decisionSchema, ...refusals },
      },
      handler: (request) => decideCase(database, request.params.id, request.body, now()),
    },
  )
  sealRoutes(app, database, now)
  officeRelayRoutes(app, database, now)
  dayOfficeRoutes(app, database)
  publishingRoutes(app, database, now)
  releaseOfficeRoutes(app, database, now)
  officeFileRoutes(app, { database, content })
  app.post<{ Body: z.infer<typeof codeRequest> }>('/v1/office/enrolment-codes', {
    schema: { summary: '发一个登记码', body: codeRequest, response: refusals },
    handler: ({ body }) => makeEnrolmentCode(database, body.stationId, now(), body.replaces),
  })
}

function sealRoutes(app: FastifyInstance, database: Database, now: () => Date): void {
  app.get<{ Querystring: z.infer<typeof sealsQuery> }>('/v1/office/seals', {
    schema: { summary: '印章对账', querystring: sealsQuery, response: refusals },
    handler: async (request) => ({ seals: await listSeals(database, request.query.station ?? null) }),
  })
  app.post<{ Body: z.infer<typeof leaseRequest> }>('/v1/office/seals/leases', {
    schema: { summary: '给印章授权', body: leaseRequest, response: { 200: sealLeaseItemSchema, ...refusals } },
    handler: (request) => leaseSeal(database, request.body, now()),
  })
  app.post<{ Body: z.infer<typeof revocationRequest> }>('/v1/office/seals/revocations', {
    schema: { summary: '停用印章', body: revocationRequest, response: { 200: sealRevocationItemSchema, ...refusals } },
    handler: (request) => revokeSeal(database, request.body, now()),
  })
}
