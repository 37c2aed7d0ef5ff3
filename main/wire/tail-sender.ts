// Owns: sending a ledger's tail over a bad link, request after request, from where the receiver stands to the end.
// Does not own: what is sent (the ledger's owner gives batches), what an answer proves (the receiver's caller), bytes (packing/).
// Start here: `TailSender`: stations to their centre or relay, and relays to their county send alike.
import { AppError } from '../../preload/contract/errors.ts'
import type { PushRequest } from '../../preload/contract/wire.ts'
import type { Head } from './entry.ts'
import { boundsOf, type NextBatch, outgoingAfter } from './packing/outgoing.ts'

/** What is to be sent. */
export type SentTail = {
  readonly next: NextBatch
  /** Up to which seq there is something to send at this moment. */
  readonly end: () => number | Promise<number>
}

/** Who takes it. Each answer is where the ledger stands there, believed; each may throw the AppErrors of a line. */
export type TailReceiver = {
  readonly pushFrames: (frames: () => AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<Head>
  readonly push: (request: PushRequest, signal: AbortSignal) => Promise<Head>
  readonly head: (signal: AbortSignal) => Promise<Head>
}

/** Bounds in bytes on the link. A frame is what a cut costs; between requests the link is idle for a round trip. */
export type PortionBounds = Readonly<
  Record<'frame' | 'request', { readonly least: number; readonly first: number; readonly most: number }>
>

/** The bounds on the way to a centre. */
export const centreBounds: PortionBounds = {
  frame: { least: 512, first: 4 << 10, most: 64 << 10 },
  request: { least: 1 << 10, first: 64 << 10, most: 512 << 10 },
}

/** A frame grows to what the link carries in so long. */
const frameSeconds = 2

/** A batch of format 1 travels whole and is lost whole. */
const batchPlainBytes = 64 << 10

/** How often one sending may learn from a refusal and go on. */
const mostDetours = 20

/** How much a link carries at once, as the last requests taught. All who send over the same link share it. */
export class Portions {
  readonly #bounds: PortionBounds
  frameBytes: number
  requestBytes: number

  constructor(bounds: PortionBounds) {
    this.#bounds = bounds
    this.frameBytes = bounds.frame.first
    this.requestBytes = bounds.request.first
  }

  /** A request of so many bytes went through in so long. */
  grow(sentBytes: number, elapsedMs: number): void {
    const { frame, request } = this.#bounds
    this.requestBytes = Math.min(request.most, this.requestBytes * 2)
    const carried = (sentBytes * frameSeconds * 1000) / Math.max(1, elapsedMs)
    this.frameBytes = Math.min(frame.most, Math.max(frame.first, carried))
  }

  /** One of so many bytes brought nothing. */
  shrink(lastBytes: number): void {
    const { frame, request } = this.#bounds
    this.requestBytes = Math.max(request.least, Math.min(this.requestBytes, lastBytes) >> 1)
    this.frameBytes = Math.max(frame.least, Math.min(this.frameBytes, this.requestBytes) >> 1)
  }

  get isLeast(): boolean {
    return this.frameBytes <= this.#bounds.frame.least
  }
}

/** How the next request is made, as refusals taught. */
type How = { sendAllSecrets: boolean; asBatches: boolean }

/**
 * Sends what the receiver lacks. Where a request is cut, the receiver is asked how far it came and the next one goes on there;
 * one that brought nothing is made smaller, since something on the way may let whole requests through alone. A receiver that
 * reads no frames gets batches of format 1.
 */
export class TailSender {
  readonly #tail: SentTail
  readonly #portions: Portions
  /** How long the last request was. */
  #lastBytes = 0

  constructor(tail: SentTail, portions: Portions) {
    this.#tail = tail
    this.#portions = portions
  }

  /** Sends all after `from`, also what is added meanwhile. Throws the AppError that stopped it; what went through before stays. */
  async send(receiver: TailReceiver, from: Head, signal: AbortSignal): Promise<void> {
    const how = { sendAllSecrets: false, asBatches: false }
    for (let [at, detours] = [from, 0]; at.seq < (await this.#tail.end()); ) {
      try {
        at = how.asBatches
          ? await this.#sendBatch(receiver, at, how, signal)
          : await this.#sendFrames(receiver, at, how, signal)
        how.sendAllSecrets = false
      } catch (error) {
        const before = at
        at = await this.#goOn(receiver, at, error, how, signal)
        detours = at.seq > before.seq ? 0 : detours + 1
        if (detours > mostDetours) throw error
      }
    }
  }

  async #sendFrames(receiver: TailReceiver, from: Head, how: How, signal: AbortSignal): Promise<Head> {
    const { frameBytes, requestBytes } = this.#portions
    const outgoing = outgoingAfter(this.#tail.next, from, { frameBytes, requestBytes, ...how })
    const startedMs = performance.now()
    try {
      const head = assertTaken(await receiver.pushFrames(outgoing.frames, signal), outgoing.head())
      if (outgoing.head().seq === from.seq) throw new AppError('LEDGER_BROKEN', { seq: from.seq + 1 })
      this.#portions.grow(outgoing.sentBytes(), performance.now() - startedMs)
      return head
    } finally {
      this.#lastBytes = outgoing.sentBytes()
    }
  }

  /** One batch whole, in the form that every receiver reads. */
  async #sendBatch(receiver: TailReceiver, from: Head, how: How, signal: AbortSignal): Promise<Head> {
    this.#lastBytes = Math.min(batchPlainBytes, this.#portions.requestBytes)
    const built = await this.#tail.next(from, boundsOf(this.#lastBytes), how)
    if (built === undefined) throw new AppError('LEDGER_BROKEN', { seq: from.seq + 1 })
    return assertTaken(await receiver.push(built.request, signal), built.head)
  }

  /** Where to go on after a failure. Throws what cannot be mended here. */
  async #goOn(receiver: TailReceiver, from: Head, error: unknown, how: How, signal: AbortSignal): Promise<Head> {
    if (!(error instanceof AppError)) throw error
    const { reason } = error.details
    if (error.code === 'CENTRE_UNREACHABLE' && (reason === 'cut' || reason === 'stalled')) {
      const head = await receiver.head(signal).catch(() => from)
      if (head.seq > from.seq) return head
      this.#portions.shrink(this.#lastBytes)
      throw error
    }
    if (error.code !== 'CENTRE_REFUSED') throw error
    const head = await receiver.head(signal)
    if (reason === 'gap') return head
    if (reason === 'secret_missing' && !how.sendAllSecrets) how.sendAllSecrets = true
    else if (reason === 'malformed' && !how.asBatches) how.asBatches = true
    else if (reason === 'too_large' && !this.#portions.isLeast) this.#portions.shrink(this.#lastBytes)
    else if (head.seq <= from.seq) throw error
    return head
  }
}

/** Throws CENTRE_NONSENSE where the receiver takes everything and says that it has less. */
function assertTaken(head: Head, sent: Head): Head {
  if (head.seq < sent.seq) throw new AppError('CENTRE_NONSENSE', { reason: 'acknowledged' })
  return head
}
