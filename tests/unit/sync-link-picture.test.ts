import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPace, originalsDoneInMs, originalsWindow } from '../../main/features/sync/link-budget.ts'
import { createLinkMeter } from '../../main/features/sync/link-meter.ts'
import { watchForSigns } from '../../main/features/sync/link-signs.ts'
import { type LinkState, reasonOf } from '../../main/features/sync/link-state.ts'
import { estimate, type LinkPicture, linkInAWord, pictureStatus } from '../../main/features/sync/status.ts'
import { refused, unreachable } from '../../main/wire/transport/link-failures.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type LinkSettings, linkMinuteSchema } from '../../preload/contract/sync.ts'

const always: LinkSettings = {
  ...{ budgetKbit: null, originals: 'always', nightFrom: '21:00', nightUntil: '06:00', proxyUrl: null },
}
const nights: LinkSettings = { ...always, originals: 'night' }
const at = (time: string) => Date.parse(`2026-03-02T${time}:00+08:00`)
const minutes = (milliseconds: number) => Math.round(milliseconds / 60_000)

test('the night is by Shanghai time, over midnight, within a day, or all day', () => {
  const seen = (settings: LinkSettings, time: string) => {
    const { isOpen, changesInMs } = originalsWindow(settings, at(time))
    return [isOpen, minutes(changesInMs)]
  }
  const noon: LinkSettings = { ...nights, nightFrom: '12:00', nightUntil: '13:30' }
  expect([
    seen(nights, '20:59'),
    seen(nights, '21:00'),
    seen(nights, '02:00'),
    seen(nights, '06:00'),
    seen(noon, '12:30'),
    seen(noon, '14:00'),
    seen({ ...nights, nightUntil: '21:00' }, '15:00')[0],
    seen(always, '15:00')[0],
  ]).toEqual([[false, 1], [true, 540], [true, 240], [false, 900], [true, 60], [false, 1320], true, true])
})

test('sending at night alone goes on the next night, and what takes a month is not known', () => {
  const hours = (hours: number) => hours * 3_600_000
  expect([
    originalsDoneInMs(nights, at('20:00'), hours(1)),
    originalsDoneInMs(nights, at('22:00'), hours(1)),
    originalsDoneInMs(nights, at('20:00'), hours(10)),
    originalsDoneInMs(nights, at('20:00'), 0),
    originalsDoneInMs(nights, at('20:00'), hours(9 * 40)),
    originalsDoneInMs(always, at('20:00'), hours(10)),
  ]).toEqual([hours(2), hours(1), hours(1 + 24 + 1), 0, null, hours(10)])
})

