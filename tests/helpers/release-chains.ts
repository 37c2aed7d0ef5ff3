// Owns: chains of releases for property tests: any catalogue after any other, keys handed over on the way.
// Does not own: one release (catalogues.ts), what a station makes of them (the tests).
// Start here: `chainStep`, `chainOf`.
import fc from 'fast-check'
import { type CatalogueDocument, makeDocument } from '../../main/wire/catalogue/documents.ts'
import { type KeyPair, makeKeyPair } from '../../main/wire/signatures.ts'
import { templateDocument } from './bad-releases.ts'
import {
  calendarDocument,
  changed,
  releaseAfter,
  sampleDocuments,
  type TestRelease,
  withChanged,
} from './catalogues.ts'

/** When the first release was made; every time of a chain is some hours after it. */
export const chainStart = Date.parse('2026-03-02T00:00:00.000Z')
const hour = 3_600_000
/** The publisher's keys in the order in which they are handed over. */
export const keyRing = Array.from({ length: 6 }, makeKeyPair)
const [matter] = sampleDocuments(1).filter(({ kind }) => kind === 'matter') as [CatalogueDocument]
const huge = Array.from({ length: 40 }, (_, at) => ({ question: `问题${at}`, answer: `长${at}𠮷`.repeat(150) }))

/** One change of a catalogue. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), id: fc.stringMatching(/^[A-Z]{1,3}$/u) }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat(9) }),
  fc.record({ kind: fc.constant('rename' as const), at: fc.nat(9), id: fc.stringMatching(/^[a-z𠮷]{1,3}$/u) }),
  fc.record({ kind: fc.constant('swell' as const), isHuge: fc.boolean() }),
  fc.record({ kind: fc.constant('calendar' as const), day: fc.integer({ min: 1, max: 28 }) }),
  fc.record({
    kind: fc.constant('word' as const),
    at: fc.nat(9),
    title: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((text) => !/\p{Surrogate}/u.test(text)),
  }),
)
/** A step of a chain: what changes, when it takes effect, whether the key is handed over. */
export const chainStep = fc.record({
  edits: fc.array(edit, { maxLength: 3 }),
  /** Hours after the first release. */
  effective: fc.integer({ min: 0, max: 30 }),
  handsOver: fc.integer({ min: 0, max: 3 }).map((one) => one === 0),
})

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never
type Step = typeof chainStep extends fc.Arbitrary<infer T> ? T : never

function edited(
  documents: readonly CatalogueDocument[],
  versions: Map<string, number>,
  one: Edit,
): CatalogueDocument[] {
  const templates = documents.filter(({ kind }) => kind === 'template')
  const at = 'at' in one ? templates[one.at % Math.max(1, templates.length)] : undefined
  const next = (id: string, title: string) => {
    const version = (versions.get(id) ?? 0) + 1
    versions.set(id, version)
    const value = JSON.parse(templateDocument(id).bytes.toString('utf8'))
    return makeDocument('template', { ...value, version, title }, id)
  }
  const without = (gone: CatalogueDocument | undefined) => documents.filter((document) => document !== gone)
  switch (one.kind) {
    case 'add':
      return withChanged(documents, next(one.id, one.id))
    case 'drop':
      return without(at)
    case 'rename':
      return withChanged(without(at), next(one.id, '改了名'))
    case 'word':
      return at === undefined ? [...documents] : withChanged(documents, next(at.id, one.title))
    case 'calendar':
      return withChanged(documents, calendarDocument(2031, [`2031-01-${String(one.day).padStart(2, '0')}`]))
    case 'swell': {
      const version = (versions.get(matter.id) ?? 1) + 1
      versions.set(matter.id, version)
      return withChanged(documents, changed(matter, { version, questions: one.isHuge ? huge : [] }))
    }
  }
}

/** A release of a chain, and who signed it. */
export type Link = { readonly release: TestRelease; readonly handsOver: boolean; readonly by: KeyPair }

/** A chain of releases: each made after the one before it, signed by whose turn it is. */
export function chainOf(steps: readonly Step[]): Link[] {
  const chain: Link[] = []
  const versions = new Map<string, number>()
  let documents: CatalogueDocument[] = [matter, templateDocument('T')].toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
  versions.set('T', 1)
  let turn = 0
  for (const { edits, effective, handsOver: wants } of steps) {
    for (const one of edits) documents = edited(documents, versions, one)
    const handsOver = wants && turn + 1 < keyRing.length
    const by = keyRing[turn] as KeyPair
    const made = new Date(chainStart).toISOString()
    const times = { madeAtUtc: made, effectiveAtUtc: new Date(chainStart + effective * hour).toISOString() }
    const next = handsOver ? { nextPublisherKey: keyRing[turn + 1]?.publicKey } : {}
    chain.push({
      release: releaseAfter(chain.at(-1)?.release ?? null, documents, by, { ...times, ...next }),
      handsOver,
      by,
    })
    if (handsOver) turn += 1
  }
  return chain
}
