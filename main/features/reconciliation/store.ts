import { dayBounds } from '../../../preload/contract/calendar.ts'
import type { CaseState } from '../../../preload/contract/case-steps.ts'
import type { DayResult } from '../../../preload/contract/sync.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { emptyHead, type Head } from '../../wire/entry.ts'

/** A stretch of the ledger, both ends included; empty where `to < from`. */
export type Stretch = { readonly from: number; readonly to: number }

/** A case as far as it is compared. */
export type OurCase = {
  readonly caseId: string
  readonly state: CaseState
  readonly localNumber: string
  /** Of the last entry here that changed it. */
  readonly lastSeq: number
}

/** A file that the centre has confirmed. */
export type OurFile = {
  readonly sha256: string
  readonly class: 'receipt' | 'original'
  /** '' for a file of no case. */
  readonly localNumber: string
}

/** The day's entries by the station's clock: from the first to the last, and how many; no `from` and `to` where there are none. */
export function selectDay(db: SqlDatabase, day: string): { stretch: Stretch | undefined; entries: number } {
  const { fromUtc, beforeUtc } = dayBounds(day)
  const row = db.get<{ first: number | null; last: number | null; found: number }>(
    'SELECT min(seq) AS first, max(seq) AS last, count(*) AS found FROM entries WHERE at >= ? AND at < ?',
    [fromUtc, beforeUtc],
  )
  const stretch = row?.first == null || row.last === null ? undefined : { from: row.first, to: row.last }
  return { stretch, entries: row?.found ?? 0 }
}

/** Entries of the day up to an entry. */
export function countEntries(db: SqlDatabase, day: string, upTo: number): number {
  const { fromUtc, beforeUtc } = dayBounds(day)
  const sql = 'SELECT count(*) AS found FROM entries WHERE at >= ? AND at < ? AND seq <= ?'
  return db.get<{ found: number }>(sql, [fromUtc, beforeUtc, upTo])?.found ?? 0
}

/** The last entry before an instant, by the station's clock. */
export function selectHeadBefore(db: SqlDatabase, utc: string): Head {
  return (
    db.get<Head>('SELECT seq, hash FROM entries WHERE at < ? ORDER BY at DESC, seq DESC LIMIT 1', [utc]) ?? emptyHead
  )
}

/** The first entry at or after an instant, by the station's clock; undefined for none. */
export function selectFirstFrom(db: SqlDatabase, utc: string): number | undefined {
  return db.get<{ seq: number }>('SELECT seq FROM entries WHERE at >= ? ORDER BY at, seq LIMIT 1', [utc])?.seq
}

/** The hash of one entry; undefined where there is none. */
export function selectHash(db: SqlDatabase, seq: number): string | undefined {
  return seq === 0 ? emptyHead.hash : db.get<{ hash: string }>('SELECT hash FROM entries WHERE seq = ?', [seq])?.hash
}

/** Cases that were received within a stretch. */
export function selectCases(db: SqlDatabase, { from, to }: Stretch): OurCase[] {
  return db.all<OurCase>(
    `SELECT case_id AS caseId, state, local_number AS localNumber, last_seq AS lastSeq FROM cases
     WHERE received_seq BETWEEN ? AND ? ORDER BY received_seq`,
    [from, to],
  )
}

/** Files that a stretch's entries name and that the centre has confirmed. */
export function selectArrivedFiles(db: SqlDatabase, { from, to }: Stretch): OurFile[] {
  return db.all<OurFile>(
    `SELECT sent_files.sha256, min(class) AS class, coalesce(min(cases.local_number), '') AS localNumber
     FROM sent_files JOIN file_deliveries USING (sha256) LEFT JOIN cases USING (case_id)
     WHERE sent_files.seq BETWEEN ? AND ? AND arrived_at IS NOT NULL GROUP BY sent_files.sha256`,
    [from, to],
  )
}

/** How many cases a stretch received and how many files it names. */
export function countNamed(db: SqlDatabase, { from, to }: Stretch): { cases: number; files: number } {
  const counts = db.get<{ cases: number; files: number }>(
    `SELECT (SELECT count(*) FROM cases WHERE received_seq BETWEEN ? AND ?) AS cases,
       (SELECT count(DISTINCT sha256) FROM sent_files WHERE seq BETWEEN ? AND ?) AS files`,
    [from, to, from, to],
  )
  return counts ?? { cases: 0, files: 0 }
}

/** Subjects whose payloads were erased here. */
export function selectErased(db: SqlDatabase): string[] {
  return db
    .all<{ subject: string }>('SELECT subject FROM subject_secrets WHERE secret IS NULL')
    .map(({ subject }) => subject)
}

/** Results of days, the newest day first. */
export function selectResults(db: SqlDatabase, limit: number): DayResult[] {
  return db
    .all<{ result: string }>('SELECT result FROM days_reconciled ORDER BY day DESC LIMIT ?', [limit])
    .map(({ result }) => JSON.parse(result))
}

/** A day's newest result. */
export function selectResult(db: SqlDatabase, day: string): DayResult | undefined {
  const row = db.get<{ result: string }>('SELECT result FROM days_reconciled WHERE day = ?', [day])
  return row && JSON.parse(row.result)
}
