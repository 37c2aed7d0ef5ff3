import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const program = join(import.meta.dirname, '..', 'simulation', 'run.ts')

/** Other worlds than the usual ones: `CUNCHUANG_SIMULATION_SEED=123`. A failing one is printed with the way to replay it. */
const firstSeed = Number(process.env.CUNCHUANG_SIMULATION_SEED ?? 1)

type Played = {
  readonly rounds: number
  readonly files: number
  readonly forked: number
  readonly did: Readonly<Record<string, number>>
}

/** Plays worlds in a process of their own, whose randomness is the seed's alone; it ends with the test. */
async function play(seed: number, rounds: number, signal: AbortSignal): Promise<Played> {
  const words = [program, '--seed', String(seed), '--rounds', String(rounds)]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], signal })
  child.once('error', () => undefined)
  const [told, complaint] = await Promise.all([textOf(child.stdout), textOf(child.stderr)])
  if (told === '') throw new Error(complaint)
  return JSON.parse(told)
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const part of stream) text += part
  return text
}

test('10,000 rounds of cuts, kills, restored backups, full disks, wrong clocks and sticks leave every station and the centre with the same entries, cases and files, each once', {
  timeout: 1_200_000,
}, async ({ signal }) => {
  const played = await Promise.all([play(firstSeed, 5_000, signal), play(firstSeed + 1_000, 5_000, signal)])
  const did = (what: string) => played.reduce((sum, one) => sum + (one.did[what] ?? 0), 0)
  expect(played.map(({ rounds }) => rounds)).toEqual([5_000, 5_000])
  // Worlds in which hardly anything went wrong would prove nothing.
  const happened = [
    ...['request lost', 'request cut in the middle', 'answer lost', 'doubled', 'an older one comes again'],
    ...['arrives when nobody waits any more', 'refused: disk full', 'killStation', 'killCentre', 'jumpClock'],
    ...['restoreStation', 'restoreCentre', 'importFromStick, done', 'applyFromStick, done'],
  ].filter((what) => did(what) < 10)
  expect(happened).toEqual([])
  expect(played.reduce((sum, { files }) => sum + files, 0)).toBeGreaterThan(200)
})

test('the same seed plays the same world to the last byte', async ({ signal }) => {
  const [one, another] = await Promise.all([play(firstSeed + 2_000, 300, signal), play(firstSeed + 2_000, 300, signal)])
  expect({ ...one, seconds: 0 }).toEqual({ ...another, seconds: 0 })
})
