// Owns: a machine that was lost and the one in its place: who may have a code for it, what happens when the code is spent.
// Does not own: codes (enrolment-codes.ts), letting a station in (enrolment.ts), what of a case is told (../cases/hand-over.ts).
// Start here: `replaceStation`.
import { entryPayloads } from '../../preload/contract/entries.ts'
import type { CodeAnswer } from '../../preload/contract/hand-over.ts'
import type { EnrolmentReply } from '../../preload/contract/wire.ts'
import { handOverCases } from '../cases/hand-over.ts'
import type { Database, Sql } from '../database.ts'
import { handOverDrafts } from '../drafts/drafts.ts'
import { Refusal } from '../refusal.ts'
import { inheritTags } from '../standards/telling.ts'
import { type EnrolmentCode, makeCode } from './enrolment-codes.ts'
import { lockStation, machinesBefore } from './lock.ts'

/**
 * Makes a one-time code for a station, or, with `replaces`, for a new one in the place of a machine that was lost. Refuses in
 * words what cannot be: a station in its own place, one that nobody enrolled, one that was replaced already, another town's, a
 * new station whose name is taken, and any code for a machine that was replaced.
 */
export async function makeEnrolmentCode(
  database: Database,
  stationId: string,
  now: Date,
  replaces?: string,
): Promise<EnrolmentCode> {
  const known = await findMachine(database, stationId)
  if (known?.replacedBy) throw replacedMachine()
  if (replaces === undefined) return makeCode(database, stationId, now)
  if (replaces === stationId)
    throw new Refusal('malformed', '窗口不能代替自己：新机器要用新的窗口代码，例如把末尾的号改成没有用过的')
  if (known !== undefined) throw new Refusal('station_taken', `${stationId} 已经登记过，新机器要用没有用过的窗口代码`)
  if (stationId.slice(0, 9) !== replaces.slice(0, 9))
    throw new Refusal('malformed', '只能由同一个镇街的窗口代替：两个代码的前 9 位要相同')
  const old = await findMachine(database, replaces)
  if (old === undefined) throw new Refusal('not_found', `中心没有登记过 ${replaces}`)
  if (old.replacedBy !== null)
    throw new Refusal('station_replaced', `${replaces} 已由 ${old.replacedBy} 代替，要代替的应该是 ${old.replacedBy}`)
  return makeCode(database, stationId, now, replaces)
}

/** What is refused of a machine in whose place another is. */
export function replacedMachine(): Refusal {
  return new Refusal('station_replaced', '这个窗口的机器已由另一台代替，不能再登记')
}

type Machine = { readonly windowName: string; readonly replacedBy: string | null; readonly lastSeen: Date | null }

async function findMachine(sql: Sql, stationId: string): Promise<Machine | undefined> {
  const [row] = await sql.query<Machine>(
    `select window_name as "windowName", replaced_by as "replacedBy", last_seen_at as "lastSeen" from stations
     where station_id = $1`,
    [stationId],
  )
  return row
}

/** A machine as its successor is told of it before it takes its place. */
export async function describeMachine(sql: Sql, stationId: string): Promise<CodeAnswer['replaces']> {
  const machine = await findMachine(sql, stationId)
  if (machine === undefined) throw new Refusal('station_unknown', '中心没有登记过要代替的窗口')
  const [enrolled] = await sql.query<{ payload: string }>(
    `select payload from entries where station_id = $1 and kind = 'station.enrolled' and payload is not null
     order by seq desc limit 1`,
    [stationId],
  )
  const said = enrolled && entryPayloads['station.enrolled@1'].safeParse(JSON.parse(enrolled.payload)).data
  const { windowName, lastSeen } = machine
  return { stationId, windowName, mode: said?.mode ?? 'live', lastSeenAtUtc: lastSeen?.toISOString() ?? null }
}

/**
 * Puts a new station in a machine's place: the old key is dead from now on, and its open cases and drafts are the new one's. In
 * the transaction that lets the new one in. Refuses `station_replaced` where somebody was first.
 */
export async function replaceStation(
  sql: Sql,
  { from, to }: { readonly from: string; readonly to: string },
  now: Date,
): Promise<NonNullable<EnrolmentReply['replaced']>> {
  await lockStation(sql, from)
  const old = await findMachine(sql, from)
  if (old?.replacedBy !== null) throw new Refusal('station_replaced', '要代替的机器已由另一台代替，没有登记')
  await sql.query('update stations set replaced_by = $2, replaced_at = $3 where station_id = $1', [
    ...[from, to, now.toISOString()],
  ])
  await inheritTags(sql, { from, to }, now)
  const before = (await machinesBefore(sql, from)).toReversed()
  const cases = await handOverCases(sql, { from, to, before }, now)
  const drafts = await handOverDrafts(sql, { from, to }, now)
  return { stationId: from, cases, drafts }
}

/** What came of a replacement, for a request that is repeated. */
export async function replacementOf(
  sql: Sql,
  from: string | null,
  to: string,
): Promise<{ replaced?: NonNullable<EnrolmentReply['replaced']> }> {
  if (from === null) return {}
  const told = (kind: string, id: string) =>
    `(select count(distinct substring(payload from '"${id}":"([0-9a-f-]{36})"')) from feed where station_id = $1 and kind = '${kind}')`
  const [row] = await sql.query<{ cases: number; drafts: number }>(
    `select ${told('case.handed-over', 'caseId')} as cases, ${told('draft.handed-over', 'draftId')} as drafts`,
    [to],
  )
  return { replaced: { stationId: from, cases: row?.cases ?? 0, drafts: row?.drafts ?? 0 } }
}