test('a window opens and closes at least once a day and never in the past', () => {
  const time = fc.integer({ min: 0, max: 1439 }).map((minute) => {
    const [hour, rest] = [Math.floor(minute / 60), minute % 60]
    return `${String(hour).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
  })
  fc.assert(
    fc.property(time, time, fc.integer({ min: 0, max: 4e12 }), (nightFrom, nightUntil, nowMs) => {
      fc.pre(nightFrom !== nightUntil)
      const settings = { ...nights, nightFrom, nightUntil }
      const { isOpen, changesInMs } = originalsWindow(settings, nowMs)
      expect(changesInMs).toBeGreaterThan(0)
      expect(changesInMs).toBeLessThanOrEqual(24 * 3_600_000)
      expect(originalsWindow(settings, nowMs + changesInMs + 1).isOpen).toBe(!isOpen)
    }),
  )
})

test('a budget lets through what it says and a second of it at once, each way by itself', async () => {
  let nowMs = 0
  const waits: number[] = []
  const timer = (callback: () => void, milliseconds: number) => {
    waits.push(Math.round(milliseconds))
    nowMs += milliseconds
    callback()
    return () => undefined
  }
  let kbit: number | null = 16
  const pace = createPace(
    () => kbit,
    timer,
    () => nowMs,
  )
  for (let kilobyte = 0; kilobyte < 20; kilobyte++) await pace(1_000, 'up')
  const upMs = nowMs
  await pace(1_000, 'down')
  const downFree = nowMs === upMs
  kbit = null
  await pace(1_000_000, 'up')
  // 20,000 bytes at 2,000 a second, the first second's worth at once.
  expect({ upMs, downFree, nothingMore: nowMs === upMs }).toEqual({ upMs: 9_000, downFree: true, nothingMore: true })
})

const state: LinkState = {
  ...{ on: true, phase: 'idle', online: true, heard: true, route: 'centre', sinceUtc: '2026-03-02T00:00:00.000Z' },
  ...{ headSeq: 10, acknowledgedSeq: 10, unsentCount: 0, lastSuccessUtc: null, lastError: null, nextTryUtc: null },
  clockSkewSeconds: null,
}
const idle: LinkPicture = {
  ...{ state, settings: always, bytesPerSecond: null, roundTripMs: null, entryBytes: 200, nowMs: at('10:00') },
  ...{ files: { count: 0, bytes: 0, soon: { count: 0, bytes: 0 } }, fileUnderWay: '' },
}

test('a slow link is slow, a gone one offline, one switched off is off', () => {
  const said = (part: Partial<LinkPicture>, link: Partial<LinkState> = {}) =>
    linkInAWord({ ...idle, ...part, state: { ...state, ...link } })
  expect([
    said({}),
    said({ bytesPerSecond: 100_000 }),
    said({ bytesPerSecond: 2_000 }),
    said({ bytesPerSecond: 10_000 }, { unsentCount: 2_000 }),
    said({ bytesPerSecond: 100_000, settings: { ...always, budgetKbit: 16 } }),
    said({}, { online: false, heard: true }),
    said({}, { online: false, heard: false }),
    said({}, { on: false }),
  ]).toEqual(['online', 'online', 'slow', 'slow', 'slow', 'slow', 'offline', 'off'])
})

test('estimates say when text and files have left, by the budget and the night, and nothing where nothing is known', () => {
  const files = { count: 3, bytes: 3_620_000, soon: { count: 2, bytes: 20_000 } }
  const waiting = { ...idle, files, state: { ...state, unsentCount: 100 } }
  const eta = (part: Partial<LinkPicture>) => {
    const { textEtaSeconds, filesEtaSeconds } = estimate({ ...waiting, ...part })
    return [textEtaSeconds, filesEtaSeconds]
  }
  expect([
    eta({}),
    eta({ bytesPerSecond: 2_000 }),
    eta({ bytesPerSecond: 200_000, settings: { ...always, budgetKbit: 16 } }),
    eta({ bytesPerSecond: 2_000, settings: nights }),
    eta({ ...idle }),
  ]).toEqual([
    [null, null],
    [10, 10 + 1_810],
    [10, 10 + 1_810],
    // At 21:00, eleven hours from now, and 3.6 MB from there.
    [10, 11 * 3_600 + 1_800],
    [0, 0],
  ])
})

test('each failure has its word for the program and its sentence for people', () => {
  const failureOf = ({ code, details }: AppError) => ({ code, details })
  const failures = [
    unreachable('portal'),
    unreachable('tls-expired'),
    unreachable('busy'),
    refused({ error: 'clock_skew', message: '' }),
    new AppError('CENTRE_NONSENSE'),
    new AppError('LEDGER_FORKED'),
    new AppError('LINK_DOWN'),
    unreachable('stopped'),
    new AppError('INTERNAL'),
  ].map(failureOf)
  expect([null, ...failures].map(reasonOf)).toEqual([
    ...['none', 'portal', 'tls-expired', 'busy', 'refused-by-centre', 'nonsense', 'forked', 'switched-off'],
    ...['other', 'other'],
  ])
  const sentences = failures.map((lastError) => pictureStatus({ ...idle, state: { ...state, lastError } }).lastError)
  expect(new Set(sentences).size).toBe(failures.length)
  expect(sentences[0]).toContain('登录')
})

test('the hour is kept by minutes, whatever the clock does', () => {
  let monotonicMs = 0
  let nowMs = at('10:00')
  const meter = createLinkMeter(
    () => nowMs,
    () => monotonicMs,
  )
  for (let minute = 0; minute < 90; minute++) {
    meter.sent(minute)
    if (minute % 3 === 0) meter.noteExchange(minute % 2 === 0 ? 'good' : 'bad')
    monotonicMs += 60_000
    nowMs += 60_000
    if (minute === 80) nowMs -= 1e9
  }
  const history = meter.history()
  expect(history.every((minute) => linkMinuteSchema.safeParse(minute).success)).toBe(true)
  expect({ length: history.length, first: history[0]?.upBytes, last: history.at(-1) }).toMatchObject({
    ...{ length: 60, first: 31, last: { upBytes: 0, downBytes: 0, state: 'none' } },
  })
  expect(history.slice(-7, -1).map((minute) => minute.state)).toEqual(['good', 'none', 'none', 'bad', 'none', 'none'])
  expect(history.map(({ atUtc }) => atUtc)).toEqual(history.map(({ atUtc }) => atUtc).toSorted())
})

test('a minute is up where it carried, also while one file goes on, and cut where it broke off beside that; down where nothing came', () => {
  let monotonicMs = 0
  const meter = createLinkMeter(
    () => 0,
    () => monotonicMs,
  )
  const inAMinute: (() => void)[] = [
    () => meter.noteExchange('good'),
    () => meter.received(100),
    () => {
      meter.noteExchange('good')
      meter.noteExchange('bad')
    },
    () => meter.noteExchange('cut'),
    () => {
      // Somebody else's page in its place.
      meter.received(100)
      meter.noteExchange('bad')
    },
    () => meter.sent(100),
  ]
  for (const work of inAMinute) {
    work()
    monotonicMs += 60_000
  }
  const states = meter.history().map(({ state }) => state)
  expect(states).toEqual(['good', 'good', 'cut', 'cut', 'bad', 'none', 'none'])
})

test('what the link carries is smoothed: the last minute counts more than the hour before', () => {
  const meter = createLinkMeter(
    () => 0,
    () => 0,
  )
  expect(meter.bytesPerSecond()).toBeNull()
  for (let span = 0; span < 100; span++) meter.carried?.(4_000, 2_000)
  expect(meter.bytesPerSecond()).toBeCloseTo(2_000, 3)
  for (let span = 0; span < 30; span++) meter.carried?.(400, 2_000)
  expect(meter.bytesPerSecond()).toBeLessThan(500)
})

test('another network, a sleep and a set clock are signs; an hour in which nothing changed is none', async () => {
  let addresses = '10.0.0.2'
  let [monotonicMs, wallMs] = [0, 0]
  let looks = 0
  let looked = () => {}
  const signs: string[] = []
  const end = watchForSigns({
    ...{ everyMs: 1, onSign: (sign) => signs.push(sign) },
    addresses: () => {
      looks += 1
      looked()
      return addresses
    },
    monotonicMs: () => monotonicMs,
    wallMs: () => wallMs,
  })
  /** Two more looks: what was changed before the first has been seen by then. */
  const look = async () => {
    const until = looks + 2
    while (looks < until) {
      await new Promise<void>((resolve) => {
        looked = resolve
      })
    }
  }
  await look()
  addresses = ''
  await look()
  addresses = '10.0.0.3'
  await look()
  wallMs += 3_600_000
  await look()
  wallMs -= 7_200_000
  await look()
  monotonicMs += 30_000
  wallMs += 30_000
  await look()
  end()
  expect(signs).toEqual(['network', 'network', 'resume', 'resume', 'resume'])
})
