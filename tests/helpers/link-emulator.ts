// Owns: a bad link: a TCP proxy on loopback that is slow, far away, cut, silent or somebody else's.
// Does not own: what passes through it; it never looks at the bytes.
// Start here: `startLinkEmulator`.
//
// A link has two ways, up (to the target) and down. All connections share the rate of each way, as they would share a line.
// Bytes wait in small buffers, so that a sender feels a slow link soon: the receive buffer of the system is made small where
// koffi is there, else some 128 KB a connection lie hidden. Jitter is drawn from the seed; when bytes come is the machine's.
// What is changed by `shape` counts for the connections that are open too.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** How the link is. Nothing said: as good as loopback. */
export type LinkShape = {
  readonly upBytesPerSecond?: number | undefined
  readonly downBytesPerSecond?: number | undefined
  /** One way; a connection takes two of them to stand, as a TCP handshake does, each request and its answer two more. */
  readonly delayMs?: number | undefined
  /** Up to so much more, drawn anew for each piece; order is kept. */
  readonly jitterMs?: number | undefined
  /** Each connection is reset after so many bytes upwards, or downwards. The bytes before pass. */
  readonly cutAfterUpBytes?: number | undefined
  readonly cutAfterDownBytes?: number | undefined
  /** All connections are reset, again and again, so far apart. */
  readonly cutEveryMs?: number | undefined
  /**
   * `pass`; `half-open`: connections stand and nothing moves, until the mode changes; `reset`: refused by a reset after the
   * handshake; `slow-loris`: answers come a byte a second; `portal`, `redirect`: somebody else answers every request with a
   * page, or with the way to one.
   */
  readonly mode?: 'pass' | 'half-open' | 'reset' | 'slow-loris' | 'portal' | 'redirect' | undefined
}

/** A running link. */
export type LinkEmulator = {
  readonly url: string
  /** Bytes that have passed so far. */
  readonly upBytes: () => number
  readonly downBytes: () => number
  /** Connections that were made so far. */
  readonly connections: () => number
  /** Changes the link; what is not named stays as it is. */
  shape(changes: LinkShape): void
  /** Resets what is open, and from now on each connection after so many bytes; undefined = no more cuts. */
  cutAfter(limits: { readonly up?: number; readonly down?: number } | undefined): void
  /** Resets what is open. */
  cut(): void
  /** Settles when the next connection is made; `after` bytes upwards, counted from now, have passed. */
  connected(): Promise<void>
  passed(upBytes: number): Promise<void>
  /** Points at another address: the centre was started again elsewhere. Resets what is open. */
  target(url: string): void
  stop(): Promise<void>
}

const portalPage = '<!doctype html><title>登录</title><h1>请先登录本网络</h1>'
const answers = {
  portal:
    'HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\n' +
    `content-length: ${Buffer.byteLength(portalPage)}\r\n\r\n${portalPage}`,
  redirect:
    'HTTP/1.1 302 Found\r\nlocation: http://portal.invalid/login\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
} as const

/** Bytes under way in one direction of a connection, beside those that the rate holds back. */
const bytesUnderWay = 256 << 10

/** Starts a link in front of an address (`http://host:port`; only host and port count, TLS passes too). */
export async function startLinkEmulator(
  targetUrl: string,
  firstShape: LinkShape = {},
  { seed = 1 }: { readonly seed?: number } = {},
): Promise<LinkEmulator> {
  const link = new Link(targetUrl, seed)
  await link.listen(firstShape)
  return link
}

class Link implements LinkEmulator {
  #target: URL
  #shape: LinkShape = {}
  readonly #server: Server
  readonly #open = new Set<Socket>()
  readonly #random: () => number
  readonly #ways = { up: new Way(), down: new Way() }
  #connections = 0
  #cutter: NodeJS.Timeout | undefined
  #heard: (() => void)[] = []
  #narrow: (socket: Server | Socket) => void = () => undefined

