// Owns: what a release would hold, change and meet, before it is made.
// Does not own: making it (publishing.ts), what is wrong with documents (checking.ts).
// Start here: `contentsOf`, `planRelease`.
import { AppError } from '../../../preload/contract/errors.ts'
import { type DocumentKind, documentName, readDocument } from '../../../preload/contract/standards/documents.ts'
import type {
  OutChange,
  ReleaseChange,
  ReleaseContents,
  ReleasePlan,
  ReleaseTargets,
} from '../../../preload/contract/standards/publishing.ts'
import { type CatalogueDocument, makeDocument } from '../../wire/catalogue/documents.ts'
import { type ChangedRef, changedRefs, compareRefs, placeOf } from '../../wire/catalogue/manifest.ts'
import { beginningFindings } from './beginning.ts'
import { checkAll, mustsOf } from './checking.ts'
import { askImpact } from './county.ts'
import { differencesBetween } from './differences.ts'
import { documentOf, newestRelease, outGround, type PinnedCount, type StandardsGround } from './ground.ts'
import { documentsWithout, endsAt, inForceForAll, outChanges } from './out-changes.ts'
import { documentsOfEarlier, withBytes } from './restoring.ts'
import { type CopyRow, selectCopies } from './store.ts'

/** What a release holds, in a manifest's order. */
export type Contents = {
  readonly documents: readonly CatalogueDocument[]
  /** The working copies that are in it. */
  readonly copies: readonly CopyRow[]
}

/** The working copies that a release is made of. Throws NOT_FOUND, STANDARD_COPY_OUT. */
export function chosenCopies({ context }: StandardsGround, contents: ReleaseContents): CopyRow[] {
  if (contents.from === 'release') return []
  const all = selectCopies(context.store.db)
  return contents.copyIds.map((copyId) => {
    const found = all.find((copy) => copy.copyId === copyId)
    if (found === undefined) throw new AppError('NOT_FOUND', { what: '正在改的这一份' })
    if (found.release !== '') throw new AppError('STANDARD_COPY_OUT')
    return found
  })
}

/**
 * What a release would hold: the newest one without what is left out, with what only a ring has, and with the chosen working
 * copies in the places of what they were; or what an earlier one held, as versions anew. Throws STANDARD_FAULTY for a copy that
 * cannot be read, NOT_FOUND for a release that is not known here.
 */
export function contentsOf(ground: StandardsGround, contents: ReleaseContents): Contents {
  if (contents.from === 'release') return { documents: documentsOfEarlier(ground, contents.release), copies: [] }
  const copies = chosenCopies(ground, contents)
  const { left = [], taken = [] } = contents
  const documents = documentsWithout(outGround(ground), { left, taken })
  const made = copies.map((copy) => ({ document: fromCopy(copy), removes: copy.removes }))
  for (const { document, removes } of made) {
    if (removes === 1) documents.delete(placeOf(document))
    else documents.set(placeOf(document), document)
  }
  const fresh = new Map(made.map(({ document }) => [document.sha256, document]))
  const all = [...documents.values()].map((ref) => fresh.get(ref.sha256) ?? withBytes(ground, ref))
  return { documents: all.toSorted(compareRefs), copies }
}

function fromCopy({ kind, body, copyId }: CopyRow): CatalogueDocument {
  const read = readDocument(body)
  if (!read.ok) throw new AppError('STANDARD_FAULTY', { count: 1, place: '有一份读不出来' })
  return makeDocument(kind, read.json, documentName(read.document) || copyId)
}

