import { AppError } from '../../../preload/contract/errors.ts'
import type { FeedPage } from '../../../preload/contract/wire.ts'
import type { CentreClient, PushAnswer } from '../../wire/centre-client.ts'
import { emptyHead, type Head } from '../../wire/entry.ts'
import { type BatchSource, nextBatch } from '../../wire/packing/next-batch.ts'
import { boundsOf, outgoingAfter } from './outgoing.ts'

/** What the link needs of the ledger. */
export type LedgerTail = BatchSource & {
  readonly head: () => Head
  /** The head as it was at `seq`; undefined beyond the end. */
  readonly headAt: (seq: number) => Head | undefined
  readonly acknowledged: () => Head
  /** Notes what the centre durably has. Throws LEDGER_FORKED where that is not ours. */
  readonly acknowledge: (head: Head) => void
  readonly feedCursor: () => number
  /** Applies a page in one transaction. */
  readonly applyFeed: (page: FeedPage) => void
}

/** What an exchange tells while it runs. */
export type ExchangeProgress = {
  readonly onAcknowledged?: (answer: PushAnswer) => void
  readonly onFeed?: (page: FeedPage) => void
}

/** Sends the ledger's tail and takes in the feed. Remembers how much the link carries at once, and whether the last answer was heard. */
export type Exchange = {
  /** Everything unsent goes out, then everything new comes in, until both ends agree. Throws the AppError that stopped it; what went through before stays. */
  run(client: CentreClient, signal: AbortSignal): Promise<void>
}

/** Bounds of a frame and of a request in bytes on the link. A frame is what a cut costs; between requests the link is idle for a round trip. */
const bounds = {
  frame: { least: 512, first: 4 << 10, most: 64 << 10 },
  request: { least: 1 << 10, first: 64 << 10, most: 512 << 10 },
} as const

/** A frame grows to what the link carries in so long. */
const frameSeconds = 2

/** How often one push may learn from a refusal and go on. */
const mostDetours = 20

/** Makes the exchange over a ledger. */
export function createExchange(tail: LedgerTail, progress: ExchangeProgress = {}): Exchange {
  const sender = new Sender(tail, progress)
  const pull = async (client: CentreClient, signal: AbortSignal) => {
    for (;;) {
      const page = await client.feed(tail.feedCursor(), signal)
      // Meanwhile a stick brought what this page tells.
      if (page.after !== tail.feedCursor()) continue
      if (page.items.length > 0) {
        tail.applyFeed(page)
        progress.onFeed?.(page)
      }
      if (!page.more) return
    }
  }
  return {
    run: async (client, signal) => {
      await sender.push(client, signal)
      await pull(client, signal)
      // What was applied is an entry too: the centre learns how far its word has come.
      await sender.push(client, signal)
    },
  }
}

/**
 * Sends what the centre lacks, request after request. Where a request is cut, the centre is asked how far it came and the next
 * one goes on there; one that brought nothing is made smaller, since something on the way may let whole requests through alone.
 */
class Sender {
  readonly #tail: LedgerTail
  readonly #progress: ExchangeProgress
  #frameBytes: number = bounds.frame.first
  #requestBytes: number = bounds.request.first
  /** How long the last request was. */
  #lastBytes = 0
  /** Something may have arrived of which no answer was heard: so too when the program starts. */
  #isUnsure = true

  constructor(tail: LedgerTail, progress: ExchangeProgress) {
    this.#tail = tail
    this.#progress = progress
  }

