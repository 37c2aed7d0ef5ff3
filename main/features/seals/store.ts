import { z } from 'zod'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { SqlDatabase, SqlValue } from '../../store/index.ts'
import type { LeaseFacts, SealFacts } from './custody.ts'
import type { PinState } from './model.ts'

/** What the ledger tells of a seal when it is added. */
export type SealIdentity = EntryPayload<'seal.added@1'>

/** A seal as the ledger tells of it, with the lease that counts now. */
export type SealRow = SealIdentity & SealFacts & { readonly addedAtUtc: string }

/** The key of a seal: a closed file, or where its token is found. */
export type SealKey =
  | { readonly p12: Uint8Array }
  | { readonly library: string; readonly serial: string; readonly keyId: string }

const accounts = z.array(z.string())
const matters = (value: SqlValue | undefined): string[] | null =>
  value === null || value === undefined ? null : accounts.parse(JSON.parse(String(value)))

const sealColumns = `seal.*, revocation.seq AS revoked_seq, lease.lease_id, lease.uses, lease.used, lease.from_at,
  lease.until_at, lease.item_ids AS lease_item_ids, lease.seen_at, lease.granted_seq`
const newestLease = `(SELECT lease_id FROM seal_leases AS newest WHERE newest.certificate_sha256 = seal.certificate_sha256
  ORDER BY granted_seq DESC, granted_cursor DESC LIMIT 1)`
const sealTables = `seals AS seal
  LEFT JOIN seal_revocations AS revocation ON revocation.certificate_sha256 = seal.certificate_sha256
  LEFT JOIN seal_leases AS lease ON lease.certificate_sha256 = seal.certificate_sha256 AND lease.lease_id = ${newestLease}`

/** All seals, the newest first. */
export function selectSeals(db: SqlDatabase): SealRow[] {
  const sql = `SELECT ${sealColumns} FROM ${sealTables} ORDER BY seal.added_seq DESC`
  return db.all<Record<string, SqlValue>>(sql).map((row) => fromRow(db, row))
}

/** One seal, or undefined. */
export function selectSeal(db: SqlDatabase, sealId: string): SealRow | undefined {
  const sql = `SELECT ${sealColumns} FROM ${sealTables} WHERE seal.seal_id = ?`
  const row = db.get<Record<string, SqlValue>>(sql, [sealId])
  return row && fromRow(db, row)
}

function fromRow(db: SqlDatabase, row: Record<string, SqlValue>): SealRow {
  const text = (name: string) => String(row[name] ?? '')
  return {
    sealId: text('seal_id'),
    addedAtUtc: text('added_at'),
    name: text('name'),
    organisation: text('organisation'),
    purposeLine: text('purpose_line'),
    code: text('code'),
    diameterMm: row.diameter_mm === 45 ? 45 : 42,
    emblem: row.emblem === 'national' ? 'national' : 'star',
    holder: row.holder === 'token' ? 'token' : 'file',
    algorithm: row.algorithm === 'sm2' ? 'sm2' : row.algorithm === 'ec' ? 'ec' : 'rsa',
    certificateSha256: text('certificate_sha256'),
    validFromUtc: text('valid_from'),
    validUntilUtc: text('valid_until'),
    isRevoked: row.revoked_seq !== null,
    custody: {
      keepers: accounts.parse(JSON.parse(text('keepers'))),
      itemIds: matters(row.item_ids),
      otherPapers: row.other_papers === 1,
      needsApproval: row.needs_approval === 1,
    },
    lease: row.lease_id === null ? null : leaseOf(db, row),
  }
}

function leaseOf(db: SqlDatabase, row: Record<string, SqlValue>): LeaseFacts {
  const grantedSeq = Number(row.granted_seq)
  const seen = [String(row.seen_at), lastEntryTime(db, grantedSeq)]
  return {
    leaseId: String(row.lease_id),
    uses: Number(row.uses),
    fromUtc: String(row.from_at),
    untilUtc: String(row.until_at),
    itemIds: matters(row.lease_item_ids),
    used: Number(row.used) + countErased(db, grantedSeq),
    seenAtUtc: seen.toSorted().at(-1) ?? '',
  }
}

/** The time of the ledger's last entry, where it came after the lease. */
function lastEntryTime(db: SqlDatabase, afterSeq: number): string {
  const last = db.get<{ seq: number; at: string }>('SELECT seq, at FROM entries ORDER BY seq DESC LIMIT 1')
  return last !== undefined && last.seq > afterSeq ? last.at : ''
}

