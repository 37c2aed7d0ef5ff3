// Owns: cases that pass from a machine that was lost to the one in its place: which, with what of their history and files.
// Does not own: replacing itself (../stations/replacement.ts), what a history is (history.ts).
// Start here: `handOverCases`; what an earlier machine brings late is `handOverLate`.
import type { Entry } from '../../main/wire/entry.ts'
import {
  type CaseHandedOver,
  type HandedFile,
  type HistoryItem,
  historyItemsMost,
} from '../../preload/contract/hand-over.ts'
import type { Sql } from '../database.ts'
import { appendFeedItems } from '../feed/feed.ts'
import type { Lineage } from '../stations/lock.ts'
import { bytesOfStep, historyEntry, readHistories } from './history.ts'

/** So many cases are read and told at once. */
const casesAtOnce = 200

/** The steps of one item have at most so many bytes, unless a single step has more. */
const historyBytes = 128 << 10

type HandedCase = { readonly caseId: string; readonly centreNumber: string }

/**
 * Tells the new station every case that the old one held and that is not at its end: open ones, and those whose result nobody
 * has taken away or heard. The newest comes first. From then on they are the new station's. The caller holds both stations'
 * rows. Tells how many.
 */
export async function handOverCases(
  sql: Sql,
  { from, to, before }: { readonly from: string; readonly to: string; readonly before: readonly string[] },
  now: Date,
): Promise<number> {
  const windowName = await windowOf(sql, from)
  const machines = [...before, from]
  const histories = await readHistories(sql, machines)
  const cases = await unfinishedCases(sql, from, machines)
  let told = 0
  for (let at = 0; at < cases.length; at += casesAtOnce) {
    const some = cases.slice(at, at + casesAtOnce)
    const ids = some.map(({ caseId }) => caseId)
    const steps = await histories.of(ids)
    const files = await handedFiles(sql, ids)
    // Of one that was erased there is nothing to tell.
    const handed = some.filter(({ caseId }) => steps.get(caseId)?.some(isReceipt) === true)
    const items = handed.flatMap((one) =>
      itemsOf(one, { from, windowName }, steps.get(one.caseId) ?? [], files.get(one.caseId) ?? []),
    )
    await appendFeedItems(sql, to, 'case.handed-over', items, now)
    await sql.query('update cases set holder_id = $2 where case_id = any($1::text[])', [
      handed.map(({ caseId }) => caseId),
      to,
    ])
    told += handed.length
  }
  return told
}

const isReceipt = (step: HistoryItem): boolean => step.what === 'entry' && step.kind === 'case.received'

/** Kinds that say something of a case to whoever holds it. */
const toldKinds = /^(case|document|identity)\./

/**
 * What a replaced machine brings late (by its hall's relay, or by a stick that an officer let in) is told to whoever is in its
 * place: new cases, and further steps of those that were handed over. In the transaction that takes the entries.
 */
export async function handOverLate(
  sql: Sql,
  { stationId, holder }: Lineage,
  entries: readonly Entry[],
  now: Date,
): Promise<void> {
  const told = entries.filter(({ kind }) => toldKinds.test(kind))
  const rows = await sql.query<HandedCase>(
    'select case_id as "caseId", centre_number as "centreNumber" from cases where case_id = any($1::text[]) and holder_id = $2',
    [[...new Set(told.map(({ subject }) => subject))], holder],
  )
  if (rows.length === 0) return
  const windowName = await windowOf(sql, stationId)
  const items = rows.flatMap((one) => {
    const steps = told
      .filter(({ subject }) => subject === one.caseId)
      .map((entry) => historyEntry(entry as Parameters<typeof historyEntry>[0], new Map()))
    return itemsOf(one, { from: stationId, windowName }, steps, [])
  })
  await appendFeedItems(sql, holder, 'case.handed-over', items, now)
}

