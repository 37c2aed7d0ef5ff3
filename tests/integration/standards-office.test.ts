// Owns: workbooks of standards opened and saved by another office program (LibreOffice), as people do.
// Does not own: the formats themselves (unit/standards-workbook*.test.ts).
// Start here: the test.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  exportNational,
  exportWorkbook,
  importNational,
  importWorkbook,
  templateWorkbook,
} from '../../main/standards/workbook/index.ts'
import { openWorkbook } from '../../main/standards/workbook/sheets/read-workbook.ts'
import { kindOf } from '../../preload/contract/standards/documents.ts'
import { sampleJson, sampleTexts } from '../helpers/standards.ts'

const office = 'soffice'
const isThere = spawnSync('which', [office]).status === 0
const why = isThere ? '' : 'LibreOffice Calc is not on this machine (apt-get install libreoffice-calc)'

/** Has LibreOffice open files and save them as .xlsx of its own, in one start. */
async function savedByOffice(files: Readonly<Record<string, Buffer>>): Promise<Record<string, Buffer>> {
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-office-'))
  try {
    const names = Object.keys(files)
    for (const name of names) writeFileSync(join(folder, name), files[name] ?? '')
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`
    const how = ['--headless', profile, '--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', join(folder, 'out')]
    await promisify(execFile)(office, [...how, ...names.map((name) => join(folder, name))])
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, 'out', name))]))
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

describe.skipIf(why !== '')(`another office program${why && `: skipped, ${why}`}`, () => {
  test('saves workbooks, the template and the national tables without losing anything of them', async () => {
    const samples = sampleTexts().flatMap(({ text }) => {
      const json = JSON.parse(text)
      const kind = kindOf(json) ?? 'matter'
      return kind === 'calendar' ? [] : [{ kind, json }]
    })
    // Cells as hard as they come: longer than one cell may be, lines, leading zeros and signs, rare characters, a formula's look.
    const words = ['=1+1', '00123', '-5', "'引号", ' 前后空格 ', '第一行\n第二行', '𠮷野家', '1E5', '2026-02-30']
    const long = { question: words.join('、'), answer: '很长的回答。'.repeat(160) }
    const many = Array.from({ length: 300 }, (_, at) => `第${at}个${'很长'.repeat(60)}`)
    const card = sampleJson('senior-card')
    const hard = { ...card, itemId: 'HARD', code: '00012345678901234567890', aliases: words, questions: [long] }
    hard.conditions = [{ id: 'a', text: '条件', rule: { in: [{ var: 'answers.name' }, many] } }, ...card.conditions]
    const documents = [...samples, { kind: 'matter' as const, json: hard }]
    const matters = samples.filter(({ kind }) => kind === 'matter').map(({ json }) => json)
    const files = {
      'all.xlsx': await exportWorkbook(documents),
      'national.xlsx': await exportNational(matters, []),
      'template.xlsx': await templateWorkbook(),
    }
    const saved = await savedByOffice(files)
    const texts = async (bytes: Buffer | undefined) => {
      const imported = await importWorkbook(bytes ?? Buffer.alloc(0), 'a.xlsx')
      return { documents: imported.documents.map((one) => one.bytes.toString()), findings: imported.findings }
    }
    const national = async (bytes: Buffer | undefined) => {
      const imported = await importNational([{ name: 'a.xlsx', bytes: bytes ?? Buffer.alloc(0) }])
      return { documents: imported.documents.map((one) => one.bytes.toString()), findings: imported.findings }
    }
    expect(saved['all.xlsx']?.equals(files['all.xlsx'])).toBe(false)
    expect(await texts(saved['all.xlsx'])).toEqual(await texts(files['all.xlsx']))
    expect((await texts(files['all.xlsx'])).documents).toHaveLength(documents.length)
    expect(await national(saved['national.xlsx'])).toEqual(await national(files['national.xlsx']))
    const sheets = async (bytes: Buffer | undefined) => (await openWorkbook(bytes ?? Buffer.alloc(0))).sheetNames
    expect(await sheets(saved['template.xlsx'])).toEqual(await sheets(files['template.xlsx']))
    expect(await texts(saved['template.xlsx'])).toEqual(await texts(files['template.xlsx']))
  }, 120_000)
})
