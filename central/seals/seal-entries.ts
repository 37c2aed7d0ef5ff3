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
 * Reads new entries into the tables of seals, in the transaction that stores them: at most one statement a kind, however
 * many entries there are. What this centre does not know is skipped: a newer station harms no older centre. An impression
 * that was erased before it came is not counted.
 */
export async function projectSealEntries(sql: Sql, stationId: string, entries: readonly SealEntry[]): Promise<void> {
  const told = entries.filter(({ kind }) => sealKinds.includes(kind))
  if (told.length === 0) return
  const rows = readInOrder(await certificatesOf(sql, stationId, told), told)
  await insertSeals(sql, stationId, rows.seals)
  await insertLeases(sql, stationId, rows.leases)
  await insertRevocations(sql, stationId, rows.revocations)
  await countUses(sql, stationId, rows.uses)
}

/** Reads what came before the centre counted seals, in the migration that makes their tables. */
export async function projectEarlierSealEntries(sql: Sql): Promise<void> {
  let after: readonly [string, number] = ['', 0]
  for (;;) {
    const rows = await sql.query<EarlierRow>(
      `select station_id, seq, kind, version, at, payload from entries
       where (station_id, seq) > ($1, $2) and kind = any($3::text[]) order by station_id, seq limit 500`,
      [...after, sealKinds],
    )
    for (const [stationId, ofStation] of byStation(rows)) {
      const entries = ofStation.map((row) => ({ ...row, payload: row.payload && (JSON.parse(row.payload) as unknown) }))
      await projectSealEntries(sql, stationId, entries)
    }
    const last = rows.at(-1)
    if (last === undefined) return
    after = [last.station_id, last.seq]
  }
}

type EarlierRow = {
  readonly station_id: string
  readonly seq: number
  readonly kind: string
  readonly version: number
  readonly at: string
  readonly payload: string | null
}

/** Rows in the order of their stations, cut where the next station begins. */
function byStation(rows: readonly EarlierRow[]): Map<string, EarlierRow[]> {
  const stations = new Map<string, EarlierRow[]>()
  for (const row of rows) stations.set(row.station_id, [...(stations.get(row.station_id) ?? []), row])
  return stations
}

type Added = EntryPayload<'seal.added@1'> & { readonly at: string }
type Leased = EntryPayload<'seal.leased@1'> & { readonly certificate: string }
type Revoked = { readonly certificate: string; readonly reason: string; readonly at: string }
type Uses = { readonly certificate: string; readonly leaseId: string; count: number; lastAt: string }
type Rows = { seals: Added[]; leases: Leased[]; revocations: Revoked[]; uses: Uses[] }

/** A text column refuses NUL; what else is there is kept. */
const printable = (text: string): string => text.replaceAll('\u0000', '')

/** Walks through the entries as they stand: a lease or a revocation of a seal that was not added before it tells nothing. */
function readInOrder(certificates: Map<string, string>, entries: readonly SealEntry[]): Rows {
  const rows: Rows = { seals: [], leases: [], revocations: [], uses: [] }
  const uses = new Map<string, Uses>()
  for (const { kind, version, at, payload } of entries) {
    const name = `${kind}@${version}`
    if (name === 'seal.added@1') {
      const { data } = entryPayloads[name].safeParse(payload)
      if (data === undefined) continue
      const sealId = printable(data.sealId)
      rows.seals.push({ ...data, sealId, at })
      if (!certificates.has(sealId)) certificates.set(sealId, data.certificateSha256)
    }
    if (name === 'seal.leased@1') {
      const { data } = entryPayloads[name].safeParse(payload)
      const certificate = data && certificates.get(printable(data.sealId))
      if (data !== undefined && certificate !== undefined)
        rows.leases.push({ ...data, leaseId: printable(data.leaseId), certificate })
    }
    if (name === 'seal.revoked@1') {
      const { data } = entryPayloads[name].safeParse(payload)
      const certificate = data && certificates.get(printable(data.sealId))
      if (data !== undefined && certificate !== undefined)
        rows.revocations.push({ certificate, reason: printable(data.reason), at })
    }
    const sealed = sealedOf(name, payload)
    if (sealed !== undefined) count(uses, sealed.certificateSha256, printable(sealed.leaseId), at)
  }
  return { ...rows, uses: [...uses.values()] }
}

