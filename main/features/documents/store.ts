import type { CasePaperKind } from '../../../preload/contract/papers.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** A document as its row tells it: of a case, or one's own that was sealed. */
export type DocumentRow = {
  readonly documentId: string
  readonly caseId: string | null
  readonly kind: CasePaperKind | 'own'
  readonly title: string
  readonly madeAtUtc: string
  /** Characters that printed as 〓, one after another. */
  readonly unprintable: string
  readonly sha256: string
  readonly name: string
  readonly sizeBytes: number
  readonly impressions: number
  readonly sealedSeq: number | null
  readonly timestampedAtUtc: string | null
  /** When that happened which it tells; null for a receipt, and one's own. */
  readonly asOfUtc: string | null
  /** Whose words it has; null for the program's own. */
  readonly templateId: string | null
  readonly templateVersion: number | null
  /** Why the template that was named was not used; '' for nothing to say. */
  readonly templateFailed: string
}

const columns = `document_id AS documentId, case_id AS caseId, kind, title, made_at AS madeAtUtc, unprintable, sha256,
  name, size_bytes AS sizeBytes, impressions, sealed_seq AS sealedSeq, timestamped_at AS timestampedAtUtc,
  as_of AS asOfUtc, template_id AS templateId, template_version AS templateVersion, template_failed AS templateFailed`

/** An application form waits for no seal: as the index `documents_waiting` has it. */
export const isWaiting = "sealed_seq IS NULL AND kind <> 'form'"

/** One document. */
export function selectDocument(db: SqlDatabase, documentId: string): DocumentRow | undefined {
  return db.get<DocumentRow>(`SELECT ${columns} FROM documents WHERE document_id = ?`, [documentId])
}

/** A case's documents, the oldest first. */
export function selectDocumentsOf(db: SqlDatabase, caseId: string): DocumentRow[] {
  return db.all<DocumentRow>(`SELECT ${columns} FROM documents WHERE case_id = ? ORDER BY made_seq`, [caseId])
}

/** Documents that wait for their seal, the oldest first. */
export function selectWaiting(db: SqlDatabase, limit: number): DocumentRow[] {
  return db.all<DocumentRow>(`SELECT ${columns} FROM documents WHERE ${isWaiting} ORDER BY made_seq LIMIT ?`, [limit])
}

/** How many documents wait for their seal. */
export function countWaiting(db: SqlDatabase): number {
  return db.get<{ count: number }>(`SELECT count(*) AS count FROM documents WHERE ${isWaiting}`)?.count ?? 0
}

/** Cases received since an instant whose receipt was not made, the oldest first. */
export function selectReceiptsDue(db: SqlDatabase, sinceUtc: string, limit: number): string[] {
  return db
    .all<{ caseId: string }>(
      'SELECT case_id AS caseId FROM receipts_due WHERE received_at >= ? ORDER BY received_at LIMIT ?',
      [sinceUtc, limit],
    )
    .map(({ caseId }) => caseId)
}
