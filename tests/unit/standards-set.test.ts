import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkDocuments, isMust } from '../../main/standards/index.ts'
import { calendarSchema } from '../../preload/contract/calendar.ts'
import { matterStandardSchema } from '../../preload/contract/standard.ts'
import { paperWords } from '../../preload/contract/standards/code-words.ts'
import { fieldWords } from '../../preload/contract/standards/field-words.ts'
import type { Finding } from '../../preload/contract/standards/findings.ts'
import { formKeywords } from '../../preload/contract/standards/form-limits.ts'
import { ruleOperations } from '../../preload/contract/standards/rule.ts'
import { templateNames, templateSchema } from '../../preload/contract/standards/template.ts'
import { themeSchema } from '../../preload/contract/standards/theme.ts'
import { formWidgets, uiOptions } from '../../preload/contract/standards/widgets.ts'
import { editedSample, sampleJson, sampleTexts } from '../helpers/standards.ts'

const told = (findings: readonly Finding[]) =>
  findings.map(({ severity, place, problem }) => `${severity} ${place}：${problem}`)

describe('a theme', () => {
  const theme = (themeId: string, members: unknown[], sharedMaterials: string[] = []) => ({
    name: `${themeId}.json`,
    text: JSON.stringify({ ...sampleJson('theme-disability'), themeId, members, sharedMaterials }),
  })

  test('that comes back to itself is told with its place', () => {
    const circle = [
      theme('A', [{ kind: 'theme', id: 'B' }]),
      theme('B', [
        { kind: 'matter', id: 'SAMPLE-CJZ' },
        { kind: 'theme', id: 'A' },
      ]),
    ]
    const { findings } = checkDocuments([...sampleTexts(), ...circle], true)
    expect(findings.map(({ document, pointer, problem }) => [document, pointer, problem])).toEqual([
      ['A.json', '/members/0', '一件事绕成了圈：又回到了“A”'],
      ['B.json', '/members/1', '一件事绕成了圈：又回到了“B”'],
    ])
  })

  test('of more than sixty matters in all is told: nobody could take it in', () => {
    const ids = Array.from({ length: 61 }, (_, at) => `M${at}`)
    const matters = ids.map((itemId) => ({
      name: `${itemId}.json`,
      text: JSON.stringify({ ...sampleJson('disability-card'), itemId, name: itemId, aliases: [] }),
    }))
    const part = (at: number) => ids.slice(at * 12, at * 12 + 12).map((id) => ({ kind: 'matter', id }))
    const parts = Array.from({ length: 6 }, (_, at) => theme(`P${at}`, part(at)))
    const whole = theme(
      'A',
      parts.map((_, at) => ({ kind: 'theme', id: `P${at}` })),
    )
    const { findings } = checkDocuments([...matters, ...parts, whole], true)
    expect(findings.filter(({ document }) => document === 'A.json').map(({ problem }) => problem)).toEqual([
      '一共有 61 个事项，最多 60 个',
    ])
  })

  test('with a strange member, a second mention, a lost question or a strange key is told', () => {
    const odd = theme(
      'A',
      [
        { kind: 'matter', id: 'SAMPLE-CJZ' },
        { kind: 'matter', id: 'SAMPLE-CJZ' },
        { kind: 'matter', id: 'SAMPLE-CJBT', answers: { gone: 'there' } },
      ],
      ['disability-card', 'passport', 'household-register'],
    )
    const { findings } = checkDocuments([...sampleTexts(), odd], true)
    expect(told(findings)).toEqual([
      'must 联办事项 第 2 项（SAMPLE-CJZ）：事项“SAMPLE-CJZ”出现了两次',
      'must 联办事项 第 3 项（SAMPLE-CJBT）：事项“SAMPLE-CJBT”没有“gone”这一题',
      'must 共用材料的复用标识 第 2 项（passport）：没有哪项材料的复用标识是“passport”',
      'should 共用材料的复用标识 第 3 项（household-register）：“household-register”只有一个事项要，用不着共用',
    ])
    const lost = theme('B', [{ kind: 'matter', id: 'GONE' }])
    expect(told(checkDocuments([...sampleTexts(), lost], true).findings)).toEqual([
      'must 联办事项 第 1 项（GONE）：没有“GONE”这个事项',
    ])
  })

  test('whose matters ask another thing under the same name is told', () => {
    const texts = sampleTexts().filter(({ name }) => name !== 'disability-subsidies.json')
    const other = editedSample('disability-subsidies', (json) => {
      json.form.schema.properties.disabilityNumber.maxLength = 30
    })
    expect(told(checkDocuments([...texts, other], true).findings)).toEqual([
      'must 联办事项 第 2 项（SAMPLE-CJBT）：“SAMPLE-CJZ”和“SAMPLE-CJBT”的题目“disabilityNumber”名字相同、要求不同，合不到一起',
    ])
  })
})

