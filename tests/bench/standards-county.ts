// Owns: a release on its way to 236 village windows over bad links, and whether the centre's adoption table says what their stores say.
// Does not own: the windows (standards-windows.ts, in processes of their own), one window's bytes (standards-wire.ts).
// Start here: `benchCounty`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestRelease } from '../helpers/catalogues.ts'
import { resourcesFolder } from '../helpers/desk.ts'
import type { LinkShape } from '../helpers/link-emulator.ts'
import { median, percentile95, type Row } from './row.ts'
import { differencesOf } from './standards-adoption.ts'
import { firstRelease, matterCount, withOneLine } from './standards-catalogue.ts'
import { type BenchCentre, startBenchCentre } from './standards-centre.ts'
import { tarGzip } from './standards-peers.ts'
import type { BenchPlace } from './standards-station.ts'
import { startWindows, type Totals, type Windows } from './standards-windows.ts'

/** A village's link: 64 kbit/s each way, 300 ms round trip, everything on it cut every 10 s. */
const village = {
  ...{ upBytesPerSecond: 8_000, downBytesPerSecond: 8_000, delayMs: 150, cutEveryMs: 10_000 },
} satisfies LinkShape

/** So many processes share the windows, one a core of the least machine. */
const processes = 2

/** Every twentieth window is without a link when the second release is published. */
const isCutOff = (_: unknown, at: number) => at % 20 === 7

/** The villages and neighbourhoods of the county, a window each. */
function places(): BenchPlace[] {
  const lines = readFileSync(join(resourcesFolder, 'divisions.csv'), 'utf8').trim().split(/\r?\n/).slice(1)
  return lines.map((line) => {
    const [code = '', villageName = '', , townName = ''] = line.split(',')
    return { stationId: `${code}-1`, villageName, townName }
  })
}

/**
 * Release 1 (the whole catalogue) reaches every window; then release 2 (one line) while a few have no link: the centre's table
 * must tell them apart; then their link returns. Each window has a store, a key and a link of its own, and runs the desk's link
 * with its own waits. An untrue table is a missed target.
 */
export async function benchCounty(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-bench-'))
  const everybody = places()
  const centre = await startBenchCentre()
  const windows = await startWindows(processes)
  try {
    const began = performance.now()
    const codes = new Map<string, string>()
    for (const { stationId } of everybody) codes.set(stationId, await centre.codeFor(stationId))
    await windows.open({ folder, centreUrl: centre.url, everybody, codes })
    console.error(`${everybody.length} windows enrolled in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    const first = firstRelease()
    const second = withOneLine(first, 2)
    return [
      await toAll({ centre, windows, everybody, release: first, base: null }),
      await toAllButSome({ centre, windows, everybody, release: second, base: first }),
    ]
  } finally {
    await windows.stop()
    await centre.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Publishing = {
  readonly centre: BenchCentre
  readonly windows: Windows
  readonly everybody: readonly BenchPlace[]
  readonly release: TestRelease
  readonly base: TestRelease | null
}

async function toAll(publishing: Publishing): Promise<Row> {
  const { centre, windows, everybody, release, base } = publishing
  await centre.publish(release, base)
  const { times, seconds, ...cost } = await windows.measured(async () => {
    await windows.start(village)
    return await windows.untilHave(release.signed.sha256, [])
  })
  const wrong = await untruths(publishing)
  const peer = await timeArchives(windows, release)
  const connections = (cost.connections / everybody.length).toFixed(1)
  return {
    what: `standards: all ${matterCount} matters to ${everybody.length} windows, each over its own link of 64 kbit/s, 300 ms round trip, cut every 10 s; begun within 10 s, ${centre.told}; a window ${perWindow(cost, everybody)} both ways with hearing and telling, ${connections} connections; ${cost.cpuSeconds.toFixed(0)} s of processor for windows and links`,
    median: `${times.length} in ${seconds.toFixed(0)} s; a window ${median(times).toFixed(1)} s, 95 of 100 ${percentile95(times).toFixed(1)} s; table ${wrong === 0 ? 'true' : `untrue in ${wrong}`}`,
    target: `all ${everybody.length}, table true`,
    met: times.length === everybody.length && wrong === 0,
    peer: `a plain download of the tar.gz, unsigned, by as many over such links, from the start after a cut: ${peer.toFixed(1)} s`,
    ratio: (peer / median(times)).toFixed(2),
  }
}

async function toAllButSome(publishing: Publishing): Promise<Row> {
  const { centre, windows, everybody, release, base } = publishing
  const { sha256 } = release.signed
  const cutOff = everybody.filter(isCutOff).map(({ stationId }) => stationId)
  await windows.pull(cutOff, true)
  await centre.publish(release, base)
  const { times, seconds, ...cost } = await windows.measured(() => windows.untilHave(sha256, cutOff))
  const early = await untruths(publishing)
  await windows.pull(cutOff, false)
  const reached = (await windows.untilHave(sha256, [])).length
  const wrong = early + (await untruths(publishing))
  const archive = tarGzip(release.documents)
  return {
    what: `standards: one line to the same ${everybody.length}, heard of at each window's own next question, ${cutOff.length} of them without a link until the others had it; a window ${perWindow(cost, everybody)} both ways with hearing, telling and idle questions`,
    median: `${times.length} in ${seconds.toFixed(0)} s, 95 of 100 ${percentile95(times).toFixed(1)} s; then all ${reached}; table ${wrong === 0 ? 'true both times' : `untrue in ${wrong}`}`,
    target: `all ${everybody.length}, table true`,
    met: reached === everybody.length && times.length + cutOff.length === everybody.length && wrong === 0,
    peer: `the tar.gz anew, bytes alone ${archive.toLocaleString('en-US')} B`,
    ratio: (archive / ((cost.downBytes + cost.upBytes) / everybody.length)).toFixed(1),
  }
}

const perWindow = ({ downBytes, upBytes }: Pick<Totals, 'downBytes' | 'upBytes'>, everybody: readonly unknown[]) =>
  `${Math.round((downBytes + upBytes) / everybody.length).toLocaleString('en-US')} B`

/** How much the centre's table, asked for by a window under its signature, says otherwise than the stores; told on stderr. */
async function untruths({ windows, release: { signed } }: Publishing): Promise<number> {
  const wrong = differencesOf(await windows.adoption(signed.manifest.release), await windows.words(), signed)
  for (const line of wrong.slice(0, 20)) console.error(`adoption: ${line}`)
  return wrong.length
}

/** The median over as many windows of a plain download, in seconds. */
async function timeArchives(windows: Windows, { documents }: TestRelease): Promise<number> {
  const body = Buffer.alloc(tarGzip(documents))
  const server = createServer((_request, response) => response.end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return median(await windows.archive(`http://127.0.0.1:${port}`, body.length))
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
