import { describe, expect, it } from 'vitest'
import { maskAnswers } from '../../main/features/cases/masking.ts'
import {
  actionsFor,
  deliveryOf,
  isDeliveredBy,
  localNumber,
  localNumberParts,
  queryWords,
  searchTokens,
} from '../../main/features/cases/model.ts'

describe('local case numbers', () => {
  it('name station, day and running number, and can be read back', () => {
    expect(localNumber('440282113201-1', '2026-11-23', 7)).toBe('440282113201-1-20261123-0007')
    expect(localNumberParts('440282113201-1-20261123-12345')).toEqual({ day: '20261123', dayNumber: 12345 })
  })
})

describe('what a case is found by', () => {
  const tokens = searchTokens({
    applicantName: '欧阳 试',
    idNumber: '99999919400101001X',
    phone: '0751-0000021',
    localNumber: '440282113201-1-20261123-0007',
  })
  const finds = (query: string) => tokens.some((token) => token.startsWith(query))

  it.each([
    '欧阳',
    '阳试',
    '试',
    'ouyang',
    'oys',
    '99999919',
    '001x',
    '01001x',
    '0021',
    '07510000021',
    '0007',
    '20261123-0007',
  ])('is found by %s', (query) => expect(finds(queryWords(query)[0] ?? '')).toBe(true))

  it('is not found by what is in the middle of a number', () => {
    expect([finds('19400101'), finds('yang')]).toEqual([false, false])
  })

  it('takes full-width and upper-case typing as it is meant, and at most five words', () => {
    expect(queryWords(' ００１Ｘ  OYS a b c d ')).toEqual(['001x', 'oys', 'a', 'b', 'c'])
  })
})

describe('how far a case has come', () => {
  it('is told from the acknowledged entry and the centre’s acceptance', () => {
    expect([
      deliveryOf(5, { acknowledgedSeq: 4, relayedSeq: 4 }, true),
      deliveryOf(5, { acknowledgedSeq: 4, relayedSeq: 5 }, true),
      deliveryOf(5, { acknowledgedSeq: 5, relayedSeq: 0 }, false),
      deliveryOf(5, { acknowledgedSeq: 9, relayedSeq: 9 }, true),
    ]).toEqual(['stored-here', 'at-hall', 'at-centre', 'accepted-by-centre'])
  })
})

describe('what the clerk may do', () => {
  it('is 受理 only where the station decides, 补正 where it was asked for or promised, telling of an untold 不予受理', () => {
    const actions = (
      state: Parameters<typeof actionsFor>[0]['state'],
      acceptanceBy: 'station' | 'centre',
      laterOpen = 0,
      isReturned = false,
    ) => actionsFor({ state, acceptanceBy, laterOpen, isReturned, isDelivered: false })
    expect(actions('received', 'station')).toEqual(['accept'])
    expect(actions('received', 'centre')).toEqual([])
    expect(actions('received', 'station', 1)).toEqual(['accept', 'supplement'])
    expect(actions('corrections', 'station', 0, true)).toEqual(['supplement'])
    expect(actions('refused', 'centre', 1)).toEqual([])
    expect(actions('refused', 'centre', 1, true)).toEqual(['tell'])
  })
})

describe('送达', () => {
  it('is noted of a closed case, once', () => {
    const closed = { state: 'closed', acceptanceBy: 'centre', laterOpen: 0, isReturned: false } as const
    const before = isDeliveredBy([{ kind: 'case.received' }])
    const after = isDeliveredBy([{ kind: 'case.received' }, { kind: 'case.delivered' }])
    expect(actionsFor({ ...closed, isDelivered: before })).toEqual(['deliver'])
    expect(actionsFor({ ...closed, isDelivered: after })).toEqual([])
    expect(actionsFor({ ...closed, state: 'approved', isDelivered: before })).toEqual([])
  })
})

describe('answers on screen', () => {
  it('hide numbers of people and accounts by the form’s own account, also in tables', () => {
    const answers = {
      id: '99999919400101001X',
      bank: '6200000000000000',
      family: [{ n: '甲', i: '99999919400101001X' }],
      age: 3,
    }
    const form = {
      applicant: { name: 'n', idNumber: 'id', phone: 'p' },
      ui: { bank: { 'ui:widget': 'bankAccount' }, family: { items: { i: { 'ui:widget': 'idNumber' } } } },
    }
    const masked = maskAnswers(answers, { form } as unknown as Parameters<typeof maskAnswers>[1])
    expect(masked).toEqual({
      id: '999*************1X',
      bank: '620***********00',
      family: [{ n: '甲', i: '999*************1X' }],
      age: 3,
    })
  })
})
