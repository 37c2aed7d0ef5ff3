import type { Store } from '../../store/index.ts'
import { emptyHead, type Head } from '../../wire/entry.ts'
import { nextBatch } from '../../wire/packing/next-batch.ts'
import { encodeBatch } from '../../wire/packing/push-codec.ts'

/** Bounds of one batch in a bundle. */
const batchBounds = { plainBytes: 256 << 10, entries: 500 } as const

/** A batch, encoded, and the first entry after it. */
export type EncodedBatch = { readonly bytes: Buffer; readonly nextSeq: number }

/**
 * Packs the entries from `seq` on, as many as one batch holds. Sends the secrets of all its subjects: whatever the centre
 * has lost or never had, this batch speaks for itself. Throws LEDGER_BROKEN where the ledger would not come out the same.
 */
export async function encodeBatchFrom(store: Store, seq: number): Promise<EncodedBatch> {
  const source = {
    stationId: store.station.read().id,
    read: (from: number, limit: number) => store.ledger.readEntries({ from, limit }),
    secretOf: (subject: string) => store.ledger.secretOf(subject),
    isNewAfter: () => true,
    signHead: (head: Head) => store.station.signHead(head),
  }
  const { request, head } = nextBatch(source, headAt(store, seq - 1), batchBounds, { sendAllSecrets: true })
  return { bytes: await encodeBatch(request), nextSeq: head.seq + 1 }
}

/** The head as it was at `seq`. */
function headAt(store: Store, seq: number): Head {
  if (seq === 0) return emptyHead
  const [entry] = store.ledger.readEntries({ from: seq, limit: 1 })
  if (entry?.seq !== seq) throw new Error(`the ledger has no entry ${seq}`)
  return { seq, hash: entry.hash }
}
