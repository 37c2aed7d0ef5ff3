import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openEmbedded } from '../../central/database.ts'
import { loadIdentity } from '../../central/identity.ts'
import { migrate } from '../../central/migrations/index.ts'
import { makeRelayCode } from '../../central/relay/county.ts'
import { createOnward } from '../../central/relay/onward.ts'
import { exchangeByRelay } from '../../main/features/hall/relay-exchange.ts'
import { newSubjectSecret } from '../../main/wire/canonical.ts'
import { framesMediaType } from '../../main/wire/packing/frame-codec.ts'
import { between, bodyOf } from '../helpers/between.ts'
import { enrolledStation, receivedCase, startGateway, type TestGateway, type TestStation } from '../helpers/centre.ts'
import { lineTo, StationMemory, startRelay, type TestRelay } from '../helpers/hall.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'

const progress = { onHeld: () => undefined, onCounty: () => undefined }
const never = new AbortController().signal
const town = '440282104'

let databases: { readonly county: Database; readonly relay: Database }
let county: TestGateway
/** Between the relay and the county. */
let upstream: LinkEmulator
let relay: TestRelay
let windows = 0

beforeAll(async () => {
  databases = { county: await openEmbedded(), relay: await openEmbedded() }
  for (const database of Object.values(databases)) await migrate(database)
})
afterAll(async () => {
  for (const database of Object.values(databases)) await database.close()
})
beforeEach(async () => {
  county = await startGateway(databases.county)
  upstream = await startLinkEmulator(county.url)
  const { code } = await makeRelayCode(databases.county, town, new Date())
  relay = await startRelay({ url: upstream.url, code }, { database: databases.relay })
})
afterEach(async () => {
  for (const one of [relay, upstream, county]) await one.stop()
  await databases.county.script('truncate stations, enrolment_codes, seen_nonces, relays cascade')
  await databases.relay.script('truncate stations, seen_nonces, upstream, centre cascade')
  expect([...county.bugs, ...relay.bugs]).toEqual([])
})

/** A window of the hall with so many cases, each of some 600 bytes that nothing shortens. */
async function windowWith(cases: number): Promise<TestStation> {
  windows += 1
  const station = await enrolledStation(databases.county, county.url, `${town}208-${windows}`)
  for (let count = 0; count < cases; count++) {
    const caseId = crypto.randomUUID()
    const answers = { noise: Array.from({ length: 20 }, newSubjectSecret) }
    const payload = { ...receivedCase(caseId, `${station.id}/${count}`), answers }
    station.append({ kind: 'case.received', subject: caseId, payload })
  }
  return station
}

async function hallOf(cases: readonly number[]): Promise<{ stations: TestStation[]; memories: StationMemory[] }> {
  const stations: TestStation[] = []
  for (const count of cases) stations.push(await windowWith(count))
  await relay.onward.round()
  return { stations, memories: stations.map((station) => new StationMemory(station)) }
}

const exchange = (memory: StationMemory, url = relay.url) =>
  exchangeByRelay(memory, lineTo({ ...relay, url }, memory.station), progress, never)
const rowsOf = (database: Database, { id }: TestStation) =>
  database.query<{ seq: number; hash: string }>('select seq, hash from entries where station_id = $1 order by seq', [
    id,
  ])
const ours = ({ entries }: TestStation) => entries.map(({ seq, hash }) => ({ seq, hash }))
const isAtCounty = async (station: TestStation) =>
  (await rowsOf(databases.county, station)).length === station.entries.length

/** Rounds until the county has everything; tells how many did not get through. */
async function untilAtCounty(stations: readonly TestStation[], most: number): Promise<number> {
  for (let failures = 0; ; ) {
    if ((await relay.onward.round()) !== null) failures += 1
    if ((await Promise.all(stations.map(isAtCounty))).every((isThere) => isThere)) return failures
    if (failures > most) throw new Error('the queues do not get through')
  }
}

