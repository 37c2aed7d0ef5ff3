import type { CatalogueManifest, CatalogueStatus, DocumentChange } from '../../../preload/contract/catalogue.ts'
import { errorCodes } from '../../../preload/contract/errors.ts'
import { sentenceFor } from '../../../preload/contract/sentences.ts'
import { documentName } from '../../../preload/contract/standards/documents.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { sha256Hex } from '../../wire/canonical.ts'
import { documentFrom } from '../../wire/catalogue/documents.ts'
import { changedRefs } from '../../wire/catalogue/manifest.ts'
import { selectDownload } from './download-store.ts'
import {
  selectBefore,
  selectDocument,
  selectInForce,
  selectPin,
  selectRefused,
  selectRelease,
  selectReleasesAfter,
  selectTags,
  type ToldRelease,
} from './store.ts'

/** What is still to be fetched: what the centre told of and is not here, and whether the disk had no room for it. */
export type Fetched = { readonly wanted: readonly ToldRelease[]; readonly noRoom: boolean }

/** What the window shows of the catalogue. */
export function catalogueStatus(db: SqlDatabase, { wanted, noRoom }: Fetched): CatalogueStatus {
  const pin = selectPin(db)
  return {
    inForce: inForceView(db),
    waiting: [...waitingHere(db), ...wanted.map((told) => waitingThere(db, told))].toSorted(
      (one, other) => one.effectiveAtUtc.localeCompare(other.effectiveAtUtc) || one.release - other.release,
    ),
    noRoom: noRoom && wanted.length > 0,
    refused: selectRefused(db).map(({ release, sha256, reason, said, atUtc }) => {
      const code = errorCodes.find((known) => known === reason) ?? 'RELEASE_DAMAGED'
      return { release, sha256, code, title: said, remedy: sentenceFor(code, {}).remedy, atUtc }
    }),
    publisher: pin === undefined ? null : publisherInShort(pin.publicKey),
    tags: selectTags(db),
  }
}

/** A publisher's key by the beginning of its SHA-256, to read over the phone. */
export function publisherInShort(publicKey: string): string {
  return sha256Hex(Buffer.from(publicKey, 'base64')).slice(0, 16)
}

function inForceView(db: SqlDatabase): CatalogueStatus['inForce'] {
  const inForce = selectInForce(db)
  if (inForce === undefined) return null
  const { release, sha256, atUtc } = inForce
  const manifest = selectRelease(db, sha256)?.manifest
  const before = selectBefore(db)
  const earlier = before && selectRelease(db, before.sha256)?.manifest
  const changes = manifest && earlier ? changesBetween(db, earlier, manifest) : []
  return { release, sha256, sinceUtc: atUtc, note: manifest?.note ?? '', changes }
}

function waitingHere(db: SqlDatabase): CatalogueStatus['waiting'] {
  const pin = selectPin(db)
  const inForce = selectInForce(db)
  if (pin === undefined) return []
  const kept = selectReleasesAfter(db, pin.line, inForce?.line === pin.line ? inForce.release : 0)
  let earlier = inForce && selectRelease(db, inForce.sha256)?.manifest
  return kept.map(({ manifest, sha256 }) => {
    const changes = earlier === undefined ? [] : changesBetween(db, earlier, manifest)
    earlier = manifest
    const { release, effectiveAtUtc, note } = manifest
    return { release, sha256, effectiveAtUtc, state: 'here', fetchedBytes: 0, totalBytes: 0, note, changes }
  })
}

function waitingThere(db: SqlDatabase, told: ToldRelease): CatalogueStatus['waiting'][number] {
  const { release, sha256, effectiveAtUtc } = told
  const { fetchedBytes = 0, sizeBytes: totalBytes = 0 } = selectDownload(db, sha256) ?? {}
  return { release, sha256, effectiveAtUtc, state: 'told', fetchedBytes, totalBytes, note: '', changes: [] }
}

/** What a release changes against another, by document. */
function changesBetween(db: SqlDatabase, from: CatalogueManifest, to: CatalogueManifest): DocumentChange[] {
  return changedRefs(from.documents, to.documents).flatMap(({ before, after }) => {
    const shown = after ?? before
    if (shown === null) return []
    const { kind, id, sha256 } = shown
    const name = nameOf(db, sha256, id)
    return [{ kind, id, name, fromVersion: before?.version ?? null, toVersion: after?.version ?? null }]
  })
}

function nameOf(db: SqlDatabase, sha256: string, id: string): string {
  const row = selectDocument(db, sha256)
  return row === undefined ? id : documentName(documentFrom(row.body))
}
