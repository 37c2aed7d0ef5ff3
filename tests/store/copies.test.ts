import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { DeskContext } from '../../main/desk/feature.ts'
import { type Copies, copyLimitBytes, createCopies } from '../../main/features/copies/index.ts'
import { openRenderer } from '../../main/rendering/index.ts'
import { decodeJpeg, encodeJpeg } from '../../main/rendering/jpeg.ts'
import { type BlobStore, openBlobs, type Store } from '../../main/store/index.ts'
import type { StoredFile } from '../../preload/contract/entries.ts'
import { openTestStore, temporaryFolder, testKey } from '../helpers/store.ts'

const renderer = openRenderer()
afterAll(() => renderer.close())

type Opened = { readonly store: Store; readonly blobs: BlobStore; readonly copies: Copies; readonly told: string[] }

/** Copies over a store on disk. */
function openCopies(folder: string): Opened {
  const told: string[] = []
  const store = openTestStore(folder)
  const blobs = openBlobs({ folder: join(folder, 'blobs'), key: testKey })
  const context = { store, blobs, emit: () => told.push('changed'), log: (what: string) => told.push(what) }
  const copies = createCopies(context as unknown as DeskContext, {
    renderer: async () => renderer,
    settled: () => told.push('settled'),
    close: async () => undefined,
  })
  return { store, blobs, copies, told }
}

/** A file that came in: noise, so that it stays large. */
async function bringPhoto(blobs: BlobStore, width: number): Promise<StoredFile> {
  const data = new Uint8ClampedArray(width * width * 4)
  for (let at = 0; at < data.length; at++) data[at] = (Math.imul(at, 0x27d4eb2d) >>> 20) & 255
  const stored = await blobs.put([await encodeJpeg({ width, height: width, data }, 90)], { limitBytes: 50 << 20 })
  return { ...stored, name: '户口簿.jpg', mediaType: 'image/jpeg' }
}

const rows = (store: Store) =>
  store.db.all<{ state: string; sha256: string | null; size_bytes: number | null }>(
    'SELECT state, sha256, size_bytes FROM readable_copies ORDER BY original_sha256',
  )

test('a large photograph gets a stored copy within the limit, once, and whoever waits is told', async () => {
  using folder = temporaryFolder()
  const { store, blobs, copies, told } = openCopies(folder.path)
  const photo = await bringPhoto(blobs, 1200)
  copies.noteStored(photo)
  copies.noteStored(photo)
  await copies.idle()
  const [row, ...more] = rows(store)
  const shown = await decodeJpeg(await blobs.readAll(row?.sha256 ?? ''))
  expect({ state: row?.state, more, told }).toEqual({ state: 'made', more: [], told: ['changed', 'settled'] })
  expect(row?.size_bytes).toBeLessThanOrEqual(copyLimitBytes)
  expect(shown.width).toBeGreaterThan(300)
  await copies.close?.()
  store.close()
})

test('a photograph that came in just before the desk was killed is copied after the next start', async () => {
  using folder = temporaryFolder()
  const before = openCopies(folder.path)
  const photo = await bringPhoto(before.blobs, 1000)
  before.copies.noteStored(photo)
  before.store.close() // in the middle: what the maker does after this finds no store
  await before.copies.idle().catch(() => undefined)
  const after = openCopies(folder.path)
  await after.copies.start?.()
  await after.copies.idle()
  expect(rows(after.store).map(({ state }) => state)).toEqual(['made'])
  await after.copies.close?.()
  after.store.close()
})

test('a file that nobody can draw, and one that is gone, have no copy and stop no other', async () => {
  using folder = temporaryFolder()
  const { store, blobs, copies } = openCopies(folder.path)
  const nonsense = await blobs.put([new Uint8Array(200_000).fill(0xff)], { limitBytes: 1 << 20 })
  copies.noteStored({ ...nonsense, name: '扫描件.pdf', mediaType: 'application/pdf' })
  copies.noteStored({ sha256: 'a'.repeat(64), sizeBytes: 300_000, name: '不在了.jpg', mediaType: 'image/jpeg' })
  copies.noteStored(await bringPhoto(blobs, 1000))
  copies.noteStored({ sha256: 'b'.repeat(64), sizeBytes: 100_000, name: '小图.jpg', mediaType: 'image/jpeg' })
  await copies.idle()
  expect(
    rows(store)
      .map(({ state }) => state)
      .toSorted(),
  ).toEqual(['made', 'none', 'none'])
  await copies.close?.()
  store.close()
})
