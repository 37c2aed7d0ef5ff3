import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { exportWorkbook, importJson, importNational, importWorkbook } from '../../main/standards/workbook/index.ts'
import { makeZip } from '../../main/standards/workbook/package/write-zip.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { failureLine } from '../../preload/contract/sentences.ts'
import { sampleJson } from '../helpers/standards.ts'
import { lyingZip, typed, withCells, withParts } from '../helpers/workbooks.ts'

let book: Buffer
beforeAll(async () => {
  book = await exportWorkbook([{ kind: 'matter', json: sampleJson('senior-card') }])
})

/** Why a file is not read. */
async function why(bytes: Buffer): Promise<unknown> {
  try {
    await importWorkbook(bytes, 'a.xlsx')
    return 'read'
  } catch (error) {
    return error instanceof AppError && error.code === 'WORKBOOK_REFUSED' ? error.details.why : error
  }
}
const added = (name: string, text = 'x') => withParts(book, { [name]: () => text })

test('refuses macros, however they are carried', async () => {
  expect(await why(await added('xl/vbaProject.bin'))).toBe('macros')
  expect(await why(await added('XL/VBAPROJECT.BIN'))).toBe('macros')
  expect(await why(await added('xl/macrosheets/sheet1.xml'))).toBe('macros')
  const typedAs = {
    '[Content_Types].xml': (xml: string) => xml.replace('sheet.main+xml', 'sheet.macroEnabled.main+xml'),
  }
  expect(await why(await withParts(book, typedAs))).toBe('macros')
})

test('refuses links to other files and databases, and embedded files', async () => {
  expect(await why(await added('xl/externalLinks/externalLink1.xml'))).toBe('external')
  expect(await why(await added('xl/connections.xml'))).toBe('external')
  const outside = (xml: string) =>
    xml.replace(
      '</Relationships>',
      '<Relationship Id="x" Type="a/externalLinkPath" Target="http://192.0.2.1/a" TargetMode="External"/></Relationships>',
    )
  expect(await why(await withParts(book, { 'xl/_rels/workbook.xml.rels': outside }))).toBe('external')
  expect(await why(await added('xl/embeddings/oleObject1.bin'))).toBe('embedded')
  expect(await why(await added('xl/activeX/activeX1.xml'))).toBe('embedded')
})

test('refuses document types and entities', async () => {
  const laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
  const doctype = (xml: string) => xml.replace('?>', `?>${laughs}`)
  expect(await why(await withParts(book, { 'xl/workbook.xml': doctype }))).toBe('entities')
  const file = (xml: string) => xml.replace('?>', '?><!DOCTYPE a SYSTEM "file:///etc/passwd">')
  expect(await why(await withParts(book, { 'xl/styles.xml': file }))).toBe('entities')
  expect(await why(await withCells(book, '基本信息', { B3: '<c r="B3" t="inlineStr"><is><t>&c;</t></is></c>' }))).toBe(
    'entities',
  )
})

test('refuses bombs within bounded memory: swollen, lying about their size, or told again and again', async () => {
  const before = process.memoryUsage().rss
  const zeros = Buffer.alloc(40 * 1024 * 1024)
  expect(await why(lyingZip('[Content_Types].xml', zeros, {}))).toBe('bomb')
  expect(await why(lyingZip('[Content_Types].xml', zeros, { sizeBytes: 1000 }))).toBe('bomb')
  expect(await why(lyingZip('[Content_Types].xml', Buffer.alloc(100 * 1024), { copies: 100 }))).toBe('bomb')
  expect(await why(lyingZip('[Content_Types].xml', Buffer.from('x'), { copies: 60_000 }))).toBe('bomb')
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
})

test('refuses one long text that stands in every cell', async () => {
  const shared = 'ab\n'.repeat(10_900)
  const cells = '<c t="s"><v>0</v></c>'.repeat(30)
  const rows = Array.from({ length: 200 }, (_, at) => `<row r="${at + 10}">${cells}</row>`).join('')
  const bomb = await withParts(book, {
    'xl/sharedStrings.xml': () => `<sst><si><t>${shared}</t></si></sst>`,
    'xl/worksheets/sheet2.xml': (xml) => xml.replace('</sheetData>', `${rows}</sheetData>`),
    'xl/_rels/workbook.xml.rels': (xml) =>
      xml.replace(
        '</Relationships>',
        '<Relationship Id="s" Type="a/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
      ),
  })
  expect(await why(bomb)).toBe('bomb')
})

