import { describe, expect, test } from 'vitest'
import { type ErrorDetails, errorCodes } from '../../preload/contract/errors.ts'
import { linkWord } from '../../renderer/app/link-state.ts'
import { keysOf } from '../../renderer/app/shortcuts.ts'
import { pagesFor } from '../../renderer/app/use-pages.ts'
import { maskIdNumbers } from '../../renderer/features/case/answer-rows.ts'
import { trainingStep } from '../../renderer/features/queue/training-step.ts'
import { waitUntilUtc } from '../../renderer/features/session/wait.ts'
import { en } from '../../renderer/messages/en.ts'
import { sentenceInEnglish } from '../../renderer/messages/errors-en.ts'
import { zhCN } from '../../renderer/messages/zh-cn.ts'
import { shortNumber, timeLeftOf } from '../../renderer/ui/case-words.ts'
import {
  clockOf,
  dayOf,
  listMomentOf,
  momentOf,
  plainDate,
  shortMomentOf,
  sizeInWords,
  spanOf,
} from '../../renderer/ui/dates.ts'

describe('dates', () => {
  test('are told in Shanghai whatever the zone of the machine, with 24 hours', () => {
    expect(momentOf('2026-11-22T16:05:00.000Z')).toBe('2026年11月23日 00:05')
    expect(dayOf('2026-12-31T15:59:59.000Z')).toBe('2026年12月31日')
    expect(clockOf('2026-11-23T05:30:00.000Z')).toBe('13:30')
    expect(plainDate('2026-12-01')).toBe('2026年12月1日')
  })

  test('are as short as the day allows', () => {
    expect(shortMomentOf('2026-11-22T16:05:00.000Z', '2026-11-23')).toBe('00:05')
    expect(shortMomentOf('2026-11-22T15:05:00.000Z', '2026-11-23')).toBe('11月22日 23:05')
    expect(shortMomentOf('2025-11-22T15:05:00.000Z', '2026-11-23')).toBe('2025年11月22日 23:05')
    expect(listMomentOf('2026-11-22T15:05:00.000Z', '2026-11-23')).toBe('11月22日')
    expect(listMomentOf('2026-11-22T16:05:00.000Z', '2026-11-23')).toBe('00:05')
  })

  test('lengths of time take the largest whole unit and never go below nothing', () => {
    expect([-5, 59_999, 60_000, 3_599_999, 7_200_000, 172_800_000].map(spanOf)).toEqual([
      { unit: 'seconds', count: 0 },
      { unit: 'seconds', count: 59 },
      { unit: 'minutes', count: 1 },
      { unit: 'minutes', count: 59 },
      { unit: 'hours', count: 2 },
      { unit: 'days', count: 2 },
    ])
  })

  test('sizes are told in the unit that people read', () => {
    expect([12, 340 * 1024, 1.25 * 1024 ** 2, 27.5 * 1024 ** 3].map(sizeInWords)).toEqual([
      '12 B',
      '340 KB',
      '1.3 MB',
      '27.5 GB',
    ])
  })
})

describe('a case in the list', () => {
  const promised = { date: '2026-12-21', days: 20, unit: 'workday' } as const

  test('shows the part of its number that differs within the station', () => {
    expect(shortNumber('440282113201-1-20261123-0007')).toBe('20261123-0007')
    expect(shortNumber('440282113201-1-20261123-0007', '440282113201-1')).toBe('20261123-0007')
    expect(shortNumber('440282113201-1-20261123-0007', '440282113201-2')).toBe('1-20261123-0007')
  })

  test('counts down to its promise, then tells how late it is', () => {
    const left = (daysLeft: number | null) => timeLeftOf({ state: 'accepted', daysLeft, promised })
    expect([20, 3, 0, -2, null].map(left)).toEqual([
      { kind: 'fine', count: 20, share: 1 },
      { kind: 'soon', count: 3, share: 0.15 },
      { kind: 'today', count: 0, share: 0 },
      { kind: 'late', count: 2, share: 0 },
      { kind: 'unknown' },
    ])
  })

  test('has no deadline any more once it has ended', () => {
    const kinds = (['refused', 'approved', 'denied', 'closed'] as const).map(
      (state) => timeLeftOf({ state, daysLeft: -9, promised }).kind,
    )
    expect(kinds).toEqual(['none', 'none', 'none', 'none'])
  })

  test('is read with the page that holds it and the first, which brings the counts', () => {
    expect([pagesFor(0, 30), pagesFor(90, 110), pagesFor(450, 460), pagesFor(0, 0)]).toEqual([[0], [0, 1], [0, 4], [0]])
  })
})

