import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import type { SqlDatabase } from '../../store/index.ts'
import type { CatalogueDocument } from '../../wire/catalogue/documents.ts'
import { keptManifest, type SignedManifest } from '../../wire/catalogue/manifest.ts'

/** A working copy as it lies here. */
export type CopyRow = {
  readonly copyId: string
  readonly kind: DocumentKind
  /** Of the document that it was begun from; '' for a new one. */
  readonly documentId: string
  readonly baseSha256: string
  /** Whatever was typed or brought in. */
  readonly body: string
  readonly revision: number
  /** SHA-256 of the release that it went out with and that waits to be sent; '' for none. */
  readonly release: string
  /** 1: the document goes out of the next release, and `body` is its text. */
  readonly removes: 0 | 1
  readonly updatedAtUtc: string
}

const copyColumns = `copy_id AS copyId, kind, document_id AS documentId, base_sha256 AS baseSha256, body, revision, release,
  removes, updated_at AS updatedAtUtc`

/** Writes a new working copy. */
export function insertCopy(db: SqlDatabase, copy: CopyRow, createdBy: string): void {
  const { copyId, kind, documentId, baseSha256, body, revision, release, removes, updatedAtUtc } = copy
  db.run(
    `INSERT INTO standard_copies
       (copy_id, kind, document_id, base_sha256, body, revision, release, removes, created_by, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [copyId, kind, documentId, baseSha256, body, revision, release, removes, createdBy, updatedAtUtc],
  )
}

/** Writes what may change of a working copy. */
export function updateCopy(db: SqlDatabase, { copyId, body, revision, removes, updatedAtUtc }: CopyRow): void {
  db.run('UPDATE standard_copies SET body = ?, revision = ?, removes = ?, updated_at = ? WHERE copy_id = ?', [
    ...[body, revision, removes, updatedAtUtc, copyId],
  ])
}

/** One working copy, or undefined. */
export function selectCopy(db: SqlDatabase, copyId: string): CopyRow | undefined {
  return db.get<CopyRow>(`SELECT ${copyColumns} FROM standard_copies WHERE copy_id = ?`, [copyId])
}

/** All working copies, the oldest first. */
export function selectCopies(db: SqlDatabase): CopyRow[] {
  return db.all<CopyRow>(`SELECT ${copyColumns} FROM standard_copies ORDER BY copy_id`)
}

/** Marks working copies as gone out with a release; '' makes them free again. */
export function markCopies(db: SqlDatabase, copyIds: readonly string[], release: string): void {
  for (const copyId of copyIds) db.run('UPDATE standard_copies SET release = ? WHERE copy_id = ?', [release, copyId])
}

/** Frees the working copies of a release. */
export function freeCopies(db: SqlDatabase, release: string): void {
  db.run("UPDATE standard_copies SET release = '' WHERE release = ?", [release])
}

/** Removes a working copy. */
export function deleteCopy(db: SqlDatabase, copyId: string): void {
  db.run('DELETE FROM standard_copies WHERE copy_id = ?', [copyId])
}

/** Removes the working copies of a release: they are documents now. */
export function deleteCopiesOf(db: SqlDatabase, release: string): void {
  db.run('DELETE FROM standard_copies WHERE release = ?', [release])
}

/** A release that was made here. */
export type MadeRelease = SignedManifest & {
  readonly state: 'waits' | 'sent' | 'refused'
  readonly said: string
  readonly madeAtUtc: string
  /** Whether it waits though it was sent: no answer came, and the centre may have it. */
  readonly perhapsOut: boolean
}

type MadeRow = {
  readonly sha256: string
  readonly publisher: string
  readonly signature: string
  readonly manifest: string
  readonly state: MadeRelease['state']
  readonly said: string
  readonly madeAtUtc: string
  readonly perhapsOut: 0 | 1
}

const madeColumns =
  'sha256, publisher, signature, manifest, state, said, made_at AS madeAtUtc, perhaps_out AS perhapsOut'

function toMade({ manifest, ...row }: MadeRow): MadeRelease {
  const kept = keptManifest(row.sha256, manifest)
  return { ...row, perhapsOut: row.perhapsOut === 1, bytes: Buffer.from(manifest, 'utf8'), manifest: kept }
}

/** Keeps a release that was made here, and the documents that are nowhere else. */
export function insertMade(
  db: SqlDatabase,
  signed: SignedManifest,
  fresh: readonly CatalogueDocument[],
  atUtc: string,
): void {
  const { sha256, manifest, publisher, signature, bytes } = signed
  db.run(
    `INSERT INTO releases_made (sha256, release, publisher, signature, manifest, state, said, made_at)
     VALUES (?, ?, ?, ?, ?, 'waits', '', ?)`,
    [sha256, manifest.release, publisher, signature, bytes.toString('utf8'), atUtc],
  )
  insertDocuments(db, fresh)
}

/** Keeps documents that this station itself has not taken. */
export function insertDocuments(db: SqlDatabase, documents: readonly CatalogueDocument[]): void {
  for (const { sha256, bytes } of documents)
    db.run('INSERT INTO documents_made (sha256, body) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING', [
      ...[sha256, bytes.toString('utf8')],
    ])
}

/** Notes how a made release stands. */
export function updateMade(db: SqlDatabase, sha256: string, state: MadeRelease['state'], said: string): void {
  db.run('UPDATE releases_made SET state = ?, said = ? WHERE sha256 = ?', [state, said, sha256])
}

/** Notes whether the centre may have a made release without having said so. */
export function writePerhapsOut(db: SqlDatabase, sha256: string, isPerhapsOut: boolean): void {
  db.run('UPDATE releases_made SET perhaps_out = ? WHERE sha256 = ?', [isPerhapsOut ? 1 : 0, sha256])
}

/** Forgets a made release that nobody has. */
export function deleteMade(db: SqlDatabase, sha256: string): void {
  db.run('DELETE FROM releases_made WHERE sha256 = ?', [sha256])
}

/** Releases made here, the newest first. */
export function selectMade(db: SqlDatabase): MadeRelease[] {
  return db.all<MadeRow>(`SELECT ${madeColumns} FROM releases_made ORDER BY release DESC, made_at DESC`).map(toMade)
}

/** The bytes of a document of a made release. */
export function selectMadeBody(db: SqlDatabase, sha256: string): string | undefined {
  return db.get<{ body: string }>('SELECT body FROM documents_made WHERE sha256 = ?', [sha256])?.body
}

/** Whether a second person has to agree to each release. */
export function selectSecondPerson(db: SqlDatabase): boolean {
  const sql = 'SELECT second_person AS one FROM publishing_rules ORDER BY seq DESC LIMIT 1'
  return db.get<{ one: number }>(sql)?.one === 1
}
