import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decideCase } from '../../central/cases/cases.ts'
import { appendFeed } from '../../central/feed/feed.ts'
import { giveDirective, publishCalendar, publishNotice } from '../../central/feed/publishing.ts'
import { createNotices } from '../../main/features/notices/index.ts'
import { isWorkday } from '../../preload/contract/calendar.ts'
import type { Notice } from '../../preload/contract/sync.ts'
import { enrolledStation, officeToken } from '../helpers/centre.ts'
import { openStation, type Pair, startPair, stationId } from '../helpers/reconciling.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const start = '2026-03-03T08:00:00.000Z'
const calendar = {
  source: '测试用的日历',
  years: { '2031': { off: ['2031-01-01..2031-01-03'], work: ['2031-01-04'] } },
}

let folder: ReturnType<typeof temporaryFolder>
let pair: Pair
beforeEach(async () => {
  folder = temporaryFolder()
  pair = await startPair(folder.path, start)
})
afterEach(async () => {
  await pair.stop()
  folder[Symbol.dispose]()
})

const now = () => pair.clock.now()
const context = () => pair.station.context
const caller = { account: 'clerk' } as never
const notices = (): Notice[] => {
  const answer = pair.station.notices.handlers['sync.notices']?.({}, caller)
  return (answer as { notices: Notice[] }).notices
}

/** What is projected, and what a rebuild from ledger and feed makes of it. */
function rebuilt() {
  const { ledger } = context().store
  const before = ledger.snapshotTables()
  ledger.rebuild()
  return { before, after: ledger.snapshotTables() }
}

describe('notices', () => {
  test('reach every window once, however often the same is given on a day; who read one stands in the ledger', async () => {
    const order = { text: '明天上午停电，请先打印凭证。', urgent: true, target: 'all' }
    const given = [await publishNotice(pair.database, order, now()), await publishNotice(pair.database, order, now())]
    await pair.exchange()
    expect(given).toMatchObject([
      { stations: 1, before: false },
      { stations: 1, before: true },
    ])
    expect(notices()).toEqual([
      { cursor: 1, text: order.text, urgent: true, givenAtUtc: now().toISOString(), read: false },
    ])
    const unread = [pair.station.notices.unread()]
    const read = pair.station.notices.handlers['sync.readNotice']
    await read?.({ cursor: 1 }, caller)
    await read?.({ cursor: 1 }, caller)
    unread.push(pair.station.notices.unread())
    const entries = context()
      .store.ledger.readEntries({})
      .filter(({ kind }) => kind === 'notice.read')
    expect([unread, entries.length, entries[0]?.actor, notices()[0]?.read]).toEqual([[1, 0], 1, 'clerk', true])
    expect(await failureOf(async () => read?.({ cursor: 9 }, caller))).toMatchObject({ code: 'NOT_FOUND' })
    const { before, after } = rebuilt()
    expect(after).toEqual(before)
  })

  test('for one town reach that town alone; for a window that nobody enrolled they are refused', async () => {
    const other = await enrolledStation(pair.database, pair.gateway.url, '440282113201-1')
    await publishNotice(pair.database, { text: '镇里开会', urgent: false, target: '440282113' }, now())
    const client = other.client(pair.gateway.url)
    const page = await client.feed(0)
    client.close()
    await pair.exchange()
    expect([page.items.length, notices()]).toEqual([1, []])
    const wrong = publishNotice(pair.database, { text: '没有人', urgent: false, target: '440282999' }, now())
    await expect(wrong).rejects.toMatchObject({ error: 'not_found' })
  })
})

describe('calendars', () => {
  test('make a year known at once, and after a rebuild as before', async () => {
    const { calendars } = pair.station.catalogue
    const known = [isWorkday('2031-01-02', calendars())]
    await publishCalendar(pair.database, calendar, now())
    await pair.exchange()
    known.push(isWorkday('2031-01-02', calendars()), isWorkday('2031-01-04', calendars()))
    const list = calendars()
    const { before, after } = rebuilt()
    expect([known, after, calendars() === list]).toEqual([[null, false, true], before, true])
  })

  test('the newest word on a year counts; the same calendar twice is told once; a window that comes later gets them all', async () => {
    const mended = { ...calendar, years: { '2031': { off: ['2031-01-01'], work: [] } } }
    for (const given of [calendar, calendar, mended]) await publishCalendar(pair.database, given, now())
    await pair.exchange()
    expect(isWorkday('2031-01-02', pair.station.catalogue.calendars())).toBe(true)
    const later = await enrolledStation(pair.database, pair.gateway.url, '440282113201-1')
    const client = later.client(pair.gateway.url)
    const page = await client.feed(0)
    client.close()
    expect(page.items.map(({ payload }) => payload)).toMatchObject([{ calendar }, { calendar: mended }])
  })
})

