import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import { reserveFileIn } from '../../main/store/reserve.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { CatalogueStatus } from '../../preload/contract/catalogue.ts'
import { packOf, releaseAfter, sampleDocuments } from '../helpers/catalogues.ts'
import { startPair } from '../helpers/reconciling.ts'
import { noSmallDisk, smallDisk } from '../helpers/small-disk.ts'
import { failureOf } from '../helpers/store.ts'

const start = '2026-03-02T12:00:00.000Z'
const times = { madeAtUtc: start, effectiveAtUtc: start }
const title =
  'a release for which the disk has no room leaves what is in force, says so, and is taken once there is room'

/** Takes the disk to its last byte; the store's own reserve is asked for first. */
function fill(folder: string): void {
  for (let size = 8 << 20; size >= 1024; size = Math.floor(size / 2)) {
    const file = join(folder, `filler-${size}-${Math.random()}`)
    try {
      writeFileSync(file, Buffer.alloc(size))
    } catch {
      rmSync(file, { force: true })
    }
  }
}

using probe = smallDisk(64)
test.skipIf(!probe)(probe ? title : `${title}: skipped, ${noSmallDisk}`, async () => {
  using disk = smallDisk(12 * 1024)
  if (!disk) throw new Error('a disk could be mounted before and cannot be now')
  const keys = makeKeyPair()
  const pair = await startPair(disk.path, start)
  try {
    const order = { publicKey: keys.publicKey, county: '440282', name: '县政数局', ifNone: false }
    await registerPublisher(pair.database, order, pair.clock.now())
    const first = releaseAfter(null, sampleDocuments(2), keys, times)
    const second = releaseAfter(first, sampleDocuments(139), keys, times)
    const publish = async (pack: Buffer) => publishRelease(pair.database, pack, pair.clock.now())
    const status = () => pair.station.catalogue.handlers['catalogue.status']?.({}, null) as CatalogueStatus
    const fetchOnce = () => {
      const bounds = { signal: new AbortController().signal, shouldYield: () => false, onBytes: () => undefined }
      return pair.station.catalogue.fetch({ send: (request) => pair.client.send(request), route: 'centre' }, bounds)
    }
    await publish(await packOf(first))
    await pair.exchange()
    await fetchOnce()
    await publish(await packOf(second))
    await pair.exchange()
    fill(disk.path)
    // The reserve is for what is small and dear; here it is gone already.
    rmSync(reserveFileIn(join(disk.path, 'station')), { force: true })
    fill(disk.path)
    await fetchOnce()
    await fetchOnce()
    const { inForce, refused, waiting, noRoom } = status()
    const meanwhile = [inForce?.release, refused, waiting.map(({ state }) => state), noRoom]
    const byStick = await failureOf(async () => pair.station.catalogue.take(await packOf(second), 'clerk'))
    const isWhole = pair.station.context.store.ledger.verify().ok
    for (const name of readdirSync(disk.path)) if (name.startsWith('filler')) rmSync(join(disk.path, name))
    await fetchOnce()
    expect([meanwhile, byStick.code, isWhole]).toEqual([[1, [], ['told'], true], 'DISK_FULL', true])
    expect([status().inForce?.release, status().noRoom, pair.station.catalogue.allInForce('matter').length]).toEqual([
      2,
      false,
      139,
    ])
  } finally {
    await pair.stop()
  }
})
