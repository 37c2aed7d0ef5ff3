import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkForm } from '../../main/standards/form/check-form.ts'
import { boundedAnswers, formBounds, formFaults } from '../../preload/contract/standards/form-limits.ts'
import { patternFault, patternWork } from '../../preload/contract/standards/pattern.ts'
import {
  isSignature,
  longestSignature,
  signatureField,
  signatureOf,
} from '../../preload/contract/standards/signature.ts'
import { anyExpression, type Expression, patternOf, triesOf } from '../helpers/backtracking.ts'
import { workedMs } from '../helpers/work-time.ts'

const form = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: 'object',
  properties,
  ...more,
})

describe('a regular expression', () => {
  test.each([
    '^[0-9]{12}$',
    '^[0-9]{12,25}$',
    '^1[3-9]\\d{9}$',
    '^\\S+@\\S+$',
    '^(?:\\d{2})*$',
    '^(北|南)[\\p{Script=Han}]{1,20}$',
  ])('%s is harmless', (pattern) => {
    expect(patternFault(pattern, 300)).toBe(undefined)
  })

  test.each([
    ['^(a+)+$', 'explodes'],
    ['^(a|a)*b$', 'explodes'],
    ['^(a|ab)*(a|ba)*$', 'explodes'],
    ['.*.*=.*', 'explodes'],
    ['^([a-z]+)*[a-z]+$', 'explodes'],
    ['(?=a)b', 'not-allowed'],
    ['(?<!a)b', 'not-allowed'],
    ['(a)\\1', 'not-allowed'],
    ['a(', 'syntax'],
    ['[z-a]', 'syntax'],
    ['(?:(?:(?:){9999}){9999}){9999}', 'explodes'],
    ['a'.repeat(300), 'too-long'],
  ] as const)('%s is refused: %s', (pattern, why) => {
    expect(patternFault(pattern, 300)).toBe(why)
  })

  test('takes no more steps than were counted, whatever it is matched with', () => {
    let [judged, most] = [0, 0]
    fc.assert(
      fc.property(
        anyExpression,
        fc.boolean(),
        fc
          .array(fc.constantFrom('a', 'b', 'ab', 'aab', '!'), { maxLength: 14 })
          .map((parts) => parts.join('').slice(0, 14)),
        (expression, isAnchored, text) => {
          const pattern = `${isAnchored ? '^' : ''}${patternOf(expression)}$`
          const work = patternWork(pattern, 14)
          if (typeof work !== 'number') return
          const starts =
            isAnchored && !pattern.includes('|') ? [0] : Array.from({ length: text.length + 1 }, (_, at) => at)
          const whole: Expression = { kind: 'row', parts: [expression, { kind: 'one', of: '$' }] }
          // `$` is taken for a character that is nowhere: everything is tried to the end.
          const { tries } = triesOf(whole, text, starts, work)
          judged += 1
          most = Math.max(most, tries)
        },
      ),
      { numRuns: 3000 },
    )
    expect([judged > 500, most > 200]).toEqual([true, true])
  })

  test('that is not refused is matched soon with the worst texts of its length, and is never too large for the engine', () => {
    const worst = [
      '^[ab]{1,400}[ab]{1,400}x$',
      'a{99}b',
      '(?:a{9999}){9}b',
      '^(?:a{1000}){1000}$',
      '^(?:(?:a?){9}){9}$',
      '[^b]{9999}b',
    ]
    expect(patternFault('(?:a{9999}){9}b', 100_001)).toBe('explodes')
    for (const pattern of worst) {
      for (const longest of [100, 2001, 100_001]) {
        if (patternFault(pattern, longest) !== undefined) continue
        const begun = process.cpuUsage()
        expect(new RegExp(pattern, 'u').test('a'.repeat(longest))).toBe(false)
        expect(workedMs(begun)).toBeLessThan(500)
      }
    }
  })

  test('never makes the check throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => void patternFault(text, 100)))
  })
})

