// Owns: a release as bytes for who has an earlier one, or none: what it lacks, each document against its own earlier version.
// Does not own: what may be believed of a manifest (manifest.ts) or a document (documents.ts), who keeps what.
// Start here: `writePack`; the way back is `openPack`, `readManifests`, `readDocuments`, in this order. docs/releases.md tells every byte.
import { createHash } from 'node:crypto'
import { type CatalogueManifest, catalogueLimits, type DocumentRef } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { documentInWords } from '../../../preload/contract/standards/documents.ts'
import { deflateWith, inflateWith } from '../packing/dictionaries.ts'
import type { CatalogueDocument } from './documents.ts'
import { readManifest, type SignedManifest, versionBefore } from './manifest.ts'

/** Media type of a pack. */
export const packMediaType = 'application/vnd.cunchuang.release'

/** A pack has at most so many bytes: nobody reads on beyond. */
export const packLimitBytes = 4_000_000

/** At most so many manifests: those that hand the key over, and the release itself. */
const mostManifests = 64

/** And at most so many bytes of them in all: they are read before anybody's signature can be judged. */
const manifestsLimitBytes = 4 * catalogueLimits.manifestBytes

const magic = Buffer.from('CUNCHUANG-RELEASE', 'latin1')
const keyPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const sizes = { base: 36, digest: 32 } as const
const windowBytes = 32 << 10

/** What a receiver has already: a release, whole. */
export type PackBase = {
  readonly manifest: CatalogueManifest
  readonly bytes: Buffer
  readonly sha256: string
}

/** Finds the bytes of a document; undefined where it is not there. */
export type DocumentSource = (ref: DocumentRef) => Buffer | undefined

/** What a pack is made of. */
export type PackContents = {
  /** Null: the receiver has nothing. */
  readonly base: PackBase | null
  /** Releases after the base that hand the publisher's key over, in their order. */
  readonly handovers: readonly SignedManifest[]
  readonly release: SignedManifest
  readonly documentOf: DocumentSource
}

/**
 * Makes the pack of a release: the same contents give the same bytes. Throws RELEASE_DOCUMENT_MISSING, and RELEASE_TOO_LARGE
 * for one that nobody would read.
 */
export async function writePack({ base, handovers, release, documentOf }: PackContents): Promise<Buffer> {
  const parts = [magic, uint32(base?.manifest.release ?? 0), Buffer.from(base?.sha256 ?? '0'.repeat(64), 'hex')]
  const manifests = [...handovers, release]
  parts.push(uint32(manifests.length))
  let before: Buffer = base?.bytes ?? Buffer.alloc(0)
  for (const signed of manifests) {
    const deflated = await deflateWith(windowOf(before), signed.bytes)
    parts.push(rawKey(signed.publisher), Buffer.from(signed.signature, 'base64'))
    parts.push(uint32(signed.bytes.length), uint32(deflated.length), deflated)
    before = signed.bytes
  }
  const neighbours = new Neighbours(base?.manifest ?? null, documentOf)
  for (const { ref, isLacking } of inOrder(release.manifest, base?.manifest ?? null)) {
    const bytes = documentOf(ref)
    if (bytes === undefined) throw missing(ref)
    if (isLacking) {
      const deflated = await deflateWith(neighbours.dictionaryFor(ref), bytes)
      parts.push(uint32(deflated.length), deflated)
    }
    neighbours.add(ref, bytes)
  }
  parts.push(sha256Of(parts))
  const pack = Buffer.concat(parts)
  if (pack.length > packLimitBytes) throw tooLarge('整个发布超过 4 MB')
  return pack
}

/** A pack whose bytes are all there, not believed yet. */
export type OpenPack = {
  /** The release that the receiver must have; null for none. */
  readonly base: { readonly release: number; readonly sha256: string } | null
  readonly manifests: readonly PackedManifest[]
  /** Deflated, in the manifest's order, those that the base lacks. */
  readonly documents: readonly Buffer[]
}

type PackedManifest = {
  readonly publisher: string
  readonly signature: string
  readonly sizeBytes: number
  readonly deflated: Buffer
}

/** Opens a pack: nothing is inflated. Throws RELEASE_TOO_LARGE, RELEASE_DAMAGED with its place. */
export function openPack(bytes: Buffer): OpenPack {
  if (bytes.length > packLimitBytes) throw tooLarge('整个发布超过 4 MB')
  const end = bytes.length - sizes.digest
  if (end < magic.length + sizes.base || !bytes.subarray(0, magic.length).equals(magic)) throw damaged('它不是发布文件')
  if (!sha256Of([bytes.subarray(0, end)]).equals(bytes.subarray(end))) throw damaged('不完整，或被改动过')
  const reader = new Reader(bytes.subarray(0, end), magic.length)
  const release = reader.uint32()
  const sha256 = reader.take(32).toString('hex')
  const count = reader.uint32()
  if (count < 1 || count > mostManifests) throw damaged('发布清单的个数不对')
  const manifests = Array.from({ length: count }, () => packedManifest(reader))
  if (manifests.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > manifestsLimitBytes)
    throw tooLarge('发布清单合计超过 4 MB')
  const documents: Buffer[] = []
  while (!reader.isAtEnd()) {
    if (documents.length >= catalogueLimits.documents) throw tooLarge('里面的文件太多')
    documents.push(reader.take(reader.uint32()))
  }
  return { base: release === 0 ? null : { release, sha256 }, manifests, documents }
}

