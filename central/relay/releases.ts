// Owns: releases of the standards that a relay keeps for its hall: whole, as the county gave them, and for whom each is.
// Does not own: whether a release is right (each station judges it), what the county may publish (../standards).
// Start here: `fetchReleases` at the county's line, `keptPack` for the hall's windows.
import { sha256Hex } from '../../main/wire/canonical.ts'
import { openPack, packLimitBytes, packMediaType, readManifests } from '../../main/wire/catalogue/pack.ts'
import { assertTaken, readAnswer } from '../../main/wire/centre-answers.ts'
import type { CentreClient } from '../../main/wire/centre-client.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type RelayReleases, relayReleasesSchema } from '../../preload/contract/relay.ts'
import type { Database, Sql } from '../database.ts'

/** A release's pack as the relay holds it. */
export type KeptPack = { readonly sha256: string; readonly bytes: Buffer }

type Wanted = RelayReleases['releases'][number]

/** What fetching stands on: the relay's own line, and the line in a station's name. */
export type ReleaseLines = {
  readonly relayId: string
  readonly own: CentreClient
  readonly lineOf: (stationId: string) => CentreClient
}

/**
 * Asks the county which releases the hall's windows may still need, fetches those that are not here, and forgets the others. A
 * county that does not know the question, or does not give one of them, changes nothing. Throws what stops the link.
 */
export async function fetchReleases(
  database: Database,
  { relayId, own, lineOf }: ReleaseLines,
  signal: AbortSignal,
): Promise<void> {
  const wanted = await unlessRefused(async () =>
    readAnswer(relayReleasesSchema, await own.send({ method: 'GET', path: `/v1/relays/${relayId}/releases`, signal })),
  )
  if (wanted === undefined) return
  await noteWanted(database, wanted.releases)
  for (const one of wanted.releases) {
    const [first] = one.stations
    if (first === undefined || (await isHere(database, one))) continue
    const pack = await unlessRefused(() => fetchPack(lineOf(first), first, one.release, signal))
    if (pack !== undefined && (await nameOf(pack)) === one.sha256) await keepPack(database, one.release, pack)
  }
}

/** Undefined for what the county will not say or give: that is no reason to keep back what else the link has to carry. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError && ['CENTRE_REFUSED', 'CENTRE_NONSENSE'].includes(error.code)) return undefined
    throw error
  }
}

async function fetchPack(line: CentreClient, stationId: string, release: number, signal: AbortSignal): Promise<Buffer> {
  const path = `/v1/stations/${stationId}/releases/${release}?from=0`
  const reply = await line.send({
    method: 'GET',
    path,
    headers: { accept: `${packMediaType}, application/json` },
    signal,
  })
  assertTaken(reply)
  if (reply.contentType !== packMediaType || reply.body.length > packLimitBytes)
    throw new AppError('CENTRE_NONSENSE', { reason: 'shape' })
  return reply.body
}

/** The SHA-256 of the release that a whole pack holds; undefined for what is none. */
async function nameOf(bytes: Buffer): Promise<string | undefined> {
  try {
    const pack = openPack(bytes)
    return pack.base === null ? (await readManifests(pack, undefined)).at(-1)?.sha256 : undefined
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

async function noteWanted(database: Database, releases: readonly Wanted[]): Promise<void> {
  await database.transaction(async (sql) => {
    const numbers = releases.map(({ release }) => release)
    await sql.query('delete from relayed_releases where not release = any($1::bigint[])', [numbers])
    for (const { release, sha256, stations } of releases) {
      // A county that was restored may have another release under this number.
      await sql.query(
        `insert into relayed_releases (release, sha256) values ($1, $2)
         on conflict (release) do update set sha256 = excluded.sha256, pack = null, pack_sha256 = null
         where relayed_releases.sha256 <> excluded.sha256`,
        [release, sha256],
      )
      await sql.query('delete from relayed_release_stations where release = $1', [release])
      await sql.query(
        'insert into relayed_release_stations (release, station_id) select $1, id from unnest($2::text[]) as told (id) on conflict do nothing',
        [release, stations],
      )
    }
  })
}

async function isHere(sql: Sql, { release, sha256 }: Wanted): Promise<boolean> {
  const rows = await sql.query(
    'select 1 as one from relayed_releases where release = $1 and sha256 = $2 and pack is not null',
    [release, sha256],
  )
  return rows.length > 0
}

async function keepPack(sql: Sql, release: number, bytes: Buffer): Promise<void> {
  await sql.query('update relayed_releases set pack = $2, pack_sha256 = $3 where release = $1', [
    ...[release, bytes, sha256Hex(bytes)],
  ])
}

/** The pack of a release that is for a station of the hall; undefined where it is not here, or not for this one. */
export async function keptPack(sql: Sql, stationId: string, release: number): Promise<KeptPack | undefined> {
  const [row] = await sql.query<{ sha256: string; bytes: Uint8Array }>(
    `select pack_sha256 as sha256, pack as bytes from relayed_releases join relayed_release_stations using (release)
     where release = $1 and station_id = $2 and pack is not null`,
    [release, stationId],
  )
  return row && { sha256: row.sha256, bytes: Buffer.from(row.bytes) }
}