describe('the link in a word', () => {
  const status = {
    linkOn: true,
    phase: 'idle',
    online: true,
    sinceUtc: '2026-11-23T04:00:00.000Z',
    headSeq: 4,
    acknowledgedSeq: 4,
    unsentEntries: 0,
    unsentCases: 0,
    lastSuccessUtc: null,
    lastError: '',
    nextTryUtc: null,
    clockSkewSeconds: null,
    centreUrl: '',
    link: 'online',
    lastErrorReason: 'none',
    route: 'centre',
    relayedSeq: 0,
    bytesPerSecond: null,
    roundTripMs: null,
    textBytes: 0,
    textEtaSeconds: 0,
    filesEtaSeconds: 0,
    unsentFiles: 0,
    unsentFileBytes: 0,
    sendingNow: '',
    returnedCases: 0,
    unreadNotices: 0,
    replaced: false,
  } as const

  test('is offline with the cable out, even where the centre was just seen', () => {
    expect(linkWord({ ...status, linkOn: false })).toBe('offline')
    expect(linkWord({ ...status, linkOn: false, online: false, replaced: true })).toBe('replaced')
    expect(linkWord({ ...status, online: false, link: 'offline', phase: 'waiting' })).toBe('offline')
  })

  test('tells a window that the centre does not know yet from a link that is down', () => {
    const unknown = { ...status, online: false, link: 'offline', lastErrorReason: 'not-enrolled' } as const
    expect([linkWord(unknown), linkWord({ ...unknown, linkOn: false })]).toEqual(['unenrolled', 'offline'])
  })

  test('stays slow between the tries of a link that breaks off and carries again', () => {
    expect(linkWord({ ...status, online: false, link: 'slow', phase: 'waiting' })).toBe('slow')
  })

  test('is slow or over the hall, never offline, as long as it carries', () => {
    expect(linkWord({ ...status, link: 'slow', phase: 'sending' })).toBe('slow')
    expect(linkWord({ ...status, link: 'slow', route: 'relay' })).toBe('relay')
    expect(linkWord({ ...status, online: false, link: 'offline', route: 'relay' })).toBe('relay')
    expect(linkWord({ ...status, linkOn: false, link: 'off', route: 'relay' })).toBe('offline')
  })

  test('tells sending, a failed try and rest apart', () => {
    expect(linkWord({ ...status, phase: 'sending' })).toBe('sending')
    expect(linkWord({ ...status, phase: 'waiting', lastError: '中心没有回应' })).toBe('retry')
    expect([linkWord(status), linkWord({ ...status, phase: 'waiting' }), linkWord(undefined)]).toEqual([
      'online',
      'online',
      'unknown',
    ])
  })
})

describe('keys', () => {
  const none = { code: '', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false }

  test('are named as the hints write them', () => {
    expect(keysOf({ ...none, key: 'F2' })).toBe('F2')
    expect(keysOf({ ...none, key: 'Escape' })).toBe('Esc')
    expect(keysOf({ ...none, key: 'k', ctrlKey: true })).toBe('Ctrl+K')
    expect(keysOf({ ...none, key: 'Enter', ctrlKey: true })).toBe('Ctrl+Enter')
  })

  test('take the digit of Alt+digit from the key itself, since layouts put other characters there', () => {
    expect(keysOf({ ...none, key: '¡', code: 'Digit1', altKey: true })).toBe('Alt+1')
    expect(keysOf({ ...none, key: '3', code: 'Numpad3', altKey: true })).toBe('Alt+3')
  })
})