describe('directives', () => {
  const order = (action: 'send-files' | 'reconcile') => ({ action, reason: '', target: stationId, orderId: action })

  test('are followed once as they come, not by a rebuild, and not again after a restart', async () => {
    const done: string[] = []
    const follow = () =>
      createNotices(context(), {
        sendFiles: () => done.push('send-files'),
        reconcileSoon: (finished) => {
          done.push('reconcile')
          finished()
        },
      })
    const feature = follow()
    feature.start?.()
    await giveDirective(pair.database, order('reconcile'), now())
    await giveDirective(pair.database, order('send-files'), now())
    await giveDirective(pair.database, order('send-files'), now())
    await pair.exchange()
    expect(done).toEqual(['reconcile', 'send-files'])
    context().store.ledger.rebuild()
    feature.close?.()
    await pair.station.close()
    pair.station = openStation(`${folder.path}/station`, pair.clock)
    follow().start?.()
    await giveDirective(pair.database, { ...order('send-files'), orderId: 'another' }, now())
    await pair.exchange()
    expect(done).toEqual(['reconcile', 'send-files', 'send-files'])
  })

  test('one that was begun and not finished is begun again after a restart', async () => {
    await giveDirective(pair.database, order('reconcile'), now())
    await pair.exchange()
    let begun = 0
    const ports = { sendFiles: () => {}, reconcileSoon: () => void begun++ }
    for (const _ of [1, 2]) {
      const feature = createNotices(context(), ports)
      feature.start?.()
      feature.close?.()
    }
    expect(begun).toBe(2)
  })

  test('to reconcile holds today against the centre before the evening', async () => {
    await pair.station.notices.start?.()
    pair.receive()
    await giveDirective(pair.database, order('reconcile'), now())
    await pair.exchange()
    await pair.station.reconciliation.afterExchange(pair.client, new AbortController().signal)
    const days = context().store.db.all('SELECT day FROM days_reconciled')
    expect([days, context().store.settings.get('directives.done')]).toEqual([[{ day: '2026-03-03' }], 1])
  })
})

test('a delivery is noted once, of a closed case alone, and reaches the centre; a rebuild changes nothing', async () => {
  const caseId = pair.receive()
  const deliver = pair.station.cases.handlers['cases.deliver']
  const given = { caseId, receiverName: '测试人乙', receiverIdNumber: '' }
  await pair.exchange()
  const early = await failureOf(async () => deliver?.(given, caller))
  for (const decision of ['accepted', 'approved', 'closed'] as const)
    await decideCase(pair.database, caseId, { decision, reason: '', officer: '甲' }, now())
  await pair.exchange()
  await deliver?.(given, caller)
  const again = await failureOf(async () => deliver?.(given, caller))
  await pair.exchange()
  const found = await pair.database.query<{ payload: string }>(
    `select payload from entries where kind = 'case.delivered'`,
  )
  expect([early.code, again.code]).toEqual(['STEP_NOT_LEGAL', 'STEP_NOT_LEGAL'])
  expect(found.map(({ payload }) => JSON.parse(payload))).toEqual([{ ...given, deliveredAtUtc: now().toISOString() }])
  const { before, after } = rebuilt()
  expect(after).toEqual(before)
})

test('a kind of tomorrow, such as a release of the catalogue, is kept whole and passed over', async () => {
  const payload = { release: 7, manifest: { z: [1, null, '村'], a: { deep: true } }, signature: 'x'.repeat(5_000) }
  await pair.database.transaction((sql) => appendFeed(sql, stationId, { kind: 'catalogue.released', payload }, now()))
  await publishNotice(pair.database, { text: '后面的照常', urgent: false, target: 'all' }, now())
  await pair.exchange()
  const kept = context().store.db.get<{ bytes: string }>('SELECT bytes FROM feed_items WHERE cursor = 1')
  expect(JSON.parse(kept?.bytes ?? '')).toEqual({ cursor: 1, kind: 'catalogue.released', payload })
  expect(notices()).toMatchObject([{ cursor: 2, text: '后面的照常' }])
})

test('the office’s routes tell windows only for who carries the token, and refuse what is malformed', async () => {
  const post = async (path: string, body: unknown, token = officeToken) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const reply = await fetch(`${pair.gateway.url}/v1/office/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return [reply.status, ((await reply.json()) as { stations?: number; error?: string }).stations]
  }
  const notice = { text: '通知', urgent: false, target: 'all' }
  expect([
    await post('notices', notice),
    await post('notices', notice, 'wrong'),
    await post('notices', { ...notice, text: ' ' }),
    await post('notices', { ...notice, target: 'x' }),
    await post('calendars', { calendar }),
    await post('calendars', { calendar: { ...calendar, years: {} } }),
    await post('directives', { action: 'reconcile', reason: '', target: stationId, orderId: '1' }),
    await post('directives', { action: 'wipe', reason: '', target: stationId, orderId: '1' }),
  ]).toEqual([
    [200, 1],
    [401, undefined],
    [400, undefined],
    [400, undefined],
    [200, 1],
    [400, undefined],
    [200, 1],
    [400, undefined],
  ])
})
