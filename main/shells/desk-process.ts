// Owns: the desk as a process, with the embedded centre beside it: started, watched, started again after a crash, stopped.
// Does not own: what the desk answers (main/desk), who may ask (browser/, electron/), the centre's own life (centre-process.ts).
// Start here: `keepDesk`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError, type Result } from '../../preload/contract/errors.ts'
import type { EventMessage } from '../../preload/contract/events.ts'
import type { Session } from '../../preload/contract/views.ts'
import {
  type Owner,
  readOwner,
  readText,
  requestOverSocket,
  type SocketResponse,
} from '../wire/local/private-socket.ts'
import { freePort, type KeptCentre, keepCentre } from './centre-process.ts'
import {
  type ChildProgram,
  endProgram,
  forEachLine,
  type Launch,
  ProgramRefused,
  restartWaitMs,
  waitUntilReady,
} from './child-program.ts'

/** What a shell says at the start about where things are. */
export type KeptDeskOptions = {
  readonly dataFolder: string
  /** The folder `resources/` of the program. */
  readonly resources: string
  /** Division code of the village of a new training station. */
  readonly division: string | undefined
  /** The port of the embedded centre, and the address by which the desk reaches it; a free port, and that port, without. */
  readonly centrePort?: number | undefined
  readonly centreUrl?: string | undefined
  /** The built programs. */
  readonly deskFile: string
  readonly centreFile: string
  readonly launch: Launch
  /** One line for the person at the terminal or the log. */
  readonly say: (line: string) => void
}

/** A streamed request for bytes: the path under `/bytes/`, with its query. */
export type BytesRequest = {
  readonly method: 'GET' | 'PUT'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Readable
  readonly signal?: AbortSignal
}

/** The desk as a window's shell sees it. */
export type DeskProcess = {
  /**
   * Resolves when the desk answers for the first time. Rejects with ProgramRefused and the desk's own sentence when it cannot
   * start at all (folder in use, newer database …), or was stopped before.
   */
  readonly ready: Promise<void>
  /** Carries one call. Never rejects for a desk that is down: that is DESK_RESTARTING. */
  readonly call: (name: string, input: unknown, window: WindowSession) => Promise<Result<unknown>>
  /** Carries bytes, streamed both ways. Throws DESK_RESTARTING. */
  readonly bytes: (request: BytesRequest, window: WindowSession) => Promise<SocketResponse>
  /** Tells every event of the desk; returns what ends it. */
  readonly onEvent: (listener: (message: EventMessage) => void) => () => void
  /** Ends desk and centre; resolves when both are gone. */
  readonly stop: () => Promise<void>
}

/** Who is logged in at one window. Kept by the shell: the page never sends it. */
export type WindowSession = { sessionId: string | undefined }

/** How long a call waits for a desk that is being started again. */
const patienceMs = 10_000

/** Starts the embedded centre and the desk and keeps both running until `stop`, which may come while they start. */
export function keepDesk(options: KeptDeskOptions): DeskProcess {
  return new Keeper(options)
}

class Keeper implements DeskProcess {
  readonly ready: Promise<void>
  readonly #options: KeptDeskOptions
  readonly #listeners = new Set<(message: EventMessage) => void>()
  readonly #sessions = new Map<string, Session>()
  #program: ChildProgram | undefined
  #centre: KeptCentre | undefined
  #key: string | undefined
  #owner: Owner | undefined
  #ready: Promise<void> = Promise.resolve()
  #stopping = false

  constructor(options: KeptDeskOptions) {
    this.#options = options
    this.ready = this.#start()
  }