/** What a release would change against what everybody has, what is wrong with it, and whom it meets. */
export async function planRelease(
  ground: StandardsGround,
  {
    targets,
    contents,
    effectiveAtUtc,
  }: {
    readonly targets: ReleaseTargets
    readonly contents: ReleaseContents
    /** Null for at once; undefined while no time is chosen: then nothing is said of what begins when. */
    readonly effectiveAtUtc?: string | null | undefined
  },
): Promise<ReleasePlan> {
  await catchUpForPlan(ground)
  const copies = chosenCopies(ground, contents)
  const readable = copies.filter(({ body }) => readDocument(body).ok)
  const shown = contents.from === 'release' ? contents : { ...contents, copyIds: readable.map(({ copyId }) => copyId) }
  const { documents } = contentsOf(ground, shown)
  const bodies = new Map(documents.map(({ sha256, bytes }) => [sha256, bytes]))
  const everybody = inForceForAll(outGround(ground))
  const newest = newestRelease(ground)
  const changes = changedRefs(everybody?.manifest.documents ?? [], documents).map((ref) =>
    changeOf(ground, ref, (sha256) => bodies.get(sha256)),
  )
  const out = outView(ground, { targets, documents, copies: readable })
  return {
    release: (newest?.manifest.release ?? 0) + 1,
    against: everybody ? { release: everybody.manifest.release, note: everybody.manifest.note } : null,
    ...{ changes, out },
    findings: [
      ...(effectiveAtUtc === undefined ? [] : beginningFindings(ground, { documents, copies, effectiveAtUtc })),
      ...(contents.from === 'release' ? [] : checkAll(ground, copies, documents)),
    ],
    impact: await impactOf(ground, { targets, changes, out }),
  }
}

type Planned = Contents & { readonly targets: ReleaseTargets }

/** What is out and not everybody's, and what of it the planned release holds. */
function outView(ground: StandardsGround, { targets, documents, copies }: Planned): OutChange[] {
  const held = new Map(documents.map((ref) => [placeOf(ref), ref.sha256]))
  const replaced = new Set(copies.map((copy) => placeOf(fromCopy(copy))))
  return outChanges(outGround(ground)).map((out): OutChange => {
    const { before, after, key, place, release, places, waits, isInBase } = out
    const ref = after ?? before
    if (ref === null) throw new Error('a change of nothing')
    const [isIn, isReplaced] = [held.get(place) === after?.sha256, replaced.has(place)]
    return {
      ...{ key, kind: ref.kind, id: ref.id, name: documentName(documentOf(ground, ref)) },
      ...{ fromVersion: before?.version ?? null, toVersion: after?.version ?? null },
      ...{ release, places: [...places], waits, isInBase, isIn, isReplaced },
      ends: isIn || isReplaced ? [] : endsAt(out, targets),
    }
  })
}

/** Throws STANDARD_FAULTY with the number of what must be mended and the first place. */
export function assertSound(
  ground: StandardsGround,
  wish: { readonly contents: ReleaseContents; readonly effectiveAtUtc: string | null },
  { copies, documents }: Contents,
): void {
  const beginnings = beginningFindings(ground, { documents, copies, effectiveAtUtc: wish.effectiveAtUtc })
  // What an earlier release held was checked for it.
  const written = wish.contents.from === 'release' ? [] : checkAll(ground, copies, documents)
  const musts = mustsOf([...written, ...beginnings])
  const [first] = musts
  if (first === undefined) return
  throw new AppError('STANDARD_FAULTY', { count: musts.length, place: `${first.place}：${first.problem}` })
}

/** One changed document with its differences in words. */
export function changeOf(
  ground: StandardsGround,
  { before, after }: ChangedRef,
  bytesOf: (sha256: string) => Buffer | undefined = () => undefined,
): ReleaseChange {
  const read = (ref: ChangedRef['before']) => {
    if (ref === null) return undefined
    const bytes = bytesOf(ref.sha256)
    return bytes === undefined ? documentOf(ground, ref) : documentIn(bytes)
  }
  const [was, is] = [read(before), read(after)]
  const shown = is ?? was
  const ref = after ?? before
  if (shown === undefined || ref === null) throw new Error('a change of nothing')
  return {
    ...{ kind: ref.kind, id: ref.id, name: documentName(shown) },
    ...{ fromVersion: before?.version ?? null, toVersion: after?.version ?? null },
    changes: was !== undefined && is !== undefined ? differencesBetween(ground, was, is) : [],
  }
}

