// Plays simulated worlds: `npm run simulate -- [--seed N] [--rounds N] [--rounds-a-world N]`. The same seed plays the
// same world to the byte. Ends with 0 where every world agreed in the end; else with 1, the seed and what differed.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { chanceOf, makeRandomnessRepeatable } from './chance.ts'

z.config({ jitless: true })
const { values } = parseArgs({
  options: { seed: { type: 'string' }, rounds: { type: 'string' }, 'rounds-a-world': { type: 'string' } },
})
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000))
const rounds = Number(values.rounds ?? 10_000)
const aWorld = Number(values['rounds-a-world'] ?? 1_000)

// Modules that draw random numbers when they are loaded must not take them from the first world's.
makeRandomnessRepeatable(chanceOf(0))
const { playWorld } = await import('./world.ts')

const started = performance.now()
let played = 0
let entries = 0
let files = 0
let forked = 0
const did: Record<string, number> = {}
for (let seed = firstSeed; played < rounds; seed++) {
  const chance = chanceOf(seed)
  makeRandomnessRepeatable(chance)
  try {
    const report = await playWorld(Math.min(aWorld, rounds - played), chance)
    played += report.rounds
    entries += report.entries
    files += report.files
    forked += report.forked
    for (const [deed, count] of Object.entries(report.did)) did[deed] = (did[deed] ?? 0) + count
  } catch (error) {
    console.error(error)
    console.error(
      `seed ${seed}: replay with npm run simulate -- --seed ${seed} --rounds ${aWorld} --rounds-a-world ${aWorld}`,
    )
    process.exit(1)
  }
}
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(JSON.stringify({ firstSeed, rounds: played, seconds, entries, files, forked, did }))
process.exit(0)
