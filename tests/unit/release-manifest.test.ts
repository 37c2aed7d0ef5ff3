import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { canonicalBytes } from '../../main/wire/canonical.ts'
import { type CatalogueDocument, makeDocument, readDocument } from '../../main/wire/catalogue/documents.ts'
import {
  assertSignedBy,
  isFor,
  keyAfter,
  readManifest,
  signManifest,
  unsignedManifest,
} from '../../main/wire/catalogue/manifest.ts'
import { makeKeyPair, signerOf } from '../../main/wire/signatures.ts'
import type { CatalogueManifest } from '../../preload/contract/catalogue.ts'
import { calendarDocument, changed, manifestAfter, releaseAfter, sampleDocuments } from '../helpers/catalogues.ts'
import { failureOf } from '../helpers/store.ts'

const [keys, next, stranger] = [makeKeyPair(), makeKeyPair(), makeKeyPair()]
const documents = sampleDocuments(3)
const first = releaseAfter(null, documents, keys)

const refusalOf = async (more: Partial<CatalogueManifest>) => {
  const { code, details } = await failureOf(() => readManifest(canonicalBytes(manifestAfter(null, documents, more))))
  return [code, Object.values(details as object)[0]]
}

describe('a manifest', () => {
  test('that makes no sense is refused with its place', async () => {
    const refs = manifestAfter(null, documents).documents
    const twice = [refs[0], { ...refs[1], version: 1 }, { ...refs[1], version: 2 }] as CatalogueManifest['documents']
    const far = { madeAtUtc: '2026-01-01T00:00:00.000Z', effectiveAtUtc: '2028-01-01T00:00:00.000Z' }
    expect(
      await Promise.all(
        [
          { release: 2 },
          { documents: refs.toReversed() },
          { documents: twice },
          { targets: ['440282104', '440282104'] },
          { targets: ['440282104'], nextPublisherKey: next.publicKey },
          { madeAtUtc: '2026-03-03T01:00:00.000Z' },
          far,
          { county: '4402' },
          { documents: refs.map((ref) => ({ ...ref, sizeBytes: 50_000_000 })) },
          { note: '换行\n' },
        ].map(refusalOf),
      ),
    ).toEqual([
      ['RELEASE_DAMAGED', '发布清单的发布号不接着上一次'],
      ['RELEASE_DAMAGED', '发布清单的文件没有按次序排，或有重复'],
      ['RELEASE_DAMAGED', '发布清单里同一个文件有两个版本'],
      ['RELEASE_DAMAGED', '发布清单的对象没有按次序排，或有重复'],
      ['RELEASE_DAMAGED', '发布清单要换密钥，就必须发给所有窗口'],
      ['RELEASE_TIME', '它写的生效时间比制作时间还早'],
      ['RELEASE_TIME', '它要过 400 天以上才生效'],
      ['RELEASE_DAMAGED', '发布清单的 county 写得不对'],
      ['RELEASE_DAMAGED', '发布清单的 documents.0.sizeBytes 写得不对'],
      ['RELEASE_DAMAGED', '发布清单的 note 写得不对'],
    ])
  })

  test('in any other writing than the canonical one is refused', async () => {
    const text = first.signed.bytes.toString()
    const other = Buffer.from(
      text.replace('"approvedBy":"",', '').replace('}', '}').slice(0, -1).concat(',"approvedBy":""}'),
    )
    expect((await failureOf(() => readManifest(other))).code).toBe('RELEASE_DAMAGED')
    expect((await failureOf(() => readManifest(Buffer.from(` ${text}`)))).code).toBe('RELEASE_DAMAGED')
  })

  test('counts by the signature of the key that is expected alone', async () => {
    const { signed } = first
    expect(() => assertSignedBy(signed, keys.publicKey)).not.toThrow()
    const codes = await Promise.all(
      [
        { signed, key: stranger.publicKey },
        {
          signed: { ...signed, signature: releaseAfter(null, documents.slice(1), keys).signed.signature },
          key: keys.publicKey,
        },
        { signed: { ...signed, publisher: stranger.publicKey }, key: keys.publicKey },
        { signed: unsignedManifest(signed.manifest), key: keys.publicKey },
      ].map(async (one) => (await failureOf(() => assertSignedBy(one.signed, one.key))).code),
    )
    expect(codes).toEqual(['RELEASE_FOREIGN_PUBLISHER', 'RELEASE_SIGNATURE', 'RELEASE_SIGNATURE', 'RELEASE_UNSIGNED'])
  })

  test('hands the key over where the old key signed it, and only there', () => {
    const handover = releaseAfter(first, documents, keys, { nextPublisherKey: next.publicKey })
    const third = releaseAfter(handover, documents, next, { nextPublisherKey: stranger.publicKey })
    const forged = signManifest(manifestAfter(first, documents, { nextPublisherKey: stranger.publicKey }), {
      publicKey: stranger.publicKey,
      sign: signerOf(stranger.privateKey),
    })
    expect(keyAfter(keys.publicKey, [handover.signed])).toBe(next.publicKey)
    expect(keyAfter(keys.publicKey, [handover.signed, third.signed])).toBe(stranger.publicKey)
    expect(keyAfter(keys.publicKey, [forged, first.signed])).toBe(keys.publicKey)
    expect(keyAfter(keys.publicKey, [{ ...forged, publisher: keys.publicKey }])).toBe(keys.publicKey)
  })

  test('is for a station by its id, its village, its town or a word that the centre gave it', () => {
    const station = { stationId: '440282104208-1', tags: ['试点'] }
    const verdicts = [
      'all' as const,
      ['440282104208-1'],
      ['440282104208'],
      ['440282104'],
      ['试点'],
      ['440282'],
      ['440282104208-2'],
    ]
    expect(verdicts.map((targets) => isFor(targets, station))).toEqual([true, true, true, true, true, false, false])
  })
})