test('takes no half of a character, however it is written', async () => {
  expect(await why(await withCells(book, '基本信息', { B3: typed('B3', 'a&#xD800;b') }))).toBe('entities')
  const { documents, findings } = await importWorkbook(
    await withCells(book, '基本信息', { B3: typed('B3', 'a_xD800_b') }),
    'a.xlsx',
  )
  expect([documents, findings[0]?.problem]).toEqual([[], '“SAMPLE-LNYDK”里有不成对的字符，存不下来'])
})

test('refuses what is no workbook, an old one, one with a password, a damaged one', async () => {
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
  expect(await why(ole)).toBe('old-format')
  expect(await why(Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]))).toBe('password')
  expect(await why(Buffer.from('%PDF-1.7'))).toBe('not-a-workbook')
  expect(await why(Buffer.alloc(0))).toBe('not-a-workbook')
  expect(await why(Buffer.from('<html><table>'))).toBe('not-a-workbook')
  expect(await why(await makeZip([{ name: 'word/document.xml', bytes: Buffer.from('x') }]))).toBe('not-a-workbook')
  expect(await why(await added('xl/workbook.bin'))).toBe('old-format')
  expect(await why(book.subarray(0, book.length / 2))).toBe('damaged')
  const encrypted = Buffer.from(book)
  encrypted.writeUInt16LE(1, encrypted.indexOf('PK\x01\x02', 0, 'latin1') + 8)
  expect(await why(encrypted)).toBe('password')
})

test('refuses 50 MB without reading them', async () => {
  const large = Buffer.alloc(50 * 1024 * 1024, 'PK')
  expect(await why(large)).toBe('too-large')
  await expect(importJson(large, 'a.json')).rejects.toMatchObject({
    code: 'WORKBOOK_REFUSED',
    details: { why: 'too-large' },
  })
  await expect(importNational([{ name: 'a.csv', bytes: large }])).rejects.toMatchObject({
    details: { why: 'too-large' },
  })
})

test('refuses more cells than any catalogue has', async () => {
  const rows = Array.from({ length: 7000 }, (_, row) => `<row r="${row + 100}">${'<c><v>1</v></c>'.repeat(100)}</row>`)
  const fill = (xml: string) => xml.replace('</sheetData>', `${rows.join('')}</sheetData>`)
  expect(await why(await withParts(book, { 'xl/worksheets/sheet2.xml': fill }))).toBe('too-many-cells')
})

test('refuses a cell that lies farther down than any catalogue goes', async () => {
  const far = (xml: string) => xml.replace('</sheetData>', '<row r="1048576"><c><v>1</v></c></row></sheetData>')
  expect(await why(await withParts(book, { 'xl/worksheets/sheet2.xml': far }))).toBe('too-many-cells')
})

test('refuses JSON in a cell that nests without end', async () => {
  const deep = `${'['.repeat(20_000)}`
  const { findings } = await importWorkbook(
    await withCells(book, '受理条件', { E3: `<c r="E3" t="inlineStr"><is><t>${deep}</t></is></c>` }),
    'a.xlsx',
  )
  expect(findings.map(({ problem }) => problem)).toEqual(['规则（JSON）的括号套得太深'])
})

test('says in one sentence why a file was not read', async () => {
  const whys = [
    'too-large',
    'bomb',
    'old-format',
    'password',
    'not-a-workbook',
    'damaged',
    'entities',
    'macros',
    'external',
    'embedded',
    'too-many-cells',
    'no-sheets',
    'encoding',
  ]
  const lines = whys.map((one) => failureLine({ code: 'WORKBOOK_REFUSED', details: { why: one, name: 'a.xlsx' } }))
  expect(new Set(lines).size).toBe(whys.length)
  expect(lines[7]).toBe(
    'a.xlsx没有读取：里面有宏。里面的内容都没有导入，原有的标准没有改动。请在 Excel 或 WPS 里另存为不带宏的 .xlsx 工作簿再试。',
  )
})

test('ends soon with documents, findings or a refusal, whatever the bytes are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 }), async (changes) => {
      const bytes = Buffer.from(book)
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      const outcome = await why(bytes)
      expect(typeof outcome).toBe('string')
    }),
    { numRuns: 120 },
  )
  const parts = [
    'xl/workbook.xml',
    'xl/styles.xml',
    'xl/worksheets/sheet2.xml',
    'xl/worksheets/sheet5.xml',
    '[Content_Types].xml',
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...parts),
      fc.nat(),
      fc.string({ maxLength: 6 }),
      fc.nat(30),
      async (part, at, text, gone) => {
        const cut = (xml: string) => xml.slice(0, at % xml.length) + text + xml.slice((at % xml.length) + gone)
        expect(typeof (await why(await withParts(book, { [part]: cut })))).toBe('string')
      },
    ),
    { numRuns: 120 },
  )
}, 60_000)
