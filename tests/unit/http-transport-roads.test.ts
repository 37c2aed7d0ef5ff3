import { once } from 'node:events'
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createHttpTransport, type TransportOptions } from '../../main/wire/transport/http-transport.ts'
import { chooseProxy } from '../../main/wire/transport/proxy-choice.ts'
import { startLinkEmulator } from '../helpers/link-emulator.ts'
import { makeServerAuthority, type ServerAuthority, type ServerCertificate } from '../helpers/server-certificates.ts'
import { temporaryFolder } from '../helpers/store.ts'

let authority: ServerAuthority
const folder = temporaryFolder()
beforeAll(() => {
  authority = makeServerAuthority(folder.path)
})
afterAll(() => folder[Symbol.dispose]())

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

async function listen<S extends Server>(server: S): Promise<S> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return server
}

const answer = (request: IncomingMessage, response: ServerResponse) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"centre":true}')
}

async function secureCentre(certificate: ServerCertificate) {
  const resumed: boolean[] = []
  const server = createHttpsServer(certificate, answer)
  server.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()))
  await listen(server as unknown as Server)
  return { port: portOf(server), resumed }
}

async function asked(url: string, options: TransportOptions = {}): Promise<string> {
  const transport = createHttpTransport(url, { environment: {}, stallMs: 1_000, ...options })
  onTestFinished(() => transport.close())
  return transport.send({ method: 'POST', path: '/v1', headers: {}, body: Buffer.from('{}') }).then(
    ({ body }) => body.toString('utf8'),
    ({ code, details }) => `${code} ${details.reason}`,
  )
}

const trusting = () => ({ environment: { CUNCHUANG_CA: authority.file } })
const centre = '{"centre":true}'

test("a county's own authority is trusted where its file is named, and nowhere else", async () => {
  const { port } = await secureCentre(authority.issue('IP:127.0.0.1'))
  const url = `https://127.0.0.1:${port}`
  expect([
    await asked(url, trusting()),
    await asked(url),
    await asked(url, { environment: { CUNCHUANG_CA: `${authority.file}.gone` } }),
  ]).toEqual([centre, 'CENTRE_UNREACHABLE tls-untrusted', 'CENTRE_UNREACHABLE tls-untrusted'])
})

test.each([
  ['has run out', 'IP:127.0.0.1', -1, 'CENTRE_UNREACHABLE tls-expired'],
  ['is for another name', 'DNS:elsewhere.test', 30, 'CENTRE_UNREACHABLE tls-name'],
])('a certificate that %s is told apart', async (_, names, days, expected) => {
  const { port } = await secureCentre(authority.issue(names, days))
  expect(await asked(`https://127.0.0.1:${port}`, trusting())).toBe(expected)
})

test('a server without TLS, and one that closes in the handshake, are told apart', async () => {
  const plain = await listen(createHttpServer(answer))
  const closing = createServer((socket) => socket.once('data', () => socket.destroy()))
  await listen(closing as unknown as Server)
  expect([
    await asked(`https://127.0.0.1:${portOf(plain)}`),
    await asked(`https://127.0.0.1:${portOf(closing)}`),
  ]).toEqual(['CENTRE_UNREACHABLE tls', 'CENTRE_UNREACHABLE cut'])
})

test('a return over TLS resumes its session', async () => {
  const { port, resumed } = await secureCentre(authority.issue('IP:127.0.0.1'))
  const link = await startLinkEmulator(`http://127.0.0.1:${port}`)
  const transport = createHttpTransport(link.url.replace('http:', 'https:'), trusting())
  onTestFinished(async () => {
    transport.close()
    await link.stop()
  })
  const ask = () => transport.send({ method: 'GET', path: '/', headers: {} })
  await ask()
  await ask()
  const first = link.upBytes() + link.downBytes()
  link.cut()
  await ask().catch(ask)
  expect(resumed).toEqual([false, true])
  expect(link.upBytes() + link.downBytes() - first).toBeLessThan(first)
})

test('a slow handshake is no stall, a silent one is', async () => {
  const { port } = await secureCentre(authority.issue('IP:127.0.0.1'))
  const slow = await startLinkEmulator(`http://127.0.0.1:${port}`, { downBytesPerSecond: 1_000 })
  const silent = await startLinkEmulator(`http://127.0.0.1:${port}`, { mode: 'half-open' })
  onTestFinished(async () => {
    await slow.stop()
    await silent.stop()
  })
  const options = { ...trusting(), stallMs: 400 }
  expect([
    await asked(slow.url.replace('http:', 'https:'), options),
    await asked(silent.url.replace('http:', 'https:'), options),
  ]).toEqual([centre, 'CENTRE_UNREACHABLE stalled'])
})

