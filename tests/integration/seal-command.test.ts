import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sealCommand } from '../../main/cli/seal/command.ts'
import { fixture, organisation, pin, trainingSigner } from '../helpers/seals.ts'
import { noSmallDisk, smallDisk } from '../helpers/small-disk.ts'

let folder = ''
let at: (name: string) => string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seal-command-'))
  at = (name) => join(folder, name)
  const { seal } = await trainingSigner()
  writeFileSync(at('in.pdf'), fixture('pdf-lib-table.pdf'))
  writeFileSync(at('seal.p12'), seal.p12)
  writeFileSync(at('ca.pem'), seal.caPem)
  writeFileSync(at('pin'), `${pin}\n`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `seal …`; each word that names a file in the folder stands for its path. */
async function run(...argv: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const [out, err]: [string[], string[]] = [[], []]
  const words = argv.map((word) => (/\.(pdf|p12|pem)$|^pin$|^wrong$/.test(word) ? at(word) : word))
  const code = await sealCommand(words, { stdout: (line) => out.push(line), stderr: (line) => err.push(line) })
  return { code, out, err }
}

const apply = (...more: string[]) =>
  run('apply', 'in.pdf', '-o', 'out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin', ...more)

describe('seal apply', () => {
  it('writes a sealed copy that seal verify calls valid, and leaves the original alone', async () => {
    const applied = await apply('--page', '1', '--at', '20,30', '--size-mm', '45', '--name', '演练镇人民政府')
    expect(applied).toEqual({ code: 0, out: [`已在第 1 页盖章：${at('out.pdf')}`], err: [] })
    expect(readFileSync(at('in.pdf')).equals(fixture('pdf-lib-table.pdf'))).toBe(true)
    const verified = await run('verify', 'out.pdf', '--trust', 'ca.pem')
    expect([verified.code, verified.out[0]]).toEqual([0, `“${organisation}”的印章有效：盖章后文件没有改动。`])
  })

  it.each([
    [['--page', '9'], 'PDF 没有第 9 页。'],
    [['--at', '-100,20'], '印章的位置在页面之外'],
    [['--pin-file', 'wrong'], '印章口令不对。'],
    [['--p12', 'in.pdf'], '印章文件打不开'],
    [['--p12', 'gone.p12'], '没有找到文件 gone.p12'],
    [['-o', 'no-folder/out.pdf'], '写不了文件 out.pdf'],
  ])('refuses %j with one sentence and writes nothing', async (more, sentence) => {
    writeFileSync(at('wrong'), '1111\n')
    const before = readdirSync(folder).length
    const { code, out, err } = await apply(...more)
    expect([code, out, err.length]).toEqual([1, [], 1])
    expect(err[0]).toContain(sentence)
    expect(readdirSync(folder)).toHaveLength(before)
  })

  it.each([
    [['apply'], '缺少 PDF 文件名'],
    [['apply', 'in.pdf'], '缺少 -o OUT.pdf'],
    [['apply', 'in.pdf', '-o', 'in.pdf', '--p12', 'seal.p12', '--pin-file', 'pin'], '输出文件不能就是原文件'],
    [['apply', 'in.pdf', '-o', 'out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin', '--at', '5'], '--at 要写成 X,Y'],
    [['apply', 'in.pdf', '-o', 'out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin', '--page', '0'], '--page 要写页码'],
    [['apply', 'in.pdf', '--colour', 'blue'], '--colour'],
    [['apply', 'in.pdf', '-o', 'seal.p12', '--p12', 'seal.p12', '--pin-file', 'pin'], '输出文件不能就是'],
    [['apply', 'in.pdf', '-o', 'pin', '--p12', 'seal.p12', '--pin-file', 'pin'], '输出文件不能就是'],
    [['apply', 'in.pdf', '-o', 'out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin', '--name', ' '], '--name 要写'],
    [
      ['apply', 'in.pdf', '-o', 'out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin', '--name', '甲\u202e乙'],
      '--name 要写',
    ],
    [['stamp'], 'stamp'],
    [[], '缺少 apply、batch、verify'],
    [['apply', 'in.pdf', '-o', 'out.pdf', '--pin-file', 'pin'], '缺少 --p12 或 --token'],
    [
      ['apply', 'in.pdf', '-o', 'out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin', '--date', '--page', '1'],
      '只能写一种',
    ],
    [['apply', 'in.pdf', '-o', 'out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin', '--slots', '1,2,3'], '--certify'],
    [
      ['apply', 'in.pdf', '-o', 'out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin', '--tsa', 'http://x'],
      '--tsa-trust',
    ],
    [['batch', '--dir', '.', '--out', '.', '--p12', 'seal.p12', '--pin-file', 'pin'], '--out 不能就是 --dir'],
  ])('says wrong usage of %j', async (argv, part) => {
    const { code, err } = await run(...argv)
    expect([code, err.length]).toEqual([2, 1])
    expect(err[0]).toContain(part)
  })

  it.each([
    ['the mark that Notepad writes', Buffer.from(`\ufeff${pin}\r\n`)],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${pin}\r\n`, 'utf16le')],
    ['no line end', Buffer.from(pin)],
  ])('takes a PIN file with %s', async (_, bytes) => {
    writeFileSync(at('pin'), bytes)

    expect(await apply()).toMatchObject({ code: 0, err: [] })
  })

  it('writes under the longest name that a disk allows', async () => {
    const name = `${'长'.repeat(83)}a.pdf` // 254 bytes

    expect(await apply('-o', name)).toMatchObject({ code: 0, err: [] })
  })

  it('says that the disk is full, and leaves no half of a file behind', async (context) => {
    using disk = smallDisk(16)
    if (disk === undefined) return context.skip(noSmallDisk)
    const output = join(disk.path, 'out')
    const { code, err } = await run('apply', 'in.pdf', '-o', output, '--p12', 'seal.p12', '--pin-file', 'pin')
    expect([code, err[0]?.slice(0, 3), readdirSync(disk.path)]).toEqual([1, '磁盘满', []])
  })

  it('says so when the folder cannot be written to', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may write anywhere')
    mkdirSync(at('closed'))
    chmodSync(at('closed'), 0o500)
    const { code, err } = await run('apply', 'in.pdf', '-o', 'closed/out.pdf', '--p12', 'seal.p12', '--pin-file', 'pin')
    expect([code, err[0]]).toEqual([1, expect.stringContaining('写不了文件')])
  })
})

describe('seal verify', () => {
  it('gives the whole verdict as JSON', async () => {
    await apply()
    const { code, out } = await run('verify', 'out.pdf', '--trust', 'ca.pem', '--json')
    expect([code, out.length]).toEqual([0, 1])
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ verdict: 'valid', seals: [{ verdict: 'valid', organisation }] })
  })

  it.each([
    ['a device that has no end', '/dev/zero'],
    ['a pipe that nobody writes to', 'pipe.pdf'],
    ['a folder', 'folder.pdf'],
  ])('refuses %s and does not wait for it', async (_, path) => {
    if (path === '/dev/zero' && !existsSync(path)) return
    mkdirSync(at('folder.pdf'))
    if (spawnSync('mkfifo', [at('pipe.pdf')]).status !== 0) return
    const { code, err } = await run('verify', path)

    expect([code, err]).toEqual([1, [expect.stringContaining('不是普通文件')]])
  })

  it('ends with 1 for every other verdict', async () => {
    await apply()
    writeFileSync(at('longer.pdf'), Buffer.concat([readFileSync(at('out.pdf')), Buffer.from('x')]))
    const codes = await Promise.all([
      run('verify', 'out.pdf'),
      run('verify', 'longer.pdf', '--trust', 'ca.pem'),
      run('verify', 'in.pdf', '--trust', 'ca.pem'),
    ])
    expect(codes.map(({ code, err }) => [code, err])).toEqual([
      [1, []],
      [1, []],
      [1, []],
    ])
    expect(existsSync(at('longer.pdf'))).toBe(true)
  })

  it('refuses what is not a PDF, and a root that is none', async () => {
    const noPdf = await run('verify', 'seal.p12')
    const noRoot = await run('verify', 'in.pdf', '--trust', 'seal.p12')
    expect([noPdf.code, noPdf.err]).toEqual([1, [expect.stringContaining('不是 PDF')]])
    expect([noRoot.code, noRoot.err]).toEqual([1, [expect.stringContaining('不是证书')]])
  })
})
