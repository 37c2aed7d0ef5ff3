// Owns: releases that nobody may take, each for one reason, signed by whom a station believes: what a hostile or careless publisher, centre or stick could bring.
// Does not own: good releases (catalogues.ts), the doors by which they come (the tests).
// Start here: `badReleases`.
import { createHash } from 'node:crypto'
import { canonicalBytes, sha256Hex } from '../../main/wire/canonical.ts'
import { type CatalogueDocument, makeDocument } from '../../main/wire/catalogue/documents.ts'
import { compareRefs, type SignedManifest } from '../../main/wire/catalogue/manifest.ts'
import { writePack } from '../../main/wire/catalogue/pack.ts'
import { type KeyPair, makeKeyPair, signerOf } from '../../main/wire/signatures.ts'
import type { CatalogueManifest } from '../../preload/contract/catalogue.ts'
import type { ErrorCode } from '../../preload/contract/errors.ts'
import { changed, manifestAfter, packOf, releaseAfter, type TestRelease, withChanged } from './catalogues.ts'

/** A release as it comes: its bytes, and the name by which a centre tells of it. */
export type BadPack = { readonly pack: Buffer; readonly sha256: string }

/** One release that is to be refused. */
export type BadRelease = {
  readonly what: string
  readonly code: ErrorCode
  /** What the sentence says of the place or the reason. */
  readonly says: RegExp
  /** Makes it after `first`, under a number. */
  readonly make: (release: number) => Promise<BadPack>
  /** By which doors it is of no interest: who told of it, or who keeps the numbers, has no use for it. */
  readonly notBy?: readonly ('link' | 'centre')[]
}

type Edit = (json: Record<string, unknown> & { form: { schema: { properties: Record<string, unknown> } } }) => unknown

