// Owns: what a release costs on the wire, whole and one line, beside what others would send for the same.
// Does not own: many stations (standards-county.ts), what a release does when it is there (standards-apply.ts).
// Start here: `benchWire`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { createExchange } from '../../main/features/sync/exchange.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { packOf, type TestRelease } from '../helpers/catalogues.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import type { Row } from './row.ts'
import { changedTexts, firstRelease, matterCount, withOneLine } from './standards-catalogue.ts'
import { type BenchCentre, startBenchCentre } from './standards-centre.ts'
import { gitThinPack, mergePatch, tarGzip, zipped } from './standards-peers.ts'
import { enrolBenchStation, onePlace, openBenchStation, statusOf } from './standards-station.ts'

/** 64 kbit/s each way, 300 ms round trip. */
const village = { upBytesPerSecond: 8_000, downBytesPerSecond: 8_000, delayMs: 150 } as const

/** Bytes both ways, HTTP heads and signatures and all. */
type Cost = { readonly down: number; readonly up: number }
type Visit = { readonly heard: Cost; readonly fetched: Cost; readonly confirmed: Cost; readonly seconds: number }

const sum = ({ down, up }: Cost) => down + up
const bytes = (count: number) => `${Math.round(count).toLocaleString('en-US')} B`
const times = (peer: number, ours: number) => (peer / ours).toFixed(1)

/** One station over a link of 64 kbit/s: the whole catalogue, then a line of it. */
export async function benchWire(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-bench-'))
  const centre = await startBenchCentre()
  const link = await startLinkEmulator(centre.url)
  const station = openBenchStation(folder, onePlace)
  try {
    const code = await centre.codeFor(onePlace.stationId)
    await enrolBenchStation(station, { centreUrl: link.url, code })
    const first = firstRelease()
    const second = withOneLine(first, 2)
    const whole = await visit({ centre, link, station, release: first, base: null })
    const line = await visit({ centre, link, station, release: second, base: first })
    return [...(await wholeRows(first, whole)), ...(await lineRows(first, second, line))]
  } finally {
    await station.close()
    await link.stop()
    await centre.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function wholeRows(first: TestRelease, { fetched, seconds }: Visit): Promise<Row[]> {
  const [pack, total] = [(await packOf(first)).length, sum(fetched)]
  const [tar, zip] = [tarGzip(first.documents), zipped(first.documents)]
  return [
    {
      what: `standards: all ${matterCount} matters, fetched over 64 kbit/s, heads and signatures both ways (pack alone ${bytes(pack)}; ${seconds.toFixed(1)} s)`,
      median: bytes(total),
      target: '≤ 150,000 B',
      met: total <= 150_000,
      peer: `unsigned: files zipped one by one ${bytes(zip)}; tar.gz ${bytes(tar)}`,
      ratio: `${times(zip, total)}; ${times(tar, total)}`,
    },
  ]
}

async function lineRows(first: TestRelease, second: TestRelease, line: Visit): Promise<Row[]> {
  const texts = changedTexts(first, second)
  const [pack, total] = [(await packOf(second, first)).length, sum(line.fetched)]
  const [document, patch, tar] = [zipped([{ bytes: texts.after }]), mergePatch(texts), tarGzip(second.documents)]
  const git = gitThinPack(first.documents, second.documents)
  const told = [`the document zipped ${bytes(document)}`, `JSON merge patch, deflated ${bytes(patch)}`]
  const peers = [document, patch, tar]
  if (git !== undefined) {
    told.push(`git, thin pack ${bytes(git)}`)
    peers.splice(2, 0, git)
  }
  const everything = sum(line.heard) + total + sum(line.confirmed)
  return [
    {
      what: `standards: one line of one matter, the release fetched, heads and signatures both ways (${line.fetched.down} down, ${line.fetched.up} up)`,
      median: bytes(total),
      target: '≤ 2,048 B',
      met: total <= 2_048,
      peer: `the new catalogue as tar.gz, bytes alone ${bytes(tar)}`,
      ratio: times(tar, total),
    },
    {
      what: 'standards: the same, the pack alone, signed, every document under its hash',
      median: bytes(pack),
      target: '',
      peer: `unsigned, bytes alone: ${[...told, `tar.gz ${bytes(tar)}`].join('; ')}`,
      ratio: peers.map((peer) => times(peer, pack)).join('; '),
    },
    {
      what: `standards: the same with hearing of it (${bytes(sum(line.heard))}) and telling that it is in force (${bytes(sum(line.confirmed))})`,
      median: bytes(everything),
      target: '',
    },
  ]
}

/** The centre publishes; the station hears of it, fetches it, puts it in force and says so, each part counted apart. */
async function visit(order: {
  readonly centre: BenchCentre
  readonly link: LinkEmulator
  readonly station: OpenFeatures
  readonly release: TestRelease
  readonly base: TestRelease | null
}): Promise<Visit> {
  const { centre, link, station, release } = order
  await centre.publish(release, order.base)
  link.shape(village)
  const client = clientOf(station, link.url)
  const { signal } = new AbortController()
  const exchange = createExchange(ledgerTail(station.context.store))
  try {
    const began = performance.now()
    const heard = await costOf(link, () => exchange.run(client, signal))
    const bounds = { signal, shouldYield: () => false, onBytes: () => undefined }
    const fetched = await costOf(link, () => station.catalogue.fetch({ send: client.send, route: 'centre' }, bounds))
    const seconds = (performance.now() - began) / 1000
    if (statusOf(station).inForce?.sha256 !== release.signed.sha256) throw new Error('the release is not in force')
    return { heard, fetched, confirmed: await costOf(link, () => exchange.run(client, signal)), seconds }
  } finally {
    client.close()
  }
}

function clientOf({ context: { store } }: OpenFeatures, baseUrl: string): CentreClient {
  const { id: stationId, centre } = store.station.read()
  const sign = (bytes: Uint8Array) => store.station.sign(bytes)
  return createCentreClient({ baseUrl, stationId, centrePublicKey: centre?.publicKey, sign })
}

async function costOf(link: LinkEmulator, work: () => Promise<unknown>): Promise<Cost> {
  const before = { down: link.downBytes(), up: link.upBytes() }
  await work()
  return { down: link.downBytes() - before.down, up: link.upBytes() - before.up }
}
