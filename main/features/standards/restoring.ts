import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { type CatalogueDocument, makeDocument } from '../../wire/catalogue/documents.ts'
import { compareRefs, placeOf } from '../../wire/catalogue/manifest.ts'
import { bodyOf, newestRelease, newestVersion, outGround, releasesOut, type StandardsGround } from './ground.ts'
import { inForceForAll } from './out-changes.ts'

/**
 * What an earlier release held, for going back to it: an old text under a new version, since a version says one thing for ever
 * and cases may be pinned to the later ones. What has the very same text still, or again, stays as it is; so does what
 * everybody has, whatever a ring tries. Throws NOT_FOUND for a
 * release that is not known here, RELEASE_DOCUMENT_MISSING.
 */
export function documentsOfEarlier(ground: StandardsGround, release: number): CatalogueDocument[] {
  const earlier = releasesOut(ground).find(({ manifest }) => manifest.release === release)
  if (earlier === undefined) throw new AppError('NOT_FOUND', { what: '那一次发布' })
  const [everybody, newest] = [inForceForAll(outGround(ground)), newestRelease(ground)].map(
    (signed) => new Map((signed?.manifest.documents ?? []).map((ref) => [placeOf(ref), ref])),
  )
  const nowOf = (ref: DocumentRef) => [everybody, newest].flatMap((refs) => refs?.get(placeOf(ref)) ?? [])
  return earlier.manifest.documents.map((ref) => restored(ground, ref, nowOf(ref))).toSorted(compareRefs)
}

function restored(ground: StandardsGround, ref: DocumentRef, now: readonly DocumentRef[]): CatalogueDocument {
  const old = withBytes(ground, ref)
  if (ref.kind === 'calendar' || now.some(({ sha256 }) => sha256 === ref.sha256)) return old
  const same = now.map((one) => withBytes(ground, one)).find((one) => textOf(one).equals(textOf(old)))
  if (same !== undefined) return same
  const value = { ...JSON.parse(old.bytes.toString('utf8')), version: newestVersion(ground, ref.kind, ref.id) + 1 }
  if ('effectiveFrom' in value) value.effectiveFrom = ground.context.today()
  return makeDocument(ref.kind, value, ref.id)
}

/** A document without what tells its versions apart. */
function textOf({ bytes }: CatalogueDocument): Buffer {
  const { version: _version, effectiveFrom: _effectiveFrom, ...text } = JSON.parse(bytes.toString('utf8'))
  return canonicalBytes(text)
}

/** A document of a known release with its bytes. Throws RELEASE_DOCUMENT_MISSING. */
export function withBytes(
  ground: StandardsGround,
  { kind, id, version, sha256, sizeBytes }: DocumentRef,
): CatalogueDocument {
  const bytes = bodyOf(ground, sha256)
  if (bytes === undefined) throw new AppError('RELEASE_DOCUMENT_MISSING', { document: id })
  return { kind, id, version, sha256, sizeBytes, bytes }
}
