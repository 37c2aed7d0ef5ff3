// Owns: one-time codes, and the stations that they let in.
// Does not own: what a station says afterwards (authentication.ts, ../ledger).
// Start here: `enrolStation`.
import { randomBytes } from 'node:crypto'
import { sha256Hex } from '../../main/wire/canonical.ts'
import { genesisHash } from '../../main/wire/entry.ts'
import { isPublicKey } from '../../main/wire/signatures.ts'
import type { EnrolmentReply, EnrolmentRequest } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'
import { tellRevocations } from '../seals/seals.ts'

/** A code stays good for two weeks. */
const codeLifeMs = 14 * 24 * 3600 * 1000

/** A code for a station, to be typed once. */
export type EnrolmentCode = { readonly code: string; readonly stationId: string; readonly expiresAtUtc: string }

/** Letters and digits that are not taken for one another when read aloud or typed. */
const codeAlphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

/** Makes a one-time code (20 characters, 99 bits) for a station. For one that is enrolled already it is good for the key that it has: its answer was lost. */
export async function makeEnrolmentCode(database: Database, stationId: string, now: Date): Promise<EnrolmentCode> {
  const code = Array.from({ length: 4 }, () => randomLetters(5)).join('-')
  const expiresAtUtc = new Date(now.getTime() + codeLifeMs).toISOString()
  const row = [codeHash(code), stationId, expiresAtUtc]
  await database.query('insert into enrolment_codes (code_hash, station_id, expires_at) values ($1, $2, $3)', row)
  return { code, stationId, expiresAtUtc }
}

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
  const enrolledAt = await database.transaction((sql) => spendCode(sql, request, now))
  return {
    centreId: identity.centreId,
    centreName: identity.name,
    centrePublicKey: identity.publicKey,
    enrolledAtUtc: enrolledAt.toISOString(),
  }
}

async function spendCode(sql: Sql, request: EnrolmentRequest, now: Date): Promise<Date> {
  const { code, stationId, publicKey } = request
  type CodeRow = { station_id: string; expires_at: Date; used_by_key: string | null }
  const [found] = await sql.query<CodeRow>(
    'select station_id, expires_at, used_by_key from enrolment_codes where code_hash = $1 for update',
    [codeHash(code)],
  )
  if (found === undefined || found.station_id !== stationId) throw new Refusal('enrolment_code_wrong', '登记码不对')
  const [station] = await sql.query<{ public_key: string; enrolled_at: Date }>(
    'select public_key, enrolled_at from stations where station_id = $1',
    [stationId],
  )
  if (found.used_by_key !== null) {
    if (found.used_by_key === publicKey && station?.public_key === publicKey) return station.enrolled_at
    throw new Refusal('enrolment_code_wrong', '登记码已经用过')
  }
  if (found.expires_at <= now) throw new Refusal('enrolment_code_wrong', '登记码已经过期')
  if (station !== undefined && station.public_key !== publicKey)
    throw new Refusal('station_taken', '这个窗口已经登记过')
  const enrolledAt = station?.enrolled_at ?? (await insertStation(sql, request, now))
  await sql.query('update enrolment_codes set used_by_key = $2 where code_hash = $1', [codeHash(code), publicKey])
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
  return enrolled.enrolled_at
}

function codeHash(code: string): string {
  return sha256Hex(code.toUpperCase().replace(/[^0-9A-Z]/g, ''))
}

function randomLetters(count: number): string {
  let letters = ''
  while (letters.length < count) {
    const [byte = 255] = randomBytes(1)
    // 248 = 8 × 31: bytes above would favour the first letters.
    if (byte < 248) letters += codeAlphabet[byte % codeAlphabet.length]
  }
  return letters
}
