import { once } from 'node:events'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import Fastify from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { boundPushes } from '../../central/admission.ts'
import { type Database, openEmbedded } from '../../central/database.ts'
import { buildGateway } from '../../central/gateway.ts'
import { loadIdentity } from '../../central/identity.ts'
import { meter } from '../../central/metrics/meter.ts'
import { migrate } from '../../central/migrations/index.ts'
import { batchMediaType } from '../../main/wire/packing/push-codec.ts'
import { enrolledStation, type TestStation } from '../helpers/centre.ts'

const now = () => new Date()

describe('a gateway with two places for pushes', () => {
  let database: Database
  let gateway: Awaited<ReturnType<typeof buildGateway>>
  let url: string
  let station: TestStation

  beforeAll(async () => {
    database = await openEmbedded()
    await migrate(database)
    const identity = await loadIdentity(database, '测试中心', now())
    gateway = await buildGateway({
      database,
      identity,
      now,
      pushPlaces: 2,
      onBug: (_incident, error) => expect(error).toBeNull(),
    })
    url = await gateway.listen({ port: 0, host: '127.0.0.1' })
    station = await enrolledStation(database, url, '440282104208-1')
    station.append()
  })
  afterAll(async () => {
    await gateway.close()
    await database.close()
  })

  /** A push whose body has begun and does not end. */
  const beginPush = async () => {
    const before = meter.pushesInWork
    const sending = openPush(`${url}/v1/stations/${station.id}/entries`)
    sending.write('x')
    await until(() => meter.pushesInWork > before)
    return sending
  }

  test('sends the third away before its body is read, with a time to come back, and takes it when a place is free', async () => {
    const [one, other] = [await beginPush(), await beginPush()]
    const third = openPush(`${url}/v1/stations/${station.id}/entries`)
    third.flushHeaders()
    const [reply] = (await once(third, 'response')) as [IncomingMessage]
    const said = JSON.parse(await textOf(reply))
    const client = station.client(url)
    const refusal = await client.push(station.batch()).catch((error: unknown) => error)
    one.destroy()
    await until(() => meter.pushesInWork === 1)
    const taken = await client.push(station.batch())
    client.close()
    other.destroy()
    await until(() => meter.pushesInWork === 0)
    expect({ status: reply.statusCode, error: said.error, retryAfter: reply.headers['retry-after'] }).toEqual({
      status: 429,
      error: 'busy',
      retryAfter: String(said.retryAfterSeconds),
    })
    expect(said.retryAfterSeconds).toBeGreaterThanOrEqual(2)
    expect(refusal).toMatchObject({ code: 'CENTRE_UNREACHABLE', details: { reason: 'busy' } })
    expect(taken.acknowledged).toBe(1)
  })

  test('gives feed and health while every place is taken', async () => {
    const pushes = [await beginPush(), await beginPush()]
    const client = station.client(url)
    const page = await client.feed(0)
    const health = await fetch(`${url}/v1/health`)
    client.close()
    for (const push of pushes) push.destroy()
    await until(() => meter.pushesInWork === 0)
    expect([page.after, health.status]).toEqual([0, 200])
  })
})

describe('places for pushes that are looked at every 300 ms', () => {
  const closers: (() => Promise<void>)[] = []
  beforeEach(() => until(() => meter.pushesInWork === 0))
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  /** Two places; who sends less than `silentBytes` between two inspections is silent. */
  const openPlaces = async (silentBytes: number) => {
    const app = Fastify({ bodyLimit: 1 << 20 })
    boundPushes(app, { places: 2, inspectEveryMs: 300, silentBytes })
    app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body.byteLength)
    app.post('/v1/enrolments', async (request) => ({ taken: request.body }))
    app.post('/v1/stations/:id/entries', async (request) => ({ taken: request.body }))
    closers.push(() => app.close())
    return `${await app.listen({ port: 0, host: '127.0.0.1' })}/v1/stations/1/entries`
  }

  test('keep a slow push to its end and end one that falls silent, though it wakes for a byte', async () => {
    const url = await openPlaces(1024)
    const slow = drip(url, 400, 20)
    const silent = drip(url, 1, 60)
    const ended = once(silent.sending, 'error').then(([error]) => (error as NodeJS.ErrnoException).code)
    expect(await ended).toMatch(/ECONNRESET|EPIPE/)
    silent.stop()
    const sentByThen = slow.sent()
    await until(() => slow.sent() > sentByThen + 2000)
    slow.finish()
    const [reply] = (await once(slow.sending, 'response')) as [IncomingMessage]
    expect(JSON.parse(await textOf(reply))).toEqual({ taken: slow.sent() })
  })

  test('end any other request too that falls silent in its body, whoever sends it', async () => {
    const url = (await openPlaces(1024)).replace(/stations.*/, 'enrolments')
    const silent = drip(url, 1, 60)
    const [error] = await once(silent.sending, 'error')
    silent.stop()
    expect((error as NodeJS.ErrnoException).code).toMatch(/ECONNRESET|EPIPE/)
  })

  test('give the place of the slowest crawler to a newcomer, once it has had time to show its speed', async () => {
    const dropped = meter.pushesDropped
    const turnedAway = meter.pushesTurnedAway
    const url = await openPlaces(0)
    const [crawler, slow] = [drip(url, 1, 60), drip(url, 400, 20)]
    const ended = once(crawler.sending, 'error')
    await until(() => meter.pushesInWork === 2)
    const answers: number[] = []
    while (answers.at(-1) !== 200)
      answers.push(
        (await fetch(url, { method: 'POST', body: new Uint8Array(9), headers: { 'content-type': batchMediaType } }))
          .status,
      )
    await ended
    crawler.stop()
    slow.finish()
    const [reply] = (await once(slow.sending, 'response')) as [IncomingMessage]
    await textOf(reply)
    expect(answers[0]).toBe(429)
    expect(meter.pushesTurnedAway - turnedAway).toBe(answers.length - 1)
    expect({ dropped: meter.pushesDropped - dropped, status: reply.statusCode }).toEqual({ dropped: 1, status: 200 })
  })
})

function openPush(url: string): ClientRequest {
  const headers = { 'content-type': batchMediaType, 'content-length': 50_000 }
  const sending = httpRequest(url, { method: 'POST', headers, agent: false })
  sending.on('error', () => undefined)
  return sending
}

/** A push that sends so many bytes every so many milliseconds, until it is told to finish or stop. */
function drip(url: string, bytes: number, everyMs: number) {
  const sending = httpRequest(url, { method: 'POST', headers: { 'content-type': batchMediaType }, agent: false })
  sending.on('error', () => undefined)
  let sent = 0
  const timer = setInterval(() => {
    sent += bytes
    sending.write('x'.repeat(bytes))
  }, everyMs)
  const stop = () => clearInterval(timer)
  const finish = () => {
    stop()
    sending.end()
  }
  return { sending, sent: () => sent, stop, finish }
}

async function textOf(reply: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of reply) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