function documentIn(bytes: Buffer) {
  const read = readDocument(bytes.toString('utf8'))
  if (!read.ok) throw new Error('a made document cannot be read')
  return read.document
}

/**
 * Throws INPUT_INVALID where what is left out, or taken, is no more what it was when it was looked at: its time came, or
 * another release did.
 */
export function assertStillOut(ground: StandardsGround, contents: ReleaseContents): void {
  if (contents.from === 'release') return
  const known = new Set(outChanges(outGround(ground)).map(({ key }) => key))
  const isGone = [...(contents.left ?? []), ...(contents.taken ?? [])].some((key) => !known.has(key))
  if (isGone) throw new AppError('INPUT_INVALID', { field: '试用的、等着生效的刚才有变化，请再看一遍要不要带上' })
}

/** A plan is shown whatever the centre says of newer releases: who publishes is told then. */
async function catchUpForPlan(ground: StandardsGround): Promise<void> {
  await ground.catchUp('window').catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
  })
}

/** Whom it meets: in the whole county where the centre answers, else at this station; drafts begun by a theme always at this one. */
async function impactOf(
  ground: StandardsGround,
  { targets, changes, out }: { readonly targets: ReleaseTargets } & Pick<ReleasePlan, 'changes' | 'out'>,
): Promise<ReleasePlan['impact']> {
  const { nameOf, casesByVersion, draftsByVersion, draftsByTheme } = ground.ports
  // Where a trial ends, what was begun by the tried version is asked about too.
  const ended = out.filter(({ ends }) => ends.length > 0)
  const [itemIds, themes] = [metBy('matter', changes, ended), metBy('theme', changes, ended)]
  const ownThemes = ownCounts(draftsByTheme(), 'theme')
  const { value, why } = await askImpact(ground, { targets, itemIds: [...itemIds.keys()] })
  if (value === null)
    return {
      ...{ cases: ownCounts(casesByVersion(), 'matter'), drafts: ownCounts(draftsByVersion(), 'matter') },
      ...{ themes: ownThemes, county: null, why },
    }
  const { matters, ...county } = value
  const named = matters
    .filter((one) => itemIds.get(one.itemId)?.(one.version) === true)
    .map((one) => ({ itemId: one.itemId, ...factsOf(one.itemId, 'matter'), version: one.version, one }))
  const met = (count: 'cases' | 'drafts', meant: 'casesMeant' | 'draftsMeant') =>
    named
      .filter(({ one }) => one[count] > 0)
      .map(({ one, ...row }) => ({ ...row, count: one[count], meant: one[meant] }))
  return { cases: met('cases', 'casesMeant'), drafts: met('drafts', 'draftsMeant'), themes: ownThemes, county, why }

  function factsOf(id: string, kind: DocumentKind) {
    const isIt = (one: ReleaseChange | OutChange) => one.kind === kind && one.id === id
    const change = changes.find(isIt)
    return { name: (change ?? ended.find(isIt))?.name ?? nameOf(id), isGone: change?.toVersion === null }
  }

  function ownCounts(counts: readonly PinnedCount[], kind: 'matter' | 'theme') {
    return counts
      .filter(({ itemId, version }) => (kind === 'matter' ? itemIds : themes).get(itemId)?.(version) === true)
      .map(({ itemId, version, count }) => ({ itemId, ...factsOf(itemId, kind), version, count, meant: count }))
  }
}

/** Of which documents which versions are met: any other than the new one of one that changes, the tried one of a trial that ends. */
function metBy(
  kind: DocumentKind,
  changes: readonly ReleaseChange[],
  ended: readonly OutChange[],
): ReadonlyMap<string, (version: number) => boolean> {
  const of = <T extends { readonly kind: DocumentKind }>(list: readonly T[]) => list.filter((one) => one.kind === kind)
  return new Map([
    ...of(ended).map(({ id, toVersion }) => [id, (version: number) => version === toVersion] as const),
    ...of(changes).map(({ id, toVersion }) => [id, (version: number) => version !== toVersion] as const),
  ])
}
