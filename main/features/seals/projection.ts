import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { sealLeaseItemSchema, sealRevocationItemSchema } from '../../../preload/contract/wire.ts'
import { feedItemsOf, type Projector, type SqlDatabase, type Upcaster } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'

/** Until version 2 an impression was one on a receipt, by a seal that anybody here might use. */
export const sealedUpcaster: Upcaster = {
  kind: 'document.sealed',
  from: 1,
  up: (payload): EntryPayload<'document.sealed@2'> => ({
    ...(payload as EntryPayload<'document.sealed@1'>),
    kind: 'receipt',
    title: '收件凭证',
    form: 'page',
    places: [],
    approvedBy: '',
    leaseId: '',
  }),
}

/** Version 3 may be on any paper of a case. */
export const anyPaperUpcaster: Upcaster = {
  kind: 'document.sealed',
  from: 2,
  up: (payload): EntryPayload<'document.sealed@3'> => payload as EntryPayload<'document.sealed@2'>,
}

type Apply = (entry: Entry, db: SqlDatabase) => void

const appliers: Readonly<Record<string, Apply>> = {
  'seal.added': (entry, db) => added(entry, entry.payload as EntryPayload<'seal.added@1'>, db),
  'seal.custody-set': (entry, db) => custodySet(entry.payload as EntryPayload<'seal.custody-set@1'>, db),
  'seal.leased': (entry, db) => leased(entry, entry.payload as EntryPayload<'seal.leased@1'>, db),
  'seal.revoked': (entry, db) => revoked(entry, entry.payload as EntryPayload<'seal.revoked@1'>, db),
  'document.sealed': (entry, db) => sealed(entry, entry.payload as EntryPayload<'document.sealed@3'>, db),
  'document.timestamped': (entry, db) =>
    timestamped(entry, entry.payload as EntryPayload<'document.timestamped@1'>, db),
  'feed.applied': (entry, db) => feedApplied(entry, entry.payload as EntryPayload<'feed.applied@1'>, db),
  'payload.erased': (entry, db) => erased((entry.payload as EntryPayload<'payload.erased@1'>).subject, db),
}

/** Entries of the station itself, never erased, by which a lease learns what time it has become. */
const timekeepers = ['session.opened', 'session.closed', 'feed.applied', 'seal.added', 'seal.custody-set']

/** Seals with custody, leases and revocations, and the 用印登记, from the ledger and the centre's feed. */
export const sealsProjector: Projector = {
  name: 'seals',
  tables: ['seals', 'seal_leases', 'seal_revocations', 'seal_impressions'],
  kinds: [...new Set([...Object.keys(appliers), ...timekeepers])],
  apply(entry, db) {
    // First, so that a lease that this very entry brings is not old at once where this clock runs ahead.
    if (timekeepers.includes(entry.kind)) {
      db.run('UPDATE seal_leases SET seen_at = :at WHERE seen_at < :at', { at: entry.at })
    }
    appliers[entry.kind]?.(entry, db)
  },
}

function added(entry: Entry, payload: EntryPayload<'seal.added@1'>, db: SqlDatabase): void {
  db.run(
    `INSERT INTO seals (seal_id, added_seq, added_at, name, organisation, purpose_line, code, diameter_mm, emblem, holder,
       algorithm, certificate_sha256, valid_from, valid_until, keepers, item_ids, other_papers, needs_approval)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', NULL, 1, 0)`,
    [
      payload.sealId,
      entry.seq,
      entry.at,
      payload.name,
      payload.organisation,
      payload.purposeLine,
      payload.code,
      payload.diameterMm,
      payload.emblem,
      payload.holder,
      payload.algorithm,
      payload.certificateSha256,
      payload.validFromUtc,
      payload.validUntilUtc,
    ],
  )
}

function custodySet(payload: EntryPayload<'seal.custody-set@1'>, db: SqlDatabase): void {
  db.run('UPDATE seals SET keepers = ?, item_ids = ?, other_papers = ?, needs_approval = ? WHERE seal_id = ?', [
    JSON.stringify(payload.keepers),
    payload.itemIds && JSON.stringify(payload.itemIds),
    payload.otherPapers ? 1 : 0,
    payload.needsApproval ? 1 : 0,
    payload.sealId,
  ])
}

type GrantedLease = Omit<EntryPayload<'seal.leased@1'>, 'sealId'> & { readonly certificateSha256: string }

