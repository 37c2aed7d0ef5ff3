// Owns: the versions of a document that are known here: which releases brought them, what is different between any two.
// Does not own: releases (publishing.ts), working copies (copies.ts).
// Start here: `versionsOf`.
import { AppError } from '../../../preload/contract/errors.ts'
import { identityOf, readDocument, type StandardDocument } from '../../../preload/contract/standards/documents.ts'
import type { Change } from '../../../preload/contract/standards/findings.ts'
import type { KnownVersion } from '../../../preload/contract/standards/writing.ts'
import { documentFrom } from '../../wire/catalogue/documents.ts'
import { differencesBetween } from './differences.ts'
import { bodyOf, releasesOut, type StandardsGround } from './ground.ts'
import { publisherName } from './publisher.ts'
import { type CopyRow, selectCopy } from './store.ts'

function rowOf({ context }: StandardsGround, copyId: string): CopyRow {
  const row = selectCopy(context.store.db, copyId)
  if (row === undefined) throw new AppError('NOT_FOUND', { what: '正在改的这一份' })
  return row
}

/**
 * The versions of a working copy's document, the newest first, each with the release that brought it: what was gone back
 * to stands there again. None for a document that never went out. Throws NOT_FOUND for a copy that is gone.
 */
export function versionsOf(ground: StandardsGround, copyId: string): KnownVersion[] {
  const row = rowOf(ground, copyId)
  const { kind, documentId: id } = row
  if (id === '') return []
  // Every year's calendar has the same id: its year is its version.
  const year = kind === 'calendar' ? yearOf(ground, row) : undefined
  const versions: KnownVersion[] = []
  for (const signed of releasesOut(ground).toReversed()) {
    const { release, note, madeAtUtc, effectiveAtUtc, approvedBy, documents } = signed.manifest
    const ref = documents.find(
      (one) => one.kind === kind && one.id === id && (year === undefined || one.version === year),
    )
    if (ref === undefined || ref.sha256 === versions.at(-1)?.sha256) continue
    const publisher = publisherName(ground, signed.publisher)
    versions.push({
      ...{ sha256: ref.sha256, version: ref.version, release, note, madeAtUtc, effectiveAtUtc, approvedBy, publisher },
    })
  }
  return versions.toReversed()
}

function yearOf(ground: StandardsGround, { baseSha256 }: CopyRow): number | undefined {
  const text = bodyOf(ground, baseSha256)?.toString('utf8')
  return text === undefined ? undefined : identityOf(documentFrom(text)).version
}

/** The text of one of these versions. Throws NOT_FOUND. */
export function versionText(ground: StandardsGround, copyId: string, sha256: string): string {
  const isKnown = versionsOf(ground, copyId).some((one) => one.sha256 === sha256)
  const text = isKnown ? bodyOf(ground, sha256)?.toString('utf8') : undefined
  if (text === undefined) throw new AppError('NOT_FOUND', { what: '那一版' })
  return text
}

/** What is different from one version to another; `copy` is the working copy. Empty where that cannot be read. Throws NOT_FOUND. */
export function compareVersions(ground: StandardsGround, copyId: string, from: string, to: string): Change[] {
  const [before, after] = [from, to].map((choice): StandardDocument | undefined => {
    if (choice !== 'copy') return documentFrom(versionText(ground, copyId, choice))
    const read = readDocument(rowOf(ground, copyId).body)
    return read.ok ? read.document : undefined
  })
  return before === undefined || after === undefined ? [] : differencesBetween(ground, before, after)
}
