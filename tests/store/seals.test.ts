import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { casesProjector } from '../../main/features/cases/projection.ts'
import { documentsProjector } from '../../main/features/documents/projection.ts'
import { sealedUpcaster, sealsProjector } from '../../main/features/seals/projection.ts'
import { type RegisterFilter, registerSql, selectRegister } from '../../main/features/seals/register-rows.ts'
import { selectRevocations, selectSeal, selectSeals, selectUntold } from '../../main/features/seals/store.ts'
import { applyFeedPage } from '../../main/features/sync/service.ts'
import { migrations } from '../../main/store/migrations/index.ts'
import type { EntryDraft } from '../../main/wire/entry.ts'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import type { FeedItem, FeedPage } from '../../preload/contract/wire.ts'
import { receivedCase } from '../helpers/centre.ts'
import { appendAll, draftOf, newStationStore, noCalendars, openTestStore, temporaryFolder } from '../helpers/store.ts'
import { workedMs } from '../helpers/work-time.ts'

const projectors = [casesProjector(noCalendars), documentsProjector, sealsProjector]
const upcasters = [sealedUpcaster]
const certificate = 'c'.repeat(64)
const at = '2026-11-23T01:00:00.000Z'
const sealId = '0199aaaa-0000-7000-8000-000000000001'

const identity: EntryPayload<'seal.added@1'> = {
  ...{ sealId, name: '测试专用章', organisation: '南雄市演练镇演练村村民委员会', purposeLine: '便民服务专用章' },
  ...{ code: '', diameterMm: 42, emblem: 'star', holder: 'file', algorithm: 'rsa', certificateSha256: certificate },
  validFromUtc: '2026-01-01T00:00:00.000Z',
  validUntilUtc: '2028-01-01T00:00:00.000Z',
}
const stationEntry = (kind: string, payload: unknown, part: Partial<EntryDraft> = {}) =>
  draftOf({ kind, subject: 'station', actor: 'yanlian', at, payload, ...part })
const lease = (leaseId: string, uses: number) => ({
  leaseId,
  uses,
  fromUtc: '2026-11-01T00:00:00.000Z',
  untilUtc: '2026-12-01T00:00:00.000Z',
  itemIds: null,
})
const leased = (leaseId: string, uses: number) => stationEntry('seal.leased', { sealId, ...lease(leaseId, uses) })

type Sealed = EntryPayload<'document.sealed@2'>
const sealed = (part: Partial<Sealed> = {}, draft: Partial<EntryDraft> = {}) => {
  const documentId = part.documentId ?? randomUUID()
  const payload: Sealed = {
    ...{ documentId, caseId: null, kind: 'own', title: '证明', sealId, sealName: '测试专用章' },
    ...{ certificateSha256: certificate, before: 'a'.repeat(64), form: 'page', places: [], reason: '上报用印' },
    file: { sha256: 'b'.repeat(64), name: '证明.pdf', mediaType: 'application/pdf', sizeBytes: 10 },
    ...{ approvedBy: '', leaseId: 'lease-1' },
    ...part,
  }
  const subject = payload.caseId ?? documentId
  return draftOf({ kind: 'document.sealed', version: 2, subject, actor: 'yanlian', at, payload, ...draft })
}
const feed = (after: number, ...items: Omit<FeedItem, 'cursor'>[]): FeedPage => ({
  ...{ station: '440282104208-1', after, more: false, centreTimeUtc: at, signature: '' },
  items: items.map((item, index) => ({ cursor: after + index + 1, ...item })),
})
const sealStore = (folder: string) => newStationStore(folder, { projectors, upcasters })

/** What a rebuild would make of the ledger is what is there. */
function expectRebuilt(store: ReturnType<typeof sealStore>): void {
  const before = store.ledger.snapshotTables()
  store.ledger.rebuild()
  expect(store.ledger.snapshotTables()).toEqual(before)
}

