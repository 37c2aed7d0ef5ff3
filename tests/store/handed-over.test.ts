import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decideCase, listCases } from '../../central/cases/cases.ts'
import { appendFeedItems } from '../../central/feed/feed.ts'
import { openContent } from '../../central/files/content.ts'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { Handlers } from '../../preload/contract/api.ts'
import type { Material, StoredFile } from '../../preload/contract/entries.ts'
import { signerWith } from '../helpers/catalogues.ts'
import { startGateway, type TestGateway } from '../helpers/centre.ts'
import { startLinkEmulator } from '../helpers/link-emulator.ts'
import { type Pair, startPair, stationId } from '../helpers/reconciling.ts'
import { replaceStation, type Successor, successorId } from '../helpers/replacing.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }
const always = { signal: new AbortController().signal, shouldYield: () => false, originalsAllowed: true }

let folder: ReturnType<typeof temporaryFolder>
let pair: Pair
let gateway: TestGateway
let successor: Successor | undefined

beforeEach(async () => {
  folder = temporaryFolder()
  pair = await startPair(folder.path, '2026-03-03T08:00:00.000Z')
  // The pair's own gateway has no place for files.
  const content = await openContent({ folder: join(folder.path, 'content') }, pair.database)
  gateway = await startGateway(pair.database, () => pair.clock.now(), content)
  await pair.station.catalogue.releaseSample(signerWith(makeKeyPair()))
})
afterEach(async () => {
  await successor?.stop()
  successor = undefined
  await gateway.stop()
  await pair.stop()
  folder[Symbol.dispose]()
})

const call = <N extends keyof Handlers>(station: OpenFeatures, name: N, input: Parameters<Handlers[N]>[0]) => {
  const handler = station.handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return handler(input as never, caller) as ReturnType<Handlers[N]>
}
const replaced = async (options: Parameters<typeof replaceStation>[2] = {}) => {
  successor = await replaceStation(pair, join(folder.path, 'new'), { centreUrl: gateway.url, ...options })
  await successor.exchange()
  return successor
}
const decide = (caseId: string, decision: 'accepted' | 'corrections' | 'approved' | 'closed', reason = '') =>
  decideCase(pair.database, caseId, { decision, reason, officer: '经办人' }, pair.clock.now())
const append = (station: OpenFeatures, kind: string, caseId: string, payload: unknown) => {
  const { store, nowUtc } = station.context
  const draft = { kind, version: 1, subject: caseId, actor: 'clerk', at: nowUtc(), payload }
  return store.transaction(() => store.ledger.append([draft]))
}
/** Every projected row, and what a rebuild from ledger and feed makes of it. */
const rebuilt = ({ context }: OpenFeatures) => {
  const { ledger } = context.store
  const before = ledger.snapshotTables()
  ledger.rebuild()
  return { before, after: ledger.snapshotTables() }
}
const keep = async (sizeBytes: number, name = '照片.jpg'): Promise<StoredFile> => {
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8]), randomBytes(sizeBytes - 2)])
  const blob = await pair.station.context.blobs.put([jpeg], { limitBytes: 100 << 20 })
  return { ...blob, name, mediaType: 'image/jpeg' }
}
const materialOf = (file: StoredFile): Material => {
  const addedAtUtc = pair.clock.now().toISOString()
  return { materialId: randomUUID(), requirementId: 'id-card', file, addedAtUtc }
}

