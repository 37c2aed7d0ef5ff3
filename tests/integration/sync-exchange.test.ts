import { cpSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Database, openEmbedded } from '../../central/database.ts'
import { appendFeed } from '../../central/feed/feed.ts'
import { officeOverSocket } from '../../central/office/line.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { createExchange, type Exchange } from '../../main/features/sync/exchange.ts'
import { applyFeedPage, ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys, type Store } from '../../main/store/index.ts'
import { newSubjectSecret } from '../../main/wire/canonical.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { framesMediaType } from '../../main/wire/packing/frame-codec.ts'
import { signerOf } from '../../main/wire/signatures.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { between, bodyOf } from '../helpers/between.ts'
import { receivedCase, startCentre } from '../helpers/centre.ts'
import { embeddedCentre } from '../helpers/centre-databases.ts'
import { appendAll, draftOf, openTestStore, temporaryFolder } from '../helpers/store.ts'

const embedded = embeddedCentre()
let count = 0

async function enrolledStore(
  folder: string,
  code: (id: string) => Promise<{ code: string }>,
  url: string,
): Promise<Store> {
  const store = openTestStore(folder, { clock: systemClock })
  const id = `440282104208-${++count}`
  const keys = newStationKeys()
  store.station.create({ id, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }, keys)
  const client = createCentreClient({ baseUrl: url, stationId: id, sign: signerOf(keys.privateKey) })
  const reply = await client.enrol({ code: (await code(id)).code, windowName: '一号窗口', publicKey: keys.publicKey })
  client.close()
  store.station.setCentre({ id: reply.centreId, url, publicKey: reply.centrePublicKey })
  return store
}

function clientOf(store: Store, baseUrl: string): CentreClient {
  const { id, centre } = store.station.read()
  const client = createCentreClient({
    ...{ baseUrl, stationId: id, centrePublicKey: centre?.publicKey },
    sign: (bytes) => store.station.sign(bytes),
  })
  onTestFinished(() => client.close())
  return client
}

async function stationWith(cases: number): Promise<{ store: Store; exchange: Exchange }> {
  const folder = temporaryFolder()
  const store = await enrolledStore(
    folder.path,
    (id) => makeEnrolmentCode(embedded.database, id, new Date()),
    embedded.url,
  )
  onTestFinished(() => {
    store.close()
    folder[Symbol.dispose]()
  })
  receive(store, cases)
  return { store, exchange: createExchange(ledgerTail(store)) }
}

function receive(store: Store, cases: number): void {
  for (let index = 0; index < cases; index++) {
    const caseId = crypto.randomUUID()
    const number = `${store.station.read().id}/${store.ledger.head().seq}`
    // Noise that nothing shortens: about 600 bytes a case on the link.
    const answers = { noise: Array.from({ length: 20 }, newSubjectSecret) }
    appendAll(store, [
      draftOf({ kind: 'case.received', subject: caseId, payload: { ...receivedCase(caseId, number), answers } }),
    ])
  }
}

const never = new AbortController().signal
const rowsOf = (database: Database, store: Store) =>
  database.query<{ seq: number; hash: string }>('select seq, hash from entries where station_id = $1 order by seq', [
    store.station.read().id,
  ])
const atCentre = (store: Store) => rowsOf(embedded.database, store)
const ours = (store: Store) => store.ledger.readEntries({ limit: 10_000 }).map(({ seq, hash }) => ({ seq, hash }))
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    ({ code, details }) => ({ code, ...details }),
  )

/** Exchanges until one goes through; tells how many did not. */
async function untilThrough(exchange: Exchange, client: CentreClient): Promise<number> {
  for (let failures = 0; ; failures++) {
    const failure = await failureOf(exchange.run(client, never))
    if (failure === undefined) return failures
    expect(failure).toMatchObject({ code: 'CENTRE_UNREACHABLE', reason: 'cut' })
    if (failures > 30) throw new Error('the exchange does not get through')
  }
}

test('behind a proxy that hands on whole requests alone, and cuts long ones, everything arrives', async () => {
  const { store, exchange } = await stationWith(100)
  const url = await between(embedded.url, async (request, _response, forward) => {
    const { body, whole } = await bodyOf(request, 6_000)
    if (whole) forward(body)
    else request.socket.resetAndDestroy()
  })
  expect(await untilThrough(exchange, clientOf(store, url))).toBeGreaterThan(0)
  expect(await atCentre(store)).toEqual(ours(store))
})

