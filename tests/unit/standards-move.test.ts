import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkForm } from '../../main/standards/form/check-form.ts'
import { questionsOf } from '../../main/standards/form/questions.ts'
import { answersOfMember, mergeTheme } from '../../main/standards/merge-theme.ts'
import { moveAnswers, moveMaterials } from '../../main/standards/move-draft.ts'
import type { Answers } from '../../preload/contract/entries.ts'
import { matterStandardSchema, type StandardForm } from '../../preload/contract/standard.ts'
import { formFaults } from '../../preload/contract/standards/form-limits.ts'
import { themeSchema } from '../../preload/contract/standards/theme.ts'
import { sampleJson, sampleStandard } from '../helpers/standards.ts'

const today = '2026-11-23'
// biome-ignore lint/suspicious/noExplicitAny: a test changes any part
const edited = (name: string, edit: (json: any) => void) => {
  const json = sampleJson(name)
  edit(json)
  return matterStandardSchema.parse(json)
}

/** Questions of small forms: a few names, each with a few kinds that differ in what they take. */
const question = fc.constantFrom<Record<string, unknown>>(
  { title: '甲', type: 'string' },
  { title: '甲', type: 'string', maxLength: 2 },
  { title: '乙', type: 'integer', maximum: 5 },
  { title: '丙', type: 'string', oneOf: [{ const: 'x', title: '一' }] },
  { title: '丙', type: 'string', oneOf: [{ const: 'y', title: '二' }] },
  {
    title: '丁',
    type: 'array',
    maxItems: 3,
    items: { type: 'object', properties: { a: { type: 'string', title: '子' } } },
  },
)
const smallForm = fc.dictionary(fc.constantFrom('p', 'q', 'r', 's'), question, { maxKeys: 4 }).map(
  (properties) =>
    ({
      schema: { type: 'object', properties, required: Object.keys(properties).slice(0, 2) },
      ui: {},
      applicant: { name: 'p', idNumber: 'q', phone: 'r' },
    }) as StandardForm,
)
const answer = fc.constantFrom<Answers[string]>(
  'x',
  'y',
  'long text',
  3,
  9,
  true,
  '',
  [{ a: 'b' }],
  [{ a: 1, z: 'c' }],
  null,
  { deep: 1 },
)
const someAnswers = fc.dictionary(fc.constantFrom('p', 'q', 'r', 's', 't'), answer, { maxKeys: 5 })

/** Everything that was answered, each with its place: `/p/0/a = "b"`. Blanks say nothing. */
function leavesOf(value: Answers[string] | Answers, path: string): string[] {
  if (value === '' || value === null) return []
  if (typeof value !== 'object') return [`${path} = ${JSON.stringify(value)}`]
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner as Answers[string], `${path}/${name}`))
}

/** Paths of answers that the form takes without a complaint. */
const fitting = (form: StandardForm, answers: Answers) => {
  const questions = questionsOf(form)
  const wrong = new Set(
    checkForm(form, answers, today)
      .filter(({ kind }) => kind === 'wrong')
      .map(({ path }) => path.split('/')[1]),
  )
  return Object.keys(answers).filter((name) => questions.some(({ path }) => path === `/${name}`) && !wrong.has(name))
}

