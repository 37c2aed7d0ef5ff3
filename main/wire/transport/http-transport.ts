// Owns: one HTTP request over a bad link: stalls noticed by silence, a budget kept, answers of bounded size, pages that are not the centre's.
// Does not own: what is said (centre-client.ts), how a connection comes about (connections.ts).
// Start here: `createHttpTransport`.
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { AppError } from '../../../preload/contract/errors.ts'
import { type Connections, createConnections } from './connections.ts'
import { connectionFailure, unreachable } from './link-failures.ts'
import { chooseProxy } from './proxy-choice.ts'
import { type SocketProgress, watchForStall, watchSocket } from './socket-progress.ts'

/** Bytes that are made while they are sent. Without a size they go in HTTP chunks. */
export type StreamedBody = { readonly stream: AsyncIterable<Uint8Array>; readonly sizeBytes?: number }

/** A request to the centre; `path` is the target with its query. */
export type TransportRequest = {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | StreamedBody
  readonly signal?: AbortSignal | undefined
  /** Hears how many of the body's bytes have left in all, as the socket counts them; at the end all of them. Not called once `send` has settled. */
  readonly onSent?: ((bytes: number) => void) | undefined
  /** Hears the bytes of an answer of 200 as they come: what came before a cut is not lost. */
  readonly onReceived?: ((bytes: Buffer, headers: Readonly<Record<string, string>>) => void) | undefined
}

