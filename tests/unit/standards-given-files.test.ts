import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCli } from '../../main/cli/index.ts'
import { sampleJson } from '../helpers/standards.ts'

const folder = mkdtempSync(join(tmpdir(), 'cunchuang-given-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = async (...argv: string[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { stdout: (line: string) => void out.push(line), stderr: (line: string) => void err.push(line) }
  const code = await runCli(['standards', ...argv], io, {})
  return { code, out: out.join('\n'), err: err.join('\n') }
}
/** A fresh folder of the test. */
const place = (name: string) => {
  mkdirSync(join(folder, name))
  return join(folder, name)
}
const isPosix = process.platform !== 'win32'
const pin = join(folder, 'pin.txt')
writeFileSync(pin, '12345678')

test.runIf(isPosix)('reads no device and waits for no pipe, whichever command is given one', async () => {
  const pipe = join(place('pipe'), 'a.json')
  execFileSync('mkfifo', [pipe])
  symlinkSync('/dev/zero', join(place('device'), 'a.json'))
  for (const file of [pipe, '/dev/zero', join(folder, 'device')]) {
    const orders = [
      ...[
        ['check', file],
        ['diff', file, file],
      ],
      ...[['import', file, '--form', 'json', '--out', join(folder, 'imported')]],
      ...[
        ['export', file, '--out', join(folder, 'out.xlsx')],
        ['build', join(file, '..'), '--out', join(folder, 'r.cunrelease')],
      ],
      ...[
        ['sign', join(folder, 'r.cunrelease'), '--key', file, '--pin-file', pin],
        ['keys', 'show', file],
      ],
    ]
    for (const order of orders.filter(([name]) => name !== 'build' || file === pipe)) {
      const { code, err, out } = await run(...order)
      expect([order[0], code, (err + out).includes('程序出了差错')]).toEqual([order[0], 1, false])
    }
  }
  expect((await run('check', pipe)).err).toContain('a.json 不是普通文件')
})

test.runIf(isPosix)(
  'says which file of a folder leads nowhere, or is a folder, when a release is built of it',
  async () => {
    const here = place('links')
    symlinkSync(join(folder, 'nowhere'), join(here, 'b.json'))
    const out = join(folder, 'links.cunrelease')
    expect(await run('build', here, '--out', out)).toMatchObject({
      code: 1,
      err: expect.stringContaining('没有找到文件 b.json'),
    })
    rmSync(join(here, 'b.json'))
    mkdirSync(join(here, 'b.json'))
    expect(await run('build', here, '--out', out)).toMatchObject({
      code: 1,
      err: expect.stringContaining('b.json 不是普通文件'),
    })
  },
)

test('says that a file is of another code page, and makes no words of it', async () => {
  const here = place('gb18030')
  const text = JSON.stringify(sampleJson('senior-card'))
  // 优 as GB 18030 writes it: no UTF-8.
  const bytes = Buffer.concat(
    text
      .split('优')
      .flatMap((part) => [Buffer.from([0xd3, 0xc5]), Buffer.from(part)])
      .slice(1),
  )
  writeFileSync(join(here, 'a.json'), bytes)
  const { code, out } = await run('check', here)
  expect([code, out]).toEqual([1, expect.stringContaining('a.json：整个文件\n  文件不是 UTF-8（可能存成了 GB18030）')])
  const built = await run('build', here, '--out', join(folder, 'gb.cunrelease'))
  expect(built).toMatchObject({ code: 1, err: expect.stringContaining('a.json”写得不对：不是 UTF-8') })
})

test('holds no more of a folder than a catalogue may have', async () => {
  const here = place('heap')
  const text = `"${'x'.repeat(500_000)}"`
  for (let at = 0; at < 150; at += 1) writeFileSync(join(here, `${at}.json`), text)
  expect(await run('check', here)).toMatchObject({
    code: 1,
    err: expect.stringContaining('文件夹里的文件合计超过 64 MB'),
  })
})

test('lets no name of a document steer the terminal', async () => {
  const json = { ...sampleJson('senior-card'), name: '卡\u001b[2J\u009b31m\u202e' }
  const [older, newer] = [join(folder, 'older.json'), join(folder, 'newer.json')]
  writeFileSync(older, JSON.stringify({ ...json, name: '卡' }))
  writeFileSync(newer, JSON.stringify({ ...json, promisedLimit: { days: 9000, unit: 'workday' }, 'x\u001b[31m': 1 }))
  for (const order of [
    ['check', newer],
    ['diff', older, newer],
  ]) {
    const { out, err } = await run(...order)
    expect((out + err).replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u)
  }
})

test('says which file cannot be written, of a key as of a release', async () => {
  const made = await run('keys', 'make', join(folder, 'nowhere', 'key.json'), '--pin-file', pin)
  expect(made).toMatchObject({ code: 1, err: expect.stringContaining('写不了文件 key.json') })
})
