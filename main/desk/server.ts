// Owns: the desk's HTTP on its private socket: who may call, inputs checked, answers and failures in the contract's shape.
// Does not own: what calls do (features), bytes (bytes.ts).
// Start here: `createDeskServer`.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { finished } from 'node:stream/promises'
import { z } from 'zod'
import { type Access, type Caller, type CallName, findCall, type Handlers } from '../../preload/contract/api.ts'
import { AppError, type Failure, type Result } from '../../preload/contract/errors.ts'
import { type Role, sessionSchema } from '../../preload/contract/views.ts'
import { mapSqliteError } from '../store/index.ts'
import { hasToken, readText } from '../wire/local/private-socket.ts'
import { answerBytes } from './bytes.ts'
import type { Desk } from './desk.ts'
import type { EventHub } from './events.ts'
import { parseInput } from './input.ts'
import type { Log } from './log.ts'

/** What the server stands on. */
export type ServerOptions = {
  readonly desk: Desk
  readonly hub: EventHub
  readonly log: Log
  /** Whoever does not send it gets nothing. */
  readonly token: string
  readonly checkOutputs: boolean
}

const bodyLimitBytes = 4 << 20
const ranks: Record<Role, number> = { clerk: 1, approver: 2, administrator: 3 }

/** Calls that a screen makes by itself: they do not count as work. */
const passiveCalls: ReadonlySet<string> = new Set(['station.status', 'session.current', 'sync.status', 'seals.status'])

/** The desk's server, not yet listening. */
export function createDeskServer(options: ServerOptions): Server {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error) => {
      options.log('answer', error)
      response.destroy()
    })
  })
  // Photos over slow disks and events that stay open: silence is no failure on a local socket.
  server.requestTimeout = 0
  server.headersTimeout = 60_000
  return server
}

async function answer(options: ServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!hasToken(request.headers.authorization, options.token)) {
    request.resume()
    return void response.writeHead(401).end()
  }
  const address = request.url ?? '/'
  const url = new URL(address, 'http://desk')
  if (address.split('?', 1)[0] !== url.pathname) {
    // A path that means another one (`/bytes/../events`): a shell that looked at its beginning was to be misled.
    request.resume()
    return void response.writeHead(404).end()
  }
  const route = `${request.method} ${url.pathname}`
  if (request.method === 'POST' && url.pathname.startsWith('/call/')) {
    return sendResult(response, await dispatch(options, request, url.pathname.slice('/call/'.length)))
  }
  if (route === 'GET /events') return followEvents(options, response)
  if (url.pathname.startsWith('/bytes/')) return await bytes(options, request, response, url)
  if (url.pathname.startsWith('/shell/')) return await shellCall(options, request, response, route)
  request.resume()
  response.writeHead(404).end()
}

/** Runs one call from its name and raw body to its `Result`. Never throws. */
async function dispatch(options: ServerOptions, request: IncomingMessage, name: string): Promise<Result<unknown>> {
  return await asResult(options.log, name, async () => {
    const text = await readText(request, bodyLimitBytes)
    const call = findCall(name)
    if (!call) throw new AppError('INPUT_INVALID', { field: 'call' })
    const sessionId = headerText(request, 'x-session')
    const caller = authorise(options.desk, call.access, sessionId)
    const input = parsed(call.input, parseInput(text))
    if (!input.success) throw inputInvalid(input.error)
    if (caller && !passiveCalls.has(name)) options.desk.touch(caller.sessionId)
    const handler = findHandler(options.desk, name as CallName)
    const value = await handler(input.data, caller)
    return options.checkOutputs ? call.output.parse(value) : value
  })
}

type AnyHandler = (input: unknown, caller: Caller | null) => unknown

function findHandler(desk: Desk, name: CallName): AnyHandler {
  const handlers: Partial<Handlers> = desk.handlers()
  const handler = handlers[name]
  if (handler) return handler as AnyHandler
  if (!desk.isOpen()) throw new AppError('LOGIN_NEEDED')
  throw new Error(`no handler for ${name}`)
}

/** Who calls, when the call needs a session. Throws LOGIN_NEEDED, or NOT_ALLOWED for a lower role. */
function authorise(desk: Desk, access: Access, sessionId: string | undefined): Caller | null {
  if (access === 'anyone') return null
  const session = desk.session(sessionId)
  if (ranks[session.role] < ranks[access]) throw new AppError('NOT_ALLOWED')
  return { sessionId: session.sessionId, account: session.account, displayName: session.displayName }
}

