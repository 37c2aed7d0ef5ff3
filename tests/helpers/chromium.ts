// Owns: the browser shell started for a spec, with the system's Chromium in front of it.
// Does not own: what a spec does with it (app.ts).
// Start here: `startBrowserShell`.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from '@playwright/test'
import type { StartedShell, StartWith } from './app.ts'

const root = join(import.meta.dirname, '..', '..')

/** A browser shell's process and the address that it printed. */
export type ShellProgram = {
  readonly address: string
  readonly said: readonly string[]
  readonly child: ChildProcess
  readonly stop: () => Promise<void>
}

/** Starts out/main/browser.js on a data folder and resolves with the address that it prints; rejects with its words when it ends before. */
export async function startShellProgram(
  dataFolder: string,
  { args = [], environment = {} }: StartWith = {},
): Promise<ShellProgram> {
  const node = join(root, 'node_modules', '.bin', 'node')
  const file = join(root, 'out', 'main', 'browser.js')
  const child = spawn(node, [file, '--data', dataFolder, '--no-open', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const said: string[] = []
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line)
      if (line.startsWith('http://127.0.0.1:')) resolve(line)
    })
    ended.then(() => reject(new Error(`the shell ended before it printed an address:\n${said.join('\n')}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { address, said, child, stop }
}

/** Another address of the shell that runs on a data folder, for another window. */
export async function freshAddress(dataFolder: string): Promise<string> {
  return (await startShellProgram(dataFolder)).address
}

/** A browser of its own with a profile that stays, to be killed as a power cut would. */
export type KillableChromium = { readonly page: Page; readonly kill: () => Promise<void> }

/** Starts Chromium on a profile folder; what it kept there is there again after `kill`. */
export async function startKillableChromium(profile: string): Promise<KillableChromium> {
  const asRoot = process.getuid?.() === 0
  const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--lang=zh-CN']
  const child = spawn(chromiumFile(), [...flags, ...(asRoot ? ['--no-sandbox'] : []), 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: its renderers go with it.
    detached: true,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const endpoint = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const found = /^DevTools listening on (ws:.+)$/u.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    ended.then(() => reject(new Error('Chromium ended before it could be spoken to')))
  })
  const browser = await chromium.connectOverCDP(endpoint)
  const [context] = browser.contexts()
  const page = context?.pages()[0] ?? (await context?.newPage())
  if (page === undefined) throw new Error('Chromium has no page')
  await page.setViewportSize({ width: 1366, height: 768 })
  const kill = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  return { page, kill }
}

let sharedBrowser: Promise<Browser> | undefined

/** Ends the browser of this process's specs. */
export async function closeChromium(): Promise<void> {
  await (await sharedBrowser)?.close()
}

/** Starts the browser shell and opens its address. */
export async function startBrowserShell(dataFolder: string, startWith: StartWith = {}): Promise<StartedShell> {
  // One browser serves a worker's specs; a context of its own keeps cookies and stores of each apart.
  sharedBrowser ??= launchChromium()
  const browser = await sharedBrowser
  const program = await startShellProgram(dataFolder, startWith)
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  const page = await context.newPage()
  // The page trades its token first: from then on its calls are let in.
  await Promise.all([page.waitForResponse('**/api/launch'), page.goto(program.address)])
  const stop = async () => {
    await context.close()
    await program.stop()
  }
  return { page, address: program.address, electron: undefined, stop }
}

/** Chromium's own moving test picture in place of a camera, and a yes to the question whether the page may use it. */
export const madeUpCamera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] as const

/** The system's Chromium. Its sandbox is off only for root, where it cannot work; the product itself never does that. */
async function launchChromium(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0
  return await chromium.launch({
    executablePath: chromiumFile(),
    chromiumSandbox: !asRoot,
    args: [...madeUpCamera],
    // As `npm start` sees to it: without UTF-8 no file gets a Chinese name.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
}

function chromiumFile(): string {
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
  ]
  const found = [process.env.CUNCHUANG_CHROMIUM ?? '', ...places].find((file) => file !== '' && existsSync(file))
  if (found === undefined) throw new Error('no Chromium on this machine: install it, or name it in CUNCHUANG_CHROMIUM')
  return found
}
