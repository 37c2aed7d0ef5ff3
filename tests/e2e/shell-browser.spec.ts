import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { startShellProgram } from '../helpers/chromium.ts'

/** The browser shell as a program: its address, its port, its one folder, its end. */

const root = join(import.meta.dirname, '..', '..')
let dataFolder = ''

test.beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'cunchuang-shell-'))
})

test.afterEach(() => {
  rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 })
})

test('keeps its port over starts, and a second start prints a fresh address of the running one', async () => {
  const first = await startShellProgram(dataFolder)
  await first.stop()
  const again = await startShellProgram(dataFolder)
  const second = await startShellProgram(dataFolder)
  await again.stop()

  const [one, two, three] = [first, again, second].map(({ address }) => new URL(address))
  expect([two?.port, three?.port]).toEqual([one?.port, one?.port])
  expect(new Set([one?.hash, two?.hash, three?.hash]).size).toBe(3)
})

test('takes another port, and says so, when its own is taken', async () => {
  const first = await startShellProgram(dataFolder)
  await first.stop()
  const port = Number(new URL(first.address).port)
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve))

  const moved = await startShellProgram(dataFolder)
  await moved.stop()
  await new Promise((resolve) => squatter.close(resolve))

  expect(new URL(moved.address).port).not.toBe(String(port))
  expect(moved.said.join('\n')).toContain(`端口 ${port} 被别的程序占用，已换用另一个。`)
})

test('leaves no process behind when it is killed, and starts again', async () => {
  const killed = await startShellProgram(dataFolder)
  const { pid } = JSON.parse(readFileSync(join(dataFolder, 'owner.json'), 'utf8')) as { pid: number }
  killed.child.kill('SIGKILL')
  await expect.poll(() => isRunning(pid)).toBe(false)

  const again = await startShellProgram(dataFolder)
  await again.stop()

  expect(again.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[\w-]{43}$/)
})

test('says in one sentence that a folder cannot be written, and what is safe', () => {
  const file = join(dataFolder, 'a-file')
  writeFileSync(file, '')
  const node = join(root, 'node_modules', '.bin', 'node')

  const { status, stderr } = spawnSync(node, [join(root, 'out', 'main', 'browser.js'), '--data', join(file, 'in-it')], {
    encoding: 'utf8',
  })

  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: '数据文件夹不能写入。没有做任何改动。请让管理员检查文件夹的权限，或磁盘是否被设为只读。\n',
  })
})

test('tells a wrong option as usage', () => {
  const node = join(root, 'node_modules', '.bin', 'node')

  const { status, stderr } = spawnSync(node, [join(root, 'out', 'main', 'browser.js'), '--prot', '1'], {
    encoding: 'utf8',
  })

  expect({ status, said: stderr.startsWith('命令写得不对') }).toEqual({ status: 2, said: true })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