test('a database from before custody keeps its seal, its PIN tries, its receipts and its 用印登记', () => {
  using folder = temporaryFolder()
  const old = newStationStore(folder.path, { migrations: migrations.slice(0, 4) })
  const caseId = randomUUID()
  const documentId = randomUUID()
  const file = { sha256: 'd'.repeat(64), name: '收件凭证.pdf', mediaType: 'application/pdf', sizeBytes: 9 }
  const {
    kind: _,
    title: __,
    form: ___,
    places: ____,
    approvedBy: _____,
    leaseId: ______,
    ...common
  } = sealed({ caseId, documentId }).payload as Sealed
  appendAll(old, [
    draftOf({ kind: 'case.received', subject: caseId, payload: receivedCase(caseId, '440282104208-1-20261123-0001') }),
    draftOf({
      ...{ kind: 'document.made', subject: caseId },
      payload: { documentId, caseId, kind: 'receipt', file, quotesSeq: 1, quotesHash: 'e'.repeat(64), unprintable: [] },
    }),
    draftOf({ kind: 'document.sealed', version: 1, subject: caseId, actor: 'yanlian', at, payload: common }),
  ])
  old.db.run(
    `INSERT INTO seals (seal_id, name, organisation, purpose_line, diameter_mm, p12, certificate_sha256, valid_from,
       valid_until, added_at, failed_tries) VALUES (?, ?, ?, ?, 42, x'3082', ?, ?, ?, ?, 3)`,
    [
      ...[sealId, identity.name, identity.organisation, identity.purposeLine, certificate],
      ...[identity.validFromUtc, identity.validUntilUtc, at],
    ],
  )
  old.close()

  const store = openTestStore(folder.path, { projectors, upcasters })
  const key = store.db.get('SELECT seal_id, hex(p12) AS p12, failed_tries FROM seal_keys')
  const untold = selectUntold(store.db)
  const register = selectRegister(store.db, everything, [], { offset: 0, limit: 10 }, 0)
  const paper = store.db.get('SELECT kind, title, impressions, sealed_seq FROM documents')
  store.close()
  expect(key).toEqual({ seal_id: sealId, p12: '3082', failed_tries: 3 })
  expect(untold).toEqual([identity])
  expect(paper).toEqual({ kind: 'receipt', title: '收件凭证', impressions: 1, sealed_seq: 3 })
  expect(register).toMatchObject({
    total: 1,
    impressions: [
      { seq: 3, title: '收件凭证', localNumber: '440282104208-1-20261123-0001', form: 'page', leaseId: '' },
    ],
  })
})

test('custody is what was set last', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  const custody = { keepers: ['li'], itemIds: ['elder-allowance'], otherPapers: false, needsApproval: true }
  appendAll(store, [stationEntry('seal.added', identity)])
  const first = selectSeal(store.db, sealId)?.custody
  appendAll(store, [stationEntry('seal.custody-set', { sealId, ...custody })])
  const second = selectSeal(store.db, sealId)?.custody
  expectRebuilt(store)
  store.close()
  expect([first, second]).toEqual([{ keepers: [], itemIds: null, otherPapers: true, needsApproval: false }, custody])
})

test('of several leases the one granted last counts, whoever granted it, with its own uses', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  appendAll(store, [stationEntry('seal.added', identity), leased('lease-1', 10), sealed(), sealed()])
  const local = selectSeal(store.db, sealId)?.lease
  applyFeedPage(
    store,
    feed(0, { kind: 'seal.lease', payload: { ...lease('lease-2', 5), certificateSha256: certificate } }),
  )
  appendAll(store, [sealed({ leaseId: 'lease-2' })])
  const central = selectSeal(store.db, sealId)?.lease
  expectRebuilt(store)
  store.close()
  expect([local, central]).toMatchObject([
    { leaseId: 'lease-1', uses: 10, used: 2 },
    { leaseId: 'lease-2', uses: 5, used: 1 },
  ])
})

test('a lease that is told again stays used as it was', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  const item = { kind: 'seal.lease', payload: { ...lease('lease-1', 5), certificateSha256: certificate } }
  appendAll(store, [stationEntry('seal.added', identity)])
  applyFeedPage(store, feed(0, item))
  appendAll(store, [sealed(), sealed()])
  applyFeedPage(store, feed(1, item))
  const found = selectSeal(store.db, sealId)?.lease
  store.close()
  expect(found).toMatchObject({ uses: 5, used: 2 })
})

