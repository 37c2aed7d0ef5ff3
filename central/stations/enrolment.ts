// Owns: which stations are let in, by a code.
// Does not own: the codes (enrolment-codes.ts); what a station says afterwards (authentication.ts, ../ledger).
// Start here: `enrolStation`.
import { genesisHash } from '../../main/wire/entry.ts'
import { isPublicKey } from '../../main/wire/signatures.ts'
import type { CodeAnswer } from '../../preload/contract/hand-over.ts'
import { type EnrolmentReply, type EnrolmentRequest, stationIdSchema } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import { tellCalendars } from '../feed/publishing.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'
import { tellRelayOf } from '../relay/county.ts'
import { tellRevocations } from '../seals/seals.ts'
import { tellReleasesTo } from '../standards/telling.ts'
import { readCode, spendCode } from './enrolment-codes.ts'
import { describeMachine, replacedMachine, replacementOf, replaceStation } from './replacement.ts'

export type { EnrolmentCode } from './enrolment-codes.ts'
export { makeEnrolmentCode } from './replacement.ts'

/**
 * Lets a station in by its code, once. Where the code is for the place of a machine that was lost, that one's key is dead from
 * this moment, and its open cases and drafts are handed over, all in one transaction. Repeating the request with the same key
 * gives the same answer, so that a lost answer harms nobody. Refuses `enrolment_code_wrong` (wrong, expired, used, another
 * station's), `station_taken` and `station_replaced`. The caller has checked that the request is signed by the key that it brings.
 */
export async function enrolStation(
  database: Database,
  identity: Identity,
  request: EnrolmentRequest,
  now: Date,
): Promise<EnrolmentReply> {
  if (!isPublicKey(request.publicKey)) throw new Refusal('malformed', '公钥无法识别')
  const { enrolledAt, replaced } = await database.transaction((sql) => letIn(sql, request, now))
  return {
    centreId: identity.centreId,
    centreName: identity.name,
    centrePublicKey: identity.publicKey,
    enrolledAtUtc: enrolledAt.toISOString(),
    ...(replaced && { replaced }),
  }
}

type LetIn = { readonly enrolledAt: Date; readonly replaced?: EnrolmentReply['replaced'] }

async function letIn(sql: Sql, request: EnrolmentRequest, now: Date): Promise<LetIn> {
  const { code, stationId, publicKey } = request
  const found = await readCode(sql, code)
  if (found === undefined || found.holder !== stationId) throw new Refusal('enrolment_code_wrong', '登记码不对')
  const [station] = await sql.query<{ public_key: string; enrolled_at: Date; replaced_by: string | null }>(
    'select public_key, enrolled_at, replaced_by from stations where station_id = $1',
    [stationId],
  )
  if (station !== undefined && station.replaced_by !== null) throw replacedMachine()
  if (found.usedByKey !== null) {
    if (found.usedByKey === publicKey && station?.public_key === publicKey)
      return { enrolledAt: station.enrolled_at, ...(await replacementOf(sql, found.replaces, stationId)) }
    throw new Refusal('enrolment_code_wrong', '登记码已经用过')
  }
  if (found.expiresAt <= now) throw new Refusal('enrolment_code_wrong', '登记码已经过期')
  if (station !== undefined && (station.public_key !== publicKey || found.replaces !== null))
    throw new Refusal('station_taken', '这个窗口已经登记过')
  const enrolledAt = station?.enrolled_at ?? (await insertStation(sql, request, now))
  await spendCode(sql, code, publicKey)
  if (found.replaces === null) return { enrolledAt }
  return { enrolledAt, replaced: await replaceStation(sql, { from: found.replaces, to: stationId }, now) }
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

/** What a code is for, told to who has it. Refuses `enrolment_code_wrong`. */
export function askCode(database: Database, identity: Identity, code: string, now: Date): Promise<CodeAnswer> {
  return database.transaction(async (sql) => {
    const found = await readCode(sql, code)
    const isGood = found !== undefined && stationIdSchema.safeParse(found.holder).success && found.expiresAt > now
    if (!isGood) throw new Refusal('enrolment_code_wrong', '登记码不对，或已经过期')
    const replaces = found.replaces === null ? null : await describeMachine(sql, found.replaces)
    return { centreName: identity.name, stationId: found.holder, replaces }
  })
}
