import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CallOutput } from '../../preload/contract/api.ts'
import { type CentreProcess, runCentral, startCentre } from '../helpers/centre.ts'
import { type DeskUnderTest, freshFolder, removeFolder, startDesk } from '../helpers/desk.ts'
import { readyDraft } from '../helpers/intake.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import { openDesk, unlockSeal } from '../helpers/papers.ts'

const town = '440282113'
const nobody = 'http://127.0.0.1:1'

/** A window of the hall: a desk with somebody logged in. */
type Window = { readonly desk: DeskUnderTest; readonly sessionId: string }

const bySha256 = (a: { sha256: string }, b: { sha256: string }) => a.sha256.localeCompare(b.sha256)

let ends: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ends.toReversed()) await end()
  ends = []
})

function folderOfTest(): string {
  const folder = freshFolder()
  ends.push(() => removeFolder(folder))
  return folder
}

async function centreOfTest(folder: string, words: readonly string[] = []): Promise<CentreProcess> {
  const centre = await startCentre(folder, words)
  ends.push(() => centre.kill('SIGKILL'))
  return centre
}

async function proxyOfTest(url: string): Promise<LinkEmulator> {
  const proxy = await startLinkEmulator(url)
  ends.push(() => proxy.stop())
  return proxy
}

async function windowOf(division: string, centreUrl: string, centreData: string): Promise<Window> {
  const place = ['--division', division, '--centre-url', centreUrl, '--centre-data', centreData]
  const desk = await startDesk(folderOfTest(), ['--training', '--cheap-pins', '--check-outputs', ...place])
  ends.push(() => desk.kill('SIGKILL'))
  // With its seal open a receipt is sealed at once: a file waits for nothing but the link.
  const window = await openDesk(desk)
  await unlockSeal(window)
  return window
}

/** Asks again at every word of the desk until the answer fits. */
async function until<T>({ desk }: Window, ask: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  const events = await desk.events()
  try {
    for (;;) {
      const value = await ask()
      if (fits(value)) return value
      await events.next('sync', 'changed')
    }
  } finally {
    events.stop()
  }
}

const statusOf = (window: Window) => window.desk.ask('sync.status', {}, window.sessionId)
const caseOf = (window: Window, caseId: string) => window.desk.ask('cases.get', { caseId }, window.sessionId)
const queueOf = (window: Window) => window.desk.ask('hall.queue', { query: '', offset: 0, limit: 50 }, window.sessionId)
const filesOf = async ({ desk, sessionId }: Window, caseId: string) =>
  (await desk.ask('sync.files', { caseId }, sessionId)).files
/** Every file of a case has come so far; asks for it at each look, since files ask for the centre's word only now and then. */
const filesAre = (window: Window, caseId: string, wanted: 'at-hall' | 'at-centre') =>
  until(
    window,
    async () => {
      await window.desk.call('sync.now', {}, window.sessionId)
      return filesOf(window, caseId)
    },
    (files) => files.length >= 2 && files.every(({ state }) => state === wanted),
  )
const arrived = (window: Window, caseId: string, wanted: CallOutput<'cases.get'>['summary']['delivery']) =>
  until(
    window,
    () => caseOf(window, caseId),
    ({ summary }) => summary.delivery === wanted,
  )

async function receive(window: Window, index: number): Promise<{ caseId: string; localNumber: string }> {
  const draftId = await readyDraft(window.desk, window.sessionId, index)
  return window.desk.ask('drafts.receive', { draftId }, window.sessionId)
}

type ReleaseFile = { readonly folder: string; readonly file: string }

/** A release that changes a matter's department, made at a window that cannot send it, as a file on a stick. */
async function releaseOnStick({ desk, sessionId }: Window, pin: string, version: number): Promise<ReleaseFile> {
  const { copyId } = await desk.ask('standards.begin', { kind: 'matter', id: 'SAMPLE-GLJT', version }, sessionId)
  const { text } = await desk.ask('standards.copy', { copyId }, sessionId)
  const changed = JSON.stringify({ ...JSON.parse(text), department: `民政局${version}股` })
  await desk.ask('standards.save', { copyId, text: changed }, sessionId)
  const contents = { from: 'copies' as const, copyIds: [copyId] }
  const wish = { targets: 'all' as const, contents, effectiveAtUtc: null, note: '换了部门', pin, approval: null }
  const { release } = await desk.ask('standards.publish', wish, sessionId)
  expect(release.state).toBe('waits')
  const stick = folderOfTest()
  const order = { sha256: release.sha256, stickId: `folder:${stick}` }
  return { folder: join(stick, '村窗'), file: (await desk.ask('standards.toStick', order, sessionId)).said }
}

