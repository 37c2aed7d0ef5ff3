import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { releasesOnSticks } from '../../main/features/catalogue/release-files.ts'
import { readSample } from '../../main/features/catalogue/sample.ts'
import { newStationKeys, openStore } from '../../main/store/index.ts'
import { migrations } from '../../main/store/migrations/index.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { isWorkday } from '../../preload/contract/calendar.ts'
import type { CatalogueManifest, CatalogueStatus } from '../../preload/contract/catalogue.ts'
import {
  calendarDocument,
  changed,
  packOf,
  releaseAfter,
  sampleDocuments,
  signerWith,
  type TestRelease,
  withChanged,
} from '../helpers/catalogues.ts'
import { resourcesFolder } from '../helpers/desk.ts'
import { everyRow } from '../helpers/every-row.ts'
import { openStation, stationId } from '../helpers/reconciling.ts'
import { failureOf, settableClock, temporaryFolder, testKey } from '../helpers/store.ts'

const [keys, nextKeys, stranger] = [makeKeyPair(), makeKeyPair(), makeKeyPair()]
const documents = sampleDocuments(4)
const matterAt = (at: number) => documents.filter(({ kind }) => kind === 'matter')[at] as CatalogueDocument
const first = releaseAfter(null, documents, keys)

let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof settableClock>
let station: OpenFeatures

beforeEach(() => {
  folder = temporaryFolder()
  clock = settableClock('2026-03-02T12:00:00.000Z')
  station = openStation(join(folder.path, 'station'), clock)
  const facts = { id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }
  station.context.store.station.create(facts, newStationKeys())
})
afterEach(async () => {
  vi.useRealTimers()
  await station.close()
  folder[Symbol.dispose]()
})

const caller = { sessionId: 's', account: 'clerk', displayName: '经办人' }
const take = (pack: Buffer) => station.catalogue.take(pack, 'clerk')
const status = () => station.catalogue.handlers['catalogue.status']?.({}, null) as CatalogueStatus
const nameOf = (document: CatalogueDocument) =>
  (station.catalogue.inForce('matter', document.id)?.value as { name: string } | undefined)?.name
const entries = () =>
  station.context.store.ledger
    .readEntries({})
    .filter(({ kind }) => kind.startsWith('catalogue.') || kind.startsWith('publisher.'))
    .map(({ kind, version, payload }) => [`${kind}@${version}`, payload])

/** A release that changes one matter's name, after another. */
const renamed = (previous: TestRelease, name: string, more: Partial<CatalogueManifest> = {}, by = keys) => {
  const before = previous.documents.find(({ id }) => id === matterAt(1).id) as CatalogueDocument
  return releaseAfter(previous, withChanged(previous.documents, changed(before, { name })), by, more)
}

const begin = async () => {
  station.catalogue.pin(keys.publicKey)
  await take(await packOf(first))
}

describe('a release whose time has come', () => {
  test('takes effect at once, with one entry, and a rebuild makes the same rows', async () => {
    await begin()
    const second = renamed(first, '改过的名字')
    await take(await packOf(second, first))
    expect([nameOf(matterAt(1)), status().inForce?.release, status().inForce?.changes]).toEqual([
      '改过的名字',
      2,
      [{ kind: 'matter', id: matterAt(1).id, name: '改过的名字', fromVersion: 1, toVersion: 2 }],
    ])
    expect(entries()).toEqual([
      ['publisher.pinned@1', { publicKey: keys.publicKey, how: 'enrolment', release: 0 }],
      ['catalogue.applied@2', { release: 1, sha256: first.signed.sha256, from: 0 }],
      ['catalogue.applied@2', { release: 2, sha256: second.signed.sha256, from: 1 }],
    ])
    const { ledger } = station.context.store
    const before = ledger.snapshotTables()
    ledger.rebuild()
    expect(ledger.snapshotTables()).toEqual(before)
  })

  test('keeps earlier versions readable for the cases that were taken in under them', async () => {
    await begin()
    const pinned = station.matters.inForce(matterAt(1).id)
    await take(await packOf(renamed(first, '改过的名字'), first))
    expect(station.matters.knownStandard(matterAt(1).id, 1)).toEqual(pinned)
  })

  test('that is undone in the middle leaves the catalogue as it was, and takes effect at the next look', async () => {
    await begin()
    const { store } = station.context
    store.db.run(`CREATE TRIGGER full AFTER INSERT ON documents_in_force WHEN new.id = '${matterAt(2).id}'
      BEGIN SELECT raise(ABORT, 'the disk is gone'); END`)
    const before = [store.ledger.snapshotTables(), store.ledger.head()]
    await take(await packOf(renamed(first, '改过的名字'), first))
    expect([store.ledger.snapshotTables(), store.ledger.head(), nameOf(matterAt(1))]).toEqual([
      ...before,
      JSON.parse(matterAt(1).bytes.toString()).name,
    ])
    store.db.run('DROP TRIGGER full')
    station.catalogue.start?.()
    expect([nameOf(matterAt(1)), status().inForce?.release]).toEqual(['改过的名字', 2])
  })
})

