import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { exportWorkbook, importJson, importWorkbook } from '../../main/standards/workbook/index.ts'
import { sampleJson } from '../helpers/standards.ts'
import { typed, withCells, withParts, workbookFolder } from '../helpers/workbooks.ts'

let book: Buffer
beforeAll(async () => {
  book = await exportWorkbook(
    ['senior-card', 'sole-trader'].map((name) => ({ kind: 'matter' as const, json: sampleJson(name) })),
  )
})

/** What an import tells, in short. */
async function told(bytes: Buffer) {
  const { documents, findings } = await importWorkbook(bytes, 'a.xlsx')
  return {
    imported: documents.length,
    told: findings.map(({ severity, place, problem }) => `${severity} ${place}：${problem}`),
  }
}

test('tells every wrong cell at once, by its name, and imports nothing', async () => {
  let edited = await withCells(book, '申请材料', { E3: '<c r="E3"><v>4</v></c>', F4: typed('F4', '两份') })
  edited = await withCells(edited, '基本信息', {
    H3: '<c r="H3"><f>1+1</f><v>2</v></c>',
    J4: typed('J4', '2026-02-30'),
    B3: '',
  })
  edited = await withCells(edited, '受理条件', { E3: typed('E3', '{"var":') })
  expect(await told(edited)).toEqual({
    imported: 0,
    told: [
      'must “基本信息”表 H3：事项版本：单元格里是公式，没有读取',
      'must “基本信息”表 J4：计划生效日期要填日期，“2026-02-30”不是日历上有的日期',
      'must “受理条件”表 E3：规则（JSON）不是 JSON，读不出来',
      'must “申请材料”表 E3：必要性只能填 1、2、3（必要、非必要、容缺后补）',
      'must “申请材料”表 F4：原件份数要填整数，现在是“两份”',
      'must “基本信息”表 B3：事项名称：没有填',
    ],
  })
})

test('lets through what is sound beside what is not, and nothing where a row may belong to anything', async () => {
  const soundIn = async (sheet: string, cells: Record<string, string>) => {
    const { documents, faulty } = await importWorkbook(await withCells(book, sheet, cells), 'a.xlsx')
    return { sound: documents.map(({ id }) => id), faulty }
  }
  const [card, trader] = ['老年人优待卡', '个体工商户设立登记']
  const idOf = { 老年人优待卡: 'SAMPLE-LNYDK', 个体工商户设立登记: 'SAMPLE-GTHSL' }
  expect(await soundIn('申请材料', { E3: typed('E3', '4') })).toEqual({
    sound: [idOf.个体工商户设立登记],
    faulty: [card],
  })
  // A part that a standard may do without: the document would be whole, and silently poorer.
  const formula = '<c r="G3"><f>1+1</f><v>2</v></c>'
  expect(await soundIn('基本信息', { G3: formula })).toEqual({ sound: [idOf.个体工商户设立登记], faulty: [card] })
  expect(await soundIn('表单', { C4: '' })).toEqual({ sound: [idOf.个体工商户设立登记], faulty: [card] })
  expect(await soundIn('基本信息', { A4: typed('A4', idOf.老年人优待卡) })).toEqual({ sound: [], faulty: [card] })
  const stray = { A3: typed('A3', 'SAMPLE-TYPO') }
  expect(await soundIn('申请材料', stray)).toEqual({ sound: [], faulty: [card, trader] })
})

test('leads from what the check finds to the cell that holds it', async () => {
  const edited = await withCells(book, '基本信息', { AC3: '<c r="AC3"><v>1</v></c>', AD3: typed('AD3', '工作日') })
  const { imported, told: lines } = await told(edited)
  expect(imported).toBe(1)
  expect(lines).toContainEqual(
    expect.stringMatching(/^must “基本信息”表 AF3：承诺办结时限：承诺时限 \d+ 个工作日 长于法定时限 1 个工作日$/u),
  )
})

test('reads what people and Excel make of a cell', async () => {
  const edited = await withCells(book, '基本信息', {
    // 2026-07-01 as Excel counts days.
    J3: '<c r="J3"><v>46204</v></c>',
    L3: '<c r="L3" t="b"><v>1</v></c>',
    H3: typed('H3', ' 7 '),
    N3: typed('N3', '21 公共服务'),
  })
  const { documents, findings } = await importWorkbook(edited, 'a.xlsx')
  expect(findings).toEqual([])
  expect(JSON.parse(documents[0]?.bytes.toString() ?? '')).toMatchObject({
    effectiveFrom: '2026-07-01',
    sample: true,
    version: 7,
    kind: '21',
  })
})

test('says where Excel turned a long code into a number, or a text into a day', async () => {
  const styles = (xml: string) =>
    xml
      .replace('<cellXfs count="6">', '<cellXfs count="7">')
      .replace('</cellXfs>', '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>')
  const edited = await withCells(await withParts(book, { 'xl/styles.xml': styles }), '基本信息', {
    D3: '<c r="D3"><v>1.1440113340853792E+30</v></c>',
    B4: '<c r="B4" s="6"><v>46204</v></c>',
  })
  expect((await told(edited)).told).toEqual([
    'must “基本信息”表 D3：实施编码：Excel 把长编码变成了数字，第 15 位以后已经丢失',
    'must “基本信息”表 B4：事项名称：Excel 把它变成了日期，这里要填文字',
  ])
})

