import type { StoredFile } from '../../../preload/contract/entries.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** What a copy is made from. */
export type Original = Pick<StoredFile, 'sha256' | 'mediaType'>

/** A readable copy. */
export type Copy = {
  readonly sha256: string
  readonly sizeBytes: number
  readonly mediaType: 'image/jpeg' | 'image/png'
}

/** The readable copy of an original; undefined where there is none here. */
export function selectCopy(db: SqlDatabase, originalSha256: string): Copy | undefined {
  return db.get<Copy>(
    `SELECT sha256, size_bytes AS sizeBytes, media_type AS mediaType FROM readable_copies
     WHERE original_sha256 = ? AND state = 'made'`,
    [originalSha256],
  )
}

/** Notes the copy of an original that is not here itself. */
export function insertFetched(db: SqlDatabase, originalSha256: string, copy: Copy): void {
  db.run(
    `INSERT INTO readable_copies (original_sha256, original_type, state, sha256, media_type, size_bytes)
     VALUES (?, ?, 'made', ?, ?, ?) ON CONFLICT (original_sha256) DO UPDATE SET state = 'made',
       sha256 = excluded.sha256, media_type = excluded.media_type, size_bytes = excluded.size_bytes`,
    [originalSha256, copy.mediaType, copy.sha256, copy.mediaType, copy.sizeBytes],
  )
}

/** Notes that an original shall have a copy, unless that is settled already. */
export function insertDue(db: SqlDatabase, { sha256, mediaType }: Original): void {
  db.run(
    `INSERT INTO readable_copies (original_sha256, original_type, state) VALUES (?, ?, 'due')
     ON CONFLICT (original_sha256) DO NOTHING`,
    [sha256, mediaType],
  )
}

/** Notes an original's copy. */
export function updateMade(
  db: SqlDatabase,
  originalSha256: string,
  copy: { readonly sha256: string; readonly sizeBytes: number; readonly mediaType: string },
): void {
  db.run(
    `UPDATE readable_copies SET state = 'made', sha256 = ?, media_type = ?, size_bytes = ? WHERE original_sha256 = ?`,
    [copy.sha256, copy.mediaType, copy.sizeBytes, originalSha256],
  )
}

/** Notes that an original has no copy. */
export function updateNone(db: SqlDatabase, originalSha256: string): void {
  db.run(`UPDATE readable_copies SET state = 'none' WHERE original_sha256 = ?`, [originalSha256])
}

/** An original that waits for its copy, not one of `except`. */
export function selectDue(db: SqlDatabase, except: ReadonlySet<string>): Original | undefined {
  const rows = db.all<{ sha256: string; mediaType: Original['mediaType'] }>(
    `SELECT original_sha256 AS sha256, original_type AS mediaType FROM readable_copies WHERE state = 'due' LIMIT ?`,
    [except.size + 1],
  )
  return rows.find(({ sha256 }) => !except.has(sha256))
}