  async #start(): Promise<void> {
    const port = this.#options.centrePort ?? (await freePort())
    if (this.#stopping) throw new ProgramRefused('已停止。 Stopped.')
    // A station that joined another centre needs none on this machine.
    if (!joinedElsewhere(this.#options.dataFolder)) this.#centre = keepCentre(this.#options, port)
    const centreUrl = this.#options.centreUrl ?? `http://127.0.0.1:${port}`
    void this.#watchDesk(await this.#startDesk(centreUrl), centreUrl)
  }

  call = async (name: string, input: unknown, window: WindowSession): Promise<Result<unknown>> => {
    try {
      const body = jsonOf(input ?? {})
      // Before it is asked: whatever becomes of the desk meanwhile, this window is locked.
      if (name === 'session.lock') this.#sessions.delete(window.sessionId ?? '')
      const response = await this.#request('POST', `/call/${name}`, window.sessionId, body)
      const result = JSON.parse(await readText(response.body)) as Result<unknown>
      if (name === 'session.login' && result.ok) await this.#loggedIn(result.value as Session, window)
      return result
    } catch (cause) {
      const details = cause instanceof AppError ? { code: cause.code, details: cause.details } : undefined
      return { ok: false, error: details ?? { code: 'DESK_RESTARTING', details: {} } }
    }
  }

  bytes = async (request: BytesRequest, window: WindowSession): Promise<SocketResponse> => {
    await this.#patientlyReady()
    return await requestOverSocket({ ...request, ...this.#reach(window.sessionId, request.headers) })
  }

  onEvent = (listener: (message: EventMessage) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stop = async (): Promise<void> => {
    this.#stopping = true
    // The desk first: its last words may still go to the centre.
    if (this.#program !== undefined) await endProgram(this.#program)
    await this.#centre?.stop()
  }

  #tell(message: EventMessage): void {
    // The desk does not say whose session ended: after a crash everybody types a PIN rather than one screen opening again.
    if (message.event === 'locked') this.#sessions.clear()
    for (const listener of this.#listeners) listener(message)
  }

  #reach(sessionId: string | undefined, headers: Readonly<Record<string, string>>) {
    if (this.#owner === undefined) throw new AppError('DESK_RESTARTING')
    const session = sessionId === undefined ? {} : { 'x-session': sessionId }
    return {
      socketPath: this.#owner.socketPath,
      headers: { ...headers, ...session, authorization: `Bearer ${this.#owner.token}` },
    }
  }

  async #request(method: string, path: string, sessionId?: string, body?: string): Promise<SocketResponse> {
    await this.#patientlyReady()
    const headers = { 'content-type': 'application/json' }
    return await requestOverSocket({ method, path, ...this.#reach(sessionId, headers), ...(body ? { body } : {}) })
  }

  async #patientlyReady(): Promise<void> {
    const tooLong = new AbortController()
    const overdue = wait(patienceMs, undefined, { signal: tooLong.signal }).then(() => {
      throw new AppError('DESK_RESTARTING')
    })
    overdue.catch(() => undefined)
    try {
      await Promise.race([this.#ready, overdue])
    } finally {
      tooLong.abort()
    }
  }

  /** Keeps what a restarted desk needs: who is logged in where, and the key that the first login opened. */
  async #loggedIn(session: Session, window: WindowSession): Promise<void> {
    if (window.sessionId !== undefined) this.#sessions.delete(window.sessionId)
    window.sessionId = session.sessionId
    this.#sessions.set(session.sessionId, session)
    if (this.#key !== undefined) return
    const response = await this.#request('POST', '/shell/key')
    if (response.status !== 200) return void response.body.resume()
    const { key } = JSON.parse(await readText(response.body)) as { key?: string }
    this.#key = key
  }

  async #startDesk(centreUrl: string): Promise<ChildProgram> {
    const { dataFolder, division, resources, deskFile, launch } = this.#options
    const program = launch(deskFile, [
      ...['--data', dataFolder, '--resources', resources, '--training'],
      ...['--centre-url', centreUrl, '--centre-data', dataFolder],
      ...(division === undefined ? [] : ['--division', division]),
    ])
    this.#program = program
    await waitUntilReady(program)
    this.#owner = readOwner(dataFolder)
    await this.#followEvents()
    return program
  }

  /** Waits for the desk to end and starts it again, until `stop`. */
  async #watchDesk(first: ChildProgram, centreUrl: string): Promise<void> {
    let program = first
    while (true) {
      const code = await program.exited
      if (this.#stopping) return
      this.#owner = undefined
      this.#options.say(`后台程序中断（${code}），正在重新启动，已收件的都在。 The desk ended and is started again.`)
      const again = this.#restartDesk(centreUrl)
      this.#ready = again.then(() => undefined)
      this.#ready.catch(() => undefined)
      const restarted = await again
      if (restarted === undefined) return
      program = restarted
      this.#tell({ event: 'restarted', payload: {} })
    }
  }

  async #restartDesk(centreUrl: string): Promise<ChildProgram | undefined> {
    for (let attempt = 0; ; attempt++) {
      await wait(restartWaitMs(attempt))
      if (this.#stopping) return undefined
      try {
        const program = await this.#startDesk(centreUrl)
        await this.#resume()
        return program
      } catch (error) {
        this.#options.say(
          error instanceof ProgramRefused
            ? error.sentence
            : `后台程序没有启动。 The desk did not start: ${String(error)}`,
        )
      }
    }
  }

  /** Hands key and sessions to a restarted desk, so that nobody has to type a PIN again. */
  async #resume(): Promise<void> {
    if (this.#key === undefined) return
    const body = JSON.stringify({ key: this.#key, sessions: [...this.#sessions.values()] })
    const headers = { 'content-type': 'application/json' }
    const response = await requestOverSocket({
      method: 'POST',
      path: '/shell/resume',
      body,
      ...this.#reach(undefined, headers),
    })
    response.body.resume()
    if (response.status < 300) return
    // Another station has taken the place of the one that the key opened, or the store is damaged.
    this.#key = undefined
    this.#sessions.clear()
    this.#options.say('需要重新登录。 The desk did not take the sessions back; a login is needed.')
  }

  async #followEvents(): Promise<void> {
    const response = await requestOverSocket({ method: 'GET', path: '/events', ...this.#reach(undefined, {}) })
    response.body.on('error', () => undefined)
    forEachLine(response.body, (line) => {
      if (line !== '') this.#tell(JSON.parse(line) as EventMessage)
    })
  }
}

/** Whether the station of a data folder joined a centre by a code; what the desk writes of it is read here without the store. */
function joinedElsewhere(dataFolder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(dataFolder, 'station.json'), 'utf8')).elsewhere === true
  } catch {
    // No station yet, or one that the desk will tell about.
    return false
  }
}

/** The body of a call. Throws INPUT_INVALID for what no JSON can say: a value nested too deep, or in itself. */
function jsonOf(input: unknown): string {
  try {
    return JSON.stringify(input)
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { field: 'JSON' }, { cause })
  }
}
