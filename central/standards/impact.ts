// Owns: whom a release would meet in the whole county, counted; the county's windows as a ring is chosen from them.
// Does not own: who may ask (desks.ts), who has a release already (adoption.ts).
// Start here: `impactOf`.
import { isFor } from '../../main/wire/catalogue/manifest.ts'
import {
  type CountyImpact,
  type CountyWindows,
  type ImpactQuestion,
  silentDays,
} from '../../preload/contract/standards/county.ts'
import type { Sql } from '../database.ts'
import { stationsWithTags } from './rows.ts'

type Pinned = { readonly stationId: string; readonly itemId: string; readonly version: number; readonly count: number }

/** Counts open cases and drafts of some matters by version, and the stations that targets mean: tags are known here alone. */
export async function impactOf(sql: Sql, { targets, itemIds }: ImpactQuestion, now: Date): Promise<CountyImpact> {
  const stations = await stationsWithTags(sql)
  const meant = new Set(stations.filter((one) => isFor(targets, one)).map(({ stationId }) => stationId))
  const heard = await heardSince(sql, now)
  const isSilent = (stationId: string) => !heard.has(stationId)
  const [cases, drafts] = [await openCases(sql, itemIds), await openDrafts(sql, itemIds)]
  const silentOf = (ids: readonly string[]) => ids.filter(isSilent).length
  const townOf = (stationId: string) => stationId.slice(0, 9)
  const sumOf = (rows: readonly Pinned[], isIn: (stationId: string) => boolean) =>
    rows.reduce((sum, { stationId, count }) => (isIn(stationId) ? sum + count : sum), 0)
  const towns = [...new Set([...meant].map(townOf))].toSorted().map((code) => {
    const ids = [...meant].filter((id) => townOf(id) === code)
    const isIn = (stationId: string) => townOf(stationId) === code && meant.has(stationId)
    return {
      ...{ code, meant: ids.length, silent: silentOf(ids) },
      ...{ cases: sumOf(cases, isIn), drafts: sumOf(drafts, isIn) },
    }
  })
  return {
    ...{ enrolled: stations.length, meant: meant.size, silent: silentOf([...meant]), silentDays },
    matters: byVersion(cases, drafts, (stationId) => meant.has(stationId)),
    towns,
  }
}

function byVersion(
  cases: readonly Pinned[],
  drafts: readonly Pinned[],
  isMeant: (stationId: string) => boolean,
): CountyImpact['matters'] {
  const found = new Map<string, CountyImpact['matters'][number]>()
  const at = ({ itemId, version }: Pinned) => {
    const key = `${itemId} ${version}`
    const known = found.get(key) ?? { itemId, version, cases: 0, casesMeant: 0, drafts: 0, draftsMeant: 0 }
    found.set(key, known)
    return known
  }
  for (const row of cases) {
    const one = at(row)
    one.cases += row.count
    if (isMeant(row.stationId)) one.casesMeant += row.count
  }
  for (const row of drafts) {
    const one = at(row)
    one.drafts += row.count
    if (isMeant(row.stationId)) one.draftsMeant += row.count
  }
  return [...found.values()].toSorted(
    (a, b) => (a.itemId < b.itemId ? -1 : Number(a.itemId > b.itemId)) || a.version - b.version,
  )
}

/** Open as the stations count it: still to be decided, made, or handed out. */
function openCases(sql: Sql, itemIds: readonly string[]): Promise<Pinned[]> {
  return sql.query<Pinned>(
    `select holder_id as "stationId", item_id as "itemId", standard_version as version, count(*) as count from cases
     where item_id = any($1::text[]) and state not in ('refused', 'denied', 'closed')
     group by holder_id, item_id, standard_version`,
    [itemIds],
  )
}

function openDrafts(sql: Sql, itemIds: readonly string[]): Promise<Pinned[]> {
  return sql.query<Pinned>(
    `select station_id as "stationId", item_id as "itemId", standard_version as version, count(*) as count
     from station_draft_matters where item_id = any($1::text[]) group by station_id, item_id, standard_version`,
    [itemIds],
  )
}

async function heardSince(sql: Sql, now: Date): Promise<Set<string>> {
  const since = new Date(now.getTime() - silentDays * 86_400_000).toISOString()
  const rows = await sql.query<{ id: string }>('select station_id as id from stations where last_seen_at > $1', [since])
  return new Set(rows.map(({ id }) => id))
}

/** Every window that works, with its name, the centre's words for it, and when it was heard of last. */
export async function countyWindows(sql: Sql): Promise<CountyWindows> {
  const rows = await sql.query<{ id: string; name: string; seen: Date | null }>(
    'select station_id as id, window_name as name, last_seen_at as seen from stations where replaced_by is null',
  )
  const facts = new Map(rows.map(({ id, name, seen }) => [id, { name, seen }]))
  const stations = await stationsWithTags(sql)
  return {
    windows: stations.slice(0, 5000).map(({ stationId, tags }) => ({
      ...{ stationId, tags: [...tags], windowName: facts.get(stationId)?.name ?? '' },
      lastSeenUtc: facts.get(stationId)?.seen?.toISOString() ?? null,
    })),
  }
}
