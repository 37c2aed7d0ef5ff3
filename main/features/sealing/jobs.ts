import type { Caller } from '../../../preload/contract/api.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { SealingItem, SealingJob, SealingRequest } from '../../../preload/contract/seals.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { PaperRow } from '../documents/index.ts'
import type { Approval, Seals, SealUse } from '../seals/index.ts'
import type { ImpressionPorts } from './impressions.ts'
import { pausedByLock, pausedByRestart } from './model.ts'
import { type JobRun, jobView, type RunGround, runJob } from './running.ts'
import {
  insertJob,
  type JobRow,
  pauseRunning,
  selectItems,
  selectJob,
  selectJobs,
  selectWaitingDocuments,
  updateApproval,
  updateJob,
} from './store.ts'

/** What jobs ask of others. */
export type JobPorts = ImpressionPorts & { readonly seals: Pick<Seals, 'use'> }

/** How long a job is listed. */
const shownDays = 7

/** Jobs over many papers: begun, stopped and taken up again; they go on by themselves. */
export class SealingJobs {
  readonly #context: DeskContext
  readonly #ports: JobPorts
  readonly #inTurn: RunGround['inTurn']
  readonly #runs = new Map<string, JobRun>()
  /** Who agreed to a job in this run of the desk: after a restart the second person is asked again. */
  readonly #approvals = new Map<string, string>()

  constructor(context: DeskContext, ports: JobPorts, inTurn: RunGround['inTurn']) {
    this.#context = context
    this.#ports = ports
    this.#inTurn = inTurn
  }

  /**
   * Writes a job down with its papers and sets it to work. Throws NOT_FOUND for a paper, INPUT_INVALID for a place that
   * cannot be, and as using a seal does.
   */
  async begin(request: SealingRequest, { account }: Caller): Promise<{ jobId: string }> {
    const { documentIds, approval, ...order } = request
    refuseNonsense(request)
    const papers = [...new Set(documentIds)].map((documentId) => this.#ports.documents.paper(documentId))
    const use = await this.#leaveFor(papers, { ...order, account, approval })
    const jobId = this.#context.newId()
    const { sealName, approvedBy } = use
    const job = { jobId, order: { ...order, sealName }, startedBy: account, approvedBy }
    this.#context.store.transaction(() => {
      insertJob(this.#db, { ...job, startedAtUtc: this.#context.nowUtc() }, papers)
    })
    this.#start(jobId, use, account)
    return { jobId }
  }

