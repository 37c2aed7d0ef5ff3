import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CatalogueDocument, readDocument } from '../../main/wire/catalogue/documents.ts'
import { assertSignedBy } from '../../main/wire/catalogue/manifest.ts'
import { openPack, readDocuments, readManifests } from '../../main/wire/catalogue/pack.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { changed, packOf, releaseAfter, sampleDocuments, type TestRelease, withChanged } from '../helpers/catalogues.ts'
import { failureOf } from '../helpers/store.ts'

const keys = makeKeyPair()
const few = sampleDocuments(4)
const first = releaseAfter(null, few, keys)

/** What a receiver with `base` makes of a pack: the whole catalogue by kind, id, version. */
async function received(pack: Buffer, base: TestRelease | null, publisher = keys.publicKey) {
  const opened = openPack(pack)
  const manifests = await readManifests(opened, base?.signed.bytes)
  const release = manifests.at(-1)
  if (release === undefined) throw new Error('no release')
  assertSignedBy(release, publisher)
  const here = new Map<string, Buffer>(base?.documents.map(({ sha256, bytes }) => [sha256, bytes]))
  const source = {
    manifest: base?.signed.manifest ?? null,
    documentOf: (ref: { sha256: string }) => here.get(ref.sha256),
  }
  for (const { bytes, ...ref } of await readDocuments(opened, release, source)) {
    readDocument(ref, bytes)
    here.set(ref.sha256, bytes)
  }
  return release.manifest.documents.map(({ kind, id, version, sha256 }) => [
    kind,
    id,
    version,
    here.get(sha256)?.toString(),
  ])
}

const whole = (release: TestRelease) =>
  release.documents.map(({ kind, id, version, bytes }) => [kind, id, version, bytes.toString()])

/** A pack whose parts were changed by somebody who knows how to make its digest right again. */
function withDigest(pack: Buffer): Buffer {
  const body = pack.subarray(0, pack.length - 32)
  return Buffer.concat([body, createHash('sha256').update(body).digest()])
}

const placeOf = async (work: () => unknown) => {
  const { code, details } = await failureOf(work)
  return [code, details]
}

describe('a pack', () => {
  const edit = fc.record({
    at: fc.nat(few.length - 2),
    name: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((text) => !/\p{Cs}/u.test(text)),
    drop: fc.boolean(),
  })

  test('of one release for who has another gives exactly that release, whatever was changed, added or left out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(edit, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (steps, from) => {
          const releases: TestRelease[] = [first]
          for (const edits of steps) {
            let documents: readonly CatalogueDocument[] = releases.at(-1)?.documents ?? []
            for (const { at, name, drop } of edits) {
              const document = documents.filter(({ kind }) => kind === 'matter')[at]
              if (document === undefined) continue
              documents = drop
                ? documents.filter((one) => one !== document)
                : withChanged(documents, changed(document, { name }))
            }
            releases.push(releaseAfter(releases.at(-1) ?? null, documents, keys))
          }
          const target = releases.at(-1) as TestRelease
          const base = releases[from % releases.length] ?? null
          const [pack, again] = [await packOf(target, base), await packOf(target, base)]
          expect(again.equals(pack)).toBe(true)
          expect(await received(pack, base)).toEqual(whole(target))
          expect(await received(await packOf(target), null)).toEqual(whole(target))
        },
      ),
      { numRuns: 30 },
    )
  })

  test('with any byte changed is refused', async () => {
    const second = releaseAfter(first, withChanged(few, changed(few[1] as CatalogueDocument, { name: '改过的' })), keys)
    const pack = await packOf(second, first)
    await fc.assert(
      fc.asyncProperty(fc.nat(pack.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const broken = Buffer.from(pack)
        broken[at] = (broken[at] ?? 0) ^ by
        const { code } = await failureOf(() => received(broken, first))
        expect(code).toBe('RELEASE_DAMAGED')
      }),
      { numRuns: 200 },
    )
  })

  test('with any byte changed by somebody who mends its digest is refused, or says what it said before', async () => {
    const second = releaseAfter(first, withChanged(few, changed(few[1] as CatalogueDocument, { name: '改过的' })), keys)
    const pack = await packOf(second, first)
    await fc.assert(
      fc.asyncProperty(fc.nat(pack.length - 33), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const broken = Buffer.from(pack)
        broken[at] = (broken[at] ?? 0) ^ by
        const outcome = await received(withDigest(broken), first).catch(({ code }) => code)
        if (typeof outcome === 'string') expect(outcome).toMatch(/^RELEASE_/)
        else expect(outcome).toEqual(whole(second))
      }),
      { numRuns: 300 },
    )
  })

  test('cut off anywhere, or with more behind it, is refused', async () => {
    const pack = await packOf(first)
    await fc.assert(
      fc.asyncProperty(fc.nat(pack.length - 1), async (length) => {
        expect((await failureOf(() => openPack(pack.subarray(0, length)))).code).toBe('RELEASE_DAMAGED')
      }),
      { numRuns: 50 },
    )
    expect(await placeOf(() => openPack(Buffer.concat([pack, Buffer.alloc(7)])))).toEqual([
      'RELEASE_DAMAGED',
      { place: '不完整，或被改动过' },
    ])
    const more = withDigest(Buffer.concat([pack.subarray(0, -32), Buffer.from([0, 0, 0, 1, 0]), Buffer.alloc(32)]))
    expect(await placeOf(() => received(more, null))).toEqual(['RELEASE_DAMAGED', { place: '里面有清单上没有的文件' }])
    expect((await failureOf(() => openPack(Buffer.from('%PDF-1.7'.repeat(20))))).code).toBe('RELEASE_DAMAGED')
  })

  test('that was made for who has another release cannot be read without it', async () => {
    const second = releaseAfter(first, withChanged(few, changed(few[1] as CatalogueDocument, { name: '改过的' })), keys)
    const pack = await packOf(second, first)
    expect(openPack(pack).base).toEqual({ release: 1, sha256: first.signed.sha256 })
    expect((await failureOf(() => received(pack, null))).code).toBe('RELEASE_DAMAGED')
  })
})

