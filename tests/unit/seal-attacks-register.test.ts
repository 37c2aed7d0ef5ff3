import { expect, it } from 'vitest'
import { drawRegister } from '../../main/pdf/documents/index.ts'

it('a register without an impression is printed too, also in a training station', async () => {
  const words = { station: '演练站', scope: '全部日期，全部印章', count: '共 0 次', printedAt: '2026-01-02 03:04' }
  const input = { ...words, printedBy: '演练员', rows: [], isTraining: true, now: new Date() }
  const { pages, unprintable } = await drawRegister(input)
  expect([pages, unprintable]).toEqual([1, []])
})
