// Owns: which cases were taken in together by a 一件事, as their stations' entries say.
// Does not own: the cases (cases.ts), what a theme is (preload/contract/standards/theme.ts).
// Start here: `projectJoined`; `joinedOf` tells what is shown.
import { z } from 'zod'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import { largestInteger, printable } from '../columns.ts'
import type { Sql } from '../database.ts'
import { forgetDrafts } from '../drafts/drafts.ts'
import type { Lineage } from '../stations/lock.ts'

/** The theme by which a case was taken in, and the local numbers of the other cases that were taken in with it. */
export type JoinedCase = { readonly name: string; readonly version: number; readonly others: readonly string[] }

/** The same in words, for a line of the list. */
export function joinedInWords({ name, version, others }: JoinedCase): string {
  const together = others.length === 0 ? '' : `，同办 ${others.join('、')}`
  return `一件事：${name}第 ${version} 版${together}`
}

/** Keeps what a station says of cases that it took in together, and forgets their draft; a second word on one changes nothing. */
export async function projectJoined(
  sql: Sql,
  { stationId, before }: Lineage,
  joined: readonly EntryPayload<'case.joined@1'>[],
): Promise<void> {
  if (joined.length === 0) return
  await sql.query(
    `insert into joined_cases (station_id, case_id, draft_id, theme_id, theme_name, theme_version, cases)
     select $1::text, told.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[])
       as told (case_id, draft_id, theme_id, theme_name, theme_version, cases)
     on conflict (station_id, case_id) do nothing`,
    [
      stationId,
      joined.map(({ caseId }) => caseId),
      joined.map(({ draftId }) => draftId),
      joined.map(({ themeId }) => printable(themeId)),
      joined.map(({ themeName }) => printable(themeName)),
      joined.map(({ themeVersion }) => Math.min(themeVersion, largestInteger)),
      joined.map(({ cases }) => JSON.stringify(cases)),
    ],
  )
  // A draft that was received is its cases.
  const drafts = [...new Set(joined.map(({ draftId }) => draftId))]
  await forgetDrafts(sql, stationId, drafts, before.length > 0)
}

/** A person's data was erased: nothing says any more with which cases theirs came. */
export async function eraseJoined(sql: Sql, stations: readonly string[], caseIds: readonly string[]): Promise<void> {
  await sql.query('delete from joined_cases where station_id = any($1::text[]) and case_id = any($2::text[])', [
    stations,
    caseIds,
  ])
}

const casesSchema = z.array(z.string())

/** What is known of cases as parts of a theme, by case. Only the station that received a case has a say in it, and only cases that it received are told as the others. */
export async function joinedOf(sql: Sql, caseIds: readonly string[]): Promise<Map<string, JoinedCase>> {
  type Row = { readonly caseId: string; readonly stationId: string; readonly name: string; readonly version: number }
  const rows = await sql.query<Row & { readonly cases: string }>(
    `select j.case_id as "caseId", j.station_id as "stationId", theme_name as name, theme_version as version, j.cases
     from joined_cases as j join cases using (station_id, case_id) where j.case_id = any($1::text[])`,
    [caseIds],
  )
  const named = rows.map((row) => ({ ...row, ids: casesSchema.parse(JSON.parse(row.cases)) }))
  const numbers = await sql.query<{ caseId: string; stationId: string; number: string }>(
    `select case_id as "caseId", station_id as "stationId", local_number as number from cases where case_id = any($1::text[])`,
    [[...new Set(named.flatMap(({ ids }) => ids))]],
  )
  const numberOf = new Map(numbers.map(({ caseId, stationId, number }) => [`${stationId} ${caseId}`, number]))
  return new Map(
    named.map(({ caseId, stationId, name, version, ids }) => {
      const others = ids.filter((id) => id !== caseId).flatMap((id) => numberOf.get(`${stationId} ${id}`) ?? [])
      return [caseId, { name, version, others }]
    }),
  )
}
