import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ageOn,
  checkIdNumber,
  idCheckDigit,
  idNumberFaultInWords,
  isCreditCode,
  isPhone,
  isRealDate,
  normalisePhone,
} from '../../preload/contract/identity.ts'

const today = '2026-11-23'
const numbered = (first17: string) => `${first17}${idCheckDigit(first17)}`

describe('an identity number (GB 11643)', () => {
  test('tells birth date, sex and division of the example in the standard', () => {
    expect(checkIdNumber('11010519491231002X', today)).toEqual({
      ok: true,
      birthDate: '1949-12-31',
      sex: 'female',
      divisionCode: '110105',
    })
  })

  test('is read with spaces, full-width digits and a small x', () => {
    expect(checkIdNumber(' 110105 19491231 002x', today).ok).toBe(true)
    expect(checkIdNumber('１１０１０５１９４９１２３１００２Ｘ', today).ok).toBe(true)
  })

  test.each([
    ['110105194912310020', 'check'],
    ['11010519491331002X', 'date'],
    [numbered('44028219900230001'), 'date'],
    [numbered('44028219000229001'), 'date'],
    [numbered('44028220261124001'), 'date'],
    [numbered('44028218991231001'), 'date'],
    ['1101051949123100', 'length'],
    ['110105491231002', 'length'],
    ['', 'length'],
    ['11010519491231O02X', 'digits'],
    ['X1010519491231002X', 'digits'],
  ])('refuses %s by its %s', (text, why) => {
    expect(checkIdNumber(text, today)).toEqual({ ok: false, why })
  })

  test('is accepted on the day of birth', () => {
    expect(checkIdNumber(numbered('44028220261123001'), today).ok).toBe(true)
  })

  test('refuses a 15-digit number in words that say that it is out of use', () => {
    expect(idNumberFaultInWords('440282491231002', 'length')).toContain('15 位的旧号码')
    expect(idNumberFaultInWords('4402', 'length')).toBe('应为 18 位，现在是 4 位')
  })

  test('never stands with any one digit changed', () => {
    const good = '11010519491231002X'
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const digit = (Number(good[at]) + by) % 10
        expect(checkIdNumber(`${good.slice(0, at)}${digit}${good.slice(at + 1)}`, today).ok).toBe(false)
      }),
    )
  })
})

test('an age grows on the birthday, and on 1 March for somebody born on 29 February', () => {
  expect(ageOn('1946-11-23', today)).toBe(80)
  expect(ageOn('1946-11-24', today)).toBe(79)
  expect(ageOn('1948-02-29', '2026-02-28')).toBe(77)
  expect(ageOn('1948-02-29', '2026-03-01')).toBe(78)
})

test('a date is real only where the calendar has it', () => {
  expect(['2024-02-29', '2026-02-29', '2026-04-31', '2026-13-01', '26-1-1'].map(isRealDate)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
})

describe('a unified social credit code (GB 32100)', () => {
  test('stands with its check character only', () => {
    expect(isCreditCode('91350100M000100Y43')).toBe(true)
    expect(isCreditCode('91350100M000100Y44')).toBe(false)
    expect(isCreditCode('91350100I000100Y43')).toBe(false)
  })

  test('is not what a department code of a real matter always is', () => {
    expect(isCreditCode('TE4401135000001190')).toBe(false)
  })
})

test('a telephone number is a mobile or a landline with its area code', () => {
  const texts = [
    '13800138000',
    '+86 138-0013-8000',
    '0751-3820000',
    '07513820000',
    '(0751)3820000',
    '12800138000',
    '3820000',
  ]
  expect(texts.map(isPhone)).toEqual([true, true, true, true, true, false, false])
  expect(normalisePhone('+86 138-0013-8000')).toBe('13800138000')
  expect(normalisePhone('07513820000')).toBe('0751-3820000')
})
