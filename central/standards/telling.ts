// Owns: which station is told of which release, once each; the centre's words for stations (tags).
// Does not own: the feed itself (../feed/feed.ts), what a release is (releases.ts).
// Start here: `tellRelease`, `tellReleasesTo`.
import { isFor, type SignedManifest } from '../../main/wire/catalogue/manifest.ts'
import type { ReleaseItem, StationTagsItem } from '../../preload/contract/catalogue.ts'
import type { RelayReleases } from '../../preload/contract/relay.ts'
import type { Database, Sql } from '../database.ts'
import { appendFeed } from '../feed/feed.ts'
import { publishingLock } from '../feed/publishing.ts'
import { lockStation } from '../stations/lock.ts'
import { allReleases, type KeptRelease, stationsWithTags, stationTags, type TargetedStation } from './rows.ts'

/** Tells every station that a release is for; how many that are. In the transaction that keeps it. */
export async function tellRelease(sql: Sql, signed: SignedManifest, now: Date): Promise<number> {
  const stations = (await stationsWithTags(sql)).filter((station) => isFor(signed.manifest.targets, station))
  for (const { stationId } of stations) {
    await lockStation(sql, stationId)
    await tell(sql, stationId, signed, now)
  }
  return stations.length
}

/**
 * Tells a station what it needs: the newest release for it whose time has come, and all that are to come. What it was told
 * before is not told again. The caller's transaction holds the station, or has just made it.
 */
export async function tellReleasesTo(sql: Sql, station: TargetedStation, now: Date): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1)', [publishingLock])
  const needed = neededOf(await allReleases(sql), station, now)
  for (const release of needed.toReversed()) await tell(sql, station.stationId, release, now)
}

/** What stations of a town were told of and may still fetch: of what is due the newest for each, and all that are to come. */
export async function releasesOfTown(sql: Sql, town: string, now: Date): Promise<RelayReleases['releases']> {
  const releases = await allReleases(sql)
  const stations = (await stationsWithTags(sql)).filter(({ stationId }) => stationId.startsWith(town))
  const wanted = new Map<number, string[]>()
  for (const station of stations)
    for (const { manifest } of neededOf(releases, station, now))
      wanted.set(manifest.release, [...(wanted.get(manifest.release) ?? []), station.stationId])
  return releases
    .filter(({ manifest }) => wanted.has(manifest.release))
    .slice(0, 50)
    .map(({ manifest: { release }, sha256 }) => ({ release, sha256, stations: wanted.get(release) ?? [] }))
}

/** The newest release for a station whose time has come, and all for it that are to come; the newest first. */
function neededOf(releases: readonly KeptRelease[], station: TargetedStation, now: Date): readonly KeptRelease[] {
  const own = releases.filter(({ manifest }) => isFor(manifest.targets, station))
  const due = own.findIndex(({ manifest }) => Date.parse(manifest.effectiveAtUtc) <= now.getTime())
  return due < 0 ? own : own.slice(0, due + 1)
}

async function tell(sql: Sql, stationId: string, signed: SignedManifest, now: Date): Promise<void> {
  const { release, effectiveAtUtc } = signed.manifest
  const told = await sql.query(
    `insert into station_releases (station_id, release, told_at) values ($1, $2, $3)
     on conflict (station_id, release) do update set told_at = excluded.told_at
     where station_releases.told_at is null returning 1 as one`,
    [stationId, release, now.toISOString()],
  )
  if (told.length === 0) return
  const payload: ReleaseItem = { release, sha256: signed.sha256, effectiveAtUtc, publisherKey: signed.publisher }
  await appendFeed(sql, stationId, { kind: 'release.published', payload }, now)
}

/** Gives a station these words and no others; it is told, and of the releases that are for it by them. Refuses `station_unknown`. */
export function tagStation(
  database: Database,
  { stationId, tags }: TargetedStation,
  now: Date,
): Promise<TargetedStation> {
  const wanted = [...new Set(tags)].toSorted()
  return database.transaction(async (sql) => {
    // First the lock of all orders, then the station's: as publishing does.
    await sql.query('select pg_advisory_xact_lock($1)', [publishingLock])
    await lockStation(sql, stationId)
    await sql.query('delete from station_tags where station_id = $1', [stationId])
    for (const tag of wanted)
      await sql.query('insert into station_tags (station_id, tag) values ($1, $2)', [stationId, tag])
    const payload: StationTagsItem = { tags: wanted }
    await appendFeed(sql, stationId, { kind: 'station.tagged', payload }, now)
    await tellReleasesTo(sql, { stationId, tags: wanted }, now)
    return { stationId, tags: wanted }
  })
}

/** A machine in the place of another gets its words, and the releases that are for it by them. In the transaction that replaces. */
export async function inheritTags(sql: Sql, { from, to }: { readonly from: string; readonly to: string }, now: Date) {
  const tags = await stationTags(sql, from)
  if (tags.length === 0) return
  await sql.query('update station_tags set station_id = $2 where station_id = $1', [from, to])
  const payload: StationTagsItem = { tags: [...tags] }
  await appendFeed(sql, to, { kind: 'station.tagged', payload }, now)
  await tellReleasesTo(sql, { stationId: to, tags }, now)
}

/** The stations that have words, with them. */
export async function listTags(sql: Sql): Promise<TargetedStation[]> {
  return (await stationsWithTags(sql)).filter(({ tags }) => tags.length > 0)
}
