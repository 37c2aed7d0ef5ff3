// Owns: a release's manifest: its canonical bytes, what of it is sense, whose signature it carries, whom it is for.
// Does not own: its shape (preload/contract/catalogue.ts), documents (documents.ts), how it travels (pack.ts).
// Start here: `signManifest` and `readManifest`.

import {
  type CatalogueManifest,
  catalogueLimits,
  catalogueManifestSchema,
  type DocumentRef,
} from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import { canonicalBytes, sha256Hex } from '../canonical.ts'
import { isPublicKey, type Signer, signValue, verifyValue } from '../signatures.ts'

/** A manifest with the bytes that were signed. */
export type SignedManifest = {
  readonly manifest: CatalogueManifest
  /** Canonical JSON. */
  readonly bytes: Buffer
  /** Of `bytes`: the release's name. */
  readonly sha256: string
  /** The key that the signature claims: SPKI DER, base64. */
  readonly publisher: string
  /** Ed25519 over `bytes`, base64. */
  readonly signature: string
}

/** Stands in the place of key and signature until a release is signed. */
export const unsigned = {
  publisher: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.alloc(32)]).toString('base64'),
  signature: Buffer.alloc(64).toString('base64'),
} as const

/** A release may take effect so long after it was made. */
const longestWaitDays = 400

/** Signs a manifest. Throws RELEASE_TIME and RELEASE_DAMAGED as `readManifest` for one that nobody would take. */
export function signManifest(
  manifest: CatalogueManifest,
  by: { readonly publicKey: string; readonly sign: Signer },
): SignedManifest {
  const bytes = canonicalBytes(manifest)
  return { ...readManifest(bytes), publisher: by.publicKey, signature: signValue(by.sign, manifest) }
}

/** A manifest in the form of a signed one, which nobody takes. Throws as `readManifest`. */
export function unsignedManifest(manifest: CatalogueManifest): SignedManifest {
  return { ...readManifest(canonicalBytes(manifest)), ...unsigned }
}

/**
 * Reads a manifest from its bytes: one form alone, of the right shape, and sense in itself. Throws RELEASE_TOO_LARGE,
 * RELEASE_DAMAGED and RELEASE_TIME, each with its place or reason.
 */
export function readManifest(bytes: Buffer): Pick<SignedManifest, 'manifest' | 'bytes' | 'sha256'> {
  if (bytes.length > catalogueLimits.manifestBytes)
    throw new AppError('RELEASE_TOO_LARGE', { place: '发布清单超过 1 MB' })
  const manifest = parse(bytes)
  if (!canonicalBytes(manifest).equals(bytes)) throw damaged('发布清单不是规定的写法')
  const fault = faultIn(manifest)
  if (fault !== undefined) throw damaged(`发布清单${fault}`)
  assertTimes(manifest)
  return { manifest, bytes, sha256: sha256Hex(bytes) }
}

const keptManifests = new Map<string, CatalogueManifest>()

/** A manifest that was read before and lies in a store under its hash. Each is parsed once: what a hash names never changes. */
export function keptManifest(sha256: string, text: string): CatalogueManifest {
  const known = keptManifests.get(sha256)
  if (known !== undefined) return known
  const manifest = catalogueManifestSchema.parse(JSON.parse(text))
  keptManifests.set(sha256, manifest)
  return manifest
}

function parse(bytes: Buffer): CatalogueManifest {
  try {
    return catalogueManifestSchema.parse(JSON.parse(bytes.toString('utf8')))
  } catch (cause) {
    const path = cause instanceof Error && 'issues' in cause ? placeOfIssue(cause) : ''
    throw damaged(path === '' ? '发布清单不是规定的写法' : `发布清单的 ${path} 写得不对`, cause)
  }
}

/** Where the first fault of a schema stands, as `documents.3.sha256`; '' where it says none. */
export function placeOfIssue(error: object): string {
  const issues = 'issues' in error && Array.isArray(error.issues) ? error.issues : []
  const path: unknown = issues[0]?.path
  return Array.isArray(path) ? path.map(String).join('.') : ''
}

function faultIn({ release, previous, documents, targets, nextPublisherKey }: CatalogueManifest): string | undefined {
  if (previous === null ? release !== 1 : previous.release >= release) return '的发布号不接着上一次'
  if (documents.some((ref, at) => at > 0 && compareRefs(documents[at - 1] ?? ref, ref) >= 0))
    return '的文件没有按次序排，或有重复'
  const once = documents.filter(({ kind }) => kind !== 'calendar').map(({ kind, id }) => `${kind} ${id}`)
  if (new Set(once).size !== once.length) return '里同一个文件有两个版本'
  if (documents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > catalogueLimits.catalogueBytes)
    return '里的文件总共超过 32 MB'
  if (targets !== 'all' && targets.some((target, at) => at > 0 && (targets[at - 1] ?? '') >= target))
    return '的对象没有按次序排，或有重复'
  if (nextPublisherKey === undefined) return undefined
  if (targets !== 'all') return '要换密钥，就必须发给所有窗口'
  if (!isPublicKey(nextPublisherKey)) return '要换成的不是发布密钥'
  return undefined
}