describe('a release for later', () => {
  const midnight = '2026-03-03T16:00:00.000Z'

  test('takes effect at its time without a link, over restarts and clocks that jump', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await begin()
    station.catalogue.start?.()
    await take(await packOf(renamed(first, '午夜起的名字', { effectiveAtUtc: midnight }), first))
    const seen = [
      status().inForce?.release,
      status().waiting.map(({ release, state, changes }) => [release, state, changes.length]),
    ]
    expect(seen).toEqual([1, [[2, 'here', 1]]])
    await station.close()
    station = openStation(join(folder.path, 'station'), clock)
    station.catalogue.start?.()
    clock.set('2026-03-03T15:59:50.000Z')
    vi.advanceTimersByTime(15_000)
    const atTen = status().inForce?.release
    clock.set('2020-01-01T00:00:00.000Z')
    vi.advanceTimersByTime(15_000)
    const inThePast = status().inForce?.release
    clock.set(midnight)
    vi.advanceTimersByTime(15_000)
    expect([atTen, inThePast, status().inForce?.release, nameOf(matterAt(1))]).toEqual([1, 1, 2, '午夜起的名字'])
    clock.set('2020-01-01T00:00:00.000Z')
    vi.advanceTimersByTime(60_000)
    expect(status().inForce?.release).toBe(2)
  })

  test('is in force after a night in which the machine was off', async () => {
    await begin()
    await take(await packOf(renamed(first, '午夜起的名字', { effectiveAtUtc: midnight }), first))
    await station.close()
    clock.set('2026-03-04T00:30:00.000Z')
    station = openStation(join(folder.path, 'station'), clock)
    station.catalogue.start?.()
    expect(nameOf(matterAt(1))).toBe('午夜起的名字')
  })

  test('is overtaken for good by a later one whose time comes first', async () => {
    await begin()
    const second = renamed(first, '第二次', { effectiveAtUtc: midnight })
    const third = renamed(second, '第三次')
    await take(await packOf(second, first))
    await take(await packOf(third, second))
    clock.set('2026-03-05T00:00:00.000Z')
    station.catalogue.start?.()
    expect([nameOf(matterAt(1)), status().inForce?.release, status().waiting]).toEqual(['第三次', 3, []])
  })
})

