import type { CasePaperKind } from '../../../preload/contract/papers.ts'
import type { PaperView } from '../../../preload/contract/seals.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { isWaiting } from './store.ts'

/** A paper that can be sealed or was: a document, or one's own that nobody has sealed yet. */
export type PaperRow = {
  readonly documentId: string
  readonly kind: CasePaperKind | 'own'
  readonly title: string
  readonly caseId: string | null
  /** The matter of its case; null for one's own. */
  readonly itemId: string | null
  readonly localNumber: string
  readonly matterName: string
  readonly applicantName: string
  readonly sha256: string
  readonly name: string
  readonly sizeBytes: number
  readonly pages: number | null
  readonly impressions: number
  readonly timestampedAtUtc: string | null
  readonly madeAtUtc: string
}

/** A paper that was brought in. */
export type OwnPaper = {
  readonly documentId: string
  readonly title: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly pages: number | null
  readonly addedAtUtc: string
  readonly addedBy: string
}

const documentColumns = `d.document_id AS documentId, d.kind, d.title, d.case_id AS caseId, c.item_id AS itemId,
  coalesce(c.local_number, '') AS localNumber, coalesce(c.matter_name, '') AS matterName,
  coalesce(c.applicant_name, '') AS applicantName, d.sha256, d.name, d.size_bytes AS sizeBytes, NULL AS pages,
  d.impressions, d.timestamped_at AS timestampedAtUtc, d.made_at AS madeAtUtc`
const documentTables = 'documents AS d LEFT JOIN cases AS c ON c.case_id = d.case_id'

const ownColumns = `document_id AS documentId, 'own' AS kind, title, NULL AS caseId, NULL AS itemId, '' AS localNumber,
  '' AS matterName, '' AS applicantName, sha256, title || '.pdf' AS name, size_bytes AS sizeBytes, pages,
  0 AS impressions, NULL AS timestampedAtUtc, added_at AS madeAtUtc`

const viewConditions: Readonly<Record<PaperView, string>> = {
  waiting: isWaiting,
  own: "d.kind = 'own'",
  sealed: 'd.sealed_seq IS NOT NULL',
  all: 'TRUE',
}
/** The order that the view's index has. */
const viewOrders: Readonly<Record<PaperView, string>> = {
  waiting: 'd.made_seq DESC',
  own: 'd.made_seq DESC',
  sealed: 'd.sealed_seq DESC',
  all: 'd.made_seq DESC',
}

/** One paper, sealed or not. */
export function selectPaper(db: SqlDatabase, documentId: string): PaperRow | undefined {
  return (
    db.get<PaperRow>(`SELECT ${documentColumns} FROM ${documentTables} WHERE d.document_id = ?`, [documentId]) ??
    db.get<PaperRow>(`SELECT ${ownColumns} FROM own_papers WHERE document_id = ?`, [documentId])
  )
}

/** One page of a view: papers that nobody has sealed come first, then the newest. Every word must stand somewhere. */
export function selectPapers(
  db: SqlDatabase,
  view: PaperView,
  words: readonly string[],
  page: { readonly offset: number; readonly limit: number },
): { readonly rows: PaperRow[]; readonly total: number } {
  const parameters = Object.fromEntries(words.map((word, at) => [`word${at}`, word]))
  const has = (text: string) => words.map((_, at) => ` AND instr(lower(${text}), :word${at}) > 0`).join('')
  const own = `own_papers WHERE ${view === 'sealed' ? 'FALSE' : 'TRUE'}${has('title')}`
  const documents = `${documentTables} WHERE ${viewConditions[view]}${has(documentText)}`
  const count = (from: string) =>
    db.get<{ count: number }>(`SELECT count(*) AS count FROM ${from}`, parameters)?.count ?? 0
  const ownCount = count(own)
  const { offset, limit } = page
  const ownRows = db.all<PaperRow>(
    `SELECT ${ownColumns} FROM ${own} ORDER BY added_at DESC, document_id DESC LIMIT :limit OFFSET :offset`,
    { ...parameters, limit, offset },
  )
  const rest = limit - ownRows.length
  const documentRows =
    rest === 0
      ? []
      : db.all<PaperRow>(
          `SELECT ${documentColumns} FROM ${documents} ORDER BY ${viewOrders[view]} LIMIT :limit OFFSET :offset`,
          { ...parameters, limit: rest, offset: Math.max(0, offset - ownCount) },
        )
  const total = ownCount + (words.length === 0 ? countDocuments(db, view) : count(documents))
  return { rows: [...ownRows, ...documentRows], total }
}

const documentText = `d.title || ' ' || d.name || ' ' || coalesce(c.local_number, '') || ' ' || coalesce(c.matter_name, '')
  || ' ' || coalesce(c.applicant_name, '')`

/** How many papers each view holds. */
export function countPapers(db: SqlDatabase): Record<PaperView, number> {
  const own = db.get<{ count: number }>('SELECT count(*) AS count FROM own_papers')?.count ?? 0
  return {
    waiting: countDocuments(db, 'waiting') + own,
    own: countDocuments(db, 'own') + own,
    sealed: countDocuments(db, 'sealed'),
    all: countDocuments(db, 'all') + own,
  }
}

function countDocuments(db: SqlDatabase, view: PaperView): number {
  const sql = `SELECT count(*) AS count FROM documents AS d WHERE ${viewConditions[view]}`
  return db.get<{ count: number }>(sql)?.count ?? 0
}

/** Notes a paper that was brought in. */
export function insertOwnPaper(db: SqlDatabase, paper: OwnPaper): void {
  db.run(
    `INSERT INTO own_papers (document_id, title, sha256, size_bytes, pages, added_at, added_by)
     VALUES (:documentId, :title, :sha256, :sizeBytes, :pages, :addedAtUtc, :addedBy)`,
    { ...paper },
  )
}

/** Lets go of a paper that was brought in; tells whether it was there. */
export function deleteOwnPaper(db: SqlDatabase, documentId: string): boolean {
  return db.run('DELETE FROM own_papers WHERE document_id = ?', [documentId]) > 0
}

/** Whether any row of the store still names these bytes as its file. */
export function isFileNamed(db: SqlDatabase, sha256: string): boolean {
  const named = db.get(
    `SELECT 1 FROM own_papers WHERE sha256 = :sha256
     UNION ALL SELECT 1 FROM waiting_materials WHERE sha256 = :sha256
     UNION ALL SELECT 1 FROM case_materials WHERE sha256 = :sha256
     UNION ALL SELECT 1 FROM documents WHERE sha256 = :sha256
     UNION ALL SELECT 1 FROM seal_impressions WHERE document_sha256 = :sha256 LIMIT 1`,
    { sha256 },
  )
  return named !== undefined
}
