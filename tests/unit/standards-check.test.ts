import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDocuments } from '../../main/standards/index.ts'
import { largestDocumentBytes, readDocument } from '../../preload/contract/standards/documents.ts'
import { doubledName } from '../../preload/contract/standards/doubled-name.ts'
import type { Finding } from '../../preload/contract/standards/findings.ts'
import { harmfulParts } from '../../preload/contract/standards/harm.ts'
import { generateMatters } from '../../scripts/generate-catalogue.mjs'
import { editedSample, sampleJson, sampleTexts } from '../helpers/standards.ts'
import { workedMs } from '../helpers/work-time.ts'

const allowance = 'elderly-allowance'
const told = (findings: readonly Finding[]) =>
  findings.map(({ severity, place, problem }) => `${severity} ${place}：${problem}`)
/** What is found in an edited 高龄津贴. */
const foundIn = (edit: Parameters<typeof editedSample>[1]) =>
  told(checkDocuments([editedSample(allowance, edit)], false).findings)

describe('the sample catalogue', () => {
  test('has seventeen matters and two themes without anything to mend', () => {
    const { findings, documents } = checkDocuments(sampleTexts(), true)
    expect(told(findings)).toEqual([])
    expect(documents.map(({ document }) => document.kind).filter((kind) => kind === 'matter')).toHaveLength(17)
    expect(documents.map(({ document }) => document.kind).filter((kind) => kind === 'theme')).toHaveLength(2)
  })

  test('keeps documents of format 1 as they are', () => {
    const read = readDocument(JSON.stringify(sampleJson(allowance)))
    expect(read).toMatchObject({ ok: true, json: sampleJson(allowance), document: { kind: 'matter' } })
    const { value } = (read as Extract<typeof read, { ok: true }>).document as { value: { steps: unknown[] } }
    expect(value.steps[0]).toEqual({ name: '收件', stage: '', who: '', limit: null, standard: '', result: '' })
  })
})

test('generated matters are the same for a seed, plainly named, and without anything to mend', () => {
  const matters = generateMatters({ count: 139, seed: 7 })
  expect(generateMatters({ count: 139, seed: 7 })).toEqual(matters)
  expect(generateMatters({ count: 1, seed: 8 })[0]).not.toEqual(matters[0])
  expect(matters.every(({ name }) => String(name).startsWith('生成测试事项'))).toBe(true)
  const texts = matters.map((matter) => ({ name: matter.itemId, text: JSON.stringify(matter) }))
  expect(told(checkDocuments(texts, true).findings)).toEqual([])
})