function assertTimes({ madeAtUtc, effectiveAtUtc }: CatalogueManifest): void {
  const days = (Date.parse(effectiveAtUtc) - Date.parse(madeAtUtc)) / 86_400_000
  const wrong = (why: string) => new AppError('RELEASE_TIME', { why, at: effectiveAtUtc })
  if (days < 0) throw wrong('它写的生效时间比制作时间还早')
  if (days > longestWaitDays) throw wrong(`它要过 ${longestWaitDays} 天以上才生效`)
}

/** Whether a release was signed at all. */
export function isSigned({ publisher, signature }: SignedManifest): boolean {
  return publisher !== unsigned.publisher && signature !== unsigned.signature
}

/**
 * Whether a release is the expected publisher's. Throws RELEASE_UNSIGNED, RELEASE_FOREIGN_PUBLISHER where somebody else has
 * signed it, RELEASE_SIGNATURE where the signature is nobody's.
 */
export function assertSignedBy(signed: SignedManifest, publicKey: string): void {
  if (!isSigned(signed)) throw new AppError('RELEASE_UNSIGNED')
  if (!verifyValue(signed.publisher, signed.manifest, signed.signature)) throw new AppError('RELEASE_SIGNATURE')
  if (signed.publisher !== publicKey) throw new AppError('RELEASE_FOREIGN_PUBLISHER')
}

/**
 * The key that counts after these releases, in their order: each that names a next key, and is signed by the key that counts
 * before it, hands over. Others are passed over: they prove nothing.
 */
export function keyAfter(publicKey: string, releases: readonly SignedManifest[]): string {
  let key = publicKey
  for (const { manifest, publisher, signature } of releases) {
    const next = manifest.nextPublisherKey
    if (next !== undefined && publisher === key && verifyValue(key, manifest, signature)) key = next
  }
  return key
}

/** Whether a release is for a station: by its id, village, town, or a tag that the centre gave it. */
export function isFor(
  targets: CatalogueManifest['targets'],
  { stationId, tags }: { readonly stationId: string; readonly tags: readonly string[] },
): boolean {
  if (targets === 'all') return true
  const names = [stationId, stationId.slice(0, 12), stationId.slice(0, 9), ...tags]
  return targets.some((target) => names.includes(target))
}

/** The order in which a manifest lists documents. */
export function compareRefs(one: DocumentRef, other: DocumentRef): number {
  return compare(one.kind, other.kind) || compare(one.id, other.id) || one.version - other.version
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** A document that one catalogue has otherwise than another; null where it has none. */
export type ChangedRef = { readonly before: DocumentRef | null; readonly after: DocumentRef | null }

/** What differs between two catalogues, document by document: what changed or came in the order of the later one, then what went. */
export function changedRefs(from: readonly DocumentRef[], to: readonly DocumentRef[]): ChangedRef[] {
  const before = new Map(from.map((ref) => [placeOf(ref), ref]))
  const after = new Map(to.map((ref) => [placeOf(ref), ref]))
  const changed = [...after].filter(([key, { sha256 }]) => before.get(key)?.sha256 !== sha256)
  const gone = [...before].filter(([key]) => !after.has(key))
  return [
    ...changed.map(([key, ref]) => ({ before: before.get(key) ?? null, after: ref })),
    ...gone.map(([, ref]) => ({ before: ref, after: null })),
  ]
}

/** What stands for one document whatever its version: a calendar's year is its version. */
export function placeOf({ kind, id, version }: Pick<DocumentRef, 'kind' | 'id' | 'version'>): string {
  return kind === 'calendar' ? `${kind} ${id} ${version}` : `${kind} ${id}`
}

/** What a manifest replaces a document by: the newest of the same kind and id that is no newer; undefined for a new one. */
export function versionBefore(
  documents: readonly DocumentRef[],
  wanted: { readonly kind: DocumentKind; readonly id: string; readonly version: number },
): DocumentRef | undefined {
  const same = documents.filter(({ kind, id }) => kind === wanted.kind && id === wanted.id)
  return same.findLast(({ version }) => version <= wanted.version) ?? same[0]
}

function damaged(place: string, cause?: unknown): AppError {
  return new AppError('RELEASE_DAMAGED', { place }, { cause })
}
