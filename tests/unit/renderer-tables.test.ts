import { expect, test } from 'vitest'
import type { FoundDocument } from '../../preload/contract/standards/tables.ts'
import { keepTyped } from '../../renderer/app/typed-keeper.ts'
import { canTake, chosenOf, inOrder, turnedOver, wishOf } from '../../renderer/features/standards/tables/choice.ts'

type Beside = NonNullable<FoundDocument['copy']>['state'] | null

const found = (key: string, state: FoundDocument['state'], beside: Beside): FoundDocument => ({
  ...{ key, kind: 'matter', id: key, name: key, department: '', file: 'a.xlsx', state },
  changes: { count: 0, words: [] },
  copy: beside && { copyId: key, state: beside, revision: 3, updatedAtUtc: '2026-03-02T12:00:00.000Z' },
})
const documents = [
  found('same', 'same', null),
  found('new', 'new', null),
  found('changed', 'changed', null),
  found('written', 'changed', 'differs'),
  found('back to what is out', 'same', 'differs'),
  found('taken', 'changed', 'same'),
  found('waits', 'changed', 'out'),
]
const keys = (list: readonly FoundDocument[]) => list.map(({ key }) => key)

test('what replaces nothing is chosen until it is left out; what would replace a working copy only when it is asked for', () => {
  expect(keys(documents.filter(canTake))).toEqual(['new', 'changed', 'written', 'back to what is out'])
  expect(keys(chosenOf(documents, new Set()))).toEqual(['new', 'changed'])
  const turned = turnedOver(turnedOver(new Set(), ['new', 'written', 'waits']), ['waits'])
  expect(keys(chosenOf(documents, turned))).toEqual(['changed', 'written'])
  expect(chosenOf(documents, turned).map(wishOf)).toEqual([
    { key: 'changed', replaces: null },
    { key: 'written', replaces: { copyId: 'written', revision: 3 } },
  ])
  expect(keys(inOrder(documents)).at(-1)).toBe('same')
})

/** A keeper over a desk and a journal that answer when they are told to. */
function startKeeping(upTo = 0) {
  const [rows, saved, forgotten]: [string[], string[], number[]] = [[], [], []]
  let answer: ((isSaved: boolean) => void) | undefined
  const keeper = keepTyped({
    ...{ start: { text: '' }, check: { revision: 1 }, upTo, saveDelay: 0, retryDelay: 60_000 },
    isSame: (before, after) => before.text === after.text,
    journal: {
      record: async (_, after) => rows.push(after.text),
      acknowledge: async (mark) => void forgotten.push(mark),
    },
    save: (typed) =>
      new Promise((resolve) => {
        saved.push(typed.text)
        answer = (isSaved) =>
          resolve(
            isSaved
              ? { ok: true, value: { revision: saved.length + 1 } }
              : { ok: false, error: { code: 'DESK_RESTARTING', details: {} } },
          )
      }),
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { keeper, rows, saved, forgotten, settled, answer: (isSaved: boolean) => answer?.(isSaved) }
}

test('every keystroke is in the journal before it is sent, and only what the desk acknowledged is forgotten', async () => {
  const { keeper, rows, saved, forgotten, settled, answer } = startKeeping()
  keeper.change({ text: 'a' })
  await settled()
  keeper.change({ text: 'ab' })
  keeper.change({ text: 'abc' })
  await settled()
  expect([rows, saved, forgotten]).toEqual([['a', 'ab', 'abc'], ['a'], []])
  answer(true)
  await settled()
  expect([saved, forgotten, keeper.current().saving.kind]).toEqual([['a', 'abc'], [1], 'saving'])
  answer(true)
  await settled()
  expect([forgotten, keeper.current().saving.kind, keeper.current().check.revision]).toEqual([[1, 3], 'saved', 3])
  keeper.stop()
})

test('what the desk did not take stays in the journal, is told, and goes with the next', async () => {
  const { keeper, saved, forgotten, settled, answer } = startKeeping()
  keeper.change({ text: 'a' })
  await settled()
  answer(false)
  await settled()
  expect([keeper.current().saving.kind, forgotten]).toEqual(['failed', []])
  keeper.change({ text: 'ab' })
  await settled()
  answer(true)
  await settled()
  expect([saved, forgotten, keeper.current().saving.kind]).toEqual([['a', 'ab'], [2], 'saved'])
  keeper.stop()
})

test('what was found in the journal is saved without a keystroke', async () => {
  const { keeper, saved, forgotten, answer, settled } = startKeeping(7)
  const flushed = keeper.flush()
  await settled()
  answer(true)
  expect([await flushed, saved, forgotten]).toEqual([true, [''], [7]])
  keeper.stop()
})