describe('a document', () => {
  test('of 50 MB is refused by its size, unread', () => {
    const begun = process.cpuUsage()
    const { findings } = checkDocuments([{ name: '大.json', text: '['.repeat(50 * 1024 * 1024) }], false)
    expect(workedMs(begun)).toBeLessThan(500)
    expect(told(findings)).toEqual(['must 整个文件：文件太大：51200 KB，最多 512 KB，没有读下去'])
  })

  test('is measured in bytes, not in characters', () => {
    const text = JSON.stringify({ itemId: '字'.repeat(largestDocumentBytes / 2) })
    expect(readDocument(text)).toMatchObject({ ok: false, refusal: { why: 'too-large' } })
  })

  test.each([
    ['[['.repeat(30), '括号套得太深，超过 40 层，没有读下去'],
    ['{"itemId": ', '不是 JSON 文件，读不出来'],
    ['[1, 2]', '看不出是哪一种文件'],
    ['{"kind":"recipe"}', '看不出是哪一种文件'],
  ])('that begins %s is refused', (text, problem) => {
    expect(told(checkDocuments([{ name: 'a', text }], false).findings)).toEqual([`must 整个文件：${problem}`])
  })

  test('with wrong fields is told each with its place in words, its pointer and the remedy', () => {
    const text = editedSample(allowance, (json) => {
      json.materials[2].name = 5
      json.effectiveFrom = '明天'
      json.colour = 'red'
      json.materials[0].necessity = 9
      delete json.department
      json.steps = [{ name: '收件', limit: { days: -1, unit: 'workday' } }]
    })
    const { findings } = checkDocuments([text], false)
    expect(told(findings)).toEqual([
      'must 计划生效日期：“明天” 不是日期',
      'must 实施主体：没有填',
      'must 申请材料 第 1 项（户口簿（首页和本人页））·必要性：这里的写法不对：“9”',
      'must 申请材料 第 3 项（bank-card）·名称：应是文字，现在是 “5”',
      'must 办理流程 第 1 项（收件）·时限·天数：至少要 0',
      'must 整个文件：有不认识的字段：colour',
    ])
    expect(findings[3]).toMatchObject({ pointer: '/materials/2/name', remedy: '改成对的类型' })
  })

  test.each([
    ['a turned reading order', '低保\u202e金津', 'U+202E'],
    ['an invisible space', '低保\u200b金', 'U+200B'],
    ['a control character', '低保\u0007金', 'U+0007'],
  ])('with %s in a name is told', (_what, name, code) => {
    const text = editedSample('senior-card', (json) => Object.assign(json, { name }))
    expect(checkDocuments([text], false).findings).toMatchObject([
      { severity: 'should', pointer: '/name', problem: `里面有看不见的字符（${code}），读起来和存的不一样` },
    ])
  })

  test('with half a character is refused', () => {
    const text = editedSample('senior-card', (json) => Object.assign(json, { name: '\ud800' }))
    expect(checkDocuments([text], false)).toMatchObject({
      ...{ documents: [], findings: [{ severity: 'must', problem: expect.stringContaining('半个字') }] },
    })
  })

  test('with a name twice in one place is refused; the same name in two places is not', () => {
    const text = editedSample('senior-card', () => undefined)
    if (!('text' in text)) throw new Error('no text')
    const twice = text.text.replace('"conditions":', '"conditions":[],"c\\u006fnditions" :')
    expect(checkDocuments([{ name: 'a', text: twice }], false)).toMatchObject({
      ...{ documents: [], findings: [{ problem: '“conditions”在同一处写了两遍，只有一遍会算数' }] },
    })
    expect(doubledName('{"a":{"a":["a","a",{"b":1},{"b":"a\\":"}]},"b":"b"}')).toBe(undefined)
    fc.assert(fc.property(fc.jsonValue(), (value) => doubledName(JSON.stringify(value, null, 1)) === undefined))
  })

  test('tells what must be mended also behind hundreds of things that need not', () => {
    const text = editedSample('senior-card', (json) => {
      const more = Array.from({ length: 180 }, (_, at) => [`q${at}`, { type: 'string' }] as const)
      json.form.schema.properties = { ...json.form.schema.properties, ...Object.fromEntries(more) }
      json.form.ui = {}
      json.conditions = [{ id: 'a', text: '谁也不行', rule: { '<': [{ var: 'age' }, 0] } }]
    })
    const { findings } = checkDocuments([text], false)
    expect(findings.filter(({ severity }) => severity === 'should').length).toBe(200)
    expect(findings[0]?.problem).toBe('这个条件谁也满足不了：表单里没有能满足它的答案')
  })

  test('of any JSON is checked without throwing', () => {
    const kinds = fc.constantFrom({ itemId: 'x' }, { kind: 'theme' }, { kind: 'template' }, { years: {} })
    fc.assert(
      fc.property(kinds, fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 })), (kind, rest) => {
        checkDocuments([{ name: 'x', text: JSON.stringify({ ...rest, ...kind }) }], true)
      }),
      { numRuns: 300 },
    )
  })

  test('that was a good one before any one change is checked without throwing', () => {
    const paths = (value: unknown): (string | number)[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [[name], ...paths(inner).map((path) => [name, ...path])])
        : []
    const every = paths(sampleJson('disability-subsidies'))
    const change = fc.tuple(fc.constantFrom(...every), fc.jsonValue({ maxDepth: 2 }))
    fc.assert(
      fc.property(change, ([path, value]) => {
        const text = editedSample('disability-subsidies', (json) => {
          const holder = path.slice(0, -1).reduce((at, step) => at[step], json)
          holder[path.at(-1) ?? ''] = value
        })
        checkDocuments([text], false)
      }),
      { numRuns: 400 },
    )
  })
})

