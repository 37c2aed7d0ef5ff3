// Owns: finding a browser of this system that is new enough, and opening our address in it as an app.
// Does not own: the server behind the address.
// Start here: `openInBrowser`.
import { execFile, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { failureLine } from '../../../preload/contract/sentences.ts'

/** Chromium 120 is what the page is built for. */
export const oldestChromium = 120

const linuxNames = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
]
const windowsPlaces = [
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
]

/** Why no window was opened: as root or without a display none may be, otherwise there is no fitting browser. */
export type NotOpened = 'root' | 'no-display' | 'no-browser'

/**
 * Opens an address in app mode in the first Chromium-family browser that is new enough, with a profile of its own in
 * `profile`. As root it opens nothing: a browser would need --no-sandbox there, which we never give. Resolves with the
 * reason when nothing was opened.
 */
export async function openInBrowser(
  address: string,
  profile: string,
  { environment, userId }: { readonly environment: NodeJS.ProcessEnv; readonly userId: number | undefined },
): Promise<NotOpened | undefined> {
  if (userId === 0) return 'root'
  if (!hasDisplay(environment)) return 'no-display'
  const browser = await findBrowser(environment)
  if (browser === undefined) return 'no-browser'
  const args = [`--app=${address}`, `--user-data-dir=${profile}`, '--no-first-run', '--no-default-browser-check']
  const child = spawn(browser, args, { detached: true, stdio: 'ignore' })
  const failed = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(true))
    child.once('spawn', () => resolve(false))
  })
  child.unref()
  return failed ? 'no-browser' : undefined
}

/** What is printed beside a window, or in its place: always the address, on a line of its own. */
export function linesFor(notOpened: NotOpened | undefined, address: string): string[] {
  const how =
    notOpened === undefined
      ? '窗口已打开，地址是：'
      : '请在本机的 Chrome 或 Edge（120 以上）里打开这个地址（只能用一次）：'
  const why = notOpened === 'no-browser' ? [failureLine({ code: 'NO_BROWSER', details: {} })] : []
  return [...why, how, address]
}

/** Whether a window could be shown at all. */
export function hasDisplay(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): boolean {
  if (platform !== 'linux') return true
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY)
}

/** The first browser of the system that is Chromium 120 or newer; undefined where there is none. */
export async function findBrowser(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  for (const file of candidates(environment)) {
    if (isExecutable(file) && (await isNewEnough(file))) return file
  }
  return undefined
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'win32') {
    const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].map((name) => environment[name])
    return roots
      .filter((root) => root !== undefined)
      .flatMap((root) => windowsPlaces.map((place) => join(root, ...place)))
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function isNewEnough(file: string): Promise<boolean> {
  // On Windows a browser told --version opens a window instead; Edge and Chrome keep themselves up to date there.
  if (process.platform === 'win32') return true
  try {
    const { stdout } = await promisify(execFile)(file, ['--version'], { timeout: 5000 })
    return majorVersion(stdout) >= oldestChromium
  } catch {
    return false
  }
}

/** The major version in `Chromium 156.0.8078.79 built on …`; 0 where none is told. */
export function majorVersion(text: string): number {
  return Number(/(\d+)\.\d+\.\d+/.exec(text)?.[1] ?? 0)
}
