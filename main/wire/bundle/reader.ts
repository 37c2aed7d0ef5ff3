// Owns: how much of a bundle is believed: first the whole outside, then one segment after the other.
// Does not own: what its records mean (central/bundles, main/features/bundles).
// Start here: `checkBundle`, then `readRecords`.
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../../preload/contract/errors.ts'
import {
  type BundleHeader,
  bundleHeaderSchema,
  bundleLimits,
  bundleMagic,
  encodeHead,
  endToSign,
  fixedSizes,
  sha256,
  verifyEnd,
} from './format.ts'
import { openWithAge } from './keys.ts'

/** Bytes that can be read anywhere: a file, or what was uploaded. */
export type ByteSource = {
  readonly sizeBytes: number
  /** Exactly these bytes. Throws where they cannot be read. */
  read(offset: number, length: number): Promise<Buffer>
}

/** Where a segment's sealed bytes lie, and its head. */
export type SegmentPlace = { readonly offset: number; readonly length: number; readonly head: Buffer }

/** A bundle's head as it stands in the file. */
export type BundleHead = { readonly header: BundleHeader; readonly bytes: Buffer }

/** A bundle whose outside is whole. */
export type CheckedBundle = BundleHead & { readonly segments: readonly SegmentPlace[] }

/** A record of a segment. */
export type BundleRecord = { readonly kind: number; readonly bytes: Buffer }

/** BUNDLE_DAMAGED with where it was seen, for the log. */
function damaged(reason: string, cause?: unknown): AppError {
  return new AppError('BUNDLE_DAMAGED', { reason }, { cause })
}

/**
 * Opens a file for reading that somebody else has put there. Throws BUNDLE_DAMAGED for what is no file: a pipe or a device
 * under a bundle's name would be read for ever. Throws as the system does where it cannot be opened.
 */
export async function openBundleFile(path: string): Promise<FileHandle> {
  // Opening a pipe would wait for who writes to it. Windows knows no such flag, and no such pipes.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw damaged('no-file')
}

/** An open file as a source. Reading fails as STICK_GONE: the file was there a moment ago. */
export async function fileSource(handle: FileHandle): Promise<ByteSource> {
  const { size: sizeBytes } = await handle.stat()
  return {
    sizeBytes,
    read: async (offset, length) => {
      const bytes = Buffer.alloc(length)
      let at = 0
      while (at < length) {
        const { bytesRead } = await handle.read(bytes, at, length - at, offset + at).catch((cause: unknown) => {
          throw new AppError('STICK_GONE', {}, { cause })
        })
        if (bytesRead === 0) throw damaged('short')
        at += bytesRead
      }
      return bytes
    },
  }
}

/** Reads a bundle's head, which says whose it is and is not proved by anything yet. Throws BUNDLE_DAMAGED. */
export async function readHead(source: ByteSource): Promise<BundleHead> {
  const start = await readAt(source, 0, fixedSizes.headBefore)
  if (!start.subarray(0, bundleMagic.length).equals(bundleMagic)) throw damaged('magic')
  const length = start.readUInt32BE(bundleMagic.length)
  if (length > bundleLimits.headerBytes) throw damaged('header')
  const json = await readAt(source, start.length, length)
  const header = parseHeader(json)
  const bytes = Buffer.concat([start, json])
  // One form alone: what is shown is what is signed.
  if (!encodeHead(header).equals(bytes)) throw damaged('header')
  return { header, bytes }
}

function parseHeader(json: Buffer): BundleHeader {
  try {
    return bundleHeaderSchema.parse(JSON.parse(json.toString('utf8')))
  } catch (cause) {
    throw damaged('header', cause)
  }
}

async function readAt(source: ByteSource, offset: number, length: number): Promise<Buffer> {
  if (offset + length > source.sizeBytes) throw damaged('cut')
  return source.read(offset, length)
}

/**
 * The segments after a head, in order, each compared with its own SHA-256, up to the first that is not whole or to the end.
 * An interrupted bundle is gone on with after the last of them.
 */
