import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { type CatalogueDocument, makeDocument } from '../../wire/catalogue/documents.ts'
import { compareRefs, placeOf } from '../../wire/catalogue/manifest.ts'
import { bodyOf, newestRelease, newestVersion, releasesOut, type StandardsGround } from './ground.ts'

/**
 * What an earlier release held, for going back to it: an old text under a new version, since a version says one thing for ever
 * and cases may be pinned to the later ones. What has the very same text still, or again, stays as it is. Throws NOT_FOUND for a
 * release that is not known here, RELEASE_DOCUMENT_MISSING.
 */
export function documentsOfEarlier(ground: StandardsGround, release: number): CatalogueDocument[] {
  const earlier = releasesOut(ground).find(({ manifest }) => manifest.release === release)
  if (earlier === undefined) throw new AppError('NOT_FOUND', { what: '那一次发布' })
  const now = new Map((newestRelease(ground)?.manifest.documents ?? []).map((ref) => [placeOf(ref), ref]))
  return earlier.manifest.documents.map((ref) => restored(ground, ref, now.get(placeOf(ref)))).toSorted(compareRefs)
}

function restored(ground: StandardsGround, ref: DocumentRef, now: DocumentRef | undefined): CatalogueDocument {
  if (ref.kind === 'calendar' || ref.sha256 === now?.sha256) return withBytes(ground, ref)
  const old = withBytes(ground, ref)
  const current = now && withBytes(ground, now)
  if (current !== undefined && textOf(current).equals(textOf(old))) return current
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
