// Owns: seals as the back office sees them: which there are, how often they were used, leases, revocations.
// Does not own: how the stations' entries are counted (seal-entries.ts), the feed (../feed).
// Start here: `listSeals`, `leaseSeal`, `revokeSeal`.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { hashSchema, type SealLeaseItem, type SealRevocationItem } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import { appendFeed } from '../feed/feed.ts'
import { Refusal } from '../refusal.ts'
import { lockStation } from '../stations/lock.ts'

/** A lease, and how often it was used. */
export type OfficeLease = {
  readonly leaseId: string
  readonly uses: number
  readonly impressions: number
  readonly fromUtc: string
  readonly untilUtc: string
  readonly itemIds: readonly string[] | null
  readonly grantedBy: 'centre' | 'station'
}

/** A certificate by which a station seals. */
export type OfficeSeal = {
  readonly stationId: string
  readonly certificateSha256: string
  /** '' where the station never told of it. */
  readonly name: string
  readonly organisation: string
  readonly validUntilUtc: string
  readonly impressions: number
  readonly leases: readonly OfficeLease[]
  readonly revoked: { readonly by: string; readonly reason: string; readonly atUtc: string } | null
  /** What does not agree, each in one sentence. */
  readonly differences: readonly string[]
}

/** What the office grants. */
export type LeaseRequest = {
  readonly stationId: string
  /** The certificate's SHA-256, or its beginning (8 digits or more). */
  readonly certificate: string
  readonly uses: number
  readonly days: number
  /** Matters; null for all. */
  readonly itemIds: readonly string[] | null
}

/** What the office stops. */
export type RevocationRequest = { readonly certificate: string; readonly reason: string }

/** The matters of a lease; a lease for none would only take the place of the one before. */
export const leasedItemsSchema = z.array(z.string().trim().min(1).max(60)).min(1).max(500).nullable()

type SealRow = Pick<OfficeSeal, 'stationId' | 'certificateSha256' | 'name' | 'organisation' | 'validUntilUtc'>
type LeaseRow = Omit<OfficeLease, 'impressions' | 'itemIds'> & {
  readonly stationId: string
  readonly certificateSha256: string
  readonly itemIds: string | null
}
type UseRow = {
  readonly stationId: string
  readonly certificateSha256: string
  readonly leaseId: string
  readonly impressions: number
}

/** Every seal that a station has told of or used, with what does not agree. */
export async function listSeals(sql: Sql, stationId: string | null): Promise<OfficeSeal[]> {
  const of = 'where $1::text is null or station_id = $1'
  const seals = await sql.query<SealRow>(
    `select station_id as "stationId", certificate_sha256 as "certificateSha256", name, organisation,
       valid_until as "validUntilUtc" from seals ${of}`,
    [stationId],
  )
  const leases = await sql.query<LeaseRow>(
    `select station_id as "stationId", certificate_sha256 as "certificateSha256", lease_id as "leaseId", uses,
       from_at as "fromUtc", until_at as "untilUtc", item_ids as "itemIds", granted_by as "grantedBy"
     from seal_leases ${of} order by from_at, lease_id`,
    [stationId],
  )
  const uses = await sql.query<UseRow>(
    `select station_id as "stationId", certificate_sha256 as "certificateSha256", lease_id as "leaseId", impressions
     from seal_uses ${of} order by lease_id`,
    [stationId],
  )
  const revocations = await sql.query<{ sha256: string; by: string; reason: string; atUtc: string }>(
    `select certificate_sha256 as sha256, revoked_by as by, reason, revoked_at as "atUtc" from seal_revocations
     order by revoked_at`,
  )
  const unknown = uses.filter((use) => !seals.some((seal) => isSame(seal, use)))
  const unknownSeals = new Map(unknown.map((use) => [`${use.stationId} ${use.certificateSha256}`, use]))
  const rows: SealRow[] = [
    ...seals,
    ...[...unknownSeals.values()].map(({ stationId: station, certificateSha256 }) => ({
      ...{ stationId: station, certificateSha256, name: '', organisation: '', validUntilUtc: '' },
    })),
  ]
  return rows.toSorted(inOrder).map((seal) => {
    const own = <T extends SealKeyed>(all: readonly T[]) => all.filter((one) => isSame(seal, one))
    const told = revocations.filter(({ sha256 }) => sha256 === seal.certificateSha256)
    // What another station says of this seal is not its word to give.
    const revocation = told.find(({ by }) => by === 'centre') ?? told.find(({ by }) => by === seal.stationId)
    const { sha256: _, ...revoked } = revocation ?? { sha256: '', by: '', reason: '', atUtc: '' }
    return reconcile(seal, own(leases), own(uses), revocation === undefined ? null : revoked)
  })
}

