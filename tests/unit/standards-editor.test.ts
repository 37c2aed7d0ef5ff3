import { describe, expect, test } from 'vitest'
import * as codeWords from '../../preload/contract/standards/code-words.ts'
import { fieldWords } from '../../preload/contract/standards/field-words.ts'
import { ownWords } from '../../preload/contract/standards/own-words.ts'
import { cellOf, shortVillage } from '../../renderer/features/standards/adoption/cells.ts'
import {
  isSameJson,
  movedBy,
  numberFrom,
  pointerOf,
  stepsOf,
  valueAt,
  withPart,
  withValueAt,
} from '../../renderer/features/standards/edit/json-edit.ts'
import { partOfField, partsOf } from '../../renderer/features/standards/edit/parts.ts'
import { afterPaper, type Paper, strangerIn } from '../../renderer/features/standards/edit/template-words.ts'
import { placeInEnglish } from '../../renderer/features/standards/edit/words-of.ts'
import {
  effectiveOf,
  emptyForm,
  lacksOf,
  laterAt,
  stepOf,
  targetsOf,
} from '../../renderer/features/standards/publish/wish.ts'
import { codeWordsInEnglish } from '../../renderer/messages/code-words-en.ts'
import { fieldWordsInEnglish } from '../../renderer/messages/field-words-en.ts'

