import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  documentsWithout,
  inForceForAll,
  type Out,
  type OutGround,
  outChanges,
} from '../../main/features/standards/out-changes.ts'
import { sha256Hex } from '../../main/wire/canonical.ts'
import {
  changedRefs,
  compareRefs,
  isFor,
  type SignedManifest,
  unsignedManifest,
} from '../../main/wire/catalogue/manifest.ts'
import type { DocumentRef } from '../../preload/contract/catalogue.ts'

const start = Date.parse('2026-03-02T00:00:00.000Z')
const hour = (at: number) => new Date(start + at * 3_600_000).toISOString()
const now = hour(10)
/** In a town and its village, in the town alone, in another village, with a tag, and where no ring reaches. */
const windows = [
  { stationId: '440282104208-1', tags: [] },
  { stationId: '440282104209-1', tags: [] },
  { stationId: '440282113201-1', tags: [] },
  { stationId: '440282115201-1', tags: ['试点'] },
  { stationId: '440282001001-1', tags: [] },
]
const nowhere = '440282001001-1'
const ring = fc.subarray(['440282104', '440282104208', '440282113201', '440282113201-1', '试点'], { minLength: 1 })

const step = fc.record({
  targets: fc.oneof(fc.constant('all' as const), ring),
  effective: fc.integer({ min: 0, max: 20 }),
  /** Each document's version; 0: it is not there. */
  versions: fc
    .array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 })
    .filter((versions) => versions.some((version) => version > 0)),
})

function documentsOf(versions: readonly number[]): DocumentRef[] {
  const refs = versions.map((version, at): DocumentRef => {
    const id = `M${at}`
    return { kind: 'matter', id, version, sha256: sha256Hex(Buffer.from(`${id} ${version}`)), sizeBytes: 1 }
  })
  return refs.filter(({ version }) => version > 0).toSorted(compareRefs)
}

const grounds = fc.array(step, { maxLength: 7 }).map((steps): OutGround => {
  const chain: SignedManifest[] = []
  for (const { targets, effective, versions } of steps) {
    const before = chain.at(-1)
    chain.push(
      unsignedManifest({
        ...{ format: 1, county: '440282', release: chain.length + 1, note: '', approvedBy: '' },
        previous: before ? { release: before.manifest.release, sha256: before.sha256 } : null,
        ...{ madeAtUtc: hour(0), effectiveAtUtc: hour(effective), documents: documentsOf(versions) },
        targets: targets === 'all' ? targets : targets.toSorted(),
      }),
    )
  }
  return { releases: chain.toReversed(), nowUtc: now }
})

/** What a window has at a time: of the releases for it whose time has come, the one with the highest number. */
const heldBy = ({ releases }: OutGround, window: (typeof windows)[number], at: string) =>
  releases.find(({ manifest }) => isFor(manifest.targets, window) && manifest.effectiveAtUtc <= at)
const keysBetween = (from: readonly DocumentRef[], to: readonly DocumentRef[]) =>
  changedRefs(from, to).map(({ before, after }) => (after ?? before)?.sha256)
const documents = (signed: SignedManifest | undefined) => signed?.manifest.documents ?? []
const sorted = (refs: Iterable<DocumentRef>) => [...refs].toSorted(compareRefs)

test('what any window has otherwise than everybody is listed, with a place that it lies in', () => {
  const property = fc.property(grounds, (ground) => {
    const out = outChanges(ground)
    const all = documents(inForceForAll(ground))
    for (const window of windows) {
      const held = documents(heldBy(ground, window, now))
      for (const key of keysBetween(all, held)) {
        const places = out.find((one) => one.key === key)?.places ?? []
        expect(isFor([...places], window)).toBe(true)
      }
    }
    // A window of the place that no narrower ring names has just that.
    for (const { key, places } of out)
      for (const place of places.filter((one) => /^\d+$/u.test(one))) {
        const window = { stationId: `${place.padEnd(12, '9')}-9`, tags: [] }
        expect(keysBetween(all, documents(heldBy(ground, window, now)))).toContain(key)
      }
  })
  fc.assert(property, { numRuns: 500 })
})

test('what waits for everybody is in force on its day where no ring reaches, and nothing else comes there', () => {
  const property = fc.property(grounds, (ground) => {
    const window = { stationId: nowhere, tags: [] }
    const all = documents(inForceForAll(ground))
    const waiting = outChanges(ground).flatMap(({ key, waits }) => (waits?.targets === 'all' ? [{ key, waits }] : []))
    for (const { key, waits } of waiting)
      expect(keysBetween(all, documents(heldBy(ground, window, waits.effectiveAtUtc)))).toContain(key)
    for (let at = 10; at <= 20; at += 1)
      for (const key of keysBetween(all, documents(heldBy(ground, window, hour(at)))))
        expect(waiting.map((one) => one.key)).toContain(key)
  })
  fc.assert(property, { numRuns: 500 })
})

test('all of it left out is what everybody has, none of it the newest release; what is taken is had as it is out', () => {
  const property = fc.property(grounds, (ground) => {
    const out = outChanges(ground)
    const keys = (list: readonly Out[]) => list.map(({ key }) => key)
    const inBase = out.filter(({ isInBase }) => isInBase)
    const with_ = (left: readonly Out[], taken: readonly Out[]) =>
      sorted(documentsWithout(ground, { left: keys(left), taken: keys(taken) }).values())
    expect(with_(inBase, [])).toEqual(documents(inForceForAll(ground)))
    expect(with_([], [])).toEqual(documents(ground.releases[0]))
    for (const one of out.filter(({ isInBase }) => !isInBase)) {
      const held = with_(inBase, [one])
      expect(keysBetween(documents(inForceForAll(ground)), held)).toEqual([one.key])
    }
  })
  fc.assert(property, { numRuns: 500 })
})
