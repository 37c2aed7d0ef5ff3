import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type InventedCase, inventCases } from '../../main/cli/seed-cases.ts'
import { checkDraft } from '../../main/features/matters/index.ts'
import { calendarSchema } from '../../preload/contract/calendar.ts'
import { checkIdNumber, isPhone } from '../../preload/contract/identity.ts'
import { matterStandardSchema } from '../../preload/contract/standard.ts'

const resources = new URL('../../resources/', import.meta.url)
const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, resources), 'utf8'))
const standards = new Map(
  readdirSync(new URL('catalogue/', resources))
    .filter((name) => !/^(?:release|theme-|template-)/u.test(name))
    .map((name) => matterStandardSchema.parse(readJson(`catalogue/${name}`)))
    .map((standard) => [standard.itemId, standard]),
)
const calendars = [calendarSchema.parse(readJson('holidays.json'))]
const plan = { seed: 1, count: 600, before: 0, until: '2026-11-22', divisionCode: '440282113201' }
const dayOf = ({ receivedAt }: InventedCase) =>
  new Date(receivedAt.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

test('the same seed gives the same cases, another seed others', () => {
  const cases = [...inventCases(plan)]
  expect([...inventCases(plan)]).toEqual(cases)
  const others = [...inventCases({ ...plan, seed: 2 })]
  expect(others.filter(({ applicant }, index) => applicant.idNumber === cases[index]?.applicant.idNumber)).toEqual([])
})

test('every invented case could be taken in by the sample standard that it is for', () => {
  const faults = [...inventCases(plan)].flatMap((one): unknown[] => {
    const standard = standards.get(one.itemId)
    if (standard === undefined) return [{ unknown: one.itemId }]
    const materials = standard.materials.map(({ id }) => ({ requirementId: id }))
    const { ready, ...check } = checkDraft({
      ...{ standard, answers: one.answers, materials, later: [], calendars, today: dayOf(one), duplicates: [] },
    })
    return ready ? [] : [check]
  })
  expect(faults).toEqual([])
})

test('nobody in it is real: numbers of the training area, right by their digits, and a hundred telephones', () => {
  const wrong = [...inventCases(plan)].filter(({ applicant: { idNumber, phone } }) => {
    const isRight = checkIdNumber(idNumber, plan.until).ok && isPhone(phone)
    return !isRight || !idNumber.startsWith('999999') || !/^138001380\d\d$/.test(phone)
  })
  expect(wrong).toEqual([])
})

test('cases are received in order, on weekdays, the last at most on the last day, each under its own UUIDv8', () => {
  const cases = [...inventCases({ ...plan, count: 3000 })]
  const times = cases.map(({ receivedAt }) => receivedAt.getTime())
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(dayOf(cases[0] as InventedCase) < '2026-01-01').toBe(true)
  expect(dayOf(cases.at(-1) as InventedCase)).toBe('2026-11-20')
  expect(cases.filter((one) => [0, 6].includes(new Date(`${dayOf(one)}T00:00:00Z`).getUTCDay()))).toEqual([])
  expect(new Set(cases.map(({ caseId }) => caseId)).size).toBe(3000)
  expect(
    cases.filter(({ caseId }) => !/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/.test(caseId)),
  ).toEqual([])
})
