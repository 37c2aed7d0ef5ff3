import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LedgerTail } from '../../main/features/sync/exchange.ts'
import { createLink, type LinkState, retryWaitMs } from '../../main/features/sync/link.ts'
import { emptyHead } from '../../main/wire/entry.ts'
import { unreachable } from '../../main/wire/link-failures.ts'
import type { CentreClient } from '../../main/wire/push-client.ts'
import { TestStation } from '../helpers/centre.ts'
import { settableClock } from '../helpers/store.ts'

/** Time that passes only when told: fires what is due, letting what was started settle. */
function handTimer() {
  const clock = settableClock()
  let due: { readonly atMs: number; readonly callback: () => void }[] = []
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    clock,
    timer: (callback: () => void, milliseconds: number) => {
      const item = { atMs: clock.now().getTime() + milliseconds, callback }
      due.push(item)
      return () => {
        due = due.filter((other) => other !== item)
      }
    },
    pass: async (seconds: number) => {
      for (let second = 0; second <= seconds; second++) {
        const ready = due.filter(({ atMs }) => atMs <= clock.now().getTime())
        due = due.filter((item) => !ready.includes(item))
        for (const { callback } of ready) callback()
        await settle()
        if (second < seconds) clock.passSeconds(1)
      }
    },
  }
}

function setUp() {
  const station = new TestStation('440282104208-1')
  const hand = handTimer()
  let acknowledged = emptyHead
  let isUp = false
  const tries: number[] = []
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
  const answer = (seq: number) => {
    const centreTimeUtc = hand.clock.now().toISOString()
    return { acknowledged: seq, hash: station.headAt(seq).hash, centreTimeUtc, signature: '', sentBytes: 100 }
  }
  const client: CentreClient = {
    enrol: () => Promise.reject(new Error('not in this test')),
    send: () => Promise.reject(new Error('not in this test')),
    push: () => Promise.reject(new Error('not in this test')),
    // After a failure a station asks first how far its last request came: that is its try.
    head: async () => {
      tries.push(hand.clock.now().getTime())
      if (!isUp) throw unreachable('refused')
      return answer(acknowledged.seq)
    },
    pushFrames: async () => answer(station.entries.length),
    feed: async (after) => ({ station: station.id, after, items: [], more: false, centreTimeUtc: '', signature: '' }),
    clockSkewMs: () => undefined,
    close: () => undefined,
  }
  const link = createLink({
    ...{ tail, client: () => client, clock: hand.clock, timer: hand.timer, random: () => 1 - Number.EPSILON },
    ...{ switchedOn: true, keepSwitch: () => undefined, onState: (state: LinkState) => states.push(state) },
  })
  const goUp = () => {
    isUp = true
  }
  return { station, hand, link, tries, states, goUp }
}

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
  const gaps = tries.slice(1).map((time, index) => Math.round((time - (tries[index] ?? 0)) / 1000))
  expect(gaps).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])
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
  await link.stop()
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
