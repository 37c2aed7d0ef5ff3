import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDocuments } from '../../main/standards/index.ts'
import { readCondition, writeCondition } from '../../preload/contract/standards/form-conditions.ts'
import { type JsonObject, objectOf, valueAt } from '../../renderer/features/standards/edit/json-edit.ts'
import { askableBefore, withCondition } from '../../renderer/features/standards/edit/questions/condition-edit.ts'
import {
  rowsOf,
  withCopyOf,
  withNewChoice,
  withNewQuestion,
  withoutQuestion,
  withQuestion,
  withQuestionMoved,
  withRows,
} from '../../renderer/features/standards/edit/questions/form-edit.ts'
import {
  askedOn,
  type EditedQuestion,
  questionsIn,
} from '../../renderer/features/standards/edit/questions/form-reading.ts'
import { questionKinds } from '../../renderer/features/standards/edit/questions/kinds.ts'
import { fitsPattern, patternChoices } from '../../renderer/features/standards/edit/questions/patterns.ts'
import { nameFault, withRenamed, withRenamedQuestion } from '../../renderer/features/standards/edit/questions/rename.ts'
import { anyForm } from '../helpers/any-standard.ts'
import { sampleJson, sampleTexts } from '../helpers/standards.ts'

const forms: readonly (readonly [name: string, form: JsonObject])[] = sampleTexts().flatMap(({ name, text }) => {
  const { form } = JSON.parse(text) as { form?: JsonObject }
  return form === undefined ? [] : [[name, form] as const]
})
const formOf = (name: string): JsonObject => sampleJson(name).form
const names = (form: JsonObject) => questionsIn(form).map(({ name }) => name)
const questionOf = (form: JsonObject, name: string): EditedQuestion => {
  const found = questionsIn(form).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no question ${name}`)
  return found
}

/** The question as the editor would write it back when every field says what it says already. */
const asItIs = (question: EditedQuestion) => {
  const { title, isRequired, group, help, placeholder, isWide, choices, kind, property } = question
  return {
    ...{ title, isRequired, group, help, placeholder, isWide, choices, keywords: property },
    ...(kind === 'other' ? {} : { kind }),
  }
}

/** A form in which everything was opened and left as it is. */
function leftAsItIs(form: JsonObject): JsonObject {
  return questionsIn(form).reduce((made, question) => {
    const asked = askedOn(made, question)
    const written = withQuestion(made, question.name, asItIs(question))
    const rows = question.kind === 'table' ? withRows(written, question.name, leftAsItIs(rowsOf(question))) : written
    return asked.on === 'source'
      ? rows
      : withCondition(rows, [question.name], asked.on === 'always' ? undefined : asked.condition)
  }, form)
}

describe('a form that is opened and left as it is', () => {
  test('is the very same, every sample', () => {
    expect(forms).toHaveLength(17)
    for (const [, form] of forms) expect(leftAsItIs(form)).toBe(form)
  })

  test('is the very same, whatever was written into it', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        expect(leftAsItIs(form as JsonObject)).toBe(form)
      }),
      { numRuns: 400 },
    )
  })

  test('leaves to the source what it could not show, and is not broken by it', () => {
    const strange = { toString: 1, valueOf: 1 }
    const form = {
      schema: { properties: { a: { title: strange, enum: [strange] }, b: { type: 'string', maxLength: strange } } },
      ui: { 'ui:order': [strange], a: { 'ui:options': { group: strange } } },
    }
    expect(questionsIn(form).map(({ kind, title, group }) => [kind, title, group])).toEqual([
      ['other', '', ''],
      ['text', '', ''],
    ])
    expect(leftAsItIs(form)).toBe(form)
  })

  test('shows every conditional part of the samples, none of them is left to the source', () => {
    const asked = forms.flatMap(([, form]) => questionsIn(form).map((question) => askedOn(form, question).on))
    expect([asked.includes('source'), asked.filter((on) => on === 'answers').length > 50]).toEqual([false, true])
    const kinds = forms.flatMap(([, form]) => questionsIn(form).map(({ kind }) => kind))
    expect(kinds).not.toContain('other')
  })
})

describe('a change of one question', () => {
  test('leaves every other question as it is written, whatever the form is', () => {
    const change = {
      title: '改过的题目',
      isRequired: true,
      group: '改过的组',
      help: '',
      placeholder: '例',
      isWide: true,
    }
    fc.assert(
      fc.property(anyForm, fc.nat(), (form, at) => {
        const questions = questionsIn(form as JsonObject)
        const chosen = questions[at % Math.max(1, questions.length)]
        if (chosen === undefined || chosen.isInSource) return
        const after = withQuestion(form as JsonObject, chosen.name, change)
        const rest = (of: JsonObject) =>
          questionsIn(of)
            .filter(({ name }) => name !== chosen.name)
            .map(({ property, look, home, isRequired }) => ({ property, look, home, isRequired }))
        expect(rest(after)).toEqual(rest(form as JsonObject))
        expect(questionOf(after, chosen.name)).toMatchObject(change)
      }),
      { numRuns: 300 },
    )
  })

  test('makes of any kind one that the check takes', () => {
    for (const kind of questionKinds) {
      const json = sampleJson('elderly-allowance')
      const made = withNewQuestion(json.form, { stem: 'question', title: '新的一题' })
      const asked = withQuestion(made.level, made.name, { kind })
      const rows = withNewQuestion(rowsOf(questionOf(asked, made.name)), { stem: 'column', title: '列' }).level
      json.form = kind === 'table' ? withRows(asked, made.name, rows) : asked
      const { findings } = checkDocuments([{ name: 'a', text: JSON.stringify(json) }], false)
      expect([
        kind,
        questionOf(json.form, made.name).kind,
        findings.filter(({ pointer }) => pointer.startsWith('/form')),
      ]).toEqual([kind, kind, []])
    }
  })

  test('keeps the choices between kinds that have them, and what is kept for each', () => {
    const form = formOf('veteran-card')
    const before = questionOf(form, 'applicantKind').choices
    const several = withQuestion(form, 'applicantKind', { kind: 'several' })
    expect(questionOf(several, 'applicantKind').choices).toEqual(before)
    const back = withQuestion(several, 'applicantKind', { kind: 'select' })
    expect(questionOf(back, 'applicantKind').choices).toEqual(before)
    const noted = { title: '甲', type: 'string', oneOf: [{ const: 'a', title: '甲', description: '注' }] }
    const reworded = withQuestion({ schema: { properties: { q: noted } }, ui: {} }, 'q', {
      choices: [{ value: 'a', title: '甲类' }],
    })
    expect(questionOf(reworded, 'q').property.oneOf).toEqual([{ const: 'a', title: '甲类', description: '注' }])
    const fresh = withNewChoice(before)
    expect([fresh.slice(0, -1), new Set(fresh.map(({ value }) => value)).size]).toEqual([before, fresh.length])
  })
})

describe('questions', () => {
  test('come, go, are copied and move, in their branch too', () => {
    const form = formOf('elderly-allowance')
    const made = withNewQuestion(form, { stem: 'question', after: 'agentName', title: '与本人同住' })
    expect(names(made.level)).toEqual(names(form).toSpliced(names(form).indexOf('agentName') + 1, 0, made.name))
    expect(askedOn(made.level, questionOf(made.level, made.name))).toEqual(askedOn(form, questionOf(form, 'agentName')))
    expect(withoutQuestion(made.level, made.name)).toEqual(form)
    const copied = withCopyOf(form, 'agentPhone')
    expect(questionOf(copied.level, copied.name)).toMatchObject({
      title: '代办人联系电话（2）',
      kind: 'phone',
      isRequired: true,
    })
    expect(names(withQuestionMoved(form, 'idNumber', -1)).slice(0, 2)).toEqual(['idNumber', 'name'])
    expect(withQuestionMoved(form, 'name', -1)).toBe(form)
  })

  test('stand in the order in which they were shown once one of them comes, also where no order was written', () => {
    const form = { schema: { type: 'object', properties: { b: { type: 'string' }, a: { type: 'string' } } }, ui: {} }
    const made = withNewQuestion(form, { stem: 'question' })
    expect(objectOf(made.level.ui)['ui:order']).toEqual(['b', 'a', made.name])
    const starred = withNewQuestion({ ...form, ui: { 'ui:order': ['a', '*'] } }, { stem: 'question' })
    expect(objectOf(starred.level.ui)['ui:order']).toEqual(['a', 'b', starred.name])
  })

  test('of a table are its columns', () => {
    const form = formOf('minimum-living')
    const table = questionOf(form, 'household')
    expect([table.kind, names(rowsOf(table))]).toEqual([
      'table',
      ['name', 'relation', 'idNumber', 'occupation', 'monthlyIncome'],
    ])
    const made = withNewQuestion(rowsOf(table), { stem: 'column', title: '备注' })
    const after = withRows(form, 'household', withQuestionMoved(made.level, made.name, -1))
    expect(names(rowsOf(questionOf(after, 'household')))).toEqual([
      ...['name', 'relation', 'idNumber', 'occupation', made.name, 'monthlyIncome'],
    ])
    expect(valueAt(after, ['ui', 'household', 'items', 'idNumber'])).toEqual({ 'ui:widget': 'idNumber' })
  })

  test('take another name everywhere: order, conditions, applicant, rules', () => {
    const json = sampleJson('elderly-allowance')
    const after = withRenamedQuestion(json, 'agent', 'helper')
    const text = JSON.stringify(after)
    expect([text.includes('"agent"'), names(objectOf(after.form)).includes('helper')]).toEqual([false, true])
    const renamed = withRenamedQuestion(json, 'householdHere', 'localHousehold')
    expect(JSON.stringify(renamed.conditions)).toContain('answers.localHousehold')
    expect(withRenamed(json.form, 'name', 'fullName').applicant).toMatchObject({ name: 'fullName' })
    expect([
      nameFault(json.form, 'agent', '1a'),
      nameFault(json.form, 'agent', 'name'),
      nameFault(json.form, 'agent', 'b'),
    ]).toEqual(['shape', 'taken', undefined])
    const { findings } = checkDocuments([{ name: 'a', text }], false)
    expect(findings.filter(({ severity }) => severity === 'must')).toEqual([])
  })
})

describe('a condition', () => {
  const isYes = [{ name: 'householdHere', asks: 'is', values: ['yes'] }] as const

  test('puts a question under `if` and `then` in `allOf`, and out of it again', () => {
    const form = formOf('elderly-allowance')
    const under = withCondition(form, ['address'], isYes)
    expect(objectOf(under.schema).allOf).toEqual([
      {
        if: { properties: { householdHere: { const: 'yes' } }, required: ['householdHere'] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { properties: { address: questionOf(form, 'address').property }, required: ['address'] },
      },
    ])
    expect(names(under)).toEqual(names(form))
    const out = withCondition(under, ['address'], undefined)
    expect([objectOf(out.schema).allOf, questionOf(out, 'address').isRequired]).toEqual([undefined, true])
    expect(
      checkDocuments([{ name: 'a', text: JSON.stringify({ ...sampleJson('elderly-allowance'), form: under }) }], false)
        .findings,
    ).toEqual([])
  })

  test('is joined by questions that are asked on the same', () => {
    const form = formOf('elderly-allowance')
    const agent = askedOn(form, questionOf(form, 'agentName'))
    const joined = withCondition(form, ['remark'], agent.on === 'answers' ? agent.condition : undefined)
    expect(questionOf(joined, 'remark').home).toEqual(questionOf(form, 'agentName').home)
    const both = withCondition(withCondition(form, ['address'], isYes), ['division'], isYes)
    expect([questionOf(both, 'address').home, questionOf(both, 'division').home]).toEqual([
      ['allOf', 0, 'then'],
      ['allOf', 0, 'then'],
    ])
  })

  test('changes in place for all of its questions, and apart for one of them', () => {
    const form = formOf('elderly-allowance')
    const all = ['agentName', 'agentIdNumber', 'agentRelation', 'agentPhone']
    const together = withCondition(form, all, isYes)
    expect(objectOf(together.schema).then).toBe(objectOf(form.schema).then)
    expect(objectOf(together.schema).if).toEqual(writeCondition(isYes))
    const apart = withCondition(form, ['agentPhone'], isYes)
    expect(all.map((name) => questionOf(apart, name).home.join(' '))).toEqual(['then', 'then', 'then', 'allOf 0 then'])
    expect(withCondition(apart, ['agentPhone'], undefined)).toMatchObject({ schema: { if: objectOf(form.schema).if } })
  })

  test('of another shape is left to the source, and everything in it', () => {
    const form = formOf('elderly-allowance')
    const strange = { ...objectOf(form.schema), if: { properties: { agent: { pattern: '^y' } }, required: ['agent'] } }
    const level = { ...form, schema: strange }
    expect(askedOn(level, questionOf(level, 'agentName'))).toEqual({ on: 'source', written: strange.if })
    expect(withCondition(level, ['agentName'], undefined)).toBe(level)
    expect(leftAsItIs(level)).toBe(level)
  })

  test('looks only at answers that come before and are always asked', () => {
    const form = formOf('elderly-allowance')
    const offered = askableBefore(form, 'agentPhone').map(({ name }) => name)
    expect([offered.includes('agent'), offered.includes('agentName'), offered.includes('remark')]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('is read as it is written, and written as it is read', () => {
    const tests = fc.array(
      fc.oneof(
        fc.record({
          asks: fc.constant('is'),
          values: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1 }),
        }),
        fc.record({ asks: fc.constant('between'), least: fc.integer(), most: fc.integer() }),
        fc.record({ asks: fc.constant('answered'), isText: fc.boolean() }),
      ),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(tests, (asked) => {
        const condition = asked.map((one, at) => ({ ...one, name: `q${at}` })) as never
        expect(readCondition(writeCondition(condition))).toEqual(condition)
      }),
    )
    const strange = [
      { required: ['a', 'a'] },
      { required: ['a', 1] },
      { properties: { b: { const: 1 } }, required: ['a'] },
    ]
    expect(strange.map(readCondition)).toEqual([undefined, undefined, undefined])
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        expect(() => readCondition(any)).not.toThrow()
      }),
    )
  })
})

describe('a way of writing', () => {
  test('is tried with an example; what may not be used is not tried', () => {
    expect([
      fitsPattern('^[0-9]{6}$', '512400', 6),
      fitsPattern('^[0-9]{6}$', '51240', 6),
      fitsPattern('(a+)+$', 'aaaa', 2000),
      fitsPattern('[', '', Number.NaN),
    ]).toEqual(['fits', 'not', 'refused', 'refused'])
    for (const { pattern } of patternChoices) expect(fitsPattern(pattern, 'x', 100)).not.toBe('refused')
  })
})
