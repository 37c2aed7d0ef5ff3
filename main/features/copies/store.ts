import type { StoredFile } from '../../../preload/contract/entries.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** What a copy is made from. */
export type Original = Pick<StoredFile, 'sha256' | 'mediaType'>

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
