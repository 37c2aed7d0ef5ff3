import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { LedgerTail } from '../../main/features/sync/exchange.ts'
import { createLink } from '../../main/features/sync/link.ts'
import type { LinkFiles, LinkOptions } from '../../main/features/sync/link-options.ts'
import type { LinkState } from '../../main/features/sync/link-state.ts'
import { type KeptRetry, retryWaitMs } from '../../main/features/sync/link-timing.ts'
import type { CentreClient, PushAnswer } from '../../main/wire/centre-client.ts'
import { emptyHead } from '../../main/wire/entry.ts'
import { unreachable } from '../../main/wire/transport/link-failures.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { TestStation } from '../helpers/centre.ts'
import { settableClock } from '../helpers/store.ts'

/** Time that passes only when told: fires what is due, letting what was started settle. The clock may be set; time goes on. */
function handTimer() {
  const clock = settableClock()
  let elapsedMs = 0
  let due: { readonly atMs: number; readonly callback: () => void }[] = []
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    clock,
    monotonicMs: () => elapsedMs,
    timer: (callback: () => void, milliseconds: number) => {
      const item = { atMs: elapsedMs + milliseconds, callback }
      due.push(item)
      return () => {
        due = due.filter((other) => other !== item)
      }
    },
    settle,
    pass: async (seconds: number) => {
      for (let second = 0; second <= seconds; second++) {
        const ready = due.filter(({ atMs }) => atMs <= elapsedMs)
        due = due.filter((item) => !ready.includes(item))
        for (const { callback } of ready) callback()
        await settle()
        if (second === seconds) continue
        elapsedMs += 1000
        clock.passSeconds(1)
      }
    },
  }
}

function setUp(more: Partial<LinkOptions> = {}) {
  const station = new TestStation('440282104208-1')
  const hand = handTimer()
  let acknowledged = emptyHead
  let failure: AppError | undefined = unreachable('refused')
  let isPushCarried = false
  const tries: number[] = []
  const polls: number[] = []
  const states: LinkState[] = []
  const tail: LedgerTail = {
    stationId: station.id,
    head: () => station.head,
    headAt: (seq) => (seq <= station.entries.length ? station.headAt(seq) : undefined),
    acknowledged: () => acknowledged,
    acknowledge: (head) => {
      acknowledged = head
    },
    read: (from, limit) => station.entries.slice(from - 1, from - 1 + limit),
    secretOf: (subject) => station.secrets.get(subject),
    isNewAfter: () => true,
    signHead: () => '',
    feedCursor: () => 0,
    applyFeed: () => undefined,
  }
  const answer = (): PushAnswer => {
    tries.push(hand.monotonicMs())
    if (failure !== undefined && !isPushCarried) throw failure
    const { seq, hash } = station.head
    return { acknowledged: seq, hash, centreTimeUtc: hand.clock.now().toISOString(), signature: '', sentBytes: 100 }
  }
  const client: CentreClient = {
    enrol: () => Promise.reject(new Error('not in this test')),
    send: () => Promise.reject(new Error('not in this test')),
    push: async () => answer(),
    pushFrames: async (frames) => {
      for await (const _ of frames()) if (failure !== undefined) break
      return answer()
    },
    head: async () => answer(),
    feed: async (after) => {
      if (failure !== undefined) throw failure
      polls.push(hand.monotonicMs())
      return { station: station.id, after, items: [], more: false, centreTimeUtc: '', signature: '' }
    },
    clockSkewMs: () => undefined,
    close: () => undefined,
  }
  const link = createLink({
    ...{ tail, client: () => client, clock: hand.clock, timer: hand.timer, monotonicMs: hand.monotonicMs },
    ...{ switchedOn: true, keepSwitch: () => undefined, onState: (state: LinkState) => states.push(state) },
    random: () => 1 - Number.EPSILON,
    ...more,
  })
  onTestFinished(() => link.stop())
  const goUp = () => {
    failure = undefined
  }
  const goDown = (why: AppError) => {
    failure = why
  }
  /** From now on entries arrive, and what is asked after them fails. */
  const cutAfterPush = (why: AppError) => {
    failure = why
    isPushCarried = true
  }
  return { station, hand, link, tries, polls, states, goUp, goDown, cutAfterPush }
}

const gapsOf = (times: readonly number[]) =>
  times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1000))