describe('a rule', () => {
  test.each<[string, unknown, string]>([
    ['that is unknown', { conjure: [1] }, '规则里有不认识的运算“conjure”'],
    ['of wrong parts', { '>=': [1] }, '运算“>=”的部分数目不对'],
    [
      'without end',
      { reduce: [{ var: 'answers.name' }, { merge: [{ var: 'accumulator' }] }, []] },
      '规则在 reduce 里用了“merge”，会越算越大，可能算不完',
    ],
    [
      'that nobody can meet',
      { '==': [{ var: 'answers.sex' }, 'other'] },
      '这个条件谁也满足不了：表单里没有能满足它的答案',
    ],
    ['about an impossible age', { '>': [{ var: 'age' }, 200] }, '这个条件谁也满足不了：表单里没有能满足它的答案'],
  ])('%s is told', (_, rule, problem) => {
    const findings = foundIn((json) => {
      json.conditions[1].rule = rule
    })
    expect(findings).toEqual([`must 受理条件 第 2 项·规则：${problem}`])
  })

  test('about a question that the form does not ask is told', () => {
    const findings = foundIn((json) => {
      json.conditions[1].rule = { '==': [{ var: 'answers.gone' }, 1] }
    })
    expect(findings).toEqual([
      'must 受理条件 第 2 项（申请人的户籍在本市）·规则：规则用到的“answers.gone”，表单里没有这一题',
    ])
  })

  test('that contradicts another is told together with it', () => {
    const findings = foundIn((json) => {
      json.conditions[1].rule = { '<': [{ var: 'age' }, 60] }
    })
    expect(findings).toEqual([
      'must 受理条件：这些条件不能同时满足：“申请人年满80周岁”、“申请人的户籍在本市”、“收款的银行账户是申请人本人的”',
    ])
  })

  test('that does not end makes a document harmful, and one with remote references too', () => {
    const harm = (edit: Parameters<typeof editedSample>[1]) => {
      const { documents } = checkDocuments([editedSample(allowance, edit)], false)
      return documents.flatMap(({ document }) => harmfulParts(document))
    }
    expect(harm(() => undefined)).toEqual([])
    const list = Array.from({ length: 50 }, (_, at) => at)
    const endless = { map: [list, { map: [list, { map: [list, 1] }] }] }
    expect(harm((json) => Object.assign(json.conditions[0], { rule: endless }))).toEqual(['/conditions/0/rule'])
    expect(harm((json) => Object.assign(json.form.schema.properties.name, { $ref: 'http://x' }))).toEqual([
      '/form/schema/properties/name/$ref',
    ])
  })
})

describe('a form', () => {
  test.each<[string, Parameters<typeof editedSample>[1], string]>([
    [
      'a remote reference',
      (json) => Object.assign(json.form.schema.properties.name, { $ref: 'https://example.com/a.json' }),
      'must 表单·“姓名”：引用了别处的定义“https://example.com/a.json”，不允许',
    ],
    [
      'a pattern that explodes',
      (json) => Object.assign(json.form.schema.properties.address, { pattern: '^(a+)+$' }),
      'must 表单·“详细地址”：正则表达式可能要算很久，会卡住窗口：^(a+)+$',
    ],
    [
      'a branch that no answer leads to',
      (json) => Object.assign(json.form.schema.if.properties.agent, { const: 'perhaps' }),
      'must 表单·条件题：“代办人姓名”、“代办人身份证号”、“代办人与申请人的关系”、“代办人联系电话”永远不会问到：没有答案能满足它前面的条件',
    ],
    [
      'a widget that is not there',
      (json) => Object.assign(json.form.ui.phone, { 'ui:widget': 'carousel' }),
      'must 表单·“联系电话”的控件：没有“carousel”这种控件，表单会打不开',
    ],
    [
      'a widget for another type',
      (json) => Object.assign(json.form.ui.phone, { 'ui:widget': 'checkbox' }),
      'must 表单·“联系电话”的控件：控件“checkbox”不能用于类型 string',
    ],
    [
      'an order that leaves a question out',
      (json) => json.form.ui['ui:order'].pop(),
      'must 表单·样子·ui:order：顺序里漏了：remark，表单会打不开',
    ],
    [
      'a look for no question',
      (json) => Object.assign(json.form.ui, { gone: {} }),
      'must 表单·样子：样子里写了“gone”，题目里没有这一题',
    ],
    [
      'an applicant who is not asked',
      (json) => Object.assign(json.form.applicant, { phone: 'gone' }),
      'must 表单·申请人：申请人指向的题目“gone”，表单里没有',
    ],
    [
      'a needed answer that is not asked',
      (json) => json.form.schema.required.push('gone'),
      'must 表单·题目：必填的“gone”没有这一题，永远填不上',
    ],
    [
      'limits that exclude each other',
      (json) => Object.assign(json.form.schema.properties.address, { minLength: 500 }),
      'must 表单·“详细地址”：字数的下限 500 大于上限 120，谁也填不对',
    ],
    [
      'a choice twice',
      (json) => json.form.schema.properties.sex.oneOf.push({ const: 'male', title: '男性' }),
      'must 表单·“性别”：选项里有重复的值',
    ],
    [
      'code in its look',
      (json) => Object.assign(json.form.ui.phone, { 'ui:field': 'Script' }),
      'must 表单·“联系电话”的样子：不认识的写法“ui:field”',
    ],
  ])('with %s is told', (_, edit, finding) => {
    expect(foundIn(edit)).toContain(finding)
  })
})

