import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeRelayCode } from '../../central/relay/county.ts'
import { adoptionOf } from '../../central/standards/adoption.ts'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import { tagStation } from '../../central/standards/telling.ts'
import { createRelayLine } from '../../main/features/hall/relay-line.ts'
import { sha256Hex } from '../../main/wire/canonical.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { createHttpTransport } from '../../main/wire/transport/http-transport.ts'
import type { CatalogueManifest, CatalogueStatus } from '../../preload/contract/catalogue.ts'
import { changed, packOf, releaseAfter, sampleDocuments, type TestRelease, withChanged } from '../helpers/catalogues.ts'
import { startGateway } from '../helpers/centre.ts'
import { startRelay, type TestRelay } from '../helpers/hall.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'
import { openStation, type Pair, startPair, stationId } from '../helpers/reconciling.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const start = '2026-03-02T12:00:00.000Z'
const [keys, nextKeys] = [makeKeyPair(), makeKeyPair()]
const documents = sampleDocuments(139)
const matter = documents.find(({ kind }) => kind === 'matter') as CatalogueDocument
const timed = (more: Partial<CatalogueManifest> = {}) => ({ madeAtUtc: start, effectiveAtUtc: start, ...more })
const first = releaseAfter(null, documents, keys, timed())

let folder: ReturnType<typeof temporaryFolder>
let pair: Pair
let link: LinkEmulator

beforeEach(async () => {
  folder = temporaryFolder()
  pair = await startPair(folder.path, start)
  link = await startLinkEmulator(pair.gateway.url)
  const order = { publicKey: keys.publicKey, county: '440282', name: '县政数局', ifNone: false }
  await registerPublisher(pair.database, order, pair.clock.now())
})
afterEach(async () => {
  await link.stop()
  await pair.stop()
  expect(pair.gateway.bugs).toEqual([])
  folder[Symbol.dispose]()
})

const renamed = (previous: TestRelease, name: string, more: Partial<CatalogueManifest> = {}, by = keys) => {
  const before = previous.documents.find(({ id }) => id === matter.id) as CatalogueDocument
  return releaseAfter(previous, withChanged(previous.documents, changed(before, { name })), by, timed(more))
}
const publish = async (release: TestRelease) => publishRelease(pair.database, await packOf(release), pair.clock.now())
const status = () => pair.station.catalogue.handlers['catalogue.status']?.({}, null) as CatalogueStatus

/** Fetches once over the link emulator; the failure's reason where the link broke. */
async function fetchOnce(shouldYield: () => boolean = () => false): Promise<string> {
  const { store } = pair.station.context
  const client = createCentreClient({
    ...{ baseUrl: link.url, stationId, centrePublicKey: store.station.read().centre?.publicKey },
    sign: (bytes) => store.station.sign(bytes),
    now: () => pair.clock.now().getTime(),
    transport: createHttpTransport(link.url, { stallMs: 10_000, environment: {} }),
  })
  try {
    const bounds = { signal: new AbortController().signal, shouldYield, onBytes: () => undefined }
    await pair.station.catalogue.fetch({ send: client.send, route: 'centre' }, bounds)
    return 'done'
  } catch (error) {
    return String((error as { details?: { reason?: unknown } }).details?.reason)
  } finally {
    client.close()
  }
}

/** As the link does it in an outage: whatever the relay says, nothing is thrown but what stops the link. */
async function fetchOverRelay(relay: TestRelay): Promise<void> {
  const { store } = pair.station.context
  const line = createRelayLine({
    ...{ url: relay.url, relay: { relayId: relay.upstream.relayId, publicKey: relay.publicKey }, stationId },
    ...{ sign: (bytes) => store.station.sign(bytes), now: () => pair.clock.now().getTime() },
    centrePublicKey: store.station.read().centre?.publicKey ?? '',
  })
  const bounds = { signal: new AbortController().signal, shouldYield: () => false, onBytes: () => undefined }
  await pair.station.catalogue.fetch({ send: line.send, route: 'relay' }, bounds)
  line.close()
}

