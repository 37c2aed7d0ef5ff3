import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { launchNode } from '../../main/shells/browser/node-program.ts'
import { type DeskProcess, keepDesk } from '../../main/shells/desk-process.ts'
import { readOwner } from '../../main/wire/private-socket.ts'
import type { StationStatus } from '../../preload/contract/views.ts'
import { freshFolder, removeFolder, resourcesFolder } from '../helpers/desk.ts'

const source = (...path: string[]) => join(import.meta.dirname, '..', '..', ...path)
const dataFolder = freshFolder()
let desk: DeskProcess | undefined

afterAll(async () => {
  await desk?.stop()
  removeFolder(dataFolder)
})

test('a screen that was locked before the desk crashed stays locked, one that was open stays open', async () => {
  const keeper = await keepDesk({
    dataFolder,
    resources: resourcesFolder,
    division: undefined,
    deskFile: source('main', 'desk', 'process.ts'),
    centreFile: source('central', 'index.ts'),
    launch: launchNode,
    say: () => undefined,
  })
  desk = keeper
  const [open, locked] = [{ sessionId: undefined }, { sessionId: undefined }]
  const status = await keeper.call('station.status', {}, open)
  const training = status.ok ? (status.value as StationStatus).training : null
  const login = { account: training?.account, pin: training?.pin }
  for (const window of [open, locked]) await keeper.call('session.login', login, window)
  await keeper.call('session.lock', {}, locked)
  const restarted = new Promise<void>((resolve) => {
    keeper.onEvent(({ event }) => event === 'restarted' && resolve())
  })

  process.kill(readOwner(dataFolder)?.pid ?? 0, 'SIGKILL')
  await restarted

  const answers = [await keeper.call('session.current', {}, open), await keeper.call('session.current', {}, locked)]
  expect(answers).toMatchObject([{ ok: true }, { ok: false, error: { code: 'LOGIN_NEEDED' } }])
})
