import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import {
  createHttpTransport,
  type TransportOptions,
  type TransportRequest,
} from '../../main/wire/transport/http-transport.ts'
import { type LinkShape, startLinkEmulator } from '../helpers/link-emulator.ts'

/** A server that answers as the test says, behind a link, and a transport to it. */
async function talkTo(answer: RequestListener, options: TransportOptions = {}, shape: LinkShape = {}) {
  const server = createHttpServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const link = await startLinkEmulator(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, shape)
  const transport = createHttpTransport(link.url, { stallMs: 400, environment: {}, ...options })
  onTestFinished(async () => {
    transport.close()
    await link.stop()
    server.closeAllConnections()
    server.close()
  })
  return { link, transport }
}

/** Reads a request to its end and tells what came. */
const tellBack: RequestListener = async (request, response) => {
  let bytes = 0
  try {
    for await (const piece of request) bytes += (piece as Buffer).byteLength
  } catch {
    // The link was cut: nobody waits for the answer.
    return
  }
  const { method, url } = request
  const said = JSON.stringify({ method, url, bytes, length: request.headers['content-length'] ?? null })
  response.writeHead(200, { 'content-type': 'application/json', 'upload-offset': String(bytes) })
  response.end(method === 'HEAD' ? '' : said)
}

const ask = (more: Partial<TransportRequest> = {}): TransportRequest => ({
  ...{ method: 'POST', path: '/v1/things?x=1', headers: {} },
  ...more,
})
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    ({ code, details }) => `${code} ${details?.reason}`,
  )

async function* pieces(count: number, bytes: number) {
  for (let piece = 0; piece < count; piece++) yield Buffer.alloc(bytes)
}

test('bodies go as they are made, with their size or in chunks, by every method', async () => {
  const { transport } = await talkTo(tellBack)
  const said = async (request: TransportRequest) => JSON.parse((await transport.send(request)).body.toString('utf8'))
  const url = '/v1/things?x=1'
  expect([
    await said(ask({ body: Buffer.alloc(70_000) })),
    await said(ask({ method: 'PATCH', body: { stream: pieces(5, 20_000), sizeBytes: 100_000 } })),
    await said(ask({ body: { stream: pieces(3, 1_000) } })),
    await said(ask({ method: 'DELETE' })),
  ]).toEqual([
    { method: 'POST', url, bytes: 70_000, length: '70000' },
    { method: 'PATCH', url, bytes: 100_000, length: '100000' },
    { method: 'POST', url, bytes: 3_000, length: null },
    { method: 'DELETE', url, bytes: 0, length: null },
  ])
  const head = await transport.send(ask({ method: 'HEAD' }))
  expect(head).toMatchObject({ status: 200, headers: { 'upload-offset': '0' }, contentType: 'application/json' })
  expect(head.body.byteLength).toBe(0)
})

test('who sends hears how much has left as the link carries it, and at the end of all of it', async () => {
  const heard: number[] = []
  const carried: number[] = []
  const meter = {
    sent: () => undefined,
    received: () => undefined,
    carried: (bytes: number, milliseconds: number) => carried.push((bytes * 1000) / milliseconds),
  }
  const { transport } = await talkTo(tellBack, { stallMs: 2_000, meter }, { upBytesPerSecond: 20_000 })
  const before = performance.now()
  await transport.send(ask({ body: Buffer.alloc(80_000), onSent: (bytes) => heard.push(bytes) }))
  const elapsedMs = performance.now() - before
  const rate = carried[0] ?? 0
  expect(heard.at(-1)).toBe(80_000)
  expect(heard).toEqual(heard.toSorted((one, other) => one - other))
  expect(elapsedMs).toBeGreaterThan(3_000)
  if (process.platform === 'linux') {
    expect(heard.filter((bytes) => bytes > 0 && bytes < 80_000).length).toBeGreaterThan(3)
    expect(rate).toBeGreaterThan(10_000)
    expect(rate).toBeLessThan(40_000)
  }
})

test('once a request is over, by a cut or by its sender, nothing more is told of it', async () => {
  const { transport, link } = await talkTo(tellBack, { stallMs: 2_000 }, { upBytesPerSecond: 100_000 })
  let isOver = true
  let late = 0
  for (let turn = 0; turn < 12; turn++) {
    const stop = new AbortController()
    const onSent = () => {
      if (isOver) late += 1
    }
    isOver = false
    const sending = failureOf(transport.send(ask({ body: Buffer.alloc(400_000), onSent, signal: stop.signal })))
    await link.passed(20_000)
    if (turn % 2 === 0) link.cut()
    else stop.abort()
    expect(await sending).toBe(`CENTRE_UNREACHABLE ${turn % 2 === 0 ? 'cut' : 'stopped'}`)
    isOver = true
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  expect(late).toBe(0)
})

test.runIf(process.platform === 'linux')('little is handed to the system ahead of what the link carries', async () => {
  let given = 0
  async function* body() {
    for await (const piece of pieces(50, 10_000)) {
      given += piece.byteLength
      yield piece
    }
  }
  const { transport, link } = await talkTo(tellBack, { stallMs: 2_000 }, { upBytesPerSecond: 20_000 })
  const stop = new AbortController()
  const sending = failureOf(transport.send(ask({ body: { stream: body() }, signal: stop.signal })))
  await link.passed(20_000)
  expect(given - link.upBytes()).toBeLessThan(80_000)
  stop.abort()
  expect(await sending).toBe('CENTRE_UNREACHABLE stopped')
})

test('slowness is no stall: an answer that takes many times as long as silence may is waited for', async () => {
  const answer: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(2_000)}"`)
  const { transport } = await talkTo(answer, { stallMs: 200 }, { downBytesPerSecond: 1_500 })
  const begun = performance.now()
  const { body } = await transport.send(ask())
  expect(body.byteLength).toBe(2_002)
  expect(performance.now() - begun).toBeGreaterThan(1_000)
})