/** The answer, read to its end. Header names are lower case; repeated ones are joined by a comma. */
export type TransportReply = {
  readonly status: number
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * Sends one request. Throws CENTRE_UNREACHABLE with `reason` name | refused | no-route | stalled | cut | portal | proxy |
 * tls-expired | tls-untrusted | tls-name | tls | stopped, or CENTRE_NONSENSE for an endless answer and one that is no HTTP.
 * What a streamed body throws itself comes out as it is.
 */
export type Transport = {
  send(request: TransportRequest): Promise<TransportReply>
  /** Closes the kept connections. */
  close(): void
}

/** Hears how the link carries. */
export type Meter = {
  /** Bytes on the wire as they move, with headers; below TLS. */
  sent(bytes: number): void
  received(bytes: number): void
  /** So many bytes of a body took so long while more of it waited: what the link carries upwards. */
  carried?(bytes: number, milliseconds: number): void
  /** From a request without a body, on a connection that stood, to the head of its answer. */
  roundTrip?(milliseconds: number): void
}

/** How patient a transport is, and by what way it goes. */
export type TransportOptions = {
  /** Silence (no byte either way) after which a connection counts as dead; slowness never does. */
  readonly stallMs?: number
  /** An HTTP proxy; null or without: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. This machine itself is reached directly. */
  readonly proxyUrl?: string | null | undefined
  readonly meter?: Meter | undefined
  /** Waited for before so many bytes go or are taken in: the budget. */
  readonly pace?: ((bytes: number, way: 'up' | 'down') => Promise<void>) | undefined
  /** Whence proxies and CUNCHUANG_CA (a PEM file of authorities to trust beside the usual ones) are read. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

const replyLimitBytes = 4 << 20

/** A body goes in slices of this size: small enough to see it move, smaller still where a budget spreads them over time. */
const sliceBytes = { free: 16 << 10, paced: 1 << 10 } as const

/**
 * No more than this, or than what left in the last second, is handed to the system ahead of the other side's confirmation:
 * a system takes megabytes, and what is urgent would wait behind them, and a cut would cost them.
 */
const leastAheadBytes = 16 << 10

/** How often the system is asked again whether there is room. */
const roomCheckMs = 10

/** A stretch of this length is long enough to tell what the link carries. */
const carriedSpanMs = 2_000

/** A transport over node's own HTTP client to a base address (`http://host:port` or `https://…`, a path prefix is kept). */
export function createHttpTransport(baseUrl: string, options: TransportOptions = {}): Transport {
  const base = new URL(baseUrl)
  const environment = options.environment ?? process.env
  const stallMs = options.stallMs ?? 30_000
  const connections = createConnections(base, {
    stallMs,
    proxyUrl: chooseProxy(base, { chosen: options.proxyUrl, environment }),
    authorityFile: environment.CUNCHUANG_CA || undefined,
  })
  return {
    close: () => connections.close(),
    send: (request) => new Exchange(base, { ...options, stallMs }, connections, request).run(),
  }
}

/** One request and its answer. */
class Exchange {
  readonly #base: URL
  readonly #options: TransportOptions & { readonly stallMs: number }
  readonly #connections: Connections
  readonly #request: TransportRequest
  #progress: (() => SocketProgress) | undefined
  #counted = { sent: 0, received: 0 }
  /** Bytes of the body that were handed to the request, that have left, and that its sender was told to have left. */
  #given = 0
  #left = 0
  #told = -1
  #second = { fromMs: performance.now(), from: 0, before: 0 }
  /** Since when, and from how many bytes of the body on, what the link carries is measured. */
  #span = { fromMs: performance.now(), from: 0 }
  #askedAtMs: number | undefined
  #isPacing = false
  #isAnswered = false
  /** Settled: nothing more is told of it. */
  #isOver = false

  constructor(
    base: URL,
    options: TransportOptions & { readonly stallMs: number },
    connections: Connections,
    request: TransportRequest,
  ) {
    this.#base = base
    this.#options = options
    this.#connections = connections
    this.#request = request
  }

  async run(): Promise<TransportReply> {
    const { signal } = this.#request
    if (signal?.aborted) throw unreachable('stopped')
    const outgoing = this.#open()
    const endWatch = watchForStall(
      this.#options.stallMs,
      () => this.#look(outgoing),
      () => outgoing.destroy(unreachable('stalled')),
    )
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('error', reject).once('response', (reply) => {
        this.#isAnswered = true
        if (this.#askedAtMs !== undefined) this.#options.meter?.roundTrip?.(performance.now() - this.#askedAtMs)
        resolve(reply)
      })
    })
    try {
      const reply = await Promise.race([answered, this.#sendBody(outgoing).then(() => answered)])
      const read = await this.#readReply(reply)
      if (outgoing.writableFinished) this.#tellSent(this.#given)
      return read
    } catch (error) {
      outgoing.destroy()
      if (error instanceof BodyFailure) throw error.cause
      throw signal?.aborted ? unreachable('stopped', error) : connectionFailure(error)
    } finally {
      endWatch()
      this.#look(outgoing)
      this.#isOver = true
      // An answer before the end of the body: the rest is not wanted.
      if (!outgoing.writableFinished) outgoing.destroy()
    }
  }

  #open(): ClientRequest {
    const { method, path, headers, body, signal } = this.#request
    const { agent, targetPrefix, proxyHeaders, wireOf } = this.#connections
    const size = body === undefined || Buffer.isBuffer(body) ? body?.byteLength : body.sizeBytes
    const length = size === undefined ? {} : { 'content-length': size }
    const client = this.#base.protocol === 'https:' ? https : http
    const outgoing = client.request(this.#base, {
      ...{ agent, method, headers: { ...headers, ...length, ...proxyHeaders } },
      path: targetPrefix + this.#base.pathname.replace(/\/$/, '') + path,
      ...(signal && { signal }),
    })
    outgoing.once('socket', (socket) => {
      const wire = wireOf(socket)
      this.#progress = watchSocket(wire, socket)
      if (outgoing.reusedSocket) this.#counted = { sent: wire.bytesWritten, received: wire.bytesRead }
      this.#second = { ...this.#second, from: this.#counted.sent }
      if (body === undefined) this.#askedAtMs = performance.now()
    })
    // What is thrown is told by `answered`; a late word of the same failure must not end the process.
    outgoing.on('error', () => undefined)
    return outgoing
  }

  async #sendBody(outgoing: ClientRequest): Promise<void> {
    const { headers, body } = this.#request
    const headerBytes = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
    await this.#pace(headerBytes, 'up')
    for await (const slice of this.#slices(body)) {
      await this.#pace(slice.byteLength, 'up')
      await this.#roomAhead(outgoing)
      if (outgoing.destroyed || this.#isAnswered) return
      this.#given += slice.byteLength
      if (!outgoing.write(slice)) await roomAgain(outgoing)
    }
    if (!outgoing.destroyed) outgoing.end()
  }

  /** Settles when little enough is in the system's hands, or the request is over. */
  async #roomAhead(outgoing: ClientRequest): Promise<void> {
    for (let checks = 0; !outgoing.destroyed && !this.#isAnswered; checks++) {
      // At most this much has not left: as of the last look, and all that was given since.
      if (this.#given - this.#left <= Math.max(leastAheadBytes, this.#leftInLastSecond())) return
      if (checks > 0) await pause(checks < 5 ? 1 : roomCheckMs)
      this.#look(outgoing)
    }
  }

  #leftInLastSecond(): number {
    const now = performance.now()
    const left = this.#counted.sent
    if (now - this.#second.fromMs >= 1000) {
      const seconds = (now - this.#second.fromMs) / 1000
      this.#second = { fromMs: now, from: left, before: (left - this.#second.from) / seconds }
    }
    return Math.max(this.#second.before, left - this.#second.from)
  }

  /** The body in small slices. Throws BodyFailure with what a stream threw. */
  async *#slices(body: Buffer | StreamedBody | undefined): AsyncGenerator<Uint8Array> {
    if (body === undefined) return
    const size = this.#options.pace === undefined ? sliceBytes.free : sliceBytes.paced
    try {
      for await (const piece of Buffer.isBuffer(body) ? [body] : body.stream)
        for (let at = 0; at < piece.byteLength; at += size) yield piece.subarray(at, at + size)
    } catch (cause) {
      throw new BodyFailure('the body could not be read', { cause })
    }
  }

  async #readReply(reply: IncomingMessage): Promise<TransportReply> {
    const headers = Object.fromEntries(
      Object.entries(reply.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    )
    const status = reply.statusCode ?? 0
    const contentType = headers['content-type'] ?? ''
    this.#refuseStrangers(status, contentType)
    const parts: Buffer[] = []
    let size = 0
    for await (const part of reply as AsyncIterable<Buffer>) {
      size += part.byteLength
      if (size > replyLimitBytes) throw new AppError('CENTRE_NONSENSE', { reason: 'too-large' })
      parts.push(part)
      if (status === 200) this.#request.onReceived?.(part, headers)
      await this.#pace(part.byteLength, 'down')
    }
    return { status, contentType, headers, body: Buffer.concat(parts) }
  }

  /** Throws CENTRE_UNREACHABLE `portal` or `proxy` where it is not the centre that answers: it sends no pages and no redirects. */
  #refuseStrangers(status: number, contentType: string): void {
    const isPage = /^(text\/|application\/xhtml)/i.test(contentType)
    const isOk = status >= 200 && status < 300
    const isRedirect = status >= 300 && status < 400 && status !== 304
    // RFC 6585, 6: 511 is what a captive portal shall answer.
    if (isRedirect || status === 511 || (isOk && isPage)) throw unreachable('portal')
    const isProxysOwn = this.#connections.targetPrefix !== '' && isPage && [403, 502, 503, 504].includes(status)
    if (status === 407 || isProxysOwn) throw unreachable('proxy', new Error(`the proxy answered ${status}`))
  }

  async #pace(bytes: number, way: 'up' | 'down'): Promise<void> {
    const { pace } = this.#options
    if (pace === undefined || bytes === 0) return
    this.#isPacing = true
    await pace(bytes, way)
    this.#isPacing = false
  }

  /** Reads how far the socket is, tells the meter and the sender, and says whether anything has moved. */
  #look(outgoing: ClientRequest): { readonly moved: number; readonly unseen: number } {
    const now = this.#isOver ? undefined : this.#progress?.()
    // Before there is a connection its own watch is at work (connections.ts).
    if (now === undefined) return { moved: Number.NaN, unseen: 0 }
    const { sent, received } = this.#counted
    this.#counted = { sent: Math.max(now.sent, sent), received: Math.max(now.received, received) }
    if (now.sent > sent) this.#options.meter?.sent(now.sent - sent)
    if (now.received > received) this.#options.meter?.received(now.received - received)
    this.#left = Math.max(this.#left, this.#given - outgoing.writableLength - now.queued)
    this.#tellSent(this.#left)
    this.#tellCarried(this.#left)
    return { moved: this.#isPacing ? Number.NaN : now.sent + now.received, unseen: now.unseen }
  }

  /** Only while more waits, so that neither the silence before an answer nor our own slowness counts as the link's. */
  #tellCarried(left: number): void {
    const now = performance.now()
    const isLinkBusy = left < this.#given && left > 0
    const milliseconds = now - this.#span.fromMs
    if (isLinkBusy && milliseconds < carriedSpanMs) return
    if (isLinkBusy) this.#options.meter?.carried?.(left - this.#span.from, milliseconds)
    this.#span = { fromMs: now, from: left }
  }

  #tellSent(bytes: number): void {
    if (bytes <= this.#told || this.#request.body === undefined) return
    this.#told = bytes
    this.#request.onSent?.(bytes)
  }
}

/** A streamed body that broke; its cause is what its maker threw. */
class BodyFailure extends Error {}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Settles when the request takes bytes again, has its answer or is over. */
function roomAgain(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      for (const event of events) outgoing.off(event, settle)
      resolve()
    }
    const events = ['drain', 'response', 'close', 'error'] as const
    for (const event of events) outgoing.once(event, settle)
  })
}