test('three windows’ queues reach the county over 64 kbit/s that is cut every two seconds, nothing doubled, a cut costs some frames', async () => {
  const { stations, memories } = await hallOf([50, 50, 50])
  for (const memory of memories) await exchange(memory)
  const [clean] = stations as [TestStation]
  const before = upstream.upBytes()
  upstream.shape({ upBytesPerSecond: 8_000, delayMs: 50, cutEveryMs: 2_000 })
  const started = performance.now()
  await untilAtCounty(stations, 60)
  const seconds = (performance.now() - started) / 1000
  upstream.shape({ upBytesPerSecond: undefined, delayMs: 0, cutEveryMs: undefined })
  const bytes = upstream.upBytes() - before
  const cuts = Math.floor(seconds / 2)
  // What three such queues take where nothing is cut.
  const whole = await bytesOfAQuietLink(clean.entries.length * stations.length)
  console.log(`${seconds.toFixed(1)} s, ${bytes} bytes with ${cuts} cuts, ${whole} without`)
  for (const station of stations) expect(await rowsOf(databases.county, station)).toEqual(ours(station))
  expect(cuts).toBeGreaterThan(4)
  expect((bytes - whole) / cuts).toBeLessThan(12 << 10)
}, 120_000)

/** What the same number of such entries takes over a link that is never cut. */
async function bytesOfAQuietLink(entries: number): Promise<number> {
  const station = await windowWith(entries)
  await relay.onward.round()
  await exchange(new StationMemory(station))
  const before = upstream.upBytes()
  await relay.onward.round()
  return upstream.upBytes() - before
}

test('what an older window handed over in one long stretch is got rid of too', async () => {
  const { stations } = await hallOf([400])
  const [station] = stations as [TestStation]
  await lineTo(relay, station).push(station.batch())
  await relay.onward.round()
  expect(await rowsOf(databases.county, station)).toEqual(ours(station))
})

test('a stretch too long for the link holds up no other window', async () => {
  const { stations, memories } = await hallOf([300, 3])
  const [long, short] = stations as [TestStation, TestStation]
  await lineTo(relay, long).push(long.batch())
  await exchange(memories[1] as StationMemory)
  upstream.cutAfter({ up: 30_000 })
  await untilAtCounty([short], 5)
  expect(await rowsOf(databases.county, long)).toEqual([])
  expect(await rowsOf(databases.county, short)).toEqual(ours(short))
})

test('a county that reads no frames gets batches from the relay, and an older relay gets them from its windows', async () => {
  const refused: string[] = []
  const withoutFrames = (url: string) =>
    between(url, async (request, response, forward) => {
      const { body } = await bodyOf(request)
      if (request.headers['content-type'] !== framesMediaType) return forward(body)
      refused.push(url)
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: 'malformed', message: '不认识' }))
    })
  const { stations, memories } = await hallOf([60])
  const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
  await exchange(memory, await withoutFrames(relay.url))
  const held = await rowsOf(databases.relay, station)
  upstream.target(await withoutFrames(county.url))
  await untilAtCounty(stations, 3)
  expect(held).toHaveLength(61)
  expect(await rowsOf(databases.county, station)).toEqual(ours(station))
  expect(new Set(refused)).toEqual(new Set([relay.url, county.url]))
})

test('frames that are cut on their way to the relay go on after what came', async () => {
  const { stations, memories } = await hallOf([60])
  const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
  const lan = await startLinkEmulator(relay.url)
  lan.cutAfter({ up: 12_000 })
  await exchange(memory, lan.url)
  const [connections, bytes] = [lan.connections(), lan.upBytes()]
  await lan.stop()
  await relay.onward.round()
  expect(await rowsOf(databases.county, station)).toEqual(ours(station))
  expect(connections).toBeGreaterThan(2)
  expect(bytes).toBeLessThan(60 * 700 + connections * (5 << 10))
})

test('a county restored to long ago gets everything again in small portions', async () => {
  const { stations, memories } = await hallOf([1300])
  const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
  await exchange(memory)
  await relay.onward.round()
  await databases.county.query('delete from cases where station_id = $1', [station.id])
  await databases.county.query('delete from entries where station_id = $1 and seq > 1', [station.id])
  await databases.county.query('update stations set acknowledged = 1, head_hash = $2 where station_id = $1', [
    station.id,
    station.headAt(1).hash,
  ])
  await relay.onward.round()
  expect(await rowsOf(databases.county, station)).toEqual(ours(station))
})

test('a county that asks for time gets it', async () => {
  const asked: number[] = []
  const url = await between(county.url, async (_request, response) => {
    asked.push(performance.now())
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' })
    response.end(JSON.stringify({ error: 'busy', message: '中心正忙', retryAfterSeconds: 1 }))
  })
  const now = () => new Date()
  const onward = createOnward({
    ...{ database: databases.relay, identity: await loadIdentity(databases.relay, '测试大厅', now()), now },
    ...{ upstream: { ...relay.upstream, url }, address: null, onBug: () => undefined, retryMs: 10 },
  })
  onward.start()
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBeGreaterThan(1)
  await onward.stop()
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(950)
})
