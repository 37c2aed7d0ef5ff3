import { expect, it } from 'vitest'
import { readSealOrder } from '../../central/seals/seal-commands.ts'

const words = { station: '440282113201-1', certificate: 'a'.repeat(12), uses: '3', days: '5' }

it.each([',', '', ' , ', 'x'.repeat(61)])('a lease for matters that are none (%j) is wrong usage', (items) => {
  expect(() => readSealOrder('lease', [], { ...words, items })).toThrow(expect.objectContaining({ code: 'USAGE' }))
})

it('a lease for some matters names them without blanks', () => {
  expect(readSealOrder('lease', [], { ...words, items: 'a, b' })).toMatchObject({ itemIds: ['a', 'b'] })
})
