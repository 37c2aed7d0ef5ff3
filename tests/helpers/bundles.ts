import { randomUUID } from 'node:crypto'
import { type BundleHeader, bundleRecords } from '../../main/wire/bundle/format.ts'
import { ageRecipientOf } from '../../main/wire/bundle/keys.ts'
import type { ByteSource } from '../../main/wire/bundle/reader.ts'
import { createBundleWriter } from '../../main/wire/bundle/writer.ts'
import { canonicalBytes } from '../../main/wire/canonical.ts'
import { encodeBatch } from '../../main/wire/packing/push-codec.ts'
import { type KeyPair, makeKeyPair, signerOf } from '../../main/wire/signatures.ts'
import type { TestStation } from './centre.ts'
import type { SampleFile } from './file-stations.ts'

/** Bytes in memory as a bundle's source. */
export function memorySource(bytes: Buffer): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: async (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
  }
}

/** The head of a bundle of nobody real. */
export const sampleHeader: BundleHeader = {
  format: 1,
  kind: 'out',
  bundleId: '0195a8a0-0000-7000-8000-000000000001',
  answers: null,
  stationId: '440282104208-1',
  centreId: 'centre-of-the-tests',
  madeAtUtc: '2026-03-02T01:02:03.004Z',
}

/** A bundle in memory with one segment a text, and the keys of both ends. */
export async function sampleBundle(
  texts: readonly string[],
  { header = sampleHeader, station = makeKeyPair(), centre = makeKeyPair() } = {},
): Promise<{ bytes: Buffer; station: KeyPair; centre: KeyPair }> {
  const parts: Buffer[] = []
  const writer = await createBundleWriter({
    header,
    recipient: ageRecipientOf(centre.publicKey),
    sign: signerOf(station.privateKey),
    sink: async (bytes) => void parts.push(Buffer.from(bytes)),
  })
  for (const text of texts) {
    writer.add(bundleRecords.batch, Buffer.from(text))
    await writer.flush()
  }
  await writer.finish()
  return { bytes: Buffer.concat(parts), station, centre }
}

/** A bundle of a station in memory: its entries in batches of so many, and files. */
export async function bundleOf(
  station: TestStation,
  centre: { readonly centreId: string; readonly publicKey: string },
  {
    from = 1,
    batch = 5,
    files = [],
    feedCursor = 0,
  }: { from?: number; batch?: number; files?: readonly SampleFile[]; feedCursor?: number } = {},
): Promise<Buffer> {
  const parts: Buffer[] = []
  const writer = await createBundleWriter({
    header: { ...sampleHeader, bundleId: randomUUID(), stationId: station.id, centreId: centre.centreId },
    recipient: ageRecipientOf(centre.publicKey),
    sign: signerOf(station.keys.privateKey),
    sink: async (bytes) => void parts.push(Buffer.from(bytes)),
  })
  writer.add(bundleRecords.opening, canonicalBytes({ feedCursor }))
  for (let seq = from; seq <= station.entries.length; seq += batch) {
    const request = station.batch(seq, Math.min(seq + batch - 1, station.entries.length))
    writer.add(bundleRecords.batch, await encodeBatch(request))
    await writer.flush()
  }
  for (const { file, bytes } of files) {
    const { sha256, sizeBytes } = file
    writer.add(bundleRecords.file, canonicalBytes({ sha256, sizeBytes, class: 'original', copyOf: null }))
    for (let at = 0; at < bytes.length; at += 100_000) {
      writer.add(bundleRecords.piece, bytes.subarray(at, at + 100_000))
      if (writer.isFull()) await writer.flush()
    }
  }
  await writer.finish()
  return Buffer.concat(parts)
}
