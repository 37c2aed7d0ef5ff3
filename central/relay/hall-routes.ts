// Owns: what a hall's windows may ask of their relay: the stations' own routes answered by a relay, the shared queue; the rest is the county's.
// Does not own: what is done (../ledger, pages.ts, queue.ts), the traffic with the county (onward.ts).
// Start here: `hallRoutes`; `refuseWhatIsTheCountys` stands before all routes of a relay.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { packMediaType } from '../../main/wire/catalogue/pack.ts'
import type { Head } from '../../main/wire/entry.ts'
import { signerOf, signValue } from '../../main/wire/signatures.ts'
import {
  hallQueueReplySchema,
  hallTakeReplySchema,
  hallTakeRequestSchema,
  relayFeedReplySchema,
  relayReplySchema,
} from '../../preload/contract/relay.ts'
import { type PushRequest, stationIdSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import type { Identity } from '../identity.ts'
import { type Sender, takeBatch } from '../ledger/entries.ts'
import { Refusal, refusals } from '../refusal.ts'
import { packParams, packQuery, sendPack } from '../standards/pack-answers.ts'
import { bringsFrames, readFramesAsTheyCome, takeFrames } from '../stations/frames.ts'
import { decodeBody } from '../stations/routes.ts'
import { requireSignature, requireStation } from '../stations/signed-requests.ts'
import type { Onward } from './onward.ts'
import { pageAfter } from './pages.ts'
import { letGoOfCase, prolongTakes, readQueue, takeCase } from './queue.ts'
import { keptPack } from './releases.ts'
import { keepSignedHead } from './shipping.ts'
import { findRelayed, readAcknowledgement } from './stations.ts'
import { type Upstream, wasRemoved } from './upstream.ts'

/** What a relay's routes stand on. */
export type HallOptions = {
  readonly database: Database
  readonly identity: Identity
  readonly now: () => Date
  readonly relay: RelayParts
}

/** A relay's county and its traffic with it. */
export type RelayParts = { readonly upstream: Upstream; readonly onward: Onward }

const stationParams = z.strictObject({ id: stationIdSchema })
const feedQuery = z.strictObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) })
const caseParams = z.strictObject({ id: z.uuid() })
const queueQuery = z.strictObject({
  query: z.string().max(100).default(''),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
type StationParams = { Params: z.infer<typeof stationParams> }

/** Paths that a relay answers itself. */
const own =
  /^\/(v1\/(stations\/:id\/(entries|head|feed|releases\/|files(?!.*\/content$))|hall\/|health|openapi|office\/cases$)|check$|metrics$)/

/** Refuses `relay_only` for everything that only the county can do, known or not, before anything else looks at it. */
export function refuseWhatIsTheCountys(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const path = request.routeOptions.url
    if (path === undefined || (own.test(path) && !isDecision(request, path))) return
    refuseRelayOnly()
  })
}

/** Refuses `relay_only` for the routes of a scope once the county has removed the relay: nothing may be trusted to it any more. */
export function refuseOnceRemoved(scope: FastifyInstance, database: Database): void {
  scope.addHook('onRequest', async () => refuseIfRemoved(database))
}

async function refuseIfRemoved(database: Database): Promise<void> {
  if (await wasRemoved(database)) throw new Refusal('relay_only', '县里已经停用了这台中转机，它不再代存任何内容')
}

function refuseRelayOnly(): never {
  throw new Refusal('relay_only', '这是大厅的中转机，这件事只有县里的中心能办')
}

const isDecision = ({ method }: FastifyRequest, path: string): boolean =>
  path.startsWith('/v1/office/') && method !== 'GET' && method !== 'HEAD'

/** Registers the routes of a relay; every request is signed by a window of its hall. */
export function hallRoutes(app: FastifyInstance, options: HallOptions): void {
  app.post('/v1/enrolments', { schema: { hide: true } }, refuseRelayOnly)
  entryRoutes(app, options)
  feedRoute(app, options)
  releaseRoute(app, options)
  queueRoutes(app, options)
}

function entryRoutes(app: FastifyInstance, options: HallOptions): void {
  const { database, relay, now } = options
  readFramesAsTheyCome(app)
  app.post<StationParams>('/v1/stations/:id/entries', {
    schema: {
      summary: '大厅窗口送来一段记录（中转机代存）',
      params: stationParams,
      response: { 200: relayReplySchema, ...refusals },
    },
    handler: async (request) => {
      const sender = await requireWindow(options, request, request.params.id)
      let hasCome = false
      const keep = async ({ from, entries, signature }: PushRequest, head: Head) => {
        hasCome = true
        // A batch that ends before the head was here already: a later signature covers it.
        if (head.seq === from - 1 + entries.length) await keepSignedHead(database, sender.stationId, head, signature)
      }
      try {
        if (bringsFrames(request)) await takeFrames(database, sender, request, now, keep)
        else {
          const batch = await decodeBody(request)
          await keep(batch, await takeBatch(database, sender, batch, now()))
        }
      } finally {
        // What came before a cut or a refusal goes on too.
        if (hasCome) relay.onward.wake()
      }
      return answerFor(options, sender.stationId)
    },
  })
  app.get<StationParams>('/v1/stations/:id/head', {
    schema: {
      summary: '中转机收到了哪里',
      params: stationParams,
      response: { 200: relayReplySchema, ...refusals },
    },
    handler: async (request) => {
      const { stationId } = await requireWindow(options, request, request.params.id)
      return answerFor(options, stationId)
    },
  })
}