/** The bad releases after a first one, which the receiver has. */
export function badReleases(first: TestRelease, keys: KeyPair, stranger: KeyPair): BadRelease[] {
  const matter = first.documents.find(({ kind }) => kind === 'matter') as CatalogueDocument
  const sign = (documents: readonly CatalogueDocument[], more: Partial<CatalogueManifest>, by = keys) =>
    releaseAfter(first, documents.toSorted(compareRefs), by, { ...timesOf(first), ...more })
  const packed = async (release: TestRelease) => ({ pack: await packOf(release, first), sha256: release.signed.sha256 })
  const named = (more: Partial<CatalogueManifest>, by = keys) =>
    packed(sign(withChanged(first.documents, changed(matter, { name: `坏的${more.release}` })), more, by))
  const edited = (edit: Edit) => async (release: number) => {
    const json = JSON.parse(matter.bytes.toString('utf8'))
    edit(json)
    return packed(sign(withChanged(first.documents, makeDocument('matter', { ...json, version: 2 }, '')), { release }))
  }
  const with_ = (made: readonly CatalogueDocument[]) => async (release: number) =>
    packed(sign([...first.documents, ...made], { release }))
  const written = (change: (text: string) => string) => async (release: number) => {
    const bytes = Buffer.from(change(changed(matter, {}).bytes.toString('utf8')))
    return packed(sign(withChanged(first.documents, asDocument({ ...matter, version: 2 }, bytes)), { release }))
  }
  const told = (release: number, more: object, change: (text: string) => string = (text) => text) =>
    rawPack({ ...manifestAfter(first, first.documents, { ...timesOf(first), release }), ...more }, keys, change)
  return [
    {
      ...{ what: 'a broken signature', code: 'RELEASE_SIGNATURE', says: /签名不对/ },
      make: async (release) => {
        const made = sign(first.documents, { release })
        const { signature } = first.signed
        return packed({ ...made, signed: { ...made.signed, signature } })
      },
    },
    {
      ...{ what: 'no signature', code: 'RELEASE_UNSIGNED', says: /还没有签名/ },
      make: async (release) => {
        const made = sign(first.documents, { release })
        return packed({ ...made, signed: { ...made.signed, signature: Buffer.alloc(64).toString('base64') } })
      },
    },
    {
      ...{ what: 'a foreign publisher', code: 'RELEASE_FOREIGN_PUBLISHER', says: /不是这里认的发布人/ },
      make: (release) => named({ release }, stranger),
    },
    {
      ...{ what: 'another county', code: 'RELEASE_FOREIGN_COUNTY', says: /440281/ },
      make: (release) => named({ release, county: '440281' }),
    },
    {
      ...{ what: 'other stations', code: 'RELEASE_NOT_FOR_US', says: /不是给本窗口的/, notBy: ['centre', 'link'] },
      make: (release) => named({ release, targets: ['440282999'] }),
    },
    {
      ...{ what: 'an older number', code: 'RELEASE_OLD', says: /第 1 次/, notBy: ['link'] },
      make: () => packed(releaseAfter(null, first.documents.slice(1), keys, timesOf(first))),
    },
    {
      ...{ what: 'a base that is not here', code: 'RELEASE_GAP', says: /没有那一次/ },
      make: async (release) => {
        const between = sign(withChanged(first.documents, changed(matter, { name: '没到的' })), { release })
        const after = releaseAfter(between, between.documents, keys, timesOf(first))
        return { pack: await packOf(after, between), sha256: after.signed.sha256 }
      },
    },
    {
      ...{ what: 'a document less', code: 'RELEASE_DOCUMENT_MISSING', says: /事项 .* 第2版/ },
      make: async (release) => {
        const made = sign(withChanged(first.documents, changed(matter, { name: '少了的' })), { release })
        return { pack: withoutDocuments(await packOf(made, first)), sha256: made.signed.sha256 }
      },
    },
    {
      ...{ what: 'a wrong hash', code: 'RELEASE_DOCUMENT_CHANGED', says: /事项 .* 第2版/ },
      make: async (release) => {
        const made = sign(withChanged(first.documents, changed(matter, { name: '改过的名字' })), { release })
        const other = changed(matter, { name: '改过的名宇' })
        return { pack: await packWith(made, first, other), sha256: made.signed.sha256 }
      },
    },
    {
      ...{ what: 'a document that inflates beyond its size', code: 'RELEASE_DAMAGED', says: /比它自己说的大/ },
      make: async (release) => {
        const made = sign(withChanged(first.documents, changed(matter, { name: '炸弹' })), { release })
        const bomb = { ...changed(matter, { name: '炸弹' }), bytes: Buffer.alloc(8 << 20, 0x20) }
        return { pack: await packWith(made, first, bomb), sha256: made.signed.sha256 }
      },
    },
    {
      ...{ what: 'a document of 50 MB', code: 'RELEASE_DAMAGED', says: /documents\.\d+\.sizeBytes 写得不对/ },
      make: (release) => told(release, { documents: refsOf(first).map((ref) => ({ ...ref, sizeBytes: 50 << 20 })) }),
    },
    {
      ...{ what: 'a document under two names', code: 'RELEASE_DOCUMENT_INVALID', says: /与发布清单不同/ },
      make: (release) => packed(sign([...first.documents, { ...matter, id: `${matter.id}-X` }], { release })),
    },
    {
      ...{ what: 'a document of another size than it has', code: 'RELEASE_DAMAGED', says: /比它自己说的/ },
      make: (release) =>
        packed(sign(withChanged(first.documents, { ...matter, sizeBytes: matter.sizeBytes - 1 }), { release })),
    },
    {
      ...{ what: 'a known version with other contents', code: 'RELEASE_VERSION_REUSED', says: /第1版/ },
      make: (release) =>
        packed(
          sign(withChanged(first.documents, changed(matter, { name: '同一版', version: matter.version })), { release }),
        ),
    },
    {
      ...{ what: 'two versions of a document', code: 'RELEASE_DAMAGED', says: /同一个文件有两个版本/ },
      make: (release) => {
        const both = [...first.documents, changed(matter, {})].toSorted(compareRefs)
        return told(release, { documents: both.map(({ bytes: _, ...ref }) => ref) })
      },
    },
    {
      ...{ what: 'a manifest beyond its size', code: 'RELEASE_TOO_LARGE', says: /发布清单超过 1 MB/ },
      make: (release) => told(release, { documents: Array.from({ length: 8000 }, () => refsOf(first)[0]) }),
    },
    {
      ...{ what: 'keys told twice in the manifest', code: 'RELEASE_DAMAGED', says: /不是规定的写法/ },
      make: (release) => told(release, {}, (text) => text.replace('{', '{"county":"440281",')),
    },
    {
      ...{ what: 'keys told twice in a document', code: 'RELEASE_DOCUMENT_INVALID', says: /“name”写了两遍/ },
      make: written((text) => text.replace('{', '{"name":"别的名字",')),
    },
    {
      ...{ what: 'a number beyond what one can count', code: 'RELEASE_DOCUMENT_INVALID', says: /RFC 8785|visits/ },
      make: written((text) => text.replace('"version":2', '"version":2.0000000000000000001')),
    },
    {
      ...{ what: 'half a character', code: 'RELEASE_DOCUMENT_INVALID', says: /半个字/ },
      make: written((text) => text.replace(/"name":"[^"]*"/u, '"name":"\\ud800"')),
    },
    {
      ...{ what: 'a document that nests too deep', code: 'RELEASE_DOCUMENT_INVALID', says: /套得太深/ },
      make: written((text) => text.replace(/"aliases":\[[^\]]*\]/u, `"aliases":${'['.repeat(60)}${']'.repeat(60)}`)),
    },
    {
      ...{ what: 'a rule that does not end', code: 'RELEASE_DOCUMENT_INVALID', says: /\/conditions\/0\/rule/ },
      make: edited((json) => {
        const list = Array.from({ length: 40 }, (_, at) => at)
        const rule = { some: [list, { some: [list, { some: [list, { '>': [{ var: '' }, 1] }] }] }] }
        json.conditions = [{ id: 'a', text: '算不完', rule }]
      }),
    },
    {
      ...{ what: 'a rule of an unknown operation', code: 'RELEASE_DOCUMENT_INVALID', says: /\/conditions\/0\/rule/ },
      make: edited((json) => {
        json.conditions = [{ id: 'a', text: '不认识', rule: { constructor: ['alert(1)'] } }]
      }),
    },
    {
      ...{ what: 'a schema with a remote reference', code: 'RELEASE_DOCUMENT_INVALID', says: /\/form\/schema.*\$ref/ },
      make: edited(({ form }) => {
        form.schema.properties.extra = { title: '远', $ref: 'https://example.org/schema.json' }
      }),
    },
    {
      ...{
        what: 'a regular expression that explodes',
        code: 'RELEASE_DOCUMENT_INVALID',
        says: /\/form\/schema.*pattern/,
      },
      make: edited(({ form }) => {
        form.schema.properties.extra = { title: '炸', type: 'string', maxLength: 100_000, pattern: '(?:a{9999}){9}b' }
      }),
    },
    {
      ...{ what: 'a question named as objects’ own parts', code: 'RELEASE_DOCUMENT_INVALID', says: /constructor/ },
      make: edited(({ form }) => {
        Object.assign(form.schema.properties, { constructor: { title: '原型', type: 'string', maxLength: 9 } })
      }),
    },
    {
      ...{
        what: 'a form that names a question it has not',
        code: 'RELEASE_DOCUMENT_INVALID',
        says: /\/form\/ui\/nobody/,
      },
      make: edited((json) => {
        Object.assign(json.form, { ui: { 'ui:order': ['nobody', '*'] } })
      }),
    },
    {
      ...{
        what: 'a dangling template',
        code: 'RELEASE_DOCUMENT_INVALID',
        says: /templates\.0 用的文书样式“T-NONE”不在/,
      },
      make: edited((json) => {
        json.templates = [{ paper: 'receipt', templateId: 'T-NONE' }]
      }),
    },
    {
      ...{ what: 'a template of another paper', code: 'RELEASE_DOCUMENT_INVALID', says: /blankForm .*给另一种文书的/ },
      make: async (release) => {
        const json = JSON.parse(matter.bytes.toString('utf8'))
        json.materials[0].blankForm = 'T-1'
        const made = [makeDocument('matter', { ...json, version: 2 }, ''), templateDocument('T-1')]
        return packed(sign(made.reduce(withChanged, first.documents as CatalogueDocument[]), { release }))
      },
    },
    {
      ...{
        what: 'a theme whose member is gone',
        code: 'RELEASE_DOCUMENT_INVALID',
        says: /members\.0 的事项“NONE”不在/,
      },
      make: with_([themeDocument('A', [{ kind: 'matter', id: 'NONE' }])]),
    },
    {
      ...{
        what: 'a bundle that goes round in a circle',
        code: 'RELEASE_DOCUMENT_INVALID',
        says: /绕成了圈：又回到了“A”/,
      },
      make: with_([themeDocument('A', [{ kind: 'theme', id: 'B' }]), themeDocument('B', [{ kind: 'theme', id: 'A' }])]),
    },
    {
      ...{ what: 'bundles within bundles within bundles', code: 'RELEASE_DOCUMENT_INVALID', says: /套得太深/ },
      make: with_([
        ...['A', 'B', 'C'].map((id, at) => themeDocument(id, [{ kind: 'theme', id: 'BCD'[at] ?? '' }])),
        themeDocument('D', [{ kind: 'matter', id: matter.id }]),
      ]),
    },
    {
      ...{ what: 'a theme that asks under no name', code: 'RELEASE_DOCUMENT_INVALID', says: /\/members\/0\/answers/ },
      make: with_([themeDocument('A', [{ kind: 'matter', id: matter.id, answers: { name: '__proto__' } }])]),
    },
    {
      ...{ what: 'a time before it was made', code: 'RELEASE_TIME', says: /比制作时间还早/ },
      make: (release) => told(release, { effectiveAtUtc: '2020-01-01T00:00:00.000Z' }),
    },
    {
      ...{ what: 'a time of the year 9999', code: 'RELEASE_TIME', says: /400 天/ },
      make: (release) => told(release, { effectiveAtUtc: '9999-12-31T23:59:59.999Z' }),
    },
    {
      ...{ what: 'a day that is none', code: 'RELEASE_DAMAGED', says: /effectiveAtUtc 写得不对/ },
      make: (release) => told(release, { effectiveAtUtc: '2026-02-30T00:00:00.000Z' }),
    },
    {
      ...{ what: 'a time of another zone', code: 'RELEASE_DAMAGED', says: /effectiveAtUtc 写得不对/ },
      make: (release) => told(release, { effectiveAtUtc: '2027-01-01T00:00:00.000+08:00' }),
    },
    {
      ...{ what: 'a handover to what is no key', code: 'RELEASE_DAMAGED', says: /不是发布密钥/ },
      make: (release) => told(release, { nextPublisherKey: `${'A'.repeat(59)}=` }),
    },
    {
      ...{ what: 'a handover to the key itself', code: 'RELEASE_KEY_USED', says: /以前用过/ },
      make: (release) => named({ release, nextPublisherKey: keys.publicKey }),
    },
    {
      ...{ what: 'a handover for a few stations', code: 'RELEASE_DAMAGED', says: /发给所有窗口/ },
      make: (release) => told(release, { targets: ['440282104'], nextPublisherKey: makeKeyPair().publicKey }),
    },
    {
      ...{ what: 'manifests out of their order', code: 'RELEASE_DAMAGED', says: /没有按次序排/ },
      make: async (release) => {
        const next = makeKeyPair()
        const handover = sign(first.documents, { release: release + 1, nextPublisherKey: next.publicKey })
        const made = sign(withChanged(first.documents, changed(matter, { name: '倒序' })), { release }, next)
        return { pack: await packOf(made, first, [handover]), sha256: made.signed.sha256 }
      },
    },
  ]
}