test('waits grow, differ between stations and never pass five minutes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, random) => {
        const wait = retryWaitMs(failures, random)
        expect(wait).toBeGreaterThanOrEqual(1_000)
        expect(wait).toBeLessThanOrEqual(300_000)
      },
    ),
  )
  expect([1, 2, 3, 7, 8, 9, 100].map((failures) => retryWaitMs(failures, 0) / 1000)).toEqual([
    1, 2, 4, 64, 128, 150, 150,
  ])
})

test('a link that stays down is tried again and again, at most five minutes apart, and says when', async () => {
  const { station, hand, link, tries } = setUp()
  station.append()
  link.start()
  await hand.pass(1800)
  expect(gapsOf(tries)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])
  expect(link.state()).toMatchObject({
    phase: 'waiting',
    online: false,
    unsentCount: 1,
    lastError: { code: 'CENTRE_UNREACHABLE' },
  })
  expect(Date.parse(link.state().nextTryUtc ?? '')).toBeGreaterThan(hand.clock.now().getTime())
  await link.stop()
})

test('a new entry while the link is down brings the next try within seconds', async () => {
  const { station, hand, link, tries, goUp } = setUp()
  station.append()
  link.start()
  await hand.pass(600)
  const before = tries.length
  goUp()
  station.append()
  link.wake()
  await hand.pass(6)
  expect({ more: tries.length - before, state: link.state() }).toMatchObject({
    more: 1,
    state: { phase: 'idle', online: true, unsentCount: 0, lastError: null },
  })
  await link.stop()
})

test('a new entry goes out at once while the link is up, and the screen is told', async () => {
  const { station, hand, link, states, goUp } = setUp()
  goUp()
  link.start()
  await hand.pass(2)
  station.append()
  link.wake()
  await hand.pass(0)
  expect(link.state()).toMatchObject({ acknowledgedSeq: 1, unsentCount: 0 })
  expect(states.map(({ phase }) => phase)).toContain('sending')
})

test('after the end nothing is tried any more', async () => {
  const { station, hand, link, tries } = setUp()
  station.append()
  link.start()
  await hand.pass(1)
  await link.stop()
  const before = tries.length
  link.wake()
  await hand.pass(1000)
  expect(tries.length).toBe(before)
})

test('a clock that is set forwards or back neither stops the link nor makes it knock', async () => {
  const { station, hand, link, tries } = setUp()
  station.append()
  link.start()
  await hand.pass(40)
  const before = tries.length
  hand.clock.set('2001-01-01T00:00:00.000Z')
  await hand.pass(30)
  hand.clock.set('2099-01-01T00:00:00.000Z')
  await hand.pass(600)
  expect(gapsOf(tries.slice(before - 1))).toEqual([32, 64, 128, 256])
  const { nextTryUtc } = link.state()
  expect(Date.parse(nextTryUtc ?? '') - hand.clock.now().getTime()).toBeLessThanOrEqual(300_000)
})

test('a wait survives a restart with its reason, and its next failure waits longer; a success forgets it', async () => {
  const kept: (KeptRetry | undefined)[] = []
  const first = setUp({ keepRetry: (retry) => kept.push(retry) })
  first.station.append()
  first.link.start()
  await first.hand.pass(70)
  await first.link.stop()
  const last = kept.at(-1)
  expect(last).toMatchObject({ failures: 6, error: { code: 'CENTRE_UNREACHABLE', details: { reason: 'refused' } } })

  const second = setUp({ keptRetry: last, keepRetry: (retry) => kept.push(retry) })
  second.hand.clock.set(new Date(Date.parse(last?.nextTryUtc ?? '') - 50_000).toISOString())
  second.station.append()
  second.link.start()
  const shown = second.link.state()
  await second.hand.pass(200)
  expect(shown).toMatchObject({ phase: 'waiting', lastError: last?.error, nextTryUtc: last?.nextTryUtc })
  expect(second.tries.map((time) => Math.round(time / 1000))).toEqual([50, 178])
  second.goUp()
  await second.link.sendNow()
  expect(kept.at(-1)).toBeUndefined()
})

test('a link that is cut again and again, and carries something each time, is tried again at once each time', async () => {
  const { station, hand, link, tries, cutAfterPush } = setUp({ random: () => 0 })
  cutAfterPush(unreachable('cut'))
  station.append()
  link.start()
  await hand.pass(0)
  for (let cut = 0; cut < 8; cut++) {
    station.append()
    await hand.pass(1)
  }
  expect(new Set(gapsOf(tries))).toEqual(new Set([1]))
})

