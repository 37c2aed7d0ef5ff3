import type { Caller } from '../../../preload/contract/api.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { SealingItem, SealingJob, SealingRequest } from '../../../preload/contract/seals.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { PaperRow } from '../documents/index.ts'
import type { Approval, Seals, SealUse } from '../seals/index.ts'
import { type ImpressionPorts, keepImpressions, makeImpressions, noteSealFailure } from './impressions.ts'
import { pausedByLock, pausedByRestart } from './model.ts'
import { type JobRun, jobView, runJob } from './running.ts'
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

/** What sealing asks of others; given by main/desk/compose.ts. */
export type SealingPorts = ImpressionPorts & {
  readonly seals: Pick<Seals, 'use' | 'forReceipt'>
  /** Ends what reads pages. */
  readonly close: () => Promise<void>
}

const shownDays = 7
const receiptReason = '收件凭证用印'

/** Sealing over one open store: jobs that go on by themselves, and the receipts of cases. */
export function sealingService(context: DeskContext, ports: SealingPorts) {
  const runs = new Map<string, JobRun>()
  /** Who agreed to a job in this run of the desk: after a restart the second person is asked again. */
  const approvals = new Map<string, string>()
  const inTurn = turnsByName()
  const db = () => context.store.db

  const find = (jobId: string): JobRow => {
    const job = selectJob(db(), jobId)
    if (job === undefined) throw new AppError('NOT_FOUND', { what: '这次盖章' })
    return asItIs(job)
  }
  /** A job whose end could not be written down, on a full disk say, does not run any more for all that. */
  const asItIs = (job: JobRow): JobRow =>
    job.state === 'running' && !runs.has(job.jobId) ? { ...job, state: 'paused', pausedBecause: pausedByRestart } : job
  const start = (jobId: string, use: SealUse, account: string) => {
    approvals.set(jobId, use.approvedBy)
    const run = runJob({ context, ports, inTurn }, find(jobId), use, account)
    runs.set(jobId, run)
    void run.done.finally(() => {
      if (runs.get(jobId) === run) runs.delete(jobId)
    })
  }
  /** Leave for all papers, whatever their matters: the seal, its PIN, its lease for all of them, the second person once. */
  const leaveFor = async (
    papers: readonly PaperRow[],
    wanted: { readonly sealId: string; readonly each: number; readonly account: string; readonly approval: Approval },
  ): Promise<SealUse> => {
    const { sealId, each, account } = wanted
    let { approval } = wanted
    let use: SealUse | undefined
    for (const itemId of new Set(papers.map((paper) => paper.itemId))) {
      use = await ports.seals.use(sealId, { account, itemId, count: papers.length * each, approval })
      if (use.approvedBy !== '') approval = { approvedBy: use.approvedBy }
    }
    if (use === undefined) throw new Error('a job without a paper')
    return use
  }
  return {
    async begin(request: SealingRequest, { account }: Caller): Promise<{ jobId: string }> {
      const { documentIds, approval, ...order } = request
      refuseNonsense(request)
      const papers = [...new Set(documentIds)].map((documentId) => ports.documents.paper(documentId))
      const each = order.placements.length
      const use = await leaveFor(papers, { sealId: order.sealId, each, account, approval })
      const jobId = context.newId()
      const { sealName, approvedBy } = use
      context.store.transaction(() => {
        const job = {
          jobId,
          order: { ...order, sealName },
          startedAtUtc: context.nowUtc(),
          startedBy: account,
          approvedBy,
        }
        insertJob(db(), job, papers)
      })
      start(jobId, use, account)
      return { jobId }
    },
    async resume(jobId: string, given: Approval, { account }: Caller): Promise<void> {
      const job = find(jobId)
      if (job.state === 'running' || job.state === 'done') return
      await runs.get(jobId)?.done
      const papers = selectWaitingDocuments(db(), jobId).flatMap(
        (documentId) => ports.documents.findPaper(documentId) ?? [],
      )
      const agreed = approvals.get(jobId) ?? ''
      const approval = given ?? (agreed === '' ? null : { approvedBy: agreed })
      const { sealId, placements } = job.order
      const first =
        papers.length === 0 ? undefined : await leaveFor(papers, { sealId, each: placements.length, account, approval })
      if (find(jobId).state === 'running') return // resumed meanwhile by somebody else
      if (first === undefined) return updateJob(db(), jobId, 'done', '')
      context.store.transaction(() => {
        updateJob(db(), jobId, 'running', '')
        updateApproval(db(), jobId, first.approvedBy)
      })
      start(jobId, first, account)
    },
    async cancel(jobId: string): Promise<void> {
      find(jobId)
      const run = runs.get(jobId)
      run?.stop('cancelled', '')
      await run?.done
      if (find(jobId).state === 'paused') updateJob(db(), jobId, 'cancelled', '')
    },
    read(jobId: string): { job: SealingJob; items: SealingItem[] } {
      const job = find(jobId)
      return { job: jobView(job, runs.get(jobId)?.secondsLeft() ?? null), items: selectItems(db(), jobId) }
    },
    list(): SealingJob[] {
      const sinceUtc = new Date(context.clock.now().getTime() - shownDays * 86_400_000).toISOString()
      return selectJobs(db(), sinceUtc).map((job) => jobView(asItIs(job), runs.get(job.jobId)?.secondsLeft() ?? null))
    },
    /** Seals a receipt that nobody has sealed yet, where a seal is open for it; says whether it is sealed now. */
    sealReceipt: (paper: PaperRow, account: string): Promise<boolean> =>
      inTurn(paper.documentId, async () => {
        const current = ports.documents.paper(paper.documentId)
        if (current.impressions > 0) return true
        const use = current.itemId === null ? undefined : ports.seals.forReceipt(account, current.itemId)
        if (use === undefined) return false
        const order = { placements: [{ kind: 'usual' } as const], certify: null, reason: receiptReason, use, account }
        try {
          await keepImpressions(context, ports, await makeImpressions(context, ports, current, order), order)
        } catch (error) {
          noteSealFailure(ports, error, use.sealId)
          throw error
        }
        return true
      }),
    /** After a crash or a plain end: what ran waits for a person. */
    pauseLeftRunning: () => pauseRunning(db(), pausedByRestart),
    /** The PIN is gone: what runs stops after the paper in hand. */
    locked() {
      for (const run of runs.values()) run.stop('paused', pausedByLock)
    },
    async close(): Promise<void> {
      const running = [...runs.values()]
      for (const run of running) run.stop('paused', pausedByRestart)
      await Promise.allSettled(running.map(({ done }) => done))
      await ports.close()
    },
    inTurn,
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

/** Runs work of one name one after the other, of different names side by side. */
export function turnsByName() {
  const last = new Map<string, Promise<unknown>>()
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work)
    const settled = turn
      .catch(() => undefined)
      .finally(() => {
        if (last.get(name) === settled) last.delete(name)
      })
    last.set(name, settled)
    return turn
  }
}