/** What the relay holds, and the county's own word as it came. */
async function answerFor({ database, identity, relay, now }: HallOptions, stationId: string) {
  const station = await findRelayed(database, stationId)
  if (station === undefined) throw new Refusal('station_unknown', '县里没有说这个窗口属于本大厅')
  const said = {
    relayId: relay.upstream.relayId,
    held: station.held,
    hash: station.hash,
    centre: await readAcknowledgement(database, stationId),
    centreTimeUtc: now().toISOString(),
  }
  return { ...said, signature: signValue(signerOf(identity.privateKey), { ...said, station: stationId }) }
}

function feedRoute(app: FastifyInstance, options: HallOptions): void {
  const { database, relay } = options
  app.get<StationParams & { Querystring: z.infer<typeof feedQuery> }>('/v1/stations/:id/feed', {
    schema: {
      summary: '取走中转机代存的一页下发',
      params: stationParams,
      querystring: feedQuery,
      response: { 200: relayFeedReplySchema, ...refusals },
    },
    handler: async (request) => {
      const { stationId } = await requireWindow(options, request, request.params.id)
      const { after } = request.query
      const page = (await pageAfter(database, stationId, after)) ?? (await relay.onward.askPage(stationId, after))
      return { relayId: relay.upstream.relayId, page: page ?? null }
    },
  })
}

/** Packs are whole here: on the hall's own network their size is of no weight, and the county is asked once. */
function releaseRoute(app: FastifyInstance, options: HallOptions): void {
  app.get<{ Params: z.infer<typeof packParams>; Querystring: z.infer<typeof packQuery> }>(
    '/v1/stations/:id/releases/:release',
    {
      schema: {
        summary: '取中转机代存的一次发布',
        description: packMediaType,
        params: packParams,
        querystring: packQuery,
        response: refusals,
      },
      handler: async (request, reply) => {
        const { stationId } = await requireWindow(options, request, request.params.id)
        const { database, relay } = options
        const kept = () => keptPack(database, stationId, request.params.release)
        let pack = await kept()
        if (pack === undefined) {
          await relay.onward.askReleases()
          pack = await kept()
        }
        if (pack === undefined) throw new Refusal('not_found', '中转机没有代存给这个窗口的这一次发布')
        return sendPack(reply, pack, request.query.offset)
      },
    },
  )
}

function queueRoutes(app: FastifyInstance, options: HallOptions): void {
  const { database, identity, relay, now } = options
  const { relayId } = relay.upstream
  const signed = <T extends object>(said: T, station: string) => ({
    ...said,
    signature: signValue(signerOf(identity.privateKey), { ...said, station }),
  })
  app.get<{ Querystring: z.infer<typeof queueQuery> }>('/v1/hall/cases', {
    schema: {
      summary: '大厅各窗口共用的办件队列',
      querystring: queueQuery,
      response: { 200: hallQueueReplySchema, ...refusals },
    },
    handler: async (request) => {
      const { stationId } = await requireWindow(options, request)
      const page = await readQueue(database, request.query, now())
      return signed({ relayId, ...page, centreTimeUtc: now().toISOString() }, stationId)
    },
  })
  app.post<{ Params: z.infer<typeof caseParams>; Body: z.infer<typeof hallTakeRequestSchema> }>(
    '/v1/hall/cases/:id/take',
    {
      schema: {
        summary: '接手或放下一个办件',
        params: caseParams,
        body: hallTakeRequestSchema,
        response: { 200: hallTakeReplySchema, ...refusals },
      },
      handler: async (request) => {
        const { stationId } = await requireWindow(options, request)
        const caseId = request.params.id
        const isTaking = request.body.take
        const until = isTaking ? await takeCase(database, caseId, stationId, now()) : null
        if (!isTaking) await letGoOfCase(database, caseId, stationId, now())
        return signed(
          { relayId, caseId, takenBy: isTaking ? stationId : '', untilUtc: until?.toISOString() ?? null },
          stationId,
        )
      },
    },
  )
}

/** A window of this hall, by its own signature. Refuses `relay_only` once the county has removed the relay: nothing may be trusted to it any more. */
async function requireWindow(
  { database, now }: HallOptions,
  request: FastifyRequest,
  stationId?: string,
): Promise<Sender> {
  const sender =
    stationId === undefined
      ? await requireSignature(database, request, now()).then(({ keyId, publicKey }) => ({
          stationId: keyId,
          publicKey,
        }))
      : await requireStation(database, request, stationId, now())
  await refuseIfRemoved(database)
  await prolongTakes(database, sender.stationId, now())
  return sender
}
