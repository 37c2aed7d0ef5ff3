import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeRule } from '../../preload/contract/standards/rule-judge.ts'
import { ruleInWords } from '../../preload/contract/standards/rule-words.ts'
import type { JsonValue } from '../../renderer/features/standards/edit/json-edit.ts'
import { propertiesByName, questionsIn } from '../../renderer/features/standards/edit/questions/form-reading.ts'
import { type RuleNode, readRule, writeRule } from '../../renderer/features/standards/edit/rules/rule-tree.ts'
import {
  aboutOf,
  nodeOf,
  type SimpleNode,
  wayOf,
  waysOf,
} from '../../renderer/features/standards/edit/rules/rule-ways.ts'
import { sampleJson, sampleTexts } from '../helpers/standards.ts'

const sampleRules: JsonValue[] = sampleTexts().flatMap(({ text }) => {
  const { conditions = [] } = JSON.parse(text) as { conditions?: { rule?: JsonValue }[] }
  return conditions.flatMap(({ rule }) => (rule === undefined ? [] : [rule]))
})

const hasSource = (node: RuleNode): boolean => JSON.stringify(node).includes('"source"')

/** Rules such as people write, and such as nobody would. */
const anyRule: fc.Arbitrary<JsonValue> = fc.letrec<{ rule: JsonValue; operand: JsonValue }>((tie) => ({
  operand: fc.oneof(
    fc.constantFrom<JsonValue>(
      { var: 'age' },
      { var: 'today' },
      { var: 'answers.a' },
      { var: ['answers.a', 1] },
      { var: 'answers.a.b' },
    ),
    fc.constantFrom<JsonValue>(
      60,
      'yes',
      true,
      null,
      ['a'],
      [{ toString: 1 }],
      { toString: 1 },
      { '+': [{ var: 'answers.a' }, 1] },
    ),
    fc.constant<JsonValue>({ monthsBetween: [{ var: 'answers.a' }, { var: 'today' }] }),
  ),
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(
        fc.constantFrom('==', '!=', '>=', '<', '<=', '===', 'in', '!!', '!', '+'),
        fc.array(tie('operand'), { maxLength: 3 }),
      )
      .map(([operation, parts]) => ({ [operation]: parts }) as JsonValue),
    fc
      .tuple(fc.constantFrom('and', 'or', 'if', '!', '!!'), fc.array(tie('rule'), { maxLength: 5 }))
      .map(([operation, parts]) => ({ [operation]: parts }) as JsonValue),
    fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
  ),
})).rule

describe('a rule in the editor', () => {
  test('is shown whole for every sample, and written again as it was', () => {
    expect(sampleRules.length).toBeGreaterThan(25)
    for (const rule of sampleRules) {
      expect(hasSource(readRule(rule))).toBe(false)
      expect(writeRule(readRule(rule))).toEqual(rule)
    }
  })

  test('is written again as it was, whatever it is', () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        expect(writeRule(readRule(rule))).toEqual(rule)
        expect(typeof ruleInWords(rule, {})).toBe('string')
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves to the source only the part that it cannot show', () => {
    const strange = { some: [{ var: 'answers.household' }, { '>': [{ var: 'monthlyIncome' }, 0] }] }
    expect(readRule({ and: [{ '>=': [{ var: 'age' }, 60] }, strange] })).toEqual({
      kind: 'group',
      join: 'and',
      parts: [
        { kind: 'compare', sign: '>=', left: { is: 'age' }, right: { is: 'value', value: 60 } },
        { kind: 'source', written: strange },
      ],
    })
  })

  test('is built in every way that is offered for what it is about', () => {
    const questions = questionsIn(sampleJson('disability-card').form)
    const abouts = [{ is: 'age' } as const, ...questions.map(({ name }) => ({ is: 'answer', name }) as const)]
    for (const about of abouts) {
      for (const way of waysOf('number')) {
        const node = nodeOf(about, way, questions)
        expect(readRule(writeRule(node))).toEqual(node)
        expect([aboutOf(node), wayOf(node)]).toEqual([about, way])
      }
    }
  })

  test('keeps the value between ways that have one', () => {
    const questions = questionsIn(sampleJson('senior-card').form)
    const tie = { is: 'answer', name: 'tie' } as const
    const one = readRule({ '==': [{ var: 'answers.tie' }, 'permit'] }) as SimpleNode
    const several = nodeOf(tie, 'among', questions, one)
    expect([writeRule(one), writeRule(several), writeRule(nodeOf(tie, 'ne', questions, several))]).toEqual([
      { '==': [{ var: 'answers.tie' }, 'permit'] },
      { in: [{ var: 'answers.tie' }, ['permit']] },
      { '!=': [{ var: 'answers.tie' }, 'permit'] },
    ])
  })
})

describe('the words of a rule', () => {
  const wordsOf = (name: string, rule: JsonValue) =>
    ruleInWords(rule, propertiesByName(questionsIn(sampleJson(name).form)))

  test('tell every sample without a sign of its source', () => {
    const told = sampleTexts().flatMap(({ text }) => {
      const { conditions = [], form } = JSON.parse(text)
      const questions = form === undefined ? {} : propertiesByName(questionsIn(form))
      return conditions.flatMap(({ rule }: { rule?: JsonValue }) =>
        rule === undefined ? [] : [ruleInWords(rule, questions)],
      )
    })
    expect(told.filter((words: string) => /[{}[\]]/u.test(words))).toEqual([])
    expect(told).toContain('从“居住登记的日期”到办理当天满 6 个月')
  })

  test('tell groups in brackets, cases one after the other, what is not, what is computed', () => {
    const [old, here] = [{ '>=': [{ var: 'age' }, 60] }, { '==': [{ var: 'answers.householdHere' }, 'yes'] }]
    expect([
      wordsOf('elderly-allowance', { and: [old, { or: [here, { '!': [here] }] }] }),
      wordsOf('elderly-allowance', { if: [here, old, false] }),
      wordsOf('elderly-allowance', { '<=': [16, { var: 'age' }, 60] }),
      wordsOf('minimum-living', {
        '<': [{ '/': [{ var: 'answers.monthlyIncome' }, { var: 'answers.householdSize' }] }, 900],
      }),
    ]).toEqual([
      '年龄满 60 周岁，并且（户籍是否在本市是“是”，或者不是（户籍是否在本市是“是”））',
      '如果户籍是否在本市是“是”，要年龄满 60 周岁；都不是的，要都算不符合',
      '年龄在 16 到 60 之间',
      '家庭月收入合计（元）除以共同生活的家庭成员人数小于900',
    ])
  })
})

test('a rule that is tried says met, not met, or not known', () => {
  const rule = {
    or: [
      { '>=': [{ monthsBetween: [{ var: 'answers.on' }, { var: 'today' }] }, 12] },
      { '==': [{ var: 'answers.proof' }, 'yes'] },
    ],
  }
  const judged = (answers: Record<string, string>) => judgeRule(rule, { answers, age: null, today: '2026-11-30' })
  expect([
    judged({ on: '2025-01-01', proof: 'no' }),
    judged({ on: '2026-01-01', proof: 'no' }),
    judged({ on: '2025-01-01' }),
  ]).toEqual(['met', 'unmet', 'unknown'])
})
