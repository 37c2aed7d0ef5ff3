// Owns: one HTTP request over a bad link: stalls noticed by silence, a budget kept, answers of bounded size, pages that are not the centre's.
// Does not own: what is said (centre-client.ts), how a connection comes about (connections.ts), how a body leaves (body-sending.ts).
// Start here: `createHttpTransport`.
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { AppError } from '../../../preload/contract/errors.ts'
import { BodyFailure, BodySending, type StreamedBody } from './body-sending.ts'
import { type Connections, createConnections } from './connections.ts'
import { connectionFailure, unreachable } from './link-failures.ts'
import { chooseProxy } from './proxy-choice.ts'
import { type SocketProgress, watchForStall, watchSocket } from './socket-progress.ts'

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
  readonly #body: BodySending
  #progress: (() => SocketProgress) | undefined
  #counted = { sent: 0, received: 0 }
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
    const { onSent } = request
    this.#body = new BodySending(request.body, { onSent, onCarried: options.meter?.carried?.bind(options.meter) })
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
      const reply = await Promise.race([answered, this.#send(outgoing).then(() => answered)])
      const read = await this.#readReply(reply)
      if (outgoing.writableFinished) this.#body.noteAllLeft()
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
      this.#body.noteConnected(this.#counted.sent)
      if (body === undefined) this.#askedAtMs = performance.now()
    })
    // What is thrown is told by `answered`; a late word of the same failure must not end the process.
    outgoing.on('error', () => undefined)
    return outgoing
  }

  async #send(outgoing: ClientRequest): Promise<void> {
    const { headers } = this.#request
    const headerBytes = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
    await this.#pace(headerBytes, 'up')
    await this.#body.run(outgoing, {
      isPaced: this.#options.pace !== undefined,
      pace: (bytes) => this.#pace(bytes, 'up'),
      look: () => void this.#look(outgoing),
      isAnswered: () => this.#isAnswered,
    })
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
    this.#body.noteSeen(this.#counted.sent, outgoing.writableLength + now.queued)
    return { moved: this.#isPacing ? Number.NaN : now.sent + now.received, unseen: now.unseen }
  }
}