/** The times of a release, for others beside it. */
const timesOf = ({ signed: { manifest } }: TestRelease) => ({
  madeAtUtc: manifest.madeAtUtc,
  effectiveAtUtc: manifest.effectiveAtUtc,
})

const refsOf = ({ documents }: TestRelease) => documents.map(({ bytes: _, ...ref }) => ref)

/** Bytes under the name of a document, whatever they are. */
function asDocument(like: CatalogueDocument, bytes: Buffer): CatalogueDocument {
  return { ...like, bytes, sha256: sha256Hex(bytes), sizeBytes: bytes.length }
}

/** A theme of these members, with nothing shared. */
export function themeDocument(id: string, members: readonly object[]): CatalogueDocument {
  const facts = {
    themeId: id,
    name: `一件事${id}`,
    aliases: [],
    version: 1,
    effectiveFrom: '2026-01-01',
    sample: false,
  }
  const words = { source: '测试用的一件事，不是真的', description: '', department: '测试局' }
  const value = { format: 1, kind: 'theme', ...facts, ...words, members, sharedMaterials: [], questions: [] }
  return makeDocument('theme', value, id)
}

/** A template of a receipt. */
export function templateDocument(id: string, name = id): CatalogueDocument {
  const facts = { templateId: id, name, version: 1, effectiveFrom: '2026-01-01', paper: 'receipt' }
  return makeDocument('template', { format: 1, kind: 'template', ...facts, title: '凭证', paragraphs: ['收到。'] }, id)
}

