import { describe, expect, test } from 'vitest'
import type { PageComparison } from '../../preload/contract/seals.ts'
import type { CheckedSeal, PdfVerdict, SealedChange } from '../../preload/contract/verification.ts'
import { orderOfPages, pageState, pagesToShow, sealToShow } from '../../renderer/features/seals/verify/page-order.ts'

const change = (page: number | null, allowed: boolean): SealedChange => ({
  kind: allowed ? 'new-seal' : 'annotation',
  revision: 2,
  page,
  field: '',
  allowed,
  sentence: '',
})

const seal = (changes: readonly SealedChange[], verdict: CheckedSeal['verdict'] = 'valid'): CheckedSeal => ({
  field: 'Seal1',
  kind: 'seal',
  verdict,
  sentence: '',
  why: '',
  intact: true,
  chain: 'trusted',
  signer: '',
  organisation: '',
  certificate: null,
  algorithm: '',
  subFilter: '',
  signedRange: [],
  revision: 1,
  coversWholeFile: changes.length === 0,
  claimedAtUtc: '',
  provenAtUtc: '',
  reason: '',
  location: '',
  places: [],
  changes: [...changes],
})

const verdictOf = (seals: CheckedSeal[], pages: number): PdfVerdict => ({
  verdict: 'valid',
  sentence: '',
  pages,
  revisions: 2,
  seals,
})

const comparison: PageComparison = {
  page: 1,
  widthMm: 210,
  heightMm: 297,
  before: true,
  after: true,
  share: 0,
  boxes: [],
  sealBoxes: [],
}
const box = { page: 1, xMm: 1, yMm: 1, widthMm: 5, heightMm: 5 }

describe('the pages since a seal', () => {
  test('are compared with what is not allowed first, then what is, then from the front', () => {
    const changed = seal([change(2, true), change(4, false), change(null, false)])
    expect(orderOfPages(verdictOf([changed], 5), changed)).toEqual([4, 2, 1, 3, 5])
  })

  test('are not compared where nothing came after, and not all by themselves in a thick file', () => {
    expect(orderOfPages(verdictOf([seal([])], 5), seal([]))).toEqual([])
    const thick = seal([change(900, false)])
    const order = orderOfPages(verdictOf([thick], 1000), thick)
    expect(order[0]).toBe(900)
    expect(order).toHaveLength(60)
  })

  test('count those that a change names although they are gone', () => {
    const shortened = seal([change(7, false)])
    expect(pagesToShow(verdictOf([shortened], 5), shortened)).toBe(7)
  })

  test('stand as the comparison says', () => {
    expect(pageState(undefined)).toBe('waiting')
    expect(pageState(comparison)).toBe('same')
    expect(pageState({ ...comparison, sealBoxes: [box] })).toBe('sealed')
    expect(pageState({ ...comparison, sealBoxes: [box], boxes: [box] })).toBe('changed')
    expect(pageState({ ...comparison, before: false })).toBe('added')
    expect(pageState({ ...comparison, after: false })).toBe('removed')
  })
})

describe('the seal that is shown first', () => {
  test('is the one after which something was changed, else the one that is not valid, else the oldest', () => {
    const fine = seal([])
    const changed = seal([change(1, false)], 'changed')
    const invalid = seal([], 'invalid')
    expect(sealToShow(verdictOf([fine, invalid, changed], 1))).toBe(2)
    expect(sealToShow(verdictOf([fine, invalid], 1))).toBe(1)
    expect(sealToShow(verdictOf([fine, fine], 1))).toBe(0)
    expect(sealToShow(verdictOf([], 1))).toBe(0)
  })
})