/** Files that came late are told: they can be fetched now. The caller holds the holder's row. */
export async function handOverLateFiles(
  sql: Sql,
  { stationId, holder }: Lineage,
  sha256s: readonly string[],
  now: Date,
): Promise<void> {
  const rows = await sql.query<HandedCase>(
    `select distinct case_id as "caseId", centre_number as "centreNumber" from cases join expected_files using (case_id)
     where holder_id = $1 and expected_files.station_id = $2 and (sha256 = any($3::text[]) or sha256 in (
       select copy_of from station_files where station_files.sha256 = any($3::text[])))`,
    [holder, stationId, sha256s],
  )
  const windowName = await windowOf(sql, stationId)
  const files = await handedFiles(
    sql,
    rows.map(({ caseId }) => caseId),
  )
  const items = rows.flatMap((one) => itemsOf(one, { from: stationId, windowName }, [], files.get(one.caseId) ?? []))
  await appendFeedItems(sql, holder, 'case.handed-over', items, now)
}

async function windowOf(sql: Sql, stationId: string): Promise<string> {
  const [row] = await sql.query<{ name: string }>('select window_name as name from stations where station_id = $1', [
    stationId,
  ])
  return row?.name ?? ''
}

/** Cases that somebody still has to do something about. 送达 and 告知 stand in the entries alone. */
function unfinishedCases(sql: Sql, holder: string, machines: readonly string[]): Promise<HandedCase[]> {
  const told = (kind: string) => `exists (select 1 from entries where entries.station_id = any($2::text[])
    and entries.subject = cases.case_id and entries.kind = '${kind}')`
  return sql.query<HandedCase>(
    `select case_id as "caseId", centre_number as "centreNumber" from cases
     where holder_id = $1 and not (state = 'closed' and ${told('case.delivered')})
       and not (state = 'refused' and ${told('case.told')})
     order by received_at desc, seq desc, case_id`,
    [holder, machines],
  )
}

/** What of the cases' files is here: originals, and readable copies of them. */
async function handedFiles(sql: Sql, caseIds: readonly string[]): Promise<Map<string, HandedFile[]>> {
  type Row = {
    readonly caseId: string
    readonly sha256: string
    readonly original: boolean
    readonly copySha256: string | null
    readonly copyBytes: number | null
  }
  const rows = await sql.query<Row>(
    `select distinct e.case_id as "caseId", e.sha256, f.sha256 is not null as original,
       copy.sha256 as "copySha256", copy.size_bytes as "copyBytes"
     from expected_files e left join files f on f.sha256 = e.sha256
       left join lateral (
         select files.sha256, files.size_bytes from station_files s join files on files.sha256 = s.sha256
         where s.copy_of = e.sha256 and s.station_id = e.station_id limit 1) as copy on true
     where e.case_id = any($1::text[]) and (f.sha256 is not null or copy.sha256 is not null)
     order by e.case_id, e.sha256`,
    [caseIds],
  )
  const files = new Map<string, HandedFile[]>()
  for (const { caseId, sha256, original, copySha256, copyBytes } of rows) {
    const copy = copySha256 === null || copyBytes === null ? null : { sha256: copySha256, sizeBytes: copyBytes }
    files.set(caseId, [...(files.get(caseId) ?? []), { sha256, original, copy }])
  }
  return files
}

/** A case in items of bounded size; the files stand in the first. */
function itemsOf(
  { caseId, centreNumber }: HandedCase,
  { from, windowName }: { readonly from: string; readonly windowName: string },
  steps: readonly HistoryItem[],
  files: readonly HandedFile[],
): CaseHandedOver[] {
  return portions(steps).map((history, at) => ({
    ...{ caseId, from, windowName, centreCaseNumber: centreNumber, history },
    files: at === 0 ? [...files] : [],
  }))
}

function portions(steps: readonly HistoryItem[]): HistoryItem[][] {
  const first: HistoryItem[] = []
  const all = [first]
  let open = first
  let bytes = 0
  for (const step of steps) {
    const size = bytesOfStep(step)
    if (open.length > 0 && (bytes + size > historyBytes || open.length >= historyItemsMost)) {
      open = []
      all.push(open)
      bytes = 0
    }
    open.push(step)
    bytes += size
  }
  return all
}
