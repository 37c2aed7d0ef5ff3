import { beforeAll, expect, it } from 'vitest'
import { migrate } from '../../central/migrations/index.ts'
import { adoptionOf } from '../../central/standards/adoption.ts'
import { createPacks } from '../../central/standards/packs.ts'
import { listPublishers, registerPublisher, retirePublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import { tagStation } from '../../central/standards/telling.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { packMediaType } from '../../main/wire/catalogue/pack.ts'
import { makeKeyPair, signerOf, signRequest } from '../../main/wire/signatures.ts'
import type { CatalogueManifest } from '../../preload/contract/catalogue.ts'
import { changed, packOf, releaseAfter, sampleDocuments, type TestRelease, withChanged } from '../helpers/catalogues.ts'
import { enrolledStation, officeToken, startGateway, TestStation } from '../helpers/centre.ts'
import { type CentreInUse, describeOnEachDatabase } from '../helpers/centre-databases.ts'

const [keys, nextKeys, stranger] = [makeKeyPair(), makeKeyPair(), makeKeyPair()]
const documents = sampleDocuments(6)
const matter = documents.find(({ kind }) => kind === 'matter') as CatalogueDocument

/** Times around now: the gateway runs on the system's clock. */
const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const timed = (more: Partial<CatalogueManifest> = {}) => ({ madeAtUtc: at(-1), effectiveAtUtc: at(0), ...more })
const renamed = (previous: TestRelease, name: string, more: Partial<CatalogueManifest> = {}, by = keys) => {
  const before = previous.documents.find(({ id }) => id === matter.id) as CatalogueDocument
  return releaseAfter(previous, withChanged(previous.documents, changed(before, { name })), by, timed(more))
}

/** Enrols as stations did before there were publishers: they refuse an answer with a field that they do not know. */
async function askAsOlderStation(centre: CentreInUse, station: TestStation, code: string): Promise<object> {
  const body = Buffer.from(
    JSON.stringify({ code, windowName: '一号窗口', publicKey: station.keys.publicKey, stationId: station.id }),
  )
  const client = station.client(centre.url)
  const headers = { 'content-type': 'application/json' }
  const reply = await client.send({ method: 'POST', path: '/v1/enrolments', headers, body })
  client.close()
  return JSON.parse(reply.body.toString())
}

describeOnEachDatabase('releases at the centre', migrate, (centre: CentreInUse) => {
  const publish = async (release: TestRelease, base: TestRelease | null = null) =>
    publishRelease(centre.database, await packOf(release, base), new Date())
  const refusalOf = async (work: Promise<unknown>) =>
    work.then(
      () => 'taken',
      ({ error, message }) => [error, message],
    )
  const feedOf = async (station: TestStation) => {
    const client = station.client(centre.url)
    const { items } = await client.feed(0)
    client.close()
    return items.map(({ kind, payload }) => [kind, (payload as { release?: number }).release])
  }
  const first = releaseAfter(null, documents, keys, timed())
  let one: TestStation
  let other: TestStation

  beforeAll(async () => {
    one = await enrolledStation(centre.database, centre.url, '440282104208-1')
    other = await enrolledStation(centre.database, centre.url, '440282113201-1')
  })

  it('are taken from a registered publisher alone', async () => {
    const without = await refusalOf(publish(first))
    await registerPublisher(
      centre.database,
      { publicKey: keys.publicKey, county: '440282', name: '县政数局', ifNone: false },
      new Date(),
    )
    const second = await refusalOf(
      registerPublisher(
        centre.database,
        { publicKey: stranger.publicKey, county: '440282', name: '别人', ifNone: false },
        new Date(),
      ),
    )
    const kept = await registerPublisher(
      centre.database,
      { publicKey: stranger.publicKey, county: '440282', name: '别人', ifNone: true },
      new Date(),
    )
    expect([without, second, kept.publicKey]).toEqual([
      ['release_refused', '中心还没有登记发布人，请先登记（central publisher add）'],
      ['release_refused', '这个县已经登记了发布人。要换，请让他签一次交接，或先停用他的密钥'],
      keys.publicKey,
    ])
    const foreign = releaseAfter(null, documents, stranger, timed())
    const broken = { ...first, signed: { ...first.signed, signature: foreign.signed.signature } }
    expect(await Promise.all([foreign, broken].map((release) => refusalOf(publish(release))))).toEqual([
      ['release_refused', '这次发布不是这里认的发布人签的'],
      ['release_refused', '这次发布的签名不对：内容与发布人签的不一样'],
    ])
  })

  it('are told once to everybody they are for, over HTTP too', async () => {
    const post = async (pack: Buffer, type = packMediaType) => {
      const reply = await fetch(`${centre.url}/v1/releases`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: new Uint8Array(pack),
      })
      return [reply.status, await reply.json()]
    }
    const pack = await packOf(first)
    const broken = Buffer.from(pack)
    broken[200] = (broken[200] ?? 0) ^ 1
    expect(await post(broken)).toEqual([
      422,
      { error: 'release_refused', message: '这个事项标准发布文件读不了：不完整，或被改动过' },
    ])
    expect(await post(pack)).toMatchObject([200, { release: 1, stations: 2, before: false }])
    expect(await post(pack)).toMatchObject([200, { release: 1, stations: 0, before: true }])
    expect((await post(Buffer.alloc(4_000_001)))[0]).toBe(413)
    expect([await feedOf(one), await feedOf(other)]).toEqual([[['release.published', 1]], [['release.published', 1]]])
  })

  it('follow the last one, are new, of this county, and of this day', async () => {
    const wrong = [
      renamed(releaseAfter(first, documents, keys, timed()), '隔了一次'),
      releaseAfter(null, documents.slice(1), keys, timed()),
      renamed(first, '别的县', { county: '440281' }),
      renamed(first, '过去', { madeAtUtc: at(-4_000), effectiveAtUtc: at(-3_000) }),
      renamed(first, '未来', { madeAtUtc: at(60), effectiveAtUtc: at(61) }),
      releaseAfter(
        first,
        withChanged(documents, changed(matter, { name: '同一版本', version: matter.version })),
        keys,
        timed(),
      ),
    ]
    const said = await Promise.all(wrong.map((release) => refusalOf(publish(release))))
    expect(said.map(([, message]) => message)).toEqual([
      '这次发布接不上：它接在第 2 次发布后面，中心最新的是第 1 次',
      '这是第 1 次发布，中心已经有第 1 次',
      '这次发布是给别的县（440281）的',
      expect.stringMatching(/^这次发布的生效时间不合理：它写的生效时间 .* 已经过去$/),
      '这次发布的生效时间不合理：它写的制作时间还没有到',
      expect.stringMatching(/^“事项 .* 第1版”的版本号以前用过，内容却不同$/),
    ])
  })

  const ring = renamed(first, '先试的', { targets: ['440282104208', '试点'] })

  it('for a ring reach that ring: a village, and who is given a word of it later', async () => {
    expect(await publish(ring, first)).toMatchObject({ release: 2, stations: 1 })
    const before = await feedOf(other)
    await tagStation(centre.database, { stationId: other.id, tags: ['试点'] }, new Date())
    await tagStation(centre.database, { stationId: other.id, tags: ['试点', '快线'] }, new Date())
    expect([before, (await feedOf(other)).slice(1)]).toEqual([
      [['release.published', 1]],
      [
        ['station.tagged', undefined],
        ['release.published', 2],
        ['station.tagged', undefined],
      ],
    ])
  })

  it('come as packs by offset, only to whom they are for', async () => {
    const client = one.client(centre.url)
    const get = async (query: string, release = 2) => {
      const reply = await client.send({ method: 'GET', path: `/v1/stations/${one.id}/releases/${release}${query}` })
      return { status: reply.status, body: reply.body, said: reply.headers['x-release-pack'] ?? '' }
    }
    const [whole, rest, beyond, unknown] = [
      await get('?from=1'),
      await get('?from=1&offset=100'),
      await get('?from=1&offset=999999'),
      await get('', 9),
    ]
    const expected = await packOf(ring, first)
    expect(whole.body.equals(expected)).toBe(true)
    expect(rest.body.equals(expected.subarray(100))).toBe(true)
    expect([whole.said.split(' ').slice(1), rest.said.split(' ').slice(1), beyond.body.length, unknown.status]).toEqual(
      [[String(expected.length), '0'], [String(expected.length), '100'], 0, 404],
    )
    const packs = [createPacks(centre.database, () => new Date()), createPacks(centre.database, () => new Date())]
    const made = await Promise.all(packs.flatMap((gateway) => [gateway.find(0, 2), gateway.find(77, 2)]))
    expect(new Set(made.map((pack) => pack?.sha256)).size).toBe(1)
    client.close()
    const third = await enrolledStation(centre.database, centre.url, '440282100001-1')
    const outsider = third.client(centre.url)
    const denied = await outsider.send({ method: 'GET', path: `/v1/stations/${third.id}/releases/2` })
    const foreign = await outsider.send({ method: 'GET', path: `/v1/stations/${one.id}/releases/2` })
    outsider.close()
    expect([denied.status, foreign.status, await feedOf(third)]).toEqual([404, 401, [['release.published', 1]]])
  })

  it('are followed station by station: told, fetched, applied, refused', async () => {
    one.append({ kind: 'catalogue.applied', version: 2, payload: { release: 1, sha256: first.signed.sha256, from: 0 } })
    one.append({ kind: 'catalogue.applied', version: 2, payload: { release: 2, sha256: ring.signed.sha256, from: 1 } })
    const refused = {
      release: 2,
      sha256: ring.signed.sha256,
      reason: 'RELEASE_DAMAGED',
      said: '读不了。',
      program: '0.3.0',
    }
    other.append({
      kind: 'catalogue.applied',
      version: 2,
      payload: { release: 1, sha256: first.signed.sha256, from: 0 },
    })
    other.append({ kind: 'catalogue.refused', payload: refused })
    for (const station of [one, other]) {
      const client = station.client(centre.url)
      await client.push(station.batch())
      client.close()
    }
    const client = one.client(centre.url)
    const reply = await client.send({ method: 'GET', path: '/v1/adoption?release=2' })
    client.close()
    const adoption = JSON.parse(reply.body.toString())
    expect(adoption).toMatchObject({ release: 2, stations: 3, targeted: 2, fetched: 0, applied: 1, refused: 1 })
    expect(
      adoption.towns.map(({ code, targeted, applied }: { code: string; targeted: number; applied: number }) => [
        code,
        targeted,
        applied,
      ]),
    ).toEqual([
      ['440282100', 0, 0],
      ['440282104', 1, 1],
      ['440282113', 1, 0],
    ])
    expect(
      adoption.each.map(({ state, inForce, reason }: { state: string; inForce: number; reason: string }) => [
        state,
        inForce,
        reason,
      ]),
    ).toEqual([
      ['none', 0, ''],
      ['applied', 2, ''],
      ['refused', 1, '读不了。'],
    ])
    expect((await adoptionOf(centre.database, 1)).each.map(({ state }) => state)).toEqual(['waits', 'newer', 'applied'])
  })

  it('hand the publisher’s key over: the old key is of no use from then on, and a new window gets the new one', async () => {
    const handover = renamed(ring, '交接', { nextPublisherKey: nextKeys.publicKey })
    await publish(handover, ring)
    const late = await refusalOf(publish(renamed(handover, '旧密钥'), handover))
    const next = renamed(handover, '新密钥', {}, nextKeys)
    await publish(next, handover)
    const publishers = await listPublishers(centre.database)
    expect([
      late,
      publishers.map(({ publicKey, byRelease, retiredAtUtc }) => [publicKey, byRelease, retiredAtUtc === null]),
    ]).toEqual([
      ['release_refused', '这次发布不是这里认的发布人签的'],
      expect.arrayContaining([
        [nextKeys.publicKey, 3, true],
        [keys.publicKey, null, false],
      ]),
    ])
    const fresh = new TestStation('440282100002-1')
    const { code } = await makeEnrolmentCode(centre.database, fresh.id, new Date())
    const client = fresh.client(centre.url)
    const reply = await client.enrol({ code, windowName: '一号窗口', publicKey: fresh.keys.publicKey })
    client.close()
    expect(reply.publisherKey).toBe(nextKeys.publicKey)
    const asOlder = await askAsOlderStation(centre, fresh, code)
    expect(Object.keys(asOlder).toSorted()).toEqual(['centreId', 'centreName', 'centrePublicKey', 'enrolledAtUtc'])
    await retirePublisher(centre.database, nextKeys.publicKey, new Date())
    expect(await refusalOf(publish(renamed(next, '停用以后', {}, nextKeys), next))).toEqual([
      'release_refused',
      '中心还没有登记发布人，请先登记（central publisher add）',
    ])
  })

  it('go to a whole county that asks at once: 236 windows, one pack made', async () => {
    const database = await centre.another()
    await migrate(database)
    const gateway = await startGateway(database)
    const windows = Array.from(
      { length: 236 },
      (_, at) => new TestStation(`440282100${String(100 + at).padStart(3, '0')}-1`),
    )
    await database.query(
      `insert into stations (station_id, window_name, public_key, enrolled_at, head_hash)
       select id, '一号窗口', key, now(), $3 from unnest($1::text[], $2::text[]) as sent (id, key)`,
      [windows.map(({ id }) => id), windows.map(({ keys: { publicKey } }) => publicKey), '0'.repeat(64)],
    )
    const order = { publicKey: keys.publicKey, county: '440282', name: '县政数局', ifNone: false }
    await registerPublisher(database, order, new Date())
    const began = performance.now()
    const published = await publishRelease(database, await packOf(first), new Date())
    const told = performance.now()
    const replies = await Promise.all(
      windows.map(async ({ id, keys: { privateKey } }) => {
        const path = `/v1/stations/${id}/releases/1?from=0&offset=0`
        const by = { keyId: id, sign: signerOf(privateKey), createdSeconds: Math.floor(Date.now() / 1000) }
        const reply = await fetch(gateway.url + path, { headers: signRequest({ method: 'GET', path }, by) })
        return [reply.status, (await reply.arrayBuffer()).byteLength]
      }),
    )
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1)
    console.log(`236 windows: told in ${seconds(began, told)} s, all fetched in ${seconds(told, performance.now())} s`)
    const packs = await database.query<{ found: number }>('select count(*)::bigint as found from release_packs')
    const size = (await packOf(first)).length
    await gateway.stop()
    expect([published.stations, packs[0]?.found, gateway.bugs]).toEqual([236, 1, []])
    expect(replies).toEqual(windows.map(() => [200, size]))
  })

  it('are the office’s to see only with its token', async () => {
    const ask = async (path: string, token: string) =>
      (await fetch(`${centre.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).status
    const paths = [
      '/v1/office/publishers',
      '/v1/office/releases',
      '/v1/office/releases/1/pack',
      '/v1/office/adoption',
      '/v1/office/station-tags',
    ]
    expect(await Promise.all(paths.map((path) => ask(path, officeToken)))).toEqual(paths.map(() => 200))
    expect(await Promise.all(paths.map((path) => ask(path, 'wrong')))).toEqual(paths.map(() => 401))
  })
})