describe('a document', () => {
  const [matter] = documents.filter(({ kind }) => kind === 'matter') as [CatalogueDocument]
  const said = async (bytes: Buffer, more: Partial<CatalogueDocument> = {}) => {
    const made = makeDocument('calendar', { source: 'x', years: { '2026': { off: [], work: [] } } }, '')
    const ref = { ...made, sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length, ...more }
    const { code, details } = await failureOf(() => readDocument(ref, bytes))
    return [code, (details as { place?: string }).place]
  }

  test('that is not what it is named, or not its kind, is refused with its place', async () => {
    expect(await said(matter.bytes, { sha256: 'a'.repeat(64) })).toEqual(['RELEASE_DOCUMENT_CHANGED', undefined])
    expect((await said(matter.bytes))[0]).toBe('RELEASE_DOCUMENT_INVALID')
    expect(await said(calendarDocument(2027).bytes)).toEqual([
      'RELEASE_DOCUMENT_INVALID',
      '里面写的编号或版本与发布清单不同',
    ])
    expect(await said(Buffer.from('{"source":"x", "years":{"2026":{"off":[],"work":[]}}}'))).toEqual([
      'RELEASE_DOCUMENT_INVALID',
      '不是规定的写法（RFC 8785）',
    ])
    expect(await said(Buffer.from('{"source":"x","years":{}}'))).toEqual(['RELEASE_DOCUMENT_INVALID', 'years'])
    expect(await said(Buffer.from('['.repeat(400_000)))).toEqual(['RELEASE_DOCUMENT_INVALID', '套得太深，超过 40 层'])
    expect((await said(Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)))[0]).toBe(
      'RELEASE_DOCUMENT_INVALID',
    )
  })

  test('keeps the bytes that were hashed, also where its shape fills something in', () => {
    expect(changed(matter, { version: matter.version }).sha256).toBe(matter.sha256)
    expect(canonicalBytes(JSON.parse(matter.bytes.toString())).equals(matter.bytes)).toBe(true)
  })
})