export async function* wholeSegments(
  source: ByteSource,
  head: BundleHead,
  onBytes: (bytes: Buffer) => void = () => undefined,
): AsyncGenerator<SegmentPlace> {
  let offset = head.bytes.length
  for (let number = 1; number <= bundleLimits.segments; number++) {
    if (offset + fixedSizes.segmentHead > source.sizeBytes) return
    const segmentHead = await source.read(offset, fixedSizes.segmentHead)
    const length = segmentHead.readUInt32BE(5)
    if (segmentHead[0] !== 0x53 || segmentHead.readUInt32BE(1) !== number) return
    const at = offset + segmentHead.length
    if (length > bundleLimits.sealedBytes || at + length > source.sizeBytes) return
    const sealed = await source.read(at, length)
    if (!sha256(sealed).equals(segmentHead.subarray(9))) return
    onBytes(segmentHead)
    onBytes(sealed)
    yield { offset: at, length, head: segmentHead }
    offset = at + length
  }
}

/** How a bundle is checked. */
export type CheckOptions = {
  /** The public key of who must have signed it; without one (a courier) only the form is checked. Given the header, throws where nobody is known. */
  readonly signer?: (header: BundleHeader) => string | Promise<string>
  /** Told of every byte in order: for a digest, or for progress. */
  readonly onBytes?: (bytes: Buffer) => void
}

/**
 * Checks the whole outside of a bundle without opening anything: every segment there, in order, unchanged, and the end signed.
 * Holds one segment in memory. Throws BUNDLE_DAMAGED, or what `signer` throws.
 */
export async function checkBundle(source: ByteSource, options: CheckOptions = {}): Promise<CheckedBundle> {
  const { signer, onBytes } = options
  if (source.sizeBytes > bundleLimits.fileBytes + bundleLimits.sealedBytes) throw damaged('too-large')
  const head = await readHead(source)
  const publicKey = await signer?.(head.header)
  onBytes?.(head.bytes)
  const chain = createHash('sha256')
  const segments: SegmentPlace[] = []
  for await (const segment of wholeSegments(source, head, onBytes)) {
    chain.update(segment.head)
    segments.push(segment)
  }
  const last = segments.at(-1)
  const endAt = last === undefined ? head.bytes.length : last.offset + last.length
  const end = await readAt(source, endAt, fixedSizes.end)
  if (endAt + end.length !== source.sizeBytes) throw damaged('more')
  const digest = chain.digest()
  if (end[0] !== 0x45 || end.readUInt32BE(1) !== segments.length || !end.subarray(5, 37).equals(digest))
    throw damaged('end')
  const toSign = endToSign(head.bytes, segments.length, digest)
  if (publicKey !== undefined && !verifyEnd(publicKey, toSign, end.subarray(37))) throw damaged('signature')
  onBytes?.(end)
  return { ...head, segments }
}

/**
 * Looks at head and end alone, for a list: whether the file could be whole. With a public key, whether its owner signed this
 * end; what lies between is only seen by `checkBundle`. Throws BUNDLE_DAMAGED.
 */
export async function glanceAt(source: ByteSource, publicKey?: string): Promise<BundleHeader> {
  const head = await readHead(source)
  if (source.sizeBytes < head.bytes.length + fixedSizes.end) throw damaged('cut')
  const end = await source.read(source.sizeBytes - fixedSizes.end, fixedSizes.end)
  if (end[0] !== 0x45) throw damaged('end')
  const toSign = endToSign(head.bytes, end.readUInt32BE(1), end.subarray(5, 37))
  if (publicKey !== undefined && !verifyEnd(publicKey, toSign, end.subarray(37))) throw damaged('signature')
  return head.header
}

/**
 * Opens a checked bundle, one segment at a time, and gives its records in order. Every segment is compared again with what was
 * checked: a file that changes meanwhile ends in BUNDLE_DAMAGED, as does one for another key.
 */
export async function* readRecords(
  source: ByteSource,
  bundle: CheckedBundle,
  identity: string,
): AsyncGenerator<BundleRecord> {
  for (const { offset, length, head } of bundle.segments) {
    const sealed = await source.read(offset, length)
    if (!sha256(sealed).equals(head.subarray(9))) throw damaged('changed')
    const plain = await openWithAge(identity, sealed).catch((cause: unknown) => {
      throw damaged('sealed', cause)
    })
    yield* recordsOf(plain)
  }
}

function* recordsOf(plain: Buffer): Generator<BundleRecord> {
  let at = 0
  while (at < plain.length) {
    if (at + 5 > plain.length) throw damaged('record')
    const length = plain.readUInt32BE(at + 1)
    if (length > bundleLimits.recordBytes || at + 5 + length > plain.length) throw damaged('record')
    yield { kind: plain[at] ?? 0, bytes: plain.subarray(at + 5, at + 5 + length) }
    at += 5 + length
  }
}
