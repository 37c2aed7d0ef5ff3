import { once } from 'node:events'
import { request as ask } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLaunchTokens } from '../../main/shells/browser/launch-tokens.ts'
import { launchNode } from '../../main/shells/browser/node-program.ts'
import { createShellServer } from '../../main/shells/browser/server.ts'
import { type DeskProcess, keepDesk, type WindowSession } from '../../main/shells/desk-process.ts'
import { createPage } from '../../main/shells/page.ts'
import { readOwner, readText, requestOverSocket } from '../../main/wire/local/private-socket.ts'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import type { Result } from '../../preload/contract/errors.ts'
import type { EventMessage } from '../../preload/contract/events.ts'
import { freshFolder, removeFolder, resourcesFolder, startDesk } from '../helpers/desk.ts'

/** A shell's own parts over a real desk and a real centre, and what a hostile local program or a frozen desk does to them. */

const root = join(import.meta.dirname, '..', '..')
const folder = freshFolder()
const tokens = createLaunchTokens()
let desk: DeskProcess
let server: ReturnType<typeof createShellServer>
let port = 0
let cookie = ''

/** The keeper of both shells over a folder, with programs from source; `say` hears what it says. */
async function keepAndHear(
  dataFolder: string,
  say: (line: string) => void,
  ...deskArgs: string[]
): Promise<DeskProcess> {
  const kept = keepDesk({
    dataFolder,
    resources: resourcesFolder,
    division: undefined,
    deskFile: join(root, 'main', 'desk', 'process.ts'),
    centreFile: join(root, 'central', 'index.ts'),
    launch: (file, args) =>
      launchNode(file, file.endsWith('process.ts') ? [...args, '--cheap-pins', ...deskArgs] : args),
    say,
  })
  await kept.ready
  return kept
}

const keep = (dataFolder: string, ...deskArgs: string[]) => keepAndHear(dataFolder, () => undefined, ...deskArgs)

beforeAll(async () => {
  desk = await keep(folder)
  server = createShellServer({ page: createPage(root), desk, tokens })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  cookie = `cunchuang-${port}=${tokens.spend(tokens.issue())}`
})

afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await desk.stop()
  removeFolder(folder)
})

async function call<N extends CallName>(name: N, input: CallInput<N>, window: WindowSession, at = desk) {
  return (await at.call(name, input, window)) as Result<CallOutput<N>>
}

async function login(window: WindowSession, at = desk): Promise<void> {
  const status = await call('station.status', {}, window, at)
  if (!status.ok || status.value.training === null) throw new Error('not a training station')
  const { account, pin } = status.value.training
  const done = await call('session.login', { account, pin }, window, at)
  if (!done.ok) throw new Error(done.error.code)
}

/** Resolves at the next event of a name. */
function told(name: EventMessage['event'], at = desk): Promise<void> {
  return new Promise((resolve) => {
    const end = at.onEvent(({ event }) => {
      if (event !== name) return
      end()
      resolve()
    })
  })
}

/** Kills the desk and waits until its successor says that it took over. */
async function killDesk(dataFolder: string, at: DeskProcess): Promise<void> {
  const pid = readOwner(dataFolder)?.pid
  if (pid === undefined) throw new Error('no desk to kill')
  const restarted = told('restarted', at)
  process.kill(pid, 'SIGKILL')
  await restarted
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'done' : result.error.code)

/** Sends bytes as they are to the loopback server and gives all that it says until it closes. */
async function sendRaw(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    said += part
  })
  socket.write(text)
  await once(socket, 'close')
  return said
}

const head = (line: string, more = '') =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nCookie: ${cookie}\r\n${more}\r\n`

it('calls the centre that it starts beside a training station by a name that says 演练', async () => {
  const place = join(folder, 'centre')
  await expect.poll(() => readOwner(place) !== undefined, { timeout: 60_000 }).toBe(true)
  const { socketPath, token } = readOwner(place) ?? { socketPath: '', token: '' }
  const headers = { authorization: `Bearer ${token}` }
  const reply = await requestOverSocket({ socketPath, method: 'GET', path: '/check?n=1&h=1', headers })
  expect(await readText(reply.body)).toContain('南雄市政务服务中心（演练）')
})

it('keeps a window locked that was locked because nobody worked at it', async () => {
  const other = freshFolder()
  const impatient = await keep(other, '--idle-seconds', '1')
  const window: WindowSession = { sessionId: undefined }
  const locked = told('locked', impatient)
  await login(window, impatient)
  await locked

  await killDesk(other, impatient)

  const answer = await call('drafts.list', {}, window, impatient)
  await impatient.stop()
  removeFolder(other)
  expect(codeOf(answer)).toBe('LOGIN_NEEDED')
})

it('starts no desk any more once it was stopped, not even one that was about to be started again', async () => {
  const other = freshFolder()
  let hear: (line: string) => void = () => undefined
  const isRestarting = new Promise<void>((resolve) => {
    hear = (line) => line.includes('正在重新启动') && resolve()
  })
  const kept = await keepAndHear(other, (line) => hear(line))
  process.kill(readOwner(other)?.pid ?? 0, 'SIGKILL')
  await isRestarting

  await kept.stop()

  // The wait before the first restart is 100 ms, the centre takes as long to end.
  await pause(400)
  const next = await startDesk(other)
  await next.kill('SIGKILL')
  removeFolder(other)
})

it('leads from the page to nothing of the desk but bytes, whatever the spelling of the path', async () => {
  const paths = ['/../shell/state', '/%2e%2e/shell/state', '/.%2E/events', '\\..\\shell\\state', '/x/../../events']
  const status = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = { host: `127.0.0.1:${port}`, cookie }
      const sent = ask({ host: '127.0.0.1', port, path: `/api/bytes${path}`, headers }, (response) => {
        response.destroy()
        resolve(response.statusCode ?? 0)
      })
      sent.once('error', reject).end()
    })

  const answers = await Promise.all(['/..', ...paths].map(status))

  expect(answers).toEqual(answers.map(() => 404))
})

it('keeps the next call whole after a GET that announces a body', async () => {
  const window: WindowSession = { sessionId: undefined }
  const body = 'A'.repeat(60)

  await sendRaw(head(`GET /api/bytes/files/${'0'.repeat(64)}`, 'Connection: close\r\nContent-Length: 60\r\n') + body)

  const answers = await Promise.all([1, 2, 3].map(() => call('station.status', {}, window)))
  expect(answers.map(codeOf)).toEqual(['done', 'done', 'done'])
})

it('says that an input is wrong when it is nested without end', async () => {
  let nested: unknown = []
  for (let depth = 0; depth < 200_000; depth++) nested = [nested]

  const answer = await desk.call('drafts.save', nested, { sessionId: undefined })

  expect(codeOf(answer)).toBe('INPUT_INVALID')
})