/** Impressions since an entry whose payload was erased: by which seal is not known any more, so each lease bears them. */
function countErased(db: SqlDatabase, afterSeq: number): number {
  const sql = `SELECT count(*) AS count FROM entries INDEXED BY entries_erased_impressions
    WHERE kind = 'document.sealed' AND payload IS NULL AND seq > ?`
  return db.get<{ count: number }>(sql, [afterSeq])?.count ?? 0
}

/** Keeps a seal's key. */
export function insertKey(
  db: SqlDatabase,
  seal: { readonly sealId: string; readonly certificateSha256: string; readonly addedAtUtc: string },
  key: SealKey,
): void {
  const [library, serial, keyId] = 'p12' in key ? [null, null, null] : [key.library, key.serial, key.keyId]
  db.run(
    `INSERT INTO seal_keys (seal_id, certificate_sha256, p12, token_library, token_serial, token_key_id, added_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [seal.sealId, seal.certificateSha256, 'p12' in key ? key.p12 : null, library, serial, keyId, seal.addedAtUtc],
  )
}

/** The key of a seal, or undefined. */
export function selectKey(db: SqlDatabase, sealId: string): SealKey | undefined {
  const row = db.get<{ p12: Uint8Array | null; library: string; serial: string; keyId: string }>(
    `SELECT p12, coalesce(token_library, '') AS library, coalesce(token_serial, '') AS serial,
       coalesce(token_key_id, '') AS keyId FROM seal_keys WHERE seal_id = ?`,
    [sealId],
  )
  if (row === undefined) return undefined
  const { p12, ...token } = row
  return p12 === null ? token : { p12 }
}

/** Seals that were kept before the ledger told of seals. */
export function selectUntold(db: SqlDatabase): SealIdentity[] {
  return db
    .all<{ untold: string }>('SELECT untold FROM seal_keys WHERE untold IS NOT NULL ORDER BY added_at, seal_id')
    .map(({ untold }) => JSON.parse(untold) as SealIdentity)
}

/** Notes that the ledger tells of a seal now. */
export function clearUntold(db: SqlDatabase, sealId: string): void {
  db.run('UPDATE seal_keys SET untold = NULL WHERE seal_id = ?', [sealId])
}

/** How a seal stands with its PIN. */
export function selectPinState(db: SqlDatabase, sealId: string): PinState | undefined {
  return db.get<PinState>(
    `SELECT failed_tries AS failedTries, waits, wait_from AS waitFrom, wait_until AS waitUntil
     FROM seal_keys WHERE seal_id = ?`,
    [sealId],
  )
}

/** Writes down how a seal stands with its PIN, so that a restart forgets no try. */
export function updatePinState(db: SqlDatabase, sealId: string, state: PinState): void {
  db.run('UPDATE seal_keys SET failed_tries = ?, waits = ?, wait_from = ?, wait_until = ? WHERE seal_id = ?', [
    state.failedTries,
    state.waits,
    state.waitFrom,
    state.waitUntil,
    sealId,
  ])
}

/** Impressions of each seal, by its id. */
export function selectUses(db: SqlDatabase): Map<string, number> {
  const rows = db.all<{ sealId: string; uses: number }>(
    'SELECT seal_id AS sealId, count(*) AS uses FROM seal_impressions GROUP BY seal_id',
  )
  return new Map(rows.map(({ sealId, uses }) => [sealId, uses]))
}

/** Every certificate that is known here to be stopped, with the time from which it is. */
export function selectRevocations(db: SqlDatabase): { readonly sha256: string; readonly atUtc: string }[] {
  return db.all('SELECT certificate_sha256 AS sha256, revoked_at AS atUtc FROM seal_revocations ORDER BY revoked_at')
}

/** Sealed papers that wait for their timestamp, and what the last failed try said. */
export function selectTimestampsDue(db: SqlDatabase): { readonly waiting: number; readonly lastError: string } {
  const last = db.get<{ lastError: string }>(
    `SELECT last_error AS lastError FROM timestamps_due WHERE last_error <> '' ORDER BY next_try_at DESC LIMIT 1`,
  )
  const waiting = db.get<{ count: number }>('SELECT count(*) AS count FROM timestamps_due')?.count ?? 0
  return { waiting, lastError: last?.lastError ?? '' }
}
