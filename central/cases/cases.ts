// Owns: cases as the back office sees them: read from the stations' entries, moved by the office's decisions.
// Does not own: the entries (../ledger) or which steps are legal (preload/contract/case-steps.ts).
// Start here: `projectEntries`, `decideCase`.

import type { Entry } from '../../main/wire/entry.ts'
import {
  type CaseDecision,
  type CaseState,
  canDecide,
  caseStates,
  caseStateWords,
  nextStates,
} from '../../preload/contract/case-steps.ts'
import { type EntryPayload, entryPayloads } from '../../preload/contract/entries.ts'
import type { Decision } from '../../preload/contract/wire.ts'
import { largestInteger, printable } from '../columns.ts'
import type { Database, Sql } from '../database.ts'
import { forgetDrafts } from '../drafts/drafts.ts'
import { appendFeed, noteApplied } from '../feed/feed.ts'
import { countFiles, type FileCount } from '../files/count.ts'
import { Refusal } from '../refusal.ts'
import { type Lineage, lockStation } from '../stations/lock.ts'
import { eraseJoined, type JoinedCase, joinedOf, projectJoined } from './joined.ts'

/** A case on the office's list. */
export type OfficeCase = {
  readonly caseId: string
  /** Where it was received. */
  readonly stationId: string
  /** Whose case it is now: the station itself, or the machine in its place. */
  readonly holderId: string
  readonly localNumber: string
  readonly centreNumber: string
  readonly matterCode: string
  readonly matterName: string
  readonly standardVersion: number
  readonly applicantName: string
  readonly receivedAtUtc: string
  readonly state: CaseState
}

/** A case with how many of its files are here, and the 一件事 by which it was taken in; null for a case of its own. */
export type ListedCase = OfficeCase & { readonly files: FileCount; readonly theme: JoinedCase | null }

/** What the office decides. */
export type OfficeDecision = { readonly decision: CaseDecision; readonly reason: string; readonly officer: string }

const columns = `case_id as "caseId", station_id as "stationId", holder_id as "holderId", local_number as "localNumber",
  centre_number as "centreNumber", matter_code as "matterCode", matter_name as "matterName",
  standard_version as "standardVersion", applicant_name as "applicantName", received_at as "receivedAtUtc", state`

/**
 * Reads new entries into the office's tables, in the transaction that stores them: at most one statement a kind, however
 * many entries there are. What comes of them is the same in whatever batches they come. Kinds and versions that this centre
 * does not know are kept as entries and skipped here: a newer station harms no older centre.
 */
export async function projectEntries(sql: Sql, lineage: Lineage, entries: readonly Entry[], now: Date): Promise<void> {
  const { stationId } = lineage
  await projectReceived(sql, lineage, readAll('case.received@1', entries), now)
  const joined = readAll('case.joined@1', entries).map(({ data }) => data)
  await projectJoined(sql, lineage, joined)
  await projectAccepted(sql, lineage, readAll('case.accepted@1', entries))
  await projectErased(sql, lineage, readAll('payload.erased@1', entries))
  const applied = readAll('feed.applied@1', entries).map(({ data }) => data)
  await noteApplied(sql, stationId, applied, now)
}

type Told<Name extends keyof typeof entryPayloads> = { readonly seq: number; readonly data: EntryPayload<Name> }

/** The entries of one kind whose payload is as that kind's should be. */
function readAll<Name extends keyof typeof entryPayloads>(name: Name, entries: readonly Entry[]): Told<Name>[] {
  return entries
    .filter(({ kind, version }) => `${kind}@${version}` === name)
    .flatMap(({ seq, payload }) => {
      const { data } = entryPayloads[name].safeParse(payload)
      return data === undefined ? [] : [{ seq, data: data as EntryPayload<Name> }]
    })
}

