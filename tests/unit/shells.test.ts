import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isFromOurPage, mayAskApi } from '../../main/shells/browser/guard.ts'
import { listenOnKeptPort } from '../../main/shells/browser/kept-port.ts'
import { createLaunchTokens } from '../../main/shells/browser/launch-tokens.ts'
import { findBrowser, hasDisplay, linesFor, openInBrowser } from '../../main/shells/browser/system-browser.ts'
import { isOurPage } from '../../main/shells/electron/origin.ts'
import { dataFolder } from '../../main/wire/local/data-folder.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cunchuang-unit-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a browser of the system', () => {
  const browser = (name: string, says: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${says}'\n`)
    chmodSync(join(folder, name), 0o755)
  }

  it('is taken when it is Chromium 120 or newer, past one that is older and one that does not start', async () => {
    browser('chromium', 'Chromium 119.0.6045.199 built on Debian')
    writeFileSync(join(folder, 'google-chrome'), 'not a program')
    browser('microsoft-edge', 'Microsoft Edge 120.0.2210.61')

    expect(await findBrowser({ PATH: folder })).toBe(join(folder, 'microsoft-edge'))
  })

  it('is missing where the path has none', async () => {
    expect(await findBrowser({ PATH: folder })).toBeUndefined()
  })

  it('that is missing is told with the address and what to do', async () => {
    const machine = { environment: { DISPLAY: ':0', PATH: folder }, userId: 1000 }
    const address = 'http://127.0.0.1:1/#t=x'

    const notOpened = await openInBrowser(address, join(folder, 'profile'), machine)

    expect(linesFor(notOpened, address)).toEqual([
      '没有找到可用的浏览器。数据不受影响。请把打印出的地址复制到 Chrome 或 Edge（120 版以上）里打开。',
      '请在本机的 Chrome 或 Edge（120 以上）里打开这个地址（只能用一次）：',
      address,
    ])
  })

  it('is never started as root', async () => {
    browser('chromium', 'Chromium 130.0.0.0')
    const machine = { environment: { DISPLAY: ':0', PATH: folder }, userId: 0 }

    expect(await openInBrowser('http://127.0.0.1:1/', join(folder, 'profile'), machine)).toBe('root')
  })

  it('needs a display on Linux alone', () => {
    const answers = [hasDisplay({}, 'linux'), hasDisplay({ DISPLAY: ':0' }, 'linux'), hasDisplay({}, 'win32')]

    expect(answers).toEqual([false, true, true])
  })
})

describe('the data folder', () => {
  it('is what the command line names, else the environment, else the place of the system', () => {
    const environment = { CUNCHUANG_DATA: '/from-environment', APPDATA: '/roaming', XDG_DATA_HOME: '' }
    const folders = [
      dataFolder({ argument: '/named', environment }),
      dataFolder({ environment }),
      dataFolder({ environment: { XDG_DATA_HOME: '/xdg' }, platform: 'linux' }),
      dataFolder({ environment: {}, platform: 'linux' }),
      dataFolder({ environment: { APPDATA: '/roaming' }, platform: 'win32' }),
    ]

    const home = join(homedir(), '.local', 'share', 'cunchuang')
    expect(folders).toEqual(['/named', '/from-environment', '/xdg/cunchuang', home, '/roaming/cunchuang'])
  })
})

describe('the loopback server', () => {
  it('keeps the port of its file, and draws another when it is taken', async () => {
    const file = join(folder, 'port.json')
    const [first, second] = [createServer(), createServer()]
    const kept = await listenOnKeptPort(first, file)

    const moved = await listenOnKeptPort(second, file)

    first.close()
    second.close()
    expect({ taken: moved.taken, other: moved.port !== kept.port }).toEqual({ taken: kept.port, other: true })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ port: moved.port })
  })

  it('forgets the oldest unused token when too many are out', () => {
    const tokens = createLaunchTokens()
    const oldest = tokens.issue()
    const others = Array.from({ length: 32 }, () => tokens.issue())

    expect([tokens.spend(oldest), tokens.spend(others[0] ?? '') !== undefined]).toEqual([undefined, true])
  })

  it('knows its own page by Host, Origin and what the browser says of the site', () => {
    const host = '127.0.0.1:20000'
    const origin = `http://${host}`

    const pages = [
      { host },
      { host, origin },
      { host: 'localhost:20000' },
      { host, origin: 'http://127.0.0.1:20001' },
      {},
    ]
    const calls = [
      { origin },
      {},
      { origin, 'sec-fetch-site': 'same-site' },
      { origin, 'sec-fetch-site': 'same-origin' },
    ]

    expect(pages.map((headers) => isFromOurPage(headers, 20_000))).toEqual([true, true, false, false, false])
    expect(calls.map((headers) => mayAskApi(headers, true))).toEqual([true, false, false, true])
  })
})

describe('the page in Electron', () => {
  it('is app://cunchuang and nothing that only looks like it', () => {
    const addresses = [
      'app://cunchuang/index.html',
      'app://cunchuang.example/index.html',
      'app://user@elsewhere/cunchuang',
      'https://cunchuang/index.html',
      'file:///cunchuang/index.html',
      'about:blank',
      '',
      undefined,
    ]

    expect(addresses.map(isOurPage)).toEqual([true, false, false, false, false, false, false, false])
  })
})
