// Owns: the county's feed for the stations of a hall: its signed pages, fetched ahead, kept, handed on as they came.
// Does not own: what they say (the stations read them), the county's own feed (../feed).
// Start here: `fetchPages`, `pageAfter`.
import type { CentreClient } from '../../main/wire/centre-client.ts'
import { caseHandedOverSchema } from '../../preload/contract/hand-over.ts'
import { decisionSchema, type FeedPage, feedPageSchema } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import type { RelayedStation } from './stations.ts'

/** Fetches what the county has for a station beyond what it applied and what is kept, a page at a time. */
export async function fetchPages(
  database: Database,
  client: CentreClient,
  station: RelayedStation,
  signal: AbortSignal,
): Promise<void> {
  const { stationId, feedApplied, countyCursor } = station
  await database.query('delete from relayed_pages where station_id = $1 and after < $2', [stationId, feedApplied])
  let cursor = await endOfPages(database, stationId, feedApplied)
  while (cursor < countyCursor) {
    const page = await client.feed(cursor, signal)
    const last = page.items.at(-1)
    if (last === undefined) return
    await keepPage(database, page)
    cursor = last.cursor
  }
}

/** The page after a cursor, as it came; undefined where it is not here. */
export async function pageAfter(sql: Sql, stationId: string, after: number): Promise<FeedPage | undefined> {
  const [row] = await sql.query<{ page: string }>(
    'select page from relayed_pages where station_id = $1 and after = $2',
    [stationId, after],
  )
  return row && feedPageSchema.parse(JSON.parse(row.page))
}

/** Keeps a page that the client has checked, and shows its decisions in the hall's queue. An empty page is not kept: it is true for a moment. */
export async function keepPage(database: Database, page: FeedPage): Promise<void> {
  const last = page.items.at(-1)
  if (last === undefined) return
  await database.transaction(async (sql) => {
    await sql.query(
      `insert into relayed_pages (station_id, after, until, page) values ($1, $2, $3, $4)
       on conflict (station_id, after) do update set until = excluded.until, page = excluded.page
       where excluded.until > relayed_pages.until`,
      [page.station, page.after, last.cursor, JSON.stringify(page)],
    )
    for (const item of page.items) {
      const handed = item.kind === 'case.handed-over' ? caseHandedOverSchema.safeParse(item.payload).data : undefined
      if (handed !== undefined)
        await sql.query('update cases set holder_id = $2 where case_id = $1', [handed.caseId, page.station])
      const decision = item.kind === 'case.decided' ? decisionSchema.safeParse(item.payload).data : undefined
      if (decision === undefined) continue
      const values = [decision.caseId, page.station, decision.decision, decision.decidedAtUtc]
      await sql.query('update cases set state = $3, decided_at = $4 where case_id = $1 and holder_id = $2', values)
    }
  })
}

async function endOfPages(sql: Sql, stationId: string, from: number): Promise<number> {
  const rows = await sql.query<{ after: number; until: number }>(
    'select after, until from relayed_pages where station_id = $1 and after >= $2 order by after',
    [stationId, from],
  )
  let cursor = from
  for (const row of rows) if (row.after === cursor) cursor = row.until
  return cursor
}