describe('a release over the link', () => {
  test('goes on where it was cut, at 64 kbit/s with a cut every few kilobytes, also over a restart of the desk', async () => {
    await publish(first)
    await pair.exchange()
    const size = (await packOf(first)).length
    link.shape({ downBytesPerSecond: 8_000, delayMs: 20, cutAfterDownBytes: 9_000 })
    const outcomes: string[] = []
    while (outcomes.at(-1) !== 'done') {
      outcomes.push(await fetchOnce())
      if (outcomes.length === 2) {
        await pair.station.close()
        pair.station = openStation(`${folder.path}/station`, pair.clock)
      }
    }
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['cut']))
    expect(outcomes.length).toBeGreaterThan(3)
    // Heads of answers, and what was under way at each cut.
    expect(link.downBytes()).toBeLessThan(size + outcomes.length * 2_500)
    expect(status().inForce?.release).toBe(1)
  })

  test('comes over the hall’s relay while the county is away, and takes effect without it', async () => {
    await publish(first)
    await pair.exchange()
    await fetchOnce()
    const { code } = await makeRelayCode(pair.database, stationId.slice(0, 9), pair.clock.now())
    const relay = await startRelay({ url: pair.gateway.url, code }, { now: () => pair.clock.now() })
    try {
      await publish(renamed(first, '改过的名字'))
      await pair.exchange()
      await relay.onward.round()
      await pair.gateway.stop()
      const away = await fetchOnce()
      const stillOne = status().inForce?.release
      // A relay that hands out something else changes nothing and settles nothing.
      const [kept] = await relay.database.query<{ pack: Uint8Array }>('select pack from relayed_releases')
      await relay.database.query('update relayed_releases set pack = $1', [await packOf(first)])
      await fetchOverRelay(relay)
      const spoilt = status()
      await relay.database.query('update relayed_releases set pack = $1', [kept?.pack])
      pair.clock.passSeconds(901)
      await fetchOverRelay(relay)
      expect([away === 'done', stillOne, spoilt.inForce?.release, spoilt.refused]).toEqual([false, 1, 1, []])
      expect([status().inForce?.release, relay.bugs]).toEqual([2, []])
    } finally {
      await relay.stop()
    }
  })

  test('costs little where little changed, and the centre knows who has it', async () => {
    await publish(first)
    await pair.exchange()
    await fetchOnce()
    await publish(renamed(first, '改过的名字'))
    await pair.exchange()
    const before = [link.downBytes(), link.upBytes()] as const
    await fetchOnce()
    const cost = [link.downBytes() - before[0], link.upBytes() - before[1]] as const
    console.log(`a line in one of 139 matters: ${cost[0]} bytes down, ${cost[1]} up, heads and all`)
    expect(cost[0] + cost[1]).toBeLessThan(2_048)
    await pair.exchange()
    const adoption = await adoptionOf(pair.database, 2)
    expect([adoption.applied, adoption.each[0]?.state, status().inForce?.release]).toEqual([1, 'applied', 2])
  })

  test('makes room for what is more urgent, and goes on afterwards', async () => {
    await publish(first)
    await pair.exchange()
    link.shape({ downBytesPerSecond: 16_000 })
    const yielded = await fetchOnce(() => link.downBytes() > 4_000)
    const [waiting] = status().waiting
    expect([yielded, status().inForce, waiting?.state]).toEqual(['done', null, 'told'])
    expect(waiting?.fetchedBytes).toBeGreaterThan(1_000)
    await fetchOnce()
    expect(status().inForce?.release).toBe(1)
  })

  test('begins anew where the centre has made its bytes anew', async () => {
    await publish(first)
    await pair.exchange()
    link.shape({ cutAfterDownBytes: 9_000 })
    const cut = await fetchOnce()
    const made = Buffer.from(await packOf(first))
    await pair.database.query('delete from release_packs')
    await pair.database.query(
      `insert into release_packs (from_release, release, sha256, bytes, made_at) values (0, 1, $1, $2, now())`,
      ['f'.repeat(64), made],
    )
    await pair.gateway.stop()
    pair.gateway = await startGateway(pair.database, () => pair.clock.now())
    link.target(pair.gateway.url)
    link.shape({ cutAfterDownBytes: undefined })
    expect([cut, await fetchOnce(), status().inForce?.release]).toEqual(['cut', 'done', 1])
  })
})

