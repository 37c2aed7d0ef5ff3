import type { CaseDecision, CaseState } from '../../../preload/contract/case-steps.ts'
import { type LaterMaterial, type Material, storedFileSchema } from '../../../preload/contract/entries.ts'
import { type CaseView, caseStateSchema, caseViewSchema } from '../../../preload/contract/views.ts'
import type { SqlDatabase, SqlValue } from '../../store/index.ts'

/** A case as its row tells it. */
export type CaseRow = {
  readonly caseId: string
  readonly localNumber: string
  readonly itemId: string
  readonly matterCode: string
  readonly matterName: string
  readonly standardVersion: number
  readonly standardSha256: string
  readonly acceptanceBy: 'station' | 'centre'
  readonly applicantName: string
  readonly idNumber: string
  readonly phone: string
  readonly state: CaseState
  readonly isReturned: boolean
  readonly acceptedByCentre: boolean
  readonly laterOpen: number
  readonly receivedAtUtc: string
  readonly receivedBy: string
  readonly receivedSeq: number
  readonly receivedHash: string
  readonly lastSeq: number
  readonly promised: { readonly date: string | null; readonly days: number; readonly unit: 'workday' | 'day' }
  readonly centreReason: string
  readonly centreCaseNumber: string
}

type Raw = Record<string, SqlValue> & { readonly case_id: string }

/** What narrows a view. */
export type ViewScope = {
  readonly account: string
  readonly acknowledgedSeq: number
  /** YYYY-MM-DD: promised by then counts as due soon. */
  readonly dueBy: string
}

const viewConditions: Record<CaseView, string> = {
  mine: 'is_open = 1 AND received_by = :account',
  due: 'is_open = 1 AND promised_date IS NOT NULL AND promised_date <= :dueBy',
  lacking: 'later_open > 0',
  returned: 'is_returned = 1',
  undelivered: 'last_seq > :acknowledgedSeq',
  all: 'TRUE',
}

const viewOrders: Record<CaseView, string> = {
  mine: 'received_seq DESC',
  due: 'promised_date, received_seq',
  lacking: 'received_seq DESC',
  returned: 'received_seq DESC',
  undelivered: 'last_seq DESC, received_seq DESC',
  all: 'received_seq DESC',
}

/** A page of a view: rows and how many there are in all. */
export type CasePage = { readonly rows: CaseRow[]; readonly total: number }

/** What a word of a query is here: a rare one leads to its cases; common ones, and names of matters alone, are looked for in cases from the newest on. */
export type WordKind = 'rare' | 'common' | 'matter'

/** A word with more tokens than this is common. */
const rareTokens = 10_000
/** Where every word is common, no more cases than this are counted. */
const commonCount = 500

/** The SQL of a page, for the plan test too. */
export function pageSql(view: CaseView, words: readonly WordKind[]): { readonly rows: string; readonly total: string } {
  const found = words.map((kind, index) => ` AND ${wordSql(kind, index)}`).join('')
  const where = `${viewConditions[view]}${found}`
  const isCapped = words.length > 0 && words.every((kind) => kind !== 'rare')
  const capped = `SELECT count(*) AS total FROM (SELECT 1 FROM cases WHERE ${where} ORDER BY ${viewOrders[view]} LIMIT ${commonCount})`
  return {
    rows: `SELECT * FROM cases WHERE ${where} ORDER BY ${viewOrders[view]} LIMIT :limit OFFSET :offset`,
    total: isCapped ? capped : `SELECT count(*) AS total FROM cases WHERE ${where}`,
  }
}

function wordSql(kind: WordKind, index: number): string {
  const range = `token >= :from${index} AND token < :to${index}`
  if (kind === 'rare') return `received_seq IN (SELECT received_seq FROM case_tokens WHERE ${range})`
  const ofMatter = `EXISTS (SELECT 1 FROM cases AS same INDEXED BY cases_by_matter
    WHERE same.received_seq = cases.received_seq AND same.item_id IN (SELECT value FROM json_each(:items${index})))`
  if (kind === 'matter') return ofMatter
  return `(${ofMatter} OR EXISTS (SELECT 1 FROM case_tokens WHERE received_seq = cases.received_seq AND ${range}))`
}

