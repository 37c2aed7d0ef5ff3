import type { SqlDatabase } from '../../store/index.ts'

/** A sealed paper that waits for its timestamp. */
export type DuePaper = { readonly documentId: string; readonly tries: number }

/**
 * Notes papers whose last impression came after entry `afterSeq` and that have no timestamp since; says up to which entry
 * was looked.
 */
export function noteDue(db: SqlDatabase, afterSeq: number, nowUtc: string): number {
  db.run(
    `INSERT INTO timestamps_due (document_id, since, tries, next_try_at, last_error)
     SELECT document_id, :nowUtc, 0, :nowUtc, '' FROM documents
     WHERE sealed_seq IS NOT NULL AND sealed_seq > :afterSeq AND timestamped_at IS NULL
     ON CONFLICT (document_id) DO NOTHING`,
    { afterSeq, nowUtc },
  )
  const last = db.get<{ seq: number | null }>(
    'SELECT max(sealed_seq) AS seq FROM documents WHERE sealed_seq IS NOT NULL',
  )
  return Math.max(afterSeq, last?.seq ?? 0)
}

/** The paper to be tried next, or undefined. */
export function selectDue(db: SqlDatabase, nowUtc: string): DuePaper | undefined {
  return db.get<DuePaper>(
    `SELECT document_id AS documentId, tries FROM timestamps_due WHERE next_try_at <= ? ORDER BY next_try_at, since LIMIT 1`,
    [nowUtc],
  )
}

/** When the next paper is to be tried; null for none. */
export function selectNextTry(db: SqlDatabase): string | null {
  return db.get<{ at: string | null }>('SELECT min(next_try_at) AS at FROM timestamps_due')?.at ?? null
}

/** Notes a try that failed. */
export function postpone(db: SqlDatabase, documentId: string, nextTryUtc: string, why: string): void {
  db.run('UPDATE timestamps_due SET tries = tries + 1, next_try_at = ?, last_error = ? WHERE document_id = ?', [
    nextTryUtc,
    why,
    documentId,
  ])
}

/** A paper that waits no longer. */
export function deleteDue(db: SqlDatabase, documentId: string): void {
  db.run('DELETE FROM timestamps_due WHERE document_id = ?', [documentId])
}

/** Nobody is asked any more, or somebody else. */
export function deleteAllDue(db: SqlDatabase): void {
  db.run('DELETE FROM timestamps_due')
}

/** What went wrong is over. */
export function clearErrors(db: SqlDatabase): void {
  db.run(`UPDATE timestamps_due SET last_error = '' WHERE last_error <> ''`)
}
