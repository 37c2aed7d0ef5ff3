import { readdirSync, readFileSync } from 'node:fs'
import { Validator } from '@cfworker/json-schema'
import { describe, expect, test } from 'vitest'
import { checkDraft, type DraftCheckInput } from '../../main/features/matters/check-draft.ts'
import { questionsOf } from '../../main/standards/form/questions.ts'
import { calendarSchema } from '../../preload/contract/calendar.ts'
import { idCheckDigit } from '../../preload/contract/identity.ts'
import { type MatterStandard, matterStandardSchema } from '../../preload/contract/standard.ts'
import { danglingUiNames } from '../../preload/contract/standards/form-names.ts'

const resources = new URL('../../resources/', import.meta.url)
const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, resources), 'utf8'))
const standardFiles = readdirSync(new URL('catalogue/', resources)).filter(
  (name) => name !== 'release.json' && !/^(theme|template)-/.test(name),
)
const standardOf = (name: string): MatterStandard => matterStandardSchema.parse(readJson(`catalogue/${name}`))
const calendars = [calendarSchema.parse(readJson('holidays.json'))]
const today = '2026-11-23'
const numberOf = (first17: string) => `${first17}${idCheckDigit(first17)}`

const allowance = standardOf('elderly-allowance.json')
const goodAnswers = {
  name: '张三',
  idNumber: numberOf('44028219460101001'),
  sex: 'male',
  birthDate: '1946-01-01',
  phone: '13800138000',
  division: '440282113201',
  address: '某村一组 1 号',
  householdHere: 'yes',
  bankName: '农村信用社',
  bankAccountName: '张三',
  bankAccount: '6210987654321090',
  agent: 'no',
}
const allMaterials = allowance.materials.map(({ id }) => ({ requirementId: id }))
const check = (changes: Partial<DraftCheckInput> = {}) =>
  checkDraft({
    standard: allowance,
    answers: goodAnswers,
    materials: allMaterials,
    later: [],
    calendars,
    today,
    duplicates: [],
    ...changes,
  })

describe.each(standardFiles)('the sample standard %s', (file) => {
  const standard = standardOf(file)

  test('says that it is a sample and which guide counts', () => {
    expect(standard.sample).toBe(true)
    expect(standard.source).toContain('演练样例')
    expect(standard.code).toMatch(/^SAMPLE-/)
  })

  test('has a form that the interpreter reads, with 12 to 30 questions in Chinese', () => {
    expect(() => new Validator(standard.form.schema, '2020-12').validate({})).not.toThrow()
    const questions = questionsOf(standard.form)
    expect(questions.length).toBeGreaterThanOrEqual(12)
    expect(questions.length).toBeLessThanOrEqual(30)
    expect(questions.filter(({ title }) => !/\p{Script=Han}/u.test(title))).toEqual([])
  })

  test('refers to nothing that is not there', () => {
    expect(danglingUiNames(standard.form)).toEqual([])
  })

  test('names each material, condition and question group once', () => {
    const ids = [...standard.materials, ...standard.conditions].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(questionsOf(standard.form).filter(({ path, group }) => !path.includes('*') && group === '')).toEqual([])
  })

  test('lets materials follow later only with a number of days', () => {
    const endless = standard.materials.filter((m) => m.necessity === 3 && m.laterWithinWorkdays === undefined)
    expect(endless).toEqual([])
  })

  test('tells everything that an empty draft lacks, and never throws', () => {
    const empty = check({ standard, answers: {}, materials: [] })
    expect(empty.ready).toBe(false)
    expect(empty.form.every(({ kind }) => kind === 'missing')).toBe(true)
    expect(empty.form.length).toBe((standard.form.schema.required as string[]).length)
  })
})

test('the catalogue names every standard file', () => {
  const named = readJson('catalogue/release.json') as Record<'matters' | 'themes' | 'templates', string[]>
  const files = readdirSync(new URL('catalogue/', resources)).filter((name) => name !== 'release.json')
  expect([...named.matters, ...named.themes, ...named.templates].toSorted()).toEqual(files.toSorted())
})