describe('a folder from before releases were signed', () => {
  test('goes on with what is in force, and its samples become a signed release', async () => {
    using old = temporaryFolder()
    const place = join(old.path, 'station')
    mkdirSync(place)
    const before = openStore({
      file: join(place, 'station.db'),
      key: testKey,
      clock,
      migrations: migrations.slice(0, 6),
      reserveBytes: 0,
    })
    before.station.create(
      { id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' },
      newStationKeys(),
    )
    const samples = readSample(resourcesFolder).documents.filter(({ kind }) => kind === 'matter')
    for (const { sha256, id, version, bytes } of samples)
      before.db.run('INSERT INTO standards (sha256, item_id, version, body) VALUES (?, ?, ?, ?)', [
        sha256,
        id,
        version,
        bytes.toString(),
      ])
    const matters = samples.map(({ id, version, sha256 }) => ({ itemId: id, version, sha256 }))
    const draft = {
      kind: 'catalogue.applied',
      version: 1,
      subject: 'station',
      actor: 'system',
      at: clock.now().toISOString(),
    }
    before.transaction(() => before.ledger.append([{ ...draft, payload: { release: 1, matters } }]))
    before.close()
    const opened = openStation(place, clock)
    const state = () => opened.catalogue.handlers['catalogue.status']?.({}, null) as CatalogueStatus
    const upgraded = [
      state().inForce?.sha256,
      opened.matters.inForce('SAMPLE-GLJT').sha256,
      opened.catalogue.isSampleDue(),
    ]
    expect(upgraded).toEqual(['', samples.find(({ id }) => id === 'SAMPLE-GLJT')?.sha256, true])
    await opened.catalogue.releaseSample(signerWith(keys))
    expect([state().inForce?.release, state().inForce?.sha256.length, opened.catalogue.isSampleDue()]).toEqual([
      1,
      64,
      false,
    ])
    const { ledger } = opened.context.store
    const rows = ledger.snapshotTables()
    ledger.rebuild()
    expect(ledger.snapshotTables()).toEqual(rows)
    await opened.close()
  })
})

describe('a calendar in a release', () => {
  test('counts for its year, and the later word on a year wins', async () => {
    await begin()
    const { calendars } = station.catalogue
    const before = isWorkday('2031-01-02', calendars())
    const second = releaseAfter(first, withChanged(documents, calendarDocument(2031, ['2031-01-01..2031-01-03'])), keys)
    await take(await packOf(second, first))
    const off = isWorkday('2031-01-02', calendars())
    const third = releaseAfter(second, withChanged(second.documents, calendarDocument(2031, ['2031-01-01'])), keys)
    await take(await packOf(third, second))
    expect([before, off, isWorkday('2031-01-02', calendars())]).toEqual([null, false, true])
  })
})

describe('what is refused, beside what releases-refused.test.ts tells', () => {
  const second = renamed(first, '改过的名字')
  test('a release that would undo what is in force: made after an earlier one, or after another one of its number', async () => {
    await begin()
    const other = renamed(first, '另一个第二次')
    await take(await packOf(second, first))
    const beside = releaseAfter(first, documents, keys, { release: 3 })
    expect(await failureOf(async () => take(await packOf(beside)))).toMatchObject({
      code: 'RELEASE_GAP',
      details: { base: 1, why: '本机已经在用第 2 次，用它会丢掉后来的改动' },
    })
    expect(await failureOf(async () => take(await packOf(releaseAfter(other, documents, keys))))).toMatchObject({
      code: 'RELEASE_GAP',
      details: { base: 2, why: '本机的那一次内容不同' },
    })
  })

  test('a release that is not of one chain with what waits for its time, whichever came first', async () => {
    await begin()
    const later = { effectiveAtUtc: '2026-03-20T00:00:00.000Z' }
    const [waits, other] = [renamed(first, '等着的', later), renamed(first, '另一个第二次', later)]
    await take(await packOf(waits, first))
    const passing = releaseAfter(first, documents, keys, { release: 3, ...later })
    expect(await failureOf(async () => take(await packOf(passing, first)))).toMatchObject({
      code: 'RELEASE_GAP',
      details: { base: 1, why: '本机已经有第 2 次，用它会丢掉那一次的改动' },
    })
    expect(await failureOf(async () => take(await packOf(releaseAfter(other, documents, keys, later))))).toMatchObject({
      code: 'RELEASE_GAP',
      details: { base: 2, why: '本机的那一次内容不同' },
    })
    await take(await packOf(releaseAfter(waits, documents, keys, { release: 5, ...later })))
    const between = releaseAfter(waits, documents, keys, { release: 4, ...later })
    expect(await failureOf(async () => take(await packOf(between)))).toMatchObject({
      code: 'RELEASE_GAP',
      details: { base: 2, why: '本机已有的第 5 次不是在它后面做的' },
    })
    clock.set('2026-03-21T00:00:00.000Z')
    station.catalogue.start?.()
    expect([status().inForce?.release, nameOf(matterAt(1))]).toEqual([5, JSON.parse(matterAt(1).bytes.toString()).name])
  })

  test('the later of two that come at once under one number', async () => {
    await begin()
    const other = releaseAfter(first, documents, keys, { note: '同一个号' })
    const packs = await Promise.all([second, other].map((release) => packOf(release, first)))
    const outcomes = await Promise.allSettled(packs.map(take))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
    expect([refused, status().inForce?.release]).toEqual([['RELEASE_OLD'], 2])
  })

  test('another release of the number that what waits was made on', async () => {
    await begin()
    const second = renamed(first, '第二次')
    const third = renamed(second, '第三次', { effectiveAtUtc: '2026-03-20T00:00:00.000Z' })
    await take(await packOf(third))
    const failure = await failureOf(async () => take(await packOf(renamed(first, '另一个第二次'))))
    expect([failure.code, failure.details]).toEqual([
      'RELEASE_GAP',
      { base: 1, why: '本机已有的第 3 次是在另一个第 2 次后面做的' },
    ])
    await take(await packOf(second))
    expect([status().inForce?.release, status().waiting.map(({ release }) => release)]).toEqual([2, [3]])
  })

  test('a release before anybody’s count here', async () => {
    expect((await failureOf(async () => take(await packOf(first)))).code).toBe('RELEASE_NO_PUBLISHER')
  })
})

describe('a publisher who hands over', () => {
  test('is followed from the moment his release is kept, also by a station that passes it over', async () => {
    await begin()
    const handover = renamed(first, '交接', {
      nextPublisherKey: nextKeys.publicKey,
      effectiveAtUtc: '2026-03-20T00:00:00.000Z',
    })
    const third = renamed(handover, '新密钥签的', {}, nextKeys)
    const alone = await failureOf(async () => take(await packOf(third, first)))
    await take(await packOf(third, first, [handover]))
    expect([alone.code, nameOf(matterAt(1))]).toEqual(['RELEASE_FOREIGN_PUBLISHER', '新密钥签的'])
    const old = await failureOf(async () => take(await packOf(renamed(third, '旧密钥签的'), third)))
    const back = renamed(third, '又交接', { nextPublisherKey: keys.publicKey }, keys)
    const forged = await failureOf(async () => take(await packOf(renamed(back, '冒充', {}, keys), third, [back])))
    expect([old.code, forged.code]).toEqual(['RELEASE_FOREIGN_PUBLISHER', 'RELEASE_FOREIGN_PUBLISHER'])
    expect(
      entries()
        .filter(([kind]) => kind === 'publisher.pinned@1')
        .at(-1),
    ).toEqual(['publisher.pinned@1', { publicKey: nextKeys.publicKey, how: 'rotation', release: 2 }])
  })

  test('never hands back to a key that he let go of: what it signed before would count again', async () => {
    await begin()
    const handover = renamed(first, '交接', { nextPublisherKey: nextKeys.publicKey })
    await take(await packOf(handover, first))
    const back = renamed(handover, '又交回去', { nextPublisherKey: keys.publicKey }, nextKeys)
    const signedAfter = renamed(back, '旧密钥又签', {}, keys)
    const refusals = [
      await failureOf(async () => take(await packOf(back, handover))),
      await failureOf(async () => take(await packOf(signedAfter, handover, [back]))),
    ]
    expect(refusals.map(({ code, details }) => [code, details])).toEqual([
      ['RELEASE_KEY_USED', { release: 3 }],
      ['RELEASE_KEY_USED', { release: 3 }],
    ])
    expect([station.catalogue.kept.publisher(), status().inForce?.release]).toEqual([nextKeys.publicKey, 2])
  })

  test('whose handover is taken once more, from a stick, changes nothing and is no foreign one', async () => {
    await begin()
    const pack = await packOf(renamed(first, '交接', { nextPublisherKey: nextKeys.publicKey }))
    await take(pack)
    const before = everyRow(station.context.store.db)
    await take(pack)
    expect(everyRow(station.context.store.db)).toEqual(before)
  })

  test('whom the centre replaced at a new enrolment begins a line of his own, numbers and all', async () => {
    await begin()
    await take(await packOf(renamed(first, '第二次'), first))
    const other = releaseAfter(
      null,
      withChanged(documents, changed(matterAt(1), { name: '别人的', version: 9 })),
      stranger,
    )
    expect((await failureOf(async () => take(await packOf(other)))).code).toBe('RELEASE_FOREIGN_PUBLISHER')
    station.catalogue.pin(stranger.publicKey)
    await take(await packOf(other))
    expect([nameOf(matterAt(1)), status().inForce?.release]).toEqual(['别人的', 1])
  })
})

describe('a stick', () => {
  test('with two hundred releases shows those of the highest numbers; what only looks like one is no release', async () => {
    await begin()
    const place = join(folder.path, 'stick', '村窗')
    mkdirSync(place, { recursive: true })
    const pack = await packOf(renamed(first, '改过的名字'))
    for (let number = 1; number <= 200; number++)
      writeFileSync(join(place, `440282-事项标准-${number}.cunrelease`), pack)
    mkdirSync(join(place, '440282-事项标准-201.cunrelease'))
    symlinkSync('/dev/zero', join(place, '440282-事项标准-202.cunrelease'))
    symlinkSync(join(folder.path, 'nowhere'), join(place, '440282-事项标准-203.cunrelease'))
    writeFileSync(join(place, '440282-事项标准-204.cunrelease'), Buffer.alloc(5_000_000))
    const files = await releasesOnSticks(station.context.store.db, [
      { label: 'U盘', folder: join(folder.path, 'stick') },
    ])
    const numberOf = (file: string) => Number(/-(\d+)\.cunrelease$/u.exec(file)?.[1])
    expect(files.map(({ file }) => numberOf(file)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, at) => 155 + at),
    )
    expect(
      files
        .filter(({ state }) => state === 'damaged')
        .map(({ file }) => numberOf(file))
        .toSorted(),
    ).toEqual([...[201, 202, 203, 204]])
    const took = (file: string) =>
      failureOf(() =>
        station.catalogue.handlers['catalogue.takeFile']?.({ folder: join(folder.path, 'stick'), file }, caller),
      )
    const tried = [
      await took('440282-事项标准-201.cunrelease'),
      await took('440282-事项标准-202.cunrelease'),
      await took('440282-事项标准-204.cunrelease'),
      await took('../村窗/440282-事项标准-5.cunrelease'),
      await took('/etc/passwd'),
    ]
    expect(tried.map(({ code }) => code)).toEqual([
      ...['NOT_FOUND', 'NOT_FOUND', 'RELEASE_TOO_LARGE', 'NOT_FOUND', 'NOT_FOUND'],
    ])
  })
})
