import { type BundleHeader, bundleRecords } from '../../main/wire/bundle-format.ts'
import { ageRecipientOf } from '../../main/wire/bundle-keys.ts'
import type { ByteSource } from '../../main/wire/bundle-reader.ts'
import { createBundleWriter } from '../../main/wire/bundle-writer.ts'
import { type KeyPair, makeKeyPair, signerOf } from '../../main/wire/signatures.ts'

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
