import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readWorkbook } from '../../main/standards/workbook/import-workbook.ts'
import {
  exportJson,
  exportWorkbook,
  importJson,
  importWorkbook,
  templateWorkbook,
} from '../../main/standards/workbook/index.ts'
import { openWorkbook } from '../../main/standards/workbook/sheets/read-workbook.ts'
import { canonicalBytes } from '../../main/wire/canonical.ts'
import { matterStandardSchema } from '../../preload/contract/standard.ts'
import { kindOf } from '../../preload/contract/standards/documents.ts'
import { anyForm, anyMatter } from '../helpers/any-standard.ts'
import { sampleJson, sampleTexts } from '../helpers/standards.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document may be anything
type Any = any
const canonical = (json: unknown) => canonicalBytes(json).toString()
const asDocument = (json: Any) => ({ kind: kindOf(json) ?? 'matter', json })

/** What comes back of documents that went into a workbook. */
async function throughWorkbook(documents: readonly Any[]) {
  const { documents: read, findings } = await readWorkbook(await exportWorkbook(documents.map(asDocument)), 'a.xlsx')
  return { texts: read.map(({ json }) => canonical(json)), findings: findings.all }
}

test('gives every sample back byte for byte', async () => {
  const samples = sampleTexts().map(({ text }) => JSON.parse(text))
  const imported = await importWorkbook(await exportWorkbook(samples.map(asDocument)), 'a.xlsx')
  expect(imported.findings).toEqual([])
  expect(imported.documents.map(({ bytes }) => bytes.toString())).toEqual(
    ['matter', 'theme', 'template'].flatMap((kind) => samples.filter((json) => kindOf(json) === kind)).map(canonical),
  )
})

test('says samples in columns: JSON is left for rules and orders alone', async () => {
  const samples = sampleTexts().map(({ text }) => JSON.parse(text))
  const book = await openWorkbook(await exportWorkbook(samples.map(asDocument)))
  const json = new Set<string>()
  for (const name of book.sheetNames) {
    const [heads, , ...rows] = (await book.read(name)).rows
    for (const { cells } of rows) {
      for (const [column, cell] of cells) {
        const head = heads?.cells.get(column)
        if (cell.kind !== 'text' || head?.kind !== 'text' || !head.text.includes('JSON')) continue
        const value = JSON.parse(cell.text)
        json.add(`${name} ${head.text} ${head.text.startsWith('规则') ? '' : JSON.stringify(namesOf(value))}`)
      }
    }
  }
  expect([...json].toSorted()).toEqual([
    '一件事成员 题目对应（JSON） ["name","idNumber","sex","birthDate","ethnicity"]',
    '受理条件 规则（JSON） ',
    '基本信息 其他（JSON） ["format"]',
    '基本信息 表单其他（JSON） ["schema.required"]',
  ])
})

/** Names of an object's parts, two deep. */
function namesOf(value: Any): string[] {
  return Object.entries<Any>(value).flatMap(([name, part]) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.keys(part).map((inner) => `${name}.${inner}`)
      : [name],
  )
}

test('gives any standard back byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(anyMatter, { maxLength: 3, selector: ({ itemId }) => itemId }), async (matters) => {
      const known = matters.map((matter) => JSON.parse(canonical(matter)))
      for (const matter of known) expect(matterStandardSchema.safeParse(matter).error).toBeUndefined()
      const { texts, findings } = await throughWorkbook(known)
      expect(texts).toEqual(known.map(canonical))
      expect(findings.filter(({ severity }) => severity === 'must')).toEqual(known.length === 0 ? findings : [])
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('gives any form back byte for byte', async () => {
  const base = sampleJson('senior-card')
  await fc.assert(
    fc.asyncProperty(anyForm, async (form) => {
      const matter = JSON.parse(canonical({ ...base, form }))
      expect((await throughWorkbook([matter])).texts).toEqual([canonical(matter)])
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('keeps texts that are too long for a cell', async () => {
  const matter = sampleJson('senior-card')
  matter.conditions[0].rule = { in: [{ var: 'answers.name' }, Array.from({ length: 9000 }, (_, at) => `第${at}个𠮷`)] }
  const { texts, findings } = await throughWorkbook([matter])
  expect({ texts, findings }).toEqual({ texts: [canonical(matter)], findings: [] })
})

test('gives the same bytes for the same standards', async () => {
  const documents = [asDocument(sampleJson('senior-card'))]
  expect((await exportWorkbook(documents)).equals(await exportWorkbook(documents))).toBe(true)
})

test('keeps canonical bytes through a JSON set', async () => {
  const samples = sampleTexts().map(({ text }) => JSON.parse(text))
  const { documents, findings } = await importJson(exportJson(samples.map(asDocument)), 'set.json')
  expect(findings).toEqual([])
  expect(documents.map(({ bytes }) => bytes.toString())).toEqual(samples.map(canonical))
})

test('refuses two versions of a matter, and a calendar, in one workbook', async () => {
  const matter = sampleJson('senior-card')
  await expect(exportWorkbook([matter, { ...matter, version: 2 }].map(asDocument))).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  })
  await expect(exportWorkbook([asDocument({ source: 'x', years: {} })])).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  })
})

test('tells that a template is still empty', async () => {
  const { documents, findings } = await importWorkbook(await templateWorkbook(), '模板.xlsx')
  expect(documents).toEqual([])
  expect(findings.map(({ problem }) => problem)).toEqual(['表里没有填任何事项'])
})
