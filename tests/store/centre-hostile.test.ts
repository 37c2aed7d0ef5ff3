import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { decideCase } from '../../central/cases/cases.ts'
import { DatabaseFault } from '../../central/database.ts'
import { publishNotice } from '../../central/feed/publishing.ts'
import { takeBatch } from '../../central/ledger/entries.ts'
import { migrate } from '../../central/migrations/index.ts'
import { canonicalBytes, sha256Hex } from '../../main/wire/canonical.ts'
import { enrolledStation, receivedCase, type TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'

const now = new Date('2026-03-03T08:15:00.000Z')
const accepted = { decision: 'accepted', reason: '', officer: '甲' } as const
let stations = 0

describeOnEachDatabase('a station that says what it should not', migrate, (centre) => {
  const newStation = () => {
    stations += 1
    return enrolledStation(centre.database, centre.url, `440282104208-${stations}`)
  }
  const send = (station: TestStation, from = 1) => {
    const sender = { stationId: station.id, publicKey: station.keys.publicKey }
    return takeBatch(centre.database, sender, station.batch(from), now)
  }
  const feed = async (station: TestStation, after: number) => {
    const client = station.client(centre.url)
    return await client.feed(after).finally(() => client.close())
  }
  const applied = (station: TestStation, from: number, to: number, hash = 'a'.repeat(64)) =>
    station.append({ kind: 'feed.applied', subject: 'station', payload: { from, to, hash } })

  test('cannot take its feed to where no cursor is left: all stations are told things after it', async () => {
    const [wild, good] = [await newStation(), await newStation()]
    applied(wild, 1, Number.MAX_SAFE_INTEGER)
    applied(wild, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER)
    applied(wild, 5, 4)
    await send(wild)
    for (const text of ['其一', '其二'])
      await publishNotice(centre.database, { text, urgent: false, target: 'all' }, now)
    const items = await Promise.all([wild, good].map(async (station) => (await feed(station, 0)).items.length))
    expect(items).toEqual([2, 2])
  })

  test('is believed where it goes on behind the feed of a restored centre, page by page', async () => {
    const station = await newStation()
    applied(station, 1, 200)
    applied(station, 201, 230)
    await send(station)
    await publishNotice(centre.database, { text: '恢复以后', urgent: false, target: station.id }, now)
    expect((await feed(station, 230)).items.map(({ cursor }) => cursor)).toEqual([231])
  })

  test('is told again where it stood what a restored centre tells again', async () => {
    const station = await newStation()
    await publishNotice(centre.database, { text: '原来的', urgent: false, target: station.id }, now)
    const before = (await feed(station, 0)).items
    applied(station, 1, 1, sha256Hex(canonicalBytes([{ ...before[0], payload: '别的' }])))
    await send(station)
    const [again] = (await feed(station, 1)).items
    expect(again).toEqual({ ...before[0], cursor: 2, again: 1 })
  })

  test.each([
    ['a version of the standard beyond all integers', 'case.received', { standardVersion: 2 ** 40 }],
    ['a zero character in every text', 'case.received', { matterName: '\u0000', matterCode: '\u0000' }],
  ])('is taken at its word with %s, and its next entries come in', async (_what, kind, part) => {
    const station = await newStation()
    const caseId = randomUUID()
    const payload = { ...receivedCase(caseId, `${station.id}-20260303-0001`), ...part }
    station.append({ kind, subject: caseId, payload })
    station.append()
    await expect(send(station)).resolves.toMatchObject({ seq: 2 })
  })

  test('may erase a subject with a zero character in its name', async () => {
    const station = await newStation()
    station.append({ kind: 'payload.erased', subject: randomUUID(), payload: { subject: '\u0000', reason: '' } })
    await expect(send(station)).resolves.toMatchObject({ seq: 1 })
  })

  test('cannot hide the case of another window under its number', async () => {
    const [good, wild] = [await newStation(), await newStation()]
    const number = `${good.id}-20260303-0001`
    const other = wild.receive(number)
    await send(wild)
    const caseId = good.receive(number)
    await send(good)
    expect((await decideCase(centre.database, number, accepted, now)).caseId).toBe(caseId)
    // Its own case is still there under its id.
    expect((await decideCase(centre.database, other, accepted, now)).caseId).toBe(other)
  })

  test('finds numbers for the millionth case and those after it', async () => {
    const station = await newStation()
    for (const day of [1, 2, 3, 4]) station.receive(`${station.id}-2026030${day}-0001`)
    await centre.database.query(`select setval('centre_case_numbers', 999998)`)
    await send(station)
    const rows = await centre.database.query<{ number: string }>(
      'select centre_number as number from cases where station_id = $1 order by seq',
      [station.id],
    )
    expect(rows.map(({ number }) => number)).toEqual(['2026-999999', '2026-1000000', '2026-1000001', '2026-1000002'])
  })

  test('leaves no word of a person in what the database says of an error', async () => {
    const name = '测试人某某'
    const wrong = () => centre.database.query('select $1::text as name, $1::int as number', [name])
    const twice = () =>
      centre.database.query('insert into cases (case_id, station_id, applicant_name) values ($1, $2, $3)', [
        'x',
        'y',
        name,
      ])
    for (const question of [wrong, twice]) {
      const error = await question().catch((failure: unknown) => failure)
      expect(error).toBeInstanceOf(DatabaseFault)
      expect(inspected(error)).toContain('SQLSTATE 2')
      expect(inspected(error)).not.toContain(name)
    }
  })
})

/** As a log writes it. */
function inspected(error: unknown): string {
  return inspect(error, { depth: 10, maxStringLength: null })
}
