import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openEmbedded } from '../../central/database.ts'
import { type ContentStore, openContent } from '../../central/files/content.ts'
import { migrate } from '../../central/migrations/index.ts'
import { makeRelayCode, removeRelay } from '../../central/relay/county.ts'
import type { LaneOptions } from '../../main/features/files/index.ts'
import { exchangeByRelay } from '../../main/features/hall/relay-exchange.ts'
import { createRelayLine, type RelayLine } from '../../main/features/hall/relay-line.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { startGateway, type TestGateway } from '../helpers/centre.ts'
import { type FileDesk, openFileDesk } from '../helpers/file-desk.ts'
import { startRelay, type TestRelay } from '../helpers/hall.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'

const nobody = 'http://127.0.0.1:1'
const never = new AbortController().signal

let folder: string
let databases: { readonly county: Database; readonly relay: Database }
let county: TestGateway
let countyContent: ContentStore
/** Between the relay and the county, and between the window and the relay. */
let upstream: LinkEmulator
let lan: LinkEmulator
let relay: TestRelay
let relayContent: ContentStore
let desk: FileDesk

beforeAll(async () => {
  databases = { county: await openEmbedded(), relay: await openEmbedded() }
  for (const database of Object.values(databases)) await migrate(database)
})
afterAll(async () => {
  for (const database of Object.values(databases)) await database.close()
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cunchuang-hall-'))
  countyContent = await openContent({ folder: join(folder, 'county') }, databases.county)
  relayContent = await openContent({ folder: join(folder, 'relay') }, databases.relay)
  county = await startGateway(databases.county, undefined, countyContent)
  upstream = await startLinkEmulator(county.url)
  desk = openFileDesk(folder)
  await desk.enrol(databases.county, county.url)
  const { code } = await makeRelayCode(databases.county, '440282104', new Date())
  const given = { database: databases.relay, content: relayContent, now: () => desk.clock.now() }
  relay = await startRelay({ url: upstream.url, code }, given)
  lan = await startLinkEmulator(relay.url)
  await relay.onward.round()
})
afterEach(async () => {
  desk.close()
  for (const one of [lan, relay, upstream, county]) await one.stop()
  await databases.county.script('truncate stations, enrolment_codes, files, seen_nonces, relays cascade')
  await databases.relay.script('truncate stations, files, seen_nonces, upstream, centre cascade')
  rmSync(folder, { recursive: true, force: true })
  expect([...county.bugs, ...relay.bugs]).toEqual([])
})

const withHall = async (work: (line: RelayLine) => Promise<void>) => {
  const { id: stationId, centre } = desk.store.station.read()
  const line = createRelayLine({
    ...{ url: lan.url, stationId, sign: desk.store.station.sign, centrePublicKey: centre?.publicKey ?? '' },
    relay: { relayId: relay.upstream.relayId, publicKey: relay.publicKey },
    now: () => desk.clock.now().getTime(),
  })
  await work(line).finally(() => line.close())
}
const tellHall = () =>
  withHall((line) =>
    exchangeByRelay(ledgerTail(desk.store), line, { onHeld: () => undefined, onCounty: () => undefined }, never),
  )
const bounds = { signal: never, shouldYield: () => false, originalsAllowed: true }
const sendToHall = (options: Partial<LaneOptions> = {}) =>
  withHall((line) => desk.files.run(line, { ...bounds, relay: line.relay, ...options }))
const later = (seconds: number) => desk.clock.passSeconds(seconds)
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    ({ code, details }) => `${code} ${details?.reason ?? ''}`.trim(),
  )
const stateOf = (caseId: string) => desk.files.states(caseId).map(({ state }) => state)
const rowsAt = (database: Database, table: string) => database.query(`select * from ${table}`)

/** Sends files by way of the hall while the county is away; tells their case. */
async function keptAtHall(sizes: readonly number[]): Promise<{ caseId: string; sha256s: string[] }> {
  const files = await Promise.all(sizes.map((size) => desk.keep(size)))
  const caseId = desk.receive(files)
  upstream.target(nobody)
  await relay.onward.round()
  await tellHall()
  await sendToHall()
  return { caseId, sha256s: files.map(({ sha256 }) => sha256) }
}

test('a photo waits at the hall for the county, goes to neither twice, and has arrived by the county’s word alone', async () => {
  const { caseId, sha256s } = await keptAtHall([400_000])
  const kept = { state: stateOf(caseId), waiting: desk.files.waitingOf(caseId), totals: desk.files.totals() }
  const carried = lan.upBytes()
  later(121)
  await sendToHall()
  const askedAgain = { bytes: lan.upBytes() - carried, state: stateOf(caseId) }
  upstream.target(county.url)
  expect(await relay.onward.round()).toBeNull()
  const forwarded = upstream.upBytes()
  later(121)
  await sendToHall()
  await relay.onward.round()

  expect(kept).toMatchObject({ state: ['at-hall'], waiting: 1, totals: { count: 1, bytes: 400_000 } })
  expect(carried).toBeGreaterThan(400_000)
  expect(askedAgain).toMatchObject({ state: ['at-hall'] })
  expect(askedAgain.bytes).toBeLessThan(2_000)
  expect(stateOf(caseId)).toEqual(['at-centre'])
  expect(await rowsAt(databases.county, 'station_files')).toHaveLength(1)
  expect(await countyContent.has(sha256s[0] ?? '')).toBe(true)
  expect(upstream.upBytes() - forwarded).toBeLessThan(8_000)
  // What the county has, the relay does not keep.
  expect([await relayContent.has(sha256s[0] ?? ''), (await rowsAt(databases.relay, 'files')).length]).toEqual([
    false,
    0,
  ])
})