test('a lease knows the latest time that the ledger has told since, also after the clock was set back', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  const login = (time: string) => stationEntry('session.opened', { account: 'yanlian' }, { at: time })
  appendAll(store, [login('2027-05-05T00:00:00.000Z'), stationEntry('seal.added', identity), leased('lease-1', 10)])
  const fresh = selectSeal(store.db, sealId)?.lease?.seenAtUtc
  appendAll(store, [login('2026-12-05T00:00:00.000Z')])
  appendAll(store, [login('2026-11-05T00:00:00.000Z')])
  const later = selectSeal(store.db, sealId)?.lease?.seenAtUtc
  expectRebuilt(store)
  store.close()
  expect([fresh, later]).toEqual(['2026-11-01T00:00:00.000Z', '2026-12-05T00:00:00.000Z'])
})

test('the centre stops a seal here, and others for checking; the earliest word stays', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  appendAll(store, [stationEntry('seal.added', identity)])
  const stop = (sha256: string, revokedAtUtc: string) => ({
    kind: 'seal.revoked',
    payload: { certificateSha256: sha256, reason: '遗失', revokedAtUtc },
  })
  const other = 'f'.repeat(64)
  applyFeedPage(store, feed(0, stop(other, '2026-11-02T00:00:00.000Z'), { kind: 'seal.revoked', payload: { bad: 1 } }))
  const before = selectSeals(store.db).map(({ isRevoked }) => isRevoked)
  applyFeedPage(store, feed(2, stop(certificate, '2026-11-03T00:00:00.000Z')))
  appendAll(store, [stationEntry('seal.revoked', { sealId, reason: '损坏' })])
  const after = selectSeals(store.db).map(({ isRevoked }) => isRevoked)
  const told = selectRevocations(store.db)
  expectRebuilt(store)
  store.close()
  expect([before, after]).toEqual([[false], [true]])
  expect(told).toEqual([
    { sha256: other, atUtc: '2026-11-02T00:00:00.000Z' },
    { sha256: certificate, atUtc: '2026-11-03T00:00:00.000Z' },
  ])
})

test('erasing a case takes its line out of the register and gives no use of the lease back', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  const caseId = randomUUID()
  const documentId = randomUUID()
  appendAll(store, [
    ...[stationEntry('seal.added', identity), leased('lease-1', 10), sealed()],
    draftOf({ kind: 'case.received', subject: caseId, payload: receivedCase(caseId, '440282104208-1-20261123-0001') }),
    sealed({ caseId, documentId, kind: 'receipt' }),
  ])
  store.ledger.acknowledge(store.ledger.head())
  store.transaction(() => store.ledger.erase({ subject: caseId, actor: 'yanlian', reason: '到期' }))
  const used = selectSeal(store.db, sealId)?.lease?.used
  const register = selectRegister(store.db, everything, [], { offset: 0, limit: 10 }, 0)
  expectRebuilt(store)
  const rebuilt = selectSeal(store.db, sealId)?.lease?.used
  store.close()
  expect({ used, rebuilt, lines: register.total }).toEqual({ used: 2, rebuilt: 2, lines: 1 })
})

test('a timestamp confirms the impressions before it and none after', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  const documentId = randomUUID()
  const file = { sha256: '9'.repeat(64), name: '证明.pdf', mediaType: 'application/pdf', sizeBytes: 12 }
  const atUtc = '2026-11-23T01:00:05.000Z'
  const stamp = { documentId, caseId: null, before: 'b'.repeat(64), file, authority: '测试', atUtc }
  appendAll(store, [
    sealed({ documentId }),
    draftOf({ kind: 'document.timestamped', subject: documentId, payload: stamp }),
    sealed({ documentId }),
  ])
  const { impressions } = selectRegister(store.db, everything, [], { offset: 0, limit: 10 }, 0)
  expectRebuilt(store)
  store.close()
  expect(impressions.map(({ seq, timestampedAtUtc }) => [seq, timestampedAtUtc])).toEqual([
    [3, null],
    [1, atUtc],
  ])
})

const everything: RegisterFilter = { words: [], sealId: null, fromUtc: null, beforeUtc: null }
const people = [
  { account: 'yanlian', displayName: '演练员' },
  { account: 'shenpi', displayName: '演练审批员' },
]

