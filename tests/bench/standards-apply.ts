// Owns: how long a release takes from its bytes to being in force, in a program that runs and in one that was just started.
// Does not own: what the bytes cost (standards-wire.ts).
// Start here: `benchApply`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { packOf, type TestRelease } from '../helpers/catalogues.ts'
import { median, milliseconds, type Row } from './row.ts'
import { firstRelease, matterCount, publisher, withOneLine } from './standards-catalogue.ts'
import { onePlace, openBenchStation, statusOf } from './standards-station.ts'

const rounds = { line: 15, whole: 5 } as const

/**
 * Judged (signature, hashes, shapes, rules), kept and put in force, on the real store with its fsyncs. Beside it a plain import:
 * the 139 files parsed and written into one table of a plain SQLite, as whoever replaces the whole catalogue would, unjudged.
 */
export async function benchApply(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-bench-'))
  try {
    const first = firstRelease()
    const whole = await timeWhole(folder, first)
    const line = await timeLines(join(folder, 'lines'), first)
    const cold = await timeCold(join(folder, 'cold'), first)
    const plain = median(timeImport(join(folder, 'plain'), first))
    const beside = (ms: number) => ({
      peer: `plain SQLite import of all ${matterCount} JSON files, unjudged ${milliseconds(plain)}`,
      ratio: (plain / ms).toFixed(2),
    })
    const row = (what: string, ms: number): Row => ({
      ...{ what: `standards: ${what}`, median: milliseconds(ms), target: '< 200 ms', met: ms < 200 },
      ...beside(ms),
    })
    return [
      row(`one line of one of ${matterCount}, from its bytes to being in force`, median(line)),
      row('the same as the first thing that a program does after its start', cold),
      {
        what: `standards: the whole catalogue into an empty station`,
        median: milliseconds(median(whole)),
        target: '',
        ...beside(median(whole)),
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Takes a release and tells how long it took until it was in force. */
async function timeTaking(station: OpenFeatures, pack: Buffer, release: TestRelease): Promise<number> {
  const began = performance.now()
  await station.catalogue.take(pack, 'system')
  const took = performance.now() - began
  if (statusOf(station).inForce?.sha256 !== release.signed.sha256) throw new Error('the release is not in force')
  return took
}

async function timeWhole(folder: string, first: TestRelease): Promise<number[]> {
  const pack = await packOf(first)
  const samples: number[] = []
  for (let round = 0; round < rounds.whole; round += 1) {
    const station = openPinned(join(folder, `whole-${round}`))
    samples.push(await timeTaking(station, pack, first))
    await station.close()
  }
  return samples
}

async function timeLines(folder: string, first: TestRelease): Promise<number[]> {
  const station = openPinned(folder)
  const samples: number[] = []
  try {
    await station.catalogue.take(await packOf(first), 'system')
    let before = first
    for (let round = 1; round <= rounds.line; round += 1) {
      const next = withOneLine(before, round)
      samples.push(await timeTaking(station, await packOf(next, before), next))
      before = next
    }
  } finally {
    await station.close()
  }
  return samples
}

/** In a process of its own, with nothing warm. */
async function timeCold(folder: string, first: TestRelease): Promise<number> {
  const samples: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const own = `${folder}-${round}`
    const station = openPinned(own)
    await station.catalogue.take(await packOf(first), 'system')
    await station.close()
    writeFileSync(join(own, 'next.cunrelease'), await packOf(withOneLine(first, 1), first))
    const script = join(import.meta.dirname, 'standards-cold.ts')
    samples.push(Number(execFileSync(process.execPath, [script, own], { encoding: 'utf8' })))
  }
  return median(samples)
}

function openPinned(folder: string): OpenFeatures {
  const station = openBenchStation(folder, onePlace)
  station.catalogue.pin(publisher.publicKey)
  return station
}

function timeImport(folder: string, { documents }: TestRelease): number[] {
  mkdirSync(folder)
  for (const { kind, id, version, bytes } of documents)
    writeFileSync(join(folder, `${kind}-${id}-${version}.json`), bytes)
  const files = readdirSync(folder).map((name) => join(folder, name))
  return Array.from({ length: rounds.whole }, (_, round) => {
    const database = new DatabaseSync(join(folder, `import-${round}.db`))
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE matters (id TEXT PRIMARY KEY, body TEXT)',
    )
    const began = performance.now()
    const insert = database.prepare('INSERT INTO matters (id, body) VALUES (?, ?)')
    database.exec('BEGIN')
    for (const file of files) insert.run(file, JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))))
    database.exec('COMMIT')
    const took = performance.now() - began
    database.close()
    return took
  })
}
