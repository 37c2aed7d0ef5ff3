import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rawConnection } from '../helpers/raw-store.ts'
import { appendAll, draftOf, failureOf, newStationStore, openTestStore, temporaryFolder } from '../helpers/store.ts'

const pageBytes = 4096

function storeWithEntries(folder: string, count: number): void {
  const store = newStationStore(folder)
  appendAll(
    store,
    Array.from({ length: count }, () => draftOf({ payload: { text: '张三丰'.repeat(300) } })),
  )
  store.close()
}

test('keeps nothing readable on the disk', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  appendAll(store, [draftOf({ payload: { text: 'ZHANG-SANFENG' } })])
  for (const name of ['station.db', 'station.db-wal']) {
    const bytes = readFileSync(join(folder.path, name)).toString('latin1')
    expect(bytes).not.toContain('ZHANG-SANFENG')
    expect(bytes).not.toContain('CREATE TABLE')
  }
  store.close()
})

test('commits wait for the disk', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  expect(store.db.get('PRAGMA synchronous')).toEqual({ synchronous: 2 })
  expect(store.db.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
  expect(store.db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
  store.close()
})

test('refuses another key and leaves the store as it was', async () => {
  using folder = temporaryFolder()
  storeWithEntries(folder.path, 3)
  expect(await failureOf(() => openTestStore(folder.path, { key: new Uint8Array(32).fill(8) }))).toEqual({
    code: 'STORE_DAMAGED',
    details: { reason: 'key-or-first-page' },
  })
  const store = openTestStore(folder.path)
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: 3 })
  store.close()
})

test('finds flipped bits when it reads their pages', async () => {
  using folder = temporaryFolder()
  // Enough rows that the file's second half holds nothing but them: the schema's pages come first.
  storeWithEntries(folder.path, 300)
  const file = join(folder.path, 'station.db')
  const bytes = readFileSync(file)
  for (let at = Math.floor(bytes.length / pageBytes / 2) * pageBytes + 1000; at < bytes.length; at += pageBytes) {
    bytes[at] = (bytes[at] ?? 0) ^ 1
  }
  writeFileSync(file, bytes)
  const store = openTestStore(folder.path)
  expect(await failureOf(() => store.ledger.verify())).toEqual({ code: 'STORE_DAMAGED', details: { reason: 'page' } })
  store.close()
})

test('refuses a file that is something else', async () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'station.db'), Buffer.alloc(pageBytes * 3, 'not a database '))
  expect(await failureOf(() => openTestStore(folder.path))).toMatchObject({ code: 'STORE_DAMAGED' })
})

test('opens for reading beside a writer, and writes nothing', async () => {
  using folder = temporaryFolder()
  const writer = newStationStore(folder.path)
  appendAll(writer, [draftOf()])
  const reader = openTestStore(folder.path, { readonly: true })
  expect(reader.ledger.verify()).toMatchObject({ ok: true, count: 1 })
  expect(await failureOf(() => appendAll(reader, [draftOf()]))).toEqual({ code: 'STORE_READ_ONLY', details: {} })
  reader.close()
  writer.close()
})

test('says that there is nothing to read', async () => {
  using folder = temporaryFolder()
  expect(await failureOf(() => openTestStore(folder.path, { readonly: true }))).toEqual({
    code: 'NOT_FOUND',
    details: { what: 'store' },
  })
})

test('tells a broken rule as the bug that it is', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  expect(() => store.db.run("INSERT INTO feed_items VALUES (0, '', '', '')")).toThrow(/CHECK constraint failed/)
  store.close()
})

test('keeps settings as JSON values', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  store.settings.set('port', { number: 43117 })
  store.settings.set('gone', 1)
  store.settings.set('gone', undefined)
  store.close()
  const again = openTestStore(folder.path)
  expect([again.settings.get('port'), again.settings.get('gone')]).toEqual([{ number: 43117 }, undefined])
  again.close()
})

test('a database that may not grow answers DISK_FULL, keeps what it has, and goes on when there is room', async () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  appendAll(store, [draftOf()])
  const limit = store.db.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0
  store.db.get(`PRAGMA max_page_count = ${limit + 2}`)
  const large = [draftOf({ payload: { text: 'x'.repeat(100_000) } })]
  expect(await failureOf(() => appendAll(store, large))).toEqual({ code: 'DISK_FULL', details: {} })
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: 1 })
  store.db.get('PRAGMA max_page_count = 4294967294')
  appendAll(store, large)
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: 2 })
  store.close()
  using raw = rawConnection(folder.path)
  expect(raw.connection.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
})
