import { expect, test } from 'vitest'
import {
  exportNational,
  importNational,
  keptTablesSchema,
  type TableFile,
} from '../../main/standards/workbook/index.ts'
import { codeText, divisionCode, townCode } from '../../main/standards/workbook/national/codecs.ts'
import { openWorkbook } from '../../main/standards/workbook/sheets/read-workbook.ts'
import { makeWorkbook, type WrittenSheet } from '../../main/standards/workbook/sheets/write-workbook.ts'
import { sampleJson } from '../helpers/standards.ts'

const code = '11440282MB2D12345A4442008029000'
const basicHeads = [
  'row_guid',
  'task_name',
  'task_code',
  'catalog_code',
  'task_handle_item',
  'local_task_code',
  'task_version',
  'task_state',
  'task_type',
  'plan_effective_date',
  'plan_cancel_date',
  'cd_batch',
  'cd_operation',
  'by_law',
  'dept_name',
  'accept_condition',
  'handle_flow',
  'anticipate_day',
  'anticipate_type',
  'anticipate_explain',
  'promise_day',
  'promise_type',
  'promise_explain',
  'is_fee',
  'fee_basis',
  'limit_scene_num',
  'server_type',
  'use_level',
  'link_way',
  'transact_addr',
  'transact_time',
  'mobile_terminal_url',
]
const basicRow = [
  '9d1f',
  '临时救助',
  code,
  '442008029000',
  `${code}01`,
  'L-0007',
  '3',
  '1',
  '05',
  '20260701',
  '',
  'B2026',
  'I',
  '《社会救助暂行办法》第四十七条',
  '镇人民政府',
  '突发困难；\n支出型困难',
  '申请、审核、发放',
  '20',
  '1',
  '',
  '15',
  '2',
  '含公示',
  '0',
  '',
  '1',
  '1',
  '5',
  '12345',
  '镇公共服务中心',
  '9:00-17:00',
  'https://example.invalid/m',
]
const extendHeads = [
  'task_guid',
  'task_code',
  'handle_area',
  'is_express',
  'is_schedule',
  'town_code',
  'village_code',
  'result_name',
  'result_type',
  'extend_field',
]
const extendRow = ['9d1f', code, '全市', '1', '0', '440282001000', '', '救助金发放', '30', '{"a":1}']
const materialHeads = [
  'TASK_CODE',
  'MATERIAL_NAME',
  'IS_NEED',
  'PAGE_NUM',
  'PAGE_COPYNUM',
  'SOURCE_TYPE',
  'ORDER_NUM',
  'REMARK',
]
const materialRows = [
  [code, '户口簿', '3', '0', '1', '20', '2', '甲'],
  [code, '身份证', '1', '1', '0', '20', '1', '乙'],
]

const sheet = (name: string, heads: readonly string[], rows: readonly (readonly string[])[]): WrittenSheet => ({
  name,
  columns: heads.map((head) => ({ head, hint: '', width: 10, kind: 'text' })),
  rows,
  fixedColumns: 0,
  hasHints: false,
})
const sheets = [
  sheet('up_task_general_basic', basicHeads, [basicRow]),
  sheet('up_task_general_material', materialHeads, materialRows),
  sheet('up_task_general_extend', extendHeads, [extendRow]),
]
const book = async (): Promise<TableFile> => ({ name: '国家平台.xlsx', bytes: await makeWorkbook(sheets) })

/** Rows of every sheet of a workbook as texts. */
async function textsOf(bytes: Buffer) {
  const opened = await openWorkbook(bytes)
  const read = await Promise.all(
    opened.sheetNames.map(async (name) => ({ name, rows: (await opened.read(name)).rows })),
  )
  return read.map(({ name, rows }) => {
    const [heads] = rows
    const last = Math.max(...(heads?.cells.keys() ?? [0]))
    return [
      name,
      ...rows.map(({ cells }) =>
        Array.from({ length: last + 1 }, (_, column) => {
          const cell = cells.get(column)
          return cell?.kind === 'text' ? cell.text : ''
        }),
      ),
    ]
  })
}
const parsed = (bytes: Buffer | undefined) => JSON.parse(bytes?.toString() ?? 'null')

