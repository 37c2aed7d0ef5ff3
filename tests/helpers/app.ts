// Owns: the running program as end-to-end specs see it, the same on both shells.
// Does not own: how each shell is started (chromium.ts, electron.ts).
// Start here: `test`, whose `app` fixture is a freshly started program on a data folder as a first start leaves it (what
// a first start does is tested by the security specs, which begin with an empty folder):
//
//   import { expect, test } from '../helpers/app.ts'
//
//   test('keeps the draft over a restart', async ({ app }) => {
//     const { pin } = app.training()                       // what DATA/training.json holds: account, pin, sealPin
//     await app.page.getByLabel('口令').fill(pin)           // `page` is Playwright's, in Chromium or in Electron
//     …
//     await app.restart()                                  // a clean end, and a start on the same data folder
//     await expect(app.page.getByText('草稿')).toBeVisible()  // `app.page` is now the new window: never keep the old one
//     await app.central('decide', number, 'accepted')       // npm run central -- decide …; resolves with its output
//     await app.cli('ledger', 'verify')                     // npm run -s cli -- …; rejects when it exits with another code than 0
//     await app.call('sync.status', {})                     // a contract call by the page's bridge, past its screens
//     app.crashDesk()                                       // SIGKILL to the desk; the shell starts it again
//   })
//
// `app.kind` is 'browser' or 'electron'. The same specs run in both projects; what holds for one shell alone lies in
// security-browser.spec.ts, shell-browser.spec.ts or electron*.spec.ts. Run: `npx playwright test --project browser NAME`.
import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test as base, type ElectronApplication, type Page } from '@playwright/test'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import type { Result } from '../../preload/contract/errors.ts'
import { closeChromium, startBrowserShell } from './chromium.ts'
import { electronUser, noRuntime, startElectronShell } from './electron.ts'

export { expect } from '@playwright/test'

/** The program's folder. */
export const root = join(import.meta.dirname, '..', '..')

/** One window of a started shell, and its end. */
export type StartedShell = {
  readonly page: Page
  /** The address printed by the browser shell; empty in Electron. */
  readonly address: string
  readonly electron: ElectronApplication | undefined
  /** Ends it as a user would; resolves when every process is gone. */
  readonly stop: () => Promise<void>
}

/** What DATA/training.json says. */
export type Training = {
  readonly account: string
  readonly pin: string
  readonly sealPin: string
  readonly approver: { readonly account: string; readonly pin: string }
}

/** What a program is started with beside its data folder; a restart starts it with the same. */
export type StartWith = {
  readonly args?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** The running program. */
export type RunningApp = {
  readonly kind: 'browser' | 'electron'
  readonly dataFolder: string
  readonly page: Page
  readonly address: string
  readonly electron: ElectronApplication | undefined
  readonly training: () => Training
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
  /** Kills the desk process, as a crash would. The shell starts it again by itself. */
  readonly crashDesk: () => void
  /** A contract call by the page's own bridge, past its screens: for what no screen shows. */
  readonly call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<Result<CallOutput<N>>>
  readonly cli: (...args: string[]) => Promise<string>
  readonly central: (...args: string[]) => Promise<string>
}

/** Playwright's `test` with the fixture `app`; a spec that starts it with more gives `startWith`. */
export const test = base.extend<{ app: RunningApp; startWith: StartWith }, { firstStarted: string }>({
  startWith: [{}, { option: true }],
  // One first start a worker: its folder is copied for each spec.
  firstStarted: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from this pattern.
    async ({}, use, worker) => {
      const kind = kindOf(worker.project.name)
      const folder = dataFolderFor(kind)
      if (kind === 'browser' || noRuntime() === undefined) await (await startApp(kind, folder)).stop()
      await use(folder)
      await closeChromium()
      removeFolder(folder)
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  app: async ({ firstStarted, startWith }, use, info) => {
    const kind = kindOf(info.project.name)
    if (kind === 'electron') base.skip(noRuntime() !== undefined, noRuntime() ?? '')
    const dataFolder = dataFolderFor(kind, firstStarted)
    const app = await startApp(kind, dataFolder, startWith)
    try {
      await use(app)
    } finally {
      await app.stop()
      removeFolder(dataFolder)
    }
  },
})

const kindOf = (project: string): RunningApp['kind'] => (project === 'electron' ? 'electron' : 'browser')

/** A data folder of its own for the user that the shell runs as: empty, or a copy. */
function dataFolderFor(kind: RunningApp['kind'], copied?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-e2e-'))
  if (copied !== undefined) cpSync(copied, folder, { recursive: true })
  chmodSync(folder, 0o700)
  if (kind === 'electron') electronUser().own(folder)
  return folder
}

const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })

/** Runs in the page. */
async function callFromPage({ name, input }: { name: string; input: unknown }): Promise<unknown> {
  const { cunchuang } = window as unknown as { cunchuang?: { call: (name: string, input: unknown) => unknown } }
  if (cunchuang !== undefined) return await cunchuang.call(name, input)
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`/api/call/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
  return await response.json()
}

/** Starts the program on a data folder; for specs that bring their own. */
export async function startApp(
  kind: RunningApp['kind'],
  dataFolder: string,
  startWith: StartWith = {},
): Promise<RunningApp> {
  const start = kind === 'electron' ? startElectronShell : startBrowserShell
  let shell = await start(dataFolder, startWith)
  const readJson = (name: string): unknown => JSON.parse(readFileSync(join(dataFolder, name), 'utf8'))
  const run = async (program: string, args: string[]) => {
    const node = join(root, 'node_modules', '.bin', 'node')
    const file = join(root, 'out', 'main', `${program}.js`)
    const { stdout } = await promisify(execFile)(node, [file, ...args], {
      env: { ...process.env, CUNCHUANG_DATA: dataFolder },
    })
    return stdout
  }
  return {
    kind,
    dataFolder,
    get page() {
      return shell.page
    },
    get address() {
      return shell.address
    },
    get electron() {
      return shell.electron
    },
    training: () => readJson('training.json') as Training,
    restart: async () => {
      await shell.stop()
      shell = await start(dataFolder, startWith)
    },
    stop: () => shell.stop(),
    crashDesk: () => process.kill((readJson('owner.json') as { pid: number }).pid, 'SIGKILL'),
    call: (name, input) => shell.page.evaluate(callFromPage, { name, input }) as Promise<never>,
    cli: (...args) => run('cli', args),
    central: (...args) => run('central', args),
  }
}
