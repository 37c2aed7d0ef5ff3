import fc from 'fast-check'
import jsonLogic, { type RulesLogic } from 'json-logic-js'
import { describe, expect, test } from 'vitest'
import { evaluateRule, ruleBounds, ruleOperations } from '../../preload/contract/standards/rule.ts'
import { neededVariablesOf, ruleFaults, variablesOf } from '../../preload/contract/standards/rule-check.ts'
import type { RuleValue } from '../../preload/contract/standards/rule-values.ts'

const data = {
  age: 80,
  today: '2026-11-23',
  answers: { name: '张三', size: 3, empty: '', here: true, rows: [{ income: 100 }, { income: 250 }, { income: 0 }] },
}
const valueGiven = (rule: unknown) => {
  const result = evaluateRule(rule, data)
  return result.ok ? result.value : result.why
}

const plain = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.integer({ min: -100, max: 100 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('12', '3.5', '', '0'),
)
const variable = fc
  .constantFrom('age', 'today', 'answers.name', 'answers.size', 'answers.empty', 'answers.here', 'answers.none')
  .map((name) => ({ var: name }))

/** Rules as people write them: over plain values, where both interpreters mean the same. */
const { rule: commonRule } = fc.letrec<{ rule: unknown }>((tie) => {
  const part = fc.oneof({ depthSize: 'small', withCrossShrink: true }, plain, variable, tie('rule'))
  const two = fc.tuple(part, part)
  return {
    rule: fc.oneof(
      { depthSize: 'small' },
      variable,
      fc.tuple(fc.constantFrom('==', '===', '!=', '!==', '<', '<=', '>', '>=', '-', '/', '%'), two).map(asRule),
      fc.tuple(fc.constantFrom('!', '!!'), fc.tuple(part)).map(asRule),
      fc
        .tuple(
          fc.constantFrom('and', 'or', 'if', '+', 'cat', 'max', 'min'),
          fc.array(part, { minLength: 1, maxLength: 4 }),
        )
        .map(asRule),
      fc.tuple(part, fc.array(plain, { maxLength: 4 })).map(([needle, list]) => ({ in: [needle, list] })),
    ),
  }
})
function asRule([operation, parts]: readonly [string, unknown]): unknown {
  return { [operation]: parts }
}

/** Anything that JSON can hold, with names of operations and of prototypes among its keys. */
const anything = fc.jsonValue({ maxDepth: 5 }).chain((value) =>
  fc.oneof(
    fc.constant(value),
    fc
      .constantFrom(...ruleOperations, 'log', 'method', 'constructor', '__proto__', 'a.b', 'toString')
      .map((name) => JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as unknown),
  ),
)

describe('a rule', () => {
  test('means what JsonLogic means by it', () => {
    fc.assert(
      fc.property(commonRule, (rule) => {
        const ours = evaluateRule(rule, data)
        const theirs = jsonLogic.apply(rule as RulesLogic, data) as unknown
        expect(ours.ok ? ours.truth : ours.why).toBe(jsonLogic.truthy(theirs))
      }),
      { numRuns: 2000 },
    )
  })

  test.each<[unknown, RuleValue]>([
    [{ '>=': [{ var: 'age' }, 80] }, true],
    [{ var: 'answers.rows.1.income' }, 250],
    [{ var: ['answers.none', '没有'] }, '没有'],
    [{ reduce: [{ var: 'answers.rows' }, { '+': [{ var: 'current.income' }, { var: 'accumulator' }] }, 0] }, 350],
    [{ filter: [{ var: 'answers.rows' }, { '>': [{ var: 'income' }, 0] }] }, [{ income: 100 }, { income: 250 }]],
    [{ all: [{ var: 'answers.rows' }, { '>=': [{ var: 'income' }, 0] }] }, true],
    [{ some: [{ var: 'answers.rows' }, { '==': [{ var: 'income' }, 0] }] }, true],
    [{ none: [{ var: 'answers.name' }, true] }, true],
    [{ missing: ['answers.name', 'answers.none', 'answers.empty'] }, ['answers.none', 'answers.empty']],
    [{ missing_some: [1, ['answers.name', 'answers.none']] }, []],
    [{ substr: ['440282113201', 0, 9] }, '440282113'],
    [{ monthsBetween: ['2026-05-23', { var: 'today' }] }, 6],
    [{ monthsBetween: ['2026-05-24', { var: 'today' }] }, 5],
    [{ monthsBetween: ['2026-08-31', '2026-11-30'] }, 3],
    [{ monthsBetween: ['nowhere', '2026-11-30'] }, null],
    [{ '<': [0, { var: 'answers.size' }, 5] }, true],
  ])('%j gives %j', (rule, value) => {
    expect(valueGiven(rule)).toEqual(value)
  })

  test('never throws and always ends, whatever it is and whatever it is asked of', () => {
    fc.assert(
      fc.property(anything, fc.jsonValue({ maxDepth: 4 }), (rule, given) => {
        const result = evaluateRule(rule, given as RuleValue)
        expect(typeof result.ok).toBe('boolean')
        expect(Array.isArray(ruleFaults(rule))).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  test('that has no faults can be judged within the bounds', () => {
    fc.assert(
      fc.property(commonRule, (rule) => {
        if (ruleFaults(rule).length === 0) expect(evaluateRule(rule, data).ok).toBe(true)
      }),
    )
  })

  test.each([
    '__proto__',
    'constructor',
    'constructor.name',
    'answers.__proto__.polluted',
    'answers.name.length',
    'answers.rows.map',
  ])('sees nothing behind %s', (name) => {
    expect(valueGiven({ var: name })).toBe(null)
  })

  test.each<[unknown]>([
    [{ log: 'x' }],
    [{ method: ['a', 'b'] }],
    [{ constructor: [1] }],
    [{ toString: [] }],
    [{ '+.call': [1] }],
  ])('refuses the unknown operation of %j', (rule) => {
    expect(valueGiven(rule)).toBe('unknown-operation')
    expect(ruleFaults(rule)[0]?.why).toBe('unknown-operation')
  })

  test('that goes through lists in lists in lists is stopped, and refused before', () => {
    const list = Array.from({ length: 40 }, (_, at) => at)
    const rule = { map: [list, { map: [list, { map: [list, { '+': [1, 2] }] }] }] }
    expect(evaluateRule(rule, data)).toMatchObject({ ok: false, why: 'too-many-steps' })
    expect(ruleFaults(rule)).toEqual([{ why: 'endless', pointer: '', operation: '' }])
  })

  test('that doubles what it has at every step is stopped, and refused before with its place', () => {
    const list = Array.from({ length: 40 }, (_, at) => at)
    const grow = { merge: [{ var: 'accumulator' }, { var: 'accumulator' }] }
    const rule = { and: [true, { reduce: [list, grow, [1]] }] }
    expect(evaluateRule(rule, data)).toMatchObject({ ok: false, why: 'too-long' })
    expect(ruleFaults(rule)).toEqual([{ why: 'endless', pointer: '/and/1/reduce/1', operation: 'merge' }])
  })

  test('that nests too deep or has too many parts is refused with its place', () => {
    let deep: unknown = true
    for (let at = 0; at < 30; at++) deep = { '!': [deep] }
    expect(valueGiven(deep)).toBe('too-deep')
    expect(ruleFaults(deep).map(({ why }) => why)).toEqual(['too-deep'])
    const wide = { or: Array.from({ length: ruleBounds.parts + 50 }, (_, at) => at) }
    expect(ruleFaults(wide).map(({ why }) => why)).toEqual(['too-many-parts'])
  })

  test('with the wrong number of parts, or with two operations at once, is refused', () => {
    expect(ruleFaults({ and: [{ '>=': [1] }] })).toEqual([{ why: 'parts', pointer: '/and/0', operation: '>=' }])
    expect(ruleFaults({ '==': [1, 1], '!': [true] }).map(({ why }) => why)).toEqual(['shape'])
  })

  test('names what it looks up, but nothing of the items of a list', () => {
    const rule = {
      and: [{ '>=': [{ var: 'age' }, 1] }, { all: [{ var: 'answers.rows' }, { var: 'income' }] }, { var: ['a', 1] }],
    }
    expect(variablesOf(rule)).toEqual(['age', 'answers.rows', 'a'])
    expect(neededVariablesOf(rule)).toEqual(['age', 'answers.rows'])
  })
})
