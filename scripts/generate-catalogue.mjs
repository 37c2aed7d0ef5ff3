#!/usr/bin/env node
// Owns: matters for size tests: as many as Nanxiong opens city-wide (30 of village and town, 109 of county), made by a seed.
// Does not own: the sample catalogue (resources/catalogue), which is written by hand; nothing made here is ever shipped.
// Start here: generateMatters.
//
//   node scripts/generate-catalogue.mjs --out FOLDER [--count 139] [--seed 1]
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

/** Matters open city-wide: of village and town, and of the county. */
export const cityWide = { village: 30, county: 109 }

const subjects = ['养老', '医保', '就业', '救助', '残疾人', '林业', '农机', '水利', '建房', '教育', '文化', '卫生']
const actions = ['登记', '申领', '变更', '注销', '认定', '备案', '补贴申请', '证明开具', '许可', '年审']
const papers = ['身份证件', '户口簿', '申请表', '承诺书', '权属证明', '银行卡', '照片', '合同', '收入证明', '委托书']
const questions = [
  '家庭人口数',
  '现住地址',
  '从业情况',
  '健康状况',
  '申请理由',
  '开始日期',
  '面积',
  '金额',
  '编号',
  '备注',
]
const points = [
  '字迹清楚，页数齐全',
  '姓名与表中一致',
  '在有效期内',
  '原件核对后退还',
  '盖章清楚',
  '复印件注明与原件一致',
]

/** mulberry32: the same seed gives the same row of numbers in [0, 1) everywhere. */
function chanceFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const between = (chance, least, most) => least + Math.floor(chance() * (most - least + 1))
const oneOf = (chance, list) => list[between(chance, 0, list.length - 1)]
const some = (chance, list, count) => {
  const rest = [...list]
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(between(chance, 0, rest.length - 1), 1)[0],
  )
}

/**
 * Made-up matters, plainly named 生成测试事项: the same count and seed give the same documents. Each passes
 * `standards check`, and is about as large as a real one (8 to 16 KB).
 */
export function generateMatters({ count = cityWide.village + cityWide.county, seed = 1 } = {}) {
  return Array.from({ length: count }, (_, at) => generateMatter(chanceFrom(seed * 100_003 + at), at))
}

function generateMatter(chance, at) {
  const number = String(at + 1).padStart(3, '0')
  const isVillage = at < cityWide.village
  const subject = `${oneOf(chance, subjects)}${oneOf(chance, actions)}`
  const days = between(chance, 1, 20)
  return {
    format: 2,
    itemId: `GENERATED-${number}`,
    code: `GENERATED-${number}-001`,
    name: `生成测试事项${number}（${subject}）`,
    aliases: [`测试${subject}`, `测试事项${number}`],
    version: 1,
    effectiveFrom: '2026-01-01',
    sample: true,
    source: '由 scripts/generate-catalogue.mjs 按种子生成，只用于测试大小和速度，内容不真实。',
    department: isVillage ? '测试用镇人民政府' : '测试用县级部门',
    audience: '自然人',
    audienceCodes: ['1'],
    kind: oneOf(chance, ['01', '05', '07', '20', '21']),
    level: isVillage ? '5' : '4',
    basis: [{ title: '生成的依据', clause: `第${between(chance, 1, 90)}条` }],
    conditions: conditionsOf(chance),
    acceptanceBy: oneOf(chance, ['station', 'centre']),
    form: formOf(chance, number),
    materials: materialsOf(chance, days),
    handlingKind: '2',
    legalLimit: { days: days + between(chance, 0, 20), unit: 'workday' },
    promisedLimit: { days, unit: 'workday' },
    steps: ['收件', '受理', '审查', '决定', '送达'].map((name) => ({ name })),
    fee: { charged: false, text: '不收费' },
    results: [{ name: `${subject}结果`, kind: oneOf(chance, ['10', '20', '30']) }],
    questions: some(chance, questions, between(chance, 1, 4)).map((question) => ({
      question: `${question}怎么填？`,
      answer: `照证件上的写；第 ${between(chance, 1, 99)} 号说明里有样子。`,
    })),
    scope: isVillage ? '全市各村（居）、镇（街）' : '全市通办',
    channels: ['1'],
    places: [{ name: '综合窗口', hours: '工作日 9:00–12:00，14:30–17:30' }],
  }
}

