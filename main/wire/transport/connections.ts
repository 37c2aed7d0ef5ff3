// Owns: how a connection to the centre comes about: name, address, proxy, TLS; and keeping it for the next request.
// Does not own: requests and answers (http-transport.ts), which proxy an environment names (proxy-choice.ts).
// Start here: `createConnections`.
import { readFileSync } from 'node:fs'
import http, { type ClientRequestArgs } from 'node:http'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { connectionFailure, unreachable } from './link-failures.ts'
import { watchForStall } from './socket-progress.ts'

/** Connections to one address, kept between requests. */
export type Connections = {
  readonly agent: http.Agent
  /** The TCP socket below a request's socket: the same, or what carries its TLS. */
  readonly wireOf: (socket: Duplex) => Socket
  /** What a request's target must begin with: an HTTP proxy wants the whole address (RFC 9112, 3.2.2). */
  readonly targetPrefix: string
  /** Headers for the proxy, where it reads the request itself. */
  readonly proxyHeaders: Readonly<Record<string, string>>
  /** Ends all, also those on their way. */
  close(): void
}

/** What connections stand on. */
export type ConnectionOptions = {
  /** Silence after which a connection that is not yet there counts as dead. */
  readonly stallMs: number
  /** An HTTP proxy, `http(s)://user:password@host:port`. */
  readonly proxyUrl?: string | undefined
  /** A PEM file of authorities that are trusted beside the usual ones: a county's own. */
  readonly authorityFile?: string | undefined
}

/** Kept open so long between requests, unless the other side says less: a new TLS handshake costs more than a poll. */
const keptMs = 330_000

/** An idle connection is probed by the system this rarely: node's second would cost some 9 MB a day, a probe and its answer being 104 bytes. */
const probeMs = 240_000

/** How long one of several addresses may take before the next is tried beside it; node's 250 ms give up on every slow link. */
const addressAttemptMs = 5_000

/**
 * Makes connections to `base`. TLS sessions are resumed, also through a proxy, so that a return costs a few hundred bytes
 * instead of a certificate chain. Failures reach the request as AppErrors: CENTRE_UNREACHABLE with its reason.
 */
export function createConnections(base: URL, options: ConnectionOptions): Connections {
  const isSecure = base.protocol === 'https:'
  const proxy = options.proxyUrl === undefined ? undefined : new URL(options.proxyUrl)
  const kept = { keepAlive: true, keepAliveMsecs: probeMs, maxSockets: 2, maxFreeSockets: 2, timeout: keptMs }
  const agent = new (isSecure ? https : http).Agent(kept)
  const secure = agent.createConnection.bind(agent)
  const wires = new WeakMap<Duplex, Socket>()
  const onTheirWay = new Set<Socket>()
  let session: Buffer | undefined

  const open = async (request: ClientRequestArgs): Promise<Duplex> => {
    const wire = dial(proxy ?? base)
    onTheirWay.add(wire)
    const moved = () => ({ moved: wire.bytesRead + wire.bytesWritten, unseen: 0 })
    const endWatch = watchForStall(options.stallMs, moved, () => wire.destroy(unreachable('stalled')))
    try {
      const carrier = proxy === undefined ? await arrival(wire, 'connect') : await reachProxy(wire, proxy)
      if (proxy !== undefined && isSecure) await tunnel(carrier, base, proxy)
      const socket = isSecure ? await secured({ ...request, ...trust(options), ...{ socket: carrier } }) : carrier
      wires.set(socket, wire)
      return socket
    } catch (error) {
      wire.destroy()
      throw error
    } finally {
      onTheirWay.delete(wire)
      endWatch()
    }
  }
  const dial = ({ hostname, port, protocol }: URL): Socket => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const wire = net.connect({
      ...{ host, port: Number(port || (protocol === 'https:' ? 443 : 80)), noDelay: true },
      autoSelectFamilyAttemptTimeout: addressAttemptMs,
    })
    // Each stage hears of errors by itself; between two of them nobody listens.
    wire.on('error', () => undefined)
    return wire
  }
  const secured = (request: ClientRequestArgs): Promise<Duplex> => {
    const kept = session
    // Node forgets a session when its connection is cut, which is when a village needs it.
    session = undefined
    const socket = secure({ ...request, ...(kept && { session: kept }) }) as tls.TLSSocket
    socket.on('session', (fresh) => {
      session = fresh
    })
    return arrival(socket, 'secureConnect').then(() => {
      session ??= kept
      return socket
    })
  }
  agent.createConnection = (request, callback) => {
    open(request).then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(connectionFailure(error), undefined as unknown as Duplex),
    )
    return undefined
  }
  const readsRequests = proxy !== undefined && !isSecure
  return {
    agent,
    wireOf: (socket) => wires.get(socket) ?? (socket as Socket),
    targetPrefix: readsRequests ? base.origin : '',
    proxyHeaders: readsRequests ? credentials(proxy) : {},
    close: () => {
      agent.destroy()
      for (const wire of onTheirWay) wire.destroy()
    },
  }
}

/** Waits for a socket's good event. Rejects with its error, or as `cut` where it just closes. */
function arrival<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(connectionFailure(error))
    const close = () => reject(unreachable('cut'))
    socket.once('error', fail).once('close', close)
    socket.once(event, () => {
      socket.off('error', fail).off('close', close)
      resolve(socket)
    })
  })
}

async function reachProxy(wire: Socket, proxy: URL): Promise<Socket> {
  await arrival(wire, 'connect')
  if (proxy.protocol !== 'https:') return wire
  const servername = net.isIP(proxy.hostname) === 0 ? proxy.hostname : ''
  return arrival(tls.connect({ socket: wire, host: proxy.hostname, servername }), 'secureConnect')
}

/** Asks a proxy to pass bytes on to `base` (CONNECT, RFC 9110 9.3.6). Throws CENTRE_UNREACHABLE `proxy` where it will not. */
function tunnel(socket: Socket, base: URL, proxy: URL): Promise<void> {
  const target = `${base.hostname}:${base.port || 443}`
  const headers = Object.entries({ host: target, ...credentials(proxy) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return new Promise((resolve, reject) => {
    let head = ''
    const fail = (error: unknown) => reject(connectionFailure(error))
    const close = () => reject(unreachable('cut'))
    const read = () => {
      for (let byte = socket.read(1); byte !== null; byte = socket.read(1)) {
        head += byte.toString('latin1')
        if (head.length > 16_384) return reject(unreachable('proxy'))
        if (!head.endsWith('\r\n\r\n')) continue
        socket.off('readable', read).off('error', fail).off('close', close)
        const status = /^HTTP\/1\.[01] ([0-9]{3})/.exec(head)?.[1]
        if (status?.startsWith('2')) resolve()
        else reject(unreachable('proxy', new Error(`the proxy answered ${status ?? 'nonsense'}`)))
        return
      }
    }
    socket.on('readable', read).once('error', fail).once('close', close)
    socket.write(`CONNECT ${target} HTTP/1.1\r\n${headers.join('')}\r\n`)
  })
}

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** The authorities of the program, and those of the file. Throws CENTRE_UNREACHABLE `tls-untrusted` where the file cannot be read. */
function trust({ authorityFile }: ConnectionOptions): { readonly ca?: string[] } {
  if (authorityFile === undefined) return {}
  try {
    return { ca: [...tls.rootCertificates, readFileSync(authorityFile, 'utf8')] }
  } catch (cause) {
    throw unreachable('tls-untrusted', cause)
  }
}