/** A release is in force at a window, and nothing waits or was refused. Its link is tried at each look. */
const inForce = (window: Window, release: number) =>
  until(
    window,
    async () => {
      await window.desk.call('sync.now', {}, window.sessionId)
      return window.desk.ask('catalogue.status', {}, window.sessionId)
    },
    ({ inForce, waiting, refused }) => inForce?.release === release && waiting.length === 0 && refused.length === 0,
  )

type Windows = readonly [Window, Window]

/**
 * Release 2 comes out and takes effect at the first window; the second does not listen. Gives the publisher's PIN. The relay
 * serves its stations in their order: once the county has the word of 202, the relay has what the county told 201.
 */
async function releaseReachesFirst([first, second]: Windows, countyFolder: string): Promise<string> {
  await second.desk.ask('sync.setLink', { on: false }, second.sessionId)
  const { publisherPin } = JSON.parse(readFileSync(join(first.desk.dataFolder, 'training.json'), 'utf8'))
  const { folder, file } = await releaseOnStick(first, publisherPin, 1)
  await runCentral(['releases', 'publish', join(folder, file), '--data', countyFolder])
  await inForce(first, 2)
  await until(
    first,
    async () => {
      await first.desk.call('sync.now', {}, first.sessionId)
      return statusOf(first)
    },
    ({ unsentEntries }) => unsentEntries === 0,
  )
  return publisherPin
}

/** The second window gets release 2 of what the relay holds; release 3, made there, is carried to the first on a stick. */
async function releasesInOutage([first, second]: Windows, publisherPin: string): Promise<void> {
  await second.desk.ask('sync.setLink', { on: true }, second.sessionId)
  await inForce(second, 2)
  const key = 'publisher-key.json'
  copyFileSync(join(first.desk.dataFolder, key), join(second.desk.dataFolder, key))
  const stick = await releaseOnStick(second, publisherPin, 2)
  await first.desk.ask('catalogue.takeFile', stick, first.sessionId)
  await inForce(first, 3)
}

