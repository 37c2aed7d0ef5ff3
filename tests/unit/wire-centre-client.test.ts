import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createCentreClient } from '../../main/wire/centre-client.ts'
import { makeKeyPair, signerOf, signValue } from '../../main/wire/signatures.ts'
import { createHttpTransport } from '../../main/wire/transport/http-transport.ts'
import type { FeedItem } from '../../preload/contract/wire.ts'
import { TestStation } from '../helpers/centre.ts'

const centreKeys = makeKeyPair()
const centreTimeUtc = '2026-03-02T01:02:03.004Z'

/** A station whose centre answers as the test says, over real HTTP. */
async function talkTo(answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const station = new TestStation('440282104208-1')
  station.append()
  const client = createCentreClient({
    ...{ baseUrl: url, stationId: station.id, centrePublicKey: centreKeys.publicKey },
    sign: signerOf(station.keys.privateKey),
    transport: createHttpTransport(url, { stallMs: 200 }),
  })
  onTestFinished(() => {
    client.close()
    server.closeAllConnections()
    server.close()
  })
  return { station, client }
}

const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
const signed = (body: object, extra: object = {}) => ({
  ...body,
  signature: signValue(signerOf(centreKeys.privateKey), { ...body, ...extra }),
})
const pageOf = (part: object) =>
  signed({ station: '440282104208-1', after: 3, items: [], more: false, centreTimeUtc, ...part })
const item = (cursor: number): FeedItem => ({ cursor, kind: 'case.decided', payload: null })
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'believed',
    ({ code, details }) => `${code} ${details.reason}`,
  )

test.each<[string, RequestListener, string]>([
  [
    'a captive portal',
    (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>登录</h1>'),
    'CENTRE_UNREACHABLE portal',
  ],
  [
    'a redirect',
    (_request, response) => void response.writeHead(302, { location: 'http://example.invalid/' }).end(),
    'CENTRE_UNREACHABLE portal',
  ],
  [
    'half an answer',
    (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"station":'),
    'CENTRE_NONSENSE shape',
  ],
  [
    'an answer without end',
    (_request, response) => void response.writeHead(200).end(Buffer.alloc(5 << 20)),
    'CENTRE_NONSENSE too-large',
  ],
  ['silence', () => undefined, 'CENTRE_UNREACHABLE stalled'],
  ['a connection that closes', (request) => void request.socket.destroy(), 'CENTRE_UNREACHABLE cut'],
  [
    'a gateway error',
    (_request, response) => void response.writeHead(502).end('bad gateway'),
    'CENTRE_UNREACHABLE gateway',
  ],
  ['an unsigned page', json(200, { ...pageOf({}), signature: `${'A'.repeat(86)}==` }), 'CENTRE_NONSENSE signature'],
  ['a page that was changed', json(200, { ...pageOf({ items: [item(4)] }), more: true }), 'CENTRE_NONSENSE signature'],
  ["another station's page", json(200, pageOf({ station: '440282104208-2' })), 'CENTRE_NONSENSE foreign-station'],
  ['the answer to another question', json(200, pageOf({ after: 2 })), 'CENTRE_NONSENSE other-page'],
  ['an older cursor', json(200, pageOf({ items: [item(3)] })), 'CENTRE_NONSENSE cursor'],
  ['a gap', json(200, pageOf({ items: [item(4), item(6)] })), 'CENTRE_NONSENSE cursor'],
  ['more of nothing', json(200, pageOf({ more: true })), 'CENTRE_NONSENSE empty-page'],
  [
    'an unknown key',
    json(200, signed({ station: '440282104208-1', after: 3, items: [], more: false, centreTimeUtc, extra: 1 })),
    'CENTRE_NONSENSE shape',
  ],
  ['a page that is good', json(200, pageOf({ items: [item(4), item(5)] })), 'believed'],
])('of a feed page, %s is told apart', async (_, answer, expected) => {
  const { client } = await talkTo(answer)
  expect(await failureOf(client.feed(3))).toBe(expected)
})

test('an acknowledgement that the centre did not sign for this station is not believed', async () => {
  const said = { acknowledged: 1, hash: 'a'.repeat(64), centreTimeUtc }
  const answers = [
    signed(said),
    signed(said, { station: '440282104208-2' }),
    signed(said, { station: '440282104208-1' }),
  ]
  const outcomes = []
  for (const answer of answers) {
    const { station, client } = await talkTo(json(200, answer))
    outcomes.push(await failureOf(client.push(station.batch())))
  }
  expect(outcomes).toEqual(['CENTRE_NONSENSE signature', 'CENTRE_NONSENSE signature', 'believed'])
})

test('nobody at the address, and no such address, are told apart', async () => {
  const { privateKey } = makeKeyPair()
  const ask = (baseUrl: string) => {
    const client = createCentreClient({ baseUrl, stationId: '440282104208-1', sign: signerOf(privateKey) })
    onTestFinished(() => client.close())
    return failureOf(client.feed(0))
  }
  expect(await ask('http://127.0.0.1:1')).toBe('CENTRE_UNREACHABLE refused')
  expect(await ask('http://centre.invalid')).toBe('CENTRE_UNREACHABLE name')
})
