import { afterEach, expect, test } from 'vitest'
import { decideCase, listCases } from '../../central/cases/cases.ts'
import { openEmbedded } from '../../central/database.ts'
import { migrate } from '../../central/migrations/index.ts'
import { fillFeedApplied, listRelays, makeRelayCode, removeRelay } from '../../central/relay/county.ts'
import { exchangeByRelay } from '../../main/features/hall/relay-exchange.ts'
import { makeKeyPair, signerOf, signRequest, signValue } from '../../main/wire/signatures.ts'
import { enrolledStation, startGateway, type TestGateway, type TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { lineTo, StationMemory, startRelay, type TestRelay } from '../helpers/hall.ts'

const progress = { onHeld: () => undefined, onCounty: () => undefined }
const never = new AbortController().signal
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    ({ code, details }) => `${code} ${details?.reason ?? ''}`.trim(),
  )

describeOnEachDatabase('a county and its halls', migrate, (county) => {
  let town = 440282100
  let open: { stop(): Promise<void> }[] = []
  afterEach(async () => {
    for (const one of open) await one.stop()
    open = []
  })

  const relayOf = async (code: string, options: Parameters<typeof startRelay>[1] = {}): Promise<TestRelay> => {
    const made = await makeRelayCode(county.database, code, new Date())
    const database = options.database ?? (await county.another())
    const relay = await startRelay({ url: county.url, code: made.code }, { ...options, database })
    open.push(relay)
    return relay
  }
  const hall = async (windows: number) => {
    town += 1
    const relay = await relayOf(String(town))
    const stations: TestStation[] = []
    for (let window = 1; window <= windows; window += 1)
      stations.push(await enrolledStation(county.database, county.url, `${town}201-${window}`))
    await relay.onward.round()
    return { town: String(town), relay, stations, memories: stations.map((station) => new StationMemory(station)) }
  }
  const numberOf = (station: TestStation, day: number) => `${station.id}-20260302-${String(day).padStart(4, '0')}`
  const exchange = (relay: TestRelay, memory: StationMemory) =>
    exchangeByRelay(memory, lineTo(relay, memory.station), progress, never)
  const atCounty = async (station: TestStation) =>
    (
      await county.database.query<{ seq: number; hash: string }>(
        'select seq, hash from entries where station_id = $1 order by seq',
        [station.id],
      )
    ).map(({ seq, hash }) => ({ seq, hash }))
  const ours = (station: TestStation) => station.entries.map(({ seq, hash }) => ({ seq, hash }))
  /** What the county answers to a relay's question under a key of its choice. */
  const countyTo = async (keyId: string, key: string, path: string) => {
    const createdSeconds = Math.floor(Date.now() / 1000)
    const headers = signRequest({ method: 'GET', path }, { keyId, sign: signerOf(key), createdSeconds })
    return (await (await fetch(county.url + path, { headers })).json()).error
  }
  const keyOf = async (relay: TestRelay) => {
    const [row] = await relay.database.query<{ key: string }>('select private_key as key from centre')
    return row?.key ?? ''
  }
  const signed = async (url: string, station: TestStation, method: string, path: string, body?: unknown) => {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const createdSeconds = Math.floor(Date.now() / 1000)
    const signer = { keyId: station.id, sign: signerOf(station.keys.privateKey), createdSeconds }
    const headers = {
      ...(bytes && { 'content-type': 'application/json' }),
      ...signRequest({ method, path, body: bytes }, signer),
    }
    const reply = await fetch(url + path, { method, headers, ...(bytes && { body: new Uint8Array(bytes) }) })
    return { status: reply.status, body: await reply.json() }
  }

  test('tells every station of the town, and those that come later, whose key to believe; and when it is no more', async () => {
    const { relay, stations, memories } = await hall(2)
    const [first, second] = stations as [TestStation, TestStation]
    await exchange(relay, memories[0] as StationMemory)
    await removeRelay(county.database, relay.upstream.relayId, new Date())
    const pages = await Promise.all([first.client(county.url).feed(0), second.client(county.url).feed(0)])
    const named = { relayId: relay.upstream.relayId, name: '测试大厅', publicKey: relay.publicKey, url: null }
    expect(memories[0]?.items.map(({ payload }) => payload)).toEqual([{ relay: named }])
    expect(pages.map(({ items }) => items.map(({ payload }) => payload))).toEqual([
      [{ relay: named }, { relay: null }],
      [{ relay: named }, { relay: null }],
    ])
  })

  test('holds what two windows send in an outage, each case once, and brings it all to the county, once', async () => {
    const { relay, stations, memories } = await hall(2)
    for (const [index, station] of stations.entries())
      for (let day = 1; day <= 3; day += 1) station.receive(numberOf(station, day + index * 10))
    for (const memory of memories) await exchange(relay, memory)
    for (const memory of memories) await exchange(relay, memory)
    const before = await Promise.all(stations.map(atCounty))
    const received = stations[0]?.entries[0]
    const check = async () =>
      (await fetch(`${relay.url}/check?n=${numberOf(stations[0] as TestStation, 1)}&h=${received?.hash}`)).text()
    const onItsWay = await check()
    const queue = await lineTo(relay, stations[0] as TestStation).queue({ query: '', offset: 0, limit: 50 })
    await relay.onward.round()
    await relay.onward.round()
    for (const memory of memories) await exchange(relay, memory)
    const after = await Promise.all(stations.map(atCounty))
    const cases = await listCases(county.database)
    expect(before).toEqual([[], []])
    expect(onItsWay).toContain('测试中心还没有收到，网络恢复后会自动送去')
    expect(await check()).toContain('测试中心也已收到')
    expect(queue).toMatchObject({ total: 6 })
    expect(queue.cases.every(({ atCentre, applicantMasked }) => !atCentre && applicantMasked === '测***')).toBe(true)
    expect(after.map((rows) => rows.slice(0, 3).map(({ hash }) => hash))).toEqual(
      stations.map((station) => station.entries.slice(0, 3).map(({ hash }) => hash)),
    )
    expect(cases.filter(({ stationId }) => stations.some(({ id }) => id === stationId))).toHaveLength(6)
    expect(memories.map((memory) => memory.acknowledged().seq >= 3)).toEqual([true, true])
    expect(relay.bugs).toEqual([])
  })

  test('hands the county’s decisions on to the window, as the county signed them', async () => {
    const { relay, stations, memories } = await hall(1)
    const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
    const caseId = station.receive(numberOf(station, 1))
    await exchange(relay, memory)
    await relay.onward.round()
    const decision = { decision: 'accepted', reason: '', officer: '测试员' } as const
    await decideCase(county.database, caseId, decision, new Date())
    await relay.onward.round()
    await exchange(relay, memory)
    const { cases } = await lineTo(relay, station).queue({ query: '高龄', offset: 0, limit: 5 })
    expect(memory.items.map(({ kind }) => kind)).toEqual(['hall.relay', 'case.decided'])
    expect(cases).toMatchObject([{ caseId, state: 'accepted', atCentre: true }])
  })

  test('hands on what it took of a window whose machine was replaced since, and serves the one in its place alone', async () => {
    const { town, relay, stations, memories } = await hall(1)
    const [old, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
    const caseId = old.receive(numberOf(old, 1))
    await exchange(relay, memory)
    const successor = await enrolledStation(county.database, county.url, `${town}201-2`, old.id)
    await relay.onward.round()
    await relay.onward.round()
    old.receive(numberOf(old, 2))
    const refused = await failureOf(exchange(relay, memory))
    const decision = { decision: 'accepted', reason: '', officer: '测试员' } as const
    await decideCase(county.database, caseId, decision, new Date())
    await relay.onward.round()
    const heir = new StationMemory(successor)
    await exchange(relay, heir)
    const page = await countyTo(relay.upstream.relayId, await keyOf(relay), `/v1/stations/${old.id}/feed?after=0`)
    const { cases } = await lineTo(relay, successor).queue({ query: '', offset: 0, limit: 5 })
    const [atTheCounty] = (await listCases(county.database)).filter((one) => one.caseId === caseId)
    expect([refused, page]).toEqual(['STATION_REPLACED', 'station_replaced'])
    expect(await atCounty(old)).toEqual(ours(old).slice(0, -1))
    expect(atTheCounty).toMatchObject({ stationId: old.id, holderId: successor.id })
    expect(heir.items.map(({ kind }) => kind)).toEqual(['hall.relay', 'case.handed-over', 'case.decided'])
    expect(cases).toMatchObject([{ caseId, stationId: successor.id, atCentre: true, state: 'accepted' }])
    expect(relay.bugs).toEqual([])
  })

  test('has a page passed over that reached the window meanwhile on a stick', async () => {
    const { relay, stations, memories } = await hall(1)
    const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
    const line = lineTo(relay, station)
    const asked: number[] = []
    const racing: typeof line = {
      ...line,
      feed: async (after, signal) => {
        const page = await line.feed(after, signal)
        if (asked.push(after) === 1 && page !== undefined) memory.applyFeed(page)
        return page
      },
    }
    await exchangeByRelay(memory, racing, progress, never)
    expect(asked).toEqual([0, 1])
    expect(memory.items.map(({ kind }) => kind)).toEqual(['hall.relay'])
    line.close()
  })

  test('doubles nothing when the window pushes to the county itself, before, after and beside the relay', async () => {
    const { relay, stations, memories } = await hall(1)
    const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
    const direct = station.client(county.url)
    for (let day = 1; day <= 4; day += 1) station.receive(numberOf(station, day))
    await direct.push(station.batch(1, 2))
    await exchange(relay, memory)
    await Promise.all([relay.onward.round(), direct.push(station.batch(1, 4))])
    station.receive(numberOf(station, 5))
    await exchange(relay, memory)
    await direct.push(station.batch())
    await relay.onward.round()
    expect(await atCounty(station)).toEqual(ours(station))
    expect((await listCases(county.database)).filter(({ stationId }) => stationId === station.id)).toHaveLength(5)
    direct.close()
  })

  test('goes on from what was there before a centre knew of halls: how far a station had applied its feed', async () => {
    const { relay, stations, memories } = await hall(1)
    const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
    await exchange(relay, memory)
    await relay.onward.round()
    const applied = () =>
      county.database.query('select feed_applied as applied from stations where station_id = $1', [station.id])
    const before = await applied()
    await county.database.query('update stations set feed_applied = 0 where station_id = $1', [station.id])
    await county.database.transaction(fillFeedApplied)
    expect(before).toEqual([{ applied: 1 }])
    expect(await applied()).toEqual(before)
  })

  test('begins where the county stands, and asks again for secrets that it never met', async () => {
    town += 1
    const station = await enrolledStation(county.database, county.url, `${town}201-1`)
    const memory = new StationMemory(station)
    const caseId = station.receive(numberOf(station, 1))
    await station.client(county.url).push(station.batch())
    const relay = await relayOf(String(town))
    await relay.onward.round()
    station.append({ kind: 'case.told', subject: caseId, payload: { caseId } })
    await exchange(relay, memory)
    await relay.onward.round()
    const kept = await relay.database.query('select seq from entries where station_id = $1 order by seq', [station.id])
    expect(kept[0]).toEqual({ seq: 2 })
    expect((await atCounty(station)).slice(0, 2)).toEqual(ours(station).slice(0, 2))
  })

  test('lets one of two windows have a case, however close they are, until it lets go', async () => {
    const { relay, stations, memories } = await hall(2)
    const [first, second] = stations as [TestStation, TestStation]
    const caseId = first.receive(numberOf(first, 1))
    await exchange(relay, memories[0] as StationMemory)
    const lines = [lineTo(relay, first), lineTo(relay, second)]
    const race = await Promise.all(
      Array.from({ length: 20 }, (_, index) => failureOf((lines[index % 2] as (typeof lines)[0]).take(caseId, true))),
    )
    const holders = [0, 1].filter((index) => race.filter((_, at) => at % 2 === index).every((said) => said === 'none'))
    const winner = holders[0] as number
    const seen = await lines[1 - winner]?.queue({ query: '', offset: 0, limit: 5 })
    const notTheirs = await failureOf(lines[1 - winner]?.take(caseId, false) as Promise<unknown>)
    const stillTaken = await failureOf(lines[1 - winner]?.take(caseId, true) as Promise<unknown>)
    await lines[winner]?.take(caseId, false)
    const free = await failureOf(lines[1 - winner]?.take(caseId, true) as Promise<unknown>)
    expect(holders).toHaveLength(1)
    expect(race.filter((said) => said === 'HALL_TAKEN')).toHaveLength(10)
    // Both windows have one name: which of them holds it, its id tells.
    expect(seen?.cases).toMatchObject([{ caseId, takenBy: '一号窗口', takenById: stations[winner]?.id }])
    expect([notTheirs, stillTaken, free]).toEqual(['HALL_TAKEN', 'HALL_TAKEN', 'none'])
    expect(await failureOf(lines[0]?.take('00000000-0000-4000-8000-000000000000', true) as Promise<unknown>)).toBe(
      'CENTRE_REFUSED not_found',
    )
  })

  test('gives a case up when its window was silent for hours, and not while it speaks', async () => {
    let now = new Date()
    town += 1
    const relay = await relayOf(String(town), { now: () => now })
    const stations: TestStation[] = []
    for (const window of [1, 2])
      stations.push(await enrolledStation(county.database, county.url, `${town}201-${window}`))
    await relay.onward.round()
    const [first, second] = stations as [TestStation, TestStation]
    const caseId = first.receive(numberOf(first, 1))
    await exchange(relay, new StationMemory(first))
    const [line, other] = [lineTo(relay, first), lineTo(relay, second)]
    await line.take(caseId, true)
    const later = (hours: number) => {
      now = new Date(now.getTime() + hours * 3_600_000)
    }
    later(3)
    await line.head()
    later(3)
    const stillHeld = await failureOf(other.take(caseId, true))
    later(5)
    const givenUp = await failureOf(other.take(caseId, true))
    expect([stillHeld, givenUp]).toEqual(['HALL_TAKEN', 'none'])
  })

  test('refuses what only the county can do, in words, and windows of another town', async () => {
    const { relay, stations } = await hall(1)
    const stranger = await enrolledStation(county.database, county.url, '440282999201-1')
    const code = { code: 'A'.repeat(20), stationId: '440282999201-9', windowName: 'x', publicKey: 'x' }
    const asked = await Promise.all([
      signed(relay.url, stations[0] as TestStation, 'POST', '/v1/enrolments', code),
      signed(relay.url, stations[0] as TestStation, 'GET', `/v1/relays/${relay.upstream.relayId}/stations`),
      signed(relay.url, stranger, 'GET', '/v1/hall/cases'),
      signed(relay.url, stations[0] as TestStation, 'POST', `/v1/stations/${stations[0]?.id}/days/2026-03-02`, {}),
    ])
    expect(asked.map(({ status, body }) => [status, body.error])).toEqual([
      [403, 'relay_only'],
      [403, 'relay_only'],
      [404, 'station_unknown'],
      [403, 'relay_only'],
    ])
    expect(asked[0]?.body.message).toMatch(/只有县里的中心能办$/)
  })

  test('lets a relay speak for its own town alone, and no relay that it does not know', async () => {
    const { relay } = await hall(1)
    const foreign = await enrolledStation(county.database, county.url, '440282998201-1')
    foreign.receive(numberOf(foreign, 1))
    const privateKey = await keyOf(relay)
    const path = `/v1/stations/${foreign.id}/feed?after=0`
    const unknown = `relay-${'0'.repeat(32)}`
    const before = [await countyTo(relay.upstream.relayId, privateKey, path), await countyTo(unknown, privateKey, path)]
    const forged = await countyTo(relay.upstream.relayId, makeKeyPair().privateKey, path)
    await removeRelay(county.database, relay.upstream.relayId, new Date())
    const removed = await countyTo(relay.upstream.relayId, privateKey, path)
    expect([...before, forged, removed]).toEqual(['unauthorized', 'station_unknown', 'unauthorized', 'station_unknown'])
  })

  test('is trusted with nothing more once the county has removed it', async () => {
    const { relay, stations, memories } = await hall(1)
    await removeRelay(county.database, relay.upstream.relayId, new Date())
    const trouble = await relay.onward.round()
    const station = stations[0] as TestStation
    station.receive(numberOf(station, 1))
    const pushed = await failureOf(exchange(relay, memories[0] as StationMemory))
    expect([trouble?.details.reason, pushed]).toEqual(['station_unknown', 'CENTRE_REFUSED relay_only'])
    expect(await listRelays(county.database)).toContainEqual(
      expect.objectContaining({ relayId: relay.upstream.relayId, removedAtUtc: expect.any(String) }),
    )
  })

  test('a second relay of a town takes the first one’s place; what the lost one held comes from the windows', async () => {
    const { town: code, relay, stations, memories } = await hall(1)
    const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
    station.receive(numberOf(station, 1))
    await exchange(relay, memory)
    const fresh = await relayOf(code)
    await fresh.onward.round()
    await exchange(fresh, memory)
    await fresh.onward.round()
    await exchange(fresh, memory)
    expect(memory.acknowledged().seq).toBeGreaterThanOrEqual(2)
    expect((await relay.onward.round())?.details.reason).toBe('station_unknown')
    expect(
      (await listRelays(county.database)).filter((one) => one.town === code && one.removedAtUtc === null),
    ).toHaveLength(1)
  })

  test('goes on from an old backup, and twice as the same relay, without harm', async () => {
    const { relay, stations, memories } = await hall(1)
    const [station, memory] = [stations[0] as TestStation, memories[0] as StationMemory]
    for (let day = 1; day <= 3; day += 1) station.receive(numberOf(station, day))
    await exchange(relay, memory)
    // As a backup from the first batch would have it.
    await relay.database.query('delete from cases where station_id = $1', [station.id])
    await relay.database.query('delete from entries where station_id = $1 and seq > 1', [station.id])
    await relay.database.query('delete from relayed_heads where station_id = $1 and seq > 1', [station.id])
    await relay.database.query(
      'update stations set acknowledged = 1, head_hash = $2, head_signature = $3 where station_id = $1',
      [station.id, station.headAt(1).hash, memory.signHead(station.headAt(1))],
    )
    const twin = await startRelay({ url: county.url }, { database: relay.database })
    open.push(twin)
    await Promise.all([relay.onward.round(), twin.onward.round()])
    await exchange(twin, memory)
    await Promise.all([relay.onward.round(), twin.onward.round()])
    await exchange(relay, memory)
    expect(memory.acknowledged().seq).toBeGreaterThanOrEqual(3)
    expect((await atCounty(station)).slice(0, 3)).toEqual(ours(station).slice(0, 3))
    expect([...relay.bugs, ...twin.bugs]).toEqual([])
  })

  test('ships on every stretch of a long outage, and stops at a fork of one window without holding up the others', async () => {
    const { relay, stations, memories } = await hall(2)
    const [first, second] = stations as [TestStation, TestStation]
    for (let count = 0; count < 1200; count += 1) first.append()
    await exchange(relay, memories[0] as StationMemory)
    second.receive(numberOf(second, 1))
    const clone = second.clone()
    clone.receive(numberOf(second, 2))
    await exchange(relay, new StationMemory(clone))
    second.receive(numberOf(second, 3))
    await second.client(county.url).push(second.batch())
    await relay.onward.round()
    const forks = await county.database.query('select seq from forks where station_id = $1', [second.id])
    expect((await atCounty(first)).slice(0, 1200)).toEqual(ours(first).slice(0, 1200))
    expect(await atCounty(second)).toEqual(ours(second))
    expect(forks.length).toBeGreaterThan(0)
  })
})

test('a relay needs a code once, keeps its county, and does not become of a centre', async () => {
  const [own, other, database] = [await openEmbedded(), await openEmbedded(), await openEmbedded()]
  const gateways: TestGateway[] = []
  for (const one of [own, other]) {
    await migrate(one)
    gateways.push(await startGateway(one))
  }
  const [first, second] = gateways as [TestGateway, TestGateway]
  const { code } = await makeRelayCode(own, '440282104000', new Date())
  const words = (promise: Promise<{ stop(): Promise<void> }>) =>
    promise.then(
      async (relay) => {
        await relay.stop()
        return 'started'
      },
      ({ message, code: errorCode }) => `${errorCode ?? ''}${message}`,
    )
  const start = (wanted: Parameters<typeof startRelay>[0], over = database) =>
    words(startRelay(wanted, { database: over }))
  await enrolledStation(own, first.url, '440282104201-1')
  const said = {
    withoutCode: await start({ url: first.url }),
    wrongCode: await start({ url: first.url, code: 'ABCDE-ABCDE-ABCDE-ABCDE' }),
    good: await start({ url: first.url, code }),
    again: await start({ url: first.url, code }),
    withoutAnything: await start({ url: first.url }),
    ofACentre: await start({ url: second.url, code }, own),
  }
  await removeRelay(own, (await listRelays(own))[0]?.relayId ?? '', new Date())
  const foreign = await makeRelayCode(other, '440282104', new Date())
  await (await startRelay({ url: first.url }, { database })).onward.round()
  const ofAnother = await start({ url: second.url, code: foreign.code })
  for (const gateway of gateways) await gateway.stop()
  expect(said).toEqual({
    withoutCode: expect.stringContaining('--code'),
    wrongCode: expect.stringContaining('ENROLMENT_CODE_WRONG'),
    good: 'started',
    again: 'started',
    withoutAnything: 'started',
    ofACentre: expect.stringContaining('已经是一个中心'),
  })
  expect(ofAnother).toContain('另一个中心')
})

test('a relay that lies is not believed: forged words, another station’s, of another relay, entries that are not ours', async () => {
  const database = await openEmbedded()
  await migrate(database)
  const gateway = await startGateway(database)
  const { code } = await makeRelayCode(database, '440282104', new Date())
  const station = await enrolledStation(database, gateway.url, '440282104201-1')
  const relay = await startRelay({ url: gateway.url, code })
  await relay.onward.round()
  station.receive('440282104201-1-20260302-0001')
  const good = await lineTo(relay, station).head()
  const memory = new StationMemory(station)
  const key = ((await relay.database.query('select private_key from centre')) as [{ private_key: string }])[0]
    .private_key
  const relayKey = signerOf(key)
  const resigned = (change: object) => {
    const { signature: _, ...said } = { ...good, ...change }
    return { ...said, signature: signValue(relayKey, { ...said, station: station.id }) }
  }
  const forgedAck = { acknowledged: 1, hash: station.headAt(1).hash, centreTimeUtc: good.centreTimeUtc }
  const answers = {
    notSigned: { ...good, held: 1, hash: station.headAt(1).hash },
    forgedAck: resigned({
      centre: { ...forgedAck, signature: signValue(relayKey, { ...forgedAck, station: station.id }) },
    }),
    notOurs: resigned({ held: 1, hash: 'f'.repeat(64) }),
    beyondUs: resigned({ held: 9, hash: 'f'.repeat(64) }),
  }
  const seen: Record<string, string> = {}
  for (const [name, answer] of Object.entries(answers)) {
    const liar = { ...lineTo(relay, station), head: async () => answer as typeof good }
    // The line's own checks are what is tested: they run over what a server answers.
    const server = await answering(JSON.stringify(answer))
    const line = lineTo({ ...relay, url: server.url }, station)
    seen[name] = await failureOf(exchangeByRelay(memory, { ...liar, head: line.head }, progress, never))
    await server.stop()
  }
  await relay.stop()
  await gateway.stop()
  expect(seen).toEqual({
    notSigned: 'CENTRE_NONSENSE signature',
    forgedAck: 'CENTRE_NONSENSE signature',
    notOurs: 'CENTRE_NONSENSE held',
    beyondUs: 'CENTRE_NONSENSE held',
  })
  expect(memory.acknowledged().seq).toBe(0)
})

test('of what a relay hands on of the county, another station’s page, an altered one and an older word change nothing', async () => {
  const database = await openEmbedded()
  await migrate(database)
  const gateway = await startGateway(database)
  const { code } = await makeRelayCode(database, '440282104', new Date())
  const relay = await startRelay({ url: gateway.url, code })
  const [station, other] = [
    await enrolledStation(database, gateway.url, '440282104201-1'),
    await enrolledStation(database, gateway.url, '440282104201-2'),
  ]
  await relay.onward.round()
  const memory = new StationMemory(station)
  station.receive('440282104201-1-20260302-0001')
  await exchangeByRelay(memory, lineTo(relay, station), progress, never)
  await relay.onward.round()
  const older = await lineTo(relay, station).head()
  station.receive('440282104201-1-20260302-0002')
  await exchangeByRelay(memory, lineTo(relay, station), progress, never)
  await relay.onward.round()
  await exchangeByRelay(memory, lineTo(relay, station), progress, never)
  const acknowledged = memory.acknowledged().seq
  const page = await station.client(gateway.url).feed(0)
  const pages = {
    foreign: await other.client(gateway.url).feed(0),
    altered: { ...page, items: page.items.map((item) => ({ ...item, payload: { relay: null } })) },
    ofAnotherQuestion: page,
  }
  const { relayId } = relay.upstream
  const seen: Record<string, string> = {}
  for (const [name, lie] of Object.entries(pages)) {
    const server = await answering(JSON.stringify({ relayId, page: lie }))
    const after = name === 'ofAnotherQuestion' ? 1 : 0
    seen[name] = await failureOf(lineTo({ ...relay, url: server.url }, station).feed(after))
    await server.stop()
  }
  const server = await answering(JSON.stringify(older))
  const replayed = lineTo({ ...relay, url: server.url }, station)
  await failureOf(exchangeByRelay(memory, replayed, progress, never))
  await server.stop()
  await relay.stop()
  await gateway.stop()
  expect(seen).toEqual({
    foreign: 'CENTRE_NONSENSE signature',
    altered: 'CENTRE_NONSENSE signature',
    ofAnotherQuestion: 'CENTRE_NONSENSE signature',
  })
  expect(older.centre?.acknowledged).toBeLessThan(acknowledged)
  expect(memory.acknowledged().seq).toBe(acknowledged)
})

/** A server that gives one answer to everything. */
async function answering(body: string): Promise<{ url: string; stop(): Promise<void> }> {
  const { createServer } = await import('node:http')
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