test('makes a standard of the platform’s tables, and says what is still to be done', async () => {
  const { documents, findings } = await importNational([await book()])
  expect(parsed(documents[0]?.bytes)).toMatchObject({
    itemId: '9d1f',
    name: '临时救助',
    code,
    handlingCode: `${code}01`,
    localCode: 'L-0007',
    version: 3,
    status: 'active',
    kind: '05',
    effectiveFrom: '2026-07-01',
    legalLimit: { days: 20, unit: 'workday' },
    promisedLimit: { days: 15, unit: 'day' },
    promisedLimitNote: '含公示',
    conditions: [
      { id: 'condition-1', text: '突发困难；' },
      { id: 'condition-2', text: '支出型困难' },
    ],
    audience: '自然人',
    visits: 1,
    scope: '全市',
    express: true,
    appointment: false,
    divisions: ['440282001'],
    results: [{ name: '救助金发放', kind: '30' }],
    places: [{ name: '办理地点', address: '镇公共服务中心', hours: '9:00-17:00' }],
    materials: [
      { id: 'material-1', name: '身份证', necessity: 1, originals: 1, copies: 0 },
      { id: 'material-2', name: '户口簿', necessity: 3, originals: 0, copies: 1 },
    ],
    form: { applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' } },
  })
  expect(findings.filter(({ severity }) => severity === 'must')).toEqual([])
  const told = findings.map(({ place, problem }) => `${place}：${problem}`)
  expect(told).toContain(
    '“up_task_general_basic”表 B2：表里没有：表单（先用通用的六题）、办理环节、由谁决定受理（先按中心）',
  )
  expect(told).toContain('“up_task_general_basic”表：1 列在事项标准里没有对应的内容：mobile_terminal_url')
  expect(told).toContain('“up_task_general_material”表：1 列在事项标准里没有对应的内容：remark')
})

test('writes the tables back as they were, columns that a standard has no field for included', async () => {
  const { documents, kept } = await importNational([await book()])
  const known = keptTablesSchema.parse(JSON.parse(JSON.stringify({ format: 1, tables: kept }))).tables
  const back = await textsOf(
    await exportNational(
      documents.map(({ bytes }) => parsed(bytes)),
      known,
    ),
  )
  const [[, ...basic] = [], [, ...material] = [], [, ...fees] = [], , [, ...extend] = []] = back
  expect(basic).toEqual([basicHeads, basicRow])
  expect(material).toEqual([materialHeads, materialRows[1], materialRows[0]])
  expect(fees).toHaveLength(1)
  expect(extend).toEqual([extendHeads, extendRow])
})

test('writes what was changed in the standard since, and nothing else', async () => {
  const { documents, kept } = await importNational([await book()])
  const standard = parsed(documents[0]?.bytes)
  standard.promisedLimit = { days: 10, unit: 'workday' }
  standard.scope = '全省'
  standard.materials = [standard.materials[1], { ...standard.materials[0], id: 'new', name: '申请书' }]
  standard.complaint = '12388'
  const [[, , basic] = [], [, heads, ...materials] = [], , , [, , extend] = []] = await textsOf(
    await exportNational([standard], kept),
  )
  const changed = basicRow.with(basicHeads.indexOf('promise_day'), '10').with(basicHeads.indexOf('promise_type'), '1')
  expect(basic).toEqual([...changed, '12388'])
  expect(extend).toEqual(extendRow.with(extendHeads.indexOf('handle_area'), '全省'))
  expect(heads?.slice(0, materialHeads.length)).toEqual(materialHeads)
  expect(materials.map((row) => row[1])).toEqual(['户口簿', '申请书'])
  expect(materials[0]?.slice(0, materialHeads.length)).toEqual(materialRows[0])
})

test('writes standards that were never in a table, and takes them in again', async () => {
  const sample = sampleJson('disability-subsidies')
  const bytes = await exportNational([sample], [])
  const { documents, findings } = await importNational([{ name: 'b.xlsx', bytes }])
  expect(findings.filter(({ severity }) => severity === 'must')).toEqual([])
  const { name, code: codeBack, version, promisedLimit, legalLimit, kind } = sample
  expect(parsed(documents[0]?.bytes)).toMatchObject({
    itemId: sample.itemId,
    name,
    code: codeBack,
    version,
    promisedLimit,
    legalLimit,
    kind,
  })
  const materials = (list: readonly { name: string; necessity: number }[]) =>
    list.map((one) => [one.name, one.necessity])
  expect(materials(parsed(documents[0]?.bytes).materials)).toEqual(materials(sample.materials))
})

test('reads CSV in UTF-8 and in GB 18030, heads in Chinese or with the column’s name in brackets', async () => {
  const heads = [
    '事项名称',
    '实施编码(task_code)',
    'task_version',
    '计划生效日期',
    '实施主体',
    '承诺办结时限',
    '承诺办结时限单位',
  ]
  const csv = `${heads.join(',')}\r\n"救助,""临时""",${code},1,2026年7月1日,镇政府,0,工作日\r\n`
  const gbk = Buffer.concat([...csv].map((one) => gb.get(one) ?? Buffer.from(one)))
  for (const bytes of [Buffer.from(`\uFEFF${csv}`), gbk]) {
    const { documents } = await importNational([{ name: 'a.csv', bytes }])
    expect(parsed(documents[0]?.bytes)).toMatchObject({
      name: '救助,"临时"',
      code,
      effectiveFrom: '2026-07-01',
      department: '镇政府',
    })
  }
})

test('tells codes that a spreadsheet spoilt, dates that are none, codes of no set, rows of no matter', async () => {
  const heads = 'task_name,task_code,task_version,task_state,plan_effective_date,dept_name,promise_day,promise_type'
  const rows = [
    '临时救助,1.1440113340853792E+30,1,9,2026-02-30,镇政府,5,3',
    `高龄津贴,${code},1,1,20260101,镇政府,5,1`,
    `高龄津贴,${code},1,1,20260101,镇政府,5,1`,
  ]
  const files = [
    { name: 'a.csv', bytes: Buffer.from([heads, ...rows].join('\n')) },
    { name: 'm.csv', bytes: Buffer.from('task_code,material_name,is_need\nNOBODY,身份证,1') },
  ]
  const { documents, findings } = await importNational(files)
  expect(documents).toEqual([])
  expect(
    findings.filter(({ severity }) => severity === 'must').map(({ place, problem }) => `${place}：${problem}`),
  ).toEqual([
    '“a.csv”表 B2：实施编码“1.1440113340853792E+30”是被 Excel 变成了数字的编码，后面的位数已经丢失',
    '“a.csv”表 D2：事项状态只能填 1、2、3（在用、暂停、取消）',
    '“a.csv”表 E2：计划生效日期要填日期，“2026-02-30”不是日历上有的日期',
    '“a.csv”表 H2：承诺办结时限单位只能填 1、2（工作日、自然日）',
    `“a.csv”表 B4：与前面的行是同一个事项（${code}）`,
    '“m.csv”表 A2：“NOBODY”在事项表里没有，或者不止一个，看不出属于哪个事项',
  ])
})

test('takes no code that stands as a number in a workbook; a division’s code loses nothing as one', () => {
  const number = (raw: string) => ({ kind: 'number', raw, isDate: false }) as const
  const problem = (read: ReturnType<typeof codeText.read>) => ('fault' in read ? read.fault.problem : read.value)
  expect([
    problem(codeText.read(number('12345'), '实施编码', false)),
    problem(townCode.read(number('440282113000'), '乡镇街道代码', false)),
    problem(divisionCode.read(number('440282113201'), '村居社区代码', false)),
  ]).toEqual(['实施编码“12345”是数字，不是文本：前面的 0 可能已经丢失', '440282113', '440282113201'])
})

test('reads the kinds of a matter by Guangdong’s codes where one of them is only Guangdong’s', async () => {
  const table = (kinds: readonly string[]) =>
    [
      'task_name,task_code,task_type,task_version,plan_effective_date,dept_name,promise_day,promise_type',
      ...kinds.map((kind, at) => `事项${at},${code}${at},${kind},1,20260101,镇政府,5,1`),
    ].join('\n')
  const read = async (kinds: readonly string[]) =>
    await importNational([{ name: 'a.csv', bytes: Buffer.from(table(kinds)) }])
  const kindsOf = async (kinds: readonly string[]) =>
    (await read(kinds)).documents.map(({ bytes }) => parsed(bytes).kind)
  expect(await kindsOf(['10', '20', '05'])).toEqual(['20', '21', '05'])
  expect(await kindsOf(['20', '21', '05'])).toEqual(['20', '21', '05'])
  const { documents, kept } = await read(['20', '21'])
  const [[, heads, ...rows] = []] = await textsOf(
    await exportNational(
      documents.map(({ bytes }) => parsed(bytes)),
      kept,
    ),
  )
  expect(rows.map((row) => row[heads?.indexOf('task_type') ?? -1])).toEqual(['20', '21'])
})

test('says where the file is none of the platform’s tables', async () => {
  const { findings } = await importNational([{ name: 'a.csv', bytes: Buffer.from('甲,乙\n1,2') }])
  expect(findings.map(({ problem }) => problem)).toEqual([
    '没有找到事项表：表头里没有 task_name（事项名称）',
    '看不出是国家平台的哪张表，没有读取',
  ])
})

/** The characters of the test in GB 18030, by the decoder that every runtime has. */
const gb = new Map<string, Buffer>()
for (let high = 0x81; high <= 0xfe; high++) {
  for (let low = 0x40; low <= 0xfe; low++) {
    const bytes = Buffer.from([high, low])
    const text = new TextDecoder('gb18030').decode(bytes)
    if (text.length === 1 && text !== '\ufffd') gb.set(text, bytes)
  }
}