  /**
   * Takes a job up again; one that runs or is done stays as it is. Who agreed before has still agreed, unless the desk was
   * started again. Throws NOT_FOUND, and as using a seal does.
   */
  async resume(jobId: string, given: Approval, { account }: Caller): Promise<void> {
    const job = this.#find(jobId)
    if (job.state === 'running' || job.state === 'done') return
    await this.#runs.get(jobId)?.done
    const papers = selectWaitingDocuments(this.#db, jobId).flatMap(
      (documentId) => this.#ports.documents.findPaper(documentId) ?? [],
    )
    const agreed = this.#approvals.get(jobId) ?? ''
    const approval = given ?? (agreed === '' ? null : { approvedBy: agreed })
    const use = papers.length === 0 ? undefined : await this.#leaveFor(papers, { ...job.order, account, approval })
    if (this.#find(jobId).state === 'running') return // resumed meanwhile by somebody else
    if (use === undefined) return updateJob(this.#db, jobId, 'done', '')
    this.#context.store.transaction(() => {
      updateJob(this.#db, jobId, 'running', '')
      updateApproval(this.#db, jobId, use.approvedBy)
    })
    this.#start(jobId, use, account)
  }

  /** Stops a job for good after the paper in hand. Throws NOT_FOUND. */
  async cancel(jobId: string): Promise<void> {
    this.#find(jobId)
    const run = this.#runs.get(jobId)
    run?.stop('cancelled', '')
    await run?.done
    if (this.#find(jobId).state === 'paused') updateJob(this.#db, jobId, 'cancelled', '')
  }

  /** A job with its papers. Throws NOT_FOUND. */
  read(jobId: string): { job: SealingJob; items: SealingItem[] } {
    return { job: this.#viewOf(this.#find(jobId)), items: selectItems(this.#db, jobId) }
  }

  /** The jobs of the last week, the newest first. */
  list(): SealingJob[] {
    const sinceUtc = new Date(this.#context.clock.now().getTime() - shownDays * 86_400_000).toISOString()
    return selectJobs(this.#db, sinceUtc).map((job) => this.#viewOf(this.#asItIs(job)))
  }

  /** After a crash or a plain end: what ran waits for a person. */
  pauseLeftRunning(): void {
    pauseRunning(this.#db, pausedByRestart)
  }

  /** The PIN is gone: what runs stops after the paper in hand. */
  locked(): void {
    for (const run of this.#runs.values()) run.stop('paused', pausedByLock)
  }

  /** Stops what runs after the paper in hand, and waits for that. */
  async close(): Promise<void> {
    const running = [...this.#runs.values()]
    for (const run of running) run.stop('paused', pausedByRestart)
    await Promise.allSettled(running.map(({ done }) => done))
  }

  get #db() {
    return this.#context.store.db
  }

  #find(jobId: string): JobRow {
    const job = selectJob(this.#db, jobId)
    if (job === undefined) throw new AppError('NOT_FOUND', { what: '这次盖章' })
    return this.#asItIs(job)
  }

  /** A job whose end could not be written down, on a full disk say, does not run any more for all that. */
  #asItIs(job: JobRow): JobRow {
    const isLost = job.state === 'running' && !this.#runs.has(job.jobId)
    return isLost ? { ...job, state: 'paused', pausedBecause: pausedByRestart } : job
  }

  #viewOf(job: JobRow): SealingJob {
    return jobView(job, this.#runs.get(job.jobId)?.secondsLeft() ?? null)
  }

  #start(jobId: string, use: SealUse, account: string): void {
    this.#approvals.set(jobId, use.approvedBy)
    const ground = { context: this.#context, ports: this.#ports, inTurn: this.#inTurn }
    const run = runJob(ground, this.#find(jobId), use, account)
    this.#runs.set(jobId, run)
    void run.done.finally(() => {
      if (this.#runs.get(jobId) === run) this.#runs.delete(jobId)
    })
  }

  /** Leave for all papers, whatever their matters: the seal, its PIN, its lease for all of them, the second person once. */
  async #leaveFor(
    papers: readonly PaperRow[],
    wanted: Pick<SealingRequest, 'sealId' | 'placements'> & { readonly account: string; readonly approval: Approval },
  ): Promise<SealUse> {
    const { sealId, placements, account } = wanted
    const count = papers.length * placements.length
    let { approval } = wanted
    let use: SealUse | undefined
    for (const itemId of new Set(papers.map((paper) => paper.itemId))) {
      use = await this.#ports.seals.use(sealId, { account, itemId, count, approval })
      if (use.approvedBy !== '') approval = { approvedBy: use.approvedBy }
    }
    if (use === undefined) throw new Error('a job without a paper')
    return use
  }
}

function refuseNonsense({ placements, certify }: SealingRequest): void {
  if (certify !== null && placements[0]?.kind === 'slot') {
    throw new AppError('INPUT_INVALID', { field: '首章不能盖进已有的签章栏' })
  }
  const numbers = placements.flatMap((placement) => (placement.kind === 'page' ? [placement.xMm, placement.yMm] : []))
  if (numbers.some((number) => Math.abs(number) > farthestMm)) {
    throw new AppError('INPUT_INVALID', { field: '印章的位置在页面之外' })
  }
}

/** No page is larger (ISO 32000-1, annex C: 14,400 units, and a unit may be many points). */
const farthestMm = 100_000
