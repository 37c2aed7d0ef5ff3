// Owns: one exchange over the hall's relay: what it lacks goes to it, what it hands on of the county is taken in.
// Does not own: the line (relay-line.ts), when it is used (index.ts, and the link that asks it).
// Start here: `exchangeByRelay`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { FeedPage, RelayReply } from '../../../preload/contract/wire.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import type { Head } from '../../wire/entry.ts'
import { buildPush, type TailEntry } from '../../wire/push-codec.ts'
import type { RelayLine } from './relay-line.ts'

/** What an exchange needs of the ledger; the link's own tail has it. */
export type RelayedTail = {
  readonly stationId: string
  readonly head: () => Head
  /** The head as it was at `seq`; undefined beyond the end. */
  readonly headAt: (seq: number) => Head | undefined
  readonly acknowledged: () => Head
  readonly acknowledge: (head: Head) => void
  readonly read: (from: number, limit: number) => TailEntry[]
  readonly secretOf: (subject: string) => string | undefined
  readonly isNewAfter: (subject: string, seq: number) => boolean
  readonly signHead: (head: Head) => string
  readonly feedCursor: () => number
  readonly applyFeed: (page: FeedPage) => void
}

/** What an exchange tells while it runs. */
export type RelayProgress = {
  /** The relay holds the ledger up to here. */
  readonly onHeld: (head: Head) => void
  /** The county's own word, or its page, came through the relay. */
  readonly onCounty: () => void
}

/** Bounds of a batch: on the hall's own network a large one costs little; where it is cut it comes again. */
const batch = { entries: 500, plainBytes: 512 << 10 } as const

/**
 * Hands the relay what it lacks, takes in what it has of the county: acknowledgements, which count only forward and only
 * for entries of ours, and pages of the feed. A relay that names an entry that is not ours is not believed: nothing changes.
 * Throws the AppError that stopped it; what went through before stays.
 */
export async function exchangeByRelay(
  tail: RelayedTail,
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
  tail: RelayedTail,
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
      held = takeReply(tail, await line.push(nextBatch(tail, held, sendAllSecrets), signal), progress)
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
function takeReply(tail: RelayedTail, reply: RelayReply, progress: RelayProgress): Head {
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

function nextBatch(tail: RelayedTail, previous: Head, sendAllSecrets: boolean) {
  const entries: TailEntry[] = []
  let bytes = 0
  for (const entry of tail.read(previous.seq + 1, batch.entries)) {
    bytes += canonicalBytes(entry.payload).byteLength + 120
    if (entries.length > 0 && bytes > batch.plainBytes) break
    entries.push(entry)
  }
  const secrets = new Map<string, string>()
  const sendSecretsOf = new Set<string>()
  for (const { subject } of entries) {
    const secret = secrets.has(subject) ? undefined : tail.secretOf(subject)
    if (secret === undefined) continue
    secrets.set(subject, secret)
    if (sendAllSecrets || tail.isNewAfter(subject, previous.seq)) sendSecretsOf.add(subject)
  }
  const { stationId: station, signHead } = tail
  return buildPush({ station, signHead, previous, entries, secrets, sendSecretsOf }).request
}