describe('a case of a machine that was lost', () => {
  test('is there whole at the new one, at the centre already, and tells what happened and where it came from', async () => {
    const caseId = pair.receive([materialOf(await keep(500))])
    await pair.exchange()
    await decide(caseId, 'corrections', '请补身份证')
    await pair.exchange()
    pair.clock.passSeconds(60)
    append(pair.station, 'case.supplemented', caseId, { caseId, materials: [], note: '补好了' })
    await pair.exchange()
    await decide(caseId, 'accepted')
    const { station } = await replaced()
    const detail = await call(station, 'cases.get', { caseId })
    const { cases, counts } = await call(station, 'cases.list', { view: 'all', query: '', offset: 0, limit: 9 })
    expect(detail.timeline.map(({ text }) => text)).toEqual([
      `收件，编号 ${detail.summary.localNumber}，附件 1 份`,
      '中心要求补正：请补身份证',
      '补正：补好了',
      '中心已受理',
      `由这台机器接手，原来在 ${stationId}`,
    ])
    expect(detail.summary).toMatchObject({ state: 'accepted', delivery: 'accepted-by-centre', filesWaiting: 0 })
    expect(detail).toMatchObject({ handedOver: { stationId, windowName: '一号窗口' }, receivedSeq: 3 })
    expect([detail.answers.name, detail.materials.length]).toEqual(['测试人甲', 1])
    expect([cases.length, counts.undelivered]).toEqual([1, 0])
  })

  test('stands behind those received here, which begin their day at number one whatever the other had', async () => {
    const theirs = [pair.receive(), pair.receive()]
    await pair.exchange()
    const { station } = await replaced()
    const number = `${successorId}-20260303-0001`
    const own = station.context.newId()
    const [entry] = pair.station.context.store.ledger.entriesOf(theirs[0] ?? '')
    append(station, 'case.received', own, { ...(entry?.payload as object), caseId: own, localNumber: number })
    const { cases } = await call(station, 'cases.list', { view: 'all', query: '', offset: 0, limit: 9 })
    expect(cases.map(({ caseId }) => caseId)).toEqual([own, ...theirs.toReversed()])
    expect(cases[0]?.localNumber).toBe(number)
    const { before, after } = rebuilt(station)
    expect(after).toEqual(before)
  })

  test('is worked on at the new one: what is done there counts at the centre, and what the centre decides comes there', async () => {
    const caseId = pair.receive()
    await pair.exchange()
    await decide(caseId, 'corrections', '请补')
    const { station, exchange } = await replaced()
    const asked = await call(station, 'cases.get', { caseId })
    await call(station, 'cases.supplement', { caseId, note: '在新机器上补' })
    const waiting = await call(station, 'cases.get', { caseId })
    await exchange()
    for (const step of ['accepted', 'approved', 'closed'] as const) await decide(caseId, step)
    await exchange()
    await call(station, 'cases.deliver', { caseId, receiverName: '测试人甲', receiverIdNumber: '' })
    const done = await call(station, 'cases.get', { caseId })
    const { before, after } = rebuilt(station)
    expect([asked.actions, asked.summary.returned, waiting.summary.delivery]).toEqual([
      ['supplement'],
      true,
      'stored-here',
    ])
    expect([done.summary.state, done.actions, done.timeline.at(-1)?.text]).toEqual(['closed', [], '结果已由测***领取'])
    expect((await listCases(pair.database))[0]).toMatchObject({ stationId, holderId: successorId, state: 'closed' })
    expect(after).toEqual(before)
  })

  test('takes no case away from the window that received it, whatever a centre says', async () => {
    const caseId = pair.receive()
    await pair.exchange()
    const seen = async () => [
      await call(pair.station, 'cases.list', { view: 'all', query: '', offset: 0, limit: 9 }),
      await call(pair.station, 'cases.get', { caseId }),
    ]
    const before = await seen()
    const [entry] = pair.station.context.store.ledger.entriesOf(caseId)
    if (entry === undefined) throw new Error('a case that was just received')
    const { localNumber, ...rest } = entry.payload as { localNumber: string }
    const forged = (id: string, number: string) => {
      const { kind, version, actor, at, hash } = entry
      const payload = { ...rest, caseId: id, localNumber: number }
      const step = {
        what: 'entry',
        station: successorId,
        seq: 7,
        kind,
        version,
        actor,
        actorName: '',
        at,
        hash,
        payload,
      }
      return { caseId: id, from: successorId, windowName: '别处', centreCaseNumber: 'Z-1', history: [step], files: [] }
    }
    const told = [
      forged(caseId, `${successorId}-20260303-0001`),
      forged(randomUUID(), localNumber),
      // A number that a case of its own may get.
      forged(randomUUID(), `${stationId}-20260303-9999`),
      { ...forged(randomUUID(), `${successorId}-20260303-0001`), history: [{ what: 'nothing' }] },
    ]
    await appendFeedItems(pair.database, stationId, 'case.handed-over', told, pair.clock.now())
    await pair.exchange()
    expect(await seen()).toEqual(before)
    expect(ledgerTail(pair.station.context.store).feedCursor()).toBe(told.length)
  })

  test('opens also where its matter is not known, with what has many digits masked', async () => {
    const caseId = pair.receive()
    await pair.exchange()
    const { station } = await replaced({ withCatalogue: false })
    const detail = await call(station, 'cases.get', { caseId })
    expect(detail.answers).toMatchObject({ name: '测试人甲', birthDate: '194*****01' })
  })

  test('leaves nothing of the person once it is erased, nor does a rebuild bring it back', async () => {
    const caseId = pair.receive()
    await pair.exchange()
    const { station, exchange } = await replaced()
    const { store } = station.context
    store.ledger.erase({ subject: caseId, actor: 'clerk', reason: '期满' })
    await exchange()
    const { before, after } = rebuilt(station)
    const kept = store.db.all<{ bytes: string }>('SELECT bytes FROM feed_items').map(({ bytes }) => bytes)
    const [centre] = await pair.database.query<{ found: number }>(
      `select (select count(*) from entries where strpos(payload, '测试人甲') > 0)
         + (select count(*) from feed where strpos(payload, '测试人甲') > 0) as found`,
    )
    expect(await failureOf(() => call(station, 'cases.get', { caseId }))).toMatchObject({ code: 'NOT_FOUND' })
    expect(kept.join()).not.toContain('测试人甲')
    expect(centre?.found).toBe(0)
    expect(after).toEqual(before)
  })
})

