import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mutate, randomFrom } from '../helpers/fuzz/mutations.ts'
import type { FuzzAnswer, FuzzSeal } from '../helpers/fuzz/worker.ts'
import { allFixtures, fixture, now, pin, sealed, soundFixtures, trainingSigner } from '../helpers/seals.ts'

/** How many files are damaged; the seeds count from CUNCHUANG_FUZZ_SEED (1). */
const rounds = Number(process.env.CUNCHUANG_FUZZ ?? 800)
const firstSeed = Number(process.env.CUNCHUANG_FUZZ_SEED ?? 1)
const limitMs = 5_000
const hasQpdf = spawnSync('which', ['qpdf']).status === 0

let folder = ''
let seal: FuzzSeal
let worker: Worker
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seal-fuzz-'))
  const made = await trainingSigner()
  seal = { p12: made.seal.p12, pin, caPem: made.seal.caPem, now }
  worker = start()
})
afterAll(async () => {
  await worker.terminate()
  rmSync(folder, { recursive: true, force: true })
})

const start = (): Worker => new Worker(new URL('../helpers/fuzz/worker.ts', import.meta.url), { workerData: seal })

/** What the thread answers, or 'hang' when it has not after the limit; it is then ended and another one started. */
async function ask(pdf: Buffer): Promise<FuzzAnswer | 'hang'> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), limitMs)
  try {
    // A copy: small buffers share their memory with others.
    worker.postMessage(new Uint8Array(pdf))
    const [answer] = await once(worker, 'message', { signal: limit.signal })
    return answer
  } catch {
    await worker.terminate()
    worker = start()
    return 'hang'
  } finally {
    clearTimeout(timer)
  }
}

const grades = ['clean', 'warns', 'damaged'] as const

/** What qpdf says of a file, from best to worst 0, 1, 2. */
function grade(pdf: Uint8Array): number {
  const path = join(folder, 'judged.pdf')
  writeFileSync(path, pdf)
  const { status, stderr } = spawnSync('qpdf', ['--check', path], { encoding: 'utf8', timeout: 30_000 })
  // Where it finds the objects without their table, it warns that the file is damaged and goes on.
  if (stderr.includes('file is damaged')) return 2
  return status === 0 ? 0 : status === 3 ? 1 : 2
}

/** The input of a failure, kept for whoever looks into it. */
function kept(seed: number, name: string, pdf: Uint8Array): string {
  const failures = join(tmpdir(), 'seal-fuzz-failures')
  mkdirSync(failures, { recursive: true })
  const path = join(failures, `${seed}-${name}`)
  writeFileSync(path, pdf)
  return path
}

/** Hexadecimal digits in either case say the same, and no signature can cover its own. */
function saysTheSame(one: Buffer, other: Buffer): boolean {
  if (one.length !== other.length) return false
  const lower = (pdf: Buffer) => pdf.toString('latin1').replaceAll(/<[0-9a-fA-F]{20000,}>/g, (hex) => hex.toLowerCase())
  return one.equals(other) || lower(one) === lower(other)
}

const onceBroke = join(import.meta.dirname, '../fixtures/pdf/fuzz')

describe('damaged PDFs', () => {
  it.for(readdirSync(onceBroke))('that once broke the sealing no longer do: %s', async (name) => {
    const damaged = readFileSync(join(onceBroke, name))
    const answer = await ask(damaged)
    expect(answer === 'hang' ? 'hangs' : whatIsWrong(damaged, answer)).toBe('')
  })

  it(`are sealed soundly or refused with a code, within five seconds (${rounds} from seed ${firstSeed})`, async () => {
    const failures: string[] = []
    let sealedCount = 0
    const names = allFixtures.filter(({ heavy }) => !heavy).map(({ file }) => file)
    for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
      const random = randomFrom(seed ^ 0x5eed)
      const [name = '', otherName = ''] = [names[random(names.length)], names[random(names.length)]]
      const damaged = mutate(fixture(name), seed, fixture(otherName))
      const answer = await ask(damaged)
      const why = answer === 'hang' ? 'hangs' : whatIsWrong(damaged, answer)
      if (answer !== 'hang' && answer.sealed !== undefined) sealedCount++
      if (why !== '') failures.push(`seed ${seed} on ${name}: ${why} (${kept(seed, name, damaged)})`)
    }
    expect(failures).toEqual([])
    // Damage that always refuses would test nothing of what sealing writes.
    expect(sealedCount).toBeGreaterThan(rounds / 10)
  })

  it(`that were sealed before are never found valid (${rounds} from seed ${firstSeed})`, async () => {
    const failures: string[] = []
    const bases = await Promise.all(
      soundFixtures
        .filter((name) => /^(pdf-lib-|hybrid|hand-|qpdf-lin|cairo\.)/.test(name))
        .map(async (name) => {
          const once = await sealed(fixture(name), { page: 1, xMm: 60, yMm: 60 })
          const twice = await sealed(once.pdf, { page: 1, xMm: 110, yMm: 60 })
          return { name, pdfs: [Buffer.from(once.pdf), Buffer.from(twice.pdf)] }
        }),
    )
    for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
      const random = randomFrom(seed ^ 0xca5e)
      const { name = '', pdfs = [] } = bases[random(bases.length)] ?? {}
      const pdf = pdfs[random(2)] ?? Buffer.alloc(0)
      const damaged = mutate(pdf, seed, bases[random(bases.length)]?.pdfs[0] ?? pdf)
      const answer = await ask(damaged)
      // Mixing files can give one back whole.
      const isWhole = () => bases.some(({ pdfs: whole }) => whole.some((one) => saysTheSame(damaged, one)))
      const isValid = answer !== 'hang' && answer.verdict === 'valid' && !isWhole()
      const crash = answer === 'hang' ? 'hangs' : answer.crash
      const why = isValid ? 'found valid' : crash
      if (why !== '') failures.push(`seed ${seed} on ${name}: ${why} (${kept(seed, name, damaged)})`)
    }
    expect(failures).toEqual([])
  })
})

/** '' where the answer is as it has to be. */
function whatIsWrong(damaged: Buffer, { crash, sealed: out, verdictSealed }: FuzzAnswer): string {
  if (crash !== '') return crash
  if (out === undefined) return ''
  const hadSeal = damaged.includes('/ByteRange')
  if (!hadSeal && verdictSealed !== 'valid') return `sealed, and then found ${verdictSealed}`
  if (!hasQpdf) return ''
  const after = grade(out)
  const before = after === 0 ? 0 : grade(damaged)
  return after > before ? `qpdf: ${grades[before]} before, ${grades[after]} once sealed` : ''
}
