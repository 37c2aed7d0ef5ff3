import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CaseDetail, SyncStatus } from '../../preload/contract/views.ts'
import { type CentreProcess, runCentral, startCentre } from '../helpers/centre.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { readyDraft } from '../helpers/intake.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import { openDesk, unlockSeal } from '../helpers/papers.ts'

let folder: string
let centre: CentreProcess
let proxy: LinkEmulator
let desk: DeskUnderTest
const flags = () => [
  '--training',
  '--cheap-pins',
  '--check-outputs',
  '--centre-url',
  proxy.url,
  '--centre-data',
  folder,
]

beforeEach(async () => {
  folder = freshFolder()
  centre = await startCentre(folder)
  proxy = await startLinkEmulator(centre.url)
  desk = await startDesk(folder, flags())
})
afterEach(async () => {
  await desk.kill('SIGKILL')
  await proxy.stop()
  await centre.kill('SIGKILL')
  removeFolder(folder)
})

/** Asks again at every word of the desk until the answer fits. */
async function until<T>(ask: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  const events = await desk.events()
  try {
    for (;;) {
      const value = await ask()
      if (fits(value)) return value
      await events.next('sync')
    }
  } finally {
    events.stop()
  }
}

test('a case taken in with the cable out goes to the centre by itself once it is back, and its decisions come home', async () => {
  let { sessionId } = await loginTraining(desk)
  const status = () => desk.ask('sync.status', {}, sessionId)
  await until(status, (value: SyncStatus) => value.online && value.unsentEntries === 0)

  await desk.ask('sync.setLink', { on: false }, sessionId)
  const received = await desk.ask('drafts.receive', { draftId: await readyDraft(desk, sessionId, 1) }, sessionId)
  const detail = () => desk.ask('cases.get', { caseId: received.caseId }, sessionId)
  const delivery = (value: CaseDetail) => value.summary.delivery
  const cutOff = {
    status: await status(),
    delivery: delivery(await detail()),
    now: await desk.call('sync.now', {}, sessionId),
  }
  const upWhileOff = proxy.upBytes()
  await desk.kill('SIGKILL')
  desk = await startDesk(folder, flags())
  sessionId = (await loginTraining(desk)).sessionId
  const afterwards = {
    linkOn: (await status()).linkOn,
    delivery: delivery(await detail()),
    up: proxy.upBytes() - upWhileOff,
  }
  expect({ cutOff, afterwards }).toMatchObject({
    cutOff: {
      status: {
        linkOn: false,
        phase: 'waiting',
        online: false,
        unsentCases: 1,
        lastError: expect.stringContaining('网络已断开'),
      },
      delivery: 'stored-here',
      now: { ok: false, error: { code: 'LINK_DOWN' } },
    },
    afterwards: { linkOn: false, delivery: 'stored-here', up: 0 },
  })

  await desk.ask('sync.setLink', { on: true }, sessionId)
  await until(detail, (value) => delivery(value) === 'at-centre')
  const number = received.localNumber
  const data = ['--data', folder]
  const asked = await runCentral(['decide', number, 'corrections', '--reason', '请补户口簿本人页', ...data])
  const returned = await until(detail, (value) => value.summary.state === 'corrections')
  const accepted = await runCentral(['decide', number, 'accepted', ...data])
  const done = await until(detail, (value) => delivery(value) === 'accepted-by-centre')
  const verdict = await desk.ask('ledger.verify', {}, sessionId)
  expect([asked, accepted]).toMatchObject([{ code: 0 }, { code: 0 }])
  expect(returned).toMatchObject({ summary: { returned: true }, centreReason: '请补户口簿本人页' })
  expect(done).toMatchObject({ summary: { state: 'accepted', returned: false, delivery: 'accepted-by-centre' } })
  expect(verdict.ok).toBe(true)
})

test('a centre that comes back at another address is found again', async () => {
  let { sessionId } = await loginTraining(desk)
  const status = () => desk.ask('sync.status', {}, sessionId)
  await until(status, (value: SyncStatus) => value.online && value.unsentEntries === 0)
  await desk.kill('SIGTERM')
  await centre.kill('SIGKILL')
  centre = await startCentre(folder)
  desk = await startDesk(folder, [...flags().slice(0, 4), centre.url, ...flags().slice(5)])
  sessionId = (await loginTraining(desk)).sessionId
  const found = await until(status, (value) => value.online && value.unsentEntries === 0)
  expect(found).toMatchObject({ centreUrl: centre.url, lastError: '' })
})

test('what is still here is listed in its order with the cable out, and empties once it is back; the hour shows both', async () => {
  const window = await openDesk(desk)
  const { sessionId } = window
  // With its seal open the receipt is sealed at once, and waits for nothing but the link.
  await unlockSeal(window)
  const status = () => desk.ask('sync.status', {}, sessionId)
  const waiting = (offset = 0) => desk.ask('sync.waiting', { offset, limit: 50 }, sessionId)
  await until(status, (value: SyncStatus) => value.online && value.unsentEntries === 0)
  await desk.ask('sync.setLink', { on: false }, sessionId)
  const received = await desk.ask('drafts.receive', { draftId: await readyDraft(desk, sessionId, 1) }, sessionId)
  // A login is a record of no case.
  await loginTraining(desk)
  const here = await waiting()
  const further = await waiting(1)
  const seen = await status()
  expect(here.items[0]).toMatchObject({
    ...{ kind: 'text', caseId: received.caseId, localNumber: received.localNumber, state: 'failed', sentBytes: 0 },
    ...{ lastError: expect.stringContaining('网络已断开'), applicantMasked: expect.stringContaining('*') },
  })
  expect(here.items.map(({ kind }) => kind).filter((kind) => kind === 'text' || kind === 'other')).toEqual([
    'text',
    'other',
  ])
  expect(further.items).toEqual(here.items.slice(1).map((item) => expect.objectContaining({ title: item.title })))
  expect(here.total).toBe(here.items.length)
  expect(seen).toMatchObject({ link: 'off', lastErrorReason: 'switched-off', unsentCases: 1 })
  expect(here.totalBytes).toBe(seen.textBytes + seen.unsentFileBytes)

  await desk.ask('sync.setLink', { on: true }, sessionId)
  const empty = await until(
    () => waiting(),
    ({ total }) => total === 0,
  )
  const { minutes } = await desk.ask('sync.history', {}, sessionId)
  expect(empty).toEqual({ items: [], total: 0, totalBytes: 0 })
  expect(minutes.reduce((sum, { upBytes }) => sum + upBytes, 0)).toBeGreaterThan(500)
  // The receipt of the case is made, and sealed, in its own time.
  const settled = await until(status, ({ unsentEntries, unsentFiles }) => unsentEntries === 0 && unsentFiles === 0)
  expect(settled).toMatchObject({ link: 'online', lastErrorReason: 'none', textEtaSeconds: 0, filesEtaSeconds: 0 })
})

test('how the link is used is kept over a restart', async () => {
  let { sessionId } = await loginTraining(desk)
  const before = await desk.ask('sync.settings', {}, sessionId)
  const wanted = { ...before, budgetKbit: 64, originals: 'night' as const, nightFrom: '22:30' }
  await desk.ask('sync.setSettings', wanted, sessionId)
  await desk.kill('SIGKILL')
  desk = await startDesk(folder, flags())
  sessionId = (await loginTraining(desk)).sessionId
  expect(before).toMatchObject({ budgetKbit: null, originals: 'always', proxyUrl: null })
  expect(await desk.ask('sync.settings', {}, sessionId)).toEqual(wanted)
})