test.each<[string, LinkShape]>([
  ['a half-open link', { mode: 'half-open' }],
  ['a slow loris', { mode: 'slow-loris' }],
])('%s is a stall', async (_, shape) => {
  const { transport } = await talkTo(tellBack, {}, shape)
  expect(await failureOf(transport.send(ask({ body: Buffer.alloc(1_000) })))).toBe('CENTRE_UNREACHABLE stalled')
})

test('a link that falls silent in the middle of a large body is a stall, also where the system goes on taking bytes', async () => {
  const { transport, link } = await talkTo(tellBack, {}, { upBytesPerSecond: 200_000 })
  const sending = failureOf(transport.send(ask({ body: { stream: pieces(10_000, 10_000) } })))
  await link.passed(100_000)
  link.shape({ mode: 'half-open' })
  expect(await sending).toBe('CENTRE_UNREACHABLE stalled')
})

test.each<[string, LinkShape, string]>([
  ['a cut in the middle', { cutAfterUpBytes: 5_000 }, 'CENTRE_UNREACHABLE cut'],
  ['a cut in the answer', { cutAfterDownBytes: 20 }, 'CENTRE_UNREACHABLE cut'],
  ['a reset', { mode: 'reset' }, 'CENTRE_UNREACHABLE cut'],
  ['a captive portal', { mode: 'portal' }, 'CENTRE_UNREACHABLE portal'],
  ["a portal's redirect", { mode: 'redirect' }, 'CENTRE_UNREACHABLE portal'],
])('%s is told apart', async (_, shape, expected) => {
  const { transport } = await talkTo(tellBack, {}, shape)
  expect(await failureOf(transport.send(ask({ body: Buffer.alloc(50_000) })))).toBe(expected)
})

test.each<[string, string, string]>([
  ['nobody at the address', 'http://127.0.0.1:1', 'CENTRE_UNREACHABLE refused'],
  ['a name that does not exist', 'http://centre.invalid', 'CENTRE_UNREACHABLE name'],
  ['no road there', 'http://255.255.255.255', 'CENTRE_UNREACHABLE no-route'],
])('%s is told apart', async (_, url, expected) => {
  const transport = createHttpTransport(url, { environment: {}, stallMs: 5_000 })
  expect(await failureOf(transport.send(ask()))).toBe(expected)
})

test('somebody who speaks no HTTP is not believed', async () => {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined)
    socket.end('220 mail.example.invalid ready\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await failureOf(createHttpTransport(url, { environment: {} }).send(ask()))).toBe('CENTRE_NONSENSE http')
})

test('the budget is kept both ways, and waiting for it is no stall', async () => {
  const asked: string[] = []
  const pace = (bytes: number, way: 'up' | 'down') => {
    asked.push(`${way} ${bytes}`)
    return new Promise<void>((resolve) => setTimeout(resolve, bytes === 1024 ? 150 : 0))
  }
  const { transport } = await talkTo(tellBack, { pace, stallMs: 100 })
  const { status } = await transport.send(ask({ headers: { accept: 'x' }, body: Buffer.alloc(3_000) }))
  expect([status, asked.at(-1)?.split(' ')[0]]).toEqual([200, 'down'])
  expect(asked.slice(0, 4)).toEqual(['up 11', 'up 1024', 'up 1024', 'up 952'])
})

test('what a body throws comes out as it is, and an early answer ends a body that is not wanted', async () => {
  const { transport } = await talkTo((_request, response) => {
    response.writeHead(409, { 'content-type': 'application/json' }).end('{"error":"malformed"}')
  })
  async function* broken() {
    yield Buffer.alloc(10)
    throw new TypeError('the disk is gone')
  }
  async function* endless() {
    for (;;) {
      yield Buffer.alloc(1_000)
      await new Promise(setImmediate)
    }
  }
  const slow = await talkTo(tellBack)
  await expect(slow.transport.send(ask({ body: { stream: broken() } }))).rejects.toThrow(TypeError)
  expect(await transport.send(ask({ body: { stream: endless() } }))).toMatchObject({ status: 409 })
})

test('a connection is kept, and what moved on it is counted once', async () => {
  const counted = { sent: 0, received: 0, trips: 0 }
  const meter = {
    sent: (bytes: number) => {
      counted.sent += bytes
    },
    received: (bytes: number) => {
      counted.received += bytes
    },
    roundTrip: () => {
      counted.trips += 1
    },
  }
  const { transport, link } = await talkTo(tellBack, { meter })
  for (let round = 0; round < 3; round++) await transport.send(ask({ method: 'GET' }))
  await transport.send(ask({ body: Buffer.alloc(40_000) }))
  expect({ connections: link.connections(), ...counted }).toEqual({
    ...{ connections: 1, sent: link.upBytes(), received: link.downBytes(), trips: 3 },
  })
})
