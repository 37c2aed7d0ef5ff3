import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCli } from '../../main/cli/index.ts'
import { catalogueFolder, editedSample } from '../helpers/standards.ts'
import { workedMs } from '../helpers/work-time.ts'

const folder = mkdtempSync(join(tmpdir(), 'cunchuang-standards-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = async (...argv: string[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { stdout: (line: string) => void out.push(line), stderr: (line: string) => void err.push(line) }
  const code = await runCli(['standards', ...argv], io, {})
  return { code, out: out.join('\n'), err: err.join('\n') }
}
const older = join(catalogueFolder, 'elderly-allowance.json')
const newer = join(folder, 'elderly-allowance.json')
const edited = editedSample('elderly-allowance', (json) => {
  json.conditions[0].rule['>='][1] = 79
  json.legalLimit = { days: 5, unit: 'workday' }
})
if ('text' in edited) writeFileSync(newer, edited.text)

test('finds nothing to mend in the sample catalogue', async () => {
  expect(await run('check', catalogueFolder)).toEqual({ code: 0, out: '检查了 21 个文件：没有发现问题。', err: '' })
})

test('tells what must be mended with place and remedy, and gives 1', async () => {
  const { code, out } = await run('check', newer)
  expect(code).toBe(1)
  expect(out).toBe(
    [
      '【必须改】elderly-allowance.json：承诺办结时限',
      '  承诺时限 20 个工作日 长于法定时限 5 个工作日',
      '  怎么改：承诺时限不能超过法定时限，改短承诺时限',
      '  位置：/promisedLimit',
      '检查了 1 个文件：必须改 1 处，建议改 0 处。',
    ].join('\n'),
  )
  const json = JSON.parse((await run('check', newer, '--json')).out)
  expect(json).toMatchObject({ files: 1, must: 1, should: 0, findings: [{ pointer: '/promisedLimit' }] })
})

test('tells what changed between two files, and gives 1 where something did', async () => {
  const { code, out } = await run('diff', older, newer)
  expect(code).toBe(1)
  expect(out).toContain('～ 年龄由满 80 周岁改为满 79 周岁\n    原来：年龄满 80 周岁\n    现在：年龄满 79 周岁')
  expect(out.endsWith('共 2 处不同。')).toBe(true)
  expect(await run('diff', older, older)).toEqual({ code: 0, out: '没有不同。', err: '' })
  expect(JSON.parse((await run('diff', older, newer, '--json')).out).changes).toHaveLength(2)
})

test('refuses a file of 50 MB, of 50 GB too, by its size', async () => {
  for (const [size, told] of [
    [50 * 1024 * 1024, '51200 KB'],
    [50 * 1024 ** 3, '52428800 KB'],
  ] as const) {
    const file = join(folder, 'large.json')
    writeFileSync(file, '{')
    truncateSync(file, size)
    const begun = process.cpuUsage()
    const { code, out } = await run('check', file)
    rmSync(file)
    expect([code, out.includes(`文件太大：${told}`)]).toEqual([1, true])
    expect(workedMs(begun)).toBeLessThan(500)
  }
})

test.each([
  [[], '缺少 check、diff'],
  [['bake'], '没有 bake 这个命令'],
  [['check'], '缺少文件或文件夹'],
  [['diff', older], '要写旧、新两个文件'],
  [['check', '--loud', older], '参数 --loud 不对'],
])('says how %j was wrongly written, and gives 2', async (argv, why) => {
  const { code, err } = await run(...argv)
  expect([code, err.includes(why)]).toEqual([2, true])
})

test('says that a file is not there, and what keeps one from being compared', async () => {
  expect(await run('check', join(folder, 'nothing.json'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('nothing.json'),
  })
  writeFileSync(join(folder, 'broken.json'), '{')
  const { code, err } = await run('diff', older, join(folder, 'broken.json'))
  expect([code, err.includes('不是 JSON 文件，读不出来')]).toEqual([1, true])
})
