import { randomUUID } from 'node:crypto'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decideCase } from '../../central/cases/cases.ts'
import { openEmbedded } from '../../central/database.ts'
import { listDay } from '../../central/days/list.ts'
import { openContent } from '../../central/files/content.ts'
import { createReconciliation, type Reconciliation } from '../../main/features/reconciliation/index.ts'
import { readPageCount } from '../../main/pdf/index.ts'
import { sha256Hex } from '../../main/wire/canonical.ts'
import { unreachable } from '../../main/wire/transport/link-failures.ts'
import type { Material } from '../../preload/contract/entries.ts'
import type { DayResult } from '../../preload/contract/sync.ts'
import { startGateway } from '../helpers/centre.ts'
import { openStation, type Pair, startPair, stationId } from '../helpers/reconciling.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

/** 16:00 on 3 March in Asia/Shanghai. */
const afternoon = '2026-03-03T08:00:00.000Z'
const day = '2026-03-03'

let folder: ReturnType<typeof temporaryFolder>
let pair: Pair
let sentAgain: string[]

beforeEach(() => {
  folder = temporaryFolder()
  sentAgain = []
})
afterEach(async () => {
  await pair.stop()
  folder[Symbol.dispose]()
})

const centreFolder = () => join(folder.path, 'centre')
const start = async (onDisk = false) => {
  pair = await startPair(folder.path, afternoon, () => openEmbedded(onDisk ? centreFolder() : undefined))
}

function reconciliation(): Reconciliation {
  return createReconciliation(pair.station.context, {
    client: () => pair.client,
    sendAgain: (sha256s) => sentAgain.push(...sha256s),
    displayName: (account) => account,
  })
}

async function run(wanted = day): Promise<DayResult> {
  Object.assign(pair.asked, { count: 0, bytes: 0 })
  const handler = reconciliation().handlers['reconciliation.run']
  const caller = { account: 'clerk', role: 'clerk', sessionId: 's' } as const
  return (await handler?.({ day: wanted }, caller as never)) as DayResult
}

const kinds = ({ differences }: DayResult) => differences.map(({ kind }) => kind)

