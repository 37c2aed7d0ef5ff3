import type { SqlDatabase } from '../../store/index.ts'

/** A bundle that was begun here. */
export type KnownBundle = {
  readonly bundleId: string
  /** Its name on the stick. */
  readonly file: string
  readonly madeAtUtc: string
  readonly fromSeq: number
  readonly withFiles: boolean
  readonly isFinished: boolean
  readonly isReturned: boolean
}

/** How far an unfinished bundle had come after a segment. */
export type Position = {
  /** The first entry that is not in it yet. */
  readonly nextSeq: number
  /** A file of which the first `offset` bytes are in. */
  readonly open: { readonly sha256: string; readonly offset: number } | null
}

/** A segment as it was handed to the stick. */
export type KnownSegment = Position & { readonly number: number; readonly head: string }

type BundleRow = {
  bundle_id: string
  file: string
  made_at: string
  from_seq: number
  with_files: number
  finished_at: string | null
  returned_at: string | null
}

const columns = 'bundle_id, file, made_at, from_seq, with_files, finished_at, returned_at'

function fromRow(row: BundleRow): KnownBundle {
  return {
    bundleId: row.bundle_id,
    file: row.file,
    madeAtUtc: row.made_at,
    fromSeq: row.from_seq,
    withFiles: row.with_files === 1,
    isFinished: row.finished_at !== null,
    isReturned: row.returned_at !== null,
  }
}

/** Notes a bundle that is about to be written. */
export function insertBundle(db: SqlDatabase, bundle: Omit<KnownBundle, 'isFinished' | 'isReturned'>): void {
  const { bundleId, file, madeAtUtc, fromSeq, withFiles } = bundle
  db.run('INSERT INTO bundles (bundle_id, file, made_at, from_seq, with_files) VALUES (?, ?, ?, ?, ?)', [
    ...[bundleId, file, madeAtUtc, fromSeq],
    withFiles ? 1 : 0,
  ])
}

/** A bundle by its id; undefined for one that was not begun here. */
export function findBundle(db: SqlDatabase, bundleId: string): KnownBundle | undefined {
  const row = db.get<BundleRow>(`SELECT ${columns} FROM bundles WHERE bundle_id = ?`, [bundleId])
  return row && fromRow(row)
}

/** Whether a name was given to a bundle before. */
export function isNameTaken(db: SqlDatabase, file: string): boolean {
  return db.get('SELECT 1 FROM bundles WHERE file = ?', [file]) !== undefined
}

/** Notes a segment that the stick has, and the files that end in it. */
export function insertSegment(
  db: SqlDatabase,
  bundleId: string,
  { number, head, nextSeq, open }: KnownSegment,
  filesEnded: readonly string[],
): void {
  db.run(
    `INSERT OR REPLACE INTO bundle_segments (bundle_id, number, head, next_seq, file_sha256, file_offset) VALUES (?, ?, ?, ?, ?, ?)`,
    [bundleId, number, head, nextSeq, open?.sha256 ?? null, open?.offset ?? 0],
  )
  for (const sha256 of filesEnded)
    db.run('INSERT OR REPLACE INTO bundle_files (bundle_id, sha256, number) VALUES (?, ?, ?)', [
      bundleId,
      sha256,
      number,
    ])
}

/** The segments that were written, in order. */
export function selectSegments(db: SqlDatabase, bundleId: string): KnownSegment[] {
  return db
    .all<{ number: number; head: string; next_seq: number; file_sha256: string | null; file_offset: number }>(
      'SELECT number, head, next_seq, file_sha256, file_offset FROM bundle_segments WHERE bundle_id = ? ORDER BY number',
      [bundleId],
    )
    .map((row) => ({
      number: row.number,
      head: row.head,
      nextSeq: row.next_seq,
      open: row.file_sha256 === null ? null : { sha256: row.file_sha256, offset: row.file_offset },
    }))
}

/** Forgets what was written after a segment: the stick does not have it. */
export function forgetAfter(db: SqlDatabase, bundleId: string, number: number): void {
  for (const table of ['bundle_segments', 'bundle_files'])
    db.run(`DELETE FROM ${table} WHERE bundle_id = ? AND number > ?`, [bundleId, number])
}

/** The files that are whole in a bundle. */
export function selectFiles(db: SqlDatabase, bundleId: string): string[] {
  return db
    .all<{ sha256: string }>('SELECT sha256 FROM bundle_files WHERE bundle_id = ?', [bundleId])
    .map(({ sha256 }) => sha256)
}

/** The files in bundles that are finished and not answered yet: they come last in the next one. */
export function selectFilesUnderWay(db: SqlDatabase): Set<string> {
  const rows = db.all<{ sha256: string }>(
    `SELECT DISTINCT sha256 FROM bundle_files JOIN bundles USING (bundle_id)
     WHERE finished_at IS NOT NULL AND returned_at IS NULL`,
  )
  return new Set(rows.map(({ sha256 }) => sha256))
}

/** Notes that a bundle lies whole on its stick; where its segments end matters no more. */
export function finishBundle(db: SqlDatabase, bundleId: string, atUtc: string): void {
  db.run('UPDATE bundles SET finished_at = ? WHERE bundle_id = ?', [atUtc, bundleId])
  db.run('DELETE FROM bundle_segments WHERE bundle_id = ?', [bundleId])
}

/** Notes that the centre's answer to a bundle was taken in. */
export function returnBundle(db: SqlDatabase, bundleId: string, atUtc: string): void {
  db.run('UPDATE bundles SET returned_at = ? WHERE bundle_id = ?', [atUtc, bundleId])
  db.run('DELETE FROM bundle_files WHERE bundle_id = ?', [bundleId])
}

/** Up to where the centre's feed is applied here. */
export function readFeedCursor(db: SqlDatabase): number {
  return db.get<{ cursor: number }>('SELECT cursor FROM feed_cursor')?.cursor ?? 0
}

/** Plain bytes of the entries from `seq` on, their payloads and what stands beside them. */
export function plainBytesFrom(db: SqlDatabase, seq: number): number {
  const row = db.get<{ bytes: number | null }>(
    'SELECT sum(length(payload) + 120) AS bytes FROM entries WHERE seq >= ?',
    [seq],
  )
  return row?.bytes ?? 0
}
