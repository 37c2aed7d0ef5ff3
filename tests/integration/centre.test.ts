import { randomUUID } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { listCases } from '../../central/cases/cases.ts'
import { type Database, openPostgres } from '../../central/database.ts'
import { migrate } from '../../central/migrations/index.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { dictionary1 } from '../../main/wire/packing/dictionary-1.ts'
import { batchMediaType, encodeBatch } from '../../main/wire/packing/push-codec.ts'
import { makeKeyPair, signerOf, signRequest, verifyValue } from '../../main/wire/signatures.ts'
import { enrolledStation, officeToken, startGateway, TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase, describeOnPostgres } from '../helpers/centre-databases.ts'

/** Two gateways that start at once migrate at once. */
const migrateTwice = (database: Database) => Promise.all([migrate(database), migrate(database)])

describeOnEachDatabase('the centre', migrateTwice, (centre) => {
  let count = 0

  const newStation = () => enrolledStation(centre.database, centre.url, `440282104208-${++count}`)
  const stored = async (station: TestStation) =>
    (
      await centre.database.query<{ seq: number; hash: string }>(
        'select seq, hash from entries where station_id = $1 order by seq',
        [station.id],
      )
    ).map(({ seq, hash }) => ({ seq, hash }))
  const ours = (station: TestStation) => station.entries.map(({ seq, hash }) => ({ seq, hash }))
  const failureOf = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      ({ code, details }) => ({ code, ...details }),
    )
  const office = (method: string, path: string, body?: unknown, token = officeToken) =>
    fetch(`${centre.url}/v1/office${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const decide = (caseId: string, decision: string) =>
    office('POST', `/cases/${caseId}/decisions`, { decision, reason: '缺户口簿', officer: '测试员' })
  /** A signed request whose body, headers or signer the test bends. */
  const raw = async (
    station: TestStation,
    body: Buffer,
    bend: { keys?: { privateKey: string }; path?: string; headers?: object; created?: number } = {},
  ) => {
    const path = bend.path ?? `/v1/stations/${station.id}/entries`
    const createdSeconds = bend.created ?? Math.floor(Date.now() / 1000)
    const signer = { keyId: station.id, sign: signerOf((bend.keys ?? station.keys).privateKey), createdSeconds }
    const headers = {
      'content-type': batchMediaType,
      ...signRequest({ method: 'POST', path, body }, signer),
      ...bend.headers,
    }
    const reply = await fetch(centre.url + path, { method: 'POST', headers, body: new Uint8Array(body) })
    return { status: reply.status, error: (await reply.json()).error, headers }
  }

  test('takes a batch once, however often it comes', async () => {
    const station = await newStation()
    for (let index = 0; index < 5; index++) station.append()
    const client = station.client(centre.url)
    const first = await client.push(station.batch())
    const second = await client.push(station.batch())
    const partly = await client.push(station.batch(2, 3))
    const said = [first, second, partly].map(({ acknowledged, hash }) => ({ acknowledged, hash }))
    const end = { acknowledged: 5, hash: station.head.hash }
    expect(said).toEqual([end, end, end])
    expect(await stored(station)).toEqual(ours(station))
  })

  test('takes a batch that overlaps what it has, and a batch without entries', async () => {
    const station = await newStation()
    for (let index = 0; index < 6; index++) station.append()
    const client = station.client(centre.url)
    await client.push(station.batch(1, 4))
    await client.push(station.batch(2, 6))
    const { acknowledged } = await client.push(station.batch(7, 6))
    expect({ acknowledged, stored: await stored(station) }).toEqual({ acknowledged: 6, stored: ours(station) })
  })

  test('keeps one of each when the same batches come many times at once', async () => {
    const station = await newStation()
    for (let index = 0; index < 12; index++) station.receive(`同时-${station.id}-${index}`)
    const client = station.client(centre.url)
    await client.push(station.batch(1, 1))
    const pushes = Array.from({ length: 12 }, (_, index) => client.push(station.batch(2, 12 - (index % 3))))
    await Promise.all(pushes)
    const cases = (await listCases(centre.database)).filter(({ stationId }) => stationId === station.id)
    expect({ stored: await stored(station), cases: cases.length }).toEqual({ stored: ours(station), cases: 12 })
  })

  test('tells where it stands when entries are missing in between', async () => {
    const station = await newStation()
    for (let index = 0; index < 4; index++) station.append()
    const client = station.client(centre.url)
    await client.push(station.batch(1, 2))
    const failure = await failureOf(client.push(station.batch(4)))
    expect(failure).toMatchObject({
      code: 'CENTRE_REFUSED',
      reason: 'gap',
      acknowledged: 2,
      hash: station.headAt(2).hash,
    })
    expect(await stored(station)).toHaveLength(2)
  })

  test('refuses a cloned station, keeps the evidence and overwrites nothing', async () => {
    const station = await newStation()
    for (let index = 0; index < 3; index++) station.append()
    const clone = station.clone()
    const client = station.client(centre.url)
    await client.push(station.batch())
    station.append()
    await client.push(station.batch(4))
    clone.append({ payload: { text: '另一条' } })
    clone.append()
    const failures = [await failureOf(client.push(clone.batch(4))), await failureOf(client.push(clone.batch(5)))]
    expect(failures).toEqual([
      { code: 'LEDGER_FORKED', seq: 4 },
      { code: 'LEDGER_FORKED', seq: 4 },
    ])
    const forks = await centre.database.query<{ seq: number; offered_hash: string }>(
      'select seq, offered_hash from forks where station_id = $1',
      [station.id],
    )
    expect(forks).toEqual([{ seq: 4, offered_hash: clone.headAt(4).hash }])
    expect(await stored(station)).toEqual(ours(station))
  })

  test('takes entries whose payload was erased, and keeps text that databases choke on', async () => {
    const station = await newStation()
    const erased = station.append()
    station.append({ payload: { text: 'NUL \u0000, quote ", 生僻字 𠮷, line\u2028' } })
    const batch = station.batch()
    const [kind, version, subject, actor, at] = batch.entries[0] ?? (['', 0, '', '', '', null] as const)
    batch.entries[0] = [kind, version, subject, actor, at, null, erased.payloadDigest]
    delete batch.secrets[subject]
    await station.client(centre.url).push(batch)
    const rows = await centre.database.query<{ payload: string | null }>(
      'select payload from entries where station_id = $1 order by seq',
      [station.id],
    )
    expect(rows.map(({ payload }) => payload && JSON.parse(payload))).toEqual([null, station.entries[1]?.payload])
  })

  test('erases what the station erased', async () => {
    const station = await newStation()
    const caseId = station.receive(`抹去-${station.id}`)
    station.append({ kind: 'payload.erased', subject: 'station', payload: { subject: caseId, reason: '期满' } })
    await station.client(centre.url).push(station.batch())
    const [entry] = await centre.database.query('select payload from entries where station_id = $1 and seq = 1', [
      station.id,
    ])
    const secrets = await centre.database.query('select 1 as one from subject_secrets where subject = $1', [caseId])
    const [found] = (await listCases(centre.database)).filter((one) => one.caseId === caseId)
    expect({ entry, secrets, name: found?.applicantName }).toEqual({
      entry: { payload: null },
      secrets: [],
      name: '',
    })
  })

  test('asks for secrets that it was not sent', async () => {
    const station = await newStation()
    station.append()
    const batch = { ...station.batch(), secrets: {} }
    const failure = await failureOf(station.client(centre.url).push(batch))
    expect(failure).toMatchObject({ code: 'CENTRE_REFUSED', reason: 'secret_missing' })
  })

  test('refuses what is unsigned, forged, foreign or replayed', async () => {
    const [station, other] = [await newStation(), await newStation()]
    station.append()
    const body = await encodeBatch(station.batch())
    const answers = {
      unsigned: await raw(station, body, { headers: { signature: '', 'signature-input': '' } }),
      forged: await raw(station, body, { keys: makeKeyPair() }),
      foreign: await raw(station, body, { path: `/v1/stations/${other.id}/entries` }),
      unknown: await raw(new TestStation('440282999999-1'), body),
      changedDigest: await raw(station, body, { headers: { 'content-digest': 'sha-256=:AAAA:' } }),
      skewed: await raw(station, body, { created: 1_000_000_000 }),
    }
    const said = Object.fromEntries(
      Object.entries(answers).map(([name, { status, error }]) => [name, `${status} ${error}`]),
    )
    expect(said).toEqual({
      unsigned: '401 unauthorized',
      forged: '401 unauthorized',
      foreign: '401 unauthorized',
      unknown: '404 station_unknown',
      changedDigest: '401 unauthorized',
      skewed: '401 clock_skew',
    })
    const once = await raw(station, body)
    const again = await raw(station, body, { headers: once.headers })
    expect([once.status, again.status, again.error]).toEqual([200, 409, 'replayed'])
  })

  test('refuses batches that are too large, bombs, cut off, of another shape or wrongly signed', async () => {
    const station = await newStation()
    station.append()
    const request = station.batch()
    const good = await encodeBatch(request)
    const deflated = (text: string) =>
      Buffer.concat([Buffer.from([1]), deflateRawSync(text, { dictionary: Buffer.from(dictionary1) })])
    const answers = {
      bomb: await raw(station, deflated(' '.repeat(64 << 20))),
      large: await raw(station, Buffer.alloc((1 << 20) + 1)),
      cut: await raw(station, good.subarray(0, good.length - 9)),
      empty: await raw(station, Buffer.alloc(0)),
      dictionary: await raw(station, Buffer.concat([Buffer.from([9]), good.subarray(1)])),
      unknownKey: await raw(station, deflated(JSON.stringify({ ...request, more: 1 }))),
      nul: await raw(station, deflated(JSON.stringify(request).replace('note.written', 'note\\u0000'))),
      deep: await raw(station, deflated(JSON.stringify(request).replace('{"text"', `${'['.repeat(50_000)}`))),
      nested: await raw(
        station,
        deflated(JSON.stringify(request).replace(/\{"text":"[^"]*"\}/, `${'['.repeat(50_000)}${']'.repeat(50_000)}`)),
      ),
      headSignature: await raw(station, deflated(JSON.stringify({ ...request, signature: `${'A'.repeat(86)}==` }))),
      json: await raw(station, good, { headers: { 'content-type': 'text/plain' } }),
    }
    const said = Object.fromEntries(
      Object.entries(answers).map(([name, { status, error }]) => [name, `${status} ${error}`]),
    )
    expect(said).toEqual({
      bomb: '413 too_large',
      large: '413 too_large',
      cut: '400 malformed',
      empty: '400 malformed',
      dictionary: '400 malformed',
      unknownKey: '400 malformed',
      nul: '400 malformed',
      deep: '400 malformed',
      nested: '400 malformed',
      headSignature: '400 malformed',
      json: '400 malformed',
    })
    expect(await stored(station)).toEqual([])
  })

  test('enrols by a code once, and again only for who holds the same key', async () => {
    const id = `440282104208-${++count}`
    const { code } = await makeEnrolmentCode(centre.database, id, new Date())
    const [station, thief] = [new TestStation(id), new TestStation(id)]
    const enrol = (who: TestStation, words: string) =>
      who.client(centre.url).enrol({ code: words, windowName: '二号窗口', publicKey: who.keys.publicKey })
    const wrong = await failureOf(enrol(thief, 'AAAAA-AAAAA-AAAAA-AAAAA'))
    const first = await enrol(station, code.toLowerCase())
    const repeated = await enrol(station, code)
    const stolen = await failureOf(enrol(thief, code))
    const second = await makeEnrolmentCode(centre.database, id, new Date())
    const taken = await failureOf(enrol(thief, second.code))
    const again = await enrol(station, second.code)
    const enrolledAt = [repeated, again].map(({ enrolledAtUtc }) => enrolledAtUtc)
    expect({ wrong, enrolledAt, stolen, taken }).toEqual({
      wrong: { code: 'ENROLMENT_CODE_WRONG' },
      enrolledAt: [first.enrolledAtUtc, first.enrolledAtUtc],
      stolen: { code: 'ENROLMENT_CODE_WRONG' },
      taken: expect.objectContaining({ code: 'CENTRE_REFUSED', reason: 'station_taken' }),
    })
  })

  test('refuses an enrolment by an expired code, or not signed by the key that it brings', async () => {
    const id = `440282104208-${++count}`
    const old = await makeEnrolmentCode(centre.database, id, new Date(Date.now() - 15 * 24 * 3600 * 1000))
    const station = new TestStation(id)
    const enrol = (publicKey: string) =>
      station.client(centre.url).enrol({ code: old.code, windowName: '窗口', publicKey })
    const failures = [await failureOf(enrol(station.keys.publicKey)), await failureOf(enrol(makeKeyPair().publicKey))]
    expect(failures).toMatchObject([
      { code: 'ENROLMENT_CODE_WRONG' },
      { code: 'CENTRE_REFUSED', reason: 'unauthorized' },
    ])
  })

  test("hands the office's decisions to the station in order, page by page, signed", async () => {
    const station = await newStation()
    const cases = Array.from({ length: 205 }, (_, index) => station.receive(`翻页-${station.id}-${index}`))
    const client = station.client(centre.url)
    await client.push(station.batch())
    for (const caseId of cases) expect((await decide(caseId, 'accepted')).status).toBe(200)
    const first = await client.feed(0)
    const second = await client.feed(200)
    const end = await client.feed(205)
    const { signature, ...said } = first
    expect([first.items.length, first.more, second.items.length, second.more, end.items.length]).toEqual([
      200,
      true,
      5,
      false,
      0,
    ])
    expect([...first.items, ...second.items].map(({ payload }) => (payload as { caseId: string }).caseId)).toEqual(
      cases,
    )
    expect([
      verifyValue(station.centrePublicKey, said, signature),
      verifyValue(station.centrePublicKey, { ...said, after: 1 }, signature),
    ]).toEqual([true, false])
    expect(await failureOf(client.feed(206))).toMatchObject({ code: 'CENTRE_REFUSED', reason: 'feed_behind' })
  })

  test('gives no cursor twice after it was restored from an older copy', async () => {
    const station = await newStation()
    const caseId = station.receive(`恢复-${station.id}`)
    station.append({ kind: 'feed.applied', subject: 'station', payload: { from: 1, to: 7, hash: 'b'.repeat(64) } })
    const client = station.client(centre.url)
    await client.push(station.batch())
    await decide(caseId, 'accepted')
    const page = await client.feed(7)
    expect(page.items.map(({ cursor }) => cursor)).toEqual([8])
  })

  test('tells again what a station has otherwise, and behind it what came later about the same', async () => {
    const station = await newStation()
    const [one, other] = [station.receive(`再-${station.id}-1`), station.receive(`再-${station.id}-2`)]
    const client = station.client(centre.url)
    await client.push(station.batch())
    await decide(one, 'corrections')
    await decide(other, 'corrections')
    await decide(one, 'accepted')
    station.append({ kind: 'feed.applied', subject: 'station', payload: { from: 1, to: 1, hash: 'b'.repeat(64) } })
    await client.push(station.batch())
    const { items } = await client.feed(3)
    const told = items.map(({ payload, again }) => [(payload as { caseId: string }).caseId, again])
    expect(told).toEqual([
      [one, 1],
      [one, 3],
    ])
  })

  test("decides only as the case's state allows, and says what is possible", async () => {
    const station = await newStation()
    const caseId = station.receive(`步骤-${station.id}`)
    await station.client(centre.url).push(station.batch())
    const early = await (await decide(caseId, 'closed')).json()
    const made = []
    for (const step of ['corrections', 'corrections', 'accepted', 'approved', 'closed'])
      made.push((await decide(caseId, step)).status)
    const late = await (await decide(caseId, 'accepted')).json()
    expect(made).toEqual([200, 200, 200, 200, 200])
    expect([early.error, late.error]).toEqual(['step_not_legal', 'step_not_legal'])
    expect(early.message).toContain('accepted（已受理）')
    const found = await (await office('GET', `/cases/${encodeURIComponent(`步骤-${station.id}`)}`)).json()
    expect(found).toMatchObject({ caseId, state: 'closed' })
    expect((await station.client(centre.url).feed(0)).items).toHaveLength(5)
  })

  test('finds a case by the beginning of its number, and refuses one that fits two', async () => {
    const station = await newStation()
    const caseId = station.receive(`开头-${station.id}-a`)
    station.receive(`开头-${station.id}-b`)
    await station.client(centre.url).push(station.batch())
    const ask = async (name: string) => (await office('GET', `/cases/${encodeURIComponent(name)}`)).json()
    expect(await ask(caseId.slice(0, 20))).toMatchObject({ caseId })
    expect(await ask(`开头-${station.id}`)).toMatchObject({
      error: 'not_found',
      message: expect.stringContaining('不止一个'),
    })
    expect(await ask(randomUUID())).toMatchObject({ error: 'not_found' })
  })

  test('opens the back office to its token alone', async () => {
    const statuses = [
      (await office('GET', '/cases')).status,
      (await office('GET', '/cases', undefined, 'wrong')).status,
      (await office('POST', '/enrolment-codes', { stationId: '440282104208-9999', more: 1 })).status,
    ]
    expect(statuses).toEqual([200, 401, 400])
  })

  test('keeps kinds and versions that it does not know', async () => {
    const station = await newStation()
    station.append({ kind: 'case.received', version: 7, payload: { new: true } })
    station.append({ kind: 'case.received', payload: { broken: true } })
    station.append({ kind: 'future.kind' })
    await station.client(centre.url).push(station.batch())
    expect(await stored(station)).toEqual(ours(station))
  })

  test('works with a station whose clock is years off', async () => {
    const station = await newStation()
    station.append()
    const client = station.client(centre.url, () => Date.parse('2011-01-01T00:00:00.000Z'))
    await client.push(station.batch())
    expect(client.clockSkewMs()).toBeGreaterThan(14 * 365 * 24 * 3600 * 1000)
  })

  test('describes itself, and sends safe headers', async () => {
    const reply = await fetch(`${centre.url}/v1/openapi.json`)
    const description = await reply.json()
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(['/v1/enrolments', '/v1/stations/{id}/entries', '/v1/stations/{id}/feed', '/v1/health']),
    )
    expect(JSON.stringify(description)).not.toContain('"$ref":"#/$defs')
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describeOnPostgres('two gateways', (makeDatabase) => {
  test('answer for the same stations and keep one of each', async () => {
    const url = await makeDatabase()
    const databases = [openPostgres(url), openPostgres(url)]
    await Promise.all(databases.map(migrate))
    const gateways = await Promise.all(databases.map((database) => startGateway(database)))
    const [database, [one, two]] = [databases[0], gateways.map((gateway) => gateway.url)]
    if (database === undefined || one === undefined || two === undefined) throw new Error('two gateways are needed')
    const station = await enrolledStation(database, one, '440282104208-1')
    for (let index = 0; index < 40; index++) station.receive(`两台-${index}`)
    const clients = [station.client(one), station.client(two)]
    for (let from = 1; from <= 40; from += 8) {
      await Promise.all(
        clients.flatMap((client) => [
          client.push(station.batch(from, from + 7)),
          client.push(station.batch(1, from + 7)),
        ]),
      )
    }
    const rows = await database.query('select seq, hash from entries order by seq')
    const cases = await listCases(database)
    expect(rows).toEqual(station.entries.map(({ seq, hash }) => ({ seq, hash })))
    expect(new Set(cases.map(({ centreNumber }) => centreNumber)).size).toBe(40)
    expect(gateways.flatMap(({ bugs }) => bugs)).toEqual([])
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await Promise.all(databases.map((each) => each.close()))
  })
})
