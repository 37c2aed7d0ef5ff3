import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type ShellProgram, startShellProgram } from '../helpers/chromium.ts'

/** What the loopback server answers to bare requests, with headers that no browser would let a page choose. */

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

let dataFolder = ''
let shell: ShellProgram
let port = 0
let ourselves = ''

/** Sends a request to the shell's port with exactly these headers; `host` is ours unless told. */
async function ask(method: string, path: string, headers: OutgoingHttpHeaders = {}, body = ''): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers: { host: ourselves, ...headers } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}

const origin = () => ({ origin: `http://${ourselves}` })
const launch = (token: string) => ask('POST', '/api/launch', origin(), JSON.stringify({ token }))
const tokenOf = (address: string) => address.split('#t=')[1] ?? ''

/** A fresh address, as a second start on the folder prints it. */
async function freshToken(): Promise<string> {
  return tokenOf((await startShellProgram(dataFolder)).address)
}

async function letIn(): Promise<{ cookie: string }> {
  const { headers } = await launch(await freshToken())
  return { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' }
}

test.beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'cunchuang-security-'))
  shell = await startShellProgram(dataFolder)
  port = Number(new URL(shell.address).port)
  ourselves = `127.0.0.1:${port}`
})

test.afterAll(async () => {
  await shell.stop()
  rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 })
})

test('a token of an address is good once, and reading the page spends nothing', async () => {
  const token = await freshToken()
  for (let visit = 0; visit < 3; visit++) await ask('GET', '/')

  const first = await launch(token)
  const second = await launch(token)
  const unknown = await launch('A'.repeat(43))

  expect([first.status, second.status, unknown.status]).toEqual([204, 403, 403])
  expect(first.headers['set-cookie']?.[0]).toMatch(
    new RegExp(`^cunchuang-${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/api$`),
  )
})

test('without the cookie of a window nothing but the page is answered', async () => {
  const asked = await Promise.all([
    ask('POST', '/api/call/station.status', origin(), '{}'),
    ask('GET', '/api/events'),
    ask('GET', `/api/bytes/files/${'0'.repeat(64)}`),
    ask('PUT', '/api/bytes/materials?draft=x&requirement=y&name=z', origin(), 'bytes'),
    ask('POST', '/api/call/station.status', { ...origin(), cookie: `cunchuang-${port}=${'A'.repeat(43)}` }, '{}'),
  ])

  expect(asked.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
})

test('the cookie of a window is let in', async () => {
  const { status, text } = await ask('POST', '/api/call/station.status', { ...origin(), ...(await letIn()) }, '{}')

  expect({ status, ok: JSON.parse(text).ok }).toEqual({ status: 200, ok: true })
})

test('another Host, another Origin, none, or another site is refused, cookie or not', async () => {
  const cookie = await letIn()
  const call = (headers: OutgoingHttpHeaders) =>
    ask('POST', '/api/call/station.status', { ...cookie, ...headers }, '{}')

  const refused = await Promise.all([
    ask('GET', '/', { host: `localhost:${port}` }),
    ask('GET', '/', { host: `rebound.example:${port}` }),
    call({ ...origin(), host: `rebound.example:${port}` }),
    call({ origin: `http://127.0.0.1:${port + 1}` }),
    call({ origin: 'https://example.com' }),
    call({ origin: 'null' }),
    call({}),
    call({ ...origin(), 'sec-fetch-site': 'cross-site' }),
    call({ ...origin(), 'sec-fetch-site': 'same-site' }),
    ask('GET', '/api/events', { ...cookie, 'sec-fetch-site': 'same-site' }),
  ])

  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403))
})

test('a path leads to no file outside the page', async () => {
  const paths = [
    '/../package.json',
    '/%2e%2e/main/desk.js',
    '/..%2fmain%2fdesk.js',
    '/..\\main\\desk.js',
    '/%00',
    '/assets',
    '/%E0%A4%A',
  ]

  const answers = await Promise.all(paths.map((path) => ask('GET', path)))

  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404))
})

test('every answer carries the policy, with a nonce of its own in header and page', async () => {
  const [one, two] = [await ask('GET', '/'), await ask('GET', '/')]
  const nonceOf = ({ headers }: Answer) =>
    /'nonce-([\w-]+)'/.exec(String(headers['content-security-policy']))?.[1] ?? ''

  expect(String(one.headers['content-security-policy']).replace(nonceOf(one), 'N')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' blob: data:; font-src 'self'; " +
      "connect-src 'self'; worker-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect({
    page: one.text.includes(nonceOf(one)) && !one.text.includes('__CSP_NONCE__'),
    fresh: nonceOf(one) !== nonceOf(two),
    sniff: one.headers['x-content-type-options'],
    referrer: one.headers['referrer-policy'],
    opener: one.headers['cross-origin-opener-policy'],
    resource: one.headers['cross-origin-resource-policy'],
    cache: one.headers['cache-control'],
  }).toEqual({
    ...{ page: true, fresh: true, sniff: 'nosniff', referrer: 'no-referrer' },
    ...{ opener: 'same-origin', resource: 'same-origin', cache: 'no-store' },
  })
})

test('a call that is none, broken JSON and an unknown key are refused in the shape of every answer', async () => {
  const headers = { ...origin(), ...(await letIn()) }

  const none = await ask('POST', '/api/call/station.__proto__', headers, '{}')
  const broken = await ask('POST', '/api/call/station.status', headers, '{')
  const unknownKey = await ask('POST', '/api/call/station.status', headers, '{"more":1}')

  const failures = [none, broken, unknownKey].map(({ status, text }) => [status, JSON.parse(text).error.code])
  expect(failures).toEqual([
    [404, 'NOT_FOUND'],
    [400, 'INPUT_INVALID'],
    [200, 'INPUT_INVALID'],
  ])
})

test('the desk itself answers nobody without the token of its owner file', async () => {
  const { readOwner } = await import('../../main/wire/local/private-socket.ts')
  const owner = readOwner(dataFolder)
  const status = await new Promise((resolve, reject) => {
    const sent = request({ socketPath: owner?.socketPath, method: 'POST', path: '/shell/key' }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode))
    })
    sent.once('error', reject).end()
  })

  expect(status).toBe(401)
})
