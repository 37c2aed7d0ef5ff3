import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { readOwner, readText, requestOverSocket } from '../../main/wire/local/private-socket.ts'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import type { Result } from '../../preload/contract/errors.ts'
import type { EventMessage } from '../../preload/contract/events.ts'
import type { Session } from '../../preload/contract/views.ts'
import { programs } from './programs.ts'

/** The folder `resources/` of the checkout. */
export const resourcesFolder = join(import.meta.dirname, '..', '..', 'resources')

/** Compiled code is kept between starts: these tests start a desk hundreds of times. */
const environment = () => ({
  ...process.env,
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'node-compile'),
})

/** A real desk process over a data folder, spoken to over its private socket. */
export type DeskUnderTest = {
  readonly dataFolder: string
  readonly process: ChildProcess
  /** What a call answers. `sessionId` where one is needed. */
  readonly call: <N extends CallName>(
    name: N,
    input: CallInput<N>,
    sessionId?: string,
  ) => Promise<Result<CallOutput<N>>>
  /** The value of a call that must succeed. */
  readonly ask: <N extends CallName>(name: N, input: CallInput<N>, sessionId: string) => Promise<CallOutput<N>>
  /** A raw request: what no client of ours would send. */
  readonly raw: (
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Uint8Array; token?: string },
  ) => Promise<{ status: number; text: string }>
  /** Puts a file as a material. */
  readonly put: (query: Record<string, string>, bytes: Uint8Array, sessionId: string) => Promise<Result<unknown>>
  /** The bytes of a route. */
  readonly get: (path: string, sessionId: string) => Promise<Buffer>
  /** Hands the key to the desk, so that nobody types a PIN. */
  readonly resume: (key: string, sessions: readonly Session[]) => Promise<void>
  /** The key of the open store. */
  readonly key: () => Promise<string>
  readonly events: () => Promise<{
    /** The next event of one of these names; those before it are dropped. */
    readonly next: (...names: EventMessage['event'][]) => Promise<EventMessage>
    stop(): void
  }>
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>
}

/** A fresh folder that is gone after the test when it is given to `onEnd`. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'desk-test-'))
}

/** Removes a test's folder. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** A desk that did not start. */
export class DeskRefused extends Error {
  readonly exitCode: number | null

  constructor(exitCode: number | null, said: string) {
    super(said)
    this.exitCode = exitCode
  }
}

/**
 * Starts a desk process and waits until it answers. Rejects with `DeskRefused` where it ends first. `clockFile`: it lives at the
 * time that this file holds (ms since 1970), whenever that is written.
 */
export async function startDesk(
  dataFolder: string,
  args: readonly string[] = ['--training', '--cheap-pins', '--check-outputs'],
  clockFile?: string,
): Promise<DeskUnderTest> {
  const atTime = clockFile === undefined ? [] : ['--import', join(import.meta.dirname, 'set-clock.mjs')]
  const child = spawn(
    process.execPath,
    [...atTime, programs.desk, '--data', dataFolder, '--resources', resourcesFolder, '--with-parent', ...args],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...environment(), CUNCHUANG_TEST_CLOCK: clockFile } },
  )
  await waitForReady(child)
  return deskOver(dataFolder, child)
}

/** Starts a desk process without waiting for it. */
export function spawnDesk(dataFolder: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [programs.desk, '--data', dataFolder, '--resources', resourcesFolder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
  })
}

/** Waits for the line that says ready. */
async function waitForReady(child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('"ready"')) resolve()
    })
    child.once('exit', (code) => reject(new DeskRefused(code, said)))
  })
}

/** Waits for the end of a process; its exit code, null after a signal. */
export function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', resolve))
}

function deskOver(dataFolder: string, child: ChildProcess): DeskUnderTest {
  const owner = readOwner(dataFolder)
  if (!owner) throw new Error('a ready desk has an owner file')
  const raw: DeskUnderTest['raw'] = async (method, path, { headers = {}, body, token = owner.token } = {}) => {
    const reply = await requestOverSocket({
      socketPath: owner.socketPath,
      method,
      path,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    return { status: reply.status, text: await readText(reply.body) }
  }
  const session = (sessionId: string | undefined) => (sessionId === undefined ? {} : { 'x-session': sessionId })
  const call: DeskUnderTest['call'] = async (name, input, sessionId) => {
    const { text } = await raw('POST', `/call/${name}`, { headers: session(sessionId), body: JSON.stringify(input) })
    return JSON.parse(text)
  }
  return {
    dataFolder,
    process: child,
    raw,
    call,
    async ask(name, input, sessionId) {
      const result = await call(name, input, sessionId)
      if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.error)}`)
      return result.value
    },
    async put(query, bytes, sessionId) {
      const path = `/bytes/materials?${new URLSearchParams(query)}`
      const headers = { ...session(sessionId), 'content-length': String(bytes.length) }
      return JSON.parse((await raw('PUT', path, { headers, body: bytes })).text)
    },
    async get(path, sessionId) {
      const headers = { authorization: `Bearer ${owner.token}`, ...session(sessionId) }
      const { status, body } = await requestOverSocket({ socketPath: owner.socketPath, method: 'GET', path, headers })
      if (status !== 200) throw new Error(`${path}: ${status}`)
      return await buffer(body)
    },
    async resume(key, sessions) {
      const { status, text } = await raw('POST', '/shell/resume', { body: JSON.stringify({ key, sessions }) })
      if (status !== 200) throw new Error(`resume: ${text}`)
    },
    key: async () => JSON.parse((await raw('POST', '/shell/key')).text).key,
    events: () => followEvents(owner),
    kill(signal) {
      const end = exited(child)
      child.kill(signal)
      return end
    },
  }
}

async function followEvents(owner: { socketPath: string; token: string }) {
  const controller = new AbortController()
  const reply = await requestOverSocket({
    socketPath: owner.socketPath,
    method: 'GET',
    path: '/events',
    headers: { authorization: `Bearer ${owner.token}` },
    signal: controller.signal,
  })
  const seen: EventMessage[] = []
  const waiting = new Set<() => void>()
  reply.body.setEncoding('utf8').on('error', () => undefined)
  let rest = ''
  reply.body.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') seen.push(JSON.parse(line))
    for (const wake of waiting) wake()
    waiting.clear()
  })
  const next = async (...names: EventMessage['event'][]): Promise<EventMessage> => {
    for (;;) {
      const index = seen.findIndex((message) => names.includes(message.event))
      const found = index < 0 ? undefined : seen.splice(0, index + 1).at(-1)
      if (found) return found
      await new Promise<void>((resolve) => waiting.add(resolve))
    }
  }
  return { next, stop: () => controller.abort() }
}

/** Logs the training clerk in. */
export async function loginTraining(desk: DeskUnderTest): Promise<Session> {
  const status = await desk.call('station.status', {})
  if (!status.ok || !status.value.training) throw new Error('not a training station')
  const { account, pin } = status.value.training
  const login = await desk.call('session.login', { account, pin })
  if (!login.ok) throw new Error(JSON.stringify(login.error))
  return login.value
}
