import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appendFeed } from '../../central/feed/feed.ts'
import { sha256Hex } from '../../main/wire/canonical.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { Handlers } from '../../preload/contract/api.ts'
import type { CatalogueStatus } from '../../preload/contract/catalogue.ts'
import type { ErrorDetails } from '../../preload/contract/errors.ts'
import { sentenceFor } from '../../preload/contract/sentences.ts'
import { type BadPack, badReleases } from '../helpers/bad-releases.ts'
import { changed, packOf, releaseAfter, sampleDocuments, withChanged } from '../helpers/catalogues.ts'
import { everyRow } from '../helpers/every-row.ts'
import { openStation, type Pair, startPair, stationId } from '../helpers/reconciling.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const start = '2026-03-02T12:00:00.000Z'
const [keys, stranger] = [makeKeyPair(), makeKeyPair()]
const documents = sampleDocuments(4)
const matter = documents.find(({ kind }) => kind === 'matter') as CatalogueDocument
const first = releaseAfter(null, documents, keys, { madeAtUtc: start, effectiveAtUtc: start })
const bad = badReleases(first, keys, stranger)

/** What a refusal over the link writes: its entry, the rows of it, and that the feed was taken. */
const written = ['entries', 'releases_refused', 'releases_told', 'ledger_head', 'settings']

let folder: ReturnType<typeof temporaryFolder>
let pair: Pair

const db = () => pair.station.context.store.db
const status = () => pair.station.catalogue.handlers['catalogue.status']?.({}, null) as CatalogueStatus
const reopen = async () => {
  await pair.station.close()
  pair.station = openStation(join(folder.path, 'station'), pair.clock)
}

/** One station with a case, a draft, a release in force and one that waits for its time. */
beforeAll(async () => {
  folder = temporaryFolder()
  pair = await startPair(folder.path, start)
  pair.station.catalogue.pin(keys.publicKey)
  await pair.station.catalogue.take(await packOf(first), 'clerk')
  pair.receive()
  const caller = { sessionId: 's', account: 'clerk', displayName: '经办人' }
  const handlers: Partial<Handlers> = pair.station.handlers
  const draft = await handlers['drafts.create']?.({ itemId: matter.id }, caller)
  await handlers['drafts.save']?.({ draftId: draft?.draftId ?? '', answers: { name: '张三' } }, caller)
  expect(db().get('SELECT count(*) AS found FROM drafts')).toEqual({ found: 1 })
  await pair.exchange()
})
afterAll(async () => {
  await pair.stop()
  folder[Symbol.dispose]()
})

describe('by a stick, what is refused is said in a sentence and touches no row', () => {
  const take = (pack: Buffer) => {
    const place = { folder: join(folder.path, 'stick'), file: '440282-事项标准-2.cunrelease' }
    mkdirSync(place.folder, { recursive: true })
    writeFileSync(join(place.folder, place.file), pack)
    const caller = { sessionId: 's', account: 'clerk', displayName: '经办人' }
    return pair.station.catalogue.handlers['catalogue.takeFile']?.(place, caller)
  }

  test.each(bad)('$what', async ({ code, says, make }) => {
    const before = everyRow(db())
    const { pack } = await make(2)
    const failure = await failureOf(() => take(pack))
    expect(failure.code).toBe(code)
    const { title, remedy } = sentenceFor(code, failure.details as ErrorDetails)
    expect(title).toMatch(says)
    expect(remedy).toContain('正在用的事项标准没有改动')
    expect(everyRow(db())).toEqual(before)
  })

  test('a file that is cut off anywhere', async () => {
    const before = everyRow(db())
    const pack = await packOf(
      releaseAfter(first, withChanged(documents, changed(matter, { name: '半截' })), keys),
      first,
    )
    for (let length = 0; length < pack.length; length += 7)
      expect((await failureOf(() => take(pack.subarray(0, length)))).code).toBe('RELEASE_DAMAGED')
    expect(everyRow(db())).toEqual(before)
  })

  test('all of it again after a restart of the desk', async () => {
    const before = everyRow(db())
    await reopen()
    pair.station.catalogue.start?.()
    for (const { make, code } of bad.slice(0, 12))
      expect((await failureOf(async () => take((await make(2)).pack))).code).toBe(code)
    expect(everyRow(db())).toEqual(before)
  })
})

describe('over the link, what is refused is noted once, and nothing else changes', () => {
  let number = 10

  /** A centre that takes anything tells of it and gives it, whoever has what. */
  async function serve({ pack, sha256 }: BadPack, release: number): Promise<void> {
    const { manifest, publisher, signature } = first.signed
    const { database } = pair
    const text = JSON.stringify({ ...manifest, release })
    await database.query(
      `insert into publishers (public_key, county, name, registered_at) values ($1, '440282', '县', now()) on conflict do nothing`,
      [publisher],
    )
    await database.query(
      `insert into releases (release, sha256, manifest, publisher, signature, effective_at, published_at)
       values ($1, $2, $3, $4, $5, now(), now())`,
      [release, sha256, text, publisher, signature],
    )
    for (const from of [0, 1])
      await database.query(
        'insert into release_packs (from_release, release, sha256, bytes, made_at) values ($1, $2, $3, $4, now())',
        [from, release, sha256Hex(pack), pack],
      )
    const payload = { release, sha256, effectiveAtUtc: start, publisherKey: publisher }
    await appendFeed(database, stationId, { kind: 'release.published', payload }, pair.clock.now())
  }
  const fetchAll = () => {
    const bounds = { signal: new AbortController().signal, shouldYield: () => false, onBytes: () => undefined }
    return pair.station.catalogue.fetch({ send: (request) => pair.client.send(request), route: 'centre' }, bounds)
  }

  test.each(bad.filter(({ notBy }) => !notBy?.includes('link')))('$what', async ({ code, says, make }) => {
    number += 1
    await serve(await make(number), number)
    await pair.exchange()
    const before = everyRow(db(), written)
    await fetchAll()
    await fetchAll()
    expect(status().refused[0]).toMatchObject({ code, title: expect.stringMatching(says) })
    expect(status().refused.filter(({ release }) => release === number).length).toBe(1)
    expect(everyRow(db(), written)).toEqual(before)
  })

  test('and the next good release is taken as if nothing had been', async () => {
    await reopen()
    const good = releaseAfter(first, withChanged(documents, changed(matter, { name: '好的' })), keys, {
      ...{ release: number + 10, madeAtUtc: start, effectiveAtUtc: start },
    })
    await serve({ pack: await packOf(good, first), sha256: good.signed.sha256 }, number + 10)
    await pair.exchange()
    await fetchAll()
    expect(status().inForce).toMatchObject({ release: number + 10, changes: [{ name: '好的' }] })
    const { ledger } = pair.station.context.store
    const rows = ledger.snapshotTables()
    ledger.rebuild()
    expect(ledger.snapshotTables()).toEqual(rows)
    expect(pair.gateway.bugs).toEqual([])
  })
})