type SealKeyed = { readonly stationId: string; readonly certificateSha256: string }

const isSame = (a: SealKeyed, b: SealKeyed): boolean =>
  a.stationId === b.stationId && a.certificateSha256 === b.certificateSha256

const inOrder = (a: SealKeyed, b: SealKeyed): number =>
  `${a.stationId} ${a.certificateSha256}` < `${b.stationId} ${b.certificateSha256}` ? -1 : 1

function reconcile(
  seal: SealRow,
  leaseRows: readonly LeaseRow[],
  uses: readonly UseRow[],
  revoked: OfficeSeal['revoked'],
): OfficeSeal {
  const used = new Map(uses.map(({ leaseId, impressions }) => [leaseId, impressions]))
  const leases = leaseRows.map(({ stationId: _, certificateSha256: __, itemIds, ...lease }) => ({
    ...lease,
    itemIds: itemIds === null ? null : (JSON.parse(itemIds) as string[]),
    impressions: used.get(lease.leaseId) ?? 0,
  }))
  const impressions = uses.reduce((sum, use) => sum + use.impressions, 0)
  const granted = new Set(leases.map(({ leaseId }) => leaseId))
  const differences = [
    ...(seal.name === '' ? [`窗口没有报过这枚印章，却用它盖了 ${impressions} 次`] : []),
    ...leases
      .filter((lease) => lease.impressions > lease.uses)
      .map((lease) => `授权 ${lease.leaseId} 准用 ${lease.uses} 次，实际盖了 ${lease.impressions} 次`),
    ...uses
      .filter(({ leaseId }) => leaseId !== '' && !granted.has(leaseId))
      .map((use) => `有 ${use.impressions} 次用印所写的授权 ${use.leaseId} 中心没有记录`),
    ...(used.has('') ? [`有 ${used.get('')} 次用印没有写明授权`] : []),
    ...(revoked !== null && revoked.by !== 'centre' ? ['窗口自己停用了这枚印章，中心还没有通知其他窗口'] : []),
  ]
  return { ...seal, impressions, leases, revoked, differences }
}

const dayMs = 86_400_000

/**
 * Lets a station use a seal so often and so long without the centre, from now on; the station learns of it by the feed, and
 * an earlier lease counts no more. Refuses `not_found` for a seal that the station never told of, `step_not_legal` for one
 * that is stopped.
 */
export function leaseSeal(database: Database, wanted: LeaseRequest, now: Date): Promise<SealLeaseItem> {
  return database.transaction(async (sql) => {
    await lockStation(sql, wanted.stationId)
    const certificateSha256 = await findCertificate(sql, wanted.certificate, wanted.stationId)
    if (await isRevoked(sql, certificateSha256)) throw new Refusal('step_not_legal', '这枚印章已经停用，不能再授权')
    const item: SealLeaseItem = {
      leaseId: randomUUID(),
      certificateSha256,
      uses: wanted.uses,
      fromUtc: now.toISOString(),
      untilUtc: new Date(now.getTime() + wanted.days * dayMs).toISOString(),
      itemIds: wanted.itemIds && [...wanted.itemIds],
    }
    const itemIds = item.itemIds && JSON.stringify(item.itemIds)
    await sql.query(
      `insert into seal_leases (station_id, certificate_sha256, lease_id, uses, from_at, until_at, item_ids, granted_by)
       values ($1, $2, $3, $4, $5, $6, $7, 'centre')`,
      [wanted.stationId, certificateSha256, item.leaseId, item.uses, item.fromUtc, item.untilUtc, itemIds],
    )
    await appendFeed(sql, wanted.stationId, { kind: 'seal.lease', payload: item }, now)
    return item
  })
}

