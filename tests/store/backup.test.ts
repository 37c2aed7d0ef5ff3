import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listBackups } from '../../main/store/index.ts'
import { rawConnection } from '../helpers/raw-store.ts'
import {
  appendAll,
  draftOf,
  failureOf,
  newStationStore,
  openTestStore,
  settableClock,
  temporaryFolder,
} from '../helpers/store.ts'

test('copies the store while entries are written, and the copy opens and verifies', async () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  appendAll(
    store,
    Array.from({ length: 300 }, () => draftOf()),
  )
  const head = store.ledger.head()

  const running = store.backUp()
  const same = store.backUp()
  for (let i = 0; i < 50; i += 1) {
    appendAll(store, [draftOf({ payload: { text: 'x'.repeat(3000) } })])
    await new Promise((resolve) => setImmediate(resolve))
  }
  const report = await running

  expect(await same).toBe(report)
  expect(report.head).toEqual(head)
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: 350 })
  expect(store.db.get('PRAGMA wal_autocheckpoint')).toEqual({ wal_autocheckpoint: 1000 })
  store.close()
  const restored = join(folder.path, 'restored')
  mkdirSync(restored)
  copyFileSync(report.file, join(restored, 'station.db'))
  const copy = openTestStore(restored)
  expect(copy.ledger.verify()).toEqual({ ok: true, head, count: 300 })
  copy.close()
})

test('keeps the last copies only, and nothing half-made', async () => {
  using folder = temporaryFolder()
  const clock = settableClock()
  const backups = { folder: join(folder.path, 'backups'), keep: 3 }
  const store = newStationStore(folder.path, { clock, backups })
  mkdirSync(backups.folder)
  writeFileSync(join(backups.folder, 'station-20250101T000000000Z-v1.db.aside'), 'half')
  const made: string[] = []
  for (let day = 1; day <= 5; day += 1) {
    clock.passSeconds(86_400)
    made.push((await store.backUp()).file)
  }
  store.close()
  expect(listBackups(backups.folder)).toEqual(made.slice(-3))
  expect(readdirSync(backups.folder)).toHaveLength(3)
})

test('a store whose ledger does not hold makes no copy and takes no older one away', async () => {
  using folder = temporaryFolder()
  const clock = settableClock()
  const backups = { folder: join(folder.path, 'backups'), keep: 1 }
  const store = newStationStore(folder.path, { clock, backups })
  appendAll(store, [draftOf(), draftOf()])
  const good = await store.backUp()
  clock.passSeconds(1)
  {
    using raw = rawConnection(folder.path)
    raw.connection.exec("DROP TRIGGER entries_change_only_by_erasure; UPDATE entries SET actor = 'x' WHERE seq = 2")
  }
  expect(await failureOf(() => store.backUp())).toEqual({
    code: 'LEDGER_BROKEN',
    details: { brokenAt: 2, reason: 'hash' },
  })
  store.close()
  expect(readdirSync(backups.folder).map((name) => join(backups.folder, name))).toEqual([good.file])
})

test('a damaged page of any table makes no copy', async () => {
  using folder = temporaryFolder()
  const filler = Array.from({ length: 40 }, (_, i) => [`key-${i}`, randomBytes(1000).toString('hex')] as const)
  const store = newStationStore(folder.path)
  for (const [key, value] of filler) store.settings.set(key, value)
  store.close()
  const file = join(folder.path, 'station.db')
  const bytes = readFileSync(file)
  const lastPage = Math.floor(bytes.length / 4096) - 1
  bytes[lastPage * 4096 + 2000] = (bytes[lastPage * 4096 + 2000] ?? 0) ^ 1
  writeFileSync(file, bytes)
  const damaged = openTestStore(folder.path)
  expect(await failureOf(() => damaged.backUp())).toEqual({ code: 'STORE_DAMAGED', details: { reason: 'page' } })
  expect(readdirSync(join(folder.path, 'backups'))).toEqual([])
  damaged.close()
})

test('copies are as unreadable as the store', async () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  appendAll(store, [draftOf({ payload: { text: 'ZHANG-SANFENG' } })])
  const { file } = await store.backUp()
  store.close()
  expect(readFileSync(file).toString('latin1')).not.toMatch(/ZHANG-SANFENG|CREATE TABLE|SQLite format/)
})
