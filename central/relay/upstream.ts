// Owns: what a relay knows of its county, and how it is let in there.
// Does not own: the traffic with it (onward.ts) or what the county thinks of relays (county.ts).
// Start here: `openUpstream`.

import { z } from 'zod'
import { readAnswer } from '../../main/wire/centre-answers.ts'
import { createCentreClient } from '../../main/wire/centre-client.ts'
import { isPublicKey, signerOf } from '../../main/wire/signatures.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type RelayEnrolmentReply, relayEnrolmentReplySchema } from '../../preload/contract/relay.ts'
import type { Database, Sql } from '../database.ts'
import { type Identity, readCentreName } from '../identity.ts'
import { Refusal } from '../refusal.ts'
import { relayIdOf } from './county.ts'

/** A relay's county, and who the relay is there. */
export type Upstream = {
  readonly url: string
  readonly relayId: string
  /** Nine digits. */
  readonly town: string
  readonly centreId: string
  readonly centreName: string
  readonly centrePublicKey: string
}

/** What an administrator gives at the start; everything but the county's address is remembered. */
export type UpstreamWanted = {
  readonly url: string
  /** The county's one-time code; needed at the first start alone. */
  readonly code?: string | undefined
  /** Where the hall's windows reach this relay. */
  readonly address?: string | undefined
  /** What people call it; of use with a code alone. */
  readonly name?: string | undefined
}

const addressSchema = z.url({ protocol: /^https?$/ }).max(300)

/** What the command line says of a county; undefined where it names none. Throws INPUT_INVALID for an address that is none. */
export function readUpstreamWanted(values: {
  readonly upstream?: string
  readonly code?: string
  readonly name?: string
  readonly url?: string
}): UpstreamWanted | undefined {
  const { upstream, code, name, url } = values
  if (upstream === undefined) return undefined
  for (const address of [upstream, ...(url === undefined ? [] : [url])])
    if (!addressSchema.safeParse(address).success) throw new AppError('INPUT_INVALID', { field: `地址 ${address}` })
  return { url: upstream, code, address: url, name: readCentreName(name) }
}

/** The county that a database's relay belongs to; undefined for a centre of its own. */
export async function readUpstream(sql: Sql): Promise<Upstream | undefined> {
  const [row] = await sql.query<Upstream>(
    `select url, relay_id as "relayId", town, centre_id as "centreId", centre_name as "centreName",
       centre_public_key as "centrePublicKey" from upstream`,
  )
  return row
}

/**
 * Makes a fresh database the relay of a county, or, where it is one, notes the county's present address. A code that comes
 * again is not spent again, unless the county has removed the relay since. Refuses a database that is a centre of its own,
 * a first start without a code, another county. Throws CENTRE_UNREACHABLE and ENROLMENT_CODE_WRONG.
 */
export async function openUpstream(
  database: Database,
  identity: Identity,
  wanted: UpstreamWanted,
  now: Date,
): Promise<Upstream> {
  const known = await readUpstream(database)
  if (known === undefined) await refuseCentre(database)
  const isRemoved = known !== undefined && (await wasRemoved(database))
  if (known !== undefined && !(isRemoved && wanted.code !== undefined)) {
    await database.query('update upstream set url = $1', [wanted.url])
    return { ...known, url: wanted.url }
  }
  if (wanted.code === undefined) throw new Refusal('unauthorized', '第一次启动中转机要有县里发的登记码：--code 登记码')
  const reply = await enrol(identity, wanted, wanted.code)
  if (known !== undefined && known.centreId !== reply.centreId)
    throw new Refusal('unauthorized', '这台中转机属于另一个中心，请换一个空的数据文件夹')
  await keep(database, wanted.url, reply)
  const { enrolledAtUtc: _, ...facts } = reply
  await noteReached(database, now)
  return { url: wanted.url, ...facts }
}

/** Notes that the county has answered and still knows us. */
export async function noteReached(sql: Sql, now: Date): Promise<void> {
  await sql.query('update upstream set last_reached_at = $1, removed_at = null', [now.toISOString()])
}

/** Notes that the county knows us no more: the hall's windows are refused until it does again. */
export async function noteRemoved(sql: Sql, now: Date): Promise<void> {
  await sql.query('update upstream set removed_at = coalesce(removed_at, $1)', [now.toISOString()])
}

/** Whether the county has removed this relay. */
export async function wasRemoved(sql: Sql): Promise<boolean> {
  const rows = await sql.query('select 1 as one from upstream where removed_at is not null')
  return rows.length > 0
}

async function refuseCentre(database: Database): Promise<void> {
  const stations = await database.query('select 1 as one from stations limit 1')
  if (stations.length > 0)
    throw new Refusal('unauthorized', '这个数据文件夹里已经是一个中心，不能再作中转机，请换一个空的数据文件夹')
}

async function enrol(identity: Identity, wanted: UpstreamWanted, code: string): Promise<RelayEnrolmentReply> {
  const { publicKey, privateKey, name } = identity
  const relayId = relayIdOf(publicKey)
  const client = createCentreClient({ baseUrl: wanted.url, stationId: relayId, sign: signerOf(privateKey) })
  try {
    const request = { code, name, publicKey, url: wanted.address ?? null }
    const body = Buffer.from(JSON.stringify(request))
    const headers = { 'content-type': 'application/json' }
    const answer = await client.send({ method: 'POST', path: '/v1/relays', headers, body })
    const reply = readAnswer(relayEnrolmentReplySchema, answer)
    if (reply.relayId !== relayId || !isPublicKey(reply.centrePublicKey))
      throw new AppError('CENTRE_NONSENSE', { reason: 'key' })
    return reply
  } finally {
    client.close()
  }
}

async function keep(database: Database, url: string, reply: RelayEnrolmentReply): Promise<void> {
  const { relayId, town, centreId, centreName, centrePublicKey, enrolledAtUtc } = reply
  await database.query(
    `insert into upstream (url, relay_id, town, centre_id, centre_name, centre_public_key, enrolled_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (only_one) do update set url = excluded.url, relay_id = excluded.relay_id, town = excluded.town,
       centre_name = excluded.centre_name, centre_public_key = excluded.centre_public_key,
       enrolled_at = excluded.enrolled_at, removed_at = null`,
    [url, relayId, town, centreId, centreName, centrePublicKey, enrolledAtUtc],
  )
}
