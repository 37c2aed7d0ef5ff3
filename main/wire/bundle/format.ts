// Owns: a bundle's bytes: its head, its numbered segments, its signed end, the records within, its file's name.
// Does not own: encryption (keys.ts), writing (writer.ts), reading (reader.ts). docs/bundle.md tells it all.
// Start here: `bundleHeaderSchema`; the order of bytes stands at `encodeHead`, `encodeSegmentHead` and `encodeEnd`.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { z } from 'zod'
import { stationIdSchema, utcSchema } from '../../../preload/contract/wire.ts'
import { canonicalBytes } from '../canonical.ts'

/** What anybody can read of a bundle: whose it is, for whom, when. Nothing of a person. */
export const bundleHeaderSchema = z.strictObject({
  format: z.literal(1),
  /** `out`: a station's for the centre; `return`: the centre's answer. */
  kind: z.enum(['out', 'return']),
  bundleId: z.uuid(),
  /** In an answer: the bundle that it answers. */
  answers: z.uuid().nullable(),
  stationId: stationIdSchema,
  centreId: z.string().min(1).max(64),
  madeAtUtc: utcSchema,
})

export type BundleHeader = z.infer<typeof bundleHeaderSchema>

/** Bounds of a bundle. A file system of a stick (FAT32) ends at 4 GiB a file; a reader holds one segment at a time. */
export const bundleLimits = {
  fileBytes: 2_000_000_000,
  headerBytes: 2048,
  segments: 1 << 16,
  /** A segment is closed when it has so many plain bytes. */
  segmentBytes: 512 << 10,
  /** No sealed segment is larger: one record may pass the line above. */
  sealedBytes: 6 << 20,
  recordBytes: 5 << 20,
  pieceBytes: 256 << 10,
} as const

/** The kinds of records in segments. A reader skips kinds that it does not know. */
export const bundleRecords = {
  /** JSON: {feedCursor}: up to where the station has applied the centre's feed. */
  opening: 1,
  /** A batch of entries as the link carries it (../packing/push-codec.ts). */
  batch: 2,
  /** JSON: {sha256, sizeBytes, class, copyOf}: its pieces follow, nothing between them. */
  file: 3,
  /** The next bytes of the file begun last. */
  piece: 4,
  /** The file begun last could not be read to its end: its pieces count for nothing. */
  broken: 5,
  /** JSON in an answer: the centre's signed acknowledgement (pushReplySchema). */
  acknowledgement: 17,
  /** JSON in an answer: a signed page of the feed (feedPageSchema). */
  page: 18,
  /** JSON in an answer: the signed confirmation of one file (fileReceiptSchema). */
  receipt: 19,
} as const

/** The first bytes of every bundle. */
export const bundleMagic = Buffer.from('CUNCHUANG-BUNDLE', 'latin1')

/** Sizes of what does not vary. */
export const fixedSizes = { headBefore: bundleMagic.length + 4, segmentHead: 41, end: 101 } as const

/** Magic, length of the header (32 bits, big-endian as all numbers here), the header's canonical JSON. */
export function encodeHead(header: BundleHeader): Buffer {
  const json = canonicalBytes(header)
  return Buffer.concat([bundleMagic, uint32(json.length), json])
}

/** `S`, number from 1 (32 bits), length of the sealed bytes (32 bits), their SHA-256; the sealed bytes follow. */
export function encodeSegmentHead(number: number, sealed: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('S'), uint32(number), uint32(sealed.length), sha256(sealed)])
}

/** `E`, number of segments (32 bits), SHA-256 over all segment heads in order, the Ed25519 signature of `endToSign`. */
export function encodeEnd(count: number, chain: Buffer, signature: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('E'), uint32(count), chain, signature])
}

/** What the writer's key signs: purpose, SHA-256 of the head, number of segments, SHA-256 over all segment heads. So no segment can be cut off, changed, swapped, or taken from another bundle. */
export function endToSign(head: Uint8Array, count: number, chain: Buffer): Buffer {
  return Buffer.concat([Buffer.from('cunchuang bundle 1\0', 'latin1'), sha256(head), uint32(count), chain])
}

/** Whether a bundle's end was signed by the owner of a public key (SPKI DER, base64). Never throws. */
export function verifyEnd(publicKey: string, toSign: Buffer, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return verify(null, toSign, key, signature)
  } catch {
    return false
  }
}

/** A record as it stands in a segment: kind (8 bits), length (32 bits), bytes. */
export function encodeRecord(kind: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([kind]), uint32(bytes.length), bytes])
}

/** SHA-256 as 32 bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** The folder of bundles on a stick. */
export const bundleFolder = '村窗'

/** What an unfinished bundle's name ends in. */
export const unfinishedEnding = '.part'

const namePattern = /^[0-9]{12}-[1-9][0-9]{0,3}-[0-9]{8}-[1-9][0-9]{0,3}(-回执)?\.cunchuang$/

/** `440282104208-1-20260302-1.cunchuang`: station, day, number of the day. Fits FAT32 and exFAT. */
export function bundleFileName(stationId: string, day: string, number: number): string {
  return `${stationId}-${day.replaceAll('-', '')}-${number}.cunchuang`
}

/** The name of the answer to a bundle: beside it, so that both lie together in a list. */
export function answerFileName(bundleFile: string): string {
  return bundleFile.replace(/(-回执)?\.cunchuang$/, '-回执.cunchuang')
}

/** Whether a name is one that bundles or their answers have. */
export function isBundleFileName(name: string): boolean {
  return namePattern.test(name)
}
