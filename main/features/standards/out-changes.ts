// Owns: what is out and not everybody's: tried in a ring, or waiting for its time; which of it a release holds, whose trial it ends.
// Does not own: working copies (copies.ts), what a release would change and meet (planning.ts).
// Start here: `outChanges`. All of it follows from the releases that are out, the newest first, and the time.
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import type { OutChange, ReleaseTargets } from '../../../preload/contract/standards/publishing.ts'
import { type ChangedRef, changedRefs, placeOf, type SignedManifest } from '../../wire/catalogue/manifest.ts'

/** A document that some have, or will have at its time, otherwise than everybody. */
export type Out = ChangedRef & {
  readonly key: string
  readonly place: string
  /** Whether the newest release has it so: then the next one has too, unless it is left out. */
  readonly isInBase: boolean
  /** The first release that had it so. */
  readonly release: number
  /** Where it is tried now. */
  readonly places: readonly string[]
  /** The release that brings it at its time: the first for everybody, or else for a ring; null for none. */
  readonly waits: OutChange['waits']
}

/** Every release that is out, the newest first, at a time (UTC). */
export type OutGround = { readonly releases: readonly SignedManifest[]; readonly nowUtc: string }

/** The newest release for everybody whose time has come: what all windows have, rings aside. Undefined before the first. */
export function inForceForAll({ releases, nowUtc }: OutGround): SignedManifest | undefined {
  return releases.find(({ manifest }) => manifest.targets === 'all' && isDue(manifest, nowUtc))
}

/** Everything that is out and not everybody's: what the newest release has so first, in its order. */
export function outChanges({ releases, nowUtc }: OutGround): Out[] {
  const all = inForceForAll({ releases, nowUtc })
  const later = releases.filter(({ manifest }) => manifest.release > (all?.manifest.release ?? 0))
  const [base] = later
  if (base === undefined) return []
  const [held, waits] = [holders(later, nowUtc), waiting(later, nowUtc)]
  const found = new Map<string, { readonly change: ChangedRef; readonly by: SignedManifest[] }>()
  for (const signed of later)
    for (const change of changedRefs(all?.manifest.documents ?? [], signed.manifest.documents)) {
      const known = found.get(keyOf(change)) ?? { change, by: [] }
      known.by.push(signed)
      found.set(keyOf(change), known)
    }
  const outs = [...found].map(([key, { change, by }]): Out => {
    const has = (signed: SignedManifest) => by.includes(signed)
    return {
      ...{ ...change, key, place: placeOfChange(change), isInBase: has(base) },
      release: by.at(-1)?.manifest.release ?? base.manifest.release,
      places: [...held].flatMap(([place, signed]) => (has(signed) ? [place] : [])).toSorted(),
      waits: soonest(waits.filter(has)),
    }
  })
  return outs.filter(({ isInBase, places, waits: later }) => isInBase || places.length > 0 || later !== null)
}

/** The SHA-256 of what came, or of what went: no two changes have the same. */
const keyOf = ({ before, after }: ChangedRef): string => (after ?? before)?.sha256 ?? ''

function placeOfChange({ before, after }: ChangedRef): string {
  const ref = after ?? before
  if (ref === null) throw new Error('a change of nothing')
  return placeOf(ref)
}

function isDue({ effectiveAtUtc }: SignedManifest['manifest'], nowUtc: string): boolean {
  return effectiveAtUtc <= nowUtc
}

/** What each place has that a ring was made for since: the newest whose time has come. */
function holders(later: readonly SignedManifest[], nowUtc: string): Map<string, SignedManifest> {
  const due = later.filter(({ manifest }) => isDue(manifest, nowUtc))
  const places = new Set(due.flatMap(({ manifest: { targets } }) => (targets === 'all' ? [] : targets)))
  return new Map(
    [...places].flatMap((place) => {
      const signed = due.find(({ manifest }) => reaches(manifest.targets, place))
      return signed === undefined ? [] : [[place, signed] as const]
    }),
  )
}

/** What waits for its time and is not passed over by a later one for the same places. */
function waiting(later: readonly SignedManifest[], nowUtc: string): SignedManifest[] {
  return later.filter(({ manifest }) => {
    const { release, targets, effectiveAtUtc } = manifest
    if (isDue(manifest, nowUtc)) return false
    return !later.some(
      ({ manifest: other }) =>
        other.release > release && other.effectiveAtUtc <= effectiveAtUtc && reachesAll(other.targets, targets),
    )
  })
}

/** The first of them for everybody; where there is none, the first for a ring. */
function soonest(waits: readonly SignedManifest[]): Out['waits'] {
  const [first] = waits
    .map(({ manifest: { release, effectiveAtUtc, targets } }) => ({ release, effectiveAtUtc, targets }))
    .toSorted(
      (a, b) =>
        Number(b.targets === 'all') - Number(a.targets === 'all') || (a.effectiveAtUtc < b.effectiveAtUtc ? -1 : 1),
    )
  return first ?? null
}

/** Whether what is for these targets is for a place: a village lies in its town, and a window in its village. */
function reaches(targets: ReleaseTargets, place: string): boolean {
  return targets === 'all' || targets.some((target) => place === target || (isCode(target) && place.startsWith(target)))
}

function reachesAll(targets: ReleaseTargets, others: ReleaseTargets): boolean {
  return others === 'all' ? targets === 'all' : others.every((place) => reaches(targets, place))
}

const isCode = (target: string) => /^\d{9}(?:\d{3})?$/u.test(target)

/** The documents of the newest release without what is left out of it, and with what is taken that only a ring has. */
export function documentsWithout(
  ground: OutGround,
  { left, taken }: { readonly left: readonly string[]; readonly taken: readonly string[] },
): Map<string, DocumentRef> {
  const documents = new Map((ground.releases[0]?.manifest.documents ?? []).map((ref) => [placeOf(ref), ref]))
  const put = (place: string, ref: DocumentRef | null) => {
    if (ref === null) documents.delete(place)
    else documents.set(place, ref)
  }
  const changes = outChanges(ground)
  for (const { key, place, before, isInBase } of changes) if (isInBase && left.includes(key)) put(place, before)
  for (const { key, place, after, isInBase } of changes) if (!isInBase && taken.includes(key)) put(place, after)
  return documents
}

/** The places where a trial would end by a release for these targets that does not hold it. */
export function endsAt({ places }: Out, targets: ReleaseTargets): string[] {
  return places.filter(
    (place) => reaches(targets, place) || (targets !== 'all' && targets.some((target) => reaches([place], target))),
  )
}
