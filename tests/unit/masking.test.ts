import { expect, test } from 'vitest'
import { maskAccount, maskIdNumber, maskName, maskPhone } from '../../preload/contract/masking.ts'

test('a name keeps its first character', () => {
  expect(['张三', '欧阳小明', '王', '', '𠮷田'].map(maskName)).toEqual(['张*', '欧***', '王', '', '𠮷*'])
})

test('an identity number keeps the first three and the last two', () => {
  expect(maskIdNumber('11010519491231002X')).toBe('110*************2X')
})

test('a telephone number keeps what tells two apart and no more', () => {
  expect(maskPhone('13800138034')).toBe('138******34')
  expect(maskPhone('0751-3820021')).toBe('0751-*****21')
})

test('an account number keeps the first three and the last two', () => {
  expect(maskAccount('6210 9876 5432 1090')).toBe('621***********90')
})

test('a text too short to mask in the middle is hidden whole', () => {
  expect(maskPhone('12345')).toBe('*****')
})
