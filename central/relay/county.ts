// Owns: a county's word on relays: which one works for a town, what its stations are told of it, what it may know.
// Does not own: the relay itself (upstream.ts, onward.ts) or the routes (county-routes.ts).
// Start here: `enrolRelay`.

import { sha256Hex } from '../../main/wire/canonical.ts'
import { isPublicKey, signerOf, signValue } from '../../main/wire/signatures.ts'
import { entryPayloads } from '../../preload/contract/entries.ts'
import type {
  RelayEnrolmentReply,
  RelayEnrolmentRequest,
  RelayStation,
  RelayStations,
} from '../../preload/contract/relay.ts'
import type { RelayItem } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import { appendFeed } from '../feed/feed.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'
import { type EnrolmentCode, makeCode, readCode, spendCode } from '../stations/enrolment-codes.ts'
import { lockStation } from '../stations/lock.ts'

/** A relay on the county's list. */
export type OfficeRelay = {
  readonly relayId: string
  readonly town: string
  readonly name: string
  readonly url: string | null
  readonly enrolledAtUtc: string
  /** When it last asked for anything; null for never. */
  readonly lastSeenAtUtc: string | null
  /** Null while it works. */
  readonly removedAtUtc: string | null
}

/** A relay that works, as who is asking needs it. */
export type Relay = { readonly relayId: string; readonly publicKey: string; readonly town: string }

type RelayRow = {
  relay_id: string
  town: string
  name: string
  public_key: string
  url: string | null
  enrolled_at: Date
  last_seen_at: Date | null
  removed_at: Date | null
}

/** The id that belongs to a relay's key. */
export function relayIdOf(publicKey: string): string {
  return `relay-${sha256Hex(publicKey).slice(0, 32)}`
}

/** The town of a division code of 9 digits, or of 12 that end in 000 (a town's own, GB/T 10114). Refuses `malformed` for another. */
export function townOf(code: string): string {
  if (!/^[0-9]{9}(000)?$/.test(code)) throw new Refusal('malformed', '镇街代码是 9 位，或以 000 结尾的 12 位')
  return code.slice(0, 9)
}

/** Makes a one-time code for the relay of a town. Refuses `malformed`. */
export function makeRelayCode(database: Database, townCode: string, now: Date): Promise<EnrolmentCode> {
  return makeCode(database, codeHolder(townOf(townCode)), now)
}

/** No station's id has this form: a relay's code lets no station in, and the other way round. */
const codeHolder = (town: string): string => `relay:${town}`

/**
 * Lets a relay in by its code, once, and tells every station of its town whose key to believe. A town has one relay: the one
 * before is removed. Repeating the request with the same key gives the same answer. Refuses `enrolment_code_wrong`. The
 * caller has checked that the request is signed by the key that it brings.
 */
export async function enrolRelay(
  database: Database,
  identity: Identity,
  request: RelayEnrolmentRequest,
  now: Date,
): Promise<RelayEnrolmentReply> {
  if (!isPublicKey(request.publicKey)) throw new Refusal('malformed', '公钥无法识别')
  const relayId = relayIdOf(request.publicKey)
  const { town, enrolledAt } = await database.transaction((sql) => letIn(sql, relayId, request, now))
  return {
    relayId,
    town,
    centreId: identity.centreId,
    centreName: identity.name,
    centrePublicKey: identity.publicKey,
    enrolledAtUtc: enrolledAt.toISOString(),
  }
}

async function letIn(
  sql: Sql,
  relayId: string,
  { code, publicKey, name, url }: RelayEnrolmentRequest,
  now: Date,
): Promise<{ town: string; enrolledAt: Date }> {
  await lockRelays(sql)
  const found = await readCode(sql, code)
  const town = /^relay:([0-9]{9})$/.exec(found?.holder ?? '')?.[1]
  if (found === undefined || town === undefined) throw new Refusal('enrolment_code_wrong', '登记码不对')
  const known = await findRow(sql, relayId)
  const works = known?.removed_at === null && known.town === town ? known : undefined
  if (found.usedByKey !== null && (found.usedByKey !== publicKey || works === undefined))
    throw new Refusal('enrolment_code_wrong', '登记码已经用过')
  if (found.usedByKey === null && found.expiresAt <= now) throw new Refusal('enrolment_code_wrong', '登记码已经过期')
  await spendCode(sql, code, publicKey)
  if (works !== undefined) return { town, enrolledAt: works.enrolled_at }
  await sql.query('delete from relays where relay_id = $1', [relayId])
  await sql.query('update relays set removed_at = $2 where town = $1 and removed_at is null', [town, now.toISOString()])
  await sql.query(
    'insert into relays (relay_id, town, name, public_key, url, enrolled_at) values ($1, $2, $3, $4, $5, $6)',
    [relayId, town, name, publicKey, url, now.toISOString()],
  )
  await tellTown(sql, town, now)
  return { town, enrolledAt: now }
}

/** Takes a relay's leave to work, at once, and tells its town's stations. Entries that it holds come from the windows themselves. Refuses `not_found`. */
export async function removeRelay(database: Database, relayId: string, now: Date): Promise<OfficeRelay> {
  return database.transaction(async (sql) => {
    await lockRelays(sql)
    const row = await findRow(sql, relayId)
    if (row === undefined || row.removed_at !== null) throw new Refusal('not_found', '没有这台中转机，或已经停用')
    await sql.query('update relays set removed_at = $2 where relay_id = $1', [relayId, now.toISOString()])
    await tellTown(sql, row.town, now)
    return officeRelay({ ...row, removed_at: now })
  })
}