test('sent away in the middle, a station says until when, and goes on after what was taken', async () => {
  const { store, exchange } = await stationWith(60)
  let busy = true
  const posted: number[] = []
  const url = await between(embedded.url, async (request, response, forward) => {
    const { body } = await bodyOf(request, busy && request.method === 'POST' ? 20_000 : undefined)
    if (request.method === 'POST') posted.push(body.byteLength)
    if (request.method !== 'POST' || !busy) return forward(body)
    busy = false
    const onward = httpRequest(embedded.url + request.url, { method: 'POST', headers: request.headers })
    onward.on('error', () => undefined)
    onward.write(body)
    while ((await atCentre(store)).length === 0) await new Promise(setImmediate)
    onward.destroy()
    response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' })
    response.end(JSON.stringify({ error: 'busy', message: '中心正忙', retryAfterSeconds: 7 }))
  })
  const client = clientOf(store, url)
  const failure = await failureOf(exchange.run(client, never))
  expect(failure).toMatchObject({ code: 'CENTRE_UNREACHABLE', reason: 'busy', retryAfterSeconds: 7 })
  await exchange.run(client, never)
  // What was taken before is not sent again.
  expect(posted[1] ?? 0).toBeGreaterThan(0)
  expect((posted[0] ?? 0) + (posted[1] ?? 0)).toBeLessThan(60 * 700)
  expect(await atCentre(store)).toEqual(ours(store))
})

test('a centre that reads no frames gets batches', async () => {
  const { store, exchange } = await stationWith(40)
  const refused: string[] = []
  const url = await between(embedded.url, async (request, response, forward) => {
    const { body } = await bodyOf(request)
    const isNew = request.headers['content-type'] === framesMediaType || request.url?.endsWith('/head')
    if (!isNew) return forward(body)
    refused.push(request.url ?? '')
    const [status, error] = request.method === 'GET' ? [404, 'not_found'] : [400, 'malformed']
    response
      .writeHead(Number(status), { 'content-type': 'application/json' })
      .end(JSON.stringify({ error, message: '没有' }))
  })
  await exchange.run(clientOf(store, url), never)
  expect(refused.length).toBeGreaterThan(0)
  expect(await atCentre(store)).toEqual(ours(store))
})

test('a forged word on where the centre stands is not believed, and nothing is counted as sent', async () => {
  const { store, exchange } = await stationWith(3)
  const url = await between(embedded.url, async (request, response, forward) => {
    const { body } = await bodyOf(request)
    if (!request.url?.endsWith('/head')) return forward(body)
    const { seq, hash } = store.ledger.head()
    const forged = {
      acknowledged: seq,
      hash,
      centreTimeUtc: new Date().toISOString(),
      signature: `${'A'.repeat(86)}==`,
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(forged))
  })
  const failure = await failureOf(exchange.run(clientOf(store, url), never))
  expect(failure).toMatchObject({ code: 'CENTRE_NONSENSE', reason: 'signature' })
  expect(store.ledger.acknowledged().seq).toBe(0)
})

test('what is appended while a request is under way goes with it', async () => {
  const { store, exchange } = await stationWith(20)
  const requests: string[] = []
  const url = await between(embedded.url, async (request, _response, forward) => {
    if (request.method === 'POST') {
      requests.push(request.url ?? '')
      receive(store, 5)
    }
    forward((await bodyOf(request)).body)
  })
  await exchange.run(clientOf(store, url), never)
  expect(await atCentre(store)).toEqual(ours(store))
  expect(store.ledger.head().seq).toBe(20 + 5 * requests.length)
})

test('a page that a stick has overtaken is passed over, and what follows it is taken in', async () => {
  const { store, exchange } = await stationWith(1)
  const { id } = store.station.read()
  const tell = (text: string) =>
    embedded.database.transaction((sql) => appendFeed(sql, id, { kind: 'of.tomorrow', payload: { text } }, new Date()))
  const line = clientOf(store, embedded.url)
  const asked: number[] = []
  await tell('一')
  const racing: CentreClient = {
    ...line,
    feed: async (after, signal) => {
      asked.push(after)
      const page = await line.feed(after, signal)
      if (asked.length > 1) return page
      applyFeedPage(store, page)
      await tell('二')
      return page
    },
  }
  await exchange.run(racing, never)
  expect(asked).toEqual([0, 1])
  expect(store.db.all('SELECT cursor FROM feed_items ORDER BY cursor')).toEqual([{ cursor: 1 }, { cursor: 2 }])
  expect(store.ledger.acknowledged().seq).toBe(store.ledger.head().seq)
})