/** One page of a view, narrowed by words each of which must be found. Where every word is very common, `total` stops at 500. */
export function selectPage(
  db: SqlDatabase,
  view: CaseView,
  scope: ViewScope,
  words: readonly string[],
  page: { readonly offset: number; readonly limit: number },
): CasePage {
  const { kinds, parameters: found } = judgeWords(db, words)
  const sql = pageSql(view, kinds)
  const parameters = { ...pick(scope, viewConditions[view]), ...found }
  const total =
    words.length === 0 ? countView(db, view, scope) : (db.get<{ total: number }>(sql.total, parameters)?.total ?? 0)
  const rows = total === 0 ? [] : db.all<Raw>(sql.rows, { ...parameters, ...page })
  return { rows: rows.map(fromRaw), total }
}

/** How many cases each view holds. */
export function countViews(db: SqlDatabase, scope: ViewScope): Record<CaseView, number> {
  const counts = caseViewSchema.options.map((view) => [view, countView(db, view, scope)])
  return Object.fromEntries(counts) as Record<CaseView, number>
}

/** By the counts that triggers keep (0004-counts.ts): counting 200,000 rows would take longer than the page. */
function countView(db: SqlDatabase, view: CaseView, scope: ViewScope): number {
  if (view === 'undelivered') return countUndelivered(db, scope.acknowledgedSeq)
  const compare = view === 'due' ? '<=' : '='
  const within = view === 'mine' ? scope.account : view === 'due' ? scope.dueBy : ''
  const sql = `SELECT sum(total) AS total FROM case_counts WHERE view = ? AND scope ${compare} ?`
  return db.get<{ total: number | null }>(sql, [view, within])?.total ?? 0
}

/** SQLite refuses names that a statement does not have. */
function pick(scope: ViewScope, condition: string): Record<string, SqlValue> {
  return Object.fromEntries(Object.entries(scope).filter(([name]) => condition.includes(`:${name}`)))
}

/** Looks up how common each word is, and which matters it names. */
function judgeWords(
  db: SqlDatabase,
  words: readonly string[],
): { readonly kinds: WordKind[]; readonly parameters: Record<string, SqlValue> } {
  const matters =
    words.length === 0
      ? []
      : db.all<{ item_id: string; matter_name: string }>('SELECT item_id, matter_name FROM matter_names')
  const kinds: WordKind[] = []
  const parameters: Record<string, SqlValue> = {}
  for (const [index, word] of words.entries()) {
    const items = matters.filter(({ matter_name: name }) => name.toLowerCase().includes(word)).map((row) => row.item_id)
    const [from, to] = [word, `${word}\u{10ffff}`]
    const tokens = countTokens(db, from, to)
    const kind = items.length === 0 ? (tokens > rareTokens ? 'common' : 'rare') : tokens === 0 ? 'matter' : 'common'
    kinds.push(kind)
    if (kind !== 'matter') Object.assign(parameters, { [`from${index}`]: from, [`to${index}`]: to })
    if (kind !== 'rare') parameters[`items${index}`] = JSON.stringify([...new Set(items)])
  }
  return { kinds, parameters }
}

function countTokens(db: SqlDatabase, from: string, to: string): number {
  const sql = `SELECT count(*) AS total FROM (SELECT 1 FROM case_tokens WHERE token >= ? AND token < ? LIMIT ${rareTokens + 1})`
  return db.get<{ total: number }>(sql, [from, to])?.total ?? 0
}

/** One case, or undefined. */
export function selectCase(db: SqlDatabase, caseId: string): CaseRow | undefined {
  const row = db.get<Raw>('SELECT * FROM cases WHERE case_id = ?', [caseId])
  return row && fromRaw(row)
}

/** The one case whose local number or id is, or begins or ends with, a text; undefined for none or several. */
export function selectCaseByName(db: SqlDatabase, name: string): CaseRow | undefined {
  const rows = db.all<Raw>(
    `SELECT * FROM cases WHERE local_number = :name OR case_id = :name
       OR received_seq IN (SELECT received_seq FROM case_tokens WHERE token = lower(:name)) LIMIT 2`,
    { name },
  )
  return rows.length === 1 && rows[0] ? fromRaw(rows[0]) : undefined
}

/** The highest running number of a day (YYYYMMDD); 0 for none. */
export function lastDayNumber(db: SqlDatabase, day: string): number {
  const sql = 'SELECT max(day_number) AS last FROM cases WHERE received_day = ?'
  return db.get<{ last: number | null }>(sql, [day])?.last ?? 0
}

/** Local numbers of open cases of the same person and matter, the latest first, at most five. */
export function selectDuplicates(db: SqlDatabase, idNumber: string, itemId: string): string[] {
  const sql = `SELECT local_number FROM cases WHERE id_number = ? AND item_id = ? AND is_open = 1
    ORDER BY received_seq DESC LIMIT 5`
  return db.all<{ local_number: string }>(sql, [idNumber, itemId]).map((row) => row.local_number)
}

