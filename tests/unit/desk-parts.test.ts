import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topicsOf, topicTeller } from '../../main/desk/events.ts'
import { scrub } from '../../main/desk/log.ts'
import { uuid7Source } from '../../main/desk/uuid7.ts'
import { programVersion } from '../../main/desk/version.ts'
import { createSessions } from '../../main/features/accounts/index.ts'
import { cleanFileName, inspectFile } from '../../main/features/materials/inspect.ts'
import packageFile from '../../package.json' with { type: 'json' }
import { AppError } from '../../preload/contract/errors.ts'
import { smallPng } from '../helpers/intake.ts'
import { settableClock } from '../helpers/store.ts'

describe('UUIDs', () => {
  it('are of version 7 and sort as they were made, also in one millisecond and when the clock is set back', () => {
    const clock = settableClock()
    const next = uuid7Source(clock)
    const made = Array.from({ length: 9000 }, (_, index) => {
      if (index === 5000) clock.set('2020-01-01T00:00:00.000Z')
      return next()
    })
    expect(made.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    )
    expect([...made].sort()).toEqual(made)
    expect(new Set(made).size).toBe(made.length)
  })
})

describe('sessions', () => {
  const clerk = { account: 'a', displayName: '演练员', role: 'clerk' as const }

  it('end when nobody works, not while somebody does, and not by a clock that is set back', () => {
    const clock = settableClock('2026-11-23T08:00:00.000Z')
    const sessions = createSessions(clock, 600)
    const [busy, idle] = [sessions.open(clerk), sessions.open(clerk)]
    clock.passSeconds(400)
    sessions.touch(busy.sessionId)
    clock.passSeconds(201)
    expect(sessions.endIdle()).toEqual([idle])
    clock.set('2026-11-22T08:00:00.000Z')
    expect(sessions.endIdle()).toEqual([])
    clock.passSeconds(601)
    expect([sessions.endIdle(), sessions.all()]).toEqual([[busy], []])
  })
})

describe('the log', () => {
  it('keeps no numbers and no names', () => {
    expect(scrub('bad 99999919400101001X of 张三 at 13800000000, row 7')).toBe('bad # of … at #, row 7')
  })
})

describe('events', () => {
  it('name each topic once', () => {
    expect(topicsOf(['case.received', 'document.made', 'session.opened'])).toEqual([
      'cases',
      'drafts',
      'files',
      'documents',
      'seals',
    ])
  })

  it('tells topics at once, and those of the next moments together', async () => {
    const told: string[][] = []
    let last: (() => void) | undefined
    const tell = topicTeller((topics) => {
      told.push(topics)
      last?.()
    }, 20)
    tell(['cases'])
    const again = new Promise<void>((resolve) => {
      last = resolve
    })
    for (let number = 0; number < 100; number += 1) tell(number % 2 === 0 ? ['seals', 'documents'] : ['seals'])
    expect(told).toEqual([['cases']])
    await again
    expect(told).toEqual([['cases'], ['seals', 'documents']])
  })
})

describe('the version', () => {
  it('is the one of package.json', () => expect(programVersion).toBe(packageFile.version))
})

describe('looking at files', () => {
  const verdict = (bytes: Uint8Array, cuts: readonly number[]) => {
    try {
      const inspector = inspectFile()
      let from = 0
      for (const cut of [...cuts, bytes.length]) {
        inspector.take(bytes.subarray(from, Math.max(from, cut)))
        from = Math.max(from, cut)
      }
      return inspector.finish()
    } catch (error) {
      if (error instanceof AppError) return error.code
      throw error
    }
  }

  it('gives the same verdict however the bytes are cut, and never throws a bug', () => {
    const heads = [
      smallPng,
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xda, 0, 2, 9, 0xff, 0xd9]),
      Buffer.from('%PDF-1.7\n'),
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...heads),
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(400)),
        (head, tail, cuts) => {
          const bytes = Buffer.concat([head, tail])
          const places = cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b)
          expect(verdict(bytes, places)).toBe(verdict(bytes, []))
        },
      ),
    )
  })

  it('finds a PNG whole or broken at every byte', () => {
    const verdicts = Array.from({ length: smallPng.length - 8 }, (_, index) =>
      verdict(smallPng.subarray(0, index + 8), []),
    )
    expect(new Set(verdicts)).toEqual(new Set(['FILE_DAMAGED']))
    expect(verdict(smallPng, [])).toBe('image/png')
  })

  it('keeps a name that the clerk will know again', () => {
    expect([cleanFileName('a/b/户口簿 1.PDF'), cleanFileName('..\\x.jpg')]).toEqual(['户口簿 1.PDF', 'x.jpg'])
  })
})
