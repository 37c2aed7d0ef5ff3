import { describe, expect, test } from 'vitest'
import { fieldWords } from '../../preload/contract/standards/field-words.ts'
import { cellOf, shortVillage } from '../../renderer/features/standards/adoption/cells.ts'
import {
  choicesFrom,
  topQuestions,
  withNewQuestion,
  withoutQuestion,
  withQuestion,
  withQuestionMoved,
} from '../../renderer/features/standards/edit/form-edit.ts'
import {
  type JsonObject,
  movedBy,
  pointerOf,
  stepsOf,
  valueAt,
  withValueAt,
} from '../../renderer/features/standards/edit/json-edit.ts'
import { partOfField, partsOf } from '../../renderer/features/standards/edit/parts.ts'
import { literalFrom, literalsOf } from '../../renderer/features/standards/edit/rule-edit.ts'
import { effectiveOf, emptyForm, lacksOf, stepOf, targetsOf } from '../../renderer/features/standards/publish/wish.ts'
import elderlyAllowance from '../../resources/catalogue/elderly-allowance.json' with { type: 'json' }

const form = elderlyAllowance.form as unknown as JsonObject
const names = (of: JsonObject) => topQuestions(of).map(({ name }) => name)

describe('a part of a document', () => {
  test('is put in its place, and what is not on the way stays the very same', () => {
    const before = { materials: [{ id: 'a' }, { id: 'b' }], steps: ['收件'] }
    const after = withValueAt(before, ['materials', 1, 'name'], '户口簿') as typeof before
    expect(after).toEqual({ materials: [{ id: 'a' }, { id: 'b', name: '户口簿' }], steps: ['收件'] })
    expect([after.steps === before.steps, after.materials[0] === before.materials[0]]).toEqual([true, true])
    expect(withValueAt(after, ['materials', 0], undefined)).toEqual({
      materials: [{ id: 'b', name: '户口簿' }],
      steps: ['收件'],
    })
    expect(withValueAt(before, ['steps'], undefined)).toEqual({ materials: before.materials })
    expect(Object.keys(withValueAt({ a: 1, b: 2, c: 3 }, ['b'], 4) as object)).toEqual(['a', 'b', 'c'])
  })

  test('is found by its pointer and back', () => {
    const path = ['form', 'ui', 'a/b~c', 3]
    expect(stepsOf(pointerOf(path))).toEqual(path)
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1)
    expect(movedBy(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(movedBy(['a'], 0, -1)).toEqual(['a'])
  })

  test('has a place in the editor, every one that has words', () => {
    const source = ['format', 'kind', 'years']
    const lost = (['matter', 'theme', 'template', 'calendar'] as const).flatMap((kind) => {
      const drawn = partsOf(kind).flatMap(({ fields }) => fields.map(({ name }) => name))
      const known = Object.keys(fieldWords[kind]).filter((name) => name !== 'form' && !source.includes(name))
      return known.filter((name) => !drawn.includes(name)).map((name) => `${kind}.${name}`)
    })
    expect(lost).toEqual([])
    expect([partOfField('matter', 'form'), partOfField('calendar', 'years'), partOfField('matter', 'strange')]).toEqual(
      ['form', 'days', 'json'],
    )
  })
})

describe('questions of a form', () => {
  test('are read as people see them, those on a condition too', () => {
    const questions = topQuestions(form)
    expect(questions.map(({ name }) => name)).toEqual(elderlyAllowance.form.ui['ui:order'])
    expect(questions.find(({ name }) => name === 'sex')).toMatchObject({
      ...{ title: '性别', kind: 'radio', group: '申请人', isRequired: true, isConditional: false },
      choices: [
        { value: 'male', title: '男' },
        { value: 'female', title: '女' },
      ],
    })
    expect(questions.filter(({ isConditional }) => isConditional).map(({ name }) => name)).toContain('agentName')
  })

  test('change one at a time; what a change is not about stays', () => {
    const titled = withQuestion(form, 'remark', { title: '还有什么要说的', isRequired: true })
    expect(topQuestions(titled).find(({ name }) => name === 'remark')).toMatchObject({
      ...{ title: '还有什么要说的', isRequired: true, kind: 'textarea' },
    })
    expect(withQuestion(form, 'name', {})).toEqual(form)
    const chosen = withQuestion(form, 'bankName', { kind: 'select' })
    expect(topQuestions(chosen).find(({ name }) => name === 'bankName')?.choices).toHaveLength(2)
    expect(withQuestion(chosen, 'bankName', { kind: 'text' })).toMatchObject({
      schema: { properties: { bankName: { title: '开户银行', type: 'string' } } },
    })
  })

  test('come, go and move', () => {
    const made = withNewQuestion(form, '备用电话')
    expect([names(made.form).at(-1), names(withoutQuestion(made.form, made.name))]).toEqual([made.name, names(form)])
    expect(names(withQuestionMoved(form, 'idNumber', -1)).slice(0, 2)).toEqual(['idNumber', 'name'])
    expect(withQuestionMoved(form, 'name', -1)).toBe(form)
  })

  test('keep what is stored for a choice that is only reworded or moved', () => {
    const before = [
      { value: 'yes', title: '是' },
      { value: 'no', title: '否' },
    ]
    expect(choicesFrom(['否', '是'], before).map(({ value }) => value)).toEqual(['no', 'yes'])
    expect(choicesFrom(['有', '否'], before).map(({ value }) => value)).toEqual(['yes', 'no'])
    const three = choicesFrom(['是', '不清楚', '否'], before).map(({ value }) => value)
    expect(new Set(three).size).toBe(3)
  })
})

describe('a rule', () => {
  test('shows what it compares with, and keeps numbers numbers', () => {
    const rule = { and: [{ '>=': [{ var: 'age' }, 80] }, { '==': [{ var: 'answers.agent' }, 'no'] }] }
    expect(literalsOf(rule).map(({ value }) => value)).toEqual([80, 'no'])
    expect(withValueAt(rule, literalsOf(rule)[0]?.path ?? [], literalFrom('79', 80))).toEqual({
      and: [{ '>=': [{ var: 'age' }, 79] }, { '==': [{ var: 'answers.agent' }, 'no'] }],
    })
    expect([literalFrom('79', 80), literalFrom('七十九', 80), literalFrom('5', 'no')]).toEqual([79, '七十九', '5'])
  })
})

describe('the steps of publishing', () => {
  const now = new Date('2026-11-30T04:00:00.000Z')

  test('say what is still lacking, in their order', () => {
    const sound = { isFaulty: false, secondPerson: true }
    expect(lacksOf(emptyForm, now, { isFaulty: true, secondPerson: true })).toEqual([
      'mend',
      'who',
      'note',
      'pin',
      'second',
    ])
    const full = {
      ...{ ...emptyForm, who: 'all' as const, note: '改了', pin: '123456' },
      second: { account: 'lisi', pin: '123456' },
    }
    expect([lacksOf(full, now, sound), stepOf(emptyForm, now), stepOf(full, now)]).toEqual([[], 1, 3])
  })

  test('take a day and a time in Shanghai that lies ahead', () => {
    const at = (date: string, time: string) => effectiveOf({ ...emptyForm, when: 'later', date, time }, now)
    expect([at('2026-12-01', '00:00'), at('2026-11-30', '12:00'), at('', '00:00'), at('2026-11-30', '12:01')]).toEqual([
      '2026-11-30T16:00:00.000Z',
      undefined,
      undefined,
      '2026-11-30T04:01:00.000Z',
    ])
    expect(targetsOf({ ...emptyForm, places: ['440282113', '440282001001', '440282113'] })).toEqual([
      '440282001001',
      '440282113',
    ])
  })
})

test('a village stands as its window that is furthest behind', () => {
  const each = (states: readonly string[]) =>
    states.map((state, at) => ({
      ...{ stationId: `440282113201-${at + 1}`, targeted: true, inForce: 1, atUtc: null, reason: '' },
      state: state as 'applied',
    }))
  expect([
    cellOf(each(['applied', 'waits']), '440282113201'),
    cellOf(each(['applied', 'refused']), '440282113201'),
    cellOf(each(['newer', 'applied']), '440282113201'),
    cellOf(each(['applied']), '440282113202'),
  ]).toEqual(['waits', 'refused', 'applied', 'empty'])
  expect(['珠玑村委会', '八一社区居民委员会', '新城东社区居委会'].map(shortVillage)).toEqual([
    '珠玑村',
    '八一社区',
    '新城东社区',
  ])
})
