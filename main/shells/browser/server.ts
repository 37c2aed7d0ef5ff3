// Owns: the loopback server: the page, and the guarded way from it to the desk.
// Does not own: who is let in (launch-tokens.ts, guard.ts), the desk (desk-process.ts).
// Start here: `createShellServer`.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { findCall } from '../../../preload/contract/api.ts'
import { AppError, type ErrorCode, type Result } from '../../../preload/contract/errors.ts'
import type { EventMessage } from '../../../preload/contract/events.ts'
import { readText } from '../../wire/local/private-socket.ts'
import { bytesAnswerHeaders, bytesRequestHeaders } from '../bytes-headers.ts'
import type { DeskProcess, WindowSession } from '../desk-process.ts'
import { type Page, safeHeaders } from '../page.ts'
import { cookieValue, isFromOurPage, mayAskApi } from './guard.ts'
import type { LaunchTokens } from './launch-tokens.ts'

/** What the server is made of. */
export type ShellServerParts = { readonly page: Page; readonly desk: DeskProcess; readonly tokens: LaunchTokens }

/** Contract inputs are small: bytes have their own way. */
const inputLimitBytes = 2 << 20
/** A comment line that keeps the event stream from looking dead. */
const heartbeatMs = 20_000

/**
 * The loopback server, not yet listening. Every request is checked for Host, Origin and Sec-Fetch-Site (403); all of
 * /api/ but /api/launch needs the cookie of a window that was let in (401).
 */
export function createShellServer(parts: ShellServerParts): Server {
  const server = createServer({ requestTimeout: 0, maxHeaderSize: 16_384 }, (request, response) => {
    answer(parts, portOf(server), request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else refuse(response, 500, error instanceof AppError ? error.code : 'INTERNAL')
    })
  })
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function answer(
  parts: ShellServerParts,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? ''
  const reads = method === 'GET' || method === 'HEAD'
  const address = request.url ?? ''
  if (!address.startsWith('/') || !isFromOurPage(request.headers, port)) return refuse(response, 403, 'REQUEST_REFUSED')
  const [path = '/'] = address.split('?', 1)
  if (!path.startsWith('/api/')) {
    if (!reads) return refuse(response, 405, 'REQUEST_REFUSED')
    const file = await parts.page(path)
    response.writeHead(file.status, file.headers)
    return void response.end(method === 'HEAD' ? undefined : file.body)
  }
  if (!mayAskApi(request.headers, !reads)) return refuse(response, 403, 'REQUEST_REFUSED')
  const cookie = `cunchuang-${port}`
  if (path === '/api/launch' && method === 'POST') return await launch(parts.tokens, cookie, request, response)
  const window = parts.tokens.windowOf(cookieValue(request.headers.cookie, cookie))
  if (window === undefined) return refuse(response, 401, 'REQUEST_REFUSED')
  if (path.startsWith('/api/call/') && method === 'POST') {
    return await call(parts.desk, path.slice('/api/call/'.length), window, request, response)
  }
  if (path === '/api/events' && method === 'GET') return events(parts.desk, request, response)
  if (path.startsWith('/api/bytes/') && (method === 'GET' || method === 'PUT')) {
    return await bytes(parts.desk, method, address.slice('/api'.length), window, request, response)
  }
  refuse(response, 404, 'NOT_FOUND')
}

/** Spends the one-time token of the address for the window's cookie. A window that has one already stays as it is. */
async function launch(
  tokens: LaunchTokens,
  cookie: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const secret = tokens.spend(tokenOf(await readText(request, 4096)))
  if (secret === undefined) return refuse(response, 403, 'REQUEST_REFUSED')
  // No Secure: this is plain HTTP on loopback. Path: the cookie goes to no other address of this server.
  response.writeHead(204, {
    ...safeHeaders,
    'cache-control': 'no-store',
    'set-cookie': `${cookie}=${secret}; HttpOnly; SameSite=Strict; Path=/api`,
  })
  response.end()
}

function tokenOf(body: string): string {
  try {
    const { token } = JSON.parse(body) as { token?: unknown }
    return typeof token === 'string' ? token : ''
  } catch {
    return ''
  }
}

async function call(
  desk: DeskProcess,
  name: string,
  window: WindowSession,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (findCall(name) === undefined) return refuse(response, 404, 'NOT_FOUND')
  const text = await readText(request, inputLimitBytes)
  let input: unknown
  try {
    input = text === '' ? {} : JSON.parse(text)
  } catch {
    return sendResult(response, 400, failure('INPUT_INVALID'))
  }
  sendResult(response, 200, await desk.call(name, input, window))
}

/** The desk's events as a server-sent event stream, until the page closes it. */
function events(desk: DeskProcess, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...safeHeaders, 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write(': open\n\n')
  const end = desk.onEvent((message: EventMessage) => response.write(`data: ${JSON.stringify(message)}\n\n`))
  const beat = setInterval(() => response.write(': \n\n'), heartbeatMs)
  request.once('close', () => {
    end()
    clearInterval(beat)
  })
  response.on('error', () => undefined)
}

async function bytes(
  desk: DeskProcess,
  method: 'GET' | 'PUT',
  path: string,
  window: WindowSession,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const headers = bytesRequestHeaders(method, (name) => request.headers[name]?.toString())
  const answered = await desk.bytes(
    { method, path, headers, signal: gone.signal, ...(method === 'PUT' ? { body: request } : {}) },
    window,
  )
  response.writeHead(answered.status, bytesAnswerHeaders(answered.headers))
  await pipeline(answered.body, response)
}

const failure = (code: ErrorCode): Result<never> => ({ ok: false, error: { code, details: {} } })

function refuse(response: ServerResponse, status: number, code: ErrorCode): void {
  // What is still being sent is not read to its end: a refused upload stops here.
  response.shouldKeepAlive = false
  sendResult(response, status, failure(code))
}

function sendResult(response: ServerResponse, status: number, result: Result<unknown>): void {
  response.writeHead(status, {
    ...safeHeaders,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(result))
}
