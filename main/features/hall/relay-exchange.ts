// Owns: one exchange over the hall's relay: what it lacks goes to it, what it hands on of the county is taken in.
// Does not own: the line (relay-line.ts), when it is used (index.ts, and the link that asks it).
// Start here: `exchangeByRelay`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { RelayReply } from '../../../preload/contract/relay.ts'
import type { Head } from '../../wire/entry.ts'
import { type PortionBounds, Portions, type TailReceiver, TailSender } from '../../wire/tail-sender.ts'
import { type LedgerTail, sentTail } from '../sync/index.ts'
import type { RelayLine } from './relay-line.ts'

/** What an exchange tells while it runs. */
export type RelayProgress = {
  /** The relay holds the ledger up to here. */
  readonly onHeld: (head: Head) => void
  /** The county's own word, or its page, came through the relay. */
  readonly onCounty: () => void
}

/** Frames stay small however good the hall's own network is: the relay hands them on over the county's, where each is what a cut costs. */
const hallBounds: PortionBounds = {
  frame: { least: 512, first: 4 << 10, most: 4 << 10 },
  request: { least: 1 << 10, first: 64 << 10, most: 512 << 10 },
}

/**
 * Hands the relay what it lacks, takes in what it has of the county: acknowledgements, which count only forward and only
 * for entries of ours, and pages of the feed. A relay that names an entry that is not ours is not believed: nothing changes.
 * Throws the AppError that stopped it; what went through before stays.
 */
export async function exchangeByRelay(
  tail: LedgerTail,
  line: RelayLine,
  progress: RelayProgress,
  signal: AbortSignal,
): Promise<void> {
  const receiver = receiverOf(tail, line, progress)
  const sender = new TailSender(sentTail(tail), new Portions(hallBounds))
  await sender.send(receiver, await receiver.head(signal), signal)
  const sent = tail.head().seq
  for (;;) {
    const page = await line.feed(tail.feedCursor(), signal)
    if (page === undefined || page.items.length === 0) break
    // Meanwhile a stick brought what this page tells.
    if (page.after !== tail.feedCursor()) continue
    tail.applyFeed(page)
    progress.onCounty()
  }
  // What was applied is an entry too, and the relay fetches ahead by it.
  if (tail.head().seq > sent) await sender.send(receiver, await receiver.head(signal), signal)
}

/** The relay as who takes the ledger's tail. */
function receiverOf(tail: LedgerTail, line: RelayLine, progress: RelayProgress): TailReceiver {
  const take = async (reply: Promise<RelayReply>) => takeReply(tail, await reply, progress)
  return {
    pushFrames: (frames, signal) => take(line.pushFrames(frames, signal)),
    push: (request, signal) => take(line.push(request, signal)),
    head: (signal) => take(line.head(signal)),
  }
}

/** Believes what a relay holds where it is ours, and the county's word where it is ours too. */
function takeReply(tail: LedgerTail, reply: RelayReply, progress: RelayProgress): Head {
  const held = { seq: reply.held, hash: reply.hash }
  if (tail.headAt(held.seq)?.hash !== held.hash) throw new AppError('CENTRE_NONSENSE', { reason: 'held' })
  progress.onHeld(held)
  const { centre } = reply
  if (centre !== null && centre.acknowledged > tail.acknowledged().seq) {
    // Signed by the county: that it has another entry under this number is its word, and is said as such.
    tail.acknowledge({ seq: centre.acknowledged, hash: centre.hash })
    progress.onCounty()
  }
  return held
}
