import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { migrate } from '../../central/migrations/index.ts'
import { makeRelayCode, removeRelay } from '../../central/relay/county.ts'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import { tagStation } from '../../central/standards/telling.ts'
import { openWhole } from '../../main/wire/catalogue/release-file.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { packOf, releaseAfter, sampleDocuments, type TestRelease } from '../helpers/catalogues.ts'
import { enrolledStation, type TestStation } from '../helpers/centre.ts'
import { type CentreInUse, describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { lineTo, startRelay, type TestRelay } from '../helpers/hall.ts'
import { type LinkEmulator, startLinkEmulator } from '../helpers/link-emulator.ts'

const keys = makeKeyPair()
const town = '440282113'
const documents = sampleDocuments(3)

describeOnEachDatabase('releases at a hall’s relay', migrate, (county: CentreInUse) => {
  let relay: TestRelay
  let link: LinkEmulator
  let stations: TestStation[]
  let last: TestRelease | null = null

  const publish = async (more: Parameters<typeof releaseAfter>[3] = {}) => {
    const times = { madeAtUtc: new Date(Date.now() - 1000).toISOString(), effectiveAtUtc: new Date().toISOString() }
    last = releaseAfter(last, documents, keys, { ...times, ...more })
    await publishRelease(county.database, await packOf(last), new Date())
    return last
  }
  /** What a window gets of its relay: the status, and which release it is. */
  const got = async (station: TestStation, release: number, offset = 0) => {
    const line = lineTo(relay, station)
    const path = `/v1/stations/${station.id}/releases/${release}?from=7&offset=${offset}`
    const reply = await line.send({ method: 'GET', path })
    line.close()
    return { status: reply.status, bytes: reply.body, said: reply.headers['x-release-pack'] ?? '' }
  }
  const nameOf = async ({ bytes }: { bytes: Buffer }) => (await openWhole(bytes)).signed.sha256

  beforeAll(async () => {
    const order = { publicKey: keys.publicKey, county: '440282', name: '县政数局', ifNone: false }
    await registerPublisher(county.database, order, new Date())
    stations = []
    for (const id of [`${town}201-1`, `${town}202-1`])
      stations.push(await enrolledStation(county.database, county.url, id))
    await enrolledStation(county.database, county.url, '440282104208-1')
    link = await startLinkEmulator(county.url)
    const { code } = await makeRelayCode(county.database, town, new Date())
    relay = await startRelay({ url: link.url, code }, { database: await county.another() })
  })
  afterEach(() => expect(relay.bugs).toEqual([]))
  afterAll(async () => {
    await relay.stop()
    await link.stop()
  })

  it('are fetched once by the relay, and given to the windows of the hall while the county is away', async () => {
    const first = await publish()
    await relay.onward.round()
    const before = link.downBytes()
    await relay.onward.round()
    const idle = link.downBytes() - before
    link.shape({ mode: 'reset' })
    link.cut()
    const [one, two] = stations as [TestStation, TestStation]
    const [whole, other] = [await got(one, 1), await got(two, 1)]
    const rest = await got(one, 1, 100)
    expect([await nameOf(whole), whole.bytes.equals(other.bytes), idle < whole.bytes.length / 2]).toEqual([
      first.signed.sha256,
      true,
      true,
    ])
    expect([rest.bytes.equals(whole.bytes.subarray(100)), rest.said]).toEqual([
      true,
      `${whole.said.split(' ').slice(0, 2).join(' ')} 100`,
    ])
  })

  it('that came out in the outage are fetched when the county is back; until then the relay says that it has none', async () => {
    const [one] = stations as [TestStation]
    const second = await publish()
    const failure = await relay.onward.round()
    const without = await got(one, 2)
    link.shape({ mode: 'pass' })
    await relay.onward.round()
    expect([failure?.code, without.status, await nameOf(await got(one, 2))]).toEqual([
      'CENTRE_UNREACHABLE',
      404,
      second.signed.sha256,
    ])
    // Of what is due the newest alone is of use to anybody.
    expect((await got(one, 1)).status).toBe(404)
  })

  it('are given only to those that they are for, by the county’s own words for stations too', async () => {
    const [one, two] = stations as [TestStation, TestStation]
    await publish({ targets: ['试点'] })
    await tagStation(county.database, { stationId: two.id, tags: ['试点'] }, new Date())
    // The relay has not heard of it yet: it asks the county when a window asks.
    const statuses = [await got(one, 3), await got(two, 3), await got(one, 2)].map(({ status }) => status)
    const stranger = await enrolledStation(county.database, county.url, `${town}203-1`)
    // The relay has not heard of this window yet.
    expect([statuses, (await got(stranger, 2)).status]).toEqual([[404, 200, 200], 404])
  })

  it('are kept of the county that is there: another release under the number takes the place of the first', async () => {
    const [, two] = stations as [TestStation, TestStation]
    await relay.database.query(`update relayed_releases set sha256 = $1 where release = 3`, ['0'.repeat(64)])
    await tagStation(county.database, { stationId: two.id, tags: ['试点', '快线'] }, new Date())
    await relay.onward.round()
    expect(await nameOf(await got(two, 3))).toBe(last?.signed.sha256)
  })

  it('are no longer handed out once the county has removed the relay', async () => {
    const [one] = stations as [TestStation]
    await removeRelay(county.database, relay.upstream.relayId, new Date())
    await relay.onward.round()
    expect((await got(one, 2)).status).toBe(403)
  })
})
