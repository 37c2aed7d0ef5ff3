import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { programs } from '../helpers/programs.ts'

const run = promisify(execFile)
const built = join(programs.desk, '..', 'chunks')
const fixtures = join(import.meta.dirname, '../fixtures/pdf')

test('the built program finds its worker, PDFium and the fonts, and ends once nothing is asked any more', async () => {
  const chunks = readdirSync(built).filter((name) => /^rendering-.*\.js$/.test(name))
  const script = `
    const [pdfFile, ...chunks] = process.argv.slice(1)
    const modules = await Promise.all(chunks.map((chunk) => import(chunk)))
    const { openRenderer, inspectPdf } = modules.find((one) => one.openRenderer !== undefined)
    const { readFileSync } = await import('node:fs')
    const renderer = openRenderer()
    const pdf = readFileSync(pdfFile)
    const [date, verdict, picture] = await Promise.all([
      renderer.findSignatureDate(pdf),
      inspectPdf(pdf, { trustedRootsPem: [], now: new Date() }, renderer),
      renderer.picture(pdf, 1, 400),
    ])
    console.log(JSON.stringify({ page: date.page, verdict: verdict.verdict, isPng: picture[1] === 0x50 }))`
  const files = [join(fixtures, 'pdf-lib-chinese.pdf'), ...chunks.map((name) => join(built, name))]
  const args = ['--input-type=module', '-e', script, ...files]
  const { stdout } = await run(process.execPath, args, { timeout: 40_000 })
  expect(JSON.parse(stdout)).toEqual({ page: 1, verdict: 'unknown', isPng: true })
})
