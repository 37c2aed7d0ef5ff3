// Owns: how long sealing and checking take from file to file, beside @signpdf and pdfsig on the same files in the same run.
// Does not own: the table that is printed (run.ts), the peers (seal-peers.ts), the files (seal-files.ts).
// Start here: benchSeal.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealPdfFile } from '../../main/pdf/index.ts'
import { makeTrainingSeal, type OpenSeal, openSealFile, verifyPdf } from '../../main/signing/index.ts'
import { median, milliseconds, type Row, timeEach } from './row.ts'
import { writeScans } from './seal-files.ts'
import { type Peer, pdfsig, signpdf } from './seal-peers.ts'

const organisation = '南雄市演练镇演练村村民委员会'
const appearance = { organisation, purposeLine: '便民服务专用章', diameterMm: 42 }
const pin = '246810'
const now = new Date()

type Size = { readonly name: string; readonly bytes: number; readonly targetMs: number; readonly rounds: number }

const sizes: readonly Size[] = [
  { name: '100 KB', bytes: 100 * 1024, targetMs: 15, rounds: 60 },
  { name: '5 MB', bytes: 5 * 1024 * 1024, targetMs: 25, rounds: 30 },
  { name: '100 MB', bytes: 100 * 1024 * 1024, targetMs: 250, rounds: 7 },
]

/** A peer that would take longer than this on one file is not asked. */
const patienceMs = 60_000
const batchCount = 500
const batchPerSecond = 60
const megabyte = 1024 * 1024

type Bench = {
  readonly folder: string
  readonly seal: { readonly p12: Uint8Array; readonly caPem: string }
  readonly signer: OpenSeal
  readonly peers: readonly Peer[]
}

/**
 * Seals PDFs of 100 KB, 5 MB and 100 MB with RSA-2048, warm, from file to file (ours also forces the file to disk), checks
 * them, seals a batch, takes the memory of the largest, and times a signature of each kind of key.
 */
export async function benchSeal(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-seal-'))
  try {
    const seal = await makeTrainingSeal({ organisation, pin, now })
    const signer = await openSealFile(seal.p12, pin, now)
    const poppler = pdfsig(folder, seal.p12, pin)
    const bench = { folder, seal, signer, peers: [signpdf(seal.p12, pin), ...(poppler === undefined ? [] : [poppler])] }
    const rows: Row[] = []
    for (const size of sizes) rows.push(...(await oneSize(bench, size)))
    return [...rows, await batch(bench), memory(bench), ...(await signatures())]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const inputOf = ({ folder }: Bench, size: Size): string => join(folder, `in-${size.bytes}.pdf`)

async function oneSize(bench: Bench, size: Size): Promise<Row[]> {
  const [input, output] = [inputOf(bench, size), join(bench.folder, `out-${size.bytes}.pdf`)]
  writeScans(input, size.bytes)
  const warmUp = Math.min(5, Math.ceil(size.rounds / 3))
  const { signer, seal } = bench
  const sealing = await timeEach(size.rounds, () => sealPdfFile({ input, output, signer, appearance, now }), warmUp)
  const options = { trustedRootsPem: [seal.caPem], now }
  const checking = await timeEach(
    size.rounds,
    async () => refuseInvalid(verifyPdf(await readFile(output), options)),
    warmUp,
  )
  const [ours, checked] = [median(sealing), median(checking)]
  const row = { what: `seal ${size.name}`, ...within(ours, size.targetMs) }
  const rows: Row[] = []
  for (const peer of bench.peers) {
    const theirs = await timePeer(peer, input, join(bench.folder, 'peer.pdf'), size)
    if (theirs === undefined) rows.push({ ...row, peer: `${peer.name}: left out, over a minute` })
    else rows.push({ ...row, peer: `${peer.name}: ${milliseconds(theirs)}`, ratio: `${(theirs / ours).toFixed(1)} ×` })
  }
  return [...rows, { what: `check ${size.name}`, ...within(checked, 3 * ours, ' (three times the sealing)') }]
}

/** A check that finds anything but a good seal would be faster than one that does its work. */
function refuseInvalid({ verdict }: { readonly verdict: string }): void {
  if (verdict !== 'valid') throw new Error(`the sealed file is ${verdict}`)
}

const within = (value: number, limit: number, remark = ''): Pick<Row, 'median' | 'target' | 'met'> => ({
  median: milliseconds(value),
  target: `≤ ${milliseconds(limit)}${remark}`,
  met: value <= limit,
})

const slowest = new Map<string, number>()

/** The peer's median; `undefined` where one file would take too long, going by what a smaller one took. */
async function timePeer(peer: Peer, input: string, output: string, size: Size): Promise<number | undefined> {
  const perByte = slowest.get(peer.name) ?? 0
  if (perByte * size.bytes > patienceMs) return undefined
  const rounds = Math.max(3, Math.floor(size.rounds / 5))
  const theirs = median(await timeEach(rounds, () => peer.sign(input, output), 1))
  slowest.set(peer.name, theirs / size.bytes)
  return theirs
}

/** Hundreds of papers with one opened seal, one after another, each forced to disk. */
async function batch(bench: Bench): Promise<Row> {
  const [small] = sizes
  if (small === undefined) throw new Error('no sizes')
  const paths = Array.from({ length: batchCount }, (_, i) => join(bench.folder, `paper-${i}.pdf`))
  for (const path of paths) await copyFile(inputOf(bench, small), path)
  const started = performance.now()
  const { signer } = bench
  for (const input of paths) await sealPdfFile({ input, output: `${input}.sealed`, signer, appearance, now })
  const perSecond = (paths.length * 1000) / (performance.now() - started)
  const rate = { median: `${perSecond.toFixed(0)} a second`, target: `≥ ${batchPerSecond} a second` }
  return { what: `seal ${batchCount} papers of ${small.name}`, ...rate, met: perSecond >= batchPerSecond }
}

function memory(bench: Bench): Row {
  const [small, large] = [sizes.at(0), sizes.at(-1)]
  if (small === undefined || large === undefined) throw new Error('no sizes')
  const p12 = join(bench.folder, 'memory.p12')
  writeFileSync(p12, bench.seal.p12)
  const script = join(import.meta.dirname, 'seal-memory.ts')
  const args = [script, inputOf(bench, small), inputOf(bench, large), join(bench.folder, 'memory.pdf'), p12, pin]
  const grown = Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  const limit = large.bytes + 100 * megabyte
  const asText = (bytes: number): string => `${Math.round(bytes / megabyte)} MB`
  return {
    what: `memory to seal ${large.name}`,
    median: asText(grown),
    target: `≤ ${asText(limit)}`,
    met: grown <= limit,
  }
}

/** One signature over 100 KB with each kind of key; the file around it costs the same for all. */
async function signatures(): Promise<Row[]> {
  const content = Buffer.alloc(100 * 1024, 7)
  const rows: Row[] = []
  for (const algorithm of ['rsa', 'ec', 'sm2'] as const) {
    const { p12 } = await makeTrainingSeal({ organisation, pin, now, algorithm })
    const signer = await openSealFile(p12, pin, now)
    const times = await timeEach(60, () => signer.signDetached([content], now))
    rows.push({ what: `sign 100 KB (${signer.algorithm})`, median: milliseconds(median(times)), target: '' })
  }
  return rows
}
