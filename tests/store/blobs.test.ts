import { createHash, randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameBytes, headerBytes, tagBytes } from '../../main/store/blob-frames.ts'
import { openBlobs } from '../../main/store/index.ts'
import { failureOf, temporaryFolder, testKey } from '../helpers/store.ts'

const limits = { limitBytes: 10 * 1024 * 1024 }
const sealedBytes = frameBytes + tagBytes

function open(folder: string) {
  return openBlobs({ folder: join(folder, 'blobs'), key: testKey })
}

function fileOf(folder: string, sha256: string): string {
  return join(folder, 'blobs', sha256.slice(0, 2), sha256)
}

test.each([0, 1, frameBytes - 1, frameBytes, frameBytes + 1, 3 * frameBytes, 1_000_000])(
  'gives back %i bytes as they were, named by their SHA-256',
  async (size) => {
    using folder = temporaryFolder()
    const blobs = open(folder.path)
    const bytes = randomBytes(size)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const blob = await blobs.put([bytes], limits)
    expect(blob).toEqual({ sha256, sizeBytes: size })
    expect(blobs.stat(sha256)).toEqual(blob)
    expect(Buffer.compare(await blobs.readAll(sha256), bytes)).toBe(0)
  },
)

test('stores the same bytes however they are cut', async () => {
  using folder = temporaryFolder()
  const blobs = open(folder.path)
  const bytes = randomBytes(200_000)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 8 }), async (cuts) => {
      const ends = [...cuts.toSorted((a, b) => a - b), bytes.length]
      const chunks = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
      expect(await blobs.put(chunks, limits)).toEqual({ sha256, sizeBytes: bytes.length })
      expect(Buffer.compare(await blobs.readAll(sha256), bytes)).toBe(0)
    }),
    { numRuns: 20 },
  )
})

test('keeps nothing readable on the disk', async () => {
  using folder = temporaryFolder()
  const blobs = open(folder.path)
  const { sha256 } = await blobs.put([Buffer.from('%PDF-1.7 ZHANG-SANFENG')], limits)
  expect(readFileSync(fileOf(folder.path, sha256)).toString('latin1')).not.toMatch(/PDF|ZHANG/)
})

const size = 2 * frameBytes + 100
const wholeBytes = headerBytes + size + 3 * tagBytes

test.each([
  ['cut inside a frame', (file: string) => truncateSync(file, wholeBytes - 50)],
  ['cut between frames', (file: string) => truncateSync(file, headerBytes + 2 * sealedBytes)],
  ['cut to its header', (file: string) => truncateSync(file, headerBytes)],
  ['cut to nothing', (file: string) => truncateSync(file, 0)],
  ['changed by one bit', (file: string) => edit(file, (bytes) => flip(bytes, headerBytes + 70_000))],
  ['changed in its header', (file: string) => edit(file, (bytes) => flip(bytes, 10))],
  ['of another format', (file: string) => edit(file, (bytes) => flip(bytes, 0))],
  ['longer than it was', (file: string) => edit(file, (bytes) => Buffer.concat([bytes, Buffer.alloc(40)]))],
  ['with two frames exchanged', (file: string) => edit(file, exchangeFrames)],
])('a file %s ends in FILE_DAMAGED', async (_what, damage) => {
  using folder = temporaryFolder()
  const blobs = open(folder.path)
  const { sha256 } = await blobs.put([randomBytes(size)], limits)
  damage(fileOf(folder.path, sha256))
  expect(await failureOf(() => blobs.readAll(sha256))).toEqual({ code: 'FILE_DAMAGED', details: {} })
  const streamed = async () => {
    for await (const _ of blobs.read(sha256));
  }
  expect(await failureOf(streamed)).toEqual({ code: 'FILE_DAMAGED', details: {} })
})

test('another file under its name ends in FILE_DAMAGED, and storing it again heals it', async () => {
  using folder = temporaryFolder()
  const blobs = open(folder.path)
  const mine = Buffer.from('mine')
  const { sha256 } = await blobs.put([mine], limits)
  const other = await blobs.put([Buffer.from('other')], limits)
  copyFileSync(fileOf(folder.path, other.sha256), fileOf(folder.path, sha256))
  expect(await failureOf(() => blobs.readAll(sha256))).toEqual({ code: 'FILE_DAMAGED', details: {} })
  await blobs.put([mine], limits)
  expect(await blobs.readAll(sha256)).toEqual(mine)
})

test('stops a stream at the limit without reading on, and leaves nothing', async () => {
  using folder = temporaryFolder()
  const blobs = open(folder.path)
  let asked = 0
  async function* endless() {
    for (;;) {
      asked += 1
      yield Buffer.alloc(100_000)
    }
  }
  expect(await failureOf(() => blobs.put(endless(), { limitBytes: 1_000_000 }))).toEqual({
    code: 'FILE_TOO_LARGE',
    details: { limitBytes: 1_000_000 },
  })
  expect(asked).toBe(11)
  expect(readdirSync(join(folder.path, 'blobs'))).toEqual(['aside'])
  expect(readdirSync(join(folder.path, 'blobs', 'aside'))).toEqual([])
})

test('a source that breaks off leaves nothing', async () => {
  using folder = temporaryFolder()
  const blobs = open(folder.path)
  async function* broken() {
    yield Buffer.alloc(100_000)
    throw new Error('the camera was pulled out')
  }
  await expect(blobs.put(broken(), limits)).rejects.toThrow('the camera was pulled out')
  expect(readdirSync(join(folder.path, 'blobs', 'aside'))).toEqual([])
})

test('clears away what a crash left half-written', () => {
  using folder = temporaryFolder()
  mkdirSync(join(folder.path, 'blobs', 'aside'), { recursive: true })
  writeFileSync(join(folder.path, 'blobs', 'aside', 'half.part'), 'half')
  open(folder.path)
  expect(readdirSync(join(folder.path, 'blobs', 'aside'))).toEqual([])
})

test.each(['f'.repeat(64), '../../station.db', ''])('has no file %j', async (name) => {
  using folder = temporaryFolder()
  const blobs = open(folder.path)
  const nothing = { code: 'NOT_FOUND', details: { what: '文件' } }
  expect(await failureOf(() => blobs.readAll(name))).toEqual(nothing)
  expect(await failureOf(() => blobs.stat(name))).toEqual(nothing)
  expect(await failureOf(() => blobs.read(name))).toEqual(nothing)
})

test('removes a file once and forgives a second time', async () => {
  using folder = temporaryFolder()
  const blobs = open(folder.path)
  const { sha256 } = await blobs.put([Buffer.from('x')], limits)
  await blobs.remove(sha256)
  await blobs.remove(sha256)
  expect(blobs.has(sha256)).toBe(false)
})

function edit(file: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(file, change(readFileSync(file)))
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}

function exchangeFrames(bytes: Buffer): Buffer {
  const frame = (n: number) => bytes.subarray(headerBytes + n * sealedBytes, headerBytes + (n + 1) * sealedBytes)
  return Buffer.concat([bytes.subarray(0, headerBytes), frame(1), frame(0), frame(2)])
}
