// Owns: who has which release: what stations' ledgers say of it, counted by town, village and station.
// Does not own: the ledgers (../ledger), telling (telling.ts).
// Start here: `adoptionOf`; `projectCatalogueEntries` fills what it reads.
import { isFor } from '../../main/wire/catalogue/manifest.ts'
import type { Adoption } from '../../preload/contract/catalogue.ts'
import { entryPayloads } from '../../preload/contract/entries.ts'
import type { Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'
import { findRelease, type KeptRelease, newestRelease } from './rows.ts'

/** An entry as far as the catalogue needs it; `payload` is null where it was erased. */
type CatalogueEntry = {
  readonly seq: number
  readonly kind: string
  readonly version: number
  readonly at: string
  readonly payload: unknown
}

/** Reads what stations applied and refused, in the transaction that stores the entries. Other kinds and versions are skipped. */
export async function projectCatalogueEntries(
  sql: Sql,
  stationId: string,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  for (const { seq, kind, version, at, payload } of entries) {
    if (kind === 'catalogue.applied' && version === 2) {
      const { data } = entryPayloads['catalogue.applied@2'].safeParse(payload)
      if (data === undefined) continue
      await sql.query(
        `insert into station_catalogues (station_id, release, sha256, seq, at) values ($1, $2, $3, $4, $5)
         on conflict (station_id) do update set release = excluded.release, sha256 = excluded.sha256,
           seq = excluded.seq, at = excluded.at where excluded.seq > station_catalogues.seq`,
        [stationId, data.release, data.sha256, seq, at],
      )
    }
    if (kind === 'catalogue.refused' && version === 1) {
      const { data } = entryPayloads['catalogue.refused@1'].safeParse(payload)
      if (data === undefined) continue
      // A text column refuses NUL.
      const said = data.said.replaceAll('\u0000', '')
      await sql.query(
        `insert into station_releases (station_id, release, refused_at, refused_said, refused_seq) values ($1, $2, $3, $4, $5)
         on conflict (station_id, release) do update set refused_at = excluded.refused_at,
           refused_said = excluded.refused_said, refused_seq = excluded.refused_seq`,
        [stationId, data.release, at, said, seq],
      )
    }
  }
}

/** Notes that a release went to a station to its last byte. */
export async function noteFetched(sql: Sql, stationId: string, release: number, now: Date): Promise<void> {
  await sql.query(
    `insert into station_releases (station_id, release, fetched_at) values ($1, $2, $3)
     on conflict (station_id, release) do update set fetched_at = excluded.fetched_at`,
    [stationId, release, now.toISOString()],
  )
}

type Row = {
  readonly station_id: string
  readonly tags: string[]
  readonly in_force: number | null
  readonly sha256: string | null
  readonly at: string | null
  readonly told_at: Date | null
  readonly fetched_at: Date | null
  readonly refused_at: string | null
  readonly refused_said: string | null
}

type Each = Adoption['each'][number]

/** Who has a release, the newest without `release`. Refuses `not_found`. */
export async function adoptionOf(sql: Sql, wanted: number | undefined): Promise<Adoption> {
  const release = wanted === undefined ? await newestRelease(sql) : await findRelease(sql, wanted)
  if (release === undefined) throw new Refusal('not_found', wanted === undefined ? '还没有发布过' : '没有这一次发布')
  const rows = await sql.query<Row>(
    `select stations.station_id, coalesce(tagged.tags, '{}') as tags, here.release as in_force, here.sha256, here.at,
       told.told_at, told.fetched_at, told.refused_at, told.refused_said
     from stations
     left join (select station_id, array_agg(tag) as tags from station_tags group by station_id) as tagged using (station_id)
     left join station_catalogues as here using (station_id)
     left join station_releases as told on told.station_id = stations.station_id and told.release = $1
     where stations.replaced_by is null
     order by stations.station_id`,
    [release.manifest.release],
  )
  const each = rows.map((row) => stateOf(row, release))
  const { sha256, manifest } = release
  return {
    ...{ release: manifest.release, sha256, effectiveAtUtc: manifest.effectiveAtUtc, ...countsOf(each) },
    towns: grouped(each, 9),
    villages: grouped(each, 12),
    each: each.slice(0, 5000),
  }
}

function stateOf(row: Row, { manifest, sha256 }: KeptRelease): Each {
  const stationId = row.station_id
  const targeted = isFor(manifest.targets, { stationId, tags: row.tags })
  const inForce = row.in_force ?? 0
  const said = { stationId, targeted, inForce, reason: '' }
  if (inForce === manifest.release && row.sha256 !== sha256)
    return { ...said, state: 'refused', atUtc: row.at, reason: '那里的这一次发布内容不同' }
  if (inForce >= manifest.release)
    return { ...said, state: inForce === manifest.release ? 'applied' : 'newer', atUtc: row.at }
  if (row.refused_at !== null)
    return { ...said, state: 'refused', atUtc: row.refused_at, reason: row.refused_said ?? '' }
  if (row.fetched_at !== null) return { ...said, state: 'fetched', atUtc: row.fetched_at.toISOString() }
  if (targeted) return { ...said, state: 'waits', atUtc: row.told_at?.toISOString() ?? null }
  return { ...said, state: 'none', atUtc: null }
}

function countsOf(each: readonly Each[]) {
  const count = (...states: Each['state'][]) => each.filter(({ state }) => states.includes(state)).length
  return {
    stations: each.length,
    targeted: each.filter(({ targeted }) => targeted).length,
    fetched: count('fetched'),
    applied: count('applied', 'newer'),
    refused: count('refused'),
  }
}

function grouped(each: readonly Each[], digits: number) {
  const groups = new Map<string, Each[]>()
  for (const one of each) {
    const code = one.stationId.slice(0, digits)
    groups.set(code, [...(groups.get(code) ?? []), one])
  }
  return [...groups].map(([code, stations]) => ({ code, ...countsOf(stations) }))
}
