// Owns: one HTTP request over a bad link: kept-alive connections, stalls noticed by silence, answers of bounded size.
// Does not own: what is said (push-client.ts).
// Start here: `createHttpTransport`.
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { AppError } from '../../preload/contract/errors.ts'
import { type UnreachableReason, unreachable } from './link-failures.ts'

/** A request to the centre; `path` is the target with its query. */
export type TransportRequest = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly signal?: AbortSignal | undefined
}

/** The answer, read to its end. */
export type TransportReply = { readonly status: number; readonly contentType: string; readonly body: Buffer }

/** Sends one request. Throws CENTRE_UNREACHABLE with `reason` refused | name | tls | stalled | cut | stopped, or CENTRE_NONSENSE for an endless answer. */
export type Transport = {
  send(request: TransportRequest): Promise<TransportReply>
  /** Closes the kept connections. */
  close(): void
}

/** How patient a transport is. */
export type TransportOptions = {
  /** Silence (no byte either way) after which a connection counts as dead. */
  readonly stallMs?: number
}

const replyLimitBytes = 4 << 20

/** Bytes a second below which even a village link counts as dead: what the system has buffered leaves unseen, so a body earns its own time. */
const slowestBytesPerSecond = 500

/** A transport over node's own HTTP client to a base address (`http://host:port` or `https://…`, a path prefix is kept). */
export function createHttpTransport(baseUrl: string, options: TransportOptions = {}): Transport {
  const base = new URL(baseUrl)
  const client = base.protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: 2, keepAliveMsecs: 15_000 })
  const stallMs = options.stallMs ?? 30_000
  return {
    close: () => agent.destroy(),
    send: (request) =>
      new Promise((resolve, reject) => {
        const bodyMs = ((request.body?.byteLength ?? 0) / slowestBytesPerSecond) * 1000
        const outgoing = client.request(base, {
          agent,
          method: request.method,
          path: base.pathname.replace(/\/$/, '') + request.path,
          headers: { ...request.headers, ...(request.body && { 'content-length': request.body.byteLength }) },
          timeout: stallMs + bodyMs,
          ...(request.signal && { signal: request.signal }),
        })
        const fail = (cause: unknown) => reject(toAppError(cause))
        outgoing.once('timeout', () => outgoing.destroy(unreachable('stalled')))
        outgoing.once('error', fail)
        outgoing.once('response', (reply) => readReply(reply).then(resolve, fail))
        outgoing.end(request.body)
      }),
  }
}

async function readReply(reply: IncomingMessage): Promise<TransportReply> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of reply as AsyncIterable<Buffer>) {
    size += part.byteLength
    if (size > replyLimitBytes) throw new AppError('CENTRE_NONSENSE', { reason: 'too-large' })
    parts.push(part)
  }
  return {
    status: reply.statusCode ?? 0,
    contentType: reply.headers['content-type'] ?? '',
    body: Buffer.concat(parts),
  }
}

function toAppError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  return unreachable(reasonOf(cause as NodeJS.ErrnoException), cause)
}

function reasonOf({ code = '', name }: NodeJS.ErrnoException): UnreachableReason {
  if (name === 'AbortError') return 'stopped'
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name'
  if (code.startsWith('ERR_TLS') || code.startsWith('CERT_') || code.includes('_CERT') || code === 'EPROTO')
    return 'tls'
  if (code === 'ETIMEDOUT') return 'stalled'
  return 'cut'
}
