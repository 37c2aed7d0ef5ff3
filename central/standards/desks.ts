// Owns: which stations are publishing desks: those that prove the publisher's key, and those that an officer named.
// Does not own: who a request is from (../stations), publishers (publishers.ts), what desks may ask (desk-routes.ts).
// Start here: `requireDesk`.
import type { FastifyRequest } from 'fastify'
import { verifyValue } from '../../main/wire/signatures.ts'
import { deskProofHeader, deskProofSchema, publishingDeskClaim } from '../../preload/contract/standards/county.ts'
import type { Database, Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { requireStation } from '../stations/signed-requests.ts'

/** A station that an officer named a publishing desk. */
export type OfficeDesk = { readonly stationId: string; readonly sinceUtc: string }

/**
 * The station of the address, by its own signature, once it is a publishing desk. Refuses `unauthorized` for any other, a relay
 * that speaks for one among them.
 */
export async function requireDesk(database: Database, request: FastifyRequest, id: string, now: Date): Promise<string> {
  const { stationId, via } = await requireStation(database, request, id, now)
  const mayAsk =
    via === undefined && ((await proves(database, request, stationId)) || (await isNamed(database, stationId)))
  if (!mayAsk) throw new Refusal('unauthorized', '中心没有把这台机器登记为发布台')
  return stationId
}

/** Whether the request carries the word of a publisher's key that works, for this very station. */
async function proves(sql: Sql, { headers }: FastifyRequest, stationId: string): Promise<boolean> {
  const header = headers[deskProofHeader]
  const [publicKey, signature] = typeof header === 'string' ? header.split(' ') : []
  const { data } = deskProofSchema.safeParse({ publicKey, signature })
  if (data === undefined || !verifyValue(data.publicKey, publishingDeskClaim(stationId), data.signature)) return false
  const rows = await sql.query('select 1 as one from publishers where public_key = $1 and retired_at is null', [
    data.publicKey,
  ])
  return rows.length > 0
}

async function isNamed(sql: Sql, stationId: string): Promise<boolean> {
  return (await sql.query('select 1 as one from publishing_desks where station_id = $1', [stationId])).length > 0
}

/** The stations that officers named, by id. */
export async function listDesks(sql: Sql): Promise<OfficeDesk[]> {
  const rows = await sql.query<{ id: string; since: Date }>(
    'select station_id as id, since from publishing_desks order by station_id',
  )
  return rows.map(({ id, since }) => ({ stationId: id, sinceUtc: since.toISOString() }))
}

/** Names a station a publishing desk, or no longer; gives all. Refuses `station_unknown`. */
export async function nameDesk(
  sql: Sql,
  { stationId, isDesk }: { readonly stationId: string; readonly isDesk: boolean },
  now: Date,
): Promise<OfficeDesk[]> {
  const known = await sql.query('select 1 as one from stations where station_id = $1 and replaced_by is null', [
    stationId,
  ])
  if (known.length === 0) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  if (isDesk)
    await sql.query(
      'insert into publishing_desks (station_id, since) values ($1, $2) on conflict (station_id) do nothing',
      [stationId, now.toISOString()],
    )
  else await sql.query('delete from publishing_desks where station_id = $1', [stationId])
  return listDesks(sql)
}