/** A pack whose digest is right, of a manifest that no tool of ours would sign. */
async function rawPack(manifest: object, keys: KeyPair, change: (text: string) => string): Promise<BadPack> {
  const bytes = Buffer.from(change(canonicalBytes(manifest).toString('utf8')))
  const signature = Buffer.from(signerOf(keys.privateKey)(bytes)).toString('base64')
  const signed = { manifest: { documents: [] }, bytes, sha256: sha256Hex(bytes), publisher: keys.publicKey, signature }
  const release = signed as unknown as SignedManifest
  const pack = await writePack({ base: null, handovers: [], release, documentOf: () => undefined })
  return { pack, sha256: signed.sha256 }
}

/** A pack in which one document's bytes are another's. */
function packWith(release: TestRelease, base: TestRelease, other: CatalogueDocument): Promise<Buffer> {
  return writePack({
    ...{ base: base.signed, handovers: [], release: release.signed },
    documentOf: (ref) =>
      ref.id === other.id && ref.version === other.version
        ? other.bytes
        : [...base.documents, ...release.documents].find(({ sha256 }) => sha256 === ref.sha256)?.bytes,
  })
}

/** A pack of one manifest with its documents cut away, and its digest made right again. */
function withoutDocuments(pack: Buffer): Buffer {
  const headBytes = 17 + 36 + 4 + 96 + 8
  const body = pack.subarray(0, headBytes + pack.readUInt32BE(headBytes - 4))
  return Buffer.concat([body, createHash('sha256').update(body).digest()])
}
