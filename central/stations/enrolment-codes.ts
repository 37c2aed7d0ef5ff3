// Owns: one-time codes: made, kept as their hash, spent.
// Does not own: what a code lets in (enrolment.ts, ../relay/county.ts).
// Start here: `makeCode`.
import { randomBytes } from 'node:crypto'
import { sha256Hex } from '../../main/wire/canonical.ts'
import type { Sql } from '../database.ts'

/** A code stays good for two weeks. */
const codeLifeMs = 14 * 24 * 3600 * 1000

/** A code for a station (or `relay:` and a town), to be typed once. */
export type EnrolmentCode = {
  readonly code: string
  readonly stationId: string
  readonly expiresAtUtc: string
  /** The machine in whose place the code lets it. */
  readonly replaces?: string | undefined
}

/** What is known of a code that somebody brings. */
export type KnownCode = {
  readonly holder: string
  readonly expiresAt: Date
  readonly usedByKey: string | null
  readonly replaces: string | null
}

/** Letters and digits that are not taken for one another when read aloud or typed. */
const codeAlphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

/**
 * Makes a one-time code (20 characters, 99 bits) for a station. For one that is enrolled already it is good for the key that it
 * has: its answer was lost. Who may have one is not looked at here.
 */
export async function makeCode(
  sql: Sql,
  stationId: string,
  now: Date,
  replaces: string | null = null,
): Promise<EnrolmentCode> {
  const code = Array.from({ length: 4 }, () => randomLetters(5)).join('-')
  const expiresAtUtc = new Date(now.getTime() + codeLifeMs).toISOString()
  await sql.query('insert into enrolment_codes (code_hash, station_id, expires_at, replaces) values ($1, $2, $3, $4)', [
    codeHash(code),
    stationId,
    expiresAtUtc,
    replaces,
  ])
  return { code, stationId, expiresAtUtc, ...(replaces !== null && { replaces }) }
}

/** What is known of a code, locked for this transaction; undefined for one that was never made. */
export async function readCode(sql: Sql, code: string): Promise<KnownCode | undefined> {
  const [found] = await sql.query<KnownCode>(
    `select station_id as holder, expires_at as "expiresAt", used_by_key as "usedByKey", replaces from enrolment_codes
     where code_hash = $1 for update`,
    [codeHash(code)],
  )
  return found
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