async function projectReceived(
  sql: Sql,
  { stationId, holder, before }: Lineage,
  received: readonly Told<'case.received@1'>[],
  now: Date,
): Promise<void> {
  if (received.length === 0) return
  const year = new Date(now.getTime() + 8 * 3600 * 1000).getUTCFullYear()
  await sql.query(
    `insert into cases (station_id, holder_id, centre_number, state, case_id, seq, local_number, matter_code, matter_name,
       standard_version, applicant_name, received_at, item_id)
     select $1::text, $11::text, $2::text || '-' || to_char(nextval('centre_case_numbers'), 'FM999999999999000000'), 'received', sent.*
     from unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::text[], $10::text[], $12::text[]) as sent
     on conflict (case_id) do nothing`,
    [
      stationId,
      String(year),
      received.map(({ data }) => data.caseId),
      received.map(({ seq }) => seq),
      received.map(({ data }) => printable(data.localNumber)),
      received.map(({ data }) => printable(data.matterCode)),
      received.map(({ data }) => printable(data.matterName)),
      received.map(({ data }) => Math.min(data.standardVersion, largestInteger)),
      received.map(({ data }) => printable(data.applicant.name)),
      received.map(({ data }) => data.receivedAtUtc),
      holder,
      received.map(({ data }) => printable(data.itemId)),
    ],
  )
  // A draft that was received is a case.
  const drafts = received.map(({ data }) => data.caseId)
  await forgetDrafts(sql, stationId, drafts, before.length > 0)
}

/** An acceptance that stands before its case in the ledger moves nothing, nor does one of who does not hold the case. */
async function projectAccepted(
  sql: Sql,
  { stationId, holder }: Lineage,
  accepted: readonly Told<'case.accepted@1'>[],
): Promise<void> {
  if (accepted.length === 0) return
  const from = caseStates.filter((state) => canDecide(state, 'accepted'))
  await sql.query(
    `update cases set state = 'accepted'
     from (select case_id, max(seq) as seq from unnest($2::text[], $3::bigint[]) as sent (case_id, seq) group by case_id) as told
     where cases.case_id = told.case_id and holder_id = $5 and (station_id <> $1 or told.seq > cases.seq)
       and state = any($4::text[])`,
    [stationId, accepted.map(({ data }) => data.caseId), accepted.map(({ seq }) => seq), from, holder],
  )
}

/** A case that was handed over is erased in the ledgers of all machines that had it, and in what was told of it. */
async function projectErased(
  sql: Sql,
  { stationId, holder, before }: Lineage,
  erased: readonly Told<'payload.erased@1'>[],
): Promise<void> {
  if (erased.length === 0) return
  const subjects = [...new Set(erased.map(({ data }) => printable(data.subject)))]
  const values = [stationId, subjects]
  await sql.query('update entries set payload = null where station_id = $1 and subject = any($2::text[])', values)
  await sql.query('delete from subject_secrets where station_id = $1 and subject = any($2::text[])', values)
  await sql.query(`update cases set applicant_name = '' where holder_id = $1 and case_id = any($2::text[])`, [
    holder,
    subjects,
  ])
  await eraseJoined(sql, [stationId, ...before], subjects)
  if (before.length > 0) await eraseBefore(sql, holder, before, subjects)
}

async function eraseBefore(sql: Sql, holder: string, before: readonly string[], subjects: readonly string[]) {
  const held = await sql.query<{ id: string }>(
    'select case_id as id from cases where holder_id = $1 and case_id = any($2::text[])',
    [holder, subjects],
  )
  const ids = held.map(({ id }) => id)
  const values = [before, ids]
  await sql.query(
    'update entries set payload = null where station_id = any($1::text[]) and subject = any($2::text[])',
    values,
  )
  await sql.query(
    'delete from subject_secrets where station_id = any($1::text[]) and subject = any($2::text[])',
    values,
  )
  await sql.query(
    // Canonical JSON is compared as text: PostgreSQL's JSON refuses characters that a payload may hold.
    `update feed set payload = 'null' where station_id = any($1::text[]) and kind = 'case.handed-over'
       and exists (select 1 from unnest($2::text[]) as id where strpos(payload, '"caseId":"' || id || '"') > 0)`,
    [[holder, ...before], ids],
  )
}

