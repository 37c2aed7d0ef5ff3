import type { Store } from '../../store/index.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { emptyHead, type Head } from '../../wire/entry.ts'
import { buildPush, encodeBatch, type TailEntry } from '../../wire/push-codec.ts'

/** Bounds of one batch in a bundle: plain bytes, and entries (the wire takes 1,000). */
const batchBounds = { plainBytes: 256 << 10, entries: 500 } as const

/** The batch that begins at `seq`, encoded as the link carries it, and the first entry after it. */
export type EncodedBatch = { readonly bytes: Buffer; readonly nextSeq: number; readonly plainBytes: number }

/**
 * Packs the entries from `seq` on, as many as one batch holds. Sends the secrets of all its subjects: whatever the centre
 * has lost or never had, this batch speaks for itself. Throws LEDGER_BROKEN where the ledger would not come out the same.
 */
export async function encodeBatchFrom(store: Store, seq: number): Promise<EncodedBatch> {
  const entries: TailEntry[] = []
  let plainBytes = 0
  for (const entry of store.ledger.readEntries({ from: seq, limit: batchBounds.entries })) {
    const size = canonicalBytes(entry.payload).byteLength + 120
    if (entries.length > 0 && plainBytes + size > batchBounds.plainBytes) break
    plainBytes += size
    entries.push(entry)
  }
  const secrets = new Map<string, string>()
  for (const { subject } of entries) {
    const secret = secrets.has(subject) ? undefined : store.ledger.secretOf(subject)
    if (secret !== undefined) secrets.set(subject, secret)
  }
  const { request, head } = buildPush({
    station: store.station.read().id,
    signHead: (of) => store.station.signHead(of),
    previous: headAt(store, seq - 1),
    entries,
    secrets,
    sendSecretsOf: new Set(secrets.keys()),
  })
  return { bytes: await encodeBatch(request), nextSeq: head.seq + 1, plainBytes }
}

/** The head as it was at `seq`. */
function headAt(store: Store, seq: number): Head {
  if (seq === 0) return emptyHead
  const [entry] = store.ledger.readEntries({ from: seq, limit: 1 })
  if (entry?.seq !== seq) throw new Error(`the ledger has no entry ${seq}`)
  return { seq, hash: entry.hash }
}