function conditionsOf(chance) {
  const age = between(chance, 16, 80)
  return [
    { id: 'age', text: `年满${age}周岁`, rule: { '>=': [{ var: 'age' }, age] } },
    { id: 'here', text: '户籍在本市', rule: { '==': [{ var: 'answers.householdHere' }, 'yes'] } },
    { id: 'seen', text: `窗口核对第 ${between(chance, 1, 9)} 项情况` },
  ]
}

const yesOrNo = (title) => ({
  title,
  type: 'string',
  oneOf: [
    { const: 'yes', title: '是' },
    { const: 'no', title: '否' },
  ],
})
const text = (title, maxLength) => ({ title, type: 'string', maxLength })
const idNumber = (title) => ({ title, type: 'string', minLength: 18, maxLength: 18 })

function formOf(chance, number) {
  const own = some(chance, questions, between(chance, 4, 10)).map((title, at) => [`own${at}`, title])
  const properties = {
    name: { ...text('姓名', 50), minLength: 1 },
    idNumber: idNumber('身份证号'),
    phone: text('联系电话', 20),
    division: { title: '所在镇、村（居）', type: 'string', pattern: '^[0-9]{12}$', maxLength: 12 },
    address: text('详细地址', 120),
    householdHere: yesOrNo('户籍是否在本市'),
    agent: yesOrNo('是否由他人代办'),
    ...Object.fromEntries(own.map(([name, title]) => [name, ownQuestion(chance, title)])),
  }
  const agents = { agentName: text('代办人姓名', 50), agentIdNumber: idNumber('代办人身份证号') }
  const look = (group, widget) => ({
    'ui:options': { group },
    ...(widget === undefined ? {} : { 'ui:widget': widget }),
  })
  return {
    schema: {
      type: 'object',
      title: `生成测试事项${number}`,
      properties,
      required: ['name', 'idNumber', 'phone', 'division', 'address', 'householdHere', 'agent'],
      if: { properties: { agent: { const: 'yes' } }, required: ['agent'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: agents, required: Object.keys(agents) },
    },
    ui: {
      'ui:order': [...Object.keys(properties), ...Object.keys(agents)],
      name: look('申请人'),
      idNumber: look('申请人', 'idNumber'),
      phone: look('申请人', 'phone'),
      division: look('住址', 'division'),
      address: look('住址'),
      householdHere: look('住址', 'radio'),
      agent: look('代办', 'radio'),
      agentName: look('代办'),
      agentIdNumber: look('代办', 'idNumber'),
      ...Object.fromEntries(own.map(([name]) => [name, look('申请内容')])),
    },
    applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' },
  }
}

function ownQuestion(chance, title) {
  if (title.includes('日期')) return { title, type: 'string', format: 'date' }
  if (/数|面积|金额/u.test(title))
    return { title, type: 'integer', minimum: 0, maximum: between(chance, 10, 1_000_000) }
  return text(title, between(chance, 20, 500))
}

function materialsOf(chance, days) {
  return some(chance, papers, between(chance, 3, 8)).map((name, at) => {
    const mayFollow = at > 1 && chance() < 0.3
    return {
      id: `material-${at + 1}`,
      name,
      necessity: mayFollow ? 3 : at < 2 ? 1 : oneOf(chance, [1, 2]),
      originals: 1,
      copies: between(chance, 0, 2),
      source: oneOf(chance, ['10', '20']),
      kind: oneOf(chance, ['1', '2', '3']),
      form: '3',
      acceptancePoints: some(chance, points, between(chance, 1, 4)),
      ...(mayFollow ? { laterWithinWorkdays: Math.max(1, Math.min(days, 5)) } : {}),
    }
  })
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, count: { type: 'string' }, seed: { type: 'string' } },
  })
  const [count, seed] = [Number(values.count ?? cityWide.village + cityWide.county), Number(values.seed ?? 1)]
  if (values.out === undefined || !Number.isInteger(count) || count < 1 || count > 5000 || !Number.isInteger(seed)) {
    console.error('用法：node scripts/generate-catalogue.mjs --out 文件夹 [--count 139] [--seed 1]')
    process.exit(2)
  }
  mkdirSync(values.out, { recursive: true })
  for (const matter of generateMatters({ count, seed })) {
    writeFileSync(join(values.out, `${matter.itemId.toLowerCase()}.json`), `${JSON.stringify(matter, null, 2)}\n`)
  }
  console.log(`写好了 ${count} 个生成的测试事项：${values.out}`)
}
