import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { watchSocket } from '../../main/wire/transport/socket-progress.ts'
import { type LinkShape, startLinkEmulator } from '../helpers/link-emulator.ts'

/** A server that sends back what it hears, behind a link of this shape. */
async function echoBehind(shape: LinkShape) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const link = await startLinkEmulator(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, shape)
  const sockets: Socket[] = []
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await link.stop()
    server.close()
  })
  const open = () => {
    const socket = connect(Number(new URL(link.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    sockets.push(socket)
    return socket
  }
  return { link, open }
}

/** Sends bytes and reads as many back; says how long it took. */
async function roundTrip(socket: Socket, bytes: Buffer): Promise<{ digest: string; elapsedMs: number }> {
  const begun = performance.now()
  const hash = createHash('sha256')
  let heard = 0
  const whole = new Promise<void>((resolve) => {
    socket.on('data', (piece: Buffer) => {
      hash.update(piece)
      heard += piece.byteLength
      if (heard >= bytes.byteLength) resolve()
    })
  })
  socket.write(bytes)
  await whole
  return { digest: hash.digest('hex'), elapsedMs: performance.now() - begun }
}

/** Also of a socket that is reset. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))
const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

test('a link of no shape carries everything unchanged and counts it', async () => {
  const { link, open } = await echoBehind({})
  const bytes = randomBytes(300_000)
  const { digest } = await roundTrip(open(), bytes)
  expect([digest, link.upBytes(), link.downBytes(), link.connections()]).toEqual([digestOf(bytes), 300_000, 300_000, 1])
})

test('the rate of a way is kept, and all connections share it', async () => {
  const { open } = await echoBehind({ upBytesPerSecond: 40_000 })
  const times = await Promise.all([roundTrip(open(), randomBytes(10_000)), roundTrip(open(), randomBytes(10_000))])
  const slowest = Math.max(...times.map(({ elapsedMs }) => elapsedMs))
  expect(slowest).toBeGreaterThan(450)
})

test('pieces come late by the delay and its jitter, in order', async () => {
  const { open } = await echoBehind({ delayMs: 40, jitterMs: 30 })
  const bytes = randomBytes(50_000)
  const begun = performance.now()
  const { digest } = await roundTrip(open(), bytes)
  expect(digest).toBe(digestOf(bytes))
  // Two ways to connect, two for the bytes.
  expect(performance.now() - begun).toBeGreaterThan(155)
})

test('a connection is reset after exactly so many bytes, and the next one as well', async () => {
  const { link, open } = await echoBehind({ cutAfterUpBytes: 5_000 })
  for (const passed of [5_000, 10_000]) {
    const socket = open()
    socket.write(Buffer.alloc(20_000))
    await closed(socket)
    expect(link.upBytes()).toBe(passed)
  }
})

test('what is open is cut again and again', async () => {
  const { open } = await echoBehind({ cutEveryMs: 50 })
  for (let round = 0; round < 3; round++) {
    const socket = open()
    await once(socket, 'connect')
    await closed(socket)
  }
})

test('a half-open link stands and is silent, and goes on where it was when it heals', async () => {
  const { link, open } = await echoBehind({ mode: 'half-open' })
  const socket = open()
  await once(socket, 'connect')
  const answer = roundTrip(socket, Buffer.from('still there?'))
  const good = await echoBehind({})
  for (let round = 0; round < 20; round++) await roundTrip(good.open(), randomBytes(50_000))
  const silent = link.downBytes()
  link.shape({ mode: 'pass' })
  await answer
  expect([silent, link.downBytes()]).toEqual([0, 12])
})

test('a reset comes after the handshake', async () => {
  const { open } = await echoBehind({ mode: 'reset' })
  const socket = open()
  await closed(socket)
  expect(socket.bytesRead).toBe(0)
})

test.each([
  ['portal', 'HTTP/1.1 200 OK', 'content-type: text/html'],
  ['redirect', 'HTTP/1.1 302 Found', 'location: http://portal.invalid/login'],
] as const)('a %s answers every request itself', async (mode, first, header) => {
  const { open, link } = await echoBehind({ mode })
  const socket = open()
  let heard = ''
  socket.on('data', (piece: Buffer) => {
    heard += piece.toString('utf8')
  })
  socket.write('GET / HTTP/1.1\r\nhost: centre\r\n\r\n')
  await once(socket, 'end')
  expect([heard.split('\r\n')[0], heard.includes(header), link.upBytes()]).toEqual([first, true, 0])
})

test('a slow loris gives a byte at a time', async () => {
  const { open, link } = await echoBehind({ mode: 'slow-loris' })
  const socket = open()
  socket.write('many bytes')
  const [piece] = (await once(socket, 'data')) as [Buffer]
  expect([piece.byteLength, link.downBytes()]).toEqual([1, 1])
})

test.runIf(process.platform === 'linux')('little is hidden in the buffers of a slow link', async () => {
  const { open, link } = await echoBehind({ upBytesPerSecond: 2_000 })
  const socket = open()
  socket.write(Buffer.alloc(200_000))
  await link.passed(2_000)
  expect(watchSocket(socket)().sent - link.upBytes()).toBeLessThan(16_000)
})
