// Owns: what a station says to the centre, and how little it believes of the answers.
// Does not own: when it speaks (main/features/sync/link.ts) or how bytes travel (transport/http-transport.ts).
// Start here: `createCentreClient`.
import type { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import {
  type EnrolmentReply,
  enrolmentReplySchema,
  type FeedPage,
  feedPageSchema,
  type PushReply,
  type PushRequest,
  pushReplySchema,
} from '../../preload/contract/wire.ts'
import { readAnswer, readRefusal, refuseWhileBusy } from './centre-answers.ts'
import { framesMediaType } from './packing/frame-codec.ts'
import { decodePage, pageMediaType, tellingPageMediaType } from './packing/page-codec.ts'
import { batchMediaType, encodeBatch } from './packing/push-codec.ts'
import { isPublicKey, type Signer, signRequest, verifyValue } from './signatures.ts'
import {
  createHttpTransport,
  type Transport,
  type TransportReply,
  type TransportRequest,
} from './transport/http-transport.ts'

/** A station's line to its centre. */
export type CentreClient = {
  /** Trades a one-time code for the station's name at the centre; repeating it with the same key gives the same answer. Throws ENROLMENT_CODE_WRONG. */
  enrol(request: { code: string; windowName: string; publicKey: string }): Promise<EnrolmentReply>
  /** Sends a batch. Throws LEDGER_FORKED; CENTRE_REFUSED with `reason` (on `gap`: `acknowledged`, `hash`); CENTRE_NONSENSE. */
  push(request: PushRequest, signal?: AbortSignal | undefined): Promise<PushAnswer>
  /**
   * Sends batches in frames, as they are made; what was taken before a cut stays taken (`head` tells). `frames` is asked for a
   * fresh sequence where the request has to be said again. Throws like `push`, and whatever `frames` throws.
   */
  pushFrames(frames: () => AsyncIterable<Uint8Array>, options?: SendingOptions): Promise<PushAnswer>
  /** Asks where our chain stands at the centre. */
  head(signal?: AbortSignal | undefined): Promise<PushAnswer>
  /** Fetches the page after a cursor, checked: signature, station, order without a gap. A station is also told up to where the centre has its ledger. */
  feed(after: number, signal?: AbortSignal | undefined): Promise<FeedPage>
  /** Sends a signed request and gives the answer as it came, a refusal too; a wrong clock is told and costs one repeat. Throws CENTRE_UNREACHABLE, with `retryAfterSeconds` where the centre is busy and says until when. */
  send(request: CentreRequest): Promise<TransportReply>
  /** The centre's clock minus ours, in milliseconds; undefined before the first answer. */
  clockSkewMs(): number | undefined
  /** Closes kept connections. */
  close(): void
}

/** The centre's acknowledgement, and how many bytes of entries went for it. */
export type PushAnswer = PushReply & { readonly sentBytes: number }

/** What goes along with a body: the way to stop, and who hears how much of it has left. */
export type SendingOptions = Pick<TransportRequest, 'signal' | 'onSent'>

/** A request to the centre; `path` is the whole target. A Buffer is signed by its digest, a stream is not; either may be read twice. */
export type CentreRequest = Pick<TransportRequest, 'method' | 'path' | 'signal' | 'onSent' | 'onReceived'> & {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: TransportRequest['body'] | undefined
}

/** What a client stands on. Without `centrePublicKey` (before enrolment) only `enrol` works. */
export type CentreClientOptions = {
  readonly baseUrl: string
  readonly stationId: string
  /** Who signs where it is not the station itself: the relay that speaks for it. */
  readonly keyId?: string | undefined
  /** Signs with the station's key, or with that of `keyId`. */
  readonly sign: Signer
  readonly centrePublicKey?: string | undefined
  readonly transport?: Transport
  /** Milliseconds since 1970 by the station's clock. */
  readonly now?: () => number
}

/**
 * Makes the station's line to the centre. Every request is signed; its time is the centre's as last heard, so that a wrong
 * clock in the village costs one more round trip and nothing else. Every failure is an AppError: CENTRE_UNREACHABLE (no
 * answer), CENTRE_NONSENSE (an answer that cannot be the centre's: a captive portal, a forgery), CENTRE_REFUSED, LEDGER_FORKED.
 */
export function createCentreClient(options: CentreClientOptions): CentreClient {
  const { stationId, sign } = options
  const now = options.now ?? Date.now
  const transport = options.transport ?? createHttpTransport(options.baseUrl)
  let skewMs: number | undefined

  async function once({ method, path, headers, body, ...hearing }: CentreRequest): Promise<TransportReply> {
    const createdSeconds = Math.floor((now() + (skewMs ?? 0)) / 1000)
    const keyId = options.keyId ?? stationId
    const signedBody = Buffer.isBuffer(body) ? body : undefined
    const signed = signRequest({ method, path, body: signedBody }, { keyId, sign, createdSeconds })
    const said = { accept: 'application/json', ...headers, ...signed }
    return transport.send({ method, path, headers: said, ...hearing, ...(body && { body }) })
  }
  async function send(request: CentreRequest): Promise<TransportReply> {
    const reply = await once(request)
    refuseWhileBusy(reply)
    const refusal = readRefusal(reply)
    if (refusal?.error !== 'clock_skew') return reply
    hearTime(refusal.centreTimeUtc)
    return once(request)
  }
  async function exchange<T extends object>(wanted: z.ZodType<T>, request: CentreRequest): Promise<T> {
    const answer = readAnswer(wanted, await send(request))
    if ('centreTimeUtc' in answer && typeof answer.centreTimeUtc === 'string') hearTime(answer.centreTimeUtc)
    return answer
  }
  function hearTime(centreTimeUtc: string | undefined): void {
    if (centreTimeUtc !== undefined) skewMs = Date.parse(centreTimeUtc) - now()
  }
  function believe<T extends { signature: string }>(answer: T, extra: object = {}): T {
    const { signature, ...said } = answer
    if (verifyValue(options.centrePublicKey ?? '', { ...said, ...extra }, signature)) return answer
    throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
  }
  const path = `/v1/stations/${stationId}`
  /** The page of an answer, deflated or plain. */
  async function readPage(reply: TransportReply): Promise<FeedPage> {
    if (reply.status !== 200 || reply.contentType !== pageMediaType) return readAnswer(feedPageSchema, reply)
    return decodePage(reply.body).catch((cause: unknown) => {
      throw new AppError('CENTRE_NONSENSE', { reason: 'shape', status: reply.status }, { cause })
    })
  }
  return {
    close: () => transport.close(),
    clockSkewMs: () => skewMs,
    send,
    enrol: async (request) => {
      const body = Buffer.from(JSON.stringify({ ...request, stationId }))
      const headers = { 'content-type': 'application/json', 'x-publisher-line': '1' }
      const path = '/v1/enrolments?publisher=1'
      const reply = await exchange(enrolmentReplySchema, { method: 'POST', path, headers, body })
      const before = (reply.publisherBefore ?? []).map(({ publicKey }) => publicKey)
      const keys = [reply.centrePublicKey, ...(reply.publisherKey === undefined ? [] : [reply.publisherKey]), ...before]
      if (!keys.every(isPublicKey)) throw new AppError('CENTRE_NONSENSE', { reason: 'key' })
      return reply
    },
    push: async (request, signal) => {
      const body = await encodeBatch(request)
      const headers = { 'content-type': batchMediaType }
      const sending = { method: 'POST', path: `${path}/entries`, headers, body, signal } as const
      const reply = believe(await exchange(pushReplySchema, sending), { station: stationId })
      return { ...reply, sentBytes: body.byteLength }
    },
    pushFrames: async (frames, options = {}) => {
      let sentBytes = 0
      const counted = async function* () {
        sentBytes = 0
        for await (const frame of frames()) {
          sentBytes += frame.byteLength
          yield frame
        }
      }
      const body = { stream: { [Symbol.asyncIterator]: counted } }
      const headers = { 'content-type': framesMediaType }
      const sending = { method: 'POST', path: `${path}/entries`, headers, body, ...options } as const
      const reply = believe(await exchange(pushReplySchema, sending), { station: stationId })
      return { ...reply, sentBytes }
    },
    head: async (signal) => {
      const asking = { method: 'GET', path: `${path}/head`, signal } as const
      const reply = believe(await exchange(pushReplySchema, asking), { station: stationId })
      return { ...reply, sentBytes: 0 }
    },
    feed: async (after, signal) => {
      // A relay keeps pages for later: where its station stood then is of no use to anybody.
      const type = options.keyId === undefined ? tellingPageMediaType : pageMediaType
      const headers = { accept: `${type}, application/json` }
      const reply = await send({ method: 'GET', path: `${path}/feed?after=${after}`, headers, signal })
      const page = checkPage(believe(await readPage(reply)), stationId, after)
      hearTime(page.centreTimeUtc)
      return page
    },
  }
}

/** Refuses a page that is another station's, answers another question or has a gap. */
function checkPage(page: FeedPage, stationId: string, after: number): FeedPage {
  if (page.station !== stationId) throw new AppError('CENTRE_NONSENSE', { reason: 'foreign-station' })
  if (page.after !== after) throw new AppError('CENTRE_NONSENSE', { reason: 'other-page' })
  if (page.items.some((item, index) => item.cursor !== after + 1 + index))
    throw new AppError('CENTRE_NONSENSE', { reason: 'cursor' })
  if (page.more && page.items.length === 0) throw new AppError('CENTRE_NONSENSE', { reason: 'empty-page' })
  return page
}