describe('files of a case of a machine that was lost', () => {
  const send = (station: OpenFeatures, client: Parameters<OpenFeatures['files']['run']>[0]) =>
    station.files.run(client, always)

  test('come by themselves where they are small, and when somebody asks where they are large; a cut costs little', async () => {
    const [small, large] = [await keep(20_000, '小.jpg'), await keep(900_000, '大.jpg')]
    const caseId = pair.receive([materialOf(small), materialOf(large)])
    await pair.exchange()
    const old = pair.station
    const { client: oldLine } = await lineOfOld()
    await send(old, oldLine)
    oldLine.close()
    const link = await startLinkEmulator(gateway.url)
    const { station, client } = await replaced({ centreUrl: link.url })
    const states = async () => {
      const { files } = await call(station, 'sync.files', { caseId })
      const byName = files.toSorted((one, other) => (one.name > other.name ? -1 : 1))
      return byName.map(({ name, state, sentBytes }) => [name, state, sentBytes])
    }
    const before = await states()
    await station.files.fetch(client, always)
    const fetched = await states()
    await call(station, 'sync.fetchFile', { sha256: large.sha256 })
    const bytesBefore = link.downBytes()
    link.cutAfter({ down: 400_000 })
    // The first ends with the connection that stood, the second where the link is cut.
    await failureOf(() => station.files.fetch(client, always))
    const cut = await failureOf(() => station.files.fetch(client, always))
    const part = (await states())[1]
    link.cutAfter(undefined)
    await station.files.fetch(client, always)
    const cost = link.downBytes() - bytesBefore - large.sizeBytes
    const whole = await station.context.blobs.readAll(large.sha256)
    const { bytes } = station.materials.open(small.sha256)
    bytes.destroy()
    await link.stop()
    expect(before).toEqual([
      ['小.jpg', 'fetch-waiting', 0],
      ['大.jpg', 'in-centre', 0],
    ])
    expect(fetched).toEqual([
      ['小.jpg', 'fetched', 20_000],
      ['大.jpg', 'in-centre', 0],
    ])
    expect(cut).toMatchObject({ code: 'CENTRE_UNREACHABLE' })
    expect(part?.[1]).toBe('fetch-waiting')
    expect(Number(part?.[2])).toBeGreaterThan(0)
    expect(await states()).toContainEqual(['大.jpg', 'fetched', 900_000])
    expect(whole.length).toBe(900_000)
    expect(cost).toBeLessThan(300_000)
    expect(station.context.store.db.all('SELECT * FROM file_fetch_parts')).toEqual([])
  })

  test('that never reached the centre are told as absent; their readable copy stands in where that came', async () => {
    const lost = await keep(1_000, '没送到.jpg')
    const caseId = pair.receive([materialOf(lost)])
    await pair.exchange()
    const { station, client } = await replaced()
    await station.files.fetch(client, always)
    await call(station, 'sync.fetchFile', { sha256: lost.sha256 })
    await station.files.fetch(client, always)
    const { files } = await call(station, 'sync.files', { caseId })
    expect(files).toMatchObject([{ state: 'absent', lastError: '中心没有这个文件。' }])
    expect(await failureOf(() => station.materials.open(lost.sha256))).toMatchObject({ code: 'FILE_IN_CENTRE' })
    const strange = { sha256: 'f'.repeat(64) }
    expect(await failureOf(() => call(station, 'sync.fetchFile', strange))).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('that came damaged are thrown away and never named as what they are not', async () => {
    const file = await keep(50_000)
    const caseId = pair.receive([materialOf(file)])
    await pair.exchange()
    const { client: oldLine } = await lineOfOld()
    await send(pair.station, oldLine)
    oldLine.close()
    const { station, client } = await replaced()
    const forged = {
      ...client,
      send: async (request: Parameters<typeof client.send>[0]) => {
        const reply = await client.send(request)
        return { ...reply, body: Buffer.from(reply.body.map((byte) => byte ^ 1)) }
      },
    }
    await station.files.fetch(forged, always)
    const { files } = await call(station, 'sync.files', { caseId })
    expect(files).toMatchObject([{ state: 'fetch-waiting', lastError: '取回的内容不对，已丢弃，会重新取。' }])
    expect(station.context.blobs.has(file.sha256)).toBe(false)
    pair.clock.passSeconds(60)
    await station.files.fetch(client, always)
    expect(station.context.blobs.has(file.sha256)).toBe(true)
  })

  /** The old machine's line to the gateway that has a place for files. */
  async function lineOfOld() {
    const { store } = pair.station.context
    const { createCentreClient } = await import('../../main/wire/centre-client.ts')
    const { id, centre } = store.station.read()
    const client = createCentreClient({
      ...{ baseUrl: gateway.url, stationId: id, centrePublicKey: centre?.publicKey },
      sign: (bytes) => store.station.sign(bytes),
      now: () => pair.clock.now().getTime(),
    })
    return { client }
  }
})

describe('drafts of a machine that was lost', () => {
  const drafts = (station: OpenFeatures) => call(station, 'drafts.list', {})
  const begin = async (name: string) => {
    const { draftId } = await call(pair.station, 'drafts.create', { itemId: 'SAMPLE-GLJT' })
    await call(pair.station, 'drafts.save', { draftId, answers: { name } })
    return draftId
  }

  test('go up once they have come to rest, each revision once, and what is thrown away is forgotten', async () => {
    const sent: number[] = []
    const counting = new Proxy(pair.client, {
      get: (target, key) =>
        key === 'send'
          ? async (request: Parameters<typeof pair.client.send>[0]) => {
              if (request.path.endsWith('/drafts') && Buffer.isBuffer(request.body)) sent.push(request.body.length)
              return target.send(request)
            }
          : Reflect.get(target, key),
    })
    const [kept, gone] = [await begin('测试人甲'), await begin('测试人乙')]
    await pair.station.drafts.tell(counting, always)
    const early = sent.length
    pair.clock.passSeconds(61)
    await pair.station.drafts.tell(counting, always)
    await pair.station.drafts.tell(counting, always)
    await call(pair.station, 'drafts.discard', { draftId: gone })
    await pair.station.drafts.tell(counting, always)
    const rows = await pair.database.query<{ id: string }>('select draft_id as id from station_drafts')
    expect([early, sent.length]).toEqual([0, 2])
    expect(sent[0]).toBeLessThan(400)
    expect(rows).toEqual([{ id: kept }])

    await call(pair.station, 'drafts.save', { draftId: kept, answers: { name: '测试人丙' } })
    await pair.station.drafts.locked?.()
    // Text goes first: what was not told stays to be told.
    await pair.station.drafts.tell(counting, { ...always, shouldYield: () => true })
    await pair.station.drafts.tell(counting, always)
    expect(sent.length).toBe(3)
  })

  test('are drafts of the new one, once: what is thrown away there stays away, whatever is rebuilt', async () => {
    const [kept, gone] = [await begin('测试人甲'), await begin('测试人乙')]
    const { file } = materialOf(await keep(300, '身份证.jpg'))
    pair.station.materials.add({ draftId: kept }, 'id-card', file)
    pair.clock.passSeconds(61)
    await pair.station.drafts.tell(pair.client, always)
    const { station, client } = await replaced()
    await station.drafts.start?.()
    const came = (await drafts(station)).drafts.map(({ draftId }) => draftId)
    const opened = await call(station, 'drafts.get', { draftId: kept })
    await call(station, 'drafts.discard', { draftId: gone })
    station.context.store.ledger.rebuild()
    await station.drafts.close?.()
    await station.drafts.start?.()
    pair.clock.passSeconds(61)
    await station.drafts.tell(client, always)
    const rows = await pair.database.query('select station_id, draft_id from station_drafts')
    const told = await pair.database.query<{ payload: string }>(
      `select payload from feed where kind = 'draft.handed-over' order by cursor`,
    )
    expect(new Set(came)).toEqual(new Set([kept, gone]))
    expect(opened.draft).toMatchObject({
      answers: { name: '测试人甲' },
      lostPhotos: [{ requirementId: 'id-card', name: '身份证.jpg' }],
    })
    expect((await drafts(station)).drafts.map(({ draftId }) => draftId)).toEqual([kept])
    expect(rows).toEqual([{ station_id: successorId, draft_id: kept }])
    expect(told.filter(({ payload }) => payload === 'null').length).toBe(1)
  })
})
