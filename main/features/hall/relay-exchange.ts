// Owns: one exchange over the hall's relay: what it lacks goes to it, what it hands on of the county is taken in.
// Does not own: the line (relay-line.ts), when it is used (index.ts, and the link that asks it).
// Start here: `exchangeByRelay`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { RelayReply } from '../../../preload/contract/relay.ts'
import type { Head } from '../../wire/entry.ts'
import { nextBatch } from '../../wire/packing/next-batch.ts'
import type { LedgerTail } from '../sync/index.ts'
import type { RelayLine } from './relay-line.ts'

/** What an exchange tells while it runs. */
export type RelayProgress = {
  /** The relay holds the ledger up to here. */
  readonly onHeld: (head: Head) => void
  /** The county's own word, or its page, came through the relay. */
  readonly onCounty: () => void
}

/** Bounds of a batch: on the hall's own network a large one costs little; where it is cut it comes again. */
const batchBounds = { entries: 500, plainBytes: 512 << 10 } as const

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
  const held = await push(tail, line, progress, await line.head(signal), signal)
  for (;;) {
    const page = await line.feed(tail.feedCursor(), signal)
    if (page === undefined || page.items.length === 0) break
    // Meanwhile a stick brought what this page tells.
    if (page.after !== tail.feedCursor()) continue
    tail.applyFeed(page)
    progress.onCounty()
  }
  // What was applied is an entry too, and the relay fetches ahead by it.
  if (tail.head().seq > held.seq) await push(tail, line, progress, await line.head(signal), signal)
}

async function push(
  tail: LedgerTail,
  line: RelayLine,
  progress: RelayProgress,
  first: RelayReply,
  signal: AbortSignal,
): Promise<Head> {
  let held = takeReply(tail, first, progress)
  let sendAllSecrets = false
  while (held.seq < tail.head().seq) {
    try {
      const before = held
      const { request } = nextBatch(tail, held, batchBounds, { sendAllSecrets })
      held = takeReply(tail, await line.push(request, signal), progress)
      if (held.seq <= before.seq) throw new AppError('CENTRE_NONSENSE', { reason: 'acknowledged' })
      sendAllSecrets = false
    } catch (error) {
      const isSecretMissing = error instanceof AppError && error.details.reason === 'secret_missing'
      if (!isSecretMissing || sendAllSecrets) throw error
      sendAllSecrets = true
    }
  }
  return held
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