describe('a part of a document', () => {
  test('is put in its place, and what is not on the way stays the very same', () => {
    const before = { materials: [{ id: 'a' }, { id: 'b' }], steps: ['收件'] }
    const after = withValueAt(before, ['materials', 1, 'name'], '户口簿') as typeof before
    expect(after).toEqual({ materials: [{ id: 'a' }, { id: 'b', name: '户口簿' }], steps: ['收件'] })
    expect([after.steps === before.steps, after.materials[0] === before.materials[0]]).toEqual([true, true])
    expect(withValueAt(after, ['materials', 0], undefined)).toEqual({
      materials: [{ id: 'b', name: '户口簿' }],
      steps: ['收件'],
    })
    expect(withValueAt(before, ['steps'], undefined)).toEqual({ materials: before.materials })
    expect(Object.keys(withValueAt({ a: 1, b: 2, c: 3 }, ['b'], 4) as object)).toEqual(['a', 'b', 'c'])
  })

  test('is the very same where it says what it said already', () => {
    const before = { name: '甲', codes: ['1', '2'] }
    expect(withPart(before, 'codes', ['1', '2'])).toBe(before)
    expect(withPart(before, 'none', undefined)).toBe(before)
    expect(withPart(before, 'name', undefined)).toEqual({ codes: ['1', '2'] })
    expect([isSameJson({ a: 1, b: 2 }, { b: 2, a: 1 }), isSameJson(undefined, undefined)]).toEqual([false, true])
  })

  test('takes a typed number as one, and keeps what is none for the check to name', () => {
    expect(['12', ' 0.5 ', '', '1e9', '十二'].map(numberFrom)).toEqual([12, 0.5, undefined, '1e9', '十二'])
  })

  test('is found by its pointer and back', () => {
    const path = ['form', 'ui', 'a/b~c', 3]
    expect(stepsOf(pointerOf(path))).toEqual(path)
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1)
    expect(movedBy(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(movedBy(['a'], 0, -1)).toEqual(['a'])
  })

  test('has a place in the editor, every one that has words', () => {
    const source = ['format', 'kind', 'years']
    const lost = (['matter', 'theme', 'template', 'calendar'] as const).flatMap((kind) => {
      const drawn = partsOf(kind).flatMap(({ fields }) => fields.map(({ name }) => name))
      const known = Object.keys(fieldWords[kind]).filter((name) => name !== 'form' && !source.includes(name))
      return known.filter((name) => !drawn.includes(name)).map((name) => `${kind}.${name}`)
    })
    expect(lost).toEqual([])
    expect([partOfField('matter', 'form'), partOfField('calendar', 'years'), partOfField('matter', 'strange')]).toEqual(
      ['form', 'days', 'json'],
    )
  })
})

test('every code set has English words', () => {
  const lacking = Object.entries(codeWords).filter(([, codes]) => !codeWordsInEnglish.has(codes))
  expect(lacking.map(([name]) => name)).toEqual([])
})

describe('the steps of publishing', () => {
  const now = new Date('2026-11-30T04:00:00.000Z')

  test('say what is still lacking, in their order', () => {
    const sound = { check: 'sound' as const, secondPerson: true }
    expect(lacksOf(emptyForm, now, { check: 'faulty', secondPerson: true })).toEqual([
      'mend',
      'who',
      'note',
      'pin',
      'second',
    ])
    const full = {
      ...{ ...emptyForm, who: 'all' as const, note: '改了', pin: '123456' },
      second: { account: 'lisi', pin: '123456' },
    }
    expect([lacksOf(full, now, sound), stepOf(emptyForm, now), stepOf(full, now)]).toEqual([[], 1, 3])
    // Before the desk has looked, nothing is known to be faulty.
    expect(lacksOf(full, now, { ...sound, check: 'runs' })).toEqual(['plan'])
    // A check that failed is not waited for.
    expect(lacksOf(full, now, { ...sound, check: 'failed' })).toEqual([])
  })

  test('take a day and a time in Shanghai that lies ahead', () => {
    const at = (date: string, time: string) => effectiveOf({ ...emptyForm, when: 'later', date, time }, now)
    expect([at('2026-12-01', '00:00'), at('2026-11-30', '12:00'), at('', '00:00'), at('2026-11-30', '12:01')]).toEqual([
      '2026-11-30T16:00:00.000Z',
      undefined,
      undefined,
      '2026-11-30T04:01:00.000Z',
    ])
    expect(targetsOf({ ...emptyForm, places: ['440282113', '440282001001', '440282113'] })).toEqual([
      '440282001001',
      '440282113',
    ])
  })
})

test('a village stands as its window that is furthest behind', () => {
  const each = (states: readonly string[]) =>
    states.map((state, at) => ({
      ...{ stationId: `440282113201-${at + 1}`, targeted: true, inForce: 1, atUtc: null, reason: '' },
      state: state as 'applied',
    }))
  expect([
    cellOf(each(['applied', 'waits']), '440282113201'),
    cellOf(each(['applied', 'refused']), '440282113201'),
    cellOf(each(['newer', 'applied']), '440282113201'),
    cellOf(each(['applied']), '440282113202'),
  ]).toEqual(['waits', 'refused', 'applied', 'empty'])
  expect(['珠玑村委会', '八一社区居民委员会', '新城东社区居委会'].map(shortVillage)).toEqual([
    '珠玑村',
    '八一社区',
    '新城东社区',
  ])
})

describe('the words of fields in English', () => {
  test('are there for every field that has Chinese ones, and are English', () => {
    const flat = (words: object, at = ''): (readonly [string, string])[] =>
      Object.entries(words).flatMap(([name, word]) =>
        Array.isArray(word)
          ? [[`${at}${name}`, word[0]] as const, ...flat(word[1], `${at}${name}.`)]
          : [[`${at}${name}`, word] as const],
      )
    const names = (words: object) => flat(words).map(([name]) => name)
    expect(names(fieldWordsInEnglish)).toEqual(names(fieldWords))
    for (const kind of ['matter', 'theme', 'template', 'calendar'] as const) {
      expect(names(fieldWordsInEnglish[kind])).toEqual(names(fieldWords[kind]))
      expect(flat(fieldWordsInEnglish[kind]).filter(([, word]) => !/^[\x20-\x7e]+$/.test(word))).toEqual([])
    }
  })

  test('tell a place with its parts by number and name, and a year of a calendar', () => {
    const value = { materials: [{ name: '户口簿' }, { id: 'x' }] }
    expect([
      placeInEnglish('matter', [], value),
      placeInEnglish('matter', ['materials', 0, 'name'], value),
      placeInEnglish('matter', ['materials', 1], value),
      placeInEnglish('calendar', ['years', 2027, 'off', 0], { years: { 2027: { off: ['五月一日'] } } }),
    ]).toEqual(['The whole file', 'Materials 1 (户口簿) · Name', 'Materials 2', 'Year · 2027 · Days off 1 (五月一日)'])
  })
})

describe('the paper of a template chosen anew', () => {
  const template = { paper: 'receipt', name: '凭证', ...ownWords.receipt }
  const chosen = (value: typeof template) => afterPaper(value, { ...value, paper: 'acceptance' })

  test('brings its own words where those of the paper before were not touched', () => {
    expect(chosen(template)).toEqual({ paper: 'acceptance', name: '凭证', ...ownWords.acceptance })
  })

  test('leaves what somebody wrote, and what is left of the other paper is told until it is gone', () => {
    const written = { ...template, paragraphs: ['我们自己写的。', ...ownWords.receipt.paragraphs] }
    const after = chosen(written)
    expect([after, strangerIn(after)]).toEqual([{ ...written, paper: 'acceptance' }, 'receipt'])
    expect(strangerIn({ ...after, title: '受理通知', paragraphs: ['我们自己写的。'] })).toBeUndefined()
    expect(Object.keys(ownWords).filter((paper) => strangerIn({ paper, ...ownWords[paper as Paper] }))).toEqual([])
  })
})

test('the day of what waits is taken over to the minute, never before it', () => {
  const taken = ['2026-12-31T16:00:00.000Z', '2026-12-31T15:59:00.001Z'].map((utc) => laterAt(utc))
  const midnight = { when: 'later', date: '2027-01-01', time: '00:00' }
  expect(taken).toEqual([midnight, midnight])
  const at = effectiveOf({ ...emptyForm, ...laterAt('2026-12-31T16:00:00.000Z') }, new Date('2026-12-01T00:00:00Z'))
  expect(at).toBe('2026-12-31T16:00:00.000Z')
})