test('a kept wait that the clock makes absurd is not believed', async () => {
  const error = { code: 'CENTRE_UNREACHABLE', details: { reason: 'cut' } } as const
  const kept = { failures: 9, error, nextTryUtc: '2099-01-01T00:00:00.000Z' }
  const { station, hand, link, tries } = setUp({ keptRetry: kept })
  station.append()
  link.start()
  await hand.pass(0)
  expect(tries).toEqual([0])
})

test('a centre that asks for time gets it, from entries and signs too, but not from a person', async () => {
  const { station, hand, link, tries, goDown } = setUp()
  goDown(unreachable('busy', undefined, { retryAfterSeconds: 100 }))
  station.append()
  link.start()
  await hand.pass(50)
  station.append()
  link.wake()
  link.sign()
  await hand.pass(60)
  const unasked = tries.length
  await link.sendNow().catch(() => undefined)
  expect([unasked, tries.length]).toEqual([1, 2])
  await hand.pass(126)
  expect(gapsOf(tries)).toEqual([110, 125])
})

test('a centre that asks for a day is tried again within twenty minutes', async () => {
  const { station, hand, link, tries, goDown } = setUp()
  goDown(unreachable('busy', undefined, { retryAfterSeconds: 86_400 }))
  station.append()
  link.start()
  await hand.pass(1_200)
  expect(tries.length).toBe(2)
})

test('a sign of link brings a try within a second, a swarm of them no storm', async () => {
  const { station, hand, link, tries } = setUp()
  station.append()
  link.start()
  await hand.pass(600)
  const before = tries.length
  link.sign()
  await hand.pass(1)
  const afterOne = tries.length - before
  for (let second = 0; second < 20; second++) {
    link.sign()
    await hand.pass(1)
  }
  expect(afterOne).toBe(1)
  expect(tries.length - before).toBeLessThanOrEqual(4)
})

test('the quieter it is, the less often the feed is asked for; an entry makes it lively again', async () => {
  const { station, hand, link, polls, goUp } = setUp()
  goUp()
  link.start()
  await hand.pass(7_200)
  const quiet = gapsOf(polls)
  station.append()
  link.wake()
  await hand.pass(30)
  expect([quiet[0], quiet.at(-1), polls.length - quiet.length - 1]).toEqual([20, 120, 2])
})

test('on a slow link a quiet station asks every five minutes', async () => {
  const { hand, link, polls, goUp } = setUp({ isSlow: () => true })
  goUp()
  link.start()
  await hand.pass(7_200)
  expect(gapsOf(polls).at(-1)).toBe(300)
})

/** Files that take as long as nobody wants them to yield. */
function slowFiles() {
  const runs: string[] = []
  let check = () => {}
  const files: LinkFiles = {
    run: (_client, { signal, shouldYield, originalsAllowed }) =>
      new Promise((resolve) => {
        runs.push(originalsAllowed ? 'all' : 'by day')
        check = () => (shouldYield() || signal.aborted) && resolve()
        signal.addEventListener('abort', () => resolve())
      }),
    mayOriginalsGo: () => false,
    tryNow: () => undefined,
  }
  return { files, runs, look: () => check() }
}

test('a new entry pauses the file under way, goes out, and the file goes on', async () => {
  const { files, runs, look } = slowFiles()
  const { station, hand, link, goUp } = setUp({ files })
  goUp()
  link.start()
  await hand.pass(1)
  station.append()
  link.wake()
  look()
  await hand.settle()
  expect({ state: link.state(), runs }).toMatchObject({ state: { acknowledgedSeq: 1 }, runs: ['by day', 'by day'] })
})

test('"send now" settles with the text while files go, and lets the large ones go by day', async () => {
  const { files, runs, look } = slowFiles()
  const { hand, link, goUp } = setUp({ files })
  goUp()
  link.start()
  await hand.pass(1)
  const sent = link.sendNow()
  look()
  await sent
  await hand.settle()
  expect(runs).toEqual(['by day', 'all'])
})

test('the feed is heard while files go for hours', async () => {
  const { files, look } = slowFiles()
  const { hand, link, polls, goUp } = setUp({ files })
  goUp()
  link.start()
  for (let minute = 0; minute < 60; minute++) {
    await hand.pass(60)
    look()
    await hand.settle()
  }
  expect(polls.length).toBeGreaterThanOrEqual(20)
})

test('pulling the cable ends files and says so', async () => {
  const { files } = slowFiles()
  const { hand, link, goUp } = setUp({ files })
  goUp()
  link.start()
  await hand.pass(1)
  link.setLink(false)
  await hand.settle()
  expect(link.state()).toMatchObject({
    on: false,
    phase: 'waiting',
    nextTryUtc: null,
    lastError: { code: 'LINK_DOWN' },
  })
})

