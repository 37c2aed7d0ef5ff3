// Owns: the catalogue of the standards' benches: the generator's 139 matters and the program's calendars, and releases of them.
// Does not own: what a release is (main/wire/catalogue), the matters (scripts/generate-catalogue.mjs).
// Start here: `firstRelease`, `withOneLine`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CatalogueDocument, calendarDocuments, makeDocument } from '../../main/wire/catalogue/documents.ts'
import { compareRefs } from '../../main/wire/catalogue/manifest.ts'
import { type KeyPair, makeKeyPair } from '../../main/wire/signatures.ts'
import { generateMatters } from '../../scripts/generate-catalogue.mjs'
import { changed, releaseAfter, type TestRelease, withChanged } from '../helpers/catalogues.ts'
import { resourcesFolder } from '../helpers/desk.ts'

/** How many matters Nanxiong has open city-wide: 30 of village and town, 109 of the county. */
export const matterCount = 139

/** Who publishes in these benches. */
export const publisher: KeyPair = makeKeyPair()

/** Made now and in force at once. */
const now = () => {
  const at = new Date(Date.now() - 1_000).toISOString()
  return { madeAtUtc: at, effectiveAtUtc: at }
}

/** The generator's matters and the calendars that the program ships, one document a year. */
export function catalogueDocuments(): CatalogueDocument[] {
  const holidays: unknown = JSON.parse(readFileSync(join(resourcesFolder, 'holidays.json'), 'utf8'))
  const matters = generateMatters({ count: matterCount }).map((matter) => makeDocument('matter', matter, matter.itemId))
  return [...matters, ...calendarDocuments(holidays, 'holidays.json')].toSorted(compareRefs)
}

/** The whole catalogue as release 1. */
export function firstRelease(): TestRelease {
  return releaseAfter(null, catalogueDocuments(), publisher, { ...now(), note: '全部事项' })
}

/** A release with one line changed in one of the matters: an acceptance point of its first material is told in other words. */
export function withOneLine(before: TestRelease, number: number): TestRelease {
  const matters = before.documents.filter(({ kind }) => kind === 'matter')
  const matter = matters[(number * 37) % matters.length]
  if (matter === undefined) throw new Error('a catalogue without matters')
  const { materials } = JSON.parse(matter.bytes.toString('utf8'))
  const [first, ...others] = materials
  const points = [`第${number}次改：看原件，当场退还`, ...first.acceptancePoints.slice(1)]
  const next = changed(matter, { materials: [{ ...first, acceptancePoints: points }, ...others] })
  return releaseAfter(before, withChanged(before.documents, next), publisher, { ...now(), note: '一处改动' })
}

/** What differs between two releases: the earlier and the later text of the document that changed. */
export function changedTexts(
  before: TestRelease,
  after: TestRelease,
): { readonly before: Buffer; readonly after: Buffer } {
  const there = new Set(before.documents.map(({ sha256 }) => sha256))
  const later = after.documents.find(({ sha256 }) => !there.has(sha256))
  const earlier = before.documents.find(({ kind, id }) => kind === later?.kind && id === later.id)
  if (later === undefined || earlier === undefined) throw new Error('nothing changed')
  return { before: earlier.bytes, after: later.bytes }
}