/** A lease told twice is the same lease: what it has used up stays used up. */
function granted(seq: number, cursor: number, lease: GrantedLease, db: SqlDatabase): void {
  db.run(
    `INSERT INTO seal_leases (certificate_sha256, lease_id, granted_seq, granted_cursor, uses, used, from_at, until_at,
       item_ids, seen_at)
     VALUES (:certificate, :leaseId, :seq, :cursor, :uses, 0, :from, :until, :itemIds, :from)
     ON CONFLICT (certificate_sha256, lease_id) DO UPDATE SET granted_seq = excluded.granted_seq,
       granted_cursor = excluded.granted_cursor, uses = excluded.uses, from_at = excluded.from_at,
       until_at = excluded.until_at, item_ids = excluded.item_ids`,
    {
      certificate: lease.certificateSha256,
      leaseId: lease.leaseId,
      seq,
      cursor,
      uses: lease.uses,
      from: lease.fromUtc,
      until: lease.untilUtc,
      itemIds: lease.itemIds && JSON.stringify(lease.itemIds),
    },
  )
}

function leased(entry: Entry, { sealId, ...lease }: EntryPayload<'seal.leased@1'>, db: SqlDatabase): void {
  const certificateSha256 = certificateOf(sealId, db)
  if (certificateSha256 !== undefined) granted(entry.seq, 0, { ...lease, certificateSha256 }, db)
}

function revoked(entry: Entry, { sealId, reason }: EntryPayload<'seal.revoked@1'>, db: SqlDatabase): void {
  const certificate = certificateOf(sealId, db)
  if (certificate !== undefined) stopped(certificate, reason, entry.at, 'station', entry.seq, db)
}

function stopped(
  certificate: string,
  reason: string,
  atUtc: string,
  by: 'station' | 'centre',
  seq: number,
  db: SqlDatabase,
): void {
  db.run(
    `INSERT INTO seal_revocations (certificate_sha256, reason, revoked_at, revoked_by, seq) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (certificate_sha256) DO UPDATE SET revoked_at = min(revoked_at, excluded.revoked_at)`,
    [certificate, reason, atUtc, by, seq],
  )
}

function certificateOf(sealId: string, db: SqlDatabase): string | undefined {
  return db.get<{ sha256: string }>('SELECT certificate_sha256 AS sha256 FROM seals WHERE seal_id = ?', [sealId])
    ?.sha256
}

function sealed(entry: Entry, payload: EntryPayload<'document.sealed@3'>, db: SqlDatabase): void {
  db.run(
    `INSERT INTO seal_impressions (seq, seal_id, seal_name, certificate_sha256, lease_id, document_id, case_id, title,
       reason, form, document_sha256, sealed_by, approved_by, sealed_at, places)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      entry.seq,
      payload.sealId,
      payload.sealName,
      payload.certificateSha256,
      payload.leaseId,
      payload.documentId,
      payload.caseId,
      payload.title,
      payload.reason,
      payload.form,
      payload.file.sha256,
      entry.actor,
      payload.approvedBy,
      entry.at,
      JSON.stringify(payload.places),
    ],
  )
  db.run('UPDATE seal_leases SET used = used + 1 WHERE certificate_sha256 = ? AND lease_id = ?', [
    payload.certificateSha256,
    payload.leaseId,
  ])
}

function timestamped(entry: Entry, payload: EntryPayload<'document.timestamped@1'>, db: SqlDatabase): void {
  db.run(
    'UPDATE seal_impressions SET timestamped_at = ? WHERE document_id = ? AND seq < ? AND timestamped_at IS NULL',
    [payload.atUtc, payload.documentId, entry.seq],
  )
}

/** The centre's leases and revocations among the items that count from here on. */
function feedApplied(entry: Entry, payload: EntryPayload<'feed.applied@1'>, db: SqlDatabase): void {
  for (const item of feedItemsOf(db, payload)) {
    if (item.kind === 'seal.lease') {
      const lease = sealLeaseItemSchema.safeParse(item.payload).data
      if (lease !== undefined) granted(entry.seq, item.cursor, lease, db)
    } else if (item.kind === 'seal.revoked') {
      const revocation = sealRevocationItemSchema.safeParse(item.payload).data
      if (revocation === undefined) continue
      stopped(revocation.certificateSha256, revocation.reason, revocation.revokedAtUtc, 'centre', entry.seq, db)
    }
  }
}

const ofSubject = '(case_id = :subject OR (case_id IS NULL AND document_id = :subject))'

/** No row of what was erased stays; that its impressions were made is counted by the entries themselves (`countErased`). */
function erased(subject: string, db: SqlDatabase): void {
  db.run(
    `UPDATE seal_leases SET used = used - (SELECT count(*) FROM seal_impressions AS impression WHERE ${ofSubject}
       AND impression.certificate_sha256 = seal_leases.certificate_sha256 AND impression.lease_id = seal_leases.lease_id)`,
    { subject },
  )
  db.run(`DELETE FROM seal_impressions WHERE ${ofSubject}`, { subject })
}
