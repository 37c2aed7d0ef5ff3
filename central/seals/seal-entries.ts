// Owns: what the stations' entries tell of seals, counted as they come.
// Does not own: leases and revocations by the centre (seals.ts), the entries themselves (../ledger).
// Start here: `projectSealEntries`.
import type { EntryPayload } from '../../preload/contract/entries.ts'
import { entryPayloads } from '../../preload/contract/entries.ts'
import type { Sql } from '../database.ts'

/** An entry as far as seals need it; `payload` is null where it was erased. */
export type SealEntry = {
  readonly kind: string
  readonly version: number
  readonly at: string
  readonly payload: unknown
}

/** The kinds that this file reads. */
export const sealKinds: readonly string[] = ['seal.added', 'seal.leased', 'seal.revoked', 'document.sealed']

/**
 * Reads new entries into the tables of seals, in the transaction that stores them. What this centre does not know is
 * skipped: a newer station harms no older centre. An impression that was erased before it came is not counted.
 */
export async function projectSealEntries(sql: Sql, stationId: string, entries: readonly SealEntry[]): Promise<void> {
  for (const entry of entries) {
    const name = `${entry.kind}@${entry.version}`
    if (name === 'seal.added@1') await added(sql, stationId, entry)
    if (name === 'seal.leased@1') await leased(sql, stationId, entry)
    if (name === 'seal.revoked@1') await revoked(sql, stationId, entry)
    if (name === 'document.sealed@1' || name === 'document.sealed@2') await sealed(sql, stationId, entry)
  }
}

/** Reads what came before the centre counted seals, in the migration that makes their tables. */
export async function projectEarlierSealEntries(sql: Sql): Promise<void> {
  type Row = { station_id: string; seq: number; kind: string; version: number; at: string; payload: string | null }
  let after: readonly [string, number] = ['', 0]
  for (;;) {
    const rows = await sql.query<Row>(
      `select station_id, seq, kind, version, at, payload from entries
       where (station_id, seq) > ($1, $2) and kind = any($3::text[]) order by station_id, seq limit 500`,
      [...after, sealKinds],
    )
    for (const row of rows) {
      const payload: unknown = row.payload === null ? null : JSON.parse(row.payload)
      await projectSealEntries(sql, row.station_id, [{ ...row, payload }])
    }
    const last = rows.at(-1)
    if (last === undefined) return
    after = [last.station_id, last.seq]
  }
}

/** A text column refuses NUL; what else is there is kept. */
const printable = (text: string): string => text.replaceAll('\u0000', '')

async function added(sql: Sql, stationId: string, { at, payload }: SealEntry): Promise<void> {
  const { data } = entryPayloads['seal.added@1'].safeParse(payload)
  if (data === undefined) return
  await sql.query(
    `insert into seals (station_id, certificate_sha256, seal_id, name, organisation, holder, algorithm, valid_until, added_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [
      stationId,
      data.certificateSha256,
      printable(data.sealId),
      data.name,
      data.organisation,
      data.holder,
      data.algorithm,
      data.validUntilUtc,
      at,
    ],
  )
}

async function leased(sql: Sql, stationId: string, { payload }: SealEntry): Promise<void> {
  const { data } = entryPayloads['seal.leased@1'].safeParse(payload)
  const certificate = data && (await certificateOf(sql, stationId, data.sealId))
  if (data === undefined || certificate === undefined) return
  await sql.query(
    `insert into seal_leases (station_id, certificate_sha256, lease_id, uses, from_at, until_at, item_ids, granted_by)
     values ($1, $2, $3, $4, $5, $6, $7, 'station') on conflict do nothing`,
    [
      stationId,
      certificate,
      printable(data.leaseId),
      data.uses,
      data.fromUtc,
      data.untilUtc,
      data.itemIds && JSON.stringify(data.itemIds),
    ],
  )
}

async function revoked(sql: Sql, stationId: string, { at, payload }: SealEntry): Promise<void> {
  const { data } = entryPayloads['seal.revoked@1'].safeParse(payload)
  const certificate = data && (await certificateOf(sql, stationId, data.sealId))
  if (data === undefined || certificate === undefined) return
  await sql.query(
    `insert into seal_revocations (certificate_sha256, revoked_by, reason, revoked_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [certificate, stationId, printable(data.reason), at],
  )
}

async function certificateOf(sql: Sql, stationId: string, sealId: string): Promise<string | undefined> {
  const [seal] = await sql.query<{ certificate_sha256: string }>(
    'select certificate_sha256 from seals where station_id = $1 and seal_id = $2',
    [stationId, printable(sealId)],
  )
  return seal?.certificate_sha256
}

async function sealed(sql: Sql, stationId: string, { version, at, payload }: SealEntry): Promise<void> {
  const told = sealedOf(version, payload)
  if (told === undefined) return
  await sql.query(
    `insert into seal_uses (station_id, certificate_sha256, lease_id, impressions, last_at) values ($1, $2, $3, 1, $4)
     on conflict (station_id, certificate_sha256, lease_id) do update
       set impressions = seal_uses.impressions + 1, last_at = greatest(seal_uses.last_at, excluded.last_at)`,
    [stationId, told.certificateSha256, printable(told.leaseId), at],
  )
}

/** Until version 2 an impression named no lease. */
function sealedOf(
  version: number,
  payload: unknown,
): Pick<EntryPayload<'document.sealed@2'>, 'certificateSha256' | 'leaseId'> | undefined {
  if (version === 2) return entryPayloads['document.sealed@2'].safeParse(payload).data
  const { data } = entryPayloads['document.sealed@1'].safeParse(payload)
  return data && { ...data, leaseId: '' }
}
