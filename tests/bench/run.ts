// Measures, never tests: `npm run bench` or `npm run bench -- seal`. Prints medians as a table with the machine they were seen on;
// ends with 1 where a target was missed.
import { cpus, loadavg, totalmem } from 'node:os'
import { benchCentre } from './centre.ts'
import { benchQueue } from './queue.ts'
import { benchReceive } from './receive.ts'
import { benchRenderer } from './renderer.ts'
import type { Row } from './row.ts'
import { benchSeal } from './seal.ts'
import { benchStandards } from './standards.ts'
import { benchSync } from './sync.ts'

const benches: Record<string, () => Promise<Row[]>> = {
  receive: benchReceive,
  queue: benchQueue,
  seal: benchSeal,
  renderer: benchRenderer,
  centre: benchCentre,
  sync: benchSync,
  standards: benchStandards,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

const processor = cpus()[0]?.model ?? 'unknown processor'
console.log(
  `${processor}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${(loadavg()[0] ?? 0).toFixed(1)}\n`,
)
console.log('| what | median | target | peer in the same run | peer ÷ ours |\n|---|---|---|---|---|')
const missed: string[] = []
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const row of await bench()) {
    const target = `${row.target}${row.met === undefined ? '' : row.met ? ' ✓' : ' ✗'}`
    if (row.met === false) missed.push(row.what)
    console.log(`| ${row.what} | ${row.median} | ${target} | ${row.peer ?? ''} | ${row.ratio ?? ''} |`)
  }
}
if (missed.length > 0) {
  console.error(`\nmissed ${missed.length === 1 ? 'a target' : `${missed.length} targets`}:\n${missed.join('\n')}`)
  process.exitCode = 1
}
