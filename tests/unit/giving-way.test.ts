import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gaveWay, givingWay } from '../../main/wire/giving-way.ts'

const untilCut = (signal: AbortSignal) => pause(60_000, undefined, { signal })
const never = new AbortController().signal

test('work gives way to what is more urgent, also where that is gone by the time the work has ended', async () => {
  let looks = 0
  const shouldYield = () => {
    looks += 1
    return looks === 1
  }
  const slowToEnd = async (signal: AbortSignal) => {
    await untilCut(signal).catch(() => undefined)
    await pause(600)
    signal.throwIfAborted()
  }

  expect(await givingWay({ signal: never, shouldYield }, slowToEnd)).toBe(gaveWay)
})

test('work that is ended, or fails by itself, says so', async () => {
  const ended = AbortSignal.timeout(50)
  const failing = async () => {
    throw new Error('by itself')
  }

  await expect(givingWay({ signal: ended, shouldYield: () => true }, untilCut)).rejects.toThrow('abort')
  await expect(givingWay({ signal: never, shouldYield: () => true }, failing)).rejects.toThrow('by itself')
})

test('work that comes to its end gives what it came to', async () => {
  expect(await givingWay({ signal: never, shouldYield: () => true }, async () => 'done')).toBe('done')
})