/** The office's cases, newest first, at most `limit`. */
export async function listCases(database: Database, limit = 200): Promise<ListedCase[]> {
  const cases = await database.query<OfficeCase>(
    `select ${columns} from cases order by received_at desc, case_id limit $1`,
    [limit],
  )
  const ids = cases.map(({ caseId }) => caseId)
  const files = await countFiles(database, ids)
  const themes = await joinedOf(database, ids)
  return cases.map((one) => ({
    ...one,
    files: files.get(one.caseId) ?? { expected: 0, here: 0 },
    theme: themes.get(one.caseId) ?? null,
  }))
}

/** A number that begins with a window's code is that window's: another's entry under it must not hide the case or pass for it. */
const hasOwnNumber = `(local_number !~ '^[0-9]{12}-[0-9]+-' or starts_with(local_number, station_id || '-'))`

/**
 * Finds one case by its id, its local number, the centre's number, or an unambiguous beginning (4 characters or more) of one of them.
 * Refuses `not_found`, with how many fit where there are several.
 */
export async function findCase(sql: Sql, name: string): Promise<OfficeCase> {
  const exact = await sql.query<OfficeCase>(
    `select ${columns} from cases where case_id = lower($1) or centre_number = $1
       or (local_number = $1 and ${hasOwnNumber}) limit 2`,
    [name],
  )
  const [found] = exact
  if (found !== undefined && exact.length === 1) return found
  const starts =
    name.length < 4
      ? []
      : await sql.query<OfficeCase>(
          `select ${columns} from cases where starts_with(case_id, lower($1)) or starts_with(centre_number, $1)
             or (starts_with(local_number, $1) and ${hasOwnNumber}) limit 2`,
          [name],
        )
  const [only] = starts
  if (only !== undefined && starts.length === 1) return only
  const several = exact.length > 1 || starts.length > 1
  throw new Refusal('not_found', several ? '有不止一个办件以此开头，请写全编号' : '中心没有这个办件')
}

/**
 * Decides on a case and tells its station, in one transaction. Returns the decision as the station will get it. Refuses
 * `not_found` and `step_not_legal`, which names what is legal now.
 */
export function decideCase(database: Database, name: string, wanted: OfficeDecision, now: Date): Promise<Decision> {
  return database.transaction(async (sql) => (await decideWithin(sql, name, wanted, now)).decision)
}

/** As `decideCase`, in the caller's transaction; tells also where the decision stands in its station's feed. */
export async function decideWithin(
  sql: Sql,
  name: string,
  wanted: OfficeDecision,
  now: Date,
): Promise<{ readonly decision: Decision; readonly stationId: string; readonly cursor: number }> {
  const found = await lockHolderOf(sql, name)
  const { caseId, holderId: stationId } = found
  if (!canDecide(found.state, wanted.decision)) throw new Refusal('step_not_legal', illegalStep(found.state, wanted))
  const decision: Decision = {
    caseId,
    decision: wanted.decision,
    reason: wanted.reason,
    centreCaseNumber: found.centreNumber,
    officer: wanted.officer,
    decidedAtUtc: now.toISOString(),
  }
  const values = [caseId, wanted.decision, decision.decidedAtUtc]
  await sql.query('update cases set state = $2, decided_at = $3 where case_id = $1', values)
  const cursor = await appendFeed(sql, stationId, { kind: 'case.decided', payload: decision }, now)
  return { decision, stationId, cursor }
}

/** The case with the row of whoever holds it taken: also where it is handed over just now. */
async function lockHolderOf(sql: Sql, name: string): Promise<OfficeCase> {
  for (let found = await findCase(sql, name); ; ) {
    await lockStation(sql, found.holderId)
    const now = await findCase(sql, found.caseId)
    if (now.holderId === found.holderId) return now
    found = now
  }
}

function illegalStep(state: CaseState, { decision }: OfficeDecision): string {
  const legal = nextStates(state).map((next) => `${next}（${caseStateWords[next]}）`)
  const remedy = legal.length === 0 ? '已经没有下一步' : `现在可以：${legal.join('、')}`
  return `办件现在是“${caseStateWords[state]}”，不能改为“${caseStateWords[decision]}”；${remedy}`
}
