import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../central/migrations/index.ts'
import { FrameEncoder, frameLimits, framesMediaType } from '../../main/wire/packing/frame-codec.ts'
import { decodePage, pageMediaType } from '../../main/wire/packing/page-codec.ts'
import { makeKeyPair, signerOf, signRequest } from '../../main/wire/signatures.ts'
import { enrolledStation, TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { builtBatch, framesOf } from '../helpers/frames.ts'

describeOnEachDatabase('frames at the centre', migrate, (centre) => {
  let count = 0
  const newStation = async (cases: number) => {
    const station = await enrolledStation(centre.database, centre.url, `440282104208-${++count}`)
    for (let number = 1; number <= cases; number++) station.receive(`${station.id}-${number}`)
    return station
  }
  const stored = async (station: TestStation) =>
    (
      await centre.database.query<{ hash: string }>('select hash from entries where station_id = $1 order by seq', [
        station.id,
      ])
    ).map(({ hash }) => hash)
  const hashesOf = (station: TestStation, upTo = station.entries.length) =>
    station.entries.slice(0, upTo).map(({ hash }) => hash)
  const failureOf = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      ({ code, details }) => `${code} ${details.reason ?? details.seq}`,
    )
  const send = (station: TestStation, parts: readonly Uint8Array[]) =>
    station.client(centre.url).pushFrames(async function* () {
      yield* parts
    })
  /** A signed request of frames whose body the test writes itself. */
  const open = (
    station: TestStation,
    bend: { path?: string; keys?: { privateKey: string }; unsigned?: boolean; agent?: Agent } = {},
  ) => {
    const path = bend.path ?? `/v1/stations/${station.id}/entries`
    const createdSeconds = Math.floor(Date.now() / 1000)
    const signer = { keyId: station.id, sign: signerOf((bend.keys ?? station.keys).privateKey), createdSeconds }
    const signed = bend.unsigned ? {} : signRequest({ method: 'POST', path, body: undefined }, signer)
    const outgoing = httpRequest(centre.url + path, {
      method: 'POST',
      headers: { 'content-type': framesMediaType, ...signed },
      ...(bend.agent && { agent: bend.agent }),
    })
    const answer = once(outgoing, 'response').then(async ([reply]) => {
      let text = ''
      for await (const part of reply) text += part
      return { status: reply.statusCode, body: JSON.parse(text) }
    })
    return { outgoing, answer }
  }
  const refusalOf = async (station: TestStation, parts: readonly Uint8Array[], bend = {}) => {
    const { outgoing, answer } = open(station, bend)
    outgoing.end(Buffer.concat(parts))
    const { status, body } = await answer
    return { said: `${status} ${body.error}`, acknowledged: body.acknowledged, words: body.message }
  }

  test('each frame is durable as soon as its bytes are there, and a cut costs only what was not', async () => {
    const station = await newStation(9)
    const [start, first, second, third] = await framesOf(station, 1, 3)
    if (!start || !first || !second || !third) throw new Error('frames are needed')
    const { outgoing, answer } = open(station)
    answer.catch(() => undefined)
    outgoing.on('error', () => undefined)
    outgoing.write(Buffer.concat([start, first]))
    const client = station.client(centre.url)
    for (;;) {
      const { acknowledged, hash } = await client.head()
      if (acknowledged === 0) continue
      expect({ acknowledged, hash }).toEqual({ acknowledged: 3, hash: station.headAt(3).hash })
      break
    }
    outgoing.write(Buffer.concat([second, third.subarray(0, third.byteLength - 1)]))
    while ((await client.head()).acknowledged < 6);
    outgoing.destroy()
    expect(await stored(station)).toEqual(hashesOf(station, 6))
    const rest = await send(station, await framesOf(station, 7, 3))
    expect(rest).toMatchObject({ acknowledged: 9, hash: station.head.hash })
    expect(await stored(station)).toEqual(hashesOf(station))
  })

  test('frames may come any number of times, at once, and overlap; each entry is kept once', async () => {
    const station = await newStation(12)
    const requests = await Promise.all([1, 1, 1].map((from) => framesOf(station, from, 5)))
    const answers = await Promise.all(requests.map((parts) => send(station, parts)))
    answers.push(await send(station, await framesOf(station, 4, 2)))
    expect(answers.map(({ acknowledged }) => acknowledged)).toEqual([12, 12, 12, 12])
    expect(await stored(station)).toEqual(hashesOf(station))
  })

  test('what is not the station’s own request is refused before a frame is read', async () => {
    const [station, other] = [await newStation(2), await newStation(0)]
    const parts = await framesOf(station)
    const stranger = new TestStation('440282999999-1')
    const path = `/v1/stations/${other.id}/entries`
    const said = [
      await refusalOf(station, parts, { unsigned: true }),
      await refusalOf(station, parts, { keys: makeKeyPair() }),
      await refusalOf(station, parts, { path }),
      await refusalOf(stranger, parts),
    ].map((refusal) => refusal.said)
    expect(said).toEqual(['401 unauthorized', '401 unauthorized', '401 unauthorized', '404 station_unknown'])
    expect(await stored(station)).toEqual([])
  })

  test('a connection whose frames were refused early answers what comes next on it', { timeout: 10_000 }, async () => {
    const station = await newStation(3)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const refused = await refusalOf(station, [Buffer.from('<html>login</html>'), Buffer.alloc(700_000)], { agent })
    const { outgoing, answer } = open(station, { agent })
    outgoing.end(Buffer.concat(await framesOf(station)))
    expect([refused.said, (await answer).status, outgoing.reusedSocket]).toEqual(['400 malformed', 200, true])
    expect(await stored(station)).toEqual(hashesOf(station))
  })

  test('a bad frame is refused in words with what was taken before it, and the rest goes on', async () => {
    const station = await newStation(9)
    const foreign = await newStation(3)
    const [start, first, second, third] = await framesOf(station, 1, 3)
    const [, foreignFrame] = await framesOf(foreign, 1, 3)
    if (!start || !first || !second || !third || !foreignFrame) throw new Error('frames are needed')
    const encoder = new FrameEncoder()
    const forged = [
      encoder.start(),
      await encoder.encode(builtBatch(station, 1, 3)),
      await encoder.encode(builtBatch(station, 4, 6, makeKeyPair().privateKey)),
    ]
    const huge = Buffer.concat([Buffer.from([0xff, 0xff, 0x7f, 0]), Buffer.alloc(100)])
    const refusals = {
      unsigned: await refusalOf(station, forged),
      truncated: await refusalOf(station, [start, first, second.subarray(0, 40)]),
      reordered: await refusalOf(station, [start, first, third]),
      doubled: await refusalOf(station, [start, first, first]),
      foreign: await refusalOf(station, [start, first, foreignFrame]),
      anothers: await refusalOf(station, [start, foreignFrame]),
      oversized: await refusalOf(station, [start, first, huge]),
      nothing: await refusalOf(station, []),
      noise: await refusalOf(station, [Buffer.from('<html>login</html>')]),
    }
    expect(
      Object.fromEntries(
        Object.entries(refusals).map(([name, { said, acknowledged }]) => [name, `${said} ${acknowledged}`]),
      ),
    ).toEqual({
      unsigned: '400 malformed 3',
      truncated: '400 malformed 3',
      reordered: '400 malformed 3',
      doubled: '400 malformed 3',
      foreign: '400 malformed 3',
      anothers: '400 malformed 3',
      oversized: '413 too_large 3',
      nothing: '400 malformed 3',
      noise: '400 malformed 3',
    })
    expect(Object.values(refusals).every(({ words }) => /[一-龥]/.test(words))).toBe(true)
    expect(await stored(station)).toEqual(hashesOf(station, 3))
    await send(station, await framesOf(station, 1, 4))
    expect(await stored(station)).toEqual(hashesOf(station))
  })

  test('a cloned station is refused in the middle of its frames; nothing is overwritten', async () => {
    const station = await newStation(3)
    const clone = station.clone()
    for (const number of [1, 2]) station.receive(`${station.id}-own-${number}`)
    for (const number of [1, 2, 3]) clone.receive(`${station.id}-clone-${number}`)
    await send(station, await framesOf(station, 1, 2))
    expect(await failureOf(send(clone, await framesOf(clone, 1, 2)))).toBe('LEDGER_FORKED 4')
    expect(await stored(station)).toEqual(hashesOf(station))
  })

  test('says where the chain stands, signed, to the station alone', async () => {
    const [station, other] = [await newStation(2), await newStation(0)]
    await send(station, await framesOf(station))
    expect(await station.client(centre.url).head()).toMatchObject({ acknowledged: 2, hash: station.head.hash })
    other.centrePublicKey = makeKeyPair().publicKey
    expect(await failureOf(other.client(centre.url).head())).toBe('CENTRE_NONSENSE signature')
  })

  test('a frame of the longest kind passes, one entry longer does not', async () => {
    const station = await newStation(0)
    for (let index = 0; index < 1000; index++) station.append({ subject: 'station', payload: { index } })
    const [start, frame] = await framesOf(station, 1, frameLimits.entries)
    if (!start || !frame) throw new Error('a frame is needed')
    expect(await send(station, [start, frame])).toMatchObject({ acknowledged: 1000 })
    for (let index = 0; index <= 1000; index++) station.append({ subject: 'station', payload: { index } })
    const tooLong = await framesOf(station, 1001, frameLimits.entries + 1)
    expect(await refusalOf(station, tooLong)).toMatchObject({ said: '400 malformed', acknowledged: 1000 })
  })

  test('pages of the feed come deflated to whoever accepts them, and end where they hold enough', async () => {
    const station = await newStation(0)
    const text = '准予通过'.repeat(20_000)
    const payloads = [text, text, text, 'short', 'short']
    for (const [index, payload] of payloads.entries())
      await centre.database.query(
        `insert into feed (station_id, cursor, kind, payload, made_at) values ($1, $2, 'of.tomorrow', $3, now())`,
        [station.id, index + 1, JSON.stringify({ payload })],
      )
    await centre.database.query('update stations set feed_cursor = 5 where station_id = $1', [station.id])
    const client = station.client(centre.url)
    const [one, two] = [await client.feed(0), await client.feed(2)]
    const pages = [one, two].map(({ items, more }) => ({ cursors: items.map(({ cursor }) => cursor), more }))
    expect(pages).toEqual([
      { cursors: [1, 2], more: true },
      { cursors: [3, 4, 5], more: false },
    ])
    const asked = { method: 'GET', path: `/v1/stations/${station.id}/feed?after=0` } as const
    const plain = await client.send(asked)
    const deflated = await client.send({ ...asked, headers: { accept: pageMediaType } })
    const { items } = await decodePage(deflated.body)
    expect(JSON.parse(plain.body.toString()).items).toEqual(items)
    expect(deflated.body.byteLength * 100).toBeLessThan(plain.body.byteLength)
  })
})
