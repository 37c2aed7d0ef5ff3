// Owns: catalogues of any size for tests, and releases of them signed by a key of the test.
// Does not own: what a release is (main/wire/catalogue).
// Start here: `sampleDocuments`, `releaseAfter`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CatalogueDocument, makeDocument } from '../../main/wire/catalogue/documents.ts'
import { compareRefs, type SignedManifest, signManifest } from '../../main/wire/catalogue/manifest.ts'
import { writePack } from '../../main/wire/catalogue/pack.ts'
import { type KeyPair, signerOf } from '../../main/wire/signatures.ts'
import type { CatalogueManifest } from '../../preload/contract/catalogue.ts'
import { resourcesFolder } from './desk.ts'

/** A release with every document of its catalogue. */
export type TestRelease = { readonly signed: SignedManifest; readonly documents: readonly CatalogueDocument[] }

type Matter = {
  readonly itemId: string
  readonly version: number
  readonly name: string
  readonly [key: string]: unknown
}

const files = () =>
  readdirSync(join(resourcesFolder, 'catalogue'))
    .filter((name) => name.endsWith('.json') && name !== 'release.json')
    .map((name) => JSON.parse(readFileSync(join(resourcesFolder, 'catalogue', name), 'utf8')))
const samples = (): Matter[] => files().filter(({ itemId }) => typeof itemId === 'string')

/** The templates that matters name: no catalogue is taken without them. */
function templatesFor(matters: readonly CatalogueDocument[]): CatalogueDocument[] {
  const named = matters.map(({ bytes }) => bytes.toString('utf8')).join('')
  const templates = files().filter(({ templateId }) => typeof templateId === 'string' && named.includes(templateId))
  return templates.map((value) => makeDocument('template', value, value.templateId))
}

const places = [
  '雄州',
  '乌迳',
  '界址',
  '坪田',
  '黄坑',
  '邓坊',
  '油山',
  '南亩',
  '水口',
  '江头',
  '湖口',
  '珠玑',
  '主田',
  '古市',
]

/** So many matters, each told in its own words, what they name, and a calendar; the same every time. */
export function sampleDocuments(count: number): CatalogueDocument[] {
  const from = samples()
  const matters = Array.from({ length: count }, (_, at) => {
    const sample = from[at % from.length] as Matter
    const place = places[at % places.length]
    const text = JSON.stringify(sample).replaceAll('申请人', `${place}申请人`).replaceAll('村', `${place}村`)
    const varied: Matter = JSON.parse(text)
    return makeDocument(
      'matter',
      {
        ...varied,
        itemId: `${sample.itemId}-${String(at).padStart(3, '0')}`,
        code: `11440282${String((at * 7_654_321) % 1e9).padStart(9, '0')}T4442${String((at * 977) % 1e9).padStart(9, '0')}`,
        name: `${place}${sample.name}（${at}）`,
        source: `${varied.source}${(at * 104_729).toString(36)}`,
      },
      String(at),
    )
  })
  return [...matters, ...templatesFor(matters), calendarDocument(2026)].toSorted(compareRefs)
}

/** A calendar of a year, with nothing off. */
export function calendarDocument(year: number, off: readonly string[] = []): CatalogueDocument {
  return makeDocument('calendar', { source: '测试', years: { [year]: { off, work: [] } } }, String(year))
}

/** A document with some of its fields changed, and the next version unless told otherwise. */
export function changed(document: CatalogueDocument, change: Record<string, unknown>): CatalogueDocument {
  const value = JSON.parse(document.bytes.toString('utf8'))
  const version = document.kind === 'calendar' ? {} : { version: document.version + 1 }
  return makeDocument(document.kind, { ...value, ...version, ...change }, document.id)
}

/** The catalogue with one document in the place of its earlier version. */
export function withChanged(documents: readonly CatalogueDocument[], document: CatalogueDocument): CatalogueDocument[] {
  const others = documents.filter(
    ({ kind, id, version }) =>
      kind !== document.kind || id !== document.id || (kind === 'calendar' && version !== document.version),
  )
  return [...others, document].toSorted(compareRefs)
}

/** The manifest of a release after another; `more` in the place of what is usual. */
export function manifestAfter(
  previous: TestRelease | null,
  documents: readonly CatalogueDocument[],
  more: Partial<CatalogueManifest> = {},
): CatalogueManifest {
  const at = new Date(Date.parse('2026-03-02T01:00:00.000Z') + (previous?.signed.manifest.release ?? 0) * 3_600_000)
  return {
    format: 1,
    county: '440282',
    release: (previous?.signed.manifest.release ?? 0) + 1,
    previous: previous && { release: previous.signed.manifest.release, sha256: previous.signed.sha256 },
    madeAtUtc: at.toISOString(),
    effectiveAtUtc: at.toISOString(),
    targets: 'all',
    note: '高龄津贴的年龄改为七十九岁',
    documents: documents.map(({ bytes: _, ...ref }) => ref),
    approvedBy: '',
    ...more,
  }
}

/** A signed release after another. */
export function releaseAfter(
  previous: TestRelease | null,
  documents: readonly CatalogueDocument[],
  keys: KeyPair,
  more: Partial<CatalogueManifest> = {},
): TestRelease {
  return { signed: signManifest(manifestAfter(previous, documents, more), signerWith(keys)), documents }
}

/** The pack of a release for who has `base`. */
export function packOf(
  release: TestRelease,
  base: TestRelease | null = null,
  handovers: readonly TestRelease[] = [],
): Promise<Buffer> {
  const documents = new Map([...(base?.documents ?? []), ...release.documents].map((one) => [one.sha256, one.bytes]))
  return writePack({
    base: base?.signed ?? null,
    handovers: handovers.map(({ signed }) => signed),
    release: release.signed,
    documentOf: ({ sha256 }) => documents.get(sha256),
  })
}

/** Whoever signs with a key of the test. */
export function signerWith({ publicKey, privateKey }: KeyPair) {
  return { publicKey, sign: signerOf(privateKey) }
}
