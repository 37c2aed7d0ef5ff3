import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { officeOverSocket } from '../../central/office/line.ts'
import { createLink } from '../../main/features/sync/link.ts'
import { createLinkMeter } from '../../main/features/sync/link-meter.ts'
import type { Link, LinkOptions } from '../../main/features/sync/link-options.ts'
import { pollWaitMs } from '../../main/features/sync/link-timing.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys, openStore, type Store } from '../../main/store/index.ts'
import { createCentreClient } from '../../main/wire/centre-client.ts'
import { signerOf } from '../../main/wire/signatures.ts'
import { createHttpTransport } from '../../main/wire/transport/http-transport.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { type CentreProcess, receivedCase, startCentre } from '../helpers/centre.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import { appendAll, draftOf, temporaryFolder, testKey } from '../helpers/store.ts'

const stationId = '440282104208-1'

let folder: ReturnType<typeof temporaryFolder>
let centre: CentreProcess
let road: LinkEmulator
let store: Store
let endings: (() => unknown)[]

beforeEach(async () => {
  folder = temporaryFolder()
  centre = await startCentre(folder.path)
  road = await startLinkEmulator(centre.url)
  store = openStore({ file: join(folder.path, 'station.db'), key: testKey, clock: systemClock, reserveBytes: 0 })
  const keys = newStationKeys()
  store.station.create({ id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }, keys)
  const { code } = await officeOverSocket(folder.path).enrolmentCode(stationId)
  const client = createCentreClient({ baseUrl: road.url, stationId, sign: signerOf(keys.privateKey) })
  const reply = await client.enrol({ code, windowName: '一号窗口', publicKey: keys.publicKey })
  client.close()
  store.station.setCentre({ id: reply.centreId, url: road.url, publicKey: reply.centrePublicKey })
  endings = []
})
afterEach(async () => {
  for (const end of endings.toReversed()) await end()
  store.close()
  await road.stop()
  await centre.kill('SIGKILL')
  folder[Symbol.dispose]()
})

function makeLink(options: Partial<LinkOptions> = {}) {
  const meter = createLinkMeter(() => Date.now())
  const client = createCentreClient({
    ...{ baseUrl: road.url, stationId, centrePublicKey: store.station.read().centre?.publicKey },
    sign: (bytes) => store.station.sign(bytes),
    transport: createHttpTransport(road.url, { stallMs: 5_000, meter }),
  })
  const link: Link = createLink({
    ...{ tail: ledgerTail(store), client: () => client, clock: systemClock, meter },
    ...{ switchedOn: true, keepSwitch: () => undefined, ...options },
  })
  endings.push(() => client.close())
  endings.push(() => link.stop())
  return { link, meter }
}

function receive(count: number): void {
  for (let index = 0; index < count; index++) {
    const subject = crypto.randomUUID()
    // Noise does not deflate: what goes takes its time on the link.
    const payload = {
      ...receivedCase(subject, `第${index}号`),
      answers: { noise: randomBytes(200).toString('base64') },
    }
    appendAll(store, [draftOf({ kind: 'case.received', subject, payload })])
  }
}

/** How often a station asks in a day in which nothing happens. */
function pollsOfAQuietDay(isSlow: boolean): number {
  let [elapsedMs, polls] = [0, 0]
  for (; elapsedMs < 24 * 3_600_000; polls++) elapsedMs += pollWaitMs(elapsedMs, isSlow)
  return polls
}

test('a quiet station costs less than 400 KB a day on a slow link, and less than 1 MB on a good one', async () => {
  const { link } = makeLink()
  await link.sendNow()
  await link.sendNow()
  const bytes = () => road.upBytes() + road.downBytes()
  const before = bytes()
  for (let poll = 0; poll < 10; poll++) await link.sendNow()
  const aPoll = (bytes() - before) / 10
  const kilobytes = (isSlow: boolean) => Math.round((pollsOfAQuietDay(isSlow) * aPoll) / 1000)
  console.info(`a poll: ${aPoll} bytes; a quiet day: ${kilobytes(true)} KB slow, ${kilobytes(false)} KB good`)
  expect(road.connections()).toBe(2)
  expect(kilobytes(true)).toBeLessThan(400)
  expect(kilobytes(false)).toBeLessThan(1_000)
})

test('over a slow link that is cut again and again everything arrives, and the link was never called gone', async () => {
  const words: boolean[] = []
  let resolve = () => {}
  const whole = new Promise<void>((fulfil) => {
    resolve = fulfil
  })
  receive(100)
  road.shape({ upBytesPerSecond: 2_000, downBytesPerSecond: 8_000, delayMs: 200, cutEveryMs: 4_000 })
  const { link, meter } = makeLink({
    onState: ({ lastError, heard, unsentCount }) => {
      if (lastError !== null) words.push(heard)
      if (unsentCount === 0) resolve()
    },
  })
  link.start()
  await whole
  expect(link.state().acknowledgedSeq).toBe(store.ledger.head().seq)
  expect(meter.history().at(-1)?.upBytes).toBeGreaterThan(0)
  expect({ cuts: road.connections() > 2, gone: words.filter((heard) => !heard).length > words.length / 2 }).toEqual({
    ...{ cuts: true, gone: false },
  })
})

test('a portal is told as one, and its login is the end of it', async () => {
  receive(1)
  road.shape({ mode: 'portal' })
  const { link } = makeLink()
  await expect(link.sendNow()).rejects.toMatchObject({ code: 'CENTRE_UNREACHABLE', details: { reason: 'portal' } })
  expect(link.state()).toMatchObject({ online: false, heard: false, unsentCount: 1 })
  road.shape({ mode: 'pass' })
  await link.sendNow()
  expect(link.state()).toMatchObject({ online: true, unsentCount: 0, lastError: null })
})
