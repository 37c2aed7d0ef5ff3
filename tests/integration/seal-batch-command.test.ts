import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sealCommand } from '../../main/cli/seal/command.ts'
import { makeTrainingSeal, verifyPdf } from '../../main/signing/index.ts'
import { pdfVerdictSchema } from '../../preload/contract/verification.ts'
import { judgeSeals, missingForJudges, refusals } from '../helpers/judges/judges.ts'
import { overlaid } from '../helpers/overlays.ts'
import { programs } from '../helpers/programs.ts'
import { fixture, pin, trainingSigner } from '../helpers/seals.ts'
import { missingForTimestamps, startTimestampAuthority } from '../helpers/timestamp-authority.ts'

let folder = ''
let at: (name: string) => string
let caPem = ''

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seal-batch-'))
  at = (name) => join(folder, name)
  const { seal } = await trainingSigner()
  caPem = seal.caPem
  writeFileSync(at('seal.p12'), seal.p12)
  writeFileSync(at('ca.pem'), caPem)
  writeFileSync(at('pin'), `${pin}\n`)
  writeFileSync(at('in.pdf'), fixture('pdf-lib-table.pdf'))
  mkdirSync(at('in'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await sealCommand(argv, { stdout: (line) => out.push(line), stderr: (line) => err.push(line) })
  return { code, out, err }
}

const key = () => ['--p12', at('seal.p12'), '--pin-file', at('pin')]
const apply = (from: string, to: string, ...more: string[]) => run('apply', at(from), '-o', at(to), ...key(), ...more)
const batch = (...more: string[]) => run('batch', '--dir', at('in'), '--out', at('out'), ...key(), ...more)

const fill = (count: number) => {
  for (let number = 0; number < count; number += 1) {
    writeFileSync(at(`in/${String(number).padStart(3, '0')}.pdf`), fixture('pdf-lib-table.pdf'))
  }
}
const verdictOf = (name: string, timestampRootsPem: string[] = []) =>
  verifyPdf(readFileSync(at(name)), { trustedRootsPem: [caPem], timestampRootsPem, now: new Date() })

describe('seal apply', () => {
  it('certifies and lays slots, names them, seals one of them and stays valid before every judge', async (context) => {
    const certified = await apply('in.pdf', 'one.pdf', '--certify', '--slots', '1,20,30,42,town', '--slots', '2,20,30')
    expect(certified).toMatchObject({ code: 0, err: [] })
    const slots = await run('slots', at('one.pdf'), '--json')
    expect(JSON.parse(slots.out[0] ?? '')).toMatchObject([
      { field: 'town', page: 1, widthMm: expect.closeTo(42) },
      { page: 2 },
    ])
    // Another signer: pdfsig judges a certificate once a file.
    const town = await makeTrainingSeal({ organisation: '演练镇人民政府', pin, now: new Date() })
    writeFileSync(at('town.p12'), town.p12)
    const sealed = await run(
      'apply',
      at('one.pdf'),
      '-o',
      at('two.pdf'),
      '--p12',
      at('town.p12'),
      ...key().slice(2),
      '--slot',
      'town',
    )
    expect(sealed).toMatchObject({ code: 0, err: [] })
    const verdict = verifyPdf(readFileSync(at('two.pdf')), { trustedRootsPem: [caPem, town.caPem], now: new Date() })
    expect(verdict).toMatchObject({
      verdict: 'valid',
      seals: [{ kind: 'certification' }, { kind: 'seal' }],
    })
    expect((await run('slots', at('two.pdf'))).out.join()).not.toContain('town')
    if (missingForJudges() !== '') return context.skip(missingForJudges())
    expect(refusals(judgeSeals([at('two.pdf')], { rootsPem: [caPem, town.caPem] }))).toEqual([])
  })

  it.each([
    ['over the edges of all pages', ['--seam', 'right'], 2],
    ['on a text', ['--anchor', 'Sample text', '--last', '--shift', '5,5'], 1],
  ])('seals %s', async (_, place, places) => {
    expect(await apply('in.pdf', 'out.pdf', ...place, '--emblem', 'national')).toMatchObject({ code: 0, err: [] })
    const { verdict, seals } = verdictOf('out.pdf')
    expect([verdict, seals[0]?.places.length]).toEqual(['valid', places])
  })

  it('says where it looked for a text or a slot that is not there, and writes nothing', async () => {
    const [noText, noSlot] = [
      await apply('in.pdf', 'a.pdf', '--anchor', '没有的字'),
      await apply('in.pdf', 'b.pdf', '--slot', 'x'),
    ]
    expect([noText.code, noText.err[0], noSlot.code]).toEqual([1, expect.stringContaining('没有的字'), 1])
    expect(readdirSync(folder)).not.toEqual(expect.arrayContaining(['a.pdf']))
  })

  it('adds a timestamp where one is asked for, and writes nothing where none is to be had', async (context) => {
    if (missingForTimestamps() !== '') return context.skip(missingForTimestamps())
    const authority = await startTimestampAuthority()
    try {
      writeFileSync(at('tsa.pem'), authority.caPem)
      const tsa = ['--tsa', authority.url, '--tsa-trust', at('tsa.pem')]
      expect(await apply('in.pdf', 'out.pdf', ...tsa)).toMatchObject({ code: 0, err: [] })
      const { seals } = verdictOf('out.pdf', [authority.caPem])
      expect(seals.map(({ kind, verdict }) => [kind, verdict])).toEqual([
        ['seal', 'valid'],
        ['timestamp', 'valid'],
      ])
      authority.answerWith('garbage')
      const refused = await apply('in.pdf', 'none.pdf', ...tsa)
      expect([refused.code, refused.err.length, readdirSync(folder).includes('none.pdf')]).toEqual([1, 1, false])
    } finally {
      await authority.stop()
    }
  })
})

describe('seal batch', () => {
  it('seals a folder with one PIN, and not twice when it is run again', async () => {
    fill(12)
    writeFileSync(at('in/notes.txt'), 'no paper')
    const first = await batch('--json')
    expect([first.code, JSON.parse(first.out[0] ?? '')]).toEqual([
      0,
      { sealed: 12, skipped: 0, failed: [], stopped: '' },
    ])
    const before = readFileSync(at('out/003.pdf'))
    rmSync(at('out/007.pdf'))
    const second = await batch('--json')
    expect(JSON.parse(second.out[0] ?? '')).toMatchObject({ sealed: 1, skipped: 11 })
    expect(readFileSync(at('out/003.pdf')).equals(before)).toBe(true)
    expect(verdictOf('out/007.pdf').verdict).toBe('valid')
  })

  it('goes on past a paper that cannot be sealed, and names it', async () => {
    fill(3)
    writeFileSync(at('in/001.pdf'), fixture('bad-encrypted.pdf'))
    const { code, out, err } = await batch()
    expect([code, out, err]).toEqual([1, ['盖好 2 份，没盖成 1 份。'], [expect.stringMatching(/^001\.pdf：.*密码/u)]])
    expect(readdirSync(at('out')).toSorted()).toEqual(['000.pdf', '002.pdf'])
  })

  it('takes no unsealed file of the same name for a sealed one', async () => {
    fill(1)
    mkdirSync(at('out'))
    writeFileSync(at('out/000.pdf'), fixture('pdf-lib-table.pdf'))
    const { code, err } = await batch()
    expect([code, err[0]]).toEqual([1, expect.stringContaining('没有盖章')])
    expect(readFileSync(at('out/000.pdf')).equals(fixture('pdf-lib-table.pdf'))).toBe(true)
  })

  it('stops after the paper in hand at Ctrl-C, and goes on when it is run again', async () => {
    fill(300)
    const argv = ['seal', 'batch', '--dir', at('in'), '--out', at('out'), ...key(), '--json']
    const child = spawn(process.execPath, [programs.cli, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    while (countIn('out') < 3) await new Promise((resolve) => setImmediate(resolve))
    child.kill('SIGINT')
    expect(await ended).toBe(1)
    const { sealed, stopped } = JSON.parse(said)
    expect([stopped, sealed < 300, countIn('out')]).toEqual([expect.stringContaining('Ctrl-C'), true, sealed])
    const rest = JSON.parse((await batch('--json')).out[0] ?? '')
    expect([rest.sealed, rest.skipped]).toEqual([300 - sealed, sealed])
  })
})

const countIn = (name: string): number => {
  try {
    return readdirSync(at(name)).filter((file) => file.endsWith('.pdf')).length
  } catch {
    return 0
  }
}

describe('seal verify', () => {
  it('gives each file’s verdict as a line of JSON in the contract’s shape', async () => {
    await apply('in.pdf', 'out.pdf')
    const { code, out } = await run('verify', at('out.pdf'), at('in.pdf'), '--trust', at('ca.pem'), '--json')
    const lines = out.map((line) => JSON.parse(line))
    expect([code, lines.map(({ verdict }) => verdict)]).toEqual([1, ['valid', 'unknown']])
    for (const { file: _, ...verdict } of lines) expect(pdfVerdictSchema.safeParse(verdict).success).toBe(true)
  })

  it('writes pictures of the pages that differ since a seal, then and now', async () => {
    await apply('in.pdf', 'out.pdf')
    const paint = { page: 2, xMm: 20, yMm: 20, widthMm: 80, heightMm: 30, colour: [1, 1, 1] } as const
    writeFileSync(at('covered.pdf'), overlaid(readFileSync(at('out.pdf')), paint))
    const { code } = await run('verify', at('covered.pdf'), '--trust', at('ca.pem'), '--pictures', at('pictures'))
    expect([code, readdirSync(at('pictures')).toSorted()]).toEqual([
      1,
      ['after', 'before', 'difference'].map((kind) => `covered.pdf-1-2-${kind}.png`),
    ])
    const [after, before] = ['after', 'before'].map((kind) => readFileSync(at(`pictures/covered.pdf-1-2-${kind}.png`)))
    expect(after?.subarray(1, 4).toString()).toBe('PNG')
    expect(after?.equals(before ?? Buffer.alloc(0))).toBe(false)
  })
})
