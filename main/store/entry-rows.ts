import type { Entry } from '../wire/entry.ts'
import type { SqlDatabase } from './sql.ts'

/** An entry as the ledger keeps it. Where `erased`, its payload is null and only the digest is left. */
export type StoredEntry = Entry & { readonly erased: boolean }

/** Which entries to read, `from` and `to` included. */
export type EntryRange = { readonly from?: number; readonly to?: number; readonly limit?: number }

type EntryRow = {
  seq: number
  kind: string
  version: number
  subject: string
  actor: string
  at: string
  payload: string | null
  payload_digest: string
  prev: string
  hash: string
}

const columns = 'seq, kind, version, subject, actor, at, payload, payload_digest, prev, hash'

/** Entries of a range in order, at most `limit` (1,000 where not told). */
export function selectRange(db: SqlDatabase, station: string, range: EntryRange): StoredEntry[] {
  const { from = 1, to = Number.MAX_SAFE_INTEGER, limit = 1000 } = range
  return db
    .all<EntryRow>(`SELECT ${columns} FROM entries WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?`, [from, to, limit])
    .map((row) => fromRow(row, station))
}

/** All entries of one subject in order. */
export function selectSubject(db: SqlDatabase, station: string, subject: string): StoredEntry[] {
  return db
    .all<EntryRow>(`SELECT ${columns} FROM entries WHERE subject = ? ORDER BY seq`, [subject])
    .map((row) => fromRow(row, station))
}

/** Writes a sealed entry at the end; the table's triggers refuse any other place. `payloadText` is its canonical JSON. */
export function insertEntry(db: SqlDatabase, entry: Entry, payloadText: string): void {
  db.run(`INSERT INTO entries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
    entry.seq,
    entry.kind,
    entry.version,
    entry.subject,
    entry.actor,
    entry.at,
    payloadText,
    entry.payloadDigest,
    entry.prev,
    entry.hash,
  ])
}

function fromRow(row: EntryRow, station: string): StoredEntry {
  return {
    station,
    seq: row.seq,
    kind: row.kind,
    version: row.version,
    subject: row.subject,
    actor: row.actor,
    at: row.at,
    payload: row.payload === null ? null : JSON.parse(row.payload),
    payloadDigest: row.payload_digest,
    prev: row.prev,
    hash: row.hash,
    erased: row.payload === null,
  }
}
