import type { SqlDatabase } from '../../store/index.ts'
import type { CatalogueDocument } from '../../wire/catalogue/documents.ts'
import { keptManifest, type SignedManifest } from '../../wire/catalogue/manifest.ts'
import { type CopyRow, insertDocuments } from './store.ts'

type Settings = { readonly get: (key: string) => unknown; readonly set: (key: string, value: number) => void }

const lookedKey = 'publishing.looked'

/** The number of the newest release that somebody looked at here, or made; undefined before the centre was ever asked. */
export function readLooked(settings: Pick<Settings, 'get'>): number | undefined {
  const value = settings.get(lookedKey)
  return typeof value === 'number' ? value : undefined
}

/** Notes it. */
export function writeLooked(settings: Settings, release: number): void {
  settings.set(lookedKey, release)
}

type FetchedRow = Omit<SignedManifest, 'bytes' | 'manifest'> & { readonly manifest: string }

/** Releases of a publisher's line that left this station out, the newest first. */
export function selectFetched(db: SqlDatabase, line: string): SignedManifest[] {
  const sql = 'SELECT sha256, publisher, signature, manifest FROM releases_fetched WHERE line = ? ORDER BY release DESC'
  return db.all<FetchedRow>(sql, [line]).map(({ manifest, ...row }) => ({
    ...row,
    bytes: Buffer.from(manifest, 'utf8'),
    manifest: keptManifest(row.sha256, manifest),
  }))
}

/** Keeps such a release with the documents that are nowhere else. */
export function insertFetched(
  db: SqlDatabase,
  { sha256, manifest, publisher, signature, bytes }: SignedManifest,
  more: { readonly fresh: readonly CatalogueDocument[]; readonly line: string; readonly atUtc: string },
): void {
  db.run(
    `INSERT INTO releases_fetched (sha256, release, line, publisher, signature, manifest, fetched_at)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING`,
    [sha256, manifest.release, more.line, publisher, signature, bytes.toString('utf8'), more.atUtc],
  )
  insertDocuments(db, more.fresh)
}

/** A working copy that was put aside. */
export type AsideRow = Pick<CopyRow, 'copyId' | 'kind' | 'documentId' | 'baseSha256' | 'body' | 'removes'> & {
  readonly atUtc: string
}

const asideColumns =
  'copy_id AS copyId, kind, document_id AS documentId, base_sha256 AS baseSha256, body, removes, set_aside_at AS atUtc'

/** All of them, the last one first. */
export function selectAside(db: SqlDatabase): AsideRow[] {
  return db.all<AsideRow>(`SELECT ${asideColumns} FROM standard_copies_aside ORDER BY set_aside_at DESC, copy_id`)
}

/** Puts a working copy aside; its row among the working copies is the caller's to remove. */
export function insertAside(db: SqlDatabase, copy: CopyRow, by: { readonly account: string; readonly atUtc: string }) {
  const { copyId, kind, documentId, baseSha256, body, removes } = copy
  db.run(
    `INSERT INTO standard_copies_aside (copy_id, kind, document_id, base_sha256, body, removes, set_aside_by, set_aside_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [copyId, kind, documentId, baseSha256, body, removes, by.account, by.atUtc],
  )
}

/** Removes one. */
export function deleteAside(db: SqlDatabase, copyId: string): void {
  db.run('DELETE FROM standard_copies_aside WHERE copy_id = ?', [copyId])
}

/** Changes what a working copy was begun from, with its text. */
export function rebaseCopy(db: SqlDatabase, { copyId, documentId, baseSha256, body, revision, updatedAtUtc }: CopyRow) {
  db.run(
    `UPDATE standard_copies SET document_id = ?, base_sha256 = ?, body = ?, revision = ?, updated_at = ?
     WHERE copy_id = ?`,
    [documentId, baseSha256, body, revision, updatedAtUtc, copyId],
  )
}

/** Where a release was written to as a file, the last time first. */
export type WrittenRow = { readonly stick: string; readonly account: string; readonly atUtc: string }

/** Every stick that a release went to. */
export function selectWritten(db: SqlDatabase, sha256: string): WrittenRow[] {
  const sql = 'SELECT stick, account, at AS atUtc FROM releases_written WHERE sha256 = ? ORDER BY seq DESC'
  return db.all<WrittenRow>(sql, [sha256])
}
