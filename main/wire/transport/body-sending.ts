// Owns: a request's body on its way out: in small slices, never far ahead of what the link carries, and how much of it has left.
// Does not own: the request and its answer (http-transport.ts), what a socket has moved (socket-progress.ts).
// Start here: `BodySending`.
import type { ClientRequest } from 'node:http'

/** Bytes that are made while they are sent. Without a size they go in HTTP chunks. */
export type StreamedBody = { readonly stream: AsyncIterable<Uint8Array>; readonly sizeBytes?: number }

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

/** A streamed body that broke; its cause is what its maker threw. */
export class BodyFailure extends Error {}

/** Who hears of a body. */
export type BodyHearing = {
  /** How many of its bytes have left in all. */
  readonly onSent?: ((bytes: number) => void) | undefined
  /** So many bytes took so long while more of it waited. */
  readonly onCarried?: ((bytes: number, milliseconds: number) => void) | undefined
}

/** What sending a body asks of its request. */
export type BodyGround = {
  /** Whether a budget spreads the bytes over time; `pace` waits for so many of them. */
  readonly isPaced: boolean
  readonly pace: (bytes: number) => Promise<void>
  /** Looks at the socket; what is seen comes by `noteSeen`. */
  readonly look: () => void
  /** The answer is there: the rest of the body is not wanted. */
  readonly isAnswered: () => boolean
}

/** The body of one request, or none. */
export class BodySending {
  readonly #body: Buffer | StreamedBody | undefined
  readonly #hearing: BodyHearing
  /** Bytes of the body that were handed to the request, that have left, and that its sender was told to have left. */
  #given = 0
  #left = 0
  #told = -1
  /** Bytes on the wire, with headers, since its connection began. */
  #wireSent = 0
  #second = { fromMs: performance.now(), from: 0, before: 0 }
  /** Since when, and from how many bytes of the body on, what the link carries is measured. */
  #span = { fromMs: performance.now(), from: 0 }

  constructor(body: Buffer | StreamedBody | undefined, hearing: BodyHearing) {
    this.#body = body
    this.#hearing = hearing
  }

  /** The connection is there; so many bytes went over it before. */
  noteConnected(wireSent: number): void {
    this.#wireSent = wireSent
    this.#second = { ...this.#second, from: wireSent }
  }

  /** So many bytes have gone over the wire, and so many of the request wait in node and in the system. */
  noteSeen(wireSent: number, waiting: number): void {
    this.#wireSent = wireSent
    this.#left = Math.max(this.#left, this.#given - waiting)
    this.#tellSent(this.#left)
    this.#tellCarried(this.#left)
  }

  /** All of it has left: its answer is there. */
  noteAllLeft(): void {
    this.#tellSent(this.#given)
  }

  /** Sends the body and ends the request, or stops where that is over. Throws BodyFailure with what a stream threw. */
  async run(outgoing: ClientRequest, ground: BodyGround): Promise<void> {
    for await (const slice of this.#slices(ground.isPaced)) {
      await ground.pace(slice.byteLength)
      await this.#roomAhead(outgoing, ground)
      if (outgoing.destroyed || ground.isAnswered()) return
      this.#given += slice.byteLength
      if (!outgoing.write(slice)) await roomAgain(outgoing)
    }
    if (!outgoing.destroyed) outgoing.end()
  }

  /** Settles when little enough is in the system's hands, or the request is over. */
  async #roomAhead(outgoing: ClientRequest, { look, isAnswered }: BodyGround): Promise<void> {
    for (let checks = 0; !outgoing.destroyed && !isAnswered(); checks++) {
      // At most this much has not left: as of the last look, and all that was given since.
      if (this.#given - this.#left <= Math.max(leastAheadBytes, this.#leftInLastSecond())) return
      if (checks > 0) await pause(checks < 5 ? 1 : roomCheckMs)
      look()
    }
  }

  #leftInLastSecond(): number {
    const now = performance.now()
    const left = this.#wireSent
    if (now - this.#second.fromMs >= 1000) {
      const seconds = (now - this.#second.fromMs) / 1000
      this.#second = { fromMs: now, from: left, before: (left - this.#second.from) / seconds }
    }
    return Math.max(this.#second.before, left - this.#second.from)
  }

  async *#slices(isPaced: boolean): AsyncGenerator<Uint8Array> {
    const body = this.#body
    if (body === undefined) return
    const size = isPaced ? sliceBytes.paced : sliceBytes.free
    try {
      for await (const piece of Buffer.isBuffer(body) ? [body] : body.stream)
        for (let at = 0; at < piece.byteLength; at += size) yield piece.subarray(at, at + size)
    } catch (cause) {
      throw new BodyFailure('the body could not be read', { cause })
    }
  }

  /** Only while more waits, so that neither the silence before an answer nor our own slowness counts as the link's. */
  #tellCarried(left: number): void {
    const now = performance.now()
    const isLinkBusy = left < this.#given && left > 0
    const milliseconds = now - this.#span.fromMs
    if (isLinkBusy && milliseconds < carriedSpanMs) return
    if (isLinkBusy) this.#hearing.onCarried?.(left - this.#span.from, milliseconds)
    this.#span = { fromMs: now, from: left }
  }

  #tellSent(bytes: number): void {
    if (bytes <= this.#told || this.#body === undefined) return
    this.#told = bytes
    this.#hearing.onSent?.(bytes)
  }
}

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
