import type { Failure } from '../../../preload/contract/errors.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** A file that the centre hands back: an original, or the readable copy of one. */
export type FetchedFile = {
  readonly sha256: string
  /** The original, where this is its readable copy. */
  readonly copyOf: string | null
  readonly sizeBytes: number
  readonly tries: number
}

/** A file of a case of another machine, with how far it has come here. */
export type HandedFileRow = {
  readonly sha256: string
  readonly class: 'receipt' | 'original'
  readonly name: string
  readonly sizeBytes: number
  /** Whether the centre holds it. */
  readonly isThere: boolean
  readonly wanted: boolean
  readonly gotBytes: number
  readonly nextTryUtc: string | null
  readonly lastError: Failure | null
}

/** A stretch of a file that is not whole yet. */
export type FetchPart = { readonly startAt: number; readonly bytes: number; readonly sha256: string }

/** What is this small needs no copy: it comes by itself. The same bound as for sending. */
export const smallBytes = 150 * 1024

/** Files that may be fetched now: what somebody asked for, then receipts, copies and what is small, from small to large. */
export function selectFetchable(db: SqlDatabase, nowUtc: string, limit: number): FetchedFile[] {
  return db.all<FetchedFile>(
    `WITH wanted AS (
       SELECT f.sha256, NULL AS copyOf, f.size_bytes AS sizeBytes, s.wanted_at IS NULL AS rank
       FROM handed_files AS f LEFT JOIN handed_contents AS c USING (sha256) LEFT JOIN file_fetches AS s USING (sha256)
       WHERE s.wanted_at IS NOT NULL OR (c.original = 1 AND (f.class = 'receipt' OR f.size_bytes <= :small))
       UNION
       SELECT c.copy_sha256, c.sha256, c.copy_bytes, 1 FROM handed_contents AS c
       WHERE c.copy_sha256 IS NOT NULL AND c.sha256 IN (SELECT sha256 FROM handed_files)
     )
     SELECT wanted.sha256, copyOf, sizeBytes, coalesce(s.tries, 0) AS tries FROM wanted
     LEFT JOIN file_fetches AS s USING (sha256)
     WHERE s.done_at IS NULL AND (s.next_try IS NULL OR s.next_try <= :now)
     ORDER BY rank, sizeBytes, wanted.sha256 LIMIT :limit`,
    { small: smallBytes, now: nowUtc, limit },
  )
}

/** The files of a case of another machine. */
export function selectHandedFiles(db: SqlDatabase, caseId: string): HandedFileRow[] {
  type Row = Omit<HandedFileRow, 'isThere' | 'wanted' | 'lastError'> & {
    readonly isThere: number
    readonly wanted: number
    readonly lastError: string | null
  }
  return db
    .all<Row>(
      `SELECT f.sha256, f.class, f.name, f.size_bytes AS sizeBytes, coalesce(c.original, 0) AS isThere,
         s.wanted_at IS NOT NULL AS wanted, s.next_try AS nextTryUtc, s.last_error AS lastError,
         coalesce((SELECT sum(bytes) FROM file_fetch_parts AS p WHERE p.sha256 = f.sha256), 0) AS gotBytes
       FROM handed_files AS f LEFT JOIN handed_contents AS c USING (sha256) LEFT JOIN file_fetches AS s USING (sha256)
       WHERE f.case_id = ? ORDER BY f.place, f.sha256`,
      [caseId],
    )
    .map(({ isThere, wanted, lastError, ...row }) => ({
      ...row,
      isThere: isThere === 1,
      wanted: wanted === 1,
      lastError: lastError === null ? null : JSON.parse(lastError),
    }))
}

/** Whether a file is one of a case of another machine. */
export function isHanded(db: SqlDatabase, sha256: string): boolean {
  return db.get('SELECT 1 FROM handed_files WHERE sha256 = ?', [sha256]) !== undefined
}

/** Somebody asks for a file: it goes first, whatever it waited for. */
export function markWanted(db: SqlDatabase, sha256: string, atUtc: string): void {
  db.run(
    `INSERT INTO file_fetches (sha256, wanted_at) VALUES (?, ?)
     ON CONFLICT (sha256) DO UPDATE SET wanted_at = excluded.wanted_at, tries = 0, next_try = NULL, last_error = NULL`,
    [sha256, atUtc],
  )
}

/** The file is here, whole. */
export function markDone(db: SqlDatabase, sha256: string, atUtc: string): void {
  db.run(
    `INSERT INTO file_fetches (sha256, done_at) VALUES (?, ?)
     ON CONFLICT (sha256) DO UPDATE SET done_at = excluded.done_at, next_try = NULL, last_error = NULL`,
    [sha256, atUtc],
  )
}

/** A try failed by itself; the file is not tried before `nextTryUtc`. One that the centre does not have is not asked for any more. */
export function markFailed(
  db: SqlDatabase,
  sha256: string,
  failure: Failure,
  nextTryUtc: string | null,
  isAbsent: boolean,
): void {
  db.run(
    `INSERT INTO file_fetches (sha256, tries, next_try, last_error) VALUES (?, 1, ?, ?)
     ON CONFLICT (sha256) DO UPDATE SET tries = tries + 1, next_try = excluded.next_try, last_error = excluded.last_error,
       wanted_at = CASE WHEN ? THEN NULL ELSE wanted_at END`,
    [sha256, nextTryUtc, JSON.stringify(failure), isAbsent ? 1 : 0],
  )
}

/** Files that wait after a failure may be tried at once. */
export function clearFetchWaits(db: SqlDatabase): void {
  db.run('UPDATE file_fetches SET next_try = NULL WHERE done_at IS NULL AND next_try IS NOT NULL')
}

/** What is here of a file, in order. */
export function selectParts(db: SqlDatabase, sha256: string): FetchPart[] {
  return db.all<FetchPart>(
    'SELECT start_at AS startAt, bytes, part_sha256 AS sha256 FROM file_fetch_parts WHERE sha256 = ? ORDER BY start_at',
    [sha256],
  )
}

/** Notes a stretch that lies here. */
export function insertPart(db: SqlDatabase, sha256: string, part: FetchPart): void {
  db.run(
    'INSERT INTO file_fetch_parts (sha256, start_at, bytes, part_sha256) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    [sha256, part.startAt, part.bytes, part.sha256],
  )
}

/** Forgets the stretches of a file; gives the blobs in which they lay. */
export function deleteParts(db: SqlDatabase, sha256: string): string[] {
  const parts = selectParts(db, sha256)
  db.run('DELETE FROM file_fetch_parts WHERE sha256 = ?', [sha256])
  return parts.map((part) => part.sha256)
}