/**
 * Stops a seal for good and tells every enrolled station, since all of them check papers. A certificate that no station
 * told of may be stopped by its whole SHA-256. Refuses `not_found`, or `step_not_legal` where the centre has stopped it.
 */
export function revokeSeal(database: Database, wanted: RevocationRequest, now: Date): Promise<SealRevocationItem> {
  return database.transaction(async (sql) => {
    await lockRevocations(sql)
    const isWhole = hashSchema.safeParse(wanted.certificate).success
    const certificateSha256 = isWhole ? wanted.certificate : await findCertificate(sql, wanted.certificate, null)
    if (await isRevoked(sql, certificateSha256)) throw new Refusal('step_not_legal', '中心已经停用了这枚印章')
    const item: SealRevocationItem = { certificateSha256, reason: wanted.reason, revokedAtUtc: now.toISOString() }
    await sql.query(
      `insert into seal_revocations (certificate_sha256, revoked_by, reason, revoked_at) values ($1, 'centre', $2, $3)`,
      [certificateSha256, item.reason, item.revokedAtUtc],
    )
    const stations = await sql.query<{ id: string }>(
      'select station_id as id from stations where replaced_by is null order by station_id',
    )
    for (const { id } of stations) {
      await lockStation(sql, id)
      await appendFeed(sql, id, { kind: 'seal.revoked', payload: item }, now)
    }
    return item
  })
}

/** A station that has just been let in learns of everything that was stopped before. In the transaction that lets it in. */
export async function tellRevocations(sql: Sql, stationId: string, now: Date): Promise<void> {
  await lockRevocations(sql)
  const items = await sql.query<SealRevocationItem>(
    `select certificate_sha256 as "certificateSha256", reason, revoked_at as "revokedAtUtc" from seal_revocations
     where revoked_by = 'centre' order by revoked_at`,
  )
  for (const payload of items) await appendFeed(sql, stationId, { kind: 'seal.revoked', payload }, now)
}

/** Any constant: revocations and enrolments take turns, so that no station misses one. */
const revocationLock = 440283

async function lockRevocations(sql: Sql): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1)', [revocationLock])
}

async function isRevoked(sql: Sql, certificateSha256: string): Promise<boolean> {
  const rows = await sql.query(
    `select 1 from seal_revocations where certificate_sha256 = $1 and revoked_by = 'centre'`,
    [certificateSha256],
  )
  return rows.length > 0
}

async function findCertificate(sql: Sql, beginning: string, stationId: string | null): Promise<string> {
  const wanted = beginning.toLowerCase()
  if (!/^[0-9a-f]{8,64}$/.test(wanted)) throw new Refusal('not_found', '请写出证书摘要的前 8 位或更多')
  const rows = await sql.query<{ sha256: string }>(
    `select distinct certificate_sha256 as sha256 from seals
     where starts_with(certificate_sha256, $1) and ($2::text is null or station_id = $2) limit 2`,
    [wanted, stationId],
  )
  const [found, another] = rows
  if (another !== undefined) throw new Refusal('not_found', '有不止一枚印章以此开头，请写出更多位')
  if (found === undefined)
    throw new Refusal('not_found', stationId === null ? '没有窗口报过这枚印章' : '这个窗口没有报过这枚印章')
  return found.sha256
}
