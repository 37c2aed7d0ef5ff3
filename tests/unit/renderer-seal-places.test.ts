import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SealingPlaces } from '../../preload/contract/seals.ts'
import { noChoices, withOneMore, withoutPlacement } from '../../renderer/features/seals/sealing/choices.ts'
import {
  markOn,
  movedTo,
  nudged,
  onPage,
  overDate,
  seamStrip,
  snapped,
  suggestedPlacement,
  toMillimetres,
} from '../../renderer/features/seals/sealing/places.ts'

const a4 = { widthMm: 210, heightMm: 297 }
const date = { page: 2, xMm: 130, yMm: 220, widthMm: 40, heightMm: 6 }
const places: SealingPlaces = {
  pages: [a4, a4, a4],
  date,
  slots: [{ field: '村委会', page: 3, xMm: 20, yMm: 30, widthMm: 45, heightMm: 45 }],
  certified: false,
  sealed: false,
}
const known = { kind: 'own', places, found: [{ page: 1, xMm: 50, yMm: 60, widthMm: 20, heightMm: 5 }] } as const

describe('a seal under the pointer', () => {
  test('is where the pointer is, whatever the zoom', () => {
    const rect = { left: 100, top: 50, width: 420, height: 594 }
    expect(toMillimetres({ clientX: 310, clientY: 347 }, rect, a4)).toEqual({ xMm: 105, yMm: 148.5 })
  })

  test('never leaves the page', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -900, max: 900 }), fc.constantFrom(42, 45), (mm, diameterMm) => {
        const { xMm, yMm } = onPage({ xMm: mm, yMm: -mm }, a4, diameterMm)
        expect(xMm).toBeGreaterThanOrEqual(0)
        expect(yMm).toBeGreaterThanOrEqual(0)
        expect(xMm + diameterMm).toBeLessThanOrEqual(a4.widthMm)
        expect(yMm + diameterMm).toBeLessThanOrEqual(a4.heightMm)
      }),
    )
  })

  test('is moved by the arrow keys: 1 mm, with Shift 10 mm, at the edge no further', () => {
    const key = (name: string, shiftKey = false) => nudged({ xMm: 5, yMm: 100 }, { key: name, shiftKey }, a4, 42)
    expect(key('ArrowRight')).toEqual({ xMm: 6, yMm: 100 })
    expect(key('ArrowUp', true)).toEqual({ xMm: 5, yMm: 90 })
    expect(key('ArrowLeft', true)).toEqual({ xMm: 0, yMm: 100 })
    expect(key('Enter')).toBeNull()
  })

  test('is drawn onto the date when it is near, each way by itself, and only on the page of the date', () => {
    const aim = overDate(date, 42)
    expect(aim).toEqual({ xMm: 129, yMm: 197 })
    expect(snapped({ xMm: 133, yMm: 199 }, date, 2, 42)).toEqual({ corner: aim, across: true, down: true })
    expect(snapped({ xMm: 133, yMm: 150 }, date, 2, 42)).toEqual({
      corner: { xMm: 129, yMm: 150 },
      across: true,
      down: false,
    })
    expect(snapped({ xMm: 133, yMm: 199 }, date, 1, 42)).toMatchObject({ across: false, down: false })
  })
})

describe('a placement', () => {
  test('shows on its own page alone', () => {
    expect(markOn(2, { kind: 'date' }, 0, known, 42)?.corner).toEqual({ xMm: 129, yMm: 197 })
    expect(markOn(1, { kind: 'date' }, 0, known, 42)).toBeNull()
    expect(markOn(3, { kind: 'slot', field: '村委会' }, 0, known, 45)?.corner).toEqual({ xMm: 20, yMm: 30 })
    expect(markOn(3, { kind: 'slot', field: '镇政府' }, 0, known, 45)).toBeNull()
  })

  test('beside a text keeps its distance from the text when it is dragged', () => {
    const anchor = { kind: 'anchor', text: '盖章', occurrence: 'last', rightMm: 0, downMm: 0 } as const
    const moved = movedTo(anchor, 1, { xMm: 49, yMm: 51.5 }, known, 42)
    expect(moved).toEqual({ ...anchor, rightMm: 10, downMm: 10 })
    expect(markOn(1, moved, 0, known, 42)?.corner).toEqual({ xMm: 49, yMm: 51.5 })
  })

  test('on the date becomes a place on the page when it is dragged away', () => {
    expect(movedTo({ kind: 'date' }, 2, { xMm: 10, yMm: 20 }, known, 42)).toEqual({
      kind: 'page',
      page: 2,
      xMm: 10,
      yMm: 20,
    })
  })

  test('of a seam shows one strip on every page, and none in a paper of one page', () => {
    const seam = { kind: 'seam', side: 'right', yMm: null } as const
    expect([1, 2, 3].map((page) => markOn(page, seam, 0, known, 42))).toEqual(
      [0, 1, 2].map((index) => ({
        index: 0,
        page: index + 1,
        corner: { xMm: 196, yMm: 127.5 },
        strip: { index, count: 3, side: 'right' },
      })),
    )
    expect(markOn(1, seam, 0, { ...known, places: { ...places, pages: [a4] } }, 42)).toBeNull()
  })

  test('of a seam over 21 pages makes two whole seals', () => {
    expect([1, 11, 12, 21].map((page) => seamStrip(page, 21, 42))).toEqual([
      { index: 0, count: 11 },
      { index: 10, count: 11 },
      { index: 0, count: 10 },
      { index: 9, count: 10 },
    ])
  })

  test('is suggested by the paper: its empty field once certified, its date, else the usual place', () => {
    expect(suggestedPlacement({ ...places, certified: true })).toEqual({ kind: 'slot', field: '村委会' })
    expect(suggestedPlacement(places)).toEqual({ kind: 'date' })
    expect(suggestedPlacement({ ...places, date: null })).toEqual({ kind: 'usual' })
  })
})

describe('the list of placements', () => {
  test('grows to four and keeps at least one', () => {
    let choices = noChoices
    for (let more = 0; more < 6; more++) choices = withOneMore(choices, { kind: 'date' })
    expect(choices.placements).toHaveLength(4)
    expect(choices.active).toBe(3)
    for (let fewer = 0; fewer < 6; fewer++) choices = withoutPlacement(choices, 0)
    expect(choices.placements).toHaveLength(1)
    expect(choices.active).toBe(0)
  })
})