function packedManifest(reader: Reader): PackedManifest {
  const publisher = Buffer.concat([keyPrefix, reader.take(32)]).toString('base64')
  const signature = reader.take(64).toString('base64')
  const sizeBytes = reader.uint32()
  if (sizeBytes > catalogueLimits.manifestBytes) throw tooLarge('发布清单超过 1 MB')
  return { publisher, signature, sizeBytes, deflated: reader.take(reader.uint32()) }
}

/**
 * The manifests of a pack in the order of their numbers, the release itself last; their signatures are still to be judged. `base`: the bytes of the base's
 * manifest. Throws RELEASE_DAMAGED, RELEASE_TIME, RELEASE_TOO_LARGE.
 */
export async function readManifests(pack: OpenPack, base: Buffer | undefined): Promise<SignedManifest[]> {
  let before: Buffer = base ?? Buffer.alloc(0)
  const found: SignedManifest[] = []
  for (const { publisher, signature, sizeBytes, deflated } of pack.manifests) {
    const bytes = await inflateTo(sizeBytes, windowOf(before), deflated, '发布清单')
    const read = readManifest(bytes)
    const last = found.at(-1)?.manifest.release ?? 0
    if (read.manifest.release <= last) throw damaged('发布清单没有按次序排')
    found.push({ ...read, publisher, signature })
    before = bytes
  }
  return found
}

/**
 * The documents that a receiver lacks, inflated to the sizes that the manifest names and no further; whether they are what it
 * names is for `readDocument` to say. Call it once the manifest's signature is judged. Throws RELEASE_DOCUMENT_MISSING,
 * RELEASE_DAMAGED.
 */
export async function readDocuments(
  pack: OpenPack,
  { manifest }: Pick<SignedManifest, 'manifest'>,
  base: { readonly manifest: CatalogueManifest | null; readonly documentOf: DocumentSource },
): Promise<CatalogueDocument[]> {
  const neighbours = new Neighbours(base.manifest, base.documentOf)
  const found: CatalogueDocument[] = []
  for (const { ref, isLacking } of inOrder(manifest, base.manifest)) {
    const bytes = isLacking ? await unpack(ref, pack.documents[found.length], neighbours) : base.documentOf(ref)
    if (bytes === undefined) throw missing(ref)
    if (isLacking) found.push({ ...ref, bytes })
    neighbours.add(ref, bytes)
  }
  if (found.length !== pack.documents.length) throw damaged('里面有清单上没有的文件')
  return found
}

async function unpack(ref: DocumentRef, deflated: Buffer | undefined, neighbours: Neighbours): Promise<Buffer> {
  if (deflated === undefined) throw missing(ref)
  return inflateTo(ref.sizeBytes, neighbours.dictionaryFor(ref), deflated, documentInWords(ref))
}

/**
 * A manifest's documents in order, with whether the base lacks them. Bytes that the base has under another name are lacking: what
 * they are named is judged wherever a document is new.
 */
function inOrder(manifest: CatalogueManifest, base: CatalogueManifest | null) {
  const there = new Set(base?.documents.map(nameOf))
  return manifest.documents.map((ref) => ({ ref, isLacking: !there.has(nameOf(ref)) }))
}

const nameOf = ({ kind, id, version, sha256, sizeBytes }: DocumentRef) =>
  `${kind} ${version} ${sha256} ${sizeBytes} ${id}`

/** What stands before a document when it is deflated: its own earlier version, else its nearest neighbours of the same kind. */
class Neighbours {
  readonly #base: CatalogueManifest | null
  readonly #documentOf: DocumentSource
  readonly #last = new Map<string, Buffer>()

  constructor(base: CatalogueManifest | null, documentOf: DocumentSource) {
    this.#base = base
    this.#documentOf = documentOf
  }

  dictionaryFor(ref: DocumentRef): Buffer {
    const earlier = this.#base && versionBefore(this.#base.documents, ref)
    if (!earlier) return this.#last.get(ref.kind) ?? Buffer.alloc(0)
    const bytes = this.#documentOf(earlier)
    if (bytes === undefined) throw missing(earlier)
    return windowOf(bytes)
  }

  add({ kind }: DocumentRef, bytes: Buffer): void {
    this.#last.set(kind, windowOf(Buffer.concat([this.#last.get(kind) ?? Buffer.alloc(0), bytes])))
  }
}

/** The stated size is believed as a bound alone: not a byte more is made. */
async function inflateTo(sizeBytes: number, dictionary: Buffer, deflated: Buffer, what: string): Promise<Buffer> {
  const bytes = await inflateWith(dictionary, deflated, Math.max(1, sizeBytes)).catch((cause: unknown) => {
    const isBomb = cause instanceof AppError && cause.details.reason === 'too-large'
    throw damaged(isBomb ? `${what}比它自己说的大` : `${what}读不出来`, cause)
  })
  if (bytes.length !== sizeBytes) throw damaged(`${what}比它自己说的小`)
  return bytes
}

class Reader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  uint32(): number {
    return this.take(4).readUInt32BE()
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw damaged('后面少了一截')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}

function windowOf(bytes: Buffer): Buffer {
  return bytes.length > windowBytes ? bytes.subarray(bytes.length - windowBytes) : bytes
}

function rawKey(publicKey: string): Buffer {
  return Buffer.from(publicKey, 'base64').subarray(keyPrefix.length)
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function sha256Of(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function missing(ref: DocumentRef): AppError {
  return new AppError('RELEASE_DOCUMENT_MISSING', { document: documentInWords(ref) })
}

function tooLarge(place: string): AppError {
  return new AppError('RELEASE_TOO_LARGE', { place })
}

function damaged(place: string, cause?: unknown): AppError {
  return new AppError('RELEASE_DAMAGED', { place }, { cause })
}
