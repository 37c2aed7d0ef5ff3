import type { Failure } from '../../../preload/contract/errors.ts'
import type { FileClass } from '../../../preload/contract/sync.ts'
import type { FileReceipt } from '../../../preload/contract/wire.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** A file in the queue. */
export type QueuedFile = {
  readonly sha256: string
  readonly kind: FileClass
  /** 0 receipts, 1 what is small enough to be read soon, 2 large originals: these may wait for the night. */
  readonly rank: 0 | 1 | 2
  readonly sizeBytes: number
  /** The original of a readable copy. */
  readonly copyOf: string | null
  /** Whether the centre may have some of it already. */
  readonly begun: boolean
  readonly sentBytes: number
  /** The relay that has all of it; null for none. */
  readonly atHall: string | null
  /** It is not sent before: the seal of a fresh receipt mostly follows at once. */
  readonly fromUtc: string
  readonly tries: number
  readonly nextTryUtc: string | null
  readonly lastError: Failure | null
}

/** A file in the queue with what people call it. */
export type NamedFile = QueuedFile & {
  readonly name: string
  /** The case that named it first; null for none. */
  readonly caseId: string | null
  readonly localNumber: string
  readonly applicantName: string
}

/** A file of one case, arrived or not. */
export type CaseFileRow = QueuedFile & { readonly name: string; readonly arrivedAtUtc: string | null }

type Row<T extends QueuedFile> = Omit<T, 'begun' | 'lastError'> & {
  readonly begun: number
  readonly lastError: string | null
}

const columns = `d.sha256, d.kind, d.rank, d.bytes AS sizeBytes, d.copy_of AS copyOf, d.begun, d.sent_bytes AS sentBytes,
  d.at_hall AS atHall, d.from_at AS fromUtc, d.tries, d.next_try AS nextTryUtc, d.last_error AS lastError`
const order = 'd.rank, d.due, d.bytes, d.sha256'

function fileOf<T extends QueuedFile>(row: Row<T>): T {
  const lastError = row.lastError === null ? null : (JSON.parse(row.lastError) as Failure)
  return { ...row, begun: row.begun === 1, lastError } as unknown as T
}

/** The longest that a file waits for anything, in milliseconds. */
export const longestWaitMs = 3_600_000

/** Whether a wait is over. A time further ahead than any wait was written by a clock that ran ahead and was set back since: it would hold the file for years. */
export function isWaitOver(untilUtc: string | null, nowUtc: string): boolean {
  return untilUtc === null || untilUtc <= nowUtc || untilUtc > latestUtc(nowUtc)
}

function latestUtc(nowUtc: string): string {
  return new Date(Date.parse(nowUtc) + longestWaitMs).toISOString()
}

/** The next file that may be sent now, or asked about since the relay has it; undefined where there is none. */
export function selectNext(db: SqlDatabase, nowUtc: string, mostRank: number): QueuedFile | undefined {
  const row = db.get<Row<QueuedFile>>(
    `SELECT ${columns} FROM file_deliveries AS d
     WHERE d.arrived_at IS NULL AND (d.rank <= :mostRank OR d.at_hall IS NOT NULL)
       AND (d.from_at <= :now OR d.from_at > :latest) AND (d.next_try IS NULL OR d.next_try <= :now OR d.next_try > :latest)
     ORDER BY ${order} LIMIT 1`,
    { now: nowUtc, latest: latestUtc(nowUtc), mostRank },
  )
  return row && fileOf(row)
}