describe('a centre that was put back to an older backup', () => {
  /** A station whose 4 cases the centre has, 3 of them since its backup, to which it then went back. */
  async function wentBack(
    isTold: boolean,
  ): Promise<{ store: Store; url: string; databaseAtEnd: () => Promise<Database> }> {
    const folder = temporaryFolder()
    const place = join(folder.path, 'centre')
    let centre = await startCentre(folder.path)
    const code = (id: string) => officeOverSocket(folder.path).enrolmentCode(id)
    const store = await enrolledStore(folder.path, code, centre.url)
    const again = async (meanwhile: () => void) => {
      await centre.kill('SIGTERM')
      meanwhile()
      centre = await startCentre(folder.path)
    }
    receive(store, 1)
    await createExchange(ledgerTail(store)).run(clientOf(store, centre.url), never)
    await again(() => cpSync(place, `${place}-backup`, { recursive: true }))
    receive(store, 3)
    const notice = { text: '明天放假', urgent: false, target: 'all' }
    if (isTold) await officeOverSocket(folder.path).publishNotice(notice)
    await createExchange(ledgerTail(store)).run(clientOf(store, centre.url), never)
    await again(() => {
      rmSync(place, { recursive: true })
      cpSync(`${place}-backup`, place, { recursive: true })
    })
    let database: Database | undefined
    onTestFinished(async () => {
      store.close()
      await database?.close()
      await centre.kill('SIGKILL')
      folder[Symbol.dispose]()
    })
    const databaseAtEnd = async () => {
      await centre.kill('SIGTERM')
      database = await openEmbedded(join(place, 'database'))
      return database
    }
    return { store, url: centre.url, databaseAtEnd }
  }

  test.each([
    ['tells less than it confirmed', false],
    ['has a feed that ends before what the station has of it', true],
  ])('is noticed by a station that has nothing to send, and gets back what it lost: it %s', async (_how, isTold) => {
    const { store, url, databaseAtEnd } = await wentBack(isTold)
    const before = ours(store)
    const seen: number[] = []
    const exchange = createExchange(ledgerTail(store), { onWentBack: ({ seq }) => seen.push(seq) })
    await exchange.run(clientOf(store, url), never)
    await exchange.run(clientOf(store, url), never)
    expect(seen).toEqual([1])
    expect(await rowsOf(await databaseAtEnd(), store)).toEqual(before)
    expect(ours(store)).toEqual(before)
  })
})

test('a centre whose feed alone is shorter than it was is told of, not passed over', async () => {
  const { store, exchange } = await stationWith(1)
  const { id } = store.station.read()
  const item = { kind: 'of.tomorrow', payload: {} }
  await embedded.database.transaction((sql) => appendFeed(sql, id, item, new Date()))
  await exchange.run(clientOf(store, embedded.url), never)
  await embedded.database.query('update stations set feed_cursor = 0 where station_id = $1', [id])
  const failure = await failureOf(exchange.run(clientOf(store, embedded.url), never))
  expect(failure).toMatchObject({ code: 'CENTRE_REFUSED', reason: 'feed_behind' })
})

test('a centre and a station of which only one tells where the ledger stands understand each other', async () => {
  const { store, exchange } = await stationWith(1)
  const [asking, plain] = [clientOf(store, embedded.url), 'application/vnd.cunchuang.page, application/json']
  const url = await between(embedded.url, async (request, _response, forward) => {
    // As an older station asks, or an older centre reads.
    request.headers.accept = plain
    forward((await bodyOf(request)).body)
  })
  await exchange.run(clientOf(store, url), never)
  const [told, older] = [await asking.feed(0), await clientOf(store, url).feed(0)]
  expect([told.acknowledged, older.acknowledged]).toEqual([store.ledger.acknowledged().seq, undefined])
  expect(store.ledger.acknowledged().seq).toBe(store.ledger.head().seq)
})

test('a station that was away for 100,000 items catches up in flat memory', { timeout: 300_000 }, async () => {
  const folder = temporaryFolder()
  const first = await startCentre(folder.path)
  const code = (id: string) => officeOverSocket(folder.path).enrolmentCode(id)
  const store = await enrolledStore(folder.path, code, first.url)
  const { id } = store.station.read()
  await first.kill('SIGTERM')
  const items = 100_000
  const filling = await openEmbedded(join(folder.path, 'centre', 'database'))
  await filling.query(
    `insert into feed (station_id, cursor, kind, payload, made_at)
     select $1::text, n, 'of.tomorrow', json_build_object('caseId', md5(n::text), 'reason', repeat('材料不全', 5), 'officer', '测试员')::text, now()
     from generate_series(1, $2::int) as n`,
    [id, items],
  )
  await filling.query('update stations set feed_cursor = $2 where station_id = $1', [id, items])
  await filling.close()
  const centre = await startCentre(folder.path)
  onTestFinished(async () => {
    store.close()
    await centre.kill('SIGKILL')
    folder[Symbol.dispose]()
  })
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heapMiB: number[] = []
  const onFeed = ({ after }: { after: number }) => {
    if (after % 10_000 !== 0) return
    collect()
    heapMiB.push(process.memoryUsage().heapUsed / 2 ** 20)
  }
  const started = performance.now()
  await createExchange(ledgerTail(store), { onFeed }).run(clientOf(store, centre.url), never)
  const seconds = (performance.now() - started) / 1000
  const kept = store.db.get<{ items: number; last: number }>(
    'SELECT count(*) AS items, max(cursor) AS last FROM feed_items',
  )
  expect(kept).toEqual({ items, last: items })
  expect(store.ledger.acknowledged().seq).toBe(store.ledger.head().seq)
  console.log(`${items} items in ${seconds.toFixed(1)} s, heap MiB ${heapMiB.map((mib) => mib.toFixed(1)).join(' ')}`)
  expect(Math.max(...heapMiB.slice(1)) - (heapMiB[0] ?? 0)).toBeLessThan(16)
})
