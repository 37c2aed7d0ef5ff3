import type { Entry } from '../../main/wire/entry.ts'
import { decodeFrames, FrameEncoder } from '../../main/wire/packing/frame-codec.ts'
import { type BuiltPush, buildPush, derivePush, type PushBatch } from '../../main/wire/packing/push-codec.ts'
import { signerOf, signHead } from '../../main/wire/signatures.ts'
import type { TestStation } from './centre.ts'

/** A stretch of a station's ledger as a built batch, signed as it should be unless `signer` is another key. */
export function builtBatch(
  station: TestStation,
  from: number,
  to: number,
  signer: string = station.keys.privateKey,
): BuiltPush {
  const entries = station.entries.slice(from - 1, to)
  const sign = signerOf(signer)
  return buildPush({
    ...{ station: station.id, previous: station.headAt(from - 1), entries, secrets: station.secrets },
    sendSecretsOf: new Set(entries.map(({ subject }) => subject)),
    signHead: (head) => signHead(sign, station.id, head),
  })
}

/** A station's ledger from `from` on as the parts of one request: its first byte, then frames of so many entries. */
export async function framesOf(station: TestStation, from = 1, entriesPerFrame = 3): Promise<Buffer[]> {
  const encoder = new FrameEncoder()
  const parts = [encoder.start()]
  for (let first = from; first <= station.entries.length; first += entriesPerFrame)
    parts.push(await encoder.encode(builtBatch(station, first, first - 1 + entriesPerFrame)))
  return parts
}

/** Bytes as a slow link brings them. */
export async function* pieces(bytes: Buffer, size = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

/** What a receiver derives of a request, frame by frame, and the reason for which it stopped. */
export async function receiveFrames(
  station: TestStation,
  source: AsyncIterable<Uint8Array>,
): Promise<{ entries: Entry[]; batches: PushBatch[]; reason: unknown }> {
  const entries: Entry[] = []
  const batches: PushBatch[] = []
  try {
    for await (const batch of decodeFrames(source)) {
      entries.push(
        ...derivePush(station.id, batch, (subject) => batch.secrets[subject] ?? station.secrets.get(subject)),
      )
      batches.push(batch)
    }
  } catch (error) {
    return { entries, batches, reason: (error as { details?: { reason?: unknown } }).details?.reason ?? error }
  }
  return { entries, batches, reason: undefined }
}