/** A page of the queue in its order, with names. One walk along one index; the names are found by key. */
export function selectPage(db: SqlDatabase, page: { readonly offset: number; readonly limit: number }): NamedFile[] {
  return db
    .all<Row<NamedFile>>(
      `WITH d AS MATERIALIZED (
         SELECT * FROM file_deliveries AS d WHERE arrived_at IS NULL ORDER BY ${order} LIMIT :limit OFFSET :offset
       )
       SELECT ${columns}, coalesce(f.name, '') AS name, nullif(f.case_id, '') AS caseId,
         coalesce(c.local_number, '') AS localNumber, coalesce(c.applicant_name, '') AS applicantName
       FROM d
       LEFT JOIN sent_files AS f ON f.sha256 = coalesce(d.copy_of, d.sha256) AND f.case_id =
         (SELECT min(case_id) FROM sent_files WHERE sha256 = coalesce(d.copy_of, d.sha256))
       LEFT JOIN cases AS c ON c.case_id = f.case_id
       ORDER BY ${order}`,
      { ...page },
    )
    .map(fileOf<NamedFile>)
}

/** What has not left of the first `count` files of the queue: `resting`, large originals that nothing but the night keeps; `others`, all else. */
export function selectBytesOfFirst(
  db: SqlDatabase,
  count: number,
  nowUtc: string,
): { readonly resting: number; readonly others: number } {
  const row = db.get<{ resting: number; total: number }>(
    `SELECT coalesce(sum(left), 0) AS total,
       coalesce(sum(left) FILTER (WHERE rank = 2 AND last_error IS NULL
         AND (at_hall IS NULL OR at_hall IS NOT (SELECT relay_id FROM hall_relay)) AND (from_at <= :now OR from_at > :latest)), 0) AS resting
     FROM (SELECT d.bytes - d.sent_bytes AS left, d.rank, d.last_error, d.at_hall, d.from_at FROM file_deliveries AS d
       WHERE d.arrived_at IS NULL ORDER BY ${order} LIMIT :count)`,
    { count, now: nowUtc, latest: latestUtc(nowUtc) },
  )
  const { resting = 0, total = 0 } = row ?? {}
  return { resting, others: total - resting }
}

/** How many files and bytes wait, by rank. What has gone of unfinished ones is taken off. */
export function selectTotals(
  db: SqlDatabase,
): { readonly rank: number; readonly count: number; readonly bytes: number }[] {
  return db.all(
    `SELECT d.rank, count(*) AS count, sum(d.bytes) - coalesce((SELECT sum(b.sent_bytes) FROM file_deliveries AS b
       WHERE b.arrived_at IS NULL AND b.sent_bytes > 0 AND b.rank = d.rank), 0) AS bytes
     FROM file_deliveries AS d WHERE d.arrived_at IS NULL GROUP BY d.rank`,
  )
}

/** How many files of a case the centre has not confirmed. */
export function countWaitingOf(db: SqlDatabase, caseId: string): number {
  const row = db.get<{ count: number }>(
    `SELECT count(*) AS count FROM sent_files AS f JOIN file_deliveries AS d ON d.sha256 = f.sha256
     WHERE f.case_id = ? AND d.arrived_at IS NULL`,
    [caseId],
  )
  return row?.count ?? 0
}

/** The files of a case and their readable copies, in the order of sending. */
export function selectOfCase(db: SqlDatabase, caseId: string): CaseFileRow[] {
  return db
    .all<Row<CaseFileRow>>(
      `SELECT ${columns}, f.name, d.arrived_at AS arrivedAtUtc FROM sent_files AS f
       JOIN file_deliveries AS d ON d.sha256 = f.sha256 OR d.copy_of = f.sha256
       WHERE f.case_id = ? ORDER BY ${order}`,
      [caseId],
    )
    .map(fileOf<CaseFileRow>)
}

/** What a file is called; '' for one that nothing names. */
export function selectName(db: SqlDatabase, sha256: string): string {
  const row = db.get<{ name: string }>(
    `SELECT f.name FROM file_deliveries AS d JOIN sent_files AS f ON f.sha256 = coalesce(d.copy_of, d.sha256)
     WHERE d.sha256 = ? LIMIT 1`,
    [sha256],
  )
  return row?.name ?? ''
}