test('says which head it does not know, and drops nothing in silence', async () => {
  const edited = await withCells(book, '申请材料', { E1: typed('E1', '必要姓') })
  const { imported, told: lines } = await told(edited)
  expect(imported).toBe(0)
  expect(lines[0]).toBe('must “申请材料”表 E1：不认识表头“必要姓”，这一列没有读取')
})

test('says which row belongs to no matter, which to another than it says, and which name is stale', async () => {
  const cells = { A3: typed('A3', 'NOBODY'), B4: typed('B4', '个体工商户设立登记'), B5: typed('B5', '老年卡') }
  expect((await told(await withCells(book, '申请材料', cells))).told).toEqual([
    'must “申请材料”表 A3：事项标识：“基本信息”表里没有“NOBODY”',
    'must “申请材料”表 B4：事项名称：写的是“个体工商户设立登记”，标识“SAMPLE-LNYDK”却是“老年人优待卡”',
  ])
  const renamed = await told(await withCells(book, '基本信息', { B3: typed('B3', '敬老卡') }))
  expect(renamed.imported).toBe(2)
  expect(renamed.told[0]).toBe(
    'should “受理条件”表 B3：事项名称：还是“老年人优待卡”，“基本信息”表里是“敬老卡”；按标识读取',
  )
})

test('tells a cell and the JSON beside it that say two things', async () => {
  const head = await withCells(book, '结果', { F3: typed('F3', '{"name":"别的"}') })
  expect((await told(head)).told).toEqual(['must “结果”表 F3：其他（JSON）：里面的“name”与“结果名称”一列说的不一样'])
})

test('reads workbooks that other programs wrote, cells merged over a group of rows included', async () => {
  const known = await importJson(readFileSync(new URL('samples.json', workbookFolder)), 'samples.json')
  const bytesOf = async (name: string) =>
    (await importWorkbook(readFileSync(new URL(name, workbookFolder)), name)).documents.map(({ bytes }) =>
      bytes.toString(),
    )
  const expected = known.documents.map(({ bytes }) => bytes.toString())
  expect(await bytesOf('openpyxl-samples.xlsx')).toEqual(expected)
  expect(await bytesOf('exceljs-samples.xlsx')).toEqual(expected)
  const [filled] = (await bytesOf('openpyxl-filled.xlsx')).map((text) => JSON.parse(text))
  expect(filled).toMatchObject({
    itemId: 'NX-GLJT',
    name: '高龄津贴',
    effectiveFrom: '2026-07-01',
    audienceCodes: ['1'],
    materials: [
      { id: 'id-card', necessity: 1 },
      { id: 'photo', necessity: 3, laterWithinWorkdays: 5 },
    ],
    steps: ['收件', { name: '审核', limit: { days: 5, unit: 'workday' } }],
    form: { schema: { if: { properties: { agent: { const: 'yes' } } } } },
  })
})

test('takes no matter whose code stands as a number, with its zeros or its last digits gone', async () => {
  const spoilt = [
    ['<c r="D3"><v>441283199001011234</v></c>', /第 15 位以后已经丢失/],
    ['<c r="D3"><v>12345678901234567.5</v></c>', /第 15 位以后已经丢失/],
    ['<c r="D3"><v>1200</v></c>', /“1200”是数字，不是文本：前面的 0 可能已经丢失/],
    ['<c r="D3"><v>1.5E-7</v></c>', /是数字，不是文本/],
    [typed('D3', '4.41E+17'), /“4\.41E\+17”是被 Excel 变成了数字的编码/],
  ] as const
  for (const [cell, says] of spoilt) {
    const { imported, told: lines } = await told(await withCells(book, '基本信息', { D3: cell }))
    // The matter beside it is sound.
    expect([imported, lines]).toEqual([
      1,
      [expect.stringMatching(new RegExp(`基本信息”表 D3：实施编码.*${says.source}`, 'u'))],
    ])
  }
  const kept = await importWorkbook(await withCells(book, '基本信息', { D3: typed('D3', '0012　') }), 'a.xlsx')
  expect(JSON.parse(kept.documents[0]?.bytes.toString() ?? '').code).toBe('0012')
})

test('counts days from 1904 where the workbook does', async () => {
  const from1904 = (xml: string) =>
    xml.includes('<workbookPr')
      ? xml.replace(/<workbookPr[^>]*>/u, '<workbookPr date1904="1"/>')
      : xml.replace(/(<workbook[^>]*>)/u, '$1<workbookPr date1904="1"/>')
  const edited = await withCells(await withParts(book, { 'xl/workbook.xml': from1904 }), '基本信息', {
    J3: '<c r="J3"><v>44742</v></c>',
  })
  const { documents } = await importWorkbook(edited, 'a.xlsx')
  expect(JSON.parse(documents[0]?.bytes.toString() ?? '').effectiveFrom).toBe('2026-07-01')
})

test('reads no two sheets of one name, and says so', async () => {
  const named = (xml: string) => xml.replace('name="设定依据"', 'name=" 基本信息"')
  const { imported, told: lines } = await told(await withParts(book, { 'xl/workbook.xml': named }))
  expect([imported, lines[0]]).toEqual([0, 'must “ 基本信息”表：有两张表都叫这个名字，只能读一张'])
})