describe('what is fetched', () => {
  const later = '2026-03-10T16:00:00.000Z'

  test('is of releases whose time has come the newest alone, and every one that is to come', async () => {
    const second = renamed(first, '第二次')
    const third = renamed(second, '第三次')
    const fourth = renamed(third, '第四次', { effectiveAtUtc: later })
    for (const release of [first, second, third, fourth]) await publish(release)
    await pair.exchange()
    await fetchOnce()
    const kept = pair.station.context.store.db.all<{ release: number }>('SELECT release FROM releases ORDER BY release')
    expect([
      kept.map(({ release }) => release),
      status().inForce?.release,
      status().waiting.map(({ release, state }) => [release, state]),
    ]).toEqual([[3, 4], 3, [[4, 'here']]])
  })

  test('follows a publisher who handed over in a release that the station passes over', async () => {
    await publish(first)
    await pair.exchange()
    await fetchOnce()
    const handover = renamed(first, '交接', { nextPublisherKey: nextKeys.publicKey })
    const third = renamed(handover, '新密钥', {}, nextKeys)
    for (const release of [handover, third]) await publish(release)
    await pair.exchange()
    await fetchOnce()
    expect([status().inForce?.release, status().refused]).toEqual([3, []])
  })

  test('of a month away, thirty releases and a handover, comes over a line that is cut all the time, whatever it was made against', async () => {
    const few = sampleDocuments(2)
    const one = few.find(({ kind }) => kind === 'matter') as CatalogueDocument
    const chain = [releaseAfter(null, few, keys, timed())]
    for (let at = 1; at <= 30; at += 1) {
      const before = chain[at - 1] as TestRelease
      const was = before.documents.find(({ id }) => id === one.id) as CatalogueDocument
      const changedOne = withChanged(before.documents, changed(was, { name: `第${at + 1}次` }))
      const more = timed(at === 15 ? { nextPublisherKey: nextKeys.publicKey } : {})
      chain.push(releaseAfter(before, changedOne, at > 15 ? nextKeys : keys, more))
    }
    const [oldest, last] = [chain[0], chain.at(-1)] as [TestRelease, TestRelease]
    await publish(oldest)
    await pair.exchange()
    await fetchOnce()
    for (const release of chain.slice(1)) await publish(release)
    await pair.exchange()
    const byStick = await failureOf(async () => pair.station.catalogue.take(await packOf(last, chain[20]), 'clerk'))
    // What the centre gives against the first release was made against one that is not here.
    const wrong = await packOf(last, chain[20], [chain[15] as TestRelease])
    await pair.database.query(
      `insert into release_packs (from_release, release, sha256, bytes, made_at) values (1, 31, $1, $2, now())`,
      [sha256Hex(wrong), wrong],
    )
    link.shape({ cutAfterDownBytes: 1_500 })
    const outcomes: string[] = []
    while (outcomes.at(-1) !== 'done' && outcomes.length < 100) outcomes.push(await fetchOnce())
    expect([byStick.code, byStick.details]).toEqual(['RELEASE_GAP', { base: 21, why: '本机没有那一次' }])
    expect([outcomes.includes('cut'), status().inForce?.release, status().refused, status().waiting]).toEqual([
      ...[true, 31, [], []],
    ])
  })

  test('is refused once, said in words here and at the centre, and leaves what is in force', async () => {
    await publish(first)
    await pair.exchange()
    await fetchOnce()
    // A stick brought what the centre does not have: its next release would undo that.
    await pair.station.catalogue.take(await packOf(renamed(first, '只在这里的')), 'clerk')
    await publish(renamed(first, '中心的第二次'))
    await publish(releaseAfter(renamed(first, '中心的第二次'), documents, keys, timed()))
    await pair.exchange()
    const outcomes = [await fetchOnce(), await fetchOnce()]
    await pair.exchange()
    const adoption = await adoptionOf(pair.database, 3)
    expect([outcomes, status().inForce?.release, status().waiting]).toEqual([['done', 'done'], 2, []])
    expect(status().refused).toMatchObject([
      {
        ...{ release: 3, code: 'RELEASE_GAP' },
        title: '这次发布接不上：它接在第 2 次发布后面，本机的那一次内容不同。',
        remedy: '正在用的事项标准没有改动，照常办件。请用完整的发布文件，或请发布人在最新的发布上重做。',
      },
    ])
    expect(adoption.each).toMatchObject([{ state: 'refused', inForce: 2, reason: status().refused[0]?.title }])
    const entries = pair.station.context.store.ledger.readEntries({}).filter(({ kind }) => kind === 'catalogue.refused')
    expect(entries.length).toBe(1)
  })

  test('ends where a centre says one size and gives less; the link goes on, and the next look begins anew', async () => {
    await publish(first)
    await pair.exchange()
    let asked = 0
    const client: CentreClient = Object.assign(Object.create(pair.client), {
      send: async (request: Parameters<CentreClient['send']>[0]) => {
        asked += 1
        if (asked > 50) throw new Error('asked without end')
        const offset = Number(/offset=(\d+)/u.exec(request.path)?.[1])
        const bytes = Buffer.alloc(Math.max(0, 900 - offset))
        const headers = {
          'content-type': 'application/vnd.cunchuang.release',
          'x-release-pack': `${'a'.repeat(64)} 1000 ${offset}`,
        }
        if (bytes.length > 0) request.onReceived?.(bytes, headers)
        return { status: 200, contentType: headers['content-type'], headers, body: Buffer.alloc(0) }
      },
    })
    const bounds = { signal: new AbortController().signal, shouldYield: () => false, onBytes: () => undefined }
    await pair.station.catalogue.fetch({ send: (request) => client.send(request), route: 'centre' }, bounds)
    expect([asked < 10, status().inForce, status().refused]).toEqual([true, null, []])
  })

  test('for a word that is on its way is fetched again once the word is here', async () => {
    await publish(first)
    await pair.exchange()
    await fetchOnce()
    await tagStation(pair.database, { stationId, tags: ['试点'] }, pair.clock.now())
    await publish(renamed(first, '试点的', { targets: ['试点'] }))
    await pair.exchange()
    // The word is taken away and given again; the station hears of the first only.
    pair.station.context.store.db.run('DELETE FROM station_tags')
    await fetchOnce()
    const meanwhile = [status().inForce?.release, status().refused, status().waiting.map(({ state }) => state)]
    await tagStation(pair.database, { stationId, tags: ['试点', '快线'] }, pair.clock.now())
    await pair.exchange()
    pair.clock.passSeconds(1_000)
    await fetchOnce()
    expect([meanwhile, status().inForce?.release]).toEqual([[1, [], ['told']], 2])
  })

  test('is of no use to a centre that was restored and knows nothing of it; the station asks again later', async () => {
    await publish(first)
    await pair.exchange()
    await pair.database.query('delete from release_packs')
    await pair.database.query('delete from releases')
    const missed = await fetchOnce()
    expect([missed, status().waiting.map(({ state }) => state), status().refused]).toEqual(['done', ['told'], []])
  })
})

describe('whose releases count', () => {
  test('is the centre’s word at first contact, for a station that was let in before', async () => {
    const before = status().publisher
    await publish(first)
    await pair.exchange()
    await fetchOnce()
    const pins = pair.station.context.store.ledger
      .readEntries({})
      .filter(({ kind }) => kind === 'publisher.pinned')
      .map(({ payload }) => payload)
    expect([before, pins]).toEqual([null, [{ publicKey: keys.publicKey, how: 'first-contact', release: 0 }]])
    expect(status().publisher).toMatch(/^[0-9a-f]{16}$/)
  })
})