describe('a day held against the centre', () => {
  test('agrees in one question of a few hundred bytes, and both ends keep the result', async () => {
    await start()
    for (let count = 0; count < 40; count++) pair.receive()
    await pair.exchange()
    const result = await run()
    expect(result).toMatchObject({ day, agreed: true, entries: 40, cases: 40, headSeq: 40, differences: [] })
    expect(pair.asked.count).toBe(1)
    expect(pair.asked.bytes).toBeLessThan(800)
    await pair.exchange()
    expect(await listDay(pair.database, day)).toMatchObject([{ stationId, state: 'agreed', result }])
  })

  test('tells of entries that the centre lacks; once they are sent the day agrees', async () => {
    await start()
    pair.receive()
    await pair.exchange()
    pair.receive()
    const before = await run()
    expect(before).toMatchObject({
      agreed: false,
      differences: [{ kind: 'entries', here: '到第 2 条', there: '到第 1 条' }],
    })
    await pair.exchange()
    expect(await run()).toMatchObject({ agreed: true, entries: 3 })
  })

  test('counts the later of two results of a day that arrive together', async () => {
    await start()
    pair.receive()
    const earlier = await run()
    pair.receive()
    const later = await run()
    expect(later).not.toEqual(earlier)
    await pair.exchange()
    expect(await listDay(pair.database, day)).toMatchObject([{ stationId, state: 'differs', result: later }])
  })

  test('names each case that differs, by its number, and whose word counts', async () => {
    await start()
    const [lost, other] = [pair.receive(), pair.receive()]
    await pair.exchange()
    await pair.database.query('delete from cases where case_id = $1', [lost])
    await pair.database.query(`update cases set state = 'closed' where case_id = $1`, [other])
    const unknown = '01890000-0000-7000-8000-0123456789ab'
    await pair.database.query(
      `insert into cases (case_id, station_id, holder_id, seq, local_number, centre_number, matter_code, matter_name,
         standard_version, applicant_name, received_at, state)
       values ($1, $2, $2, 2, 'N-3', 'C-3', 'M', 'M', 1, '甲', '2026-03-03T08:00:00.000Z', 'received')`,
      [unknown, stationId],
    )
    await pair.database.query('insert into subject_secrets values ($1, $2, $3)', [stationId, unknown, 'ab'])
    const result = await run()
    expect(kinds(result).toSorted()).toEqual(['case-missing', 'case-state', 'case-unknown'])
    expect(result.differences.find(({ kind }) => kind === 'case-state')).toMatchObject({
      here: '已收件',
      there: '已办结',
    })
    expect(result.differences.find(({ kind }) => kind === 'case-unknown')).toMatchObject({ what: 'N-3', here: '没有' })
    expect(pair.asked.count).toBe(2)
  })

  test('takes no difference for what is still on its way: a case and its acceptance that are not sent yet', async () => {
    await start()
    const caseId = pair.receive()
    await pair.exchange()
    const { store } = pair.station.context
    const draft = { kind: 'case.accepted', version: 1, subject: caseId, actor: 'clerk', at: afternoon }
    store.transaction(() => store.ledger.append([{ ...draft, payload: { caseId, by: 'station' } }]))
    pair.receive()
    expect(kinds(await run())).toEqual(['entries'])
  })

  test('an erased person is missed by neither end, before and after the erasure reached the centre', async () => {
    await start()
    const caseId = pair.receive()
    pair.receive()
    await pair.exchange()
    pair.station.context.store.ledger.erase({ subject: caseId, actor: 'clerk', reason: '到期' })
    const before = kinds(await run())
    await pair.exchange()
    expect({ before, after: await run() }).toMatchObject({
      before: ['entries'],
      after: { agreed: true, differences: [] },
    })
    expect(pair.asked.count).toBe(1)
  })

  test('a centre that lost its newest entries is told so, gets them again, and the lost decision is named', async () => {
    await start(true)
    const caseId = pair.receive()
    await pair.exchange()
    await pair.gateway.stop()
    await pair.database.close()
    cpSync(centreFolder(), `${centreFolder()}-backup`, { recursive: true })
    await reopen()
    await decideCase(pair.database, caseId, { decision: 'accepted', reason: '', officer: '甲' }, pair.clock.now())
    pair.receive()
    await pair.exchange()
    await pair.gateway.stop()
    await pair.database.close()
    rmSync(centreFolder(), { recursive: true })
    cpSync(`${centreFolder()}-backup`, centreFolder(), { recursive: true })
    await reopen()
    const result = await run()
    expect(kinds(result)).toEqual(['entries', 'case-state'])
    expect(result.differences[0]?.text).toContain('旧备份')
    await pair.exchange().catch(() => undefined)
    const [row] = await pair.database.query<{ acknowledged: number }>('select acknowledged from stations')
    expect(row?.acknowledged).toBeGreaterThanOrEqual(result.headSeq)
    expect(kinds(await run())).toEqual(['case-state'])
  })

  async function reopen() {
    pair.database = await openEmbedded(centreFolder())
    pair.gateway = await startGateway(pair.database, () => pair.clock.now())
  }

  test('a station that was restored from an older copy hears that the centre has more; once it went its own way, that they differ', async () => {
    await start()
    pair.receive()
    await pair.exchange()
    const copy = await copyStation()
    pair.receive()
    await pair.exchange()
    await pair.station.close()
    pair.station = openStation(copy, pair.clock)
    const restored = await run()
    expect(restored.differences).toMatchObject([{ kind: 'head', here: '第 1 条', there: '第 2 条' }])
    pair.receive()
    pair.receive()
    const diverged = await run()
    expect(kinds(diverged)).toEqual(['head'])
    expect(diverged.differences[0]?.text).toContain('不一样')
    expect(await failureOf(() => pair.exchange())).toMatchObject({ code: 'LEDGER_FORKED' })
  })

  async function copyStation(): Promise<string> {
    const copy = join(folder.path, 'copy')
    await pair.station.close()
    cpSync(join(folder.path, 'station'), copy, { recursive: true })
    pair.station = openStation(join(folder.path, 'station'), pair.clock)
    return copy
  }

  test('a confirmed file that the centre has no more is named by its case and goes again; one on its way is no difference', async () => {
    await start()
    const files = ['a', 'b', 'c'].map((digit) => digit.repeat(64))
    const [kept = '', lost = ''] = files
    pair.receive(files.map(materialOf))
    await pair.exchange()
    const arrived = `UPDATE file_deliveries SET arrived_at = ?, receipt = '{}' WHERE sha256 IN (?, ?)`
    pair.station.context.store.db.run(arrived, [afternoon, kept, lost])
    await pair.database.query('insert into files (sha256, size_bytes, stored_at) values ($1, 1, $2)', [kept, afternoon])
    await pair.database.query('insert into station_files (station_id, sha256, arrived_at) values ($1, $2, $3)', [
      ...[stationId, kept, afternoon],
    ])
    const result = await run()
    expect(result).toMatchObject({ files: 3, differences: [{ kind: 'file-missing', here: '有', there: '没有' }] })
    expect(result.differences[0]?.what).toMatch(/^440282104208-1-20260303-\d{4} 材料 bbbbbbbb$/)
    expect(sentAgain).toEqual([lost])
  })

  test('a confirmed file whose bytes are gone from the centre’s disk is missing, though the database remembers it', async () => {
    await start()
    const content = await openContent({ folder: join(folder.path, 'files') }, pair.database)
    await pair.gateway.stop()
    pair.gateway = await startGateway(pair.database, () => pair.clock.now(), content)
    const { store } = pair.station.context
    const files = ['甲', '乙'].map((text) => ({ sha256: sha256Hex(text), bytes: Buffer.from(text) }))
    pair.receive(files.map(({ sha256 }) => materialOf(sha256)))
    await pair.exchange()
    for (const { sha256, bytes } of files) {
      await content.put(Readable.from([bytes]), sha256, bytes.length)
      store.db.run(`UPDATE file_deliveries SET arrived_at = ?, receipt = '{}' WHERE sha256 = ?`, [afternoon, sha256])
      const row = [sha256, bytes.length, afternoon]
      await pair.database.query('insert into files (sha256, size_bytes, stored_at) values ($1, $2, $3)', row)
      await pair.database.query('insert into station_files (station_id, sha256, arrived_at) values ($1, $2, $3)', [
        ...[stationId, sha256, afternoon],
      ])
    }
    const before = await run()
    await pair.exchange()
    const [, lost] = files.map(({ sha256 }) => sha256)
    await content.remove(lost ?? '')
    const after = await run()
    expect([before.differences, after.differences.map(({ kind }) => kind)]).toEqual([[], ['file-missing']])
    expect(sentAgain).toEqual([lost])
  })

  const materialOf = (sha256: string): Material => ({
    materialId: randomUUID(),
    requirementId: 'id-card',
    file: { sha256, name: '身份证.jpg', mediaType: 'image/jpeg', sizeBytes: 1 },
    addedAtUtc: afternoon,
  })

  test('prints one page, with the differences and the ledger’s head on it; a day without a result prints nothing', async () => {
    await start()
    pair.receive()
    await pair.exchange()
    await pair.database.query('delete from cases')
    await run()
    const pdf = await reconciliation().printed(day, '演练员')
    expect(readPageCount(pdf)).toBe(1)
    expect(await failureOf(() => reconciliation().printed('2026-03-02', '演练员'))).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('one case among 5,000 is found in two questions of some kilobytes', async () => {
    await start()
    for (let count = 0; count < 5_000; count++) pair.receive()
    await pair.exchange()
    expect(await run()).toMatchObject({ agreed: true, cases: 5_000 })
    await pair.exchange()
    await pair.database.query(`update cases set state = 'refused' where seq = 2500`)
    const result = await run()
    expect(kinds(result)).toEqual(['case-state'])
    expect(pair.asked).toMatchObject({ count: 2 })
    expect(pair.asked.bytes).toBeLessThan(12_000)
  })

  test('keeps 200 differences, all of them on the printed sheet, and counts the others', async () => {
    await start()
    for (let count = 0; count < 230; count++) pair.receive()
    await pair.exchange()
    await pair.database.query('delete from cases')
    const result = await run()
    expect([result.differences.length, result.moreDifferences]).toEqual([200, 30])
    // Two lines a difference and more: some dozen fit a page.
    expect(readPageCount(await reconciliation().printed(day, '演练员'))).toBeGreaterThan(10)
  })

  test('a day to come is refused; an answer that is not the centre’s own, or about another day, changes nothing', async () => {
    await start()
    pair.receive()
    await pair.exchange()
    const { head } = pair.station.context.store.ledger
    const before = head()
    expect(await failureOf(() => run('2026-03-04'))).toMatchObject({ code: 'INPUT_INVALID' })
    const other = { ...pair, client: { send: (request: never) => tampered(request) } }
    const feature = createReconciliation(pair.station.context, {
      ...{ client: () => other.client as never, sendAgain: () => {}, displayName: (account: string) => account },
    })
    const handler = feature.handlers['reconciliation.run']
    const failure = await failureOf(() => handler?.({ day }, { account: 'clerk' } as never))
    expect(failure).toMatchObject({ code: 'CENTRE_NONSENSE', details: { reason: 'signature' } })
    expect(head()).toEqual(before)
  })

  async function tampered(request: never) {
    const reply = await pair.client.send(request)
    const said = { ...JSON.parse(reply.body.toString('utf8')), entries: 7 }
    return { ...reply, body: Buffer.from(JSON.stringify(said)) }
  }
})

describe('by itself', () => {
  const days = () => pair.station.context.store.db.all<{ day: string }>('SELECT day FROM days_reconciled ORDER BY day')
  const signal = new AbortController().signal

  test('runs at the first good link after 18:00, once a day, and makes up for the days that were missed', async () => {
    await start()
    const feature = reconciliation()
    pair.receive()
    await pair.exchange()
    await feature.afterExchange(pair.client, signal)
    expect(days()).toEqual([])
    pair.clock.set('2026-03-03T10:00:00.000Z')
    await feature.afterExchange(pair.client, signal)
    await feature.afterExchange(pair.client, signal)
    expect(days()).toEqual([{ day }])
    expect(pair.asked.count).toBe(1)
    pair.clock.set('2026-03-04T02:00:00.000Z')
    pair.receive()
    pair.clock.set('2026-03-06T02:00:00.000Z')
    await pair.exchange()
    await feature.afterExchange(pair.client, signal)
    expect(days()).toEqual([{ day }, { day: '2026-03-04' }])
  })

  test('a centre that does not answer is asked again a quarter of an hour later, and the exchange stands', async () => {
    await start()
    pair.receive()
    await pair.exchange()
    pair.clock.set('2026-03-03T10:00:00.000Z')
    const feature = reconciliation()
    let tries = 0
    const broken = {
      send: () => {
        tries += 1
        return Promise.reject(unreachable('gateway'))
      },
    }
    await feature.afterExchange(broken as never, signal)
    await feature.afterExchange(broken as never, signal)
    expect([tries, days()]).toEqual([1, []])
    pair.clock.passSeconds(16 * 60)
    await feature.afterExchange(pair.client, signal)
    expect(days()).toEqual([{ day }])
  })
})