describe('what inflates', () => {
  /** The first release's pack with another manifest or document deflated in the place of its own. */
  async function withStream(bytes: Buffer, statedBytes?: number): Promise<Buffer> {
    const pack = await packOf(first)
    const at = 17 + 36 + 4 + 96
    const length = pack.readUInt32BE(at + 4)
    const head = Buffer.from(pack.subarray(0, at + 8))
    if (statedBytes !== undefined) head.writeUInt32BE(statedBytes, at)
    head.writeUInt32BE(bytes.length, at + 4)
    return withDigest(Buffer.concat([head, bytes, pack.subarray(at + 8 + length)]))
  }

  test('beyond its stated size is refused in bounded memory, a bomb and fifty megabytes alike', async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000, '[1,'), { level: 9 })
    const before = process.memoryUsage.rss()
    expect(await placeOf(async () => received(await withStream(bomb), null))).toEqual([
      'RELEASE_DAMAGED',
      { place: '发布清单比它自己说的大' },
    ])
    expect(await placeOf(async () => received(await withStream(bomb, 50_000_000), null))).toEqual([
      'RELEASE_TOO_LARGE',
      { place: '发布清单超过 1 MB' },
    ])
    expect(process.memoryUsage.rss() - before).toBeLessThan(30_000_000)
  })

  test('as a document beyond the size that the signed manifest names is refused', async () => {
    const pack = await packOf(first)
    const manifestLength = pack.readUInt32BE(17 + 36 + 4 + 96 + 4)
    const at = 17 + 36 + 4 + 96 + 8 + manifestLength
    const length = pack.readUInt32BE(at)
    const bomb = deflateRawSync(Buffer.alloc(50_000_000), { level: 9 })
    const size = Buffer.alloc(4)
    size.writeUInt32BE(bomb.length)
    const made = Buffer.concat([pack.subarray(0, at), size, bomb, pack.subarray(at + 4 + length)])
    expect(await placeOf(() => received(withDigest(made), null))).toEqual([
      'RELEASE_DAMAGED',
      { place: '2026年工作日历比它自己说的大' },
    ])
    expect(await placeOf(() => openPack(Buffer.concat([pack.subarray(0, -32), Buffer.alloc(5_000_000)])))).toEqual([
      'RELEASE_TOO_LARGE',
      { place: '整个发布超过 4 MB' },
    ])
  })
})

describe('139 matters', () => {
  const documents = sampleDocuments(139)
  const one = releaseAfter(null, documents, keys)

  test('fit into 150 KB, and a change of one line in one of them into 2 KB', async () => {
    const nameOf = (document: CatalogueDocument) => JSON.parse(document.bytes.toString()).name
    const matter = documents[70] as CatalogueDocument
    const { conditions } = JSON.parse(matter.bytes.toString())
    const line = [{ ...conditions[0], text: `${conditions[0].text}，年满七十九周岁` }, ...conditions.slice(1)]
    const two = releaseAfter(one, withChanged(documents, changed(matter, { conditions: line })), keys)
    const all = await packOf(one)
    const delta = await packOf(two, one)
    console.log(
      `139 matters: ${all.length} bytes; one line: ${delta.length} bytes (${nameOf(matter)}, ${matter.sizeBytes} bytes)`,
    )
    expect(all.length).toBeLessThan(150_000)
    expect(delta.length).toBeLessThan(2_000)
    expect(await received(delta, one)).toEqual(whole(two))
  })
})