test('two windows of a hall work through an outage over their relay; all of it reaches the county, once, and its word comes back', async () => {
  const countyFolder = folderOfTest()
  let county = await centreOfTest(countyFolder)
  const [windowsLink, relayLink] = [await proxyOfTest(county.url), await proxyOfTest(county.url)]
  const windows = [
    await windowOf('440282113202', windowsLink.url, countyFolder),
    await windowOf('440282113201', windowsLink.url, countyFolder),
  ] as const
  for (const window of windows)
    await until(
      window,
      () => statusOf(window),
      ({ online, unsentEntries }) => online && unsentEntries === 0,
    )
  const { stdout: code } = await runCentral(['enrolment-code', '--relay', town, '--data', countyFolder])
  const relayFolder = folderOfTest()
  const upstream = ['--upstream', relayLink.url, '--code', code.trim(), '--name', '测试大厅']
  const relay = await centreOfTest(relayFolder, upstream)
  for (const window of windows)
    await until(
      window,
      () => window.desk.call('hall.setRelay', { url: relay.url }, window.sessionId),
      ({ ok }) => ok,
    )

  // Their own way is gone before the outage of the county begins: a release comes over the relay.
  windowsLink.target(nobody)
  const publisherPin = await releaseReachesFirst(windows, countyFolder)
  await county.kill('SIGKILL')
  await releasesInOutage(windows, publisherPin)

  const received = await Promise.all(windows.map((window, index) => receive(window, index + 1)))
  const [first, second] = received as [(typeof received)[0], (typeof received)[0]]
  const atHall = await Promise.all(
    windows.map((window, index) => arrived(window, received[index]?.caseId ?? '', 'at-hall')),
  )
  const keptFiles = await filesAre(windows[0], first.caseId, 'at-hall')
  const waiting = (await caseOf(windows[0], first.caseId)).summary.filesWaiting
  // The receipt's entry follows its case.
  const settled = await until(
    windows[0],
    () => statusOf(windows[0]),
    ({ route, relayedSeq, headSeq }) => route === 'relay' && relayedSeq === headSeq,
  )
  const duringOutage = { status: settled, queues: await Promise.all(windows.map(queueOf)) }
  const race = await Promise.all(
    windows.map(({ desk, sessionId }) => desk.call('hall.take', { caseId: first.caseId, take: true }, sessionId)),
  )
  const refused = await runCentral(['decide', first.localNumber, 'accepted', '--data', relayFolder])
  expect(atHall).toHaveLength(2)
  expect(waiting).toBe(keptFiles.length)
  expect(duringOutage.status).toMatchObject({ route: 'relay', online: false, unsentCases: 1 })
  for (const queue of duringOutage.queues) {
    expect(queue).toMatchObject({ relay: { name: '测试大厅', url: relay.url, reachable: true }, total: 2 })
    expect(queue.cases.map(({ caseId, atCentre }) => [caseId, atCentre]).toSorted()).toEqual(
      [first, second].map(({ caseId }) => [caseId, false]).toSorted(),
    )
  }
  expect(race.map((one) => (one.ok ? 'taken' : one.error.code)).toSorted()).toEqual(['HALL_TAKEN', 'taken'])
  expect(race.find(({ ok }) => !ok)).toMatchObject({ error: { details: { window: expect.stringMatching(/./u) } } })
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('只有县里的中心能办') })

  // The county is back for the relay alone: what the windows hear of it, they hear over the relay.
  county = await centreOfTest(countyFolder)
  relayLink.target(county.url)
  for (const [index, window] of windows.entries()) await arrived(window, received[index]?.caseId ?? '', 'at-centre')
  for (const { localNumber } of received)
    expect(await runCentral(['decide', localNumber, 'accepted', '--data', countyFolder])).toMatchObject({ code: 0 })
  for (const [index, window] of windows.entries())
    await arrived(window, received[index]?.caseId ?? '', 'accepted-by-centre')
  await filesAre(windows[0], first.caseId, 'at-centre')
  const stillOut = await statusOf(windows[0])
  const { stdout: files } = await runCentral(['files', first.localNumber, '--json', '--data', countyFolder])
  windowsLink.target(county.url)
  for (const window of windows)
    await until(
      window,
      () => statusOf(window),
      ({ online, route, unsentEntries }) => online && route === 'centre' && unsentEntries === 0,
    )
  // Release 3 goes to the county by itself; who took it from the stick has nothing to fetch.
  await until(
    windows[0],
    () => windows[0].desk.call('catalogue.adoption', { release: 3 }, windows[0].sessionId),
    (adoption) => adoption.ok && adoption.value.applied === windows.length,
  )
  for (const window of windows) await inForce(window, 3)
  const { stdout } = await runCentral(['cases', '--json', '--data', countyFolder])
  const verdicts = await Promise.all(windows.map(({ desk, sessionId }) => desk.ask('ledger.verify', {}, sessionId)))
  expect(stillOut).toMatchObject({ route: 'relay', online: false })
  expect((JSON.parse(stdout) as { caseId: string }[]).map(({ caseId }) => caseId).toSorted()).toEqual(
    received.map(({ caseId }) => caseId).toSorted(),
  )
  const atCounty = (JSON.parse(files) as { sha256: string; arrivedAtUtc: string | null }[]).toSorted(bySha256)
  expect(atCounty.map(({ sha256 }) => sha256)).toEqual(keptFiles.toSorted(bySha256).map(({ sha256 }) => sha256))
  expect(atCounty.every(({ arrivedAtUtc }) => arrivedAtUtc !== null)).toBe(true)
  expect(verdicts.map(({ ok }) => ok)).toEqual([true, true])
})

test('a relay that the county never named is not set, and nothing is handed to it', async () => {
  const [countyFolder, strangeFolder] = [folderOfTest(), folderOfTest()]
  const [county, strange] = [await centreOfTest(countyFolder), await centreOfTest(strangeFolder)]
  const window = await windowOf('440282113201', county.url, countyFolder)
  const { stdout: code } = await runCentral(['enrolment-code', '--relay', town, '--data', strangeFolder])
  const forged = await centreOfTest(folderOfTest(), ['--upstream', strange.url, '--code', code.trim()])
  const unnamed = await window.desk.call('hall.setRelay', { url: forged.url }, window.sessionId)
  const { stdout: own } = await runCentral(['enrolment-code', '--relay', town, '--data', countyFolder])
  await centreOfTest(folderOfTest(), ['--upstream', county.url, '--code', own.trim(), '--url', nobody])
  await until(
    window,
    () => queueOf(window),
    ({ relay }) => relay?.reachable === false,
  )
  const another = await window.desk.call('hall.setRelay', { url: forged.url }, window.sessionId)
  expect([unnamed, another]).toMatchObject([
    { ok: false, error: { code: 'RELAY_UNKNOWN' } },
    { ok: false, error: { code: 'RELAY_UNKNOWN' } },
  ])
})
