// Owns: drafts' last state as the stations told it, kept only to be handed over where a machine is lost.
// Does not own: how they travel (routes.ts), what a draft is (preload/contract/hand-over.ts).
// Start here: `takeDrafts`.
import { canonicalBytes } from '../../main/wire/canonical.ts'
import {
  type DraftHandedOver,
  type DraftState,
  type DraftsRequest,
  draftLimits,
  draftStateSchema,
} from '../../preload/contract/hand-over.ts'
import { printable } from '../columns.ts'
import type { Database, Sql } from '../database.ts'
import { appendFeedItems } from '../feed/feed.ts'
import { Refusal } from '../refusal.ts'
import { lockStation } from '../stations/lock.ts'

/**
 * Keeps what a station tells of its drafts: the newest revision of each, and none that is no more or was received. Repeating it
 * changes nothing. Refuses `too_large` for a draft beyond its bound, and for more drafts than a window can have open.
 */
export async function takeDrafts(
  database: Database,
  stationId: string,
  { drafts, gone }: DraftsRequest,
  now: Date,
): Promise<void> {
  const bodies = drafts.map((draft) => ({ ...draft, body: canonicalBytes(draft).toString('utf8') }))
  if (bodies.some(({ body }) => Buffer.byteLength(body) > draftLimits.draftBytes))
    throw new Refusal('too_large', '一份草稿太大')
  await database.transaction(async (sql) => {
    await lockStation(sql, stationId)
    await forgetDrafts(sql, stationId, gone, true)
    await sql.query(
      `insert into station_drafts (station_id, told_at, draft_id, revision, body)
       select $1::text, $2::timestamptz, told.* from unnest($3::text[], $4::integer[], $5::text[]) as told (draft_id, revision, body)
       where not exists (select 1 from cases where cases.case_id = told.draft_id)
         and not exists (select 1 from joined_cases as j where j.station_id = $1 and j.draft_id = told.draft_id)
       on conflict (station_id, draft_id) do update set revision = excluded.revision, body = excluded.body,
         told_at = excluded.told_at where excluded.revision > station_drafts.revision`,
      [
        ...[stationId, now.toISOString()],
        bodies.map(({ draftId }) => draftId),
        bodies.map(({ revision }) => revision),
        bodies.map(({ body }) => body),
      ],
    )
    await keepMatters(sql, stationId, drafts)
    const [row] = await sql.query<{ kept: number }>(
      'select count(*) as kept from station_drafts where station_id = $1',
      [stationId],
    )
    if ((row?.kept ?? 0) > draftLimits.kept) throw new Refusal('too_large', '草稿太多')
  })
}

/** Notes which matters drafts are of, where that very revision is kept: one, or those that are chosen of a theme. */
export async function keepMatters(sql: Sql, stationId: string, drafts: readonly DraftState[]): Promise<void> {
  const kept = await sql.query<{ id: string }>(
    `select draft_id as id from station_drafts
     join unnest($2::text[], $3::integer[]) as told (draft_id, revision) using (draft_id, revision) where station_id = $1`,
    [stationId, drafts.map(({ draftId }) => draftId), drafts.map(({ revision }) => revision)],
  )
  const ids = new Set(kept.map(({ id }) => id))
  const rows = drafts.filter(({ draftId }) => ids.has(draftId)).flatMap(mattersOf)
  await sql.query('delete from station_draft_matters where station_id = $1 and draft_id = any($2::text[])', [
    ...[stationId, [...ids]],
  ])
  await sql.query(
    `insert into station_draft_matters (station_id, draft_id, item_id, standard_version)
     select $1::text, told.* from unnest($2::text[], $3::text[], $4::integer[]) as told on conflict do nothing`,
    [
      stationId,
      rows.map(({ draftId }) => draftId),
      rows.map(({ itemId }) => printable(itemId)),
      rows.map(({ version }) => version),
    ],
  )
}

function mattersOf({ draftId, itemId, standardVersion, theme }: DraftState) {
  if (!theme) return [{ draftId, itemId, version: standardVersion }]
  return theme.members.flatMap((one) => (one.wanted ? [{ draftId, itemId: one.itemId, version: one.version }] : []))
}

/** Forgets drafts of a station that are no more, also where they were handed over to it. */
export async function forgetDrafts(
  sql: Sql,
  stationId: string,
  draftIds: readonly string[],
  wereHanded: boolean,
): Promise<void> {
  if (draftIds.length === 0) return
  const values = [stationId, draftIds]
  await sql.query('delete from station_drafts where station_id = $1 and draft_id = any($2::text[])', values)
  if (!wereHanded) return
  await sql.query(
    `update feed set payload = 'null' where station_id = $1 and kind = 'draft.handed-over'
       and exists (select 1 from unnest($2::text[]) as id where strpos(payload, '"draftId":"' || id || '"') > 0)`,
    values,
  )
}

/** Tells the new station the old one's drafts, the last touched first; from then on they are the new one's. Tells how many. */
export async function handOverDrafts(
  sql: Sql,
  { from, to }: { readonly from: string; readonly to: string },
  now: Date,
): Promise<number> {
  const rows = await sql.query<{ body: string }>('select body from station_drafts where station_id = $1', [from])
  const drafts = rows
    .map(({ body }) => draftStateSchema.parse(JSON.parse(body)))
    .toSorted((one, other) => (one.updatedAtUtc < other.updatedAtUtc ? 1 : -1))
  const items = drafts.map((draft): DraftHandedOver => ({ from, draft }))
  await appendFeedItems(sql, to, 'draft.handed-over', items, now)
  await sql.query('update station_drafts set station_id = $2 where station_id = $1', [from, to])
  return items.length
}
