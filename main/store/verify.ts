import { emptyHead, entryHash, type Head, payloadDigest } from '../wire/entry.ts'
import type { StoredEntry } from './entry-rows.ts'
import { entriesPerPage, walkEntries } from './projection.ts'
import type { SqlDatabase } from './sql.ts'

/** Why a ledger does not hold. */
export type LedgerFault =
  | 'station-missing' // there are entries but nobody they belong to
  | 'gap' // a number is missing
  | 'previous-hash' // the entry does not follow the one before
  | 'hash' // the entry's facts were changed
  | 'payload' // the payload was changed
  | 'secret-missing' // the payload is there but cannot be proved
  | 'payload-missing' // the payload is gone without an erasure
  | 'erasure-untold' // a subject was erased and no entry says so
  | 'tail-missing' // the centre has seen more than there is
  | 'acknowledged' // the centre has seen another entry in this place

/** The outcome of a check of the whole chain. */
export type LedgerVerdict =
  | { readonly ok: true; readonly head: Head; readonly count: number }
  | { readonly ok: false; readonly brokenAt: number; readonly reason: LedgerFault }

/**
 * Checks numbers, links, hashes, payload digests, erasures and the acknowledged head, in steps of a few hundred entries,
 * up to the entry that was last at the start: between two steps others may append and erase. Returns the verdict; reads only.
 */
export function* verifySteps(db: SqlDatabase, station: string): Generator<number, LedgerVerdict> {
  const to = db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM entries')?.seq ?? 0
  const acknowledged = db.get<Head>('SELECT seq, hash FROM acknowledged')
  const untold = new Set(
    db
      .all<{ subject: string }>('SELECT subject FROM subject_secrets WHERE secret IS NULL')
      .map(({ subject }) => subject),
  )
  let head = emptyHead
  for (const entry of walkEntries(db, station, { to })) {
    if (station === '') return { ok: false, brokenAt: entry.seq, reason: 'station-missing' }
    const reason = faultOf(db, entry, head)
    if (reason) return { ok: false, brokenAt: reason === 'gap' ? head.seq + 1 : entry.seq, reason }
    if (acknowledged?.seq === entry.seq && acknowledged.hash !== entry.hash) {
      return { ok: false, brokenAt: entry.seq, reason: 'acknowledged' }
    }
    if (entry.kind === 'payload.erased') untold.delete(erasedSubject(entry.payload))
    head = { seq: entry.seq, hash: entry.hash }
    // Only between pages: what was read before an erasure must not be judged after it.
    if (head.seq % entriesPerPage === 0) yield head.seq
  }
  if (acknowledged && acknowledged.seq > head.seq) return { ok: false, brokenAt: head.seq + 1, reason: 'tail-missing' }
  if (untold.size > 0) return { ok: false, brokenAt: head.seq, reason: 'erasure-untold' }
  return { ok: true, head, count: head.seq }
}

/** Runs all steps at once. */
export function verifyAtOnce(db: SqlDatabase, station: string): LedgerVerdict {
  const steps = verifySteps(db, station)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function faultOf(db: SqlDatabase, entry: StoredEntry, head: Head): LedgerFault | undefined {
  if (entry.seq !== head.seq + 1) return 'gap'
  if (entry.prev !== head.hash) return 'previous-hash'
  if (entryHash(entry) !== entry.hash) return 'hash'
  const secret = db.get<{ secret: string | null }>('SELECT secret FROM subject_secrets WHERE subject = ?', [
    entry.subject,
  ])?.secret
  if (entry.erased) return secret === null ? undefined : 'payload-missing'
  if (typeof secret !== 'string') return 'secret-missing'
  return payloadDigest(secret, entry.station, entry.seq, entry.payload) === entry.payloadDigest ? undefined : 'payload'
}

function erasedSubject(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || !('subject' in payload)) return ''
  return typeof payload.subject === 'string' ? payload.subject : ''
}