function count(uses: Map<string, Uses>, certificate: string, leaseId: string, at: string): void {
  const key = `${certificate} ${leaseId}`
  const known = uses.get(key)
  if (known === undefined) uses.set(key, { certificate, leaseId, count: 1, lastAt: at })
  else Object.assign(known, { count: known.count + 1, lastAt: known.lastAt > at ? known.lastAt : at })
}

/** Until version 2 an impression named no lease. */
function sealedOf(
  name: string,
  payload: unknown,
): Pick<EntryPayload<'document.sealed@3'>, 'certificateSha256' | 'leaseId'> | undefined {
  if (name === 'document.sealed@2' || name === 'document.sealed@3') return entryPayloads[name].safeParse(payload).data
  if (name !== 'document.sealed@1') return undefined
  const { data } = entryPayloads[name].safeParse(payload)
  return data && { ...data, leaseId: '' }
}

/** The certificates of the station's seals by the seals' ids; asked only where an entry names a seal by its id. */
async function certificatesOf(
  sql: Sql,
  stationId: string,
  entries: readonly SealEntry[],
): Promise<Map<string, string>> {
  if (!entries.some(({ kind }) => kind === 'seal.leased' || kind === 'seal.revoked')) return new Map()
  const rows = await sql.query<{ sealId: string; certificate: string }>(
    'select seal_id as "sealId", certificate_sha256 as certificate from seals where station_id = $1 order by added_at desc',
    [stationId],
  )
  return new Map(rows.map(({ sealId, certificate }) => [sealId, certificate]))
}

async function insertSeals(sql: Sql, stationId: string, seals: readonly Added[]): Promise<void> {
  if (seals.length === 0) return
  await sql.query(
    `insert into seals (station_id, certificate_sha256, seal_id, name, organisation, holder, algorithm, valid_until, added_at)
     select $1::text, sent.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::text[]) as sent on conflict do nothing`,
    [
      stationId,
      seals.map(({ certificateSha256 }) => certificateSha256),
      seals.map(({ sealId }) => sealId),
      seals.map(({ name }) => name),
      seals.map(({ organisation }) => organisation),
      seals.map(({ holder }) => holder),
      seals.map(({ algorithm }) => algorithm),
      seals.map(({ validUntilUtc }) => validUntilUtc),
      seals.map(({ at }) => at),
    ],
  )
}

async function insertLeases(sql: Sql, stationId: string, leases: readonly Leased[]): Promise<void> {
  if (leases.length === 0) return
  await sql.query(
    `insert into seal_leases (station_id, granted_by, certificate_sha256, lease_id, uses, from_at, until_at, item_ids)
     select $1::text, 'station', sent.* from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[])
       as sent on conflict do nothing`,
    [
      stationId,
      leases.map(({ certificate }) => certificate),
      leases.map(({ leaseId }) => leaseId),
      leases.map(({ uses }) => uses),
      leases.map(({ fromUtc }) => fromUtc),
      leases.map(({ untilUtc }) => untilUtc),
      leases.map(({ itemIds }) => itemIds && JSON.stringify(itemIds)),
    ],
  )
}

async function insertRevocations(sql: Sql, stationId: string, revocations: readonly Revoked[]): Promise<void> {
  if (revocations.length === 0) return
  await sql.query(
    `insert into seal_revocations (revoked_by, certificate_sha256, reason, revoked_at)
     select $1::text, sent.* from unnest($2::text[], $3::text[], $4::text[]) as sent on conflict do nothing`,
    [
      stationId,
      revocations.map(({ certificate }) => certificate),
      revocations.map(({ reason }) => reason),
      revocations.map(({ at }) => at),
    ],
  )
}

async function countUses(sql: Sql, stationId: string, uses: readonly Uses[]): Promise<void> {
  if (uses.length === 0) return
  await sql.query(
    `insert into seal_uses (station_id, certificate_sha256, lease_id, impressions, last_at)
     select $1::text, sent.* from unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) as sent
     on conflict (station_id, certificate_sha256, lease_id) do update
       set impressions = seal_uses.impressions + excluded.impressions, last_at = greatest(seal_uses.last_at, excluded.last_at)`,
    [
      stationId,
      uses.map(({ certificate }) => certificate),
      uses.map(({ leaseId }) => leaseId),
      uses.map((use) => use.count),
      uses.map(({ lastAt }) => lastAt),
    ],
  )
}