/** A proxy that knows where `centre.test` is: passes requests on, and bytes for CONNECT, unless it refuses. */
async function startProxy(centrePort: number, refuse?: number) {
  const seen: string[] = []
  const note = (request: IncomingMessage) =>
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? '-'}`)
  const proxy = createHttpServer((request, response) => {
    note(request)
    if (refuse !== undefined) {
      response.writeHead(refuse, { 'content-type': 'text/html' }).end('<h1>no</h1>')
      return
    }
    const { pathname } = new URL(request.url ?? '')
    const onward = { host: '127.0.0.1', port: centrePort, path: pathname, method: request.method ?? 'GET' }
    request.pipe(
      httpRequest(onward, (reply) => {
        response.writeHead(reply.statusCode ?? 0, reply.headers)
        reply.pipe(response)
      }),
    )
  })
  proxy.on('connect', (request: IncomingMessage, near: Socket) => {
    note(request)
    if (refuse !== undefined) {
      near.end(`HTTP/1.1 ${refuse} No\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const far = connect(centrePort, '127.0.0.1', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n')
      near.pipe(far).pipe(near)
    })
    far.on('error', () => near.destroy())
    near.on('close', () => far.destroy())
  })
  await listen(proxy)
  return { url: `http://127.0.0.1:${portOf(proxy)}`, seen }
}

test('a centre is reached through a proxy, with TLS to the centre and without, and the proxy is told who asks', async () => {
  const secure = await secureCentre(authority.issue('DNS:centre.test'))
  const plain = await listen(createHttpServer(answer))
  const toSecure = await startProxy(secure.port)
  const toPlain = await startProxy(portOf(plain))
  const named = toPlain.url.replace('http://', 'http://village:p%40ss@')
  expect([
    await asked('https://centre.test', { ...trusting(), proxyUrl: toSecure.url }),
    await asked('http://centre.test', { proxyUrl: named }),
  ]).toEqual([centre, centre])
  expect([...toSecure.seen, ...toPlain.seen]).toEqual([
    'CONNECT centre.test:443 -',
    'POST http://centre.test/v1 Basic dmlsbGFnZTpwQHNz',
  ])
})

test.each([407, 403, 502])('a proxy that answers %i refuses, whichever way it is asked', async (status) => {
  const { url } = await startProxy(1, status)
  expect([
    await asked('https://centre.test', { proxyUrl: url }),
    await asked('http://centre.test', { proxyUrl: url }),
  ]).toEqual(['CENTRE_UNREACHABLE proxy', 'CENTRE_UNREACHABLE proxy'])
})

test('a proxy that takes the connection and says nothing is a stall, one that is not there refuses', async () => {
  const silent = createServer(() => undefined)
  await listen(silent as unknown as Server)
  const proxyUrl = `http://127.0.0.1:${portOf(silent)}`
  expect([
    await asked('https://centre.test', { proxyUrl, stallMs: 200 }),
    await asked('https://centre.test', { proxyUrl: 'http://127.0.0.1:1' }),
  ]).toEqual(['CENTRE_UNREACHABLE stalled', 'CENTRE_UNREACHABLE refused'])
})

test('which proxy: the one that is set, else as the environment says, never for this machine', () => {
  const environment = {
    HTTPS_PROXY: 'proxy.test:3128',
    http_proxy: 'http://plain.test:8080',
    NO_PROXY: 'county.test,.inner.test, 10.1.2.3:8443',
  }
  const choose = (url: string, chosen?: string | null) => chooseProxy(new URL(url), { chosen, environment })
  expect([
    choose('https://centre.test'),
    choose('http://centre.test'),
    choose('https://centre.test', 'http://mine.test:1'),
    choose('https://county.test'),
    choose('https://a.county.test'),
    choose('https://b.inner.test', null),
    choose('https://10.1.2.3:8443'),
    choose('https://10.1.2.3'),
    choose('http://127.0.0.1:8080', 'http://mine.test:1'),
    chooseProxy(new URL('https://centre.test'), { environment: { ...environment, NO_PROXY: '*' } }),
    chooseProxy(new URL('https://centre.test'), { environment: { HTTPS_PROXY: 'socks5://proxy.test' } }),
  ]).toEqual([
    'http://proxy.test:3128',
    'http://plain.test:8080',
    'http://mine.test:1',
    undefined,
    undefined,
    undefined,
    undefined,
    'http://proxy.test:3128',
    ...[undefined, undefined, undefined],
  ])
})
