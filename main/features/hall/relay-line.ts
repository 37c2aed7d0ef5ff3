// Owns: what a station says to its hall's relay, and how little it believes of the answers.
// Does not own: when it speaks (index.ts), what of the ledger goes out (relay-exchange.ts).
// Start here: `createRelayLine`.
import type { z } from 'zod'
import { AppError } from '../../../preload/contract/errors.ts'
import {
  type HallQueueReply,
  type HallTakeReply,
  hallQueueReplySchema,
  hallTakeReplySchema,
  type RelayReply,
  relayFeedReplySchema,
  relayReplySchema,
} from '../../../preload/contract/relay.ts'
import type { FeedPage, PushReply, PushRequest } from '../../../preload/contract/wire.ts'
import { readAnswer } from '../../wire/centre-answers.ts'
import { type CentreClient, type CentreRequest, createCentreClient } from '../../wire/centre-client.ts'
import { framesMediaType } from '../../wire/packing/frame-codec.ts'
import { batchMediaType, encodeBatch } from '../../wire/packing/push-codec.ts'
import { type Signer, verifyValue } from '../../wire/signatures.ts'
import { createHttpTransport } from '../../wire/transport/http-transport.ts'
import type { KnownRelay } from './store.ts'

/** A question to the shared queue. */
export type QueueQuestion = { readonly query: string; readonly offset: number; readonly limit: number }

/** A station's line to its hall's relay. Every failure is an AppError: CENTRE_UNREACHABLE, CENTRE_NONSENSE, CENTRE_REFUSED, LEDGER_FORKED, HALL_TAKEN. */
export type RelayLine = {
  readonly relay: { readonly relayId: string; readonly publicKey: string }
  /** Sends a signed request as it is: the routes of files are the centre's own. */
  readonly send: CentreClient['send']
  /** Where this station stands at the relay, and at the county as far as the relay knows. */
  head(signal?: AbortSignal): Promise<RelayReply>
  /** Hands over batches in frames, each taken as soon as it is there; `frames` may be asked for a fresh sequence. Throws what it throws too. */
  pushFrames(frames: () => AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<RelayReply>
  /** Hands over a batch in the form that older relays read. */
  push(request: PushRequest, signal?: AbortSignal): Promise<RelayReply>
  /** The county's own page after a cursor, checked as if it came from the county; undefined where the relay has none. */
  feed(after: number, signal?: AbortSignal): Promise<FeedPage | undefined>
  /** A page of the shared queue. */
  queue(question: QueueQuestion, signal?: AbortSignal): Promise<HallQueueReply>
  /** Takes a case up or lets go of it. Throws HALL_TAKEN. */
  take(caseId: string, take: boolean, signal?: AbortSignal): Promise<HallTakeReply>
  close(): void
}

/** What a line stands on. */
export type RelayLineOptions = {
  readonly url: string
  readonly relay: Pick<KnownRelay, 'relayId' | 'publicKey'>
  readonly stationId: string
  readonly sign: Signer
  readonly centrePublicKey: string
  readonly now: () => number
}

/** On the hall's own network, silence this long means that nobody is there. */
const stallMs = 10_000

/**
 * Makes the line. What the relay says is believed of the relay alone, by its key: that it holds something. What it hands on
 * of the county is believed by the county's key and for this station alone.
 */
export function createRelayLine(options: RelayLineOptions): RelayLine {
  const { stationId, relay, url } = options
  const transport = createHttpTransport(url, { stallMs })
  const { sign, centrePublicKey, now } = options
  const client = createCentreClient({ baseUrl: url, stationId, sign, centrePublicKey, transport, now })
  const path = `/v1/stations/${stationId}`
  type Asked = Pick<CentreRequest, 'method' | 'path' | 'body' | 'signal'> & { readonly type?: string }

  async function ask<T>(wanted: z.ZodType<T>, { type, body, ...request }: Asked): Promise<T> {
    const headers = type === undefined ? {} : { 'content-type': type }
    return readAnswer(wanted, await client.send({ ...request, headers, ...(body !== undefined && { body }) }))
  }
  function believe<T extends { relayId: string; signature: string }>(answer: T): T {
    const { signature, ...said } = answer
    if (answer.relayId !== relay.relayId || !verifyValue(relay.publicKey, { ...said, station: stationId }, signature))
      throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
    return answer
  }
  function believeReply(answer: RelayReply): RelayReply {
    const { centre } = believe(answer)
    if (centre !== null && !isCountysWord(centre, stationId, centrePublicKey))
      throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
    return answer
  }
  return {
    relay,
    send: client.send,
    close: () => transport.close(),
    head: async (signal) => believeReply(await ask(relayReplySchema, { method: 'GET', path: `${path}/head`, signal })),
    pushFrames: async (frames, signal) => {
      const body = { stream: { [Symbol.asyncIterator]: () => frames()[Symbol.asyncIterator]() } }
      const sending = { method: 'POST', path: `${path}/entries`, type: framesMediaType, body, signal } as const
      return believeReply(await ask(relayReplySchema, sending))
    },
    push: async (request, signal) => {
      const body = await encodeBatch(request)
      const sending = { method: 'POST', path: `${path}/entries`, type: batchMediaType, body, signal } as const
      return believeReply(await ask(relayReplySchema, sending))
    },
    feed: async (after, signal) => {
      const asked = { method: 'GET', path: `${path}/feed?after=${after}`, signal } as const
      const { page } = await ask(relayFeedReplySchema, asked)
      return page === null ? undefined : checkPage(page, { stationId, after, centrePublicKey })
    },
    queue: async (question, signal) => {
      const { query, offset, limit } = question
      const words = new URLSearchParams({ query, offset: String(offset), limit: String(limit) })
      return believe(await ask(hallQueueReplySchema, { method: 'GET', path: `/v1/hall/cases?${words}`, signal }))
    },
    take: async (caseId, take, signal) => {
      const body = Buffer.from(JSON.stringify({ take }))
      const asked = { method: 'POST', path: `/v1/hall/cases/${caseId}/take`, type: 'application/json', body, signal }
      return believe(await ask(hallTakeReplySchema, { ...asked, method: 'POST' }))
    },
  }
}

function isCountysWord(reply: PushReply, stationId: string, centrePublicKey: string): boolean {
  const { signature, ...said } = reply
  return verifyValue(centrePublicKey, { ...said, station: stationId }, signature)
}

type PageWanted = { readonly stationId: string; readonly after: number; readonly centrePublicKey: string }

/** Refuses a page that the county did not sign, that is another station's, answers another question or has a gap. */
function checkPage(page: FeedPage, { stationId, after, centrePublicKey }: PageWanted): FeedPage {
  const { signature, ...said } = page
  const isSound =
    verifyValue(centrePublicKey, said, signature) &&
    page.station === stationId &&
    page.after === after &&
    page.items.every((item, index) => item.cursor === after + 1 + index)
  if (!isSound) throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
  return page
}
