// Owns: whose releases the centre takes: keys, who registered them, when they were retired.
// Does not own: releases themselves (releases.ts), the keys' private halves (they are at the publisher).
// Start here: `registerPublisher`.
import { isPublicKey } from '../../main/wire/signatures.ts'
import type { Database, Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'

/** A publisher as the office lists it. */
export type OfficePublisher = {
  readonly publicKey: string
  readonly county: string
  readonly name: string
  readonly registeredAtUtc: string
  readonly retiredAtUtc: string | null
  /** The release by which the key before it handed over; null where an officer registered it. */
  readonly byRelease: number | null
}

/** What an officer registers. */
export type PublisherOrder = {
  readonly publicKey: string
  readonly county: string
  readonly name: string
  /** Nothing changes where the county has a publisher already. */
  readonly ifNone: boolean
}

type Row = {
  readonly public_key: string
  readonly county: string
  readonly name: string
  readonly registered_at: Date
  readonly retired_at: Date | null
  readonly by_release: number | null
}

const columns = 'public_key, county, name, registered_at, retired_at, by_release'

function toPublisher(row: Row): OfficePublisher {
  return {
    ...{ publicKey: row.public_key, county: row.county, name: row.name, byRelease: row.by_release },
    registeredAtUtc: row.registered_at.toISOString(),
    retiredAtUtc: row.retired_at?.toISOString() ?? null,
  }
}

/** Every publisher, the newest first. */
export async function listPublishers(sql: Sql): Promise<OfficePublisher[]> {
  return (await sql.query<Row>(`select ${columns} from publishers order by registered_at desc, public_key`)).map(
    toPublisher,
  )
}

/** The publisher that works for a county; undefined for none. */
export async function findPublisher(sql: Sql, county: string): Promise<OfficePublisher | undefined> {
  const rows = await sql.query<Row>(`select ${columns} from publishers where county = $1 and retired_at is null`, [
    county,
  ])
  return rows.map(toPublisher)[0]
}

/**
 * Registers the publisher of a county and gives the one that works now. Refuses `malformed` for what is no key, and
 * `release_refused` where the county has another one, or the key was retired: whoever believes it would believe it again.
 */
export function registerPublisher(database: Database, order: PublisherOrder, now: Date): Promise<OfficePublisher> {
  const { publicKey, county, name, ifNone } = order
  if (!isPublicKey(publicKey)) throw new Refusal('malformed', '这不是发布密钥的公钥')
  return database.transaction(async (sql) => {
    await sql.query('lock table publishers in share row exclusive mode')
    const working = await findPublisher(sql, county)
    if (working !== undefined) {
      if (ifNone || working.publicKey === publicKey) return working
      throw new Refusal('release_refused', '这个县已经登记了发布人。要换，请让他签一次交接，或先停用他的密钥')
    }
    const known = await sql.query('select 1 as one from publishers where public_key = $1', [publicKey])
    if (known.length > 0) throw new Refusal('release_refused', '这把发布密钥已经停用，不能再登记')
    await insertPublisher(sql, { publicKey, county, name }, now, null)
    return { publicKey, county, name, registeredAtUtc: now.toISOString(), retiredAtUtc: null, byRelease: null }
  })
}

/** Retires a key for good: its releases are taken no more. Stations that pinned it take another publisher's only once they are enrolled anew. Refuses `not_found`. */
export async function retirePublisher(database: Database, publicKey: string, now: Date): Promise<OfficePublisher> {
  const rows = await database.query<Row>(
    `update publishers set retired_at = $2 where public_key = $1 and retired_at is null returning ${columns}`,
    [publicKey, now.toISOString()],
  )
  const [retired] = rows.map(toPublisher)
  if (retired === undefined) throw new Refusal('not_found', '没有这把发布密钥，或已经停用')
  return retired
}

/** Carries a handover out: the old key is retired, the next one works. In the transaction of the release that says so. */
export async function handOver(
  sql: Sql,
  from: OfficePublisher,
  handover: { readonly nextKey: string; readonly release: number },
  now: Date,
): Promise<void> {
  const { nextKey, release } = handover
  const known = await sql.query('select 1 as one from publishers where public_key = $1', [nextKey])
  if (known.length > 0) throw new Refusal('release_refused', '要换成的那把发布密钥以前用过，不能再用')
  await sql.query('update publishers set retired_at = $2 where public_key = $1', [from.publicKey, now.toISOString()])
  await insertPublisher(sql, { publicKey: nextKey, county: from.county, name: from.name }, now, release)
}

async function insertPublisher(
  sql: Sql,
  { publicKey, county, name }: Pick<OfficePublisher, 'publicKey' | 'county' | 'name'>,
  now: Date,
  byRelease: number | null,
): Promise<void> {
  await sql.query(
    'insert into publishers (public_key, county, name, registered_at, by_release) values ($1, $2, $3, $4, $5)',
    [publicKey, county, name, now.toISOString(), byRelease],
  )
}
