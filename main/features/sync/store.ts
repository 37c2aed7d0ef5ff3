import type { FeedItem } from '../../../preload/contract/wire.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { canonicalBytes, sha256Hex } from '../../wire/canonical.ts'

/** Up to where the centre's feed is applied; 0 before its first item. */
export function readFeedCursor(db: SqlDatabase): number {
  return db.get<{ cursor: number }>('SELECT cursor FROM feed_cursor')?.cursor ?? 0
}

/** Keeps an item as it came: its canonical bytes and their SHA-256. */
export function insertFeedItem(db: SqlDatabase, item: FeedItem, receivedAtUtc: string): void {
  const bytes = canonicalBytes(item).toString('utf8')
  const row = [item.cursor, bytes, sha256Hex(bytes), receivedAtUtc]
  db.run('INSERT INTO feed_items (cursor, bytes, hash, received_at) VALUES (?, ?, ?, ?)', row)
}

/** Moves the cursor. */
export function writeFeedCursor(db: SqlDatabase, cursor: number, atUtc: string): void {
  db.run(
    `INSERT INTO feed_cursor (only, cursor, at) VALUES (1, ?, ?)
     ON CONFLICT (only) DO UPDATE SET cursor = excluded.cursor, at = excluded.at`,
    [cursor, atUtc],
  )
}

/** The hash of one entry; undefined where there is none. */
export function readEntryHash(db: SqlDatabase, seq: number): string | undefined {
  return db.get<{ hash: string }>('SELECT hash FROM entries WHERE seq = ?', [seq])?.hash
}

/** Whether a subject has its first entry after `seq`: then the centre has not met it. */
export function isNewAfter(db: SqlDatabase, subject: string, seq: number): boolean {
  const first = db.get<{ seq: number | null }>('SELECT min(seq) AS seq FROM entries WHERE subject = ?', [subject])
  return (first?.seq ?? 0) > seq
}

/** A case of which entries wait, and how many. */
export type WaitingCase = {
  readonly caseId: string
  readonly localNumber: string
  readonly applicantName: string
  readonly matterName: string
  readonly entries: number
}

/** Cases that changed after `seq`, in the order in which they are whole at the centre. */
export function selectWaitingCases(
  db: SqlDatabase,
  seq: number,
  page: { readonly offset: number; readonly limit: number },
): WaitingCase[] {
  return db.all<WaitingCase>(
    `SELECT case_id AS caseId, local_number AS localNumber, applicant_name AS applicantName, matter_name AS matterName,
       (SELECT count(*) FROM entries WHERE subject = case_id AND seq > :seq) AS entries
     FROM cases WHERE last_seq > :seq ORDER BY last_seq, received_seq LIMIT :limit OFFSET :offset`,
    { seq, ...page },
  )
}

/** How many entries after `seq` are of cases. */
export function countUnsentOfCases(db: SqlDatabase, seq: number): number {
  const sql =
    'SELECT count(*) AS total FROM entries WHERE seq > ? AND subject IN (SELECT case_id FROM cases WHERE last_seq > ?)'
  return db.get<{ total: number }>(sql, [seq, seq])?.total ?? 0
}

/** How many entries after `seq` are of the first `count` of the cases that wait, in their order. */
export function countUnsentOfFirst(db: SqlDatabase, seq: number, count: number): number {
  const sql = `SELECT count(*) AS total FROM entries WHERE seq > :seq AND subject IN
    (SELECT case_id FROM cases WHERE last_seq > :seq ORDER BY last_seq, received_seq LIMIT :count)`
  return db.get<{ total: number }>(sql, { seq, count })?.total ?? 0
}

/** Cases that the centre sent back and nobody has dealt with, by the counts that triggers keep (0004-counts.ts). */
export function countReturned(db: SqlDatabase): number {
  const sql = `SELECT coalesce(sum(total), 0) AS total FROM case_counts WHERE view = 'returned'`
  return db.get<{ total: number }>(sql)?.total ?? 0
}

/** When the centre last confirmed entries, also before this start; null where it never did. */
export function selectLastDelivery(db: SqlDatabase): string | null {
  return db.get<{ at: string }>('SELECT at FROM acknowledged')?.at ?? null
}