test('the register is found by title, reason, number, applicant, matter and person, and told with its delivery', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  const caseId = randomUUID()
  appendAll(store, [
    draftOf({ kind: 'case.received', subject: caseId, payload: receivedCase(caseId, '440282104208-1-20261123-0007') }),
    sealed({ caseId, documentId: randomUUID(), kind: 'receipt', title: '收件凭证', reason: '收件凭证用印' }),
    sealed({ title: '土地流转证明', approvedBy: 'shenpi' }),
    sealed({ title: 'Annual Report', sealId: 'another' }, { actor: 'li' }),
  ])
  const search = (words: string[], part: Partial<RegisterFilter> = {}) =>
    selectRegister(store.db, { ...everything, ...part, words }, people, { offset: 0, limit: 10 }, 2).impressions.map(
      ({ seq }) => seq,
    )
  const found = {
    number: search(['0007']),
    applicant: search(['测试人']),
    matter: search(['津贴', '凭证']),
    title: search(['流转']),
    reason: search(['上报']),
    approver: search(['审批员']),
    person: search(['演练员']),
    latin: search(['annual']),
    seal: search([], { sealId: 'another' }),
    none: search(['没有的字']),
  }
  const { impressions } = selectRegister(store.db, everything, people, { offset: 2, limit: 1 }, 2)
  store.close()
  expect(found).toEqual({
    ...{ number: [2], applicant: [2], matter: [2], title: [3], reason: [4, 3], approver: [3], person: [3, 2] },
    ...{ latin: [4], seal: [4], none: [] },
  })
  expect(impressions).toMatchObject([
    {
      seq: 2,
      applicantMasked: '测***',
      matterName: '高龄津贴',
      askedBy: '演练员',
      approvedBy: '',
      delivery: 'at-centre',
    },
  ])
})

test('days are days in Asia/Shanghai, the first and the last included', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  const times = [
    '2026-11-21T15:59:59.999Z',
    '2026-11-21T16:00:00.000Z',
    '2026-11-22T15:59:59.999Z',
    '2026-11-22T16:00:00.000Z',
  ]
  appendAll(
    store,
    times.map((time) => sealed({}, { at: time })),
  )
  const range = { ...everything, fromUtc: '2026-11-21T16:00:00.000Z', beforeUtc: '2026-11-22T16:00:00.000Z' }
  const page = selectRegister(store.db, range, people, { offset: 0, limit: 10 }, 0)
  store.close()
  expect([page.total, page.impressions.map(({ seq }) => seq)]).toEqual([2, [3, 2]])
})

test('20,000 impressions are paged and searched by index, without sorting them', () => {
  using folder = temporaryFolder()
  const store = sealStore(folder.path)
  for (let part = 0; part < 20; part += 1) {
    appendAll(
      store,
      Array.from({ length: 1000 }, (_, index) => {
        const minute = new Date(Date.parse('2026-01-01T00:00:00.000Z') + (part * 1000 + index) * 60_000)
        return sealed({ title: `证明 ${part * 1000 + index}` }, { at: minute.toISOString() })
      }),
    )
  }
  const day = { fromUtc: '2026-01-10T16:00:00.000Z', beforeUtc: '2026-01-11T16:00:00.000Z' }
  const filters = [
    { ...everything },
    { ...everything, ...day },
    { ...everything, sealId },
    { ...everything, sealId, ...day },
  ]
  const plans = filters.map((filter) => {
    const { rows, parameters } = registerSql(filter, people)
    const page = { offset: 0, limit: 50 }
    const plan = store.db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${rows}`, { ...parameters, ...page })
    return plan.map(({ detail }) => detail).join('\n')
  })
  const started = process.cpuUsage()
  const found = selectRegister(
    store.db,
    { ...everything, words: ['证明 777', '演练员'] },
    people,
    { offset: 0, limit: 50 },
    0,
  )
  const paged = selectRegister(store.db, everything, people, { offset: 10_000, limit: 50 }, 0)
  const tookMs = workedMs(started)
  store.close()
  expect(plans).toEqual([
    expect.stringContaining('USING INDEX seal_impressions_by_time'),
    expect.stringContaining('USING INDEX seal_impressions_by_time (sealed_at>? AND sealed_at<?)'),
    expect.stringContaining('USING INDEX seal_impressions_by_seal (seal_id=?)'),
    expect.stringContaining('USING INDEX seal_impressions_by_seal (seal_id=? AND sealed_at>? AND sealed_at<?)'),
  ])
  for (const plan of plans) expect(plan).not.toContain('TEMP B-TREE')
  expect([found.total, paged.total, paged.impressions[0]?.title]).toEqual([11, 20_000, '证明 9999'])
  expect(tookMs).toBeLessThan(2_000)
  console.info(`20,000 impressions searched and paged in ${tookMs.toFixed(0)} ms`)
})
