import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { outOfTime } from '../../main/rendering/worker-time.ts'

const workers: Worker[] = []
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate()
})

/** A worker thread that runs this code and nothing else. */
function start(code: string): Worker {
  const worker = new Worker(code, { eval: true })
  workers.push(worker)
  return worker
}
const spinning = 'for (;;);'
const waiting = 'setInterval(() => undefined, 1000)'

/** How long a worker is waited for, in milliseconds of the clock. */
async function waitedMs(worker: Worker, limitMs: number): Promise<number> {
  const begun = performance.now()
  await outOfTime(worker, limitMs, new AbortController().signal)
  return performance.now() - begun
}

test('a worker that has worked its limit is out of time, also one that is only starting', async () => {
  const waited = await waitedMs(start(spinning), 800)
  expect(waited).toBeGreaterThanOrEqual(790)
  expect(waited).toBeLessThan(800 * 14)
})

test('on a machine that is busy with much else it is waited for longer', async () => {
  const worker = start(spinning)
  await pause(300)
  for (let n = 0; n < 4 * availableParallelism(); n += 1) start(spinning)
  const waited = await waitedMs(worker, 800)
  expect(waited).toBeGreaterThan(1200)
  // Six times the limit, a last turn of the loop, and what a busy machine adds to it.
  expect(waited).toBeLessThan(800 * 14)
})

test('a worker that does nothing is not waited for any longer', async () => {
  const worker = start(waiting)
  await pause(500)
  expect(await waitedMs(worker, 800)).toBeLessThan(800 * 4)
})

test('where the work came to its end, nothing settles any more', async () => {
  const settled = new AbortController()
  const waiting = outOfTime(start(spinning), 60_000, settled.signal)
  settled.abort()
  await expect(waiting).rejects.toThrow('aborted')
})
