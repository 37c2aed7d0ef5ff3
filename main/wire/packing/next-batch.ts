// Owns: cutting the next batch out of a station's ledger: as many entries as fit, and the secrets that go with them.
// Does not own: what a batch is (push-codec.ts), or how large one may be on a given way (the link, the hall, the stick).
// Start here: `nextBatch`.
import { canonicalBytes } from '../canonical.ts'
import type { Head } from '../entry.ts'
import { type BuiltPush, buildPush, type TailEntry } from './push-codec.ts'

/** What batches are cut out of: a station's ledger with its key. */
export type BatchSource = {
  readonly stationId: string
  /** Entries from `from` on, in order, at most `limit`. */
  readonly read: (from: number, limit: number) => readonly TailEntry[]
  readonly secretOf: (subject: string) => string | undefined
  /** Whether a subject's first entry comes after `seq`. */
  readonly isNewAfter: (subject: string, seq: number) => boolean
  readonly signHead: (head: Head) => string
}

/** How much one batch may hold: plain bytes before any encoding, and entries. */
export type BatchBounds = { readonly plainBytes: number; readonly entries: number }

/** What an entry takes beside its payload. */
const entryHeadBytes = 120

/**
 * The batch after `previous`: as many entries as fit, at least one. Secrets go along of subjects that begin in it, or of all
 * its subjects where the receiver may lack them. Throws LEDGER_BROKEN where the ledger would not come out the same.
 */
export function nextBatch(
  source: BatchSource,
  previous: Head,
  bounds: BatchBounds,
  { sendAllSecrets }: { readonly sendAllSecrets: boolean },
): BuiltPush {
  const entries: TailEntry[] = []
  let bytes = 0
  for (const entry of source.read(previous.seq + 1, bounds.entries)) {
    bytes += plainBytes(entry.payload)
    if (entries.length > 0 && bytes > bounds.plainBytes) break
    entries.push(entry)
  }
  const secrets = new Map<string, string>()
  const sendSecretsOf = new Set<string>()
  for (const { subject } of entries) {
    const secret = secrets.has(subject) ? undefined : source.secretOf(subject)
    if (secret === undefined) continue
    secrets.set(subject, secret)
    if (sendAllSecrets || source.isNewAfter(subject, previous.seq)) sendSecretsOf.add(subject)
  }
  return buildPush({
    ...{ station: source.stationId, signHead: source.signHead },
    ...{ previous, entries, secrets, sendSecretsOf },
  })
}

/** What an entry with this payload counts towards a batch's bounds. */
export function plainBytes(payload: unknown): number {
  return canonicalBytes(payload).byteLength + entryHeadBytes
}
