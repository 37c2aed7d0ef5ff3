// npm start: installs what is missing, builds what is stale, picks the shell, and runs it.
//   npm start -- [--data DIR] [--division CODE] [--port N] [--browser] [--no-open]
// Plain JavaScript on built-ins alone: nothing is installed yet when this runs.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeBuilt } from './built.mjs'
import { makeInstalled, node24, root } from './installed.mjs'

const say = (line) => process.stdout.write(`${line}\n`)
const args = process.argv.slice(2).filter((argument) => argument !== '--browser')

/** The runtime of the installed electron package; undefined where its download was not made. */
function electronRuntime() {
  try {
    const folder = join(root, 'node_modules', 'electron')
    const file = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim())
    return existsSync(file) ? file : undefined
  } catch {
    return undefined
  }
}

/** Which shell, and the reason in words. */
function pickShell() {
  const browser = (chinese, english) => ({
    runtime: undefined,
    why: `使用浏览器窗口：${chinese}。 Browser shell: ${english}.`,
  })
  if (process.argv.includes('--browser')) return browser('按您的要求', 'as asked')
  const runtime = electronRuntime()
  if (runtime === undefined) return browser('本机没有 Electron 运行环境', 'no Electron runtime here')
  if (process.getuid?.() === 0) return browser('不以 root 身份打开桌面窗口', 'no desktop window as root')
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return browser('没有显示器', 'no display')
  return { runtime, why: '使用桌面窗口（Electron）。 Electron shell: its runtime is here.' }
}

/** The environment with a UTF-8 locale: without one the window cannot give a file a Chinese name. */
function utf8Environment() {
  const { LC_ALL, LC_CTYPE, LANG } = process.env
  const isUtf8 = /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
  return isUtf8 ? process.env : { ...process.env, LC_ALL: 'C.UTF-8' }
}

/** Runs the shell to its end; resolves with how it ended and after how long. */
async function run(file, fileArgs) {
  const began = Date.now()
  const child = spawn(file, fileArgs, { cwd: root, stdio: 'inherit', env: utf8Environment() })
  // Ctrl+C reaches the child by the terminal; a signal to this process alone is handed on.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return await new Promise((resolve) => {
    child.once('error', () => resolve({ code: 1, signal: null, seconds: 0 }))
    child.once('exit', (code, signal) => resolve({ code, signal, seconds: (Date.now() - began) / 1000 }))
  })
}

if (args.includes('--help')) {
  say(
    'npm start -- [--data 数据文件夹] [--division 村的区划代码] [--port 端口] [--browser 用浏览器窗口] [--no-open 只打印地址]',
  )
  process.exit(0)
}
await makeInstalled(say)
makeBuilt(say)
const { runtime, why } = pickShell()
say(why)
const inBrowser = () => run(node24, [join(root, 'out', 'main', 'browser.js'), ...args])
let ended = runtime === undefined ? await inBrowser() : await run(runtime, [root, ...args])
if (runtime !== undefined && ended.signal !== null && ended.seconds < 5) {
  // Its sandbox cannot work on this system (and is never switched off), or a library is missing.
  say('Electron 在这台机器上打不开，改用浏览器窗口。 Electron does not run here; using the browser shell.')
  ended = await inBrowser()
}
process.exitCode = ended.code ?? 1