describe('a draft', () => {
  test('is ready when everything is there', () => {
    expect(check()).toMatchObject({ ready: true, form: [], warnings: [], promised: { date: '2026-12-21' } })
  })

  test('counts blank answers as missing, in the order of the form', () => {
    const { form } = check({ answers: { ...goodAnswers, bankAccount: '', name: '  ' } })
    expect(form).toEqual([
      { path: '/name', title: '姓名', kind: 'missing', text: '' },
      { path: '/bankAccount', title: '银行账号', kind: 'missing', text: '' },
    ])
  })

  test('tells a wrong identity number in the words of its fault, once', () => {
    const { form } = check({ answers: { ...goodAnswers, idNumber: '440282194601010010' } })
    expect(form).toEqual([
      { path: '/idNumber', title: '身份证号', kind: 'wrong', text: '最后一位与前面的数字对不上，有一位抄错了' },
    ])
  })

  test('tells what contradicts the identity number', () => {
    const { form } = check({ answers: { ...goodAnswers, sex: 'female', birthDate: '1946-01-02' } })
    expect(form.map(({ path }) => path)).toEqual(['/sex', '/birthDate'])
  })

  test('asks for the agent only when there is one', () => {
    const { form } = check({ answers: { ...goodAnswers, agent: 'yes', agentPhone: '12' } })
    expect(form.map(({ path, kind }) => [path, kind])).toEqual([
      ['/agentName', 'missing'],
      ['/agentIdNumber', 'missing'],
      ['/agentRelation', 'missing'],
      ['/agentPhone', 'wrong'],
    ])
  })

  test('names the row of a table', () => {
    const relief = standardOf('temporary-relief.json')
    const { form } = check({ standard: relief, answers: { ...goodAnswers, household: [{ name: '李四' }, {}] } })
    expect(form.filter(({ path }) => path.startsWith('/household')).map(({ title }) => title)).toEqual([
      '共同生活的家庭成员（第 2 行）·姓名',
      '共同生活的家庭成员（第 1 行）·与申请人的关系',
      '共同生活的家庭成员（第 2 行）·与申请人的关系',
    ])
  })

  test('meets its conditions by age and answers, and asks the clerk where no rule can', () => {
    const states = Object.fromEntries(check().conditions.map(({ id, state }) => [id, state]))
    expect(states).toEqual({ 'age-80': 'met', 'household-here': 'met', 'own-account': 'met', 'alive-seen': 'ask' })
  })

  test('fails a condition on the day before the birthday and is unknown without an identity number', () => {
    const young = check({
      answers: { ...goodAnswers, idNumber: numberOf('44028219461124001'), birthDate: '1946-11-24' },
    })
    expect(young.conditions[0]?.state).toBe('unmet')
    expect(young.ready).toBe(false)
    const { idNumber: _, ...without } = goodAnswers
    expect(check({ answers: without }).conditions[0]?.state).toBe('unknown')
  })

  test('lets only what may follow later be promised, with its date', () => {
    const { materials, ready } = check({
      materials: allMaterials.filter(({ requirementId }) => !['photo', 'form'].includes(requirementId)),
      later: ['photo', 'form'],
    })
    expect(ready).toBe(false)
    expect(materials.find(({ requirementId }) => requirementId === 'photo')).toMatchObject({
      state: 'later',
      dueDate: '2026-11-30',
    })
    expect(materials.find(({ requirementId }) => requirementId === 'form')?.state).toBe('missing')
  })

  test('does not need what is not necessary', () => {
    const { ready, materials } = check({
      materials: allMaterials.filter(({ requirementId }) => requirementId !== 'agent-id-card'),
    })
    expect(ready).toBe(true)
    expect(materials.at(-1)?.state).toBe('optional')
  })

  test('warns of a duplicate and of an unknown calendar, and is still ready', () => {
    const late = check({ today: '2026-12-20', duplicates: ['440282113201-1-20261101-0001'] })
    expect(late.ready).toBe(true)
    expect(late.promised.date).toBeNull()
    expect(late.warnings.map(({ code }) => code)).toEqual(['duplicate', 'calendar-unknown'])
  })

  test('survives answers of any shape', () => {
    const odd = { name: 3, idNumber: ['x'], household: 'none', sex: null, phone: { a: 1 } }
    expect(check({ answers: odd }).ready).toBe(false)
  })
})
