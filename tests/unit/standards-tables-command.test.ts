import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCli } from '../../main/cli/index.ts'
import { canonicalBytes } from '../../main/wire/canonical.ts'
import { catalogueFolder, sampleTexts } from '../helpers/standards.ts'
import { typed, withCells, withParts } from '../helpers/workbooks.ts'

const folder = mkdtempSync(join(tmpdir(), 'cunchuang-tables-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (...names: string[]) => join(folder, ...names)

const run = async (...argv: string[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { stdout: (line: string) => void out.push(line), stderr: (line: string) => void err.push(line) }
  const code = await runCli(['standards', ...argv], io, {})
  return { code, out: out.join('\n'), err: err.join('\n') }
}
/** The documents of a folder as their canonical texts, in any order. */
const textsIn = (place: string) =>
  readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(place, name), 'utf8'))
    .toSorted()
const samples = sampleTexts()
  .map(({ text }) => canonicalBytes(JSON.parse(text)).toString())
  .toSorted()

test('takes a whole catalogue out as a workbook or one JSON file, and in again byte for byte', async () => {
  for (const name of ['all.xlsx', 'all.json']) {
    expect(await run('export', catalogueFolder, '--out', at(name))).toEqual({
      code: 0,
      out: `导出了 21 项，在 ${at(name)}。`,
      err: '',
    })
    const place = at(`from-${name}`)
    expect(await run('import', at(name), '--out', place)).toEqual({
      code: 0,
      out: `导入了 21 项，在 ${place}：没有发现问题。`,
      err: '',
    })
    expect(textsIn(place)).toEqual(samples)
    expect((await run('check', place)).code).toBe(0)
  }
})

test('imports nothing where one cell must be mended, and names it', async () => {
  const wrong = at('wrong.xlsx')
  writeFileSync(wrong, await withCells(readFileSync(at('all.xlsx')), '申请材料', { E3: typed('E3', '4') }))
  const { code, out } = await run('import', wrong, '--out', at('nothing'))
  expect(code).toBe(1)
  expect(out.split('\n').slice(0, 3)).toEqual([
    '【必须改】wrong.xlsx：“申请材料”表 E3',
    '  必要性只能填 1、2、3（必要、非必要、容缺后补）',
    '  怎么改：现在是“4”；从下拉列表里选',
  ])
  expect(out.endsWith('什么也没有导入：必须改 1 处，建议改 0 处。')).toBe(true)
  expect(existsSync(at('nothing'))).toBe(false)
  const told = JSON.parse((await run('import', wrong, '--out', at('nothing'), '--json')).out)
  expect(told).toMatchObject({ documents: [], findings: [{ place: '“申请材料”表 E3' }] })
})

test('writes a template that can be filled in, and says that it is empty', async () => {
  expect((await run('template', '--out', at('template.xlsx'))).code).toBe(0)
  expect(await run('import', at('template.xlsx'), '--out', at('nothing'))).toMatchObject({
    code: 1,
    out: expect.stringContaining('表里没有填任何事项'),
  })
})

test('keeps the platform’s own columns beside what it imports, and writes them back', async () => {
  const csv =
    'task_name,task_code,task_version,plan_effective_date,dept_name,promise_day,promise_type,cd_batch\n救助,A1,1,20260101,镇政府,5,1,B7'
  writeFileSync(at('national.csv'), csv)
  const place = at('from-national')
  expect(await run('import', at('national.csv'), '--out', place)).toMatchObject({ code: 0, err: '' })
  expect(await run('export', place, '--form', 'national', '--out', at('back.xlsx'))).toMatchObject({ code: 0 })
  expect(await run('import', at('back.xlsx'), '--form', 'national', '--out', at('again'))).toMatchObject({ code: 0 })
  const kept = JSON.parse(readFileSync(at('again', 'national', 'tables.json'), 'utf8'))
  expect(kept.tables[0].rows[0].texts).toEqual(csv.split('\n')[1]?.split(','))
})

test('refuses in one sentence, with 1, what it cannot read or write', async () => {
  const book = readFileSync(at('all.xlsx'))
  const large = at('large.xlsx')
  writeFileSync(large, 'PK')
  truncateSync(large, 50 * 1024 ** 3)
  writeFileSync(at('macros.xlsm'), await withParts(book, { 'xl/vbaProject.bin': () => 'x' }))
  writeFileSync(at('old.xls'), Buffer.from('d0cf11e0a1b11ae1', 'hex'))
  mkdirSync(at('full'))
  writeFileSync(at('full', 'a.txt'), 'x')
  const refusals = [
    [['import', large, '--out', at('n')], 'large.xlsx没有读取：文件太大，最大 16 MB。'],
    [['import', at('macros.xlsm'), '--out', at('n')], 'macros.xlsm没有读取：里面有宏。'],
    [['import', at('old.xls'), '--out', at('n')], 'old.xls没有读取：是旧的 Excel 格式（.xls 或 .xlsb）。'],
    [['import', at('nowhere.xlsx'), '--out', at('n')], `没有找到文件 ${at('nowhere.xlsx')}。`],
    [['import', folder, '--out', at('n')], '不是普通文件'],
    [['import', at('all.xlsx'), '--out', at('full')], '里已经有文件'],
    [['export', catalogueFolder, '--out', at('no', 'such', 'a.xlsx')], '写不了文件 a.xlsx。'],
  ] as const
  for (const [argv, sentence] of refusals) {
    const { code, out, err } = await run(...argv)
    expect({ argv, code, out, lines: err.split('\n').length }).toEqual({ argv, code: 1, out: '', lines: 1 })
    expect(err).toContain(sentence)
  }
  expect(existsSync(at('n'))).toBe(false)
})

test('replaces no file unasked, and touches none beside it', async () => {
  const mine = 'what somebody else wrote'
  for (const argv of [
    ['export', catalogueFolder, '--out', at('mine.xlsx')],
    ['template', '--out', at('mine.xlsx')],
  ]) {
    for (const name of ['mine.xlsx', 'mine.xlsx.aside']) writeFileSync(at(name), mine)
    const refused = await run(...argv)
    expect([refused.code, refused.out, readFileSync(at('mine.xlsx'), 'utf8')]).toEqual([1, '', mine])
    expect(refused.err).toContain(`${at('mine.xlsx')} 已经有了，要换掉它请加 --replace`)
    expect((await run(...argv, '--replace')).code).toBe(0)
    expect(readFileSync(at('mine.xlsx')).subarray(0, 2).toString()).toBe('PK')
    expect(readFileSync(at('mine.xlsx.aside'), 'utf8')).toBe(mine)
  }
  mkdirSync(at('folder.xlsx'))
  expect((await run('template', '--out', at('folder.xlsx'), '--replace')).err).toContain('不是普通文件')
})

test('says how it is used, with 2, where the command is wrong', async () => {
  const wrong = [
    ['import'],
    ['import', at('all.xlsx')],
    ['import', at('all.xlsx'), '--out', at('n'), '--form', 'pdf'],
    ['export', catalogueFolder],
    ['export', catalogueFolder, '--out', at('a.csv')],
    ['export', catalogueFolder, catalogueFolder, '--out', at('a.xlsx')],
    ['template'],
  ]
  for (const argv of wrong) expect(await run(...argv)).toMatchObject({ code: 2, out: '' })
})

test('takes no document from two files, and leaves out what a workbook has no sheet for with a word', async () => {
  const twice = await run('import', at('all.xlsx'), at('all.xlsx'), '--out', at('n'))
  expect(twice).toMatchObject({ code: 1, out: expect.stringContaining('在几个文件里都有') })
  const { source, years } = JSON.parse(readFileSync(join(catalogueFolder, '..', 'holidays.json'), 'utf8'))
  writeFileSync(at('calendar.json'), JSON.stringify({ source, years: { 2026: years[2026] } }))
  const { out } = await run(
    'export',
    at('calendar.json'),
    join(catalogueFolder, 'senior-card.json'),
    '--out',
    at('some.xlsx'),
  )
  expect(out).toContain('没有导出（这种表里放不下，请用 --form json）：calendar.json。')
})
