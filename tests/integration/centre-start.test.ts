import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCentral, startCentre } from '../helpers/centre.ts'
import { programs } from '../helpers/programs.ts'
import { temporaryFolder } from '../helpers/store.ts'

test('a centre whose first start was killed while its database was made starts as a new one', async () => {
  using folder = temporaryFolder()
  const centreFolder = join(folder.path, 'centre')
  mkdirSync(centreFolder)
  const first = spawn(process.execPath, [programs.centre, 'serve', '--data', folder.path], { stdio: 'ignore' })
  const gone = new Promise((resolve) => first.once('exit', resolve))
  using _watching = killWhenMade(centreFolder, () => first.kill('SIGKILL'))
  await gone
  const left = readdirSync(centreFolder)
  const second = await startCentre(folder.path)
  await second.kill('SIGTERM')
  expect(left).toContain('database.new')
  expect(left).not.toContain('database')
  expect(readdirSync(centreFolder)).toContain('database')
  expect(readdirSync(centreFolder)).not.toContain('database.new')
})

test('a centre is called as it is told, keeps the name, and is no training where nobody said so', async () => {
  using folder = temporaryFolder()
  const names: string[] = []
  for (const words of [[], ['--name', '珠玑县政务服务中心'], []]) {
    const centre = await startCentre(folder.path, words)
    names.push(centre.name)
    await centre.kill('SIGTERM')
  }
  expect(names).toEqual(['政务服务中心', '珠玑县政务服务中心', '珠玑县政务服务中心'])
})

test('the office finds no centre in a folder that has none, and makes none there', async () => {
  using folder = temporaryFolder()
  const data = ['--data', folder.path]
  const said = [
    await runCentral(['enrolment-code', '440282113201-1', ...data]),
    await runCentral(['enrolment-code', '--relay', '440282113', ...data]),
    await runCentral(['exchange', '--once', '--exchange-url', 'postgres://nowhere/x', ...data]),
  ]
  expect(said.map(({ code, stdout }) => [code, stdout])).toEqual([
    [1, ''],
    [1, ''],
    [1, ''],
  ])
  expect(said[0]?.stderr).toContain('这个数据文件夹里还没有')
  expect(readdirSync(folder.path)).toEqual([])
})

test('what nobody can hear is refused, a calendar is kept for who comes later, a missing file is named without its folder', async () => {
  using folder = temporaryFolder()
  const centre = await startCentre(folder.path)
  const calendar = join(folder.path, 'calendar.json')
  const days = { source: '测试用的日历', years: { '2031': { off: ['2031-01-01..2031-01-03'], work: ['2031-01-04'] } } }
  writeFileSync(calendar, JSON.stringify(days))
  const data = ['--data', folder.path]
  const [notice, missing, kept] = await Promise.all([
    runCentral(['notice', '明天停电', ...data]),
    runCentral(['calendar', 'publish', join(folder.path, 'none.json'), ...data]),
    runCentral(['calendar', 'publish', calendar, ...data]),
  ])
  await centre.kill('SIGTERM')
  expect([notice.code, notice.stderr]).toEqual([1, '中心还没有登记任何窗口，没有下发；有窗口登记以后再发。\n'])
  expect([missing.code, missing.stderr]).toEqual([1, '没有找到文件 none.json。没有做任何改动。请核对文件名。\n'])
  expect([kept.stderr, kept.stdout]).toEqual(['', '已记下。中心还没有登记任何窗口，以后登记的窗口会收到。\n'])
})

/** Kills as soon as a database begins to be made in a folder. */
function killWhenMade(folder: string, kill: () => void): Disposable {
  const watcher = watch(folder, (_event, name) => {
    if (name?.startsWith('database') === true) kill()
  })
  return { [Symbol.dispose]: () => watcher.close() }
}
