import { z } from 'zod'
import { type SealingItem, type SealingRequest, sealingRequestSchema } from '../../../preload/contract/seals.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** What a job does to each of its papers; kept without the approver's PIN. */
export type JobOrder = Omit<SealingRequest, 'documentIds' | 'approval'> & { readonly sealName: string }

/** A sealing job as its row tells it, with its counts. */
export type JobRow = {
  readonly jobId: string
  readonly order: JobOrder
  readonly state: 'running' | 'paused' | 'cancelled' | 'done'
  readonly pausedBecause: string
  readonly startedAtUtc: string
  readonly startedBy: string
  /** '' where nobody had to agree. */
  readonly approvedBy: string
  readonly total: number
  readonly sealed: number
  readonly failed: number
}

/** A paper of a job that is still to be done. */
export type WaitingItem = { readonly position: number; readonly documentId: string }

const orderSchema = sealingRequestSchema.omit({ documentIds: true, approval: true }).extend({ sealName: z.string() })

type RawJob = Omit<JobRow, 'order'> & { readonly request: string }

const jobColumns = `job.job_id AS jobId, job.request, job.state, job.paused_because AS pausedBecause,
  job.started_at AS startedAtUtc, job.started_by AS startedBy, job.approved_by AS approvedBy,
  (SELECT count(*) FROM sealing_items AS item WHERE item.job_id = job.job_id) AS total,
  (SELECT count(*) FROM sealing_items AS item WHERE item.job_id = job.job_id AND item.state = 'sealed') AS sealed,
  (SELECT count(*) FROM sealing_items AS item WHERE item.job_id = job.job_id AND item.state = 'failed') AS failed`

const fromRaw = ({ request, ...row }: RawJob): JobRow => ({ ...row, order: orderSchema.parse(JSON.parse(request)) })

/** One job. */
export function selectJob(db: SqlDatabase, jobId: string): JobRow | undefined {
  const row = db.get<RawJob>(`SELECT ${jobColumns} FROM sealing_jobs AS job WHERE job.job_id = ?`, [jobId])
  return row && fromRaw(row)
}

/** Jobs that were started since an instant, the newest first. */
export function selectJobs(db: SqlDatabase, sinceUtc: string): JobRow[] {
  return db
    .all<RawJob>(
      `SELECT ${jobColumns} FROM sealing_jobs AS job WHERE job.started_at >= ? ORDER BY job.started_at DESC, job.job_id DESC`,
      [sinceUtc],
    )
    .map(fromRaw)
}

/** Writes a job down with its papers; inside a transaction. */
export function insertJob(
  db: SqlDatabase,
  job: Pick<JobRow, 'jobId' | 'order' | 'startedAtUtc' | 'startedBy' | 'approvedBy'>,
  papers: readonly { readonly documentId: string; readonly title: string }[],
): void {
  db.run(
    `INSERT INTO sealing_jobs (job_id, request, state, paused_because, started_at, started_by, approved_by)
     VALUES (?, ?, 'running', '', ?, ?, ?)`,
    [job.jobId, JSON.stringify(job.order), job.startedAtUtc, job.startedBy, job.approvedBy],
  )
  for (const [position, { documentId, title }] of papers.entries()) {
    db.run(
      `INSERT INTO sealing_items (job_id, position, document_id, title, state, impressions, why)
       VALUES (?, ?, ?, ?, 'waiting', 0, '')`,
      [job.jobId, position, documentId, title],
    )
  }
}

/** Says how a job stands. */
export function updateJob(db: SqlDatabase, jobId: string, state: JobRow['state'], pausedBecause: string): void {
  db.run('UPDATE sealing_jobs SET state = ?, paused_because = ? WHERE job_id = ?', [state, pausedBecause, jobId])
}

/** A resumed job may have been agreed to anew, by somebody else. */
export function updateApproval(db: SqlDatabase, jobId: string, approvedBy: string): void {
  db.run('UPDATE sealing_jobs SET approved_by = ? WHERE job_id = ?', [approvedBy, jobId])
}

/** Jobs that ran when the desk ended wait for a person; tells how many there were. */
export function pauseRunning(db: SqlDatabase, because: string): number {
  return db.run(`UPDATE sealing_jobs SET state = 'paused', paused_because = ? WHERE state = 'running'`, [because])
}

/** The next paper of a job that is still to be done, after a position. */
export function selectNextWaiting(db: SqlDatabase, jobId: string, after: number): WaitingItem | undefined {
  return db.get<WaitingItem>(
    `SELECT position, document_id AS documentId FROM sealing_items
     WHERE job_id = ? AND state = 'waiting' AND position > ? ORDER BY position LIMIT 1`,
    [jobId, after],
  )
}

/** The papers of a job that are still to be done. */
export function selectWaitingDocuments(db: SqlDatabase, jobId: string): string[] {
  return db
    .all<{ documentId: string }>(
      `SELECT document_id AS documentId FROM sealing_items WHERE job_id = ? AND state = 'waiting' ORDER BY position`,
      [jobId],
    )
    .map(({ documentId }) => documentId)
}

/** All papers of a job, in its order. */
export function selectItems(db: SqlDatabase, jobId: string): SealingItem[] {
  return db.all<SealingItem>(
    `SELECT document_id AS documentId, title, state, why FROM sealing_items WHERE job_id = ? ORDER BY position`,
    [jobId],
  )
}

/** Notes that a paper is done; in the same transaction as its entries, so that it is never sealed twice. */
export function markSealed(db: SqlDatabase, jobId: string, position: number, impressions: number): void {
  db.run(`UPDATE sealing_items SET state = 'sealed', impressions = ?, why = '' WHERE job_id = ? AND position = ?`, [
    impressions,
    jobId,
    position,
  ])
}

/** Notes why a paper could not be sealed. */
export function markFailed(db: SqlDatabase, jobId: string, position: number, why: string): void {
  db.run(`UPDATE sealing_items SET state = 'failed', why = ? WHERE job_id = ? AND position = ?`, [why, jobId, position])
}
