import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createVault, openBlobs, openVault } from '../../main/store/index.ts'
import { reserveOf } from '../../main/store/reserve.ts'
import { lockFolder } from '../../main/wire/local/folder-lock.ts'
import { noSmallDisk, smallDisk } from '../helpers/small-disk.ts'
import {
  appendAll,
  draftOf,
  failureOf,
  newStationStore,
  openTestStore,
  settableClock,
  temporaryFolder,
  testKey,
} from '../helpers/store.ts'

const reserveBytes = 1024 * 1024

/** Runs the body on a disk of 6 MiB; a user who may not mount runs the same promises by `max_page_count` in open.test.ts. */
function onSmallDisk(title: string, body: (disk: { path: string; makeReadOnly: () => void }) => Promise<void>): void {
  using probe = smallDisk(64)
  test.skipIf(!probe)(probe ? title : `${title}: skipped, ${noSmallDisk}`, async () => {
    using disk = smallDisk(6 * 1024)
    if (!disk) throw new Error('a disk could be mounted before and cannot be now')
    await body(disk)
  })
}

function fill(folder: string): void {
  const file = join(folder, 'filler')
  for (let size = 8 * 1024 * 1024; size >= 1024; size = Math.floor(size / 2)) {
    try {
      writeFileSync(`${file}-${size}`, Buffer.alloc(size))
    } catch {
      rmSync(`${file}-${size}`, { force: true })
    }
  }
}

test('the reserve is given back once and taken again', () => {
  using folder = temporaryFolder()
  const reserve = reserveOf(join(folder.path, 'reserve.bin'), 100_000)
  reserve.restore()
  const sizeBytes = statSync(join(folder.path, 'reserve.bin')).size
  const steps = [
    reserve.isHeld(),
    reserve.release(),
    reserve.isHeld(),
    reserve.release(),
    reserve.restore(),
    reserve.isHeld(),
  ]
  expect({ sizeBytes, steps }).toEqual({ sizeBytes: 100_000, steps: [true, true, false, false, true, true] })
})

onSmallDisk('a full disk costs nothing that was answered, and the reserve lets work be saved', async (disk) => {
  const store = newStationStore(disk.path, { reserveBytes })
  appendAll(store, [draftOf()])
  fill(disk.path)
  const write = () => appendAll(store, [draftOf({ payload: { text: 'x'.repeat(20_000) } })])

  let answered = 1
  const failure = await failureOf(() => {
    for (;;) {
      write()
      answered += 1
    }
  })
  expect(failure).toEqual({ code: 'DISK_FULL', details: {} })
  expect(store.hasReserve()).toBe(false)

  write()
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: answered + 1 })
  store.close()
  const again = openTestStore(disk.path, { reserveBytes })
  expect(again.ledger.verify()).toMatchObject({ ok: true, count: answered + 1 })
  for (const name of readdirSync(disk.path)) if (name.startsWith('filler')) rmSync(join(disk.path, name))
  expect(again.restoreReserve()).toBe(true)
  again.close()
})

onSmallDisk('on a disk that is full to the last byte a clerk can log in, go on and close', async (disk) => {
  const clock = settableClock()
  const cost = { memoryKiB: 64, passes: 1, lanes: 1 }
  const { key } = await createVault({ folder: disk.path, clock, cost }, { account: '演练员', pin: '246810' })
  newStationStore(disk.path, { key, reserveBytes }).close()
  fill(disk.path)

  const vault = openVault({ folder: disk.path, clock, cost })
  const store = openTestStore(disk.path, { key: await vault.unlock('演练员', '246810'), reserveBytes })
  appendAll(store, [draftOf()])
  store.close()

  const again = openTestStore(disk.path, { key, reserveBytes })
  expect(again.ledger.verify()).toMatchObject({ ok: true, count: 1 })
  expect(again.hasReserve()).toBe(false)
  again.close()
})

onSmallDisk('a store opens on a full disk by giving up its reserve', async (disk) => {
  newStationStore(disk.path, { reserveBytes }).close()
  fill(disk.path)
  const store = openTestStore(disk.path, { reserveBytes })
  appendAll(store, [draftOf()])
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: 1 })
  store.close()
})

onSmallDisk('a file that does not fit leaves nothing behind, and none is taken without the reserve', async (disk) => {
  let hasReserve = true
  const blobs = openBlobs({ folder: join(disk.path, 'blobs'), key: testKey, hasReserve: () => hasReserve })
  const large = Buffer.alloc(8 * 1024 * 1024, 1)
  const limits = { limitBytes: 100 * 1024 * 1024 }
  expect(await failureOf(() => blobs.put([large], limits))).toEqual({ code: 'DISK_FULL', details: {} })
  expect(readdirSync(join(disk.path, 'blobs', 'aside'))).toEqual([])
  hasReserve = false
  expect(await failureOf(() => blobs.put([Buffer.from('small')], limits))).toEqual({ code: 'DISK_FULL', details: {} })
})

onSmallDisk('a disk that may not be written is named so, and is left as it is', async (disk) => {
  const store = newStationStore(disk.path, { reserveBytes })
  appendAll(store, [draftOf()])
  store.close()
  disk.makeReadOnly()
  const readOnly = { code: 'STORE_READ_ONLY', details: {} }
  expect(await failureOf(() => openTestStore(disk.path, { reserveBytes }))).toEqual(readOnly)
  expect(await failureOf(() => openBlobs({ folder: join(disk.path, 'blobs'), key: testKey }))).toEqual(readOnly)
  expect(await failureOf(() => lockFolder(disk.path))).toEqual(readOnly)
  expect(existsSync(join(disk.path, 'owner.lock'))).toBe(false)
})
