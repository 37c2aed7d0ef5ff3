import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { marksOf } from '../../main/standards/differences/marks.ts'
import { compareDocuments } from '../../main/standards/index.ts'
import { matterStandardSchema } from '../../preload/contract/standard.ts'
import { themeSchema } from '../../preload/contract/standards/theme.ts'
import { sampleJson, sampleStandard } from '../helpers/standards.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test changes any part
const edited = (name: string, edit: (json: any) => void) => {
  const json = sampleJson(name)
  edit(json)
  return matterStandardSchema.parse(json)
}
// biome-ignore lint/suspicious/noExplicitAny: as above
const changesOf = (edit: (json: any) => void, name = 'elderly-allowance') =>
  compareDocuments({ kind: 'matter', value: sampleStandard(name) }, { kind: 'matter', value: edited(name, edit) })

describe('the differences of two versions', () => {
  test('are none between a standard and itself, nor between its version numbers', () => {
    expect(changesOf((json) => Object.assign(json, { version: 2, format: 2 }))).toEqual([])
  })

  test('tell the age that changed, the material that is new, the choice that was added, the limit that is shorter', () => {
    const changes = changesOf((json) => {
      json.conditions[0].rule['>='][1] = 79
      json.materials.push({ ...json.materials[0], id: 'proof', name: '居住证明', reuseKey: undefined })
      json.form.schema.properties.living.oneOf.push({ const: 'other', title: '其他' })
      json.promisedLimit.days = 15
    })
    expect(
      changes.map(({ kind, words, before, after }) => [kind, words, before, after?.split('\n')[0] ?? null]),
    ).toEqual([
      ['changed', '年龄由满 80 周岁改为满 79 周岁', '年龄满 80 周岁', '年龄满 79 周岁'],
      [
        'changed',
        '题目“居住情况”的选项由“独居、与家人同住、住养老机构”改为“独居、与家人同住、住养老机构、其他”',
        '独居、与家人同住、住养老机构',
        '独居、与家人同住、住养老机构、其他',
      ],
      ['added', '新增材料：居住证明', null, '名称：居住证明'],
      ['changed', '承诺办结时限由“20 个工作日”改为“15 个工作日”', '20 个工作日', '15 个工作日'],
    ])
    expect(changes[0]).toMatchObject({
      part: '受理条件',
      pointer: '/conditions/0/rule',
      marks: [
        { kind: 'same', text: '年龄满 ' },
        { kind: 'removed', text: '80' },
        { kind: 'added', text: '79' },
        { kind: 'same', text: ' 周岁' },
      ],
    })
  })

  test('tell dates as people write them, also those that a rule names', () => {
    const changes = changesOf((json) => {
      json.effectiveFrom = '2026-12-01'
      json.conditions[0].rule = {
        and: [
          { '>=': [{ var: 'answers.birthDate' }, '1947-01-01'] },
          { '<=': ['2026-01-01', { var: 'today' }, '2026-12-31'] },
        ],
      }
    })
    expect(changes.map(({ words }) => words)).toEqual([
      '计划生效日期由“2026年1月1日”改为“2026年12月1日”',
      '核对办法由“年龄满 80 周岁”改为“出生日期不早于1947年1月1日，并且办理当天在 2026年1月1日 到 2026年12月31日 之间”',
    ])
  })

  test('tell codes by their names, lists by what came and went, and what moved', () => {
    const changes = changesOf((json) => {
      json.materials[0].necessity = 3
      json.materials[0].laterWithinWorkdays = 5
      json.materials[1].acceptancePoints.push('本人到场')
      json.aliases = json.aliases.slice(1)
      json.questions.reverse()
      json.steps = json.steps.slice(0, -1)
      json.acceptanceBy = 'station'
      json.form.schema.required = json.form.schema.required.filter((name: string) => name !== 'phone')
      json.form.schema.properties.remark.title = '备注'
    })
    expect(changes.map(({ words }) => words)).toEqual([
      '俗称去掉了“高龄老人津贴”',
      '由谁决定受理由“中心”改为“窗口”',
      '题目“联系电话”的必填由“是”改为“否”',
      '题目“补充说明”改名为“备注”',
      '材料“户口簿（首页和本人页）”的必要性由“必要”改为“容缺后补”',
      '写上了材料“户口簿（首页和本人页）”的几个工作日内补交：5',
      '材料“居民身份证”的受理标准增加了“本人到场”',
      '删去环节：发放',
      '常见问题的顺序变了',
    ])
  })

  test('of a question that came or went, of its conditions and of the order are told', () => {
    const changes = changesOf((json) => {
      json.form.schema.properties.income = { title: '月收入', type: 'integer' }
      delete json.form.schema.properties.living
      json.form.schema.if.properties.agent.const = 'no'
      json.form.ui['ui:order'] = [
        'phone',
        ...json.form.ui['ui:order'].filter((name: string) => name !== 'phone'),
        'income',
      ]
    })
    expect(changes.map(({ kind, words }) => [kind, words])).toEqual([
      ['added', '新增题目：月收入'],
      ['removed', '删去题目：居住情况'],
      ['changed', '什么时候要填条件题，有变化'],
      ['moved', '题目的顺序变了'],
    ])
    const titles = '代办人姓名、代办人身份证号、代办人与申请人的关系、代办人联系电话'
    expect(changes[2]).toMatchObject({
      before: `只在“是否由他人代办”是“是”时问：${titles}`,
      after: `只在“是否由他人代办”是“否”时问：${titles}`,
    })
  })

  test('of a conditional question in its words alone are not told as another condition', () => {
    const changes = changesOf((json) => {
      json.form.schema.then.properties.agentName.title = '代办人的姓名'
      json.form.schema.then.properties = Object.fromEntries(
        Object.entries(json.form.schema.then.properties).toReversed(),
      )
    })
    expect(changes.map(({ words }) => words)).toEqual(['题目“代办人姓名”改名为“代办人的姓名”'])
  })

  test('of a theme and of a calendar are told too', () => {
    const theme = themeSchema.parse(sampleJson('theme-disability'))
    const less = { ...theme, members: theme.members.slice(1), sharedMaterials: [] }
    const words = compareDocuments({ kind: 'theme', value: theme }, { kind: 'theme', value: less }).map(
      (one) => one.words,
    )
    expect(words).toEqual(['删去联办事项：SAMPLE-CJZ', '共用材料的复用标识去掉了“disability-card”'])
    const [named] = compareDocuments({ kind: 'theme', value: theme }, { kind: 'theme', value: less }, (kind, id) =>
      kind === 'matter' && id === 'SAMPLE-CJZ' ? '残疾人证' : undefined,
    )
    expect(named).toMatchObject({ words: '删去联办事项：残疾人证', place: '联办事项“残疾人证”' })
    const calendar = (off: string[]) => ({
      kind: 'calendar' as const,
      value: { source: 'x', years: { 2027: { off, work: [] } } },
    })
    const [change] = compareDocuments(calendar(['2027-01-01']), calendar(['2027-01-01', '2027-10-01..2027-10-07']))
    expect(change?.words).toBe('2027 年放假由“1月1日”改为“1月1日、10月1日至10月7日”')
  })

  test('of any two edits never throw and are none only where nothing is asked otherwise', () => {
    const days = fc.integer({ min: 0, max: 60 })
    fc.assert(
      fc.property(
        days,
        fc.string({ minLength: 1, maxLength: 20 }),
        fc.subarray(['id-card', 'photo', 'form']),
        (limit, name, kept) => {
          const changes = changesOf((json) => {
            json.promisedLimit.days = limit
            json.name = name
            json.materials = json.materials.filter(({ id }: { id: string }) => kept.includes(id))
          })
          expect(changes.filter(({ kind }) => kind === 'removed')).toHaveLength(6 - kept.length)
          expect(changes.some(({ pointer }) => pointer === '/promisedLimit')).toBe(limit !== 20)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('weave two texts so that each can be read again', () => {
    const text = fc.string({ unit: fc.constantFrom('满', '80', '周', '岁', ' ', 'a', '。'), maxLength: 30 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const marks = marksOf(before, after)
        const read = (skip: string) =>
          marks
            .filter(({ kind }) => kind !== skip)
            .map((mark) => mark.text)
            .join('')
        expect([read('added'), read('removed')]).toEqual([before, after])
      }),
    )
  })
})