  async push(client: CentreClient, signal: AbortSignal): Promise<void> {
    let from = this.#tail.acknowledged()
    if (from.seq >= this.#tail.head().seq) return
    if (this.#isUnsure) from = await this.#ask(client, signal)
    const how = { sendAllSecrets: false, asBatches: false }
    for (let detours = 0; from.seq < this.#tail.head().seq; ) {
      try {
        from = how.asBatches
          ? await this.#sendBatch(client, from, signal)
          : await this.#sendFrames(client, from, how, signal)
        how.sendAllSecrets = false
      } catch (error) {
        const before = from
        from = await this.#goOn(client, from, error, how, signal)
        detours = from.seq > before.seq ? 0 : detours + 1
        if (detours > mostDetours) throw error
      }
    }
  }

  async #sendFrames(client: CentreClient, from: Head, how: How, signal: AbortSignal): Promise<Head> {
    const portion = { frameBytes: this.#frameBytes, requestBytes: this.#requestBytes, ...how }
    const outgoing = outgoingAfter(this.#tail, from, portion)
    const startedMs = performance.now()
    this.#isUnsure = true
    try {
      const answer = await client.pushFrames(outgoing.frames, { signal })
      const head = this.#believe(answer, outgoing.head())
      this.#grow(outgoing.sentBytes(), performance.now() - startedMs)
      return head
    } finally {
      this.#lastBytes = outgoing.sentBytes()
    }
  }

  /** One batch whole, in the form that every centre reads. */
  async #sendBatch(client: CentreClient, from: Head, signal: AbortSignal): Promise<Head> {
    const built = nextBatch(this.#tail, from, boundsOf(this.#frameBytes * 4), { sendAllSecrets: true })
    return this.#believe(await client.push(built.request, signal), built.head)
  }

  /** Where to go on after a failure. Throws what cannot be mended here. */
  async #goOn(client: CentreClient, from: Head, error: unknown, how: How, signal: AbortSignal): Promise<Head> {
    if (!(error instanceof AppError)) throw error
    const { reason } = error.details
    if (error.code === 'CENTRE_UNREACHABLE' && (reason === 'cut' || reason === 'stalled')) {
      const head = await this.#ask(client, signal).catch(() => from)
      if (head.seq > from.seq) return head
      this.#shrink()
      throw error
    }
    if (error.code !== 'CENTRE_REFUSED') throw error
    const head = await this.#ask(client, signal)
    if (reason === 'gap') return head
    if (reason === 'secret_missing' && !how.sendAllSecrets) how.sendAllSecrets = true
    else if (reason === 'malformed' && !how.asBatches) how.asBatches = true
    else if (reason === 'too_large' && this.#frameBytes > bounds.frame.least) this.#shrink()
    else if (head.seq <= from.seq) throw error
    return head
  }

  /** Asks where the centre stands; one that cannot say so stands where it last said. Throws LEDGER_FORKED where that is not ours. */
  async #ask(client: CentreClient, signal: AbortSignal): Promise<Head> {
    try {
      return this.#believe(await client.head(signal), emptyHead)
    } catch (error) {
      const cannotSay =
        error instanceof AppError && error.code === 'CENTRE_REFUSED' && error.details.reason === 'not_found'
      if (cannotSay) return this.#tail.acknowledged()
      throw error
    }
  }

  /** Believes an acknowledgement only where it names our own entry, and no less than what was sent. Throws LEDGER_FORKED or CENTRE_NONSENSE. */
  #believe(answer: PushAnswer, sent: Head): Head {
    const head = { seq: answer.acknowledged, hash: answer.hash }
    // A centre that holds more than we do has seen another life of this station: a restored copy speaks.
    if (this.#tail.headAt(head.seq)?.hash !== head.hash) throw new AppError('LEDGER_FORKED', { seq: head.seq })
    if (head.seq < sent.seq) throw new AppError('CENTRE_NONSENSE', { reason: 'acknowledged' })
    this.#isUnsure = false
    if (head.seq <= this.#tail.acknowledged().seq) return head
    this.#tail.acknowledge(head)
    this.#progress.onAcknowledged?.(answer)
    return head
  }

  #grow(sentBytes: number, elapsedMs: number): void {
    this.#requestBytes = Math.min(bounds.request.most, this.#requestBytes * 2)
    const carried = (sentBytes * frameSeconds * 1000) / Math.max(1, elapsedMs)
    this.#frameBytes = Math.min(bounds.frame.most, Math.max(bounds.frame.first, carried))
  }

  #shrink(): void {
    this.#requestBytes = Math.max(bounds.request.least, Math.min(this.#requestBytes, this.#lastBytes) >> 1)
    this.#frameBytes = Math.max(bounds.frame.least, Math.min(this.#frameBytes, this.#requestBytes) >> 1)
  }
}

/** How the next request is made, as the centre's refusals taught. */
type How = { sendAllSecrets: boolean; asBatches: boolean }
