import { describe, expect, test } from 'vitest'
import { overDate, overText, pausesJob, secondsLeft } from '../../main/features/sealing/model.ts'
import { turnsByName } from '../../main/features/sealing/service.ts'
import { resolveTargets } from '../../main/features/sealing/targets.ts'
import { createHeldChecks, type HeldCheck } from '../../main/features/verification/held-checks.ts'

const box = { page: 2, xMm: 120, yMm: 200, widthMm: 40, heightMm: 6 }

describe('where a seal goes', () => {
  test('over a date: across its middle, the date a little below the middle of the seal', () => {
    const { page, xMm, yMm } = overDate(box, 42)
    expect([page, xMm + 21]).toEqual([2, 140])
    const depth = (203 - yMm) / 42
    expect(depth).toBeGreaterThan(0.5)
    expect(depth).toBeLessThan(0.75)
  })

  test('over a date at the edge: not above or left of the page', () => {
    expect(overDate({ ...box, xMm: 0, yMm: 2, widthMm: 10 }, 42)).toEqual({ page: 2, xMm: 0, yMm: 0 })
  })

  test('over a text: its middle, moved as asked', () => {
    const anchor = { kind: 'anchor', text: '盖章', occurrence: 'last', rightMm: 10, downMm: -5 } as const
    expect(overText(box, anchor, 42)).toEqual({ page: 2, xMm: 129, yMm: 177 })
  })

  test('by the first or the last of several texts', async () => {
    const nothing = async () => undefined
    const reader = {
      findText: async () => [box, { ...box, page: 5 }],
      findSignatureDate: nothing,
      pageSizes: async () => [],
    }
    const anchor = { kind: 'anchor', text: '章', rightMm: 0, downMm: 0 } as const
    const paper = { kind: 'own', pdf: new Uint8Array(), diameterMm: 42 } as const
    const targets = await resolveTargets(reader, paper, [
      { ...anchor, occurrence: 'first' },
      { ...anchor, occurrence: 'last' },
      { kind: 'usual' },
    ])
    expect(targets).toMatchObject([{ page: 2 }, { page: 5 }, { kind: 'page' }])
    await expect(resolveTargets(reader, paper, [{ kind: 'date' }])).rejects.toMatchObject({
      code: 'SEAL_PLACE_UNKNOWN',
    })
  })
})

describe('a job', () => {
  test('waits for what concerns the seal, the disk or a person, and not for one bad paper', () => {
    expect(
      (['SEAL_TOKEN_GONE', 'SEAL_LEASE_ENDED', 'DISK_FULL', 'SEAL_REVOKED'] as const).map(pausesJob),
    ).not.toContain(false)
    expect(
      (['PDF_DAMAGED', 'PDF_FIELD_LOCKED', 'SEAL_PLACE_UNKNOWN', 'NOT_FOUND'] as const).map(pausesJob),
    ).not.toContain(true)
  })

  test('tells how long the rest takes once the first paper is done', () => {
    expect([secondsLeft(0, 10, 500), secondsLeft(5, 10, 1000), secondsLeft(5, 0, 1000)]).toEqual([null, 2, 0])
  })

  test('works on one paper after the other of the same name, also after a failure', async () => {
    const inTurn = turnsByName()
    const said: string[] = []
    const work =
      (word: string, fails = false) =>
      async () => {
        said.push(`${word} begins`)
        await new Promise((resolve) => setImmediate(resolve))
        said.push(`${word} ends`)
        if (fails) throw new Error(word)
      }
    await Promise.allSettled([inTurn('a', work('one', true)), inTurn('a', work('two')), inTurn('b', work('other'))])
    expect(said.indexOf('two begins')).toBeGreaterThan(said.indexOf('one ends'))
    expect(said.indexOf('other begins')).toBeLessThan(said.indexOf('one ends'))
  })
})

describe('checked files in memory', () => {
  const check = (verificationId: string, size: number, sessionId = 's') =>
    ({
      verification: { verificationId },
      sessionId,
      bytes: new Uint8Array(size),
      compared: new Map(),
    }) as unknown as HeldCheck

  test('are as many and as large as allowed; the one used longest ago goes', () => {
    const held = createHeldChecks({ files: 3, bytes: 100 })
    for (const id of ['a', 'b', 'c']) held.hold(check(id, 30))
    held.find('a', 's')
    held.hold(check('d', 50))
    expect(() => held.find('b', 's')).toThrow('NOT_FOUND')
    expect(() => held.find('c', 's')).toThrow('NOT_FOUND')
    expect([held.find('a', 's').bytes.length, held.find('d', 's').bytes.length]).toEqual([30, 50])
  })

  test('stay even where one is larger than all together may be, until the next comes', () => {
    const held = createHeldChecks({ files: 3, bytes: 100 })
    held.hold(check('large', 200))
    expect(held.find('large', 's').bytes.length).toBe(200)
    held.hold(check('next', 1))
    expect(() => held.find('large', 's')).toThrow('NOT_FOUND')
  })
})
