import { AppError } from '../../../preload/contract/errors.ts'
import type { FeedPage } from '../../../preload/contract/wire.ts'
import type { CentreClient, PushAnswer } from '../../wire/centre-client.ts'
import type { Head } from '../../wire/entry.ts'
import { type BatchSource, nextBatch } from '../../wire/packing/next-batch.ts'
import { centreBounds, Portions, type SentTail, type TailReceiver, TailSender } from '../../wire/tail-sender.ts'

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
  /** The centre has less than it had confirmed: it was restored from an older copy, which ends at this head. All after it goes again. */
  readonly onWentBack?: (head: Head) => void
}

/** Sends the ledger's tail and takes in the feed. Remembers how much the link carries at once, and whether the last answer was heard. */
export type Exchange = {
  /** Everything unsent goes out, then everything new comes in, until both ends agree. Throws the AppError that stopped it; what went through before stays. */
  run(client: CentreClient, signal: AbortSignal): Promise<void>
}

/** A ledger's tail as it is sent. */
export function sentTail(tail: LedgerTail): SentTail {
  return {
    end: () => tail.head().seq,
    next: (previous, bounds, options) =>
      previous.seq < tail.head().seq ? nextBatch(tail, previous, bounds, options) : undefined,
  }
}

/** Makes the exchange over a ledger. */
export function createExchange(tail: LedgerTail, progress: ExchangeProgress = {}): Exchange {
  return new LedgerExchange(tail, progress)
}

class LedgerExchange implements Exchange {
  readonly #tail: LedgerTail
  readonly #progress: ExchangeProgress
  readonly #sender: TailSender
  /** Something may have arrived of which no answer was heard: so too when the program starts. */
  #isUnsure = true

  constructor(tail: LedgerTail, progress: ExchangeProgress) {
    this.#tail = tail
    this.#progress = progress
    this.#sender = new TailSender(sentTail(tail), new Portions(centreBounds))
  }

  async run(client: CentreClient, signal: AbortSignal): Promise<void> {
    await this.#push(client, signal)
    const standing = await this.#pull(client, signal).catch(async (error: unknown) => {
      if (!isBehind(error)) throw error
      // Its ledger may end too early as well: it gets back what tells it how far its word had come.
      await this.#push(client, signal, true)
      return await this.#pull(client, signal)
    })
    // What was applied is an entry too: the centre learns how far its word has come.
    await this.#push(client, signal, standing !== undefined && standing !== this.#tail.acknowledged().seq)
  }

  /** Sends what the centre lacks; it is asked where it stands where that may not be what it last said. */
  async #push(client: CentreClient, signal: AbortSignal, mustAsk = false): Promise<void> {
    const receiver = this.#receiver(client)
    let from = this.#tail.acknowledged()
    if (!mustAsk && from.seq >= this.#tail.head().seq) return
    if (mustAsk || this.#isUnsure) from = await receiver.head(signal)
    await this.#sender.send(receiver, from, signal)
  }

  /** Takes in the feed to its end. Tells up to which seq the centre says that it has our ledger; undefined where it does not say. */
  async #pull(client: CentreClient, signal: AbortSignal): Promise<number | undefined> {
    for (;;) {
      const page = await client.feed(this.#tail.feedCursor(), signal)
      // Meanwhile a stick brought what this page tells.
      if (page.after !== this.#tail.feedCursor()) continue
      if (page.items.length > 0) {
        this.#tail.applyFeed(page)
        this.#progress.onFeed?.(page)
      }
      if (!page.more) return page.acknowledged
    }
  }

  #receiver(client: CentreClient): TailReceiver {
    const heard = async (answer: Promise<PushAnswer>) => {
      this.#isUnsure = true
      return this.#believe(await answer)
    }
    return {
      pushFrames: (frames, signal) => heard(client.pushFrames(frames, { signal })),
      push: (request, signal) => heard(client.push(request, signal)),
      head: (signal) => this.#ask(client, signal),
    }
  }

  /** Asks where the centre stands; one that cannot say so stands where it last said. Throws LEDGER_FORKED where that is not ours. */
  async #ask(client: CentreClient, signal: AbortSignal): Promise<Head> {
    try {
      const before = this.#tail.acknowledged()
      const head = this.#believe(await client.head(signal))
      if (head.seq < before.seq) this.#progress.onWentBack?.(head)
      return head
    } catch (error) {
      const cannotSay =
        error instanceof AppError && error.code === 'CENTRE_REFUSED' && error.details.reason === 'not_found'
      if (cannotSay) return this.#tail.acknowledged()
      throw error
    }
  }

  /** Believes an acknowledgement only where it names our own entry. Throws LEDGER_FORKED. */
  #believe(answer: PushAnswer): Head {
    const head = { seq: answer.acknowledged, hash: answer.hash }
    // A centre that holds more than we do has seen another life of this station: a restored copy speaks.
    if (this.#tail.headAt(head.seq)?.hash !== head.hash) throw new AppError('LEDGER_FORKED', { seq: head.seq })
    this.#isUnsure = false
    if (head.seq <= this.#tail.acknowledged().seq) return head
    this.#tail.acknowledge(head)
    this.#progress.onAcknowledged?.(answer)
    return head
  }
}

/** A centre whose feed is shorter than what we have of it was restored from an older copy. */
function isBehind(error: unknown): boolean {
  return error instanceof AppError && error.details.reason === 'feed_behind'
}
