import { setTimeout as pause } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'

/** Where other work leaves a worker only a part of a processor, it may take so many times its limit by the clock. */
const patience = 6

/** A worker that got less than this share of the time waits for something that does not come. */
const leastShare = 0.01

/** A worker that does not tell what it has worked within this is taken to have used up its time. */
const tellingMs = 5000

/**
 * Settles once a worker is out of its time: it has worked for `limitMs` of a processor since this was asked, or does nothing at
 * all, or has been waited for six times as long. A good photograph is not given up because the machine was busy. Where the
 * runtime cannot tell what a worker works (Node before 24.6), the limit is of the clock. Rejects with AbortError after `signal`.
 */
export async function outOfTime(worker: Worker, limitMs: number, signal: AbortSignal): Promise<void> {
  const begunMs = performance.now()
  // One that is only starting cannot tell yet, and has worked nothing.
  const before = workedMs(worker).then((ms = 0) => ms)
  let seenMs = 0
  for (let leftMs = limitMs; leftMs > 0; ) {
    await pause(leftMs, undefined, { signal })
    const unknown = pause(tellingMs, undefined, { signal, ref: false })
    const now = await Promise.race([workedMs(worker), unknown])
    const worked = now === undefined ? limitMs : now - (await before)
    const isIdle = worked - seenMs < leftMs * leastShare
    const isOverdue = performance.now() - begunMs >= limitMs * patience
    seenMs = worked
    leftMs = isIdle || isOverdue ? 0 : limitMs - worked
  }
}

/** Processor time that the worker has used so far, in milliseconds; undefined where nobody can tell. */
async function workedMs(worker: Partial<Pick<Worker, 'cpuUsage'>>): Promise<number | undefined> {
  const used = await worker.cpuUsage?.().catch(() => undefined)
  return used && (used.user + used.system) / 1000
}
