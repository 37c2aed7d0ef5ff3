import { copyFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openEmbedded } from '../../central/database.ts'
import { officeOverSocket } from '../../central/office/line.ts'
import { createLink } from '../../main/features/sync/link.ts'
import type { Link, LinkOptions } from '../../main/features/sync/link-options.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys, openStore, type Store } from '../../main/store/index.ts'
import { newSubjectSecret } from '../../main/wire/canonical.ts'
import { createCentreClient } from '../../main/wire/centre-client.ts'
import { signerOf } from '../../main/wire/signatures.ts'
import { createHttpTransport } from '../../main/wire/transport/http-transport.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { type CentreProcess, receivedCase, runCentral, startCentre } from '../helpers/centre.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import { appendAll, draftOf, temporaryFolder, testKey } from '../helpers/store.ts'

const stationId = '440282104208-1'

/** A centre in its own process, a link that can be cut, and a station with its real store. */
type World = {
  readonly folder: string
  centre: CentreProcess
  readonly proxy: LinkEmulator
  readonly store: Store
  readonly link: Link
}

let world: World
let cleanUp: (() => Promise<void>)[] = []
/** A centre that was started once: making its database anew takes seconds, a copy does not. */
const template = temporaryFolder()

beforeAll(async () => {
  const first = await startCentre(template.path)
  await first.kill('SIGTERM')
})
afterAll(() => template[Symbol.dispose]())

beforeEach(async () => {
  const { path: folder, [Symbol.dispose]: remove } = temporaryFolder()
  cpSync(join(template.path, 'centre'), join(folder, 'centre'), { recursive: true })
  const centre = await startCentre(folder)
  const proxy = await startLinkEmulator(centre.url)
  const store = openStore({ file: join(folder, 'station.db'), key: testKey, clock: systemClock, reserveBytes: 0 })
  const keys = newStationKeys()
  store.station.create({ id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }, keys)
  await enrol(folder, store, proxy.url, keys)
  const link = makeLink(store, proxy.url)
  world = { folder, centre, proxy, store, link }
  cleanUp = [
    async () => link.stop(),
    async () => store.close(),
    () => proxy.stop(),
    async () => void (await world.centre.kill('SIGKILL')),
    async () => remove(),
  ]
})
afterEach(async () => {
  for (const step of cleanUp) await step()
})

async function enrol(folder: string, store: Store, url: string, keys: { privateKey: string; publicKey: string }) {
  const { code } = await officeOverSocket(folder).enrolmentCode(stationId)
  const client = createCentreClient({ baseUrl: url, stationId, sign: signerOf(keys.privateKey) })
  const reply = await client.enrol({ code, windowName: '一号窗口', publicKey: keys.publicKey })
  client.close()
  store.station.setCentre({ id: reply.centreId, url, publicKey: reply.centrePublicKey })
}

function makeLink(store: Store, baseUrl: string, options: Partial<LinkOptions> = {}): Link {
  const client = createCentreClient({
    ...{ baseUrl, stationId, centrePublicKey: store.station.read().centre?.publicKey },
    sign: (bytes) => store.station.sign(bytes),
    transport: createHttpTransport(baseUrl, { stallMs: 3_000 }),
  })
  onTestFinished(() => client.close())
  const base = {
    tail: ledgerTail(store),
    client: () => client,
    clock: systemClock,
    switchedOn: true,
    keepSwitch: () => undefined,
  }
  return createLink({ ...base, ...options })
}

/** A promise and the way to fulfil it. */
function signalled() {
  let resolve = () => {}
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}

/** Takes in cases with the noise that real entries bring along; returns their ids. */
function receive(store: Store, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const caseId = crypto.randomUUID()
    const payload = {
      ...receivedCase(caseId, `第${store.ledger.head().seq}-${index}号`),
      answers: { noise: newSubjectSecret().repeat(20) },
    }
    appendAll(store, [draftOf({ kind: 'case.received', subject: caseId, payload }), draftOf({ subject: caseId })])
    return caseId
  })
}

/** What the centre has, once nobody else has its folder. */
async function atCentre(folder: string): Promise<{ seq: number; hash: string }[]> {
  const database = await openEmbedded(join(folder, 'centre', 'database'))
  try {
    return await database.query('select seq, hash from entries order by seq')
  } finally {
    await database.close()
  }
}