test('a template that names what nothing fills in, and a calendar with impossible days, are told', () => {
  const template = {
    ...{ format: 1, kind: 'template', templateId: 't', name: '补正', version: 1, effectiveFrom: '2026-01-01' },
    ...{ paper: 'correction', title: '补正告知书', paragraphs: ['{{applicantName}}：还缺 {{moon}}。', '{{ 没写完'] },
  }
  const calendar = {
    source: '国务院通知',
    years: {
      2026: {
        off: ['2026-02-30', '2026-10-07..2026-10-01', '2027-01-01', '2026-05-01'],
        work: ['2026-05-01', '2026-11-23'],
      },
    },
  }
  const texts = [template, calendar].map((value, at) => ({ name: String(at), text: JSON.stringify(value) }))
  expect(told(checkDocuments(texts, true).findings)).toEqual([
    'must 段落 第 1 项（{{applicantName}}：还缺 {{…）：没有“moon”可填',
    'must 段落 第 2 项（{{ 没写完）：{{ 和 }} 不成对',
    'must 年份·2026 年·放假 第 1 项（2026-02-30）：“2026-02-30”里有不存在的日期',
    'must 年份·2026 年·放假 第 2 项（2026-10-07..2026-10-01）：“2026-10-07..2026-10-01”的起止颠倒了',
    'must 年份·2026 年·放假 第 3 项（2027-01-01）：“2027-01-01”不在 2026 年',
    'must 年份·2026 年·上班 第 1 项（2026-05-01）：“2026-05-01”既放假又上班',
    'should 年份·2026 年·上班 第 2 项（2026-11-23）：“2026-11-23”本来就是工作日',
  ])
  expect(checkDocuments(texts, true).findings.filter(isMust)).toHaveLength(6)
})

test('every field of every kind of document has words', () => {
  const schemas = {
    matter: matterStandardSchema,
    theme: themeSchema,
    template: templateSchema,
    calendar: calendarSchema,
  }
  type Node = { properties?: Record<string, Node>; items?: Node; anyOf?: Node[] }
  const open = new Set(['form.schema', 'form.ui', 'members.answers', 'years', 'conditions.rule'])
  const fieldsOf = (node: Node, at: string): string[] => {
    if (open.has(at)) return []
    const branches = [...(node.anyOf ?? []), ...(node.items === undefined ? [] : [node.items])]
    const below = branches.flatMap((inner) => fieldsOf(inner, at))
    const own = Object.entries(node.properties ?? {}).flatMap(([name, inner]) => {
      const path = at === '' ? name : `${at}.${name}`
      return [path, ...fieldsOf(inner, path)]
    })
    return [...new Set([...own, ...below])]
  }
  type Words = (typeof fieldWords)['matter']
  const worded = (words: Words, at: string): string[] =>
    Object.entries(words).flatMap(([name, word]) => {
      const path = at === '' ? name : `${at}.${name}`
      return [path, ...(typeof word === 'string' || open.has(path) ? [] : worded(word[1], path))]
    })
  for (const [kind, schema] of Object.entries(schemas)) {
    const fields = fieldsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node, '')
    expect([kind, worded(fieldWords[kind as keyof typeof schemas], '').toSorted()]).toEqual([kind, fields.toSorted()])
  }
})

test('docs/standards.md tells every field, operation, keyword, widget and name of a template', () => {
  const text = readFileSync(new URL('../../docs/standards.md', import.meta.url), 'utf8')
  const told = new Set([...text.matchAll(/`([^`\n]+)`/g)].flatMap((found) => (found[1] ?? '').split(' ')))
  const below = Object.values(fieldWords.matter).flatMap((word) =>
    typeof word === 'string' ? [] : Object.keys(word[1]),
  )
  const names = [
    ...Object.keys(fieldWords.matter),
    ...below,
    ...ruleOperations,
    ...formKeywords,
    ...Object.keys(formWidgets),
  ]
  const wanted = [...names, ...Object.keys(paperWords), ...Object.keys(templateNames), ...uiOptions]
  const inForm = new Set(['schema', 'ui', 'applicant', 'idNumber', 'days', 'unit'])
  expect(wanted.filter((name) => !told.has(name) && !inForm.has(name))).toEqual([])
})
