import { entryPayloads } from '../../preload/contract/entries.ts'
import { draftStateSchema } from '../../preload/contract/hand-over.ts'
import { printable } from '../columns.ts'
import type { Sql } from '../database.ts'
import { keepMatters } from '../drafts/drafts.ts'

const page = 500

/** Fills which matter earlier cases and drafts are of, in the migration that asks for it. What was erased stays without. */
export async function fillPinned(sql: Sql): Promise<void> {
  await fillCases(sql)
  await fillDrafts(sql)
}

async function fillCases(sql: Sql): Promise<void> {
  let after: readonly [string, number] = ['', 0]
  for (;;) {
    const rows = await sql.query<{ station_id: string; seq: number; payload: string }>(
      `select station_id, seq, payload from entries
       where (station_id, seq) > ($1, $2) and kind = 'case.received' and version = 1 and payload is not null
       order by station_id, seq limit ${page}`,
      [...after],
    )
    const told = rows.flatMap(({ payload }) => {
      const { data } = entryPayloads['case.received@1'].safeParse(JSON.parse(payload))
      return data === undefined ? [] : [{ caseId: data.caseId, itemId: printable(data.itemId) }]
    })
    await sql.query(
      `update cases set item_id = told.item_id from unnest($1::text[], $2::text[]) as told (case_id, item_id)
       where cases.case_id = told.case_id`,
      [told.map(({ caseId }) => caseId), told.map(({ itemId }) => itemId)],
    )
    const last = rows.at(-1)
    if (last === undefined) return
    after = [last.station_id, last.seq]
  }
}

async function fillDrafts(sql: Sql): Promise<void> {
  let after: readonly [string, string] = ['', '']
  for (;;) {
    const rows = await sql.query<{ station_id: string; draft_id: string; body: string }>(
      `select station_id, draft_id, body from station_drafts where (station_id, draft_id) > ($1, $2)
       order by station_id, draft_id limit ${page}`,
      [...after],
    )
    for (const { station_id, body } of rows) {
      const { data } = draftStateSchema.safeParse(JSON.parse(body))
      if (data !== undefined) await keepMatters(sql, station_id, [data])
    }
    const last = rows.at(-1)
    if (last === undefined) return
    after = [last.station_id, last.draft_id]
  }
}