/** All relays, those at work first. */
export async function listRelays(database: Database): Promise<OfficeRelay[]> {
  const rows = await database.query<RelayRow>(
    `select ${columns} from relays order by removed_at is not null, town, enrolled_at desc`,
  )
  return rows.map(officeRelay)
}

/** The relay that works under this id; undefined for one unknown or removed. */
export async function findRelay(sql: Sql, relayId: string): Promise<Relay | undefined> {
  const row = await findRow(sql, relayId)
  if (row === undefined || row.removed_at !== null) return undefined
  return { relayId, publicKey: row.public_key, town: row.town }
}

/** Whether a station belongs to a town: its code begins with the town's. */
export function isOfTown(stationId: string, town: string): boolean {
  return stationId.startsWith(town)
}

/** Notes where the hall's windows reach the relay now; where that is new, its town's stations are told. */
export async function moveRelay(database: Database, relay: Relay, url: string | null, now: Date): Promise<void> {
  await database.transaction(async (sql) => {
    await lockRelays(sql)
    const changed = await sql.query(
      `update relays set url = $2 where relay_id = $1 and removed_at is null and url is distinct from $2 returning 1 as one`,
      [relay.relayId, url],
    )
    if (changed.length > 0) await tellTown(sql, relay.town, now)
  })
}

/** The stations of the relay's town with where each stands, signed. */
export async function relayStations(
  database: Database,
  identity: Identity,
  relay: Relay,
  now: Date,
): Promise<RelayStations> {
  await database.query('update relays set last_seen_at = $2 where relay_id = $1', [relay.relayId, now.toISOString()])
  type Row = Omit<RelayStation, 'enrolledAtUtc' | 'replacedBy'> & { enrolledAt: Date; replacedBy: string | null }
  const rows = await database.query<Row>(
    `select station_id as "stationId", window_name as "windowName", public_key as "publicKey", enrolled_at as "enrolledAt",
       acknowledged, head_hash as hash, feed_cursor as "feedCursor", feed_applied as "feedApplied",
       replaced_by as "replacedBy"
     from stations where starts_with(station_id, $1) order by station_id limit 5000`,
    [relay.town],
  )
  const stations = rows.map(({ enrolledAt, replacedBy, ...row }) => ({
    ...row,
    enrolledAtUtc: enrolledAt.toISOString(),
    ...(replacedBy !== null && { replacedBy }),
  }))
  const said = { relayId: relay.relayId, town: relay.town, stations, centreTimeUtc: now.toISOString() }
  return { ...said, signature: signValue(signerOf(identity.privateKey), said) }
}

/** A station that has just been let in learns of its hall's relay. In the transaction that lets it in. */
export async function tellRelayOf(sql: Sql, stationId: string, now: Date): Promise<void> {
  await lockRelays(sql)
  const item = await itemFor(sql, stationId.slice(0, 9))
  if (item.relay !== null) await appendFeed(sql, stationId, { kind: 'hall.relay', payload: item }, now)
}

/** Fills `feed_applied` from the entries that are there already. */
export async function fillFeedApplied(sql: Sql): Promise<void> {
  const rows = await sql.query<{ station_id: string; payload: string }>(
    `select distinct on (station_id) station_id, payload from entries
     where kind = 'feed.applied' and version = 1 and payload is not null order by station_id, seq desc`,
  )
  for (const { station_id, payload } of rows) {
    const { data } = entryPayloads['feed.applied@1'].safeParse(JSON.parse(payload))
    if (data !== undefined)
      await sql.query('update stations set feed_applied = $2 where station_id = $1', [station_id, data.to])
  }
}

async function tellTown(sql: Sql, town: string, now: Date): Promise<void> {
  const payload = await itemFor(sql, town)
  const stations = await sql.query<{ id: string }>(
    'select station_id as id from stations where starts_with(station_id, $1) and replaced_by is null order by station_id',
    [town],
  )
  for (const { id } of stations) {
    await lockStation(sql, id)
    await appendFeed(sql, id, { kind: 'hall.relay', payload }, now)
  }
}

async function itemFor(sql: Sql, town: string): Promise<RelayItem> {
  const [relay] = await sql.query<NonNullable<RelayItem['relay']>>(
    `select relay_id as "relayId", name, public_key as "publicKey", url from relays where town = $1 and removed_at is null`,
    [town],
  )
  return { relay: relay ?? null }
}

const columns = 'relay_id, town, name, public_key, url, enrolled_at, last_seen_at, removed_at'

async function findRow(sql: Sql, relayId: string): Promise<RelayRow | undefined> {
  const [row] = await sql.query<RelayRow>(`select ${columns} from relays where relay_id = $1`, [relayId])
  return row
}

function officeRelay(row: RelayRow): OfficeRelay {
  return {
    relayId: row.relay_id,
    town: row.town,
    name: row.name,
    url: row.url,
    enrolledAtUtc: row.enrolled_at.toISOString(),
    lastSeenAtUtc: row.last_seen_at?.toISOString() ?? null,
    removedAtUtc: row.removed_at?.toISOString() ?? null,
  }
}

/** Any constant: changes of relays and enrolments of stations take turns, so that no station misses one. */
const relayLock = 440284

async function lockRelays(sql: Sql): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1)', [relayLock])
}