test('a link that broke off after the centre was heard is bad, one that never answered is gone', async () => {
  let [heard, more] = [0, 0]
  const meter = {
    receivedBytes: () => {
      heard += more
      return heard
    },
    noteExchange: () => undefined,
  }
  const { station, hand, link, goDown } = setUp({ meter })
  const answers: boolean[] = []
  for (const [reason, bytes] of [
    ['cut', 100],
    ['cut', 0],
    ['name', 100],
  ] as const) {
    goDown(unreachable(reason))
    station.append()
    more = bytes
    await link.sendNow().catch(() => undefined)
    answers.push(link.state().heard)
  }
  await hand.settle()
  expect(answers).toEqual([true, false, false])
})

test('a centre that answers and would not, or does not know this window yet, is no cut of the link', async () => {
  const noted: string[] = []
  let heard = 0
  const meter = {
    receivedBytes: () => {
      heard += 100
      return heard
    },
    noteExchange: (how: string) => void noted.push(how),
  }
  const { station, link, goDown, goUp } = setUp({ meter })
  const failures = [
    ...[unreachable('not-enrolled'), unreachable('busy'), new AppError('CENTRE_REFUSED', { reason: 'too_large' })],
    ...[new AppError('STATION_REPLACED'), new AppError('LEDGER_FORKED'), unreachable('cut'), unreachable('portal')],
  ]
  for (const failure of failures) {
    goDown(failure)
    station.append()
    await link.sendNow().catch(() => undefined)
  }
  goUp()
  await link.sendNow()
  expect(noted).toEqual(['cut', 'bad', 'good'])
})

test('tries that follow one another without a pause are all made', async () => {
  const { station, link, goUp } = setUp()
  goUp()
  const seen: number[] = []
  for (let round = 0; round < 10; round++) {
    station.append()
    await link.sendNow()
    seen.push(link.state().unsentCount)
  }
  expect(seen).toEqual(Array(10).fill(0))
})

test('files that break off do not keep the try that was asked for meanwhile from being made', async () => {
  let breakOff = () => {}
  let began = () => {}
  const begun = new Promise<void>((resolve) => {
    began = resolve
  })
  const files: LinkFiles = {
    run: (_client, { signal }) =>
      new Promise((_, reject) => {
        breakOff = () => reject(unreachable('cut'))
        signal.addEventListener('abort', breakOff)
        began()
      }),
    mayOriginalsGo: () => true,
    tryNow: () => undefined,
  }
  const { hand, link, goUp } = setUp({ files })
  goUp()
  link.start()
  await hand.pass(1)
  await begun
  const asked = link.sendNow()
  breakOff()
  await expect(asked).resolves.toBeUndefined()
  expect(link.state()).toMatchObject({ online: true, lastError: null })
})

test('an answer that comes after the cable was pulled does not plug it in again', async () => {
  const { station, hand, link, goUp } = setUp()
  goUp()
  station.append()
  link.start()
  const sending = link.sendNow().catch(({ code }) => code)
  link.setLink(false)
  expect(await sending).toBe('LINK_DOWN')
  await hand.settle()
  expect(link.state()).toMatchObject({ on: false, online: false, phase: 'waiting', lastError: { code: 'LINK_DOWN' } })
})

test('a cable that is back before the try that it cut has ended: the next one comes at once, and what was asked for is done', async () => {
  let end: (() => void) | undefined
  const files: LinkFiles = {
    ...{ mayOriginalsGo: () => false, tryNow: () => undefined },
    // What is taken in by a budget takes its time also where the try is cut.
    run: async () => {
      if (end !== undefined) return
      await new Promise<void>((_, reject) => {
        end = () => reject(unreachable('stopped'))
      })
    },
  }
  const exchanges: string[] = []
  const meter = { receivedBytes: () => 0, noteExchange: (how: string) => exchanges.push(how) }
  const { hand, link, goUp } = setUp({ files, meter })
  goUp()
  link.start()
  await hand.pass(1)
  link.setLink(false)
  link.setLink(true)
  const asked = link.sendNow().catch(({ code }) => code)

  end?.()
  await hand.settle()
  await hand.pass(0)

  expect({ asked: await asked, exchanges, state: link.state() }).toMatchObject({
    ...{ asked: undefined, exchanges: ['good', 'good'] },
    state: { on: true, online: true, lastError: null },
  })
})
