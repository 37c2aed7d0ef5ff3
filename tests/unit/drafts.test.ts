import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answers } from '../../preload/contract/entries.ts'
import { changedAnswers, mergePending } from '../../renderer/drafts/index.ts'

const answers = fc.dictionary(
  fc.constantFrom('name', 'phone', 'household', '__proto__', 'constructor'),
  fc.jsonValue(),
) as fc.Arbitrary<Answers>

/** Answers as text, by their names: values may be objects that no sorting may ask for a text. */
const inOrder = (given: Answers): string =>
  JSON.stringify(Object.entries(given).toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)))

describe('keystrokes that the desk has not acknowledged', () => {
  it('laid over the saved answers give exactly what was typed', () => {
    fc.assert(
      fc.property(answers, answers, (before, after) => {
        const merged = mergePending(before, changedAnswers(before, after))
        expect(inOrder(merged)).toBe(inOrder(after))
      }),
    )
  })
  it('are none when nothing changed', () => {
    fc.assert(
      fc.property(answers, (same) => {
        expect(changedAnswers(same, structuredClone(same))).toEqual([])
      }),
    )
  })
  it('keep the last of several values of one answer', () => {
    const typed = [
      { name: 'name', value: '演' },
      { name: 'name', value: '演练' },
      { name: 'phone', gone: true as const },
    ]
    expect(mergePending({ phone: '13800000000' }, typed)).toEqual({ name: '演练' })
  })
})
