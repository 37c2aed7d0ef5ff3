// Owns: whether a request is a station's own, or its relay's, fresh, and not said before.
// Does not own: signatures themselves (main/wire/signatures.ts).
// Start here: `authenticate`.
import { readSignature, type SignatureHeaders, type SignedRequest, verifyRequest } from '../../main/wire/signatures.ts'
import type { Database, Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { findRelay } from '../relay/county.ts'

/** How far `created` may lie from the centre's time. A station that is refused is told the time and signs again with it. */
const windowSeconds = 600

/** Who signed a request: a station, or (with `town`) the relay of that town. */
export type Speaker = { readonly keyId: string; readonly publicKey: string; readonly town?: string }

/** A station's key; a replaced station's is dead. */
type StationKey = { readonly publicKey: string; readonly isReplaced: boolean }

/**
 * Returns the station or relay whose signature the request carries. Refuses `station_unknown`, `unauthorized` (no, foreign or broken
 * signature), `station_replaced` (a machine in whose place another is), `clock_skew` (with the centre's time) and `replayed`.
 *
 * Replays are refused by memory: a nonce is kept for as long as its request could pass the window. The window is measured in
 * the centre's time, which stations learn from its answers, so a village's wrong clock costs one more round trip and stops
 * nothing. (A replayed batch would change nothing anyway; a replayed feed request would hand personal data to whoever recorded it.)
 */
export async function authenticate(
  database: Database,
  request: SignedRequest,
  headers: SignatureHeaders,
  now: Date,
): Promise<Speaker> {
  const claimed = readSignature(headers)
  if (claimed === undefined) throw new Refusal('unauthorized', '请求没有签名')
  const speaker = await findSpeaker(database, claimed.keyId)
  if (!verifyRequest(request, headers, speaker.publicKey)) throw new Refusal('unauthorized', '签名不对')
  if (speaker.isReplaced) throw replaced()
  refuseSkew(claimed.createdSeconds, now)
  await rememberNonce(database, claimed.keyId, claimed.nonce, claimed.createdSeconds, now)
  const { isReplaced: _, ...found } = speaker
  return found
}

/** What a machine is told in whose place another is: who has its key proves no more than that it was one of ours. */
export function replaced(): Refusal {
  return new Refusal('station_replaced', '这台机器已由另一台代替，中心不再接收它')
}

async function findSpeaker(database: Database, keyId: string): Promise<Speaker & { readonly isReplaced: boolean }> {
  const relay = keyId.startsWith('relay-') ? await findRelay(database, keyId) : undefined
  if (relay !== undefined) return { keyId, publicKey: relay.publicKey, town: relay.town, isReplaced: false }
  const station = await findStation(database, keyId)
  if (station === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  return { keyId, ...station }
}

/** The key of an enrolled station, and whether it is dead; undefined for one that is not enrolled. */
export async function findStation(sql: Sql, stationId: string): Promise<StationKey | undefined> {
  const [station] = await sql.query<StationKey>(
    'select public_key as "publicKey", replaced_by is not null as "isReplaced" from stations where station_id = $1',
    [stationId],
  )
  return station
}

/** Refuses a request whose time lies outside the window, telling the centre's time. */
export function refuseSkew(createdSeconds: number, now: Date): void {
  if (Math.abs(createdSeconds - now.getTime() / 1000) <= windowSeconds) return
  throw new Refusal('clock_skew', '窗口的时钟与中心相差太多', { centreTimeUtc: now.toISOString() })
}

/** A station's row says when it was last seen to the hour: for how many are alive, not worth a write each request. */
async function rememberNonce(database: Database, speakerId: string, nonce: string, createdSeconds: number, now: Date) {
  const fresh = await database.query(
    `with seen as (
       update stations set last_seen_at = $4::timestamptz
       where station_id = $1 and (last_seen_at is null or last_seen_at < $4::timestamptz - interval '1 hour')
     )
     insert into seen_nonces (station_id, nonce, created_at) values ($1, $2, to_timestamp($3))
     on conflict do nothing returning 1 as one`,
    [speakerId, nonce, createdSeconds, now.toISOString()],
  )
  if (fresh.length === 0) throw new Refusal('replayed', '这个请求已经处理过')
}

/** Forgets nonces whose requests the window refuses by now. */
export async function forgetOldNonces(database: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - 2 * windowSeconds * 1000)
  await database.query('delete from seen_nonces where created_at < $1', [before.toISOString()])
}