/** How many cases wait for the centre: whole thousands of entries by their counts, the thousand in which the centre stands by its rows. */
export function countUndelivered(db: SqlDatabase, acknowledgedSeq: number): number {
  const thousand = Math.floor(acknowledgedSeq / 1000)
  const sql = `SELECT (SELECT count(*) FROM cases WHERE last_seq > ? AND last_seq < ?)
    + (SELECT coalesce(sum(total), 0) FROM case_counts WHERE view = 'undelivered' AND scope > ?) AS total`
  const parameters = [acknowledgedSeq, (thousand + 1) * 1000, String(thousand).padStart(12, '0')]
  return db.get<{ total: number }>(sql, parameters)?.total ?? 0
}

/** How often each matter was taken in here. */
export function selectTimesUsed(db: SqlDatabase): Map<string, number> {
  const rows = db.all<{ item_id: string; used: number }>(
    'SELECT item_id, sum(times_used) AS used FROM matter_names GROUP BY item_id',
  )
  return new Map(rows.map((row) => [row.item_id, row.used]))
}

/** Open cases by matter and version of its standard. */
export function selectOpenByVersion(db: SqlDatabase): { itemId: string; version: number; count: number }[] {
  return db.all(
    `SELECT item_id AS itemId, standard_version AS version, count(*) AS count FROM cases WHERE is_open = 1
     GROUP BY item_id, standard_version ORDER BY item_id, standard_version`,
  )
}

/** A case's materials in the order in which they came. */
export function selectMaterials(db: SqlDatabase, caseId: string): Material[] {
  return db
    .all<Record<string, string | number>>(
      'SELECT * FROM case_materials WHERE case_id = ? ORDER BY seq, added_at, material_id',
      [caseId],
    )
    .map((row) => ({
      materialId: String(row.material_id),
      requirementId: String(row.requirement_id),
      file: storedFileSchema.parse({
        sha256: row.sha256,
        name: row.name,
        mediaType: row.media_type,
        sizeBytes: row.size_bytes,
      }),
      addedAtUtc: String(row.added_at),
    }))
}

/** What was promised for later and has not come. */
export function selectLater(db: SqlDatabase, caseId: string): LaterMaterial[] {
  return db
    .all<{ requirement_id: string; due_date: string | null }>(
      'SELECT requirement_id, due_date FROM case_later WHERE case_id = ? AND is_open = 1 ORDER BY due_date, requirement_id',
      [caseId],
    )
    .map((row) => ({ requirementId: row.requirement_id, dueDate: row.due_date }))
}

/** A decision of the centre as it was applied here. */
export type DecisionRow = {
  readonly decision: CaseDecision
  readonly reason: string
  readonly officer: string
  readonly decidedAtUtc: string
  readonly seq: number
}

/** The centre's decisions on a case, in the centre's order. */
export function selectDecisions(db: SqlDatabase, caseId: string): DecisionRow[] {
  return db
    .all<{
      decision: CaseDecision
      reason: string
      officer: string
      decided_at: string
      seq: number
    }>('SELECT decision, reason, officer, decided_at, seq FROM case_decisions WHERE case_id = ? ORDER BY cursor', [
      caseId,
    ])
    .map(({ decided_at: decidedAtUtc, ...row }) => ({ ...row, decidedAtUtc }))
}

function fromRaw(row: Raw): CaseRow {
  const text = (name: string) => String(row[name] ?? '')
  return {
    caseId: row.case_id,
    localNumber: text('local_number'),
    itemId: text('item_id'),
    matterCode: text('matter_code'),
    matterName: text('matter_name'),
    standardVersion: Number(row.standard_version),
    standardSha256: text('standard_sha256'),
    acceptanceBy: text('acceptance_by') === 'station' ? 'station' : 'centre',
    applicantName: text('applicant_name'),
    idNumber: text('id_number'),
    phone: text('phone'),
    state: caseStateSchema.parse(row.state),
    isReturned: row.is_returned === 1,
    acceptedByCentre: row.accepted_by_centre === 1,
    laterOpen: Number(row.later_open),
    receivedAtUtc: text('received_at'),
    receivedBy: text('received_by'),
    receivedSeq: Number(row.received_seq),
    receivedHash: text('received_hash'),
    lastSeq: Number(row.last_seq),
    promised: {
      date: row.promised_date === null ? null : text('promised_date'),
      days: Number(row.promised_days),
      unit: text('promised_unit') === 'day' ? 'day' : 'workday',
    },
    centreReason: text('centre_reason'),
    centreCaseNumber: text('centre_case_number'),
  }
}