const ours = (store: Store) => store.ledger.readEntries({ limit: 100_000 }).map(({ seq, hash }) => ({ seq, hash }))

/** Tries until all is sent; the tries that a bad link stops are counted. */
async function untilSent(store: Store, link: Link): Promise<number> {
  for (let failures = 0; ; ) {
    try {
      await link.sendNow()
      if (link.state().unsentCount === 0) return failures
    } catch (error) {
      failures += 1
      if (failures > 200) throw error
    }
    expect(store.ledger.acknowledged().seq).toBeLessThanOrEqual(store.ledger.head().seq)
  }
}

describe('the link of a real station to a real centre', () => {
  test('everything arrives once, in order, when every connection is cut in the middle', async () => {
    const { store, link, proxy, folder } = world
    receive(store, 150)
    proxy.cutAfter({ up: 6_000 })
    const before = proxy.connections()
    await untilSent(store, link)
    const cutUpwards = proxy.connections() - before - 1
    receive(store, 20)
    proxy.cutAfter({ down: 150 })
    await expect(link.sendNow()).rejects.toMatchObject({ code: 'CENTRE_UNREACHABLE', details: { reason: 'cut' } })
    const unheard = link.state().unsentCount
    proxy.cutAfter(undefined)
    await untilSent(store, link)
    await world.centre.kill('SIGTERM')
    expect(await atCentre(folder)).toEqual(ours(store))
    expect({ cutUpwards: cutUpwards > 1, unheard: unheard > 0, state: link.state() }).toMatchObject({
      ...{ cutUpwards: true, unheard: true },
      state: { phase: 'idle', online: true, unsentCount: 0, lastError: null },
    })
  })

  test('nothing acknowledged is lost when the centre is killed in the middle of a push', async () => {
    const { store, link, proxy, folder } = world
    for (let round = 0; round < 3; round++) {
      receive(store, 40)
      const sending = link.sendNow().catch(() => undefined)
      const before = proxy.upBytes()
      while (proxy.upBytes() < before + 2_000 * (round + 1) && link.state().unsentCount > 0)
        await new Promise(setImmediate)
      await world.centre.kill('SIGKILL')
      await sending
      const acknowledged = store.ledger.acknowledged()
      const kept = await atCentre(folder)
      expect(kept[acknowledged.seq - 1]?.hash).toBe(acknowledged.seq === 0 ? undefined : acknowledged.hash)
      world.centre = await startCentre(folder)
      proxy.target(world.centre.url)
    }
    await untilSent(store, link)
    await world.centre.kill('SIGTERM')
    expect(await atCentre(folder)).toEqual(ours(store))
  })

  test('a decision of the back office comes in by itself and stands in the ledger', async () => {
    const { store, folder, proxy } = world
    const [caseId = ''] = receive(store, 1)
    const arrived = signalled()
    const link = makeLink(store, proxy.url, { pollMs: 100, progress: { onFeed: () => arrived.resolve() } })
    onTestFinished(() => link.stop())
    await link.sendNow()
    link.start()
    const number = (await officeOverSocket(folder).cases())[0]?.localNumber ?? ''
    const decided = await runCentral(['decide', number, 'accepted', '--officer', '测试员', '--data', folder])
    await arrived.promise
    const entry = store.ledger.readEntries({ limit: 1000 }).findLast(({ kind }) => kind === 'feed.applied')
    const items = store.db
      .all<{ bytes: string }>('SELECT bytes FROM feed_items ORDER BY cursor')
      .map(({ bytes }) => JSON.parse(bytes))
    expect(decided).toMatchObject({ code: 0, stderr: '' })
    expect(entry).toMatchObject({ payload: { from: 1, to: 1 }, actor: 'system' })
    expect(items).toMatchObject([
      { cursor: 1, kind: 'case.decided', payload: { caseId, decision: 'accepted', officer: '测试员' } },
    ])
    expect(store.ledger.verify()).toMatchObject({ ok: true })
  })

  test('with the switch off no byte goes out, and everything goes when it is on again', async () => {
    const { store, proxy } = world
    const kept: boolean[] = []
    const states: string[] = []
    const sent = signalled()
    const link = makeLink(store, proxy.url, {
      switchedOn: false,
      keepSwitch: (on) => kept.push(on),
      onState: ({ phase, unsentCount }) => {
        states.push(phase)
        if (states.includes('sending') && unsentCount === 0) sent.resolve()
      },
    })
    onTestFinished(() => link.stop())
    const before = proxy.upBytes()
    link.start()
    receive(store, 3)
    link.wake()
    await expect(link.sendNow()).rejects.toMatchObject({ code: 'LINK_DOWN' })
    expect({ up: proxy.upBytes() - before, state: link.state() }).toMatchObject({
      up: 0,
      state: { on: false, phase: 'waiting', unsentCount: 6, nextTryUtc: null, lastError: { code: 'LINK_DOWN' } },
    })
    link.setLink(true)
    await sent.promise
    expect(kept).toEqual([true])
  })

  test('a station restored from an older copy is told so, and nothing is overwritten', async () => {
    const { store, link, folder, proxy } = world
    receive(store, 2)
    await store.backUp()
    const older = temporaryFolder()
    onTestFinished(() => older[Symbol.dispose]())
    const copy = copyOf(store, older.path)
    onTestFinished(() => copy.close())
    receive(store, 1)
    await link.sendNow()
    const acknowledged = ours(store)
    receive(copy, 1)
    const itsLink = makeLink(copy, proxy.url)
    await expect(itsLink.sendNow()).rejects.toMatchObject({ code: 'LEDGER_FORKED' })
    expect(itsLink.state()).toMatchObject({ phase: 'waiting', lastError: { code: 'LEDGER_FORKED' } })
    await world.centre.kill('SIGTERM')
    expect(await atCentre(folder)).toEqual(acknowledged)
  })

  test('an erased case goes out without its payload', async () => {
    const { store, link, folder } = world
    const [caseId = ''] = receive(store, 1)
    await link.sendNow()
    store.ledger.erase({ subject: caseId, actor: 'system', reason: '期满' })
    await link.sendNow()
    await world.centre.kill('SIGTERM')
    expect(await atCentre(folder)).toEqual(ours(store))
  })
})

