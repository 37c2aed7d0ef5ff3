// Owns: which stations are let in, by a code.
// Does not own: the codes (enrolment-codes.ts); what a station says afterwards (authentication.ts, ../ledger).
// Start here: `enrolStation`.
import { genesisHash } from '../../main/wire/entry.ts'
import { isPublicKey } from '../../main/wire/signatures.ts'
import type { EnrolmentReply, EnrolmentRequest } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import { tellCalendars } from '../feed/publishing.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'
import { tellRelayOf } from '../relay/county.ts'
import { tellRevocations } from '../seals/seals.ts'
import { tellReleasesTo } from '../standards/telling.ts'
import { readCode, spendCode } from './enrolment-codes.ts'

export { type EnrolmentCode, makeEnrolmentCode } from './enrolment-codes.ts'

/**
 * Lets a station in by its code, once. Repeating the request with the same key gives the same answer, so that a lost answer
 * harms nobody. Refuses `enrolment_code_wrong` (wrong, expired, used, another station's) and `station_taken`. The caller has
 * checked that the request is signed by the key that it brings.
 */
export async function enrolStation(
  database: Database,
  identity: Identity,
  request: EnrolmentRequest,
  now: Date,
): Promise<EnrolmentReply> {
  if (!isPublicKey(request.publicKey)) throw new Refusal('malformed', '公钥无法识别')
  const enrolledAt = await database.transaction((sql) => letIn(sql, request, now))
  return {
    centreId: identity.centreId,
    centreName: identity.name,
    centrePublicKey: identity.publicKey,
    enrolledAtUtc: enrolledAt.toISOString(),
  }
}

async function letIn(sql: Sql, request: EnrolmentRequest, now: Date): Promise<Date> {
  const { code, stationId, publicKey } = request
  const found = await readCode(sql, code)
  if (found === undefined || found.holder !== stationId) throw new Refusal('enrolment_code_wrong', '登记码不对')
  const [station] = await sql.query<{ public_key: string; enrolled_at: Date }>(
    'select public_key, enrolled_at from stations where station_id = $1',
    [stationId],
  )
  if (found.usedByKey !== null) {
    if (found.usedByKey === publicKey && station?.public_key === publicKey) return station.enrolled_at
    throw new Refusal('enrolment_code_wrong', '登记码已经用过')
  }
  if (found.expiresAt <= now) throw new Refusal('enrolment_code_wrong', '登记码已经过期')
  if (station !== undefined && station.public_key !== publicKey)
    throw new Refusal('station_taken', '这个窗口已经登记过')
  const enrolledAt = station?.enrolled_at ?? (await insertStation(sql, request, now))
  await spendCode(sql, code, publicKey)
  return enrolledAt
}

async function insertStation(
  sql: Sql,
  { stationId, windowName, publicKey }: EnrolmentRequest,
  now: Date,
): Promise<Date> {
  const [enrolled] = await sql.query<{ enrolled_at: Date }>(
    `insert into stations (station_id, window_name, public_key, enrolled_at, head_hash) values ($1, $2, $3, $4, $5)
     on conflict (station_id) do nothing returning enrolled_at`,
    [stationId, windowName, publicKey, now.toISOString(), genesisHash],
  )
  if (enrolled === undefined) throw new Refusal('station_taken', '这个窗口已经登记过')
  await tellRevocations(sql, stationId, now)
  await tellRelayOf(sql, stationId, now)
  await tellCalendars(sql, stationId, now)
  await tellReleasesTo(sql, { stationId, tags: [] }, now)
  return enrolled.enrolled_at
}
