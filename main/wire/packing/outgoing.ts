// Owns: a request of frames in the making: as many batches as fit, encoded as they leave.
// Does not own: where batches come from (next-batch.ts, central/relay), how large a request may be (../tail-sender.ts).
// Start here: `outgoingAfter`.
import type { Head } from '../entry.ts'
import { FrameEncoder } from './frame-codec.ts'
import { type BatchBounds, plainBytes } from './next-batch.ts'
import type { BuiltPush } from './push-codec.ts'

/** The batch after a head, of at most so much and at least what one signature covers; undefined where nothing is left to send. */
export type NextBatch = (
  previous: Head,
  bounds: BatchBounds,
  options: { readonly sendAllSecrets: boolean },
) => BuiltPush | undefined | Promise<BuiltPush | undefined>

/** How much goes at once. */
export type Portion = {
  /** A frame has about so many bytes on the link: what a cut may cost. */
  readonly frameBytes: number
  /** After so many bytes a request ends and waits for its answer. */
  readonly requestBytes: number
  /** Also secrets that the receiver should know: it said that it does not. */
  readonly sendAllSecrets: boolean
}

/** A request in the making: a ledger's tail in frames, read as they leave. */
export type Outgoing = {
  /** Begins anew each time: a request may have to be said again. */
  readonly frames: () => AsyncIterable<Uint8Array>
  /** The head after the last frame that was given out. */
  readonly head: () => Head
  /** Bytes given out. */
  readonly sentBytes: () => number
}

/** Few payloads are shorter than this: so many entries are read for a frame at most, and no more than a batch may have. */
const shortestPayloadBytes = 200
const batchEntries = 500

/** The tail after `previous` in frames, also what is appended meanwhile, up to the portion's end. */
export function outgoingAfter(next: NextBatch, previous: Head, portion: Portion): Outgoing {
  let farthest = previous
  let sentBytes = 0
  async function* frames(): AsyncGenerator<Uint8Array> {
    const encoder = new FrameEncoder()
    yield encoder.start()
    let head = previous
    let bytes = 0
    // What deflate will make of it is known only afterwards: at first a third, then as it went.
    let encodedPerPlain = 1 / 3
    while (bytes < portion.requestBytes) {
      const built = await next(head, boundsOf(portion.frameBytes / encodedPerPlain), portion)
      if (built === undefined) return
      const frame = await encoder.encode(built)
      encodedPerPlain = Math.min(1, Math.max(0.02, frame.byteLength / plainBytesOf(built)))
      head = built.head
      bytes += frame.byteLength
      sentBytes = bytes
      if (head.seq > farthest.seq) farthest = head
      yield frame
    }
  }
  return { frames, head: () => farthest, sentBytes: () => sentBytes }
}

/** The bounds of a batch of about so many plain bytes. */
export function boundsOf(budgetBytes: number): BatchBounds {
  const entries = Math.min(batchEntries, Math.ceil(budgetBytes / shortestPayloadBytes) + 1)
  return { plainBytes: budgetBytes, entries }
}

function plainBytesOf({ request }: BuiltPush): number {
  return request.entries.reduce((sum, [, , , , , payload]) => sum + plainBytes(payload), 0)
}
