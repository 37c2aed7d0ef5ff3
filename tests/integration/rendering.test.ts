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
  const chunk = readdirSync(built).find((name) => /^rendering-.*\.js$/.test(name))
  expect(chunk).toBeDefined()
  const script = `
    const { openRenderer, inspectPdf } = await import(process.argv[1])
    const { readFileSync } = await import('node:fs')
    const renderer = openRenderer()
    const pdf = readFileSync(process.argv[2])
    const [date, verdict, picture] = await Promise.all([
      renderer.findSignatureDate(pdf),
      inspectPdf(pdf, { trustedRootsPem: [], now: new Date() }, renderer),
      renderer.picture(pdf, 1, 400),
    ])
    console.log(JSON.stringify({ page: date.page, verdict: verdict.verdict, isPng: picture[1] === 0x50 }))`
  const args = ['--input-type=module', '-e', script, join(built, chunk ?? ''), join(fixtures, 'pdf-lib-chinese.pdf')]
  const { stdout } = await run(process.execPath, args, { timeout: 40_000 })
  expect(JSON.parse(stdout)).toEqual({ page: 1, verdict: 'unknown', isPng: true })
})
