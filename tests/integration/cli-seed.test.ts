import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../main/cli/index.ts'
import { freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'

const folder = freshFolder()

async function seed(...words: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = []
  const io = { stdout: (line: string) => void lines.push(line), stderr: (line: string) => void lines.push(line) }
  const code = await runCli(['seed', '--data', folder, ...words], io, {})
  return { code, said: lines.join('\n') }
}

beforeAll(async () => {
  await (await startDesk(folder)).kill('SIGTERM')
})
afterAll(() => removeFolder(folder))

test('fills a training station with cases that the window finds, opens and proves', async () => {
  expect(await seed('--cases', '40')).toEqual({ code: 0, said: expect.stringContaining('造好了 40 件演练办件') })
  const desk = await startDesk(folder)
  const { sessionId } = await loginTraining(desk)
  const page = await desk.ask('cases.list', { view: 'all', query: '', offset: 0, limit: 50 }, sessionId)
  expect({ total: page.total, mine: page.counts.mine }).toEqual({ total: 40, mine: 40 })
  const detail = await desk.ask('cases.get', { caseId: page.cases[0]?.caseId ?? '' }, sessionId)
  const sha256 = detail.materials[0]?.file.sha256
  const paper = await desk.raw('GET', `/bytes/files/${sha256}`, { headers: { 'x-session': sessionId } })
  expect({ status: paper.status, isPng: paper.text.includes('PNG') }).toEqual({ status: 200, isPng: true })
  expect((await desk.ask('ledger.verify', {}, sessionId)).ok).toBe(true)

  const inUse = await seed('--yes')
  expect(inUse).toEqual({ code: 1, said: expect.stringContaining('已经在这个数据文件夹上运行') })
  await desk.kill('SIGTERM')
})

test('goes on after the cases that are there only when told so', async () => {
  expect(await seed('--cases', '5')).toEqual({ code: 1, said: expect.stringContaining('已经有 40 件办件') })
  expect(await seed('--cases', '5', '--yes')).toEqual({ code: 0, said: expect.stringContaining('共 45 件') })
})

test.each([
  [['--cases', '0'], '--cases'],
  [['--seed', 'x'], '--seed'],
  [['--limit', '3'], '--limit'],
])('wrong usage %j is told', async (words, told) => {
  expect(await seed(...words)).toEqual({ code: 2, said: expect.stringContaining(told) })
})

test('a live station and a folder without one stay as they are', async () => {
  const file = join(folder, 'station.json')
  const profile = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...profile, mode: 'live' }))
  expect(await seed('--yes')).toEqual({ code: 1, said: expect.stringContaining('正式的窗口') })
  const empty = freshFolder()
  expect(await seed('--data', empty)).toEqual({ code: 1, said: expect.stringContaining('没有找到') })
  removeFolder(empty)
})
