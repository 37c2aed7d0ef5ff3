import { describe, expect, test } from 'vitest'
import { knownDivisions } from '../../main/desk/divisions.ts'
import { checkDocuments, compareDocuments } from '../../main/standards/index.ts'
import { isTakenInAt, placeDigits } from '../../preload/contract/standards/scope.ts'
import { resourcesFolder } from '../helpers/desk.ts'
import { editedSample, sampleStandard } from '../helpers/standards.ts'

const [village, sibling, stranger] = ['440282113201', '440282113202', '440282001001']

describe('where a matter is taken in', () => {
  test.each([
    ['everywhere without a place', [], village, true],
    ['in its village', [village], village, true],
    ['not in the next village of the town', [sibling], village, false],
    ['in every village of its town', ['440282113'], village, true],
    ['in every village of its town, the code written out', ['440282113000'], village, true],
    ['not in another town', ['440282001'], village, false],
    ['in one of several places', ['440282001', village], village, true],
    ['in every village of its county', ['440282'], village, true],
    ['in every village of its county, the code written out', ['440282000000'], village, true],
    ['not in another county', ['440281'], village, false],
    ['at the hall of its town', ['440282113'], '440282113000', true],
    ['at the hall of the town of its village', [sibling], '440282113000', true],
    ['not at the hall of another town', [sibling], '440282001000', false],
    ['at the county', [stranger], '440282000000', true],
    ['in every village of its prefecture', ['440200'], village, true],
    ['in every village of its province', ['440000000000'], village, true],
    ['not in another prefecture', ['440100'], village, false],
    ['everywhere where it names no code at all', ['珠玑镇', '44028211320'], village, true],
    ['not elsewhere where one of its places is a code', ['珠玑镇', sibling], village, false],
  ])('%s', (_, divisions, division, isTakenIn) => {
    expect(isTakenInAt(divisions, division)).toBe(isTakenIn)
  })

  test('keeps the zeros that belong to a name', () => {
    expect(['440282113200', '440282100', '440282100000', '440282000', '440200', '440000'].map(placeDigits)).toEqual([
      '440282113200',
      '440282100',
      '440282100',
      '440282',
      '4402',
      '44',
    ])
  })
})

describe('the check of where a matter is taken in', () => {
  const places = knownDivisions(resourcesFolder)
  const foundIn = (divisions: readonly string[]) =>
    checkDocuments(
      [editedSample('elderly-allowance', (json) => Object.assign(json, { divisions }))],
      false,
      places,
    ).findings.map(({ severity, pointer, place, problem }) => `${severity} ${pointer} ${place}：${problem}`)

  test('takes every village, every town and the county', () => {
    expect(foundIn([village, '440282001', '440282100000'])).toEqual([])
    for (const around of ['440282', '440200', '440000000000']) expect(foundIn([around])).toEqual([])
  })

  test('names each code that the county does not have, and what is no code', () => {
    expect(foundIn([village, '440282113299', '440281', '珠玑镇'])).toEqual([
      'must /divisions/1 收件的镇村 第 2 项（440282113299）：“440282113299”不是本县的镇村代码',
      'must /divisions/2 收件的镇村 第 3 项（440281）：“440281”不是本县的镇村代码',
      'must /divisions/3 收件的镇村 第 4 项（珠玑镇）：“珠玑镇”不是本县的镇村代码',
    ])
  })

  test('advises against a place that is in the list already, or lies in one', () => {
    expect(foundIn(['440282113', village, '440282113000'])).toEqual([
      'should /divisions/1 收件的镇村 第 2 项（440282113201）：珠玑镇珠玑村委会已经在珠玑镇里了',
      'should /divisions/2 收件的镇村 第 3 项（440282113000）：珠玑镇写了两次',
    ])
  })

  test('without a list of the county says only what is no code at all', () => {
    const edit = (json: object) => Object.assign(json, { divisions: ['440281113201', '珠玑镇'] })
    expect(checkDocuments([editedSample('elderly-allowance', edit)], false).findings).toMatchObject([
      { severity: 'must', pointer: '/divisions/1' },
    ])
  })
})

test('a change of places is told by their names', () => {
  const before = sampleStandard('elderly-allowance')
  const after = { ...before, divisions: ['440282113', village, '440281'] }
  const names = knownDivisions(resourcesFolder)
  const [change] = compareDocuments({ kind: 'matter', value: before }, { kind: 'matter', value: after }, (kind, id) =>
    kind === 'division' ? names.get(id) : undefined,
  )
  expect(change?.words).toBe('收件的镇村增加了“珠玑镇、珠玑镇珠玑村委会、440281”')
})