describe('a matter', () => {
  test.each<[string, Parameters<typeof editedSample>[1], string]>([
    [
      'that promises more time than the law gives',
      (json) => Object.assign(json, { legalLimit: { days: 10, unit: 'workday' } }),
      'must 承诺办结时限：承诺时限 20 个工作日 长于法定时限 10 个工作日',
    ],
    [
      'whose workdays are surely longer than the days of the law',
      (json) => Object.assign(json, { legalLimit: { days: 15, unit: 'day' } }),
      'must 承诺办结时限：承诺时限 20 个工作日 长于法定时限 15 个自然日',
    ],
    [
      'that lets a paper follow after it is decided',
      (json) => Object.assign(json.materials[3], { laterWithinWorkdays: 30 }),
      'must 申请材料 第 4 项（近期一寸彩色免冠照片）·几个工作日内补交：补交期限 30 个工作日 长于承诺办结时限 20 个工作日，材料还没到就该办结了',
    ],
    [
      'with a material twice',
      (json) => Object.assign(json.materials[1], { id: 'household-register' }),
      'must 申请材料 第 2 项（居民身份证）·标识：材料的标识“household-register”与前面的重复',
    ],
    [
      'with one reuse key for two papers',
      (json) => Object.assign(json.materials[1], { reuseKey: 'household-register' }),
      'must 申请材料 第 2 项（居民身份证）·复用标识：复用标识“household-register”用在了两项材料上',
    ],
    [
      'that ends before it begins',
      (json) => Object.assign(json, { effectiveUntil: '2025-12-31' }),
      'must 计划取消日期：取消日期不在生效日期之后，一天也用不上',
    ],
    [
      'that is a sample without a source',
      (json) => Object.assign(json, { source: '网上' }),
      'must 出处：样例没有写清出处',
    ],
    [
      'that is done at once and takes days',
      (json) => Object.assign(json, { format: 2, handlingKind: '1' }),
      'should 承诺办结时限：是即办件，承诺时限却不是 0',
    ],
  ])('%s is told', (_, edit, finding) => {
    expect(foundIn(edit)).toContain(finding)
  })

  test('with a template that is not in the catalogue must be mended; alone it is only said', () => {
    const text = editedSample(allowance, (json) => {
      json.templates = [{ paper: 'receipt', templateId: 'gone' }]
    })
    const place = '文书模板 第 1 项·模板标识：'
    expect(told(checkDocuments([text], true).findings)).toEqual([`must ${place}没有“gone”这个文书模板`])
    expect(told(checkDocuments([text], false).findings)).toEqual([`should ${place}这些文件里没有“gone”这个文书模板`])
  })

  test('named twice in one version is told', () => {
    const [one, other] = [editedSample(allowance, () => undefined), editedSample(allowance, () => undefined)]
    const { findings } = checkDocuments([one, { ...other, name: '又一份.json' }], true)
    expect(told(findings)).toEqual([
      'must 整个文件：与 elderly-allowance.json 的标识和版本都相同（SAMPLE-GLJT，第 1 版）',
    ])
  })
})