function copyOf(store: Store, folder: string): Store {
  for (const end of ['', '-wal']) copyFileSync(store.file + end, join(folder, `station.db${end}`))
  return openStore({ file: join(folder, 'station.db'), key: testKey, clock: systemClock, reserveBytes: 0 })
}

describe("the centre's command line", () => {
  test('decides through the running centre or the idle folder, and refuses illegal steps in one sentence', async () => {
    const { store, link, folder } = world
    const [caseId = ''] = receive(store, 1)
    await link.sendNow()
    const data = ['--data', folder]
    const running = await runCentral(['decide', caseId, 'corrections', '--reason', '缺户口簿', ...data])
    await world.centre.kill('SIGTERM')
    const idle = await runCentral(['decide', caseId.slice(0, 13), 'accepted', '--json', ...data])
    const illegal = await runCentral(['decide', caseId, 'corrections', '--reason', '再补', ...data])
    const unknown = await runCentral(['decide', 'no-such-case', 'accepted', ...data])
    const usage = await runCentral(['decide', caseId, 'perhaps', ...data])
    const listed = await runCentral(['cases', '--json', ...data])
    expect([running, idle, illegal, unknown, usage, listed].map(({ code }) => code)).toEqual([0, 0, 1, 1, 2, 0])
    expect(JSON.parse(idle.stdout)).toMatchObject({ caseId, decision: 'accepted' })
    expect(illegal.stderr).toBe(
      '办件现在是“已受理”，不能改为“需补正”；现在可以：approved（准予）、denied（不予许可）。\n',
    )
    expect(JSON.parse(listed.stdout)).toMatchObject([{ caseId, state: 'accepted' }])
  })

  test('refuses a second centre on the folder and a taken port, and ends with its parent', async () => {
    const { folder, centre } = world
    const second = await runCentral(['serve', '--data', folder])
    const other = temporaryFolder()
    onTestFinished(() => other[Symbol.dispose]())
    cpSync(join(template.path, 'centre'), join(other.path, 'centre'), { recursive: true })
    const taken = await runCentral(['serve', '--data', other.path, '--port', new URL(centre.url).port])
    const child = await startCentre(other.path, ['--with-parent'])
    const ended = new Promise((resolve) => child.child.once('exit', resolve))
    child.child.stdin?.end()
    expect([second.code, second.stdout, taken.code, await ended]).toEqual([1, '', 1, 0])
    expect([second.stderr, taken.stderr].map((text) => text.trim().split('\n').length)).toEqual([1, 1])
  })
})
