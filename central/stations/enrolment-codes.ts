// Owns: one-time codes: made, kept as their hash, spent.
// Does not own: what a code lets in (enrolment.ts, ../relay/county.ts).
// Start here: `makeEnrolmentCode`.
import { randomBytes } from 'node:crypto'
import { sha256Hex } from '../../main/wire/canonical.ts'
import type { Database, Sql } from '../database.ts'

/** A code stays good for two weeks. */
const codeLifeMs = 14 * 24 * 3600 * 1000

/** A code for a station (or `relay:` and a town), to be typed once. */
export type EnrolmentCode = { readonly code: string; readonly stationId: string; readonly expiresAtUtc: string }

/** What is known of a code that somebody brings. */
export type KnownCode = { readonly holder: string; readonly expiresAt: Date; readonly usedByKey: string | null }

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

/** What is known of a code, locked for this transaction; undefined for one that was never made. */
export async function readCode(sql: Sql, code: string): Promise<KnownCode | undefined> {
  const [found] = await sql.query<{ station_id: string; expires_at: Date; used_by_key: string | null }>(
    'select station_id, expires_at, used_by_key from enrolment_codes where code_hash = $1 for update',
    [codeHash(code)],
  )
  return found && { holder: found.station_id, expiresAt: found.expires_at, usedByKey: found.used_by_key }
}

/** Spends a code for good. */
export async function spendCode(sql: Sql, code: string, publicKey: string): Promise<void> {
  await sql.query('update enrolment_codes set used_by_key = $2 where code_hash = $1', [codeHash(code), publicKey])
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
