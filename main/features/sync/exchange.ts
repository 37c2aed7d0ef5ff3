import { AppError } from '../../../preload/contract/errors.ts'
import type { FeedPage } from '../../../preload/contract/wire.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import type { Head } from '../../wire/entry.ts'
import type { CentreClient, PushAnswer } from '../../wire/push-client.ts'
import { type BuiltPush, buildPush, type TailEntry } from '../../wire/push-codec.ts'

/** What the link needs of the ledger. */
export type LedgerTail = {
  readonly stationId: string
  readonly head: () => Head
  /** The head as it was at `seq`; undefined beyond the end. */
  readonly headAt: (seq: number) => Head | undefined
  readonly acknowledged: () => Head
  /** Notes what the centre durably has. Throws LEDGER_FORKED where that is not ours. */
  readonly acknowledge: (head: Head) => void
  readonly read: (from: number, limit: number) => TailEntry[]
  readonly secretOf: (subject: string) => string | undefined
  /** Whether a subject's first entry comes after `seq`. */
  readonly isNewAfter: (subject: string, seq: number) => boolean
  readonly signHead: (head: Head) => string
  readonly feedCursor: () => number
  /** Applies a page in one transaction. */
  readonly applyFeed: (page: FeedPage) => void
}

/** What an exchange tells while it runs. */
export type ExchangeProgress = {
  readonly onAcknowledged?: (answer: PushAnswer) => void
  readonly onFeed?: (page: FeedPage) => void
}

/** Sends the ledger's tail and takes in the feed. Remembers only how large a batch the link carries. */
export type Exchange = {
  /** Everything unsent goes out, then everything new comes in, until both ends agree. Throws the AppError that stopped it; what went through before stays. */
  run(client: CentreClient, signal: AbortSignal): Promise<void>
}

/** Bounds of a batch by its entries' plain bytes (deflated, a quarter or less). */
const batchBytes = { first: 48 << 10, most: 1 << 20 } as const
const batchEntries = 500

/**
 * Makes the exchange over a ledger. A batch that a cut interrupts is sent again in halves down to one entry, and grows again
 * with success: a link that dies every half minute still moves, and a good one is not chopped up.
 */
export function createExchange(tail: LedgerTail, progress: ExchangeProgress = {}): Exchange {
  let budget: number = batchBytes.first
  const send = async (client: CentreClient, previous: Head, sendAllSecrets: boolean, signal: AbortSignal) => {
    const built = nextBatch(tail, previous, budget, sendAllSecrets)
    try {
      const answer = await client.push(built.request, signal)
      const head = checkAnswer(tail, built, answer)
      tail.acknowledge(head)
      budget = Math.min(batchBytes.most, budget * 2)
      progress.onAcknowledged?.(answer)
      return head
    } catch (error) {
      if (isTooMuch(error)) budget = Math.max(1, Math.min(budget, plainBytes(built)) >> 1)
      throw error
    }
  }
  /** Sends from where the centre is known to stand; a centre that lost its newest entries gets them again. */
  const push = async (client: CentreClient, signal: AbortSignal) => {
    let from = tail.acknowledged()
    let sendAllSecrets = false
    let detours = 0
    while (from.seq < tail.head().seq) {
      try {
        from = await send(client, from, sendAllSecrets, signal)
        sendAllSecrets = false
      } catch (error) {
        detours += 1
        const reason = error instanceof AppError && error.code === 'CENTRE_REFUSED' ? error.details.reason : undefined
        if (detours > 20) throw error
        if (reason === 'gap') from = whereCentreStands(tail, from, error as AppError)
        else if (reason === 'secret_missing' && !sendAllSecrets) sendAllSecrets = true
        else if (reason !== 'too_large' || budget <= 1) throw error
      }
    }
  }
  const pull = async (client: CentreClient, signal: AbortSignal) => {
    for (;;) {
      const page = await client.feed(tail.feedCursor(), signal)
      if (page.items.length > 0) {
        tail.applyFeed(page)
        progress.onFeed?.(page)
      }
      if (!page.more) return
    }
  }
  return {
    run: async (client, signal) => {
      await push(client, signal)
      await pull(client, signal)
      // What was applied is an entry too: the centre learns how far its word has come.
      await push(client, signal)
    },
  }
}

/** The next batch after `previous`: as many entries as fit the budget, at least one. */
function nextBatch(tail: LedgerTail, previous: Head, budget: number, sendAllSecrets: boolean): BuiltPush {
  const entries: TailEntry[] = []
  let bytes = 0
  for (const entry of tail.read(previous.seq + 1, batchEntries)) {
    bytes += entryBytes(entry)
    if (entries.length > 0 && bytes > budget) break
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
  return buildPush({ station: tail.stationId, signHead: tail.signHead, previous, entries, secrets, sendSecretsOf })
}

function entryBytes(entry: TailEntry): number {
  return canonicalBytes(entry.payload).byteLength + 120
}

function plainBytes({ request }: BuiltPush): number {
  return request.entries.reduce((sum, [, , , , , payload]) => sum + canonicalBytes(payload).byteLength + 120, 0)
}

/** Whether a smaller batch might have gone through. */
function isTooMuch(error: unknown): boolean {
  if (!(error instanceof AppError)) return false
  const { reason } = error.details
  if (error.code === 'CENTRE_UNREACHABLE') return reason === 'cut' || reason === 'stalled'
  return error.code === 'CENTRE_REFUSED' && reason === 'too_large'
}

/** Believes an acknowledgement only where it names our own entry, and no less than the batch. Throws LEDGER_FORKED or CENTRE_NONSENSE. */
function checkAnswer(tail: LedgerTail, built: BuiltPush, answer: PushAnswer): Head {
  const head = { seq: answer.acknowledged, hash: answer.hash }
  // A centre that holds more than we do has seen another life of this station: a restored copy speaks.
  if (tail.headAt(head.seq)?.hash !== head.hash) throw new AppError('LEDGER_FORKED', { seq: head.seq })
  if (head.seq < built.head.seq) throw new AppError('CENTRE_NONSENSE', { reason: 'acknowledged' })
  return head
}

/** On a gap: where the centre says it stands, if that is our own earlier entry. Throws LEDGER_FORKED or CENTRE_NONSENSE. */
function whereCentreStands(tail: LedgerTail, from: Head, gap: AppError): Head {
  const head = { seq: Number(gap.details.acknowledged ?? -1), hash: String(gap.details.hash) }
  if (!(head.seq >= 0 && head.seq < from.seq)) throw new AppError('CENTRE_NONSENSE', { reason: 'gap' })
  if (tail.headAt(head.seq)?.hash !== head.hash) throw new AppError('LEDGER_FORKED', { seq: head.seq })
  return head
}