test('what the relay hands on goes on where the county has it, however often the link is cut', async () => {
  await keptAtHall([2_000_000])
  upstream.target(county.url)
  upstream.shape({ upBytesPerSecond: 500_000, delayMs: 10, cutAfterUpBytes: 250_000 })
  const before = upstream.upBytes()
  let cuts = 0
  while ((await rowsAt(databases.county, 'station_files')).length === 0) {
    if ((await relay.onward.round()) !== null) cuts += 1
  }
  expect(cuts).toBeGreaterThanOrEqual(6)
  expect((upstream.upBytes() - before - 2_000_000) / (cuts + 1)).toBeLessThanOrEqual(48 << 10)
})

test('the window and the relay send the same files to the county at once: each is there once, and both hear of it', async () => {
  const { caseId, sha256s } = await keptAtHall([900_000, 700_000, 80_000])
  upstream.target(county.url)
  const count = async () => (await rowsAt(databases.county, 'station_files')).length
  while ((await count()) < 3 || desk.files.waitingOf(caseId) > 0) {
    later(400)
    await Promise.all([relay.onward.round(), reasonOf(desk.send(county.url))])
  }
  later(400)
  await relay.onward.round()
  const known = await databases.relay.query('select 1 as one from relayed_files where receipt is not null')
  expect(stateOf(caseId)).toEqual(['at-centre', 'at-centre', 'at-centre'])
  expect(known).toHaveLength(3)
  expect(await rowsAt(databases.county, 'files')).toHaveLength(3)
  expect(await rowsAt(databases.county, 'file_uploads')).toEqual([])
  expect(await Promise.all(sha256s.map((sha256) => countyContent.has(sha256)))).toEqual([true, true, true])
})

test('a file whose case the county had before the outage goes by the hall too', async () => {
  const file = await desk.keep(60_000)
  const caseId = desk.receive([file])
  await desk.exchange(county.url)
  await relay.onward.round()
  upstream.target(nobody)
  await tellHall()
  await sendToHall()
  const during = stateOf(caseId)
  upstream.target(county.url)
  await relay.onward.round()
  expect(during).toEqual(['at-hall'])
  expect(await countyContent.has(file.sha256)).toBe(true)
})

test('a relay that lost a file gets it again', async () => {
  const { caseId, sha256s } = await keptAtHall([50_000])
  await relayContent.remove(sha256s[0] ?? '')
  upstream.target(county.url)
  await relay.onward.round()
  upstream.target(nobody)
  later(121)
  await sendToHall()
  upstream.target(county.url)
  later(121)
  await relay.onward.round()
  later(121)
  await sendToHall()
  expect(stateOf(caseId)).toEqual(['at-centre'])
})

test('only the county’s signature makes a file arrive: a relay’s own word, and that of a stranger, do not', async () => {
  const { caseId, sha256s } = await keptAtHall([50_000])
  const file = await desk.keep(40_000)
  const other = desk.receive([file])
  await tellHall()
  const { id } = desk.store.station.read()
  const stranger = { relayId: relay.upstream.relayId, publicKey: makeKeyPair().publicKey }
  let receipt: unknown
  await withHall(async (line) => {
    const path = `/v1/stations/${id}/files/${sha256s[0]}/receipt`
    receipt = JSON.parse((await line.send({ method: 'GET', path })).body.toString('utf8'))
  })
  const said = {
    byStick: await reasonOf(Promise.resolve().then(() => desk.files.noteReceipts([receipt]))),
    ofAStranger: await reasonOf(sendToHall({ relay: stranger })),
    asTheCentre: await reasonOf(desk.send(relay.url)),
  }
  expect(said).toEqual({
    byStick: 'CENTRE_NONSENSE signature',
    ofAStranger: 'CENTRE_NONSENSE signature',
    asTheCentre: 'CENTRE_NONSENSE signature',
  })
  expect([stateOf(caseId), stateOf(other)]).toEqual([['at-hall'], ['waiting']])
})

test('originals that wait for the night wait at the window too; text makes the relay put files aside at once', async () => {
  const { caseId } = await keptAtHall([100_000])
  const large = desk.receive([await desk.keep(1_500_000)])
  await tellHall()
  await sendToHall({ originalsAllowed: false })
  const byDay = [stateOf(caseId), stateOf(large)]
  await sendToHall()
  upstream.target(county.url)
  upstream.shape({ upBytesPerSecond: 150_000 })
  const before = upstream.upBytes()
  const round = relay.onward.round()
  while (upstream.upBytes() - before < 300_000) await new Promise(setImmediate)
  desk.receive([])
  await tellHall()
  await round
  const beginning = await databases.county.query<{ sha256: string }>('select sha256 from file_uploads')
  upstream.shape({ upBytesPerSecond: undefined })
  await relay.onward.round()
  expect(byDay).toEqual([['at-hall'], ['night']])
  expect(beginning).toHaveLength(1)
  expect(await rowsAt(databases.county, 'station_files')).toHaveLength(2)
})

test('what was erased meanwhile is not kept at the hall; a relay that was removed takes nothing', async () => {
  const { caseId, sha256s } = await keptAtHall([50_000])
  desk.append('payload.erased', 1, caseId, { subject: caseId, reason: '测试' })
  await desk.exchange(county.url)
  upstream.target(county.url)
  await relay.onward.round()
  later(16)
  await relay.onward.round()
  expect([await relayContent.has(sha256s[0] ?? ''), (await rowsAt(databases.relay, 'relayed_files')).length]).toEqual([
    false,
    0,
  ])
  desk.receive([await desk.keep(30_000)])
  await removeRelay(databases.county, relay.upstream.relayId, new Date())
  await relay.onward.round()
  expect(await reasonOf(sendToHall())).toBe('CENTRE_REFUSED relay_only')
})
