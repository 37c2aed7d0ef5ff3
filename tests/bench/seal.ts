// Owns: how long one seal takes, beside @signpdf and pdfsig in the same run.
// Does not own: the table that is printed (run.ts).
// Start here: benchSeal.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pdflibAddPlaceholder } from '@signpdf/placeholder-pdf-lib'
import { P12Signer } from '@signpdf/signer-p12'
import { SignPdf } from '@signpdf/signpdf'
import { PDFDocument } from 'pdf-lib'
import { sealPdf } from '../../main/pdf/index.ts'
import { makeTrainingSeal, openSealFile, verifyPdf } from '../../main/signing/index.ts'
import { median, milliseconds, type Row, timeEach } from './row.ts'

const organisation = '南雄市演练镇演练村村民委员会'
const pin = '246810'

/** Seals a 100 KB PDF from file to file, warm, with RSA-2048: ours, pdf-lib with @signpdf, and poppler's pdfsig. */
export async function benchSeal(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-seal-'))
  try {
    return await measure(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(folder: string): Promise<Row[]> {
  const [input, output] = [join(folder, 'in.pdf'), join(folder, 'out.pdf')]
  writeFileSync(input, await hundredKilobytes())
  const seal = await makeTrainingSeal({ organisation, pin, now: new Date() })
  const signer = await openSealFile(seal.p12, pin, new Date())
  const appearance = { organisation, purposeLine: '便民服务专用章', diameterMm: 42 }
  const ours = await timeEach(60, async () => {
    const { pdf } = await sealPdf({ pdf: await readFile(input), signer, appearance, now: new Date() })
    await writeFile(output, pdf)
  })
  const sealed = await readFile(output)
  const checked = await timeEach(60, () => verifyPdf(sealed, { trustedRootsPem: [seal.caPem], now: new Date() }))
  const bySignpdf = await timeEach(12, () => withSignpdf(input, output, seal.p12), 2)
  const row = { what: 'seal a 100 KB PDF', median: milliseconds(median(ours)), target: '≤ 15 ms' }
  return [
    { ...row, ...beside(ours, 'pdf-lib + @signpdf', bySignpdf) },
    { ...row, ...beside(ours, 'pdfsig -add-signature', await withPdfsig(folder, seal.p12)) },
    {
      what: 'verify it',
      median: milliseconds(median(checked)),
      target: `≤ ${milliseconds(3 * median(ours))} (three times the sealing)`,
    },
  ]
}

function beside(ours: readonly number[], peer: string, samples: readonly number[] | undefined): Partial<Row> {
  if (samples === undefined) return { peer: `${peer}: not on this machine` }
  const theirs = median(samples)
  return { peer: `${peer}: ${milliseconds(theirs)}`, ratio: `${(theirs / median(ours)).toFixed(1)} ×` }
}

/** Sixty pages of text, in pieces that do not compress to nothing. */
async function hundredKilobytes(): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  let state = 1
  const next = (): number => {
    state = (state * 48271) % 2147483647
    return state
  }
  let pdf: Uint8Array = new Uint8Array()
  while (pdf.length < 100 * 1024) {
    for (let count = 0; count < 5; count++) {
      const page = document.addPage([595.28, 841.89])
      for (let line = 0; line < 40; line++)
        page.drawText(`${next()} ${next()} ${next()}`, { x: 60, y: 780 - line * 18 })
    }
    pdf = await document.save({ useObjectStreams: false })
  }
  return pdf
}

async function withSignpdf(input: string, output: string, p12: Uint8Array): Promise<void> {
  const document = await PDFDocument.load(await readFile(input))
  pdflibAddPlaceholder({
    pdfDoc: document,
    reason: 'bench',
    contactInfo: '',
    name: 'bench',
    location: '',
    signatureLength: 16384,
  })
  const prepared = await document.save({ useObjectStreams: false })
  const signer = new P12Signer(Buffer.from(p12), { passphrase: pin })
  await writeFile(output, await new SignPdf().sign(Buffer.from(prepared), signer))
}

/** poppler signs with a key from an NSS database, and cannot write to a file that is there. */
async function withPdfsig(folder: string, p12: Uint8Array): Promise<number[] | undefined> {
  const programs = ['pdfsig', 'certutil', 'pk12util']
  if (programs.some((program) => spawnSync('which', [program]).status !== 0)) return undefined
  const nss = `sql:${folder}`
  writeFileSync(join(folder, 'seal.p12'), p12)
  execFileSync('certutil', ['-N', '-d', nss, '--empty-password'])
  execFileSync('pk12util', ['-i', join(folder, 'seal.p12'), '-d', nss, '-W', pin, '-K', ''], { stdio: 'ignore' })
  const nickname = 'seal'
  const output = join(folder, 'pdfsig.pdf')
  return timeEach(
    12,
    () => {
      rmSync(output, { force: true })
      const add = ['-nssdir', nss, '-add-signature', '-nick', nickname, join(folder, 'in.pdf'), output]
      const { stdout, stderr } = spawnSync('pdfsig', add, { encoding: 'utf8' })
      if (!existsSync(output)) throw new Error(`pdfsig did not sign: ${stdout}${stderr}`)
    },
    2,
  )
}
