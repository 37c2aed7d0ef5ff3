// A process of its own for standards-apply.ts: opens a station's folder, takes the release that lies in it, prints the milliseconds.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onePlace, openBenchStation } from './standards-station.ts'

const [, , folder = ''] = process.argv
const pack = readFileSync(join(folder, 'next.cunrelease'))
const station = openBenchStation(folder, onePlace)
const began = performance.now()
await station.catalogue.take(pack, 'system')
const took = performance.now() - began
if (station.catalogue.kept.inForce()?.manifest.release !== 2) throw new Error('the release is not in force')
await station.close()
console.log(took)
