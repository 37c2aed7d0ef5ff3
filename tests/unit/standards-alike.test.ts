import { expect, test } from 'vitest'
import { checkDocuments } from '../../main/standards/index.ts'
import { editedSample } from '../helpers/standards.ts'

// biome-ignore lint/suspicious/noExplicitAny: as editedSample
const found = (edit: (json: any) => void) =>
  checkDocuments([editedSample('senior-card', edit)], false).findings.map(
    ({ severity, pointer, problem }) => `${severity} ${pointer} ${problem}`,
  )

test('names a letter of another alphabet that looks like a usual one, and what was spoilt on its way', () => {
  expect(
    found((json) => {
      json.code = '11440282АB'
      json.aliases = ['мaтеpиaл', '优待�']
    }),
  ).toEqual([
    'should /code “А”（U+0410）看着像“A”，其实是另一个字母，照着打的人找不到它',
    'should /aliases/0 “е”（U+0435）看着像“e”，其实是另一个字母，照着打的人找不到它',
    'should /aliases/1 里面有读坏了的字（�）',
  ])
})

test('says nothing of letters that look like none of ours', () => {
  expect(found((json) => (json.aliases = ['α-地中海贫血', 'β受体', 'Ⅱ级', 'Ａ座', '№3']))).toEqual([])
})

test('goes through an order of forty thousand names at once, and tells the first of them', () => {
  const names = Array.from({ length: 40_000 }, (_, at) => `q${at}`)
  const begun = process.cpuUsage()
  const told = found((json) => (json.form.ui = { 'ui:order': [...names, ...names.slice(0, 500)] }))
  const spent = process.cpuUsage(begun)
  expect((spent.user + spent.system) / 1000).toBeLessThan(1500)
  expect(told.filter((line) => line.startsWith('must')).length).toBe(200)
})
