import { AppError } from '../../../preload/contract/errors.ts'
import type { SealingJob } from '../../../preload/contract/seals.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { mapSqliteError } from '../../store/index.ts'
import type { SealUse } from '../seals/index.ts'
import {
  type ImpressionPorts,
  keepImpressions,
  type MadePaper,
  makeImpressions,
  noteSealFailure,
  type Order,
} from './impressions.ts'
import { pausesJob, secondsLeft } from './model.ts'
import {
  type JobRow,
  markFailed,
  markSealed,
  selectJob,
  selectNextWaiting,
  updateJob,
  type WaitingItem,
} from './store.ts'

/** What a run of a job needs beside its row. */
export type RunGround = {
  readonly context: DeskContext
  readonly ports: ImpressionPorts
  /** One paper is sealed by one at a time. */
  readonly inTurn: <T>(documentId: string, work: () => Promise<T>) => Promise<T>
}

/** A job at work. */
export type JobRun = {
  /** Ends the run after the paper in hand, in this state and for this reason. The first word counts. */
  readonly stop: (state: 'paused' | 'cancelled', because: string) => void
  /** Settles when nothing of the run is at work any more. */
  readonly done: Promise<void>
  /** Seconds that the rest will take; null while it cannot be told. */
  readonly secondsLeft: () => number | null
}

type Ending = { readonly state: 'paused' | 'cancelled' | 'done'; readonly because: string }

const tellEveryMs = 100

/** How a job is shown. */
export function jobView(row: JobRow, left: number | null): SealingJob {
  const { order, jobId, state, pausedBecause, total, sealed, failed, startedAtUtc, startedBy } = row
  const { sealId, sealName, reason } = order
  const fixed = { jobId, sealId, sealName, reason, state, pausedBecause }
  return { ...fixed, total, sealed, failed, startedAtUtc, startedBy, secondsLeft: state === 'running' ? left : null }
}

/**
 * Works through what is left of a job, one paper after the other: while one is written to the disk, the next is sealed.
 * A paper that fails stays as it was and says why; what concerns the seal, the disk or a person pauses the job.
 */
export function runJob(ground: RunGround, job: JobRow, use: SealUse, account: string): JobRun {
  return new Run(ground, job, { ...job.order, use, account })
}

class Run implements JobRun {
  readonly #ground: RunGround
  readonly #job: JobRow
  readonly #order: Order
  readonly #begunMs = performance.now()
  #ending: Ending | undefined
  #finished = 0
  #left: number
  #toldMs = 0
  readonly done: Promise<void>

  constructor(ground: RunGround, job: JobRow, order: Order) {
    this.#ground = ground
    this.#job = job
    this.#order = order
    this.#left = job.total - job.sealed - job.failed
    this.done = this.#work()
  }

  stop = (state: 'paused' | 'cancelled', because: string): void => {
    this.#ending ??= { state, because }
  }

  secondsLeft = (): number | null => secondsLeft(this.#finished, this.#left, performance.now() - this.#begunMs)

  async #work(): Promise<void> {
    const { context } = this.#ground
    try {
      await this.#workThrough()
    } catch (error) {
      context.log('a sealing job broke off', error)
      this.stop('paused', failureLine({ code: 'INTERNAL', details: {} }))
    }
    this.#noteEnd(this.#ending ?? { state: 'done', because: '' })
  }

  #noteEnd({ state, because }: Ending): void {
    const { context } = this.#ground
    const { jobId } = this.#job
    const write = () => updateJob(context.store.db, jobId, state, because)
    try {
      try {
        write()
      } catch {
        write() // A full disk frees its reserve at the first try.
      }
    } catch (error) {
      // The next start finds the job running, and pauses it.
      context.log('a sealing job could not note its end', error)
    }
    const row = selectJob(context.store.db, jobId)
    if (row === undefined) return
    context.emit({ event: 'sealing', payload: jobView({ ...row, state, pausedBecause: because }, null) })
    // Whoever looks at the register, a case or a seal meanwhile follows no job.
    context.emit({ event: 'changed', payload: { topics: ['seals', 'documents'] } })
  }

  async #workThrough(): Promise<void> {
    let keeping: Promise<void> = Promise.resolve()
    let position = -1
    try {
      while (this.#ending === undefined) {
        const item = selectNextWaiting(this.#ground.context.store.db, this.#job.jobId, position)
        if (item === undefined) break
        position = item.position
        keeping = (await this.#begin(item, keeping)).keeping
      }
    } finally {
      await keeping
    }
  }

  /** Makes a paper's impressions; when they are there and the paper before is on disk, begins to keep them. */
  async #begin(item: WaitingItem, before: Promise<void>): Promise<{ readonly keeping: Promise<void> }> {
    const { context, ports, inTurn } = this.#ground
    let isMade: () => void = () => undefined
    const made = new Promise<void>((resolve) => {
      isMade = resolve
    })
    const keeping = inTurn(item.documentId, async () => {
      let paper: MadePaper
      try {
        paper = await makeImpressions(context, ports, ports.documents.paper(item.documentId), this.#order)
      } finally {
        await before
        isMade()
      }
      // Whoever stopped the job while this paper was being sealed in memory does not want it to happen any more.
      if (this.#ending !== undefined) return
      await keepImpressions(context, ports, paper, this.#order, () => {
        markSealed(context.store.db, this.#job.jobId, item.position, paper.impressions.length)
      })
      this.#finish()
    }).catch((error) => this.#failed(item, error))
    await Promise.race([made, keeping])
    return { keeping }
  }

  #failed(item: WaitingItem, thrown: unknown): void {
    const { context } = this.#ground
    const error = mapSqliteError(thrown)
    noteSealFailure(this.#ground.ports, error, this.#order.use.sealId)
    if (!(error instanceof AppError)) context.log('a paper could not be sealed', error)
    const { code, details } = error instanceof AppError ? error : new AppError('INTERNAL')
    const why = failureLine({ code, details })
    if (pausesJob(code)) {
      this.stop('paused', why)
      return
    }
    markFailed(context.store.db, this.#job.jobId, item.position, why)
    this.#finish()
  }

  #finish(): void {
    this.#finished += 1
    this.#left -= 1
    this.#tell()
  }

  #tell(): void {
    const { context } = this.#ground
    const now = performance.now()
    if (now - this.#toldMs < tellEveryMs) return
    this.#toldMs = now
    const row = selectJob(context.store.db, this.#job.jobId)
    if (row !== undefined) context.emit({ event: 'sealing', payload: jobView(row, this.secondsLeft()) })
  }
}
