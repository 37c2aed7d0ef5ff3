// Owns: the request by which a station tells of its drafts.
// Does not own: what is kept of them (drafts.ts), bytes (main/wire/packing/drafts-codec.ts).
// Start here: `draftRoutes`.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { decodeDrafts, draftsMediaType } from '../../main/wire/packing/drafts-codec.ts'
import { signerOf, signValue } from '../../main/wire/signatures.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type DraftsRequest, draftsReplySchema } from '../../preload/contract/hand-over.ts'
import { stationIdSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import type { Identity } from '../identity.ts'
import { Refusal, refusals } from '../refusal.ts'
import { requireStation } from '../stations/signed-requests.ts'
import { takeDrafts } from './drafts.ts'

const stationParams = z.strictObject({ id: stationIdSchema })

/** Registers `POST /v1/stations/{id}/drafts`, signed by the station. */
export function draftRoutes(
  app: FastifyInstance,
  { database, identity, now }: { readonly database: Database; readonly identity: Identity; readonly now: () => Date },
): void {
  app.addContentTypeParser(draftsMediaType, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    request.rawBody = body
    return undefined
  })
  app.post<{ Params: z.infer<typeof stationParams> }>('/v1/stations/:id/drafts', {
    schema: {
      summary: '草稿的最新内容（机器丢了，好交给新的机器）',
      params: stationParams,
      response: { 200: draftsReplySchema, ...refusals },
    },
    handler: async (request) => {
      const { stationId } = await requireStation(database, request, request.params.id, now())
      const wanted = await decoded(request)
      await takeDrafts(database, stationId, wanted, now())
      const said = { taken: wanted.drafts.length, centreTimeUtc: now().toISOString() }
      return { ...said, signature: signValue(signerOf(identity.privateKey), { ...said, station: stationId }) }
    },
  })
}

async function decoded(request: FastifyRequest): Promise<DraftsRequest> {
  try {
    return await decodeDrafts(request.rawBody ?? Buffer.alloc(0))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const isTooLarge = error.details.reason === 'too-large'
    throw isTooLarge ? new Refusal('too_large', '草稿太多') : new Refusal('malformed', '草稿的内容不合规定')
  }
}
