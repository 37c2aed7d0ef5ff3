import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  answerFileName,
  bundleFileName,
  bundleRecords,
  encodeHead,
  isBundleFileName,
} from '../../main/wire/bundle/format.ts'
import { ageIdentityOf, ageRecipientOf, openWithAge, sealForAge } from '../../main/wire/bundle/keys.ts'
import { checkBundle, glanceAt, readHead, readRecords, wholeSegments } from '../../main/wire/bundle/reader.ts'
import { createBundleWriter } from '../../main/wire/bundle/writer.ts'
import { makeKeyPair, signerOf } from '../../main/wire/signatures.ts'
import { memorySource, sampleBundle, sampleHeader } from '../helpers/bundles.ts'

const texts = ['第一段：高龄津贴', '第二段：临时救助', '第三段']

/** What a bundle says to who has the keys; throws as the reader does. */
async function readAll(bytes: Buffer, stationPublicKey: string, centrePrivateKey: string): Promise<string[]> {
  const source = memorySource(bytes)
  const bundle = await checkBundle(source, { signer: () => stationPublicKey })
  const read: string[] = []
  for await (const record of readRecords(source, bundle, ageIdentityOf(centrePrivateKey)))
    read.push(record.bytes.toString())
  return read
}

const damaged = { code: 'BUNDLE_DAMAGED' }