describe('moving answers', () => {
  test('to the same form changes nothing', () => {
    fc.assert(
      fc.property(smallForm, someAnswers, (form, answers) => {
        const kept = Object.fromEntries(fitting(form, answers).map((name) => [name, answers[name]]))
        const moved = moveAnswers(form, form, kept as Answers, today)
        expect(moved.answers).toEqual(kept)
        expect(moved.moves.every(({ fate }) => fate === 'kept')).toBe(true)
      }),
    )
  })

  test('loses nothing that the newer form takes', () => {
    fc.assert(
      fc.property(smallForm, smallForm, someAnswers, (before, after, answers) => {
        const { answers: moved } = moveAnswers(before, after, answers, today)
        const isBlank = (name: string) => answers[name] === '' || answers[name] === null
        for (const name of fitting(after, answers)) if (!isBlank(name)) expect(moved[name]).toEqual(answers[name])
      }),
      { numRuns: 400 },
    )
  })

  test('leaves nothing that the newer form has no place for, and tells every answer that it dropped', () => {
    fc.assert(
      fc.property(smallForm, smallForm, someAnswers, (before, after, answers) => {
        const { answers: moved, moves } = moveAnswers(before, after, answers, today)
        const names = questionsOf(after).map(({ path }) => path.split('/')[1])
        expect(Object.keys(moved).filter((name) => !names.includes(name))).toEqual([])
        const told = new Set(moves.map(({ from }) => from.split('/')[1]))
        const gone = Object.entries(answers).filter(
          ([name, value]) => value !== '' && value !== null && !(name in moved),
        )
        expect(gone.filter(([name]) => !told.has(name))).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('keeps or lists every answer there is, also such as no form of ours would have given', () => {
    const anyAnswers = fc.dictionary(
      fc.constantFrom('p', 'q', 'r', 's', '__proto__', 'constructor', 'toLocaleString'),
      fc.oneof(
        answer,
        fc.constantFrom<Answers[string]>(['no row', { a: 'row' }, 7, ['deeper']], { a: { b: ['c'] } }, '\ud800'),
      ),
      { maxKeys: 6 },
    )
    fc.assert(
      fc.property(smallForm, smallForm, anyAnswers, (before, after, answers) => {
        const { answers: moved, moves } = moveAnswers(before, after, answers, today)
        const kept = new Set(leavesOf(moved, ''))
        const told = moves.map(({ from }) => from)
        const isTold = (leaf: string) => told.some((from) => leaf === from || leaf.startsWith(`${from}/`))
        const lost = leavesOf(answers, '').filter((line) => !kept.has(line) && !isTold(line.split(' = ')[0] ?? ''))
        expect(lost).toEqual([])
      }),
      { numRuns: 600 },
    )
  })

  test('twice is as moving once', () => {
    fc.assert(
      fc.property(smallForm, smallForm, someAnswers, (before, after, answers) => {
        const once = moveAnswers(before, after, answers, today).answers
        expect(moveAnswers(after, after, once, today).answers).toEqual(once)
      }),
    )
  })

  test('keeps what still fits, follows a renamed question, and tells the rest with its value', () => {
    const before = sampleStandard('elderly-allowance').form
    const after = edited('elderly-allowance', (json) => {
      const { properties } = json.form.schema
      properties.mobile = properties.phone
      json.form.ui.mobile = json.form.ui.phone
      delete properties.phone
      delete json.form.ui.phone
      properties.living.oneOf = [{ const: 'other', title: '其他' }]
      properties.address.maxLength = 3
      properties.income = { title: '月收入', type: 'integer' }
      json.form.schema.required = ['name', 'income']
    }).form
    const answers = {
      name: '演练甲',
      phone: '13800138000',
      living: 'alone',
      address: '某村一组 1 号',
      agentName: '演练乙',
    }
    const moved = moveAnswers(before, after, answers, today)
    expect(moved.answers).toEqual({
      name: '演练甲',
      mobile: '13800138000',
      address: '某村一组 1 号',
      agentName: '演练乙',
    })
    expect(moved.moves).toEqual([
      { from: '/name', to: '/name', title: '姓名', fate: 'kept', value: '演练甲' },
      { from: '/phone', to: '/mobile', title: '联系电话', fate: 'renamed', value: '13800138000' },
      { from: '/living', to: '', title: '居住情况', fate: 'dropped', value: 'alone' },
      { from: '/address', to: '/address', title: '详细地址', fate: 'recheck', value: '某村一组 1 号' },
      { from: '/agentName', to: '/agentName', title: '代办人姓名', fate: 'kept', value: '演练乙' },
      { from: '', to: '/income', title: '月收入', fate: 'asked', value: null },
    ])
  })
})

test('moving materials tells files that stand for nothing the older standard asked for', () => {
  const [before, after] = [sampleStandard('elderly-allowance'), sampleStandard('elderly-allowance')]
  const [known] = after.materials
  const { places, moves } = moveMaterials(
    { ...before, materials: before.materials.slice(1) },
    after,
    [known?.id ?? '', 'of-another-machine'],
    [],
  )
  expect(places.get(known?.id ?? '')).toBe(known?.id)
  expect(moves.filter(({ fate }) => fate === 'dropped')).toEqual([
    { requirementId: 'of-another-machine', name: 'of-another-machine', fate: 'dropped' },
  ])
})

test('moving materials keeps what was handed in by id or reuse key, and tells promises that do not stand any more', () => {
  const before = sampleStandard('elderly-allowance')
  const after = edited('elderly-allowance', (json) => {
    json.materials[0].id = 'register-of-household'
    json.materials[3].necessity = 1
    json.materials = json.materials.filter(({ id }: { id: string }) => id !== 'bank-card')
    json.materials.push({ ...json.materials[1], id: 'proof', name: '居住证明', reuseKey: undefined })
  })
  const moved = moveMaterials(before, after, ['household-register', 'bank-card', 'id-card'], ['photo'])
  expect(moved.places.get('household-register')).toBe('register-of-household')
  expect(moved.later).toEqual([])
  expect(moved.moves.map(({ requirementId, fate }) => [requirementId, fate])).toEqual([
    ['register-of-household', 'kept'],
    ['id-card', 'kept'],
    ['photo', 'unpromised'],
    ['proof', 'asked'],
    ['bank-card', 'dropped'],
  ])
})

describe('a merged theme', () => {
  const merged = (name: string) => {
    const matters = ['birth-registration', 'resident-medical-insurance', 'disability-card', 'disability-subsidies'].map(
      sampleStandard,
    )
    const sources = { matter: (id: string) => matters.find(({ itemId }) => itemId === id), theme: () => undefined }
    return mergeTheme(themeSchema.parse(sampleJson(name)), sources)
  }

  test('asks shared questions and shared materials once, as strictly as its strictest matter', () => {
    const { form, materials, faults } = merged('theme-disability')
    expect(faults).toEqual([])
    expect(formFaults(form.schema)).toEqual([])
    const titles = questionsOf(form).map(({ title }) => title)
    expect(titles.filter((title) => title === '姓名' || title === '残疾人证号')).toEqual(['姓名', '残疾人证号'])
    const card = materials.filter(({ reuseKey }) => reuseKey === 'disability-card')
    expect(card.map(({ itemIds, necessity }) => [itemIds, necessity])).toEqual([[['SAMPLE-CJZ', 'SAMPLE-CJBT'], 1]])
  })

  test('asks of whom each question is, and gives each matter its own answers', () => {
    const { form, members } = merged('theme-newborn')
    const [birth, insurance] = members
    if (birth === undefined || insurance === undefined) throw new Error('no members')
    const answers = { name: '母亲', babyName: '孩子', phone: '13800138000', agent: 'no', insuredElsewhere: 'no' }
    expect(Object.keys(form.schema.properties as object)).toEqual(expect.arrayContaining(['name', 'babyName']))
    expect(answersOfMember(birth, answers)).toMatchObject({ name: '母亲', phone: '13800138000' })
    expect(answersOfMember(insurance, answers)).toEqual({
      ...{ name: '孩子', phone: '13800138000', agent: 'no', insuredElsewhere: 'no' },
    })
  })

  test('finds every answer of its form in the matter that asked for it', () => {
    const { form, members } = merged('theme-newborn')
    const names = questionsOf(form).map(({ path }) => path.slice(1))
    const answers = Object.fromEntries(names.map((name) => [name, name]))
    const used = new Set(members.flatMap((member) => Object.values(answersOfMember(member, answers))))
    expect(names.filter((name) => !used.has(name))).toEqual([])
  })
})
