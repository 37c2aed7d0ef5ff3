import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from '@playwright/test'
import { electronCopy, electronEnvironment, electronUser, noRuntime, startDisplay } from '../helpers/electron.ts'

/** The program as electron-builder packs it, with the runtime that the tests are given. */

const root = join(import.meta.dirname, '..', '..')
let packed = ''

test.beforeAll(() => {
  test.skip(noRuntime() !== undefined, noRuntime() ?? '')
  test.setTimeout(480_000)
  const { program, runtime } = electronCopy()
  copyFileSync(join(root, 'electron-builder.yml'), join(program, 'electron-builder.yml'))
  const settings = {
    electronDist: runtime,
    electronVersion: readFileSync(join(runtime, 'version'), 'utf8').trim(),
    afterPack: join(root, 'scripts', 'set-fuses.mjs'),
  }
  const args = Object.entries(settings).map(([name, value]) => `-c.${name}=${value}`)
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
  const node = join(root, 'node_modules', '.bin', 'node')
  const { status, stdout, stderr } = spawnSync(node, [builder, '--dir', '--projectDir', program, ...args], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`electron-builder failed:\n${stdout}\n${stderr}`)
  packed = join(program, 'dist', 'linux-unpacked', 'cunchuang')
})

test('has every fuse set that keeps foreign code out', async () => {
  const wire = await getCurrentFuseWire(packed)

  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
    FuseV1Options.GrantFileProtocolExtraPrivileges,
  ]
  const on = [
    FuseV1Options.EnableCookieEncryption,
    FuseV1Options.OnlyLoadAppFromAsar,
    FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  ]
  expect({ off: off.map((fuse) => wire[fuse]), on: on.map((fuse) => wire[fuse]) }).toEqual({
    off: off.map(() => FuseState.DISABLE),
    on: on.map(() => FuseState.ENABLE),
  })
})

/** The packed program started on an empty folder: what it says, and how it ends. */
async function startPacked() {
  await startDisplay()
  const { folder } = electronCopy()
  const dataFolder = mkdtempSync(join(tmpdir(), 'cunchuang-packed-'))
  const user = electronUser()
  user.own(dataFolder)
  const [command = '', ...args] = [...user.prefix, packed, '--data', dataFolder]
  const child = spawn(command, args, { env: electronEnvironment(folder), stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => said.push(line))
  return { dataFolder, child, ended, said }
}

test('opens its window on an empty folder, makes the training station and ends cleanly', async () => {
  const { dataFolder, child, ended, said } = await startPacked()
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('窗口已打开')) resolve()
    })
    ended.then((code) => reject(new Error(`ended with ${code}:\n${said.join('\n')}`)))
  })
  const training = JSON.parse(readFileSync(join(dataFolder, 'training.json'), 'utf8')) as { pin: string }
  child.kill('SIGTERM')
  const code = await ended
  rmSync(dataFolder, { recursive: true, force: true })

  expect({ code, pin: training.pin }).toEqual({ code: 0, pin: expect.stringMatching(/^\d{6}$/) })
})

test('ends without a word when it is told to while it still starts', async () => {
  const { dataFolder, child, ended, said } = await startPacked()
  // The desk is at its first start, and there is no window yet.
  await expect.poll(() => existsSync(join(dataFolder, 'vault.json')), { timeout: 60_000, intervals: [20] }).toBe(true)
  child.kill('SIGTERM')
  const stuck = setTimeout(() => child.kill('SIGKILL'), 30_000)
  const code = await ended
  clearTimeout(stuck)
  rmSync(dataFolder, { recursive: true, force: true })

  expect({ code, ours: said.filter((line) => /\p{Script=Han}|exit/u.test(line)) }).toEqual({ code: 0, ours: [] })
})