describe('a form', () => {
  test.each<[string, unknown, string, string]>([
    [
      'a reference to another server',
      form({ a: { $ref: 'https://example.com/schema.json' } }),
      'reference',
      '/properties/a/$ref',
    ],
    ['a reference within', form({ a: { $ref: '#/$defs/a' } }), 'reference', '/properties/a/$ref'],
    ['another base address', { ...form({}), $id: 'https://example.com' }, 'reference', '/$id'],
    [
      'a keyword that nobody checks',
      form({ a: { type: 'string', contentEncoding: 'base64' } }),
      'keyword',
      '/properties/a/contentEncoding',
    ],
    [
      'a format that nobody checks',
      form({ a: { type: 'string', format: 'idn-email' } }),
      'format',
      '/properties/a/format',
    ],
    [
      'a pattern that explodes',
      form({ a: { type: 'string', pattern: '^(a+)+$' } }),
      'pattern-explodes',
      '/properties/a/pattern',
    ],
    ['a name from the prototype', form({ constructor: { type: 'string' } }), 'name', '/properties/constructor'],
    [
      'a name that would set a prototype',
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
      'name',
      '/properties/__proto__',
    ],
    ['choices without titles', form({ a: { type: 'string', oneOf: [{ const: 1 }] } }), 'shape', '/properties/a/oneOf'],
    ['another dialect', { ...form({}), $schema: 'http://json-schema.org/draft-07/schema#' }, 'shape', '/$schema'],
    ['patterns as names', form({}, { patternProperties: { '^(a+)+$': {} } }), 'keyword', '/patternProperties'],
    ['a schema that is none', form({ a: true }), 'shape', '/properties/a'],
  ])('with %s is refused with its place', (_, schema, why, pointer) => {
    expect(formFaults(schema)[0]).toMatchObject({ why, pointer })
  })

  test('that nests without end or has too many questions is refused', () => {
    let deep: unknown = { type: 'string' }
    for (let at = 0; at < 40; at++) deep = form({ a: deep })
    expect(formFaults(deep).map(({ why }) => why)).toEqual(['too-deep'])
    const many = Object.fromEntries(
      Array.from({ length: formBounds.properties + 1 }, (_, at) => [`q${at}`, { type: 'string' }]),
    )
    expect(formFaults(form(many)).map(({ why }) => why)).toEqual(['too-many-parts'])
  })

  test('is checked without throwing, whatever it is', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (schema) => Array.isArray(formFaults(schema))))
  })

  test('judges an answer that is far too long at once, and calls it too long', () => {
    const schema = form({ mail: { type: 'string', title: '邮箱', pattern: '^\\S+@\\S+$', maxLength: 100 } })
    expect(formFaults(schema)).toEqual([])
    const answers = { mail: 'a'.repeat(2_000_000) }
    const standard = { schema, ui: {}, applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' } }
    const begun = process.cpuUsage()
    const faults = checkForm(standard as never, answers, '2026-11-23')
    expect(workedMs(begun)).toBeLessThan(2000)
    expect(faults).toMatchObject([{ path: '/mail', kind: 'wrong', text: '最多 100 个字' }])
    expect(boundedAnswers(schema, answers)).toEqual({ mail: 'a'.repeat(101) })
    const short = { mail: 'a@b' }
    expect(boundedAnswers(schema, short)).toBe(short)
  })

  test('cuts answers at every keystroke, and at next to no cost where nothing is too long', () => {
    const condition = { if: form({ agent: { const: 'yes' } }), else: form({ name: { type: 'string', minLength: 2 } }) }
    const conditions = Array.from({ length: 40 }, () => condition)
    const schema = form({ agent: { type: 'string' } }, { allOf: conditions })
    const answers = { agent: 'no', name: '张三' }
    const begun = process.cpuUsage()
    for (let keystroke = 0; keystroke < 500; keystroke += 1) expect(boundedAnswers(schema, answers)).toBe(answers)
    expect(workedMs(begun)).toBeLessThan(1000)
  })

  test('tells a credit code that is wrong, and a signature that is none', () => {
    const standard = {
      schema: form({ code: { type: 'string', title: '信用代码' }, sign: { type: 'string', title: '签名' } }),
      ui: { code: { 'ui:widget': 'uscc' }, sign: { 'ui:widget': 'signature' } },
      applicant: { name: 'name', idNumber: 'idNumber', phone: 'phone' },
    }
    const told = (answers: Record<string, string>) =>
      checkForm(standard as never, answers, '2026-11-23').map(({ path }) => path)
    expect(told({ code: '91350100M000100Y43', sign: 'M10 20l3 -2' })).toEqual([])
    expect(told({ code: '91350100M000100Y44', sign: 'M10 20"/><script>' })).toEqual(['/code', '/sign'])
  })
})

describe('a signature', () => {
  const stroke = fc.array(
    fc.record({ x: fc.double({ min: -50, max: 500, noNaN: true }), y: fc.double({ min: -50, max: 200, noNaN: true }) }),
    { minLength: 1, maxLength: 80 },
  )

  test('of any strokes can be read again, within the field and the length that is kept', () => {
    fc.assert(
      fc.property(fc.array(stroke, { minLength: 1, maxLength: 12 }), (strokes) => {
        const text = signatureOf(strokes)
        expect(isSignature(text)).toBe(true)
        expect(text.length).toBeLessThanOrEqual(longestSignature)
        for (const begun of text.matchAll(/M(\d+) (\d+)/g)) {
          expect(Number(begun[1])).toBeLessThanOrEqual(signatureField.width)
          expect(Number(begun[2])).toBeLessThanOrEqual(signatureField.height)
        }
      }),
    )
  })

  test('may say that the paper was signed, and nothing else', () => {
    expect([isSignature('paper'), isSignature(''), isSignature('yes'), isSignature('M1 1')]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})
