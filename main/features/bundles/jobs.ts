import { AppError, type Failure } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import type { BundleJob } from '../../../preload/contract/sync.ts'

/** What a running job tells, and how it hears that it shall stop. */
export type JobProgress = {
  readonly signal: AbortSignal
  /** How many bytes there are to move in all; may grow. */
  readonly expect: (totalBytes: number) => void
  readonly advance: (bytes: number) => void
}

/** What jobs stand on. */
export type JobOptions = {
  readonly onJob: (job: BundleJob) => void
  /** An error that is no AppError: a bug. Gives its incident number where it has one. */
  readonly onBug: (error: unknown) => void
}

/** One job at a time. */
export type Jobs = {
  /** The job at work or the last one; null before the first. */
  readonly current: () => BundleJob | null
  /** Throws BUNDLE_BUSY while one is at work. */
  readonly assertFree: () => void
  /** Starts work that ends in one sentence. Throws BUNDLE_BUSY. */
  readonly begin: (job: BundleJob['job'], work: (progress: JobProgress) => Promise<string>) => void
  /** Stops the job at work and waits until it has stopped. */
  readonly cancel: () => Promise<void>
}

/** Events at most this often. */
const tellEveryMs = 250
const stoppedWords = '已停下。写好的部分都在，再点一次会接着做。'

/** Makes the one place where a stick's job runs. */
export function createJobs({ onJob, onBug }: JobOptions): Jobs {
  let current: BundleJob | null = null
  let running: { readonly stop: AbortController; readonly end: Promise<void> } | undefined
  let toldAt = 0
  const assertFree = () => {
    if (running !== undefined) throw new AppError('BUNDLE_BUSY')
  }
  const tell = (job: BundleJob, isNow: boolean) => {
    current = job
    if (!isNow && performance.now() - toldAt < tellEveryMs) return
    toldAt = performance.now()
    onJob(job)
  }
  const run = async (name: BundleJob['job'], signal: AbortSignal, work: (progress: JobProgress) => Promise<string>) => {
    const startedAt = performance.now()
    let [doneBytes, totalBytes] = [0, 0]
    const now = (state: BundleJob['state'], said: string): BundleJob => {
      const perSecond = doneBytes / ((performance.now() - startedAt) / 1000)
      const left = Math.max(0, totalBytes - doneBytes)
      const etaSeconds = state === 'running' && doneBytes > 0 ? Math.ceil(left / perSecond) : null
      return { job: name, state, doneBytes, totalBytes: Math.max(totalBytes, doneBytes), etaSeconds, said }
    }
    const progress: JobProgress = {
      signal,
      expect: (bytes) => {
        totalBytes = bytes
        tell(now('running', ''), false)
      },
      advance: (bytes) => {
        doneBytes += bytes
        tell(now('running', ''), false)
      },
    }
    tell(now('running', ''), true)
    try {
      const said = await work(progress)
      running = undefined
      tell(now('done', said), true)
    } catch (error) {
      running = undefined
      if (signal.aborted) tell(now('cancelled', stoppedWords), true)
      else tell(now('failed', failureLine(failureOf(error, onBug))), true)
    }
  }
  return {
    current: () => current,
    assertFree,
    begin: (job, work) => {
      assertFree()
      const stop = new AbortController()
      // The work begins in a turn of its own, so that `running` stands before it may end.
      const end = Promise.resolve().then(() => run(job, stop.signal, work))
      running = { stop, end }
    },
    cancel: async () => {
      const job = running
      job?.stop.abort()
      await job?.end
    },
  }
}

function failureOf(error: unknown, onBug: (error: unknown) => void): Failure {
  if (error instanceof AppError) return { code: error.code, details: error.details }
  onBug(error)
  return { code: 'INTERNAL', details: {} }
}