  constructor(targetUrl: string, seed: number) {
    this.#target = new URL(targetUrl)
    this.#random = randomFrom(seed)
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true, highWaterMark: 4096, noDelay: true })
    this.#server.on('connection', (near) => this.#accept(near))
  }

  async listen(shape: LinkShape): Promise<void> {
    this.#narrow = await bufferNarrower()
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.shape(shape)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  readonly upBytes = () => this.#ways.up.passed
  readonly downBytes = () => this.#ways.down.passed
  readonly connections = () => this.#connections

  shape(changes: LinkShape): void {
    this.#shape = { ...this.#shape, ...changes }
    const { upBytesPerSecond, downBytesPerSecond, cutEveryMs, mode } = this.#shape
    this.#ways.up.bytesPerSecond = upBytesPerSecond
    this.#ways.down.bytesPerSecond = mode === 'slow-loris' ? 1 : downBytesPerSecond
    for (const way of [this.#ways.up, this.#ways.down]) way.freeze(mode === 'half-open')
    if (upBytesPerSecond !== undefined) this.#narrow(this.#server)
    clearInterval(this.#cutter)
    if (cutEveryMs !== undefined) this.#cutter = setInterval(() => this.cut(), cutEveryMs)
  }

  cutAfter(limits: { readonly up?: number; readonly down?: number } | undefined): void {
    this.shape({ cutAfterUpBytes: limits?.up, cutAfterDownBytes: limits?.down })
    this.cut()
  }

  cut(): void {
    for (const socket of this.#open) socket.resetAndDestroy()
  }

  target(url: string): void {
    this.#target = new URL(url)
    this.cut()
  }

  async connected(): Promise<void> {
    const before = this.#connections
    await this.#until(() => this.#connections > before)
  }

  async passed(upBytes: number): Promise<void> {
    const wanted = this.#ways.up.passed + upBytes
    await this.#until(() => this.#ways.up.passed >= wanted)
  }

  async stop(): Promise<void> {
    clearInterval(this.#cutter)
    for (const way of [this.#ways.up, this.#ways.down]) way.freeze(false)
    for (const socket of this.#open) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(near: Socket): void {
    this.#connections += 1
    this.#keep(near)
    this.#tell()
    const { mode } = this.#shape
    if (mode === 'reset') near.resetAndDestroy()
    else if (mode === 'portal' || mode === 'redirect') near.on('data', () => near.end(answers[mode])).resume()
    else void this.#connect(near)
  }

  async #connect(near: Socket): Promise<void> {
    await this.#ways.up.thawed()
    await pause(2 * this.#oneWayMs())
    if (near.destroyed) return
    const host = this.#target.hostname.replace(/^\[|\]$/g, '')
    const far = connect({ host, port: Number(this.#target.port), allowHalfOpen: true, noDelay: true })
    this.#keep(far)
    const end = () => {
      for (const socket of [near, far]) socket.destroy()
    }
    near.once('close', end)
    far.once('close', end)
    far.once('connect', () => {
      if (this.#shape.downBytesPerSecond !== undefined) this.#narrow(far)
      void this.#carry(near, far, 'up')
      void this.#carry(far, near, 'down')
    })
  }

  /** Carries one direction of a connection to its end. */
  async #carry(from: Socket, to: Socket, name: 'up' | 'down'): Promise<void> {
    const way = this.#ways[name]
    const line = new DelayLine(to, (bytes) => {
      way.passed += bytes
      this.#tell()
    })
    let carried = 0
    try {
      for await (const piece of from as AsyncIterable<Buffer>) {
        for (let at = 0; at < piece.byteLength; ) {
          const slice = piece.subarray(at, at + way.sliceBytes())
          at += slice.byteLength
          await way.turn(slice.byteLength)
          const limit = name === 'up' ? this.#shape.cutAfterUpBytes : this.#shape.cutAfterDownBytes
          carried += slice.byteLength
          const excess = limit === undefined ? 0 : Math.max(0, carried - limit)
          await line.put(slice.subarray(0, Math.max(0, slice.byteLength - excess)), this.#oneWayMs())
          if (excess === 0) continue
          await line.empty()
          for (const socket of [from, to]) socket.resetAndDestroy()
          return
        }
      }
      await line.empty()
      to.end()
    } catch {
      to.destroy()
    }
  }

  #oneWayMs(): number {
    return (this.#shape.delayMs ?? 0) + (this.#shape.jitterMs ?? 0) * this.#random()
  }

  #keep(socket: Socket): void {
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    socket.on('error', () => undefined)
  }

  #tell(): void {
    const heard = this.#heard
    this.#heard = []
    for (const hear of heard) hear()
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#heard.push(resolve))
  }
}

/** One way of the line: its rate, shared by all connections, and whether anything moves. */
class Way {
  passed = 0
  bytesPerSecond: number | undefined
  #freeAtMs = 0
  /** How late the last turn came to its end: timers of a busy machine must not make the line slower than it is said to be. */
  #lateMs = 0
  #thaw: (() => void) | undefined
  #frozen: Promise<void> | undefined

  sliceBytes(): number {
    // Fifty pieces a second are smooth enough, and few enough for the machine.
    return Math.max(1, Math.min(4096, Math.round((this.bytesPerSecond ?? Number.POSITIVE_INFINITY) / 50)))
  }

  /** Settles when so many bytes have had their time on the line. */
  async turn(bytes: number): Promise<void> {
    await this.thawed()
    if (this.bytesPerSecond === undefined) return
    const now = performance.now()
    const endsAtMs = Math.max(this.#freeAtMs, now - this.#lateMs) + (bytes / this.bytesPerSecond) * 1000
    this.#freeAtMs = endsAtMs
    await pause(endsAtMs - now)
    this.#lateMs = Math.max(0, performance.now() - endsAtMs)
    await this.thawed()
  }

  freeze(on: boolean): void {
    if (on) {
      this.#frozen ??= new Promise((resolve) => {
        this.#thaw = resolve
      })
      return
    }
    this.#thaw?.()
    this.#frozen = undefined
  }

  async thawed(): Promise<void> {
    while (this.#frozen !== undefined) await this.#frozen
  }
}

/** Bytes on their way: each piece arrives after its delay, none before the one ahead of it. */
class DelayLine {
  readonly #to: Socket
  readonly #onArrived: (bytes: number) => void
  #last: Promise<void> = Promise.resolve()
  #dueAtMs = 0
  #underWay = 0

  constructor(to: Socket, onArrived: (bytes: number) => void) {
    this.#to = to
    this.#onArrived = onArrived
  }

  /** Settles when there is room for more. */
  async put(bytes: Buffer, delayMs: number): Promise<void> {
    this.#dueAtMs = Math.max(this.#dueAtMs, performance.now() + delayMs)
    const waitMs = delayMs === 0 ? 0 : this.#dueAtMs - performance.now()
    this.#underWay += bytes.byteLength
    const before = this.#last
    const arrival = pause(waitMs).then(async () => {
      await before
      this.#underWay -= bytes.byteLength
      if (bytes.byteLength === 0 || this.#to.destroyed) return
      this.#onArrived(bytes.byteLength)
      if (!this.#to.write(bytes)) await Promise.race([once(this.#to, 'drain'), once(this.#to, 'close')])
    })
    this.#last = arrival.catch(() => undefined)
    if (this.#underWay > bytesUnderWay || waitMs <= 0) await this.#last
  }

  empty(): Promise<void> {
    return this.#last
  }
}

function pause(milliseconds: number): Promise<void> {
  return milliseconds <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** mulberry32: 0 ≤ x < 1. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Makes the system's receive buffer of a socket small: setsockopt(2), SOL_SOCKET and SO_RCVBUF of Linux. Elsewhere nothing happens. */
async function bufferNarrower(): Promise<(socket: Server | Socket) => void> {
  if (process.platform !== 'linux') return () => undefined
  const koffi = await import('koffi').catch(() => undefined)
  if (koffi === undefined) return () => undefined
  const setOption = koffi.default.load('libc.so.6').func('int setsockopt(int, int, int, int *, uint32_t)')
  return (socket) => {
    const handle = (socket as { _handle?: { fd?: number } })._handle
    if (handle?.fd !== undefined && handle.fd >= 0) setOption(handle.fd, 1, 8, [4096], 4)
  }
}