/** Turns what `work` does into a `Result`: expected failures by their code, bugs logged with an incident number. */
async function asResult(log: Log, what: string, work: () => Promise<unknown>): Promise<Result<unknown>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    return { ok: false, error: failureOf(log, what, thrown) }
  }
}

function failureOf(log: Log, what: string, thrown: unknown): Failure {
  const error = mapSqliteError(thrown)
  if (error instanceof AppError && error.code !== 'INTERNAL') {
    if (error.cause !== undefined) log(`${what} ${error.code}`, error)
    return { code: error.code, details: error.details }
  }
  const incident = randomBytes(4).toString('hex').toUpperCase()
  log(`${what} INTERNAL ${incident}`, error)
  return { code: 'INTERNAL', details: {}, incident }
}

function inputInvalid(error: z.ZodError): AppError {
  const issue = error.issues[0]
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const field = [...(issue?.path ?? []), ...keys].map(String).join('.').slice(0, 80)
  return new AppError('INPUT_INVALID', field === '' ? {} : { field })
}

/** A schema's verdict. Throws INPUT_INVALID for what is nested deeper than the stack allows. */
function parsed<T extends z.ZodType>(schema: T, value: unknown): z.ZodSafeParseResult<z.infer<T>> {
  try {
    return schema.safeParse(value)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new AppError('INPUT_INVALID', { field: 'JSON' }, { cause })
  }
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function sendResult(response: ServerResponse, result: Result<unknown>, status = 200): void {
  if (response.headersSent) return void response.destroy()
  const body = JSON.stringify(result)
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(body)
}

/** Newline-delimited JSON for as long as the shell listens; a beat in between so that a dead one is noticed. */
function followEvents({ hub }: ServerOptions, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  response.write('\n')
  const stop = hub.listen((message) => void response.write(`${JSON.stringify(message)}\n`))
  const beat = setInterval(() => void response.write('\n'), 15_000)
  beat.unref()
  response.once('close', () => {
    stop()
    clearInterval(beat)
  })
}

async function bytes(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  try {
    const session = options.desk.session(headerText(request, 'x-session'))
    options.desk.touch(session.sessionId)
    const { sessionId, account, displayName } = session
    const caller = { sessionId, account, displayName }
    const value = await answerBytes(options.desk.features(), { request, response, url, caller })
    if (value !== undefined) sendResult(response, { ok: true, value })
  } catch (thrown) {
    const error = failureOf(options.log, `bytes ${request.method}`, thrown)
    await drained(request)
    sendResult(response, { ok: false, error }, request.method === 'GET' ? statusOf(error) : 200)
  }
}

const drainMs = 60_000

/**
 * Lets the rest of a refused file run out before it is answered: a sender that is still writing when the connection
 * closes hears of a broken line instead of the reason.
 */
async function drained(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return
  const overdue = setTimeout(() => request.destroy(), drainMs)
  request.resume()
  await finished(request).catch(() => undefined)
  clearTimeout(overdue)
}

function statusOf({ code }: Failure): number {
  if (code === 'LOGIN_NEEDED') return 401
  return code === 'NOT_FOUND' ? 404 : 500
}

const resumeSchema = z.strictObject({ key: z.string().max(100), sessions: z.array(sessionSchema).max(50) })

/** What only the shell says, which holds the socket's token: never reachable from a page. */
async function shellCall(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  route: string,
): Promise<void> {
  const { desk, log } = options
  const text = await readText(request, bodyLimitBytes)
  if (route === 'GET /shell/state') return sendJson(response, 200, { storeOpen: desk.isOpen(), pid: process.pid })
  if (route === 'POST /shell/key') {
    const key = desk.key()
    return key === undefined ? sendJson(response, 409, {}) : sendJson(response, 200, { key })
  }
  if (route === 'POST /shell/resume') {
    const result = await asResult(log, 'resume', async () => {
      const given = resumeSchema.safeParse(parseInput(text))
      if (!given.success) throw inputInvalid(given.error)
      await desk.resume(given.data.key, given.data.sessions)
      return { done: true }
    })
    return sendJson(response, result.ok ? 200 : 409, result)
  }
  return sendJson(response, 404, {})
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}