describe('a bundle', () => {
  test('gives its records in order to who has the key', async () => {
    const { bytes, station, centre } = await sampleBundle(texts)
    expect(await readAll(bytes, station.publicKey, centre.privateKey)).toEqual(texts)
  })

  test('shows nothing of its records outside the encryption', async () => {
    const { bytes } = await sampleBundle(['张三 11010119000101'])
    expect([bytes.includes('张三'), bytes.includes('11010119000101')]).toEqual([false, false])
  })

  test('with any byte changed is refused before anything of it is believed', async () => {
    const { bytes, station } = await sampleBundle(texts)
    const check = (changed: Buffer) => checkBundle(memorySource(changed), { signer: () => station.publicKey })
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(bytes)
        changed.writeUInt8((changed[at] ?? 0) ^ flip, at)
        await expect(check(changed)).rejects.toMatchObject(damaged)
      }),
      { numRuns: 400 },
    )
  })

  test('cut off at any byte, or with bytes behind its end, is refused', async () => {
    const { bytes, station } = await sampleBundle(texts)
    const check = (changed: Buffer) => checkBundle(memorySource(changed), { signer: () => station.publicKey })
    for (let length = 0; length < bytes.length; length += 7)
      await expect(check(bytes.subarray(0, length))).rejects.toMatchObject(damaged)
    await expect(check(Buffer.concat([bytes, Buffer.from([0])]))).rejects.toMatchObject(damaged)
  })

  test('with segments swapped, left out, doubled, or taken from another bundle is refused', async () => {
    const { bytes, station, centre } = await sampleBundle(texts)
    const { bytes: other } = await sampleBundle(texts, {
      station,
      centre,
      header: { ...sampleHeader, bundleId: '0195a8a0-0000-7000-8000-000000000002' },
    })
    const [ours, theirs] = await Promise.all([partsOf(bytes), partsOf(other)])
    const { head, segments, end } = ours
    const [one, two, three] = segments as [Buffer, Buffer, Buffer]
    const foreign = theirs.segments[1] ?? Buffer.alloc(0)
    const orders = [
      [two, one, three],
      [one, three],
      [one, two, two, three],
      [one, foreign, three],
      [one, two],
    ]
    for (const order of orders) {
      const mixed = Buffer.concat([head, ...order, end])
      await expect(readAll(mixed, station.publicKey, centre.privateKey)).rejects.toMatchObject(damaged)
    }
    const itsEnd = Buffer.concat([head, one, two, three, theirs.end])
    await expect(readAll(itsEnd, station.publicKey, centre.privateKey)).rejects.toMatchObject(damaged)
  })

  test('signed by another key, or sealed to another, is refused', async () => {
    const { bytes, station, centre } = await sampleBundle(texts)
    const stranger = makeKeyPair()
    await expect(readAll(bytes, stranger.publicKey, centre.privateKey)).rejects.toMatchObject(damaged)
    await expect(readAll(bytes, station.publicKey, stranger.privateKey)).rejects.toMatchObject(damaged)
    await expect(glanceAt(memorySource(bytes), stranger.publicKey)).rejects.toMatchObject(damaged)
    expect(await glanceAt(memorySource(bytes), station.publicKey)).toEqual(sampleHeader)
  })

  test('that was interrupted goes on after its last whole segment and reads as if nothing had happened', async () => {
    const { bytes, station, centre } = await sampleBundle(texts)
    const { segments, head } = await partsOf(bytes)
    const torn = bytes.subarray(0, head.length + (segments[0]?.length ?? 0) + 20)
    const source = memorySource(torn)
    const kept = []
    for await (const place of wholeSegments(source, await readHead(source))) kept.push(place)
    const parts = [torn.subarray(0, head.length + (segments[0]?.length ?? 0))]
    const writer = await createBundleWriter({
      header: sampleHeader,
      recipient: ageRecipientOf(centre.publicKey),
      sign: signerOf(station.privateKey),
      sink: async (more) => void parts.push(more),
      kept: kept.map((place) => place.head),
    })
    writer.add(bundleRecords.batch, Buffer.from('接着写的'))
    await writer.finish()
    expect(await readAll(Buffer.concat(parts), station.publicKey, centre.privateKey)).toEqual([texts[0], '接着写的'])
  })

  test('has a name that every file system of a stick takes, and its answer one beside it', () => {
    const name = bundleFileName('440282104208-1', '2026-03-02', 3)
    expect([name, answerFileName(name)]).toEqual([
      '440282104208-1-20260302-3.cunchuang',
      '440282104208-1-20260302-3-回执.cunchuang',
    ])
    expect([name, answerFileName(name), `../${name}`, `${name}.part`].map(isBundleFileName)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

async function partsOf(bytes: Buffer): Promise<{ head: Buffer; segments: Buffer[]; end: Buffer }> {
  const { segments, bytes: head, header } = await checkBundle(memorySource(bytes))
  expect(encodeHead(header)).toEqual(head)
  const whole = segments.map(({ offset, length, head: own }) =>
    Buffer.concat([own, bytes.subarray(offset, offset + length)]),
  )
  return { head, segments: whole, end: bytes.subarray(bytes.length - 101) }
}

const noAge = 'the age program is not installed'
const hasAge = spawnSync('age', ['--version']).status === 0

describe('the age keys of a bundle', () => {
  test('derive from the Ed25519 keys, and open what is sealed to them', async () => {
    const keys = makeKeyPair()
    const sealed = await sealForAge(ageRecipientOf(keys.publicKey), Buffer.from('给中心'))
    expect((await openWithAge(ageIdentityOf(keys.privateKey), sealed)).toString()).toBe('给中心')
    await expect(openWithAge(ageIdentityOf(makeKeyPair().privateKey), sealed)).rejects.toThrow()
  })

  test.skipIf(!hasAge)(
    `are read by the age program, which opens a segment as it lies in the file (${noAge} otherwise)`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'bundle-age-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const { bytes, centre } = await sampleBundle(['给中心的一段'])
      const [segment] = (await checkBundle(memorySource(bytes))).segments
      if (segment === undefined) throw new Error('a bundle with a text has a segment')
      writeFileSync(join(folder, 'key'), `${ageIdentityOf(centre.privateKey)}\n`)
      writeFileSync(join(folder, 'sealed'), bytes.subarray(segment.offset, segment.offset + segment.length))
      const opened = spawnSync('age', ['--decrypt', '--identity', join(folder, 'key'), join(folder, 'sealed')])
      expect(opened.stdout.subarray(5).toString()).toBe('给中心的一段')
      const theirs = spawnSync('age', ['--encrypt', '--recipient', ageRecipientOf(centre.publicKey)], {
        input: '来自 age',
      })
      expect((await openWithAge(ageIdentityOf(centre.privateKey), theirs.stdout)).toString()).toBe('来自 age')
    },
  )
})
