// Owns: the back office's routes: cases, decisions, enrolment codes.
// Does not own: who the officers are (the token's holder says).
// Start here: `officeRoutes`.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { hasToken } from '../main/wire/private-socket.ts'
import { decisionSchema, stationIdSchema, wireErrorSchema } from '../preload/contract/wire.ts'
import { decideCase, findCase, listCases } from './cases.ts'
import type { Database } from './database.ts'
import { makeEnrolmentCode } from './enrolment.ts'
import { Refusal } from './refusal.ts'

/** What the office's routes stand on. */
export type OfficeOptions = { readonly database: Database; readonly now: () => Date; readonly officeToken: string }

/** A decision as the office sends it. */
const officeDecisionSchema = z.strictObject({
  decision: decisionSchema.shape.decision,
  reason: decisionSchema.shape.reason,
  officer: decisionSchema.shape.officer,
})

const caseParams = z.strictObject({ id: z.string().min(1).max(80) })
const codeRequest = z.strictObject({ stationId: stationIdSchema })
const refusals = { '4xx': wireErrorSchema, '5xx': wireErrorSchema }

/** Registers the back office under `/v1/office`; every request must carry the token. */
export function officeRoutes(app: FastifyInstance, { database, now, officeToken }: OfficeOptions): void {
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
  app.post<{ Body: z.infer<typeof codeRequest> }>('/v1/office/enrolment-codes', {
    schema: { summary: '发一个登记码', body: codeRequest, response: refusals },
    handler: (request) => makeEnrolmentCode(database, request.body.stationId, now()),
  })
}
