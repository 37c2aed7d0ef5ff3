// Owns: the Electron shell started for a spec: a copy of the built program, run by a real Electron as an unprivileged
// user, so that the real sandbox is tested.
// Does not own: the runtime. CUNCHUANG_ELECTRON names its folder: dist/electron and better_sqlite3.node, the SQLite addon
// that takes the place of the package's prebuild in the copy.
// Start here: `startElectronShell`.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import type { StartedShell, StartWith } from './app.ts'

const root = join(import.meta.dirname, '..', '..')
/** `nobody` on Debian: an account without rights. */
const unprivileged = 65_534

/** Who runs Electron: ourselves, or `nobody` where the tests run as root. */
export type ElectronUser = {
  /** What goes before a command. */
  readonly prefix: readonly string[]
  /** Gives a path, and all under it, to that user. */
  readonly own: (path: string) => void
}

/** The unprivileged user that Electron runs as. */
export function electronUser(): ElectronUser {
  if (process.getuid?.() !== 0) return { prefix: [], own: () => undefined }
  return {
    prefix: ['setpriv', `--reuid=${unprivileged}`, `--regid=${unprivileged}`, '--clear-groups'],
    own: (path) => {
      chownSync(path, unprivileged, unprivileged)
      spawnSync('chown', ['-R', `${unprivileged}:${unprivileged}`, path])
    },
  }
}

/** Why the Electron specs cannot run here; undefined where they can. */
export function noRuntime(): string | undefined {
  const folder = process.env.CUNCHUANG_ELECTRON ?? ''
  if (folder === '')
    return 'there is no Electron runtime to test with: CUNCHUANG_ELECTRON, which names its folder, is not set'
  const missing = ['dist/electron', 'better_sqlite3.node'].find((file) => !existsSync(join(folder, file)))
  return missing === undefined ? undefined : `the folder that CUNCHUANG_ELECTRON names has no ${missing}`
}

function runtimeFolder(): string {
  const folder = process.env.CUNCHUANG_ELECTRON
  if (folder === undefined || noRuntime() !== undefined) throw new Error(noRuntime())
  return folder
}

/** Starts Electron on a data folder and resolves when its window has loaded the page. */
export async function startElectronShell(dataFolder: string, startWith: StartWith = {}): Promise<StartedShell> {
  await startDisplay()
  const copy = electronCopy()
  const electron = await _electron.launch({
    executablePath: copy.command,
    // A test picture in place of a camera; whether the page may use it is still the program's own decision.
    args: [copy.program, '--use-fake-device-for-media-stream', '--data', dataFolder, ...(startWith.args ?? [])],
    chromiumSandbox: true,
    env: { ...electronEnvironment(copy.folder), ...startWith.environment },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  const page = await windowOf(electron)
  // Not earlier: Electron 33 stands still when a page is loaded again while it is still loading.
  await page.waitForLoadState('load')
  return { page, address: '', electron, stop: () => electron.close() }
}

/** Its first window, which on an empty folder waits for desk and centre to be made. Rejects with what the program said when it ends before. */
async function windowOf(electron: ElectronApplication): Promise<Page> {
  const child = electron.process()
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => said.push(line))
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`Electron ended with ${code} before its window:\n${said.join('\n')}`)),
    )
  })
  // No time of its own: the spec's, or the fixture's, is what counts on a busy machine.
  return await Promise.race([electron.firstWindow({ timeout: 0 }), ended])
}

/** What Electron is given of the environment: a display, and a home of its own. */
export function electronEnvironment(folder: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    DISPLAY: display(),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'home'),
    XDG_RUNTIME_DIR: join(folder, 'home'),
    LANG: 'zh_CN.UTF-8',
    // There also where that locale is not installed: without UTF-8 no file gets a Chinese name.
    LC_ALL: 'C.UTF-8',
  }
}

/** A copy of the program that an Electron of another version can run. */
export type ElectronCopy = {
  readonly folder: string
  /** package.json, out, resources, node_modules. */
  readonly program: string
  /** Runs Electron as the unprivileged user. */
  readonly command: string
  /** The copied runtime. */
  readonly runtime: string
}

let made: ElectronCopy | undefined

/** Makes the copy once a test process, and removes it at its end. */
export function electronCopy(): ElectronCopy {
  if (made !== undefined) return made
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-electron-'))
  chmodSync(folder, 0o755)
  process.once('exit', () => removeQuietly(folder))
  const program = join(folder, 'program')
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  electronUser().own(join(folder, 'home'))
  copyProgram(program)
  const runtime = join(folder, 'runtime')
  // Linked: a quarter of a gigabyte on its way to the disk lets every commit of the specs wait.
  linkTree(join(runtimeFolder(), 'dist'), runtime)
  if (process.getuid?.() === 0) {
    // Chromium's own fallback where the system grants no user namespaces: its helper, owned by root and setuid.
    const helper = join(runtime, 'chrome-sandbox')
    rmSync(helper)
    copyFileSync(join(runtimeFolder(), 'dist', 'chrome-sandbox'), helper)
    chmodSync(helper, 0o4755)
  }
  const command = join(folder, 'electron.sh')
  const words = [...electronUser().prefix, join(runtime, 'electron')].map((word) => `'${word}'`)
  writeFileSync(command, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 })
  made = { folder, program, command, runtime }
  return made
}

/** At the end of the process an error could not be told any more, and would keep it from ending. */
function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // A process of Electron that is still ending has written there once more.
  }
}

/** Copies what the program needs to run: itself and its production packages, with the runtime's SQLite addon. */
function copyProgram(to: string): void {
  mkdirSync(to)
  copyFileSync(join(root, 'package.json'), join(to, 'package.json'))
  for (const part of ['out', 'resources']) cpSync(join(root, part), join(to, part), { recursive: true })
  for (const path of productionPackages()) linkTree(join(root, path), join(to, path))
  const prebuild = join(to, 'node_modules', 'better-sqlite3', 'prebuilds', `linux-${process.arch}.node`)
  rmSync(prebuild)
  copyFileSync(join(runtimeFolder(), 'better_sqlite3.node'), prebuild)
}

type LockedPackage = { readonly dev?: boolean; readonly devOptional?: boolean; readonly optional?: boolean }

/** Paths of the packages that the program itself needs, by what npm noted of its installation. */
function productionPackages(): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)))
}

/** Links files where both folders lie on one disk, copies them elsewhere. Nested node_modules are packages of their own. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') linkTree(source, target)
    } else if (entry.isFile()) linkOrCopy(source, target)
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target)
  } catch {
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(source, target)
  }
}

let xvfb: { readonly child: ChildProcess; readonly name: string } | undefined

/** The display: the machine's own, or an Xvfb started for this test process. */
function display(): string {
  const own = process.env.DISPLAY
  if (own !== undefined && own !== '') return own
  if (xvfb === undefined) throw new Error('no display: call startDisplay() first')
  return xvfb.name
}

/** Starts an Xvfb where the machine has no display. Ends with this process. */
export async function startDisplay(): Promise<void> {
  if (process.env.DISPLAY || xvfb !== undefined) return
  const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1366x768x24', '-nolisten', 'tcp', '-ac'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  process.once('exit', () => child.kill())
  const name = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    createInterface({ input: child.stdout }).once('line', (line) => resolve(`:${line}`))
  })
  child.stdout.destroy()
  child.unref()
  xvfb = { child, name }
}
