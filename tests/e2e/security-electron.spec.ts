import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { expect, type RunningApp, startApp, test } from '../helpers/app.ts'
import { electronUser, noRuntime } from '../helpers/electron.ts'

/** Electron's security checklist, as it holds at run time: https://www.electronjs.org/docs/latest/tutorial/security */

let dataFolder = ''
let app: RunningApp

test.beforeAll(async () => {
  test.skip(noRuntime() !== undefined, noRuntime() ?? '')
  dataFolder = mkdtempSync(join(tmpdir(), 'cunchuang-security-'))
  electronUser().own(dataFolder)
  app = await startApp('electron', dataFolder)
})

test.afterAll(async () => {
  if (dataFolder === '') return
  await app.stop()
  rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 })
})

function electronOf({ electron }: RunningApp): ElectronApplication {
  if (electron === undefined) throw new Error('not on Electron')
  return electron
}

test('runs the page sandboxed, isolated and without Node', async () => {
  const electron = electronOf(app)
  const { preferences, pid } = await electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences: () => Record<string, unknown>
      getOSProcessId: () => number
    }
    return { preferences: contents.getLastWebPreferences(), pid: contents.getOSProcessId() }
  })
  const names = await app.page.evaluate(() =>
    ['process', 'require', 'Buffer', 'module'].filter((name) => name in window),
  )
  const bridge = await app.page.evaluate(() =>
    Object.keys((window as unknown as { cunchuang: object }).cunchuang).sort(),
  )
  // Seccomp 2 is a system call filter, NoNewPrivs 1 that it cannot be left: the sandbox of the operating system itself.
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const facts = Object.fromEntries(
    [...status.matchAll(/^(Seccomp|NoNewPrivs|Uid):\t(\d+)/gm)].map(([, name, value]) => [name, value]),
  )

  expect(preferences).toMatchObject({
    ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, webSecurity: true },
    ...{ nodeIntegrationInSubFrames: false, allowRunningInsecureContent: false },
  })
  expect({ names, bridge }).toEqual({ names: [], bridge: ['bytesBase', 'call', 'on', 'shell'] })
  expect({ ...facts, root: facts.Uid === '0' }).toMatchObject({ Seccomp: '2', NoNewPrivs: '1', root: false })
})

test('was not started with the sandbox switched off', async () => {
  const off = await electronOf(app).evaluate(({ app: electronApp }) => {
    return ['no-sandbox', 'disable-web-security'].filter((name) => electronApp.commandLine.hasSwitch(name))
  })

  expect(off).toEqual([])
})

test('serves the page from its own scheme under the policy, and nothing beside it', async () => {
  const seen = await app.page.evaluate(async () => {
    const page = await fetch('app://cunchuang/index.html')
    const outside = await fetch('app://cunchuang/..%2fmain%2findex.js')
    const elsewhere = await fetch('app://elsewhere/index.html').then(
      ({ status }) => status,
      () => 'refused',
    )
    return {
      policy: page.headers.get('content-security-policy') ?? '',
      outside: outside.status,
      elsewhere,
      at: location.href,
    }
  })

  expect(seen.policy.replace(/nonce-[\w-]+/, 'nonce-N')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N';/,
  )
  expect(seen).toMatchObject({
    outside: 404,
    elsewhere: 'refused',
    at: expect.stringMatching(/^app:\/\/cunchuang\/index\.html/),
  })
})

test('refuses navigation, new windows and file addresses', async () => {
  const electron = electronOf(app)
  const refuse = async (address: string) => {
    // Our handler was there first: when this one is told, it has decided.
    await electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const decided = new Promise((resolve) => {
        window?.webContents.once('will-frame-navigate', (event) => resolve(event.defaultPrevented))
      })
      Object.assign(globalThis, { decided })
    })
    await app.page.evaluate((to) => void setTimeout(() => location.assign(to)), address)
    return await electron.evaluate(() => (globalThis as unknown as { decided: Promise<boolean> }).decided)
  }
  const refused = [await refuse('https://example.com/'), await refuse('app://elsewhere/index.html')]
  const opened = await app.page.evaluate(() =>
    ['https://example.com/', 'app://cunchuang/index.html'].map((to) => window.open(to)),
  )
  const windows = await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

  expect({ refused, opened, windows, at: new URL(app.page.url()).host }).toEqual({
    ...{ refused: [true, true], opened: [null, null] },
    ...{ windows: 1, at: 'cunchuang' },
  })
})

test('denies every permission but the camera', async () => {
  const answers = await app.page.evaluate(async () => {
    const place = new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        ({ code }) => resolve(code === 1 ? 'denied' : 'failed'),
      )
    })
    const ask = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state
    return {
      place: await place,
      sound: await ask('microphone'),
      notice: await Notification.requestPermission(),
      camera: await ask('camera'),
    }
  })

  expect(answers).toEqual({ place: 'denied', sound: 'denied', notice: 'denied', camera: 'granted' })
})

test('refuses calls from any page but its own', async () => {
  const electron = electronOf(app)
  const ask = `window.cunchuang.call('station.status', {})`
  const { stranger, navigated } = await electron.evaluate(async ({ app: electronApp, BrowserWindow }, question) => {
    const [ours] = BrowserWindow.getAllWindows()
    if (ours === undefined) throw new Error('no window')
    const preload = `${electronApp.getAppPath()}/out/preload/index.cjs`
    const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
    await other.loadURL('data:text/html,stranger')
    const strangersAnswer = await other.webContents.executeJavaScript(question)
    other.destroy()
    await ours.loadURL('data:text/html,stranger')
    return { stranger: strangersAnswer, navigated: await ours.webContents.executeJavaScript(question) }
  }, ask)

  const refusal = { ok: false, error: { code: 'REQUEST_REFUSED', details: {} } }
  expect({ stranger, navigated }).toEqual({ stranger: refusal, navigated: refusal })
})
