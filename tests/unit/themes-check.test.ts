import { describe, expect, test } from 'vitest'
import { checklistValues, wordChecklist } from '../../main/features/documents/checklist-words.ts'
import { wordsOf } from '../../main/features/documents/paper-text.ts'
import { checkTheme } from '../../main/features/matters/index.ts'
import { mergeTheme } from '../../main/standards/merge-theme.ts'
import type { Answers } from '../../preload/contract/entries.ts'
import { type Theme, themeSchema } from '../../preload/contract/standards/theme.ts'
import { inventedIdNumber } from '../helpers/intake.ts'
import { sampleJson, sampleStandard } from '../helpers/standards.ts'

const today = '2026-11-30'
const calendars = [{ source: '测试', years: { 2026: { off: [], work: [] }, 2027: { off: [], work: [] } } }]

/** What is missing of a sample theme's draft. */
function checked(
  name: string,
  matters: readonly string[],
  answers: Answers,
  more: {
    readonly later?: readonly string[]
    readonly duplicatesOf?: string
    readonly order?: (members: Theme['members']) => Theme['members']
  } = {},
) {
  const standards = matters.map(sampleStandard)
  const sample = themeSchema.parse(sampleJson(name))
  const theme = { ...sample, members: more.order?.(sample.members) ?? sample.members }
  const sources = { matter: (id: string) => standards.find(({ itemId }) => itemId === id), theme: () => undefined }
  const { form, materials: requirements, members } = mergeTheme(theme, sources)
  const later = more.later ?? []
  return checkTheme({
    ...{ form, requirements, answers, materials: [], later, calendars, today },
    members: members.map((member) => ({
      ...member,
      materials: [],
      later: later.map((id) => id.split(':')[1] ?? id),
      duplicates: more.duplicatesOf === member.standard.itemId ? ['4402-0001'] : [],
    })),
  })
}

const newborn = ['birth-registration', 'resident-medical-insurance']
const disability = ['disability-card', 'disability-subsidies']

describe('what is missing of a theme', () => {
  test('tells whose question it is where two have the same title, and asks a shared one once', () => {
    const titles = checked('theme-newborn', newborn, {}).form.map(({ title }) => title)
    expect(titles.filter((title) => title.endsWith('身份证号'))).toEqual([
      '申请人（女方或男方）·身份证号',
      '配偶身份证号',
      '参保人·身份证号',
    ])
    expect(titles.filter((title) => title === '联系电话')).toEqual(['联系电话'])
  })

  test('holds each person’s answers against that person’s own identity number', () => {
    const answers = {
      ...{ idNumber: inventedIdNumber(1, '19900101'), birthDate: '1990-01-01' },
      ...{ babyIdNumber: inventedIdNumber(2, '20261101'), babyBirthDate: '2026-11-02' },
    }
    const wrong = checked('theme-newborn', newborn, answers).form.filter(({ kind }) => kind === 'wrong')
    expect(wrong).toEqual([
      { path: '/babyBirthDate', title: '参保人·出生日期', kind: 'wrong', text: '与身份证号里的出生日期不一致' },
    ])
  })

  test('does not hold one person’s birthday against another’s number, whoever comes first', () => {
    const answers = { birthDate: '1990-01-01', babyIdNumber: inventedIdNumber(2, '20261101') }
    const babyFirst = checked('theme-newborn', newborn, answers, { order: (members) => members.toReversed() })
    expect(babyFirst.form.filter(({ kind }) => kind === 'wrong')).toEqual([])
  })

  test('passes over what a matter that is not chosen was answered', () => {
    const answers = { birthDate: '1990-01-01', babyIdNumber: inventedIdNumber(2, '20261101') }
    const { form, conditions } = checked('theme-newborn', newborn.slice(1), answers)
    expect(form.filter(({ path }) => path === '/birthDate')).toEqual([])
    expect([...new Set(conditions.map(({ matterName }) => matterName))]).toEqual(['城乡居民基本医疗保险参保登记'])
  })

  test('tells conditions, promises and duplicates by matter, a shared material once', () => {
    const check = checked('theme-disability', disability, {}, { duplicatesOf: 'SAMPLE-CJBT' })
    expect(check.conditions.map(({ id, matterName }) => `${matterName} ${id}`)).toEqual([
      ...['残疾人证重新评定 SAMPLE-CJZ:one-year', '残疾人证重新评定 SAMPLE-CJZ:has-card'],
      ...['guangdong', 'fits', 'own-account'].map((id) => `残疾人两项补贴 SAMPLE-CJBT:${id}`),
    ])
    expect(check.promises.map(({ matterName, promised }) => [matterName, promised.days])).toEqual([
      ['残疾人证重新评定', 15],
      ['残疾人两项补贴', 20],
    ])
    expect(check.promised).toEqual(check.promises[1]?.promised)
    expect(check.warnings.map(({ text }) => text)).toEqual([
      expect.stringContaining('残疾人两项补贴：这个人的同一事项在本机已经收过件'),
    ])
    expect(check.materials.filter(({ name }) => name === '残疾人证')).toHaveLength(1)
  })

  test('stands on one 一次性告知单, each condition and each promise with its matter', () => {
    const { form, materials, sample } = sampleStandard('disability-card')
    const fee = { charged: false, text: '残疾人证重新评定：不收费' }
    const facts = {
      standard: { name: '残疾人服务一件事', form, materials, sample, fee, templates: [] },
      ...{ answers: {}, check: { revision: 1, closed: [], ...checked('theme-disability', disability, {}) } },
      ...{ issuer: '', windowName: '', clerk: '', isTraining: true, now: new Date('2026-11-30T01:00:00Z') },
    }
    const words = wordChecklist(
      facts,
      wordsOf('checklist', facts.standard, () => undefined, checklistValues(facts)),
    )
    expect(words.promised).toBe(
      '残疾人证重新评定：2026年12月21日前（15 个工作日，从收件次日起算）；残疾人两项补贴：2026年12月28日前（20 个工作日，从收件次日起算）',
    )
    expect(words.notes).toContain('收费：残疾人证重新评定：不收费。')
    expect(words.conditions).toContain('请窗口核对：持有有效的残疾人证，人证相符（残疾人证重新评定）。')
  })

  test('lets follow later what its one matter lets, by that matter’s date', () => {
    const check = checked('theme-disability', disability, {}, { later: ['SAMPLE-CJBT:low-income-proof'] })
    const proof = check.materials.find(({ requirementId }) => requirementId === 'SAMPLE-CJBT:low-income-proof')
    expect(proof).toMatchObject({ state: 'later', dueDate: '2026-12-14' })
  })
})
