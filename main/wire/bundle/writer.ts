import { createHash } from 'node:crypto'
import type { Signer } from '../signatures.ts'
import {
  type BundleHeader,
  bundleLimits,
  encodeEnd,
  encodeHead,
  encodeRecord,
  encodeSegmentHead,
  endToSign,
} from './format.ts'
import { sealForAge } from './keys.ts'

/** Where a bundle's bytes go, in order. */
export type BundleSink = (bytes: Buffer) => Promise<void>

/** What a writer stands on. */
export type BundleWriterOptions = {
  readonly header: BundleHeader
  /** The age recipient of who shall read it. */
  readonly recipient: string
  /** The key of who writes it. */
  readonly sign: Signer
  readonly sink: BundleSink
  /** Heads of the segments that are there already, in order, where an interrupted bundle goes on: then no head is written. */
  readonly kept?: readonly Buffer[]
}

/** A segment that was handed to the sink: its number and its head, by which it is known again. */
export type WrittenSegment = { readonly number: number; readonly head: Buffer }

/** Writes one bundle, one segment in memory at a time. */
export type BundleWriter = {
  /** Takes a record into the segment at hand. */
  add(kind: number, bytes: Uint8Array): void
  /** Whether the segment at hand is large enough to be closed. */
  isFull(): boolean
  /** Seals the segment at hand and hands it to the sink; undefined where it is empty. */
  flush(): Promise<WrittenSegment | undefined>
  /** Flushes, then writes the signed end: before it, nobody believes anything of the file. */
  finish(): Promise<void>
}

/** Begins a bundle, or goes on with one. Throws what the sink throws. */
export async function createBundleWriter(options: BundleWriterOptions): Promise<BundleWriter> {
  const { header, recipient, sign, sink, kept } = options
  const head = encodeHead(header)
  const chain = createHash('sha256')
  let count = 0
  let records: Buffer[] = []
  let pending = 0
  for (const segmentHead of kept ?? []) {
    chain.update(segmentHead)
    count += 1
  }
  if (kept === undefined) await sink(head)
  const flush = async (): Promise<WrittenSegment | undefined> => {
    if (pending === 0) return undefined
    const sealed = await sealForAge(recipient, Buffer.concat(records))
    records = []
    pending = 0
    const number = count + 1
    const segmentHead = encodeSegmentHead(number, sealed)
    await sink(Buffer.concat([segmentHead, sealed]))
    chain.update(segmentHead)
    count = number
    return { number, head: segmentHead }
  }
  return {
    add: (kind, bytes) => {
      if (bytes.length > bundleLimits.recordBytes) throw new Error(`a record of ${bytes.length} bytes fits no bundle`)
      const record = encodeRecord(kind, bytes)
      records.push(record)
      pending += record.length
    },
    isFull: () => pending >= bundleLimits.segmentBytes,
    flush,
    finish: async () => {
      await flush()
      const digest = chain.digest()
      await sink(encodeEnd(count, digest, sign(endToSign(head, count, digest))))
    },
  }
}