describe('a wrong PIN', () => {
  const now = Date.parse('2026-11-23T04:00:00.000Z')

  test('makes one wait for the seconds that the desk tells', () => {
    expect(waitUntilUtc({ code: 'PIN_WAIT', details: { seconds: 90 } }, now)).toBe('2026-11-23T04:01:30.000Z')
    expect(waitUntilUtc({ code: 'SEAL_PIN_WAIT', details: {} }, now)).toBe('2026-11-23T04:01:00.000Z')
  })

  test('makes nobody wait while tries are left', () => {
    expect(waitUntilUtc({ code: 'PIN_WRONG', details: { left: 3 } }, now)).toBeNull()
  })
})

describe('words', () => {
  const leaves = (words: object, path = ''): [string, string][] =>
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value as object, `${path}${key}.`),
    )
  const named = (text: string) => (text.match(/\{\{\w+\}\}|<\w+\/>/g) ?? []).sort()

  test('name the same values in both languages', () => {
    const english = new Map(leaves(en))
    const different = leaves(zhCN).filter(([key, text]) => named(text).join() !== named(english.get(key) ?? '').join())
    expect(different).toEqual([])
  })

  test('tell every failure in English without a code and without an unfilled place', () => {
    const details = {
      field: 'a',
      left: 2,
      seconds: 9,
      seq: 3,
      year: 2027,
      limitMb: 50,
      characters: '㐂',
      page: 2,
      pages: 1,
      port: 1,
      name: 'a',
      window: 'a',
      missingMb: 3,
      release: 2,
      inForce: 3,
      base: 1,
      place: 'a',
      document: 'a',
      county: '440281',
    }
    const wrong = errorCodes.filter((code) =>
      /[A-Z]{3,}_|\?\s|\{/.test(Object.values(sentenceInEnglish(code, details)).join(' ')),
    )
    expect(wrong).toEqual([])
  })

  test('tell an old release from one that was signed before its key was handed over', () => {
    const title = (details: ErrorDetails) => sentenceInEnglish('RELEASE_OLD', details).title
    expect([title({ release: 1, inForce: 2 }), title({ release: 2, inForce: 0, handedOver: 2 })]).toEqual([
      'This is release 1, an old one: release 2 is here already.',
      'This is release 2, an old one: it was signed before the publisher changed keys (release 2).',
    ])
  })

  test('hide an ID number wherever it stands in an answer, and nothing else', () => {
    expect(maskIdNumbers('子 44028219400101901X，电话 13800000000')).toBe('子 440*************1X，电话 13800000000')
    expect(maskIdNumbers('6222020000000000123')).toBe('6222020000000000123')
  })
})

describe('the guide of training', () => {
  test('leads from the first case over the seal and the cut link to the answer of the centre', () => {
    const begun = { cases: 1, answered: false, waitingDocuments: 0, linkOn: true, unsentCases: 0 }
    expect(trainingStep({ ...begun, cases: 0 })).toBe('receive')
    expect(trainingStep({ ...begun, waitingDocuments: 1, linkOn: false })).toBe('seal')
    expect(trainingStep(begun)).toBe('unplug')
    expect(trainingStep({ ...begun, linkOn: false })).toBe('receive-offline')
    expect(trainingStep({ ...begun, cases: 2, linkOn: false, unsentCases: 1 })).toBe('plug')
    expect(trainingStep({ ...begun, cases: 2 })).toBe('answer')
    expect(trainingStep({ ...begun, cases: 2, answered: true })).toBe('done')
  })
})
