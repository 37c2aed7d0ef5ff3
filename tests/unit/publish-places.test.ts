import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { Refusal } from '../../central/refusal.ts'
import { publishPlaces } from '../../central/standards/publish-places.ts'

const type = 'application/vnd.test'

/** A gateway with two places for releases that are on their way. */
async function start() {
  const app = Fastify()
  app.addContentTypeParser(type, { parseAs: 'buffer' }, async () => undefined)
  app.setErrorHandler((error, _request, reply) =>
    error instanceof Refusal ? reply.status(error.status).send(error.body) : reply.status(500).send({}),
  )
  const places = publishPlaces({ arriving: 2, graceMs: 100 })
  app.post('/', { onRequest: places.arrive, preValidation: places.judge }, async () => 'taken')
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return { app, port }
}

/** Begins a body of 4 MB, of which so many bytes come. */
async function begin(port: number, bytes: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 4000000\r\n\r\n`)
  socket.write(Buffer.alloc(bytes))
  return socket
}

const publish = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { 'content-type': type }, body: 'release' })

test('whoever sits on all places with bodies that crawl gives way to who publishes, the slowest first', async () => {
  const { app, port } = await start()
  const [faster, slower] = [await begin(port, 50_000), await begin(port, 1)]
  const ended = once(slower, 'close')
  slower.on('error', () => undefined).resume()
  await expect.poll(async () => (await publish(port)).status, { interval: 60, timeout: 5000 }).toBe(200)
  await ended
  expect(faster.destroyed).toBe(false)
  expect((await publish(port)).status).toBe(200)
  faster.destroy()
  await app.close()
})
