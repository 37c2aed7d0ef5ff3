import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../main/cli/index.ts'
import { makePublisherKey, writePublisherKey } from '../../main/store/publisher-key.ts'
import { catalogueFolder, sampleJson } from '../helpers/standards.ts'

const folder = mkdtempSync(join(tmpdir(), 'cunchuang-unpack-'))
const at = (name: string) => join(folder, name)
const cheap = { memoryKiB: 256, passes: 1, lanes: 1 }
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = async (...argv: string[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { stdout: (line: string) => void out.push(line), stderr: (line: string) => void err.push(line) }
  const code = await runCli(['standards', ...argv], io, {})
  return { code, out: out.join('\n'), err: err.join('\n') }
}
const write = (name: string, value: unknown) => writeFileSync(at(name), JSON.stringify(value))

beforeAll(async () => {
  for (const name of ['key', 'other'])
    writePublisherKey(at(`${name}.json`), await makePublisherKey('县', '演练-13579', cheap))
  writeFileSync(at('pin'), '演练-13579\n')
  cpSync(catalogueFolder, at('old'), { recursive: true })
  // A calendar of two years, and a matter whose own id is a name that folders pass over.
  const days = { off: ['2026-01-01'], work: [] }
  write('old/days.json', { source: '测试', years: { 2026: days, 2027: { off: [], work: [] } } })
  write('old/odd.json', { ...sampleJson('senior-card'), itemId: 'release', code: 'SAMPLE-R' })
  await run('build', at('old'), '--out', at('old.cunrelease'))
  await run('sign', at('old.cunrelease'), '--key', at('key.json'), '--pin-file', at('pin'))
  cpSync(at('old'), at('new'), { recursive: true })
  const allowance = sampleJson('elderly-allowance')
  allowance.conditions[0].rule['>='][1] = 79
  write('new/elderly-allowance.json', { ...allowance, version: 2, divisions: ['440282113'] })
  write('new/senior-card.json', { ...sampleJson('senior-card'), version: 2 })
  rmSync(at('new/odd.json'))
  write('new/more.json', { ...sampleJson('senior-card'), itemId: 'SAMPLE-MORE', name: '又一个事项', code: 'SAMPLE-M' })
})

test('a release is taken apart into files of which the very same release is made again', async () => {
  const { code, out } = await run('unpack', at('old.cunrelease'), at('apart'))
  expect([code, out.includes('的 24 份文件已写到')]).toEqual([0, true])
  expect(readdirSync(at('apart'))).toHaveLength(24)
  expect(readFileSync(join(at('apart'), 'SAMPLE-GLJT.json'), 'utf8')).toContain('\n  "itemId": "SAMPLE-GLJT"')
  const again = await run('build', at('apart'), '--out', at('again.cunrelease'), '--previous', at('old.cunrelease'))
  expect([again.code, again.out.endsWith('与上一次没有不同。')]).toEqual([0, true])
  expect(await run('diff', at('apart'), at('old.cunrelease'))).toEqual({ code: 0, out: '没有不同。', err: '' })
})

test.each([
  ['two folders', 'old', 'new'],
  ['a release and a folder', 'old.cunrelease', 'new'],
])('%s are compared document by document, by name, in words', async (_, before, after) => {
  const { code, out } = await run('diff', at(before), at(after))
  expect(code).toBe(1)
  expect(out.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
    '改动  事项 高龄津贴 第2版（原第1版）',
    '改动  事项 老年人优待卡 第2版（原第1版）',
    '新增  事项 又一个事项 第1版',
    '去掉  事项 老年人优待卡 第1版',
    '共 4 份不同：改动 2，新增 1，去掉 1。',
  ])
  expect(out).toContain('  ～ 年龄由满 80 周岁改为满 79 周岁\n      原来：年龄满 80 周岁\n      现在：年龄满 79 周岁')
  expect(out).toContain('  ～ 收件的镇村增加了“珠玑镇”')
  expect(out).toContain('  问的、收的都一样，只有版本号或写法不同。')
  const { documents } = JSON.parse((await run('diff', at(before), at(after), '--json')).out)
  expect(documents[0]).toMatchObject({ what: 'changed', id: 'SAMPLE-GLJT', fromVersion: 1, toVersion: 2 })
  expect((await run('diff', at(after), at(before))).code).toBe(1)
})

test('a foreign signature is refused where a key is named, and nothing is written', async () => {
  const foreign = await run('unpack', at('old.cunrelease'), at('none'), '--key', at('other.json'))
  expect([foreign.code, foreign.err.includes('不是这里认的发布人签的'), existsSync(at('none'))]).toEqual([
    1,
    true,
    false,
  ])
  expect((await run('unpack', at('old.cunrelease'), at('mine'), '--key', at('key.json'))).code).toBe(0)
})

test('what cannot be read, or would be written over, is said', async () => {
  const bytes = readFileSync(at('old.cunrelease'))
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40)
  writeFileSync(at('broken.cunrelease'), bytes)
  mkdirSync(at('empty'))
  cpSync(at('old'), at('twice'), { recursive: true })
  write('twice/again.json', { ...sampleJson('senior-card'), version: 2 })
  const said = async (...argv: string[]) => {
    const { code, err } = await run(...argv)
    return `${code} ${err}`
  }
  expect(await said('unpack', at('broken.cunrelease'), at('none'))).toMatch(/^1 .*读不了：不完整，或被改动过/)
  expect(await said('unpack', at('nothing.cunrelease'), at('none'))).toMatch(/^1 .*nothing\.cunrelease/)
  expect(await said('unpack', at('old'), at('none'))).toMatch(/^1 .*old 是文件夹，要写一个发布文件/)
  expect(await said('unpack', at('old.cunrelease'), at('old'))).toMatch(/^1 .*里已经有文件/)
  expect(await said('unpack', at('old.cunrelease'))).toMatch(/^2 .*一个发布文件和一个新文件夹/)
  expect(await said('diff', at('old'), at('nowhere'))).toMatch(/^1 .*nowhere/)
  expect(await said('diff', at('old'), at('empty'))).toMatch(/^1 .*\.json 文件/)
  expect(await said('diff', at('old'), at('broken.cunrelease'))).toMatch(/^1 .*读不了：不完整，或被改动过/)
  expect(await said('diff', at('old'), at('twice'))).toMatch(/^1 .*两份标识相同/)
  expect(await said('diff', at('old'), join(at('old'), 'senior-card.json'))).toMatch(/^2 .*要么都是单个文件/)
})
