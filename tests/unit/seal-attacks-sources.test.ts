import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sealCommand } from '../../main/cli/seal/command.ts'
import { readRegularFile } from '../../main/cli/seal/files.ts'
import { sealStateOf } from '../../main/features/seals/custody.ts'
import { fixture, pin, sealed, trainingSigner } from '../helpers/seals.ts'

let folder = ''
let at: (name: string) => string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'))
  at = (name) => join(folder, name)
  writeFileSync(at('seal.p12'), (await trainingSigner()).seal.p12)
  writeFileSync(at('pin'), pin)
  mkdirSync(at('in'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function batch() {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { stdout: (line: string) => out.push(line), stderr: (line: string) => err.push(line) }
  const words = ['--dir', at('in'), '--out', at('out'), '--p12', at('seal.p12'), '--pin-file', at('pin'), '--json']
  const code = await sealCommand(['batch', ...words], io)
  return { code, report: JSON.parse(out[0] ?? '{}'), err }
}

it('a paper that was mended after it had been sealed does not pass for sealed', async () => {
  writeFileSync(at('in/a.pdf'), fixture('pdf-lib-table.pdf'))
  expect(await batch()).toMatchObject({ code: 0, report: { sealed: 1 } })
  const before = readFileSync(at('out/a.pdf'))
  writeFileSync(at('in/a.pdf'), fixture('cairo.pdf'))
  expect(await batch()).toMatchObject({ code: 1, report: { sealed: 0, skipped: 0, failed: [{ name: 'a.pdf' }] } })
  expect(readFileSync(at('out/a.pdf')).equals(before)).toBe(true)
})

it('a copy of a paper that somebody else had sealed does not pass for sealed by us', async () => {
  const foreign = (await sealed(fixture('pdf-lib-table.pdf'))).pdf
  mkdirSync(at('out'))
  for (const name of ['in/a.pdf', 'out/a.pdf']) writeFileSync(at(name), foreign)
  expect(await batch()).toMatchObject({ code: 1, report: { sealed: 0, skipped: 0, failed: [{ name: 'a.pdf' }] } })
})

it('a file that is still being written is not taken for whole', async () => {
  const growing = at('in/growing.pdf')
  writeFileSync(growing, Buffer.alloc(48 << 20, 'x'))
  const reading = readRegularFile(growing)
  const writer = setInterval(() => appendFileSync(growing, 'more'), 0)
  try {
    await expect(reading).rejects.toMatchObject({ code: 'PDF_DAMAGED' })
  } finally {
    clearInterval(writer)
  }
})

it('a clock that was set back does not bring an expired certificate back', () => {
  const untilUtc = '2027-01-01T00:00:00.000Z'
  const times = { fromUtc: '2026-01-01T00:00:00.000Z', untilUtc, seenAtUtc: '2026-06-02T00:00:00.000Z' }
  const facts = {
    ...{ validFromUtc: '2026-01-01T00:00:00.000Z', validUntilUtc: '2026-06-01T00:00:00.000Z', isRevoked: false },
    custody: { keepers: [], itemIds: null, otherPapers: true, needsApproval: false },
    lease: { ...times, leaseId: 'lease-1', uses: 10, used: 3, itemIds: null },
  }
  expect(sealStateOf(facts, new Date('2026-05-01T00:00:00.000Z'))).toBe('expired')
})