/** From now on the centre may have some of the file. */
export function markBegun(db: SqlDatabase, sha256: string): void {
  db.run('UPDATE file_deliveries SET begun = 1 WHERE sha256 = ?', [sha256])
}

/** How much of the file the centre said that it has. */
export function writeOffset(db: SqlDatabase, sha256: string, sentBytes: number): void {
  db.run('UPDATE file_deliveries SET sent_bytes = min(bytes, ?) WHERE sha256 = ? AND arrived_at IS NULL', [
    sentBytes,
    sha256,
  ])
}

/** A try failed; the file is not tried before `nextTryUtc`. */
export function writeFailure(db: SqlDatabase, sha256: string, failure: Failure, nextTryUtc: string | null): void {
  db.run('UPDATE file_deliveries SET tries = tries + 1, last_error = ?, next_try = ? WHERE sha256 = ?', [
    JSON.stringify(failure),
    nextTryUtc,
    sha256,
  ])
}

/** The file moved: what hindered it before is over. */
export function clearFailure(db: SqlDatabase, sha256: string): void {
  db.run('UPDATE file_deliveries SET tries = 0, last_error = NULL, next_try = NULL WHERE sha256 = ?', [sha256])
}

/** A file may be sent again at once, whatever it waits for. */
export function clearWaits(db: SqlDatabase): void {
  db.run('UPDATE file_deliveries SET next_try = NULL WHERE arrived_at IS NULL AND next_try IS NOT NULL')
}

/** Puts a file off without a failure. */
export function putOff(db: SqlDatabase, sha256: string, nextTryUtc: string): void {
  db.run('UPDATE file_deliveries SET next_try = ? WHERE sha256 = ?', [nextTryUtc, sha256])
}

/** The centre has the file: its receipt is kept as it came. Tells whether that is news. */
export function writeArrived(db: SqlDatabase, receipt: FileReceipt): boolean {
  const changed = db.run(
    `UPDATE file_deliveries SET arrived_at = ?, receipt = ?, sent_bytes = bytes, tries = 0, next_try = NULL,
       last_error = NULL
     WHERE sha256 = ? AND bytes = ? AND arrived_at IS NULL`,
    [receipt.arrivedAtUtc, JSON.stringify(receipt), receipt.sha256, receipt.sizeBytes],
  )
  return changed > 0
}

/** The centre has lost the file: it waits again, from its first byte, and so does its readable copy, which no list of the centre names. Tells whether there was such a file. */
export function writeLost(db: SqlDatabase, sha256: string): boolean {
  const changed = db.run(
    `UPDATE file_deliveries SET arrived_at = NULL, receipt = NULL, at_hall = NULL, begun = 1, sent_bytes = 0, tries = 0, next_try = NULL,
       last_error = NULL
     WHERE (sha256 = :sha256 OR copy_of = :sha256) AND arrived_at IS NOT NULL`,
    { sha256 },
  )
  return changed > 0
}

/** The hall's relay has the file whole: it is not sent there again, and waits for the centre's word at least until `nextTryUtc`. */
export function writeAtHall(db: SqlDatabase, sha256: string, relayId: string, nextTryUtc: string): void {
  db.run(
    `UPDATE file_deliveries SET at_hall = ?, next_try = ?, sent_bytes = 0, tries = 0, last_error = NULL
     WHERE sha256 = ? AND arrived_at IS NULL`,
    [relayId, nextTryUtc, sha256],
  )
}

/** The hall's relay does not have the file any more. */
export function clearAtHall(db: SqlDatabase, sha256: string): void {
  db.run('UPDATE file_deliveries SET at_hall = NULL, next_try = NULL WHERE sha256 = ?', [sha256])
}

/** The relay that the county let in here; undefined without one. */
export function selectRelayId(db: SqlDatabase): string | undefined {
  return db.get<{ id: string }>('SELECT relay_id AS id FROM hall_relay')?.id
}
