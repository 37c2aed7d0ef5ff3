// Owns: what a release would hold, change and meet, before it is made.
// Does not own: making it (publishing.ts), what is wrong with documents (checking.ts).
// Start here: `contentsOf`, `planRelease`.
import { AppError } from '../../../preload/contract/errors.ts'
import { documentName, readDocument } from '../../../preload/contract/standards/documents.ts'
import type {
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
import { documentOf, newestRelease, type PinnedCount, releasesOut, type StandardsGround } from './ground.ts'
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
 * What a release would hold: the newest one with the chosen working copies in the places of what they were, or what an earlier
 * one held, as versions anew. Throws STANDARD_FAULTY for a copy that cannot be read, NOT_FOUND for a release that is not known here.
 */
export function contentsOf(ground: StandardsGround, contents: ReleaseContents): Contents {
  if (contents.from === 'release') return { documents: documentsOfEarlier(ground, contents.release), copies: [] }
  const copies = chosenCopies(ground, contents)
  const documents = new Map((newestRelease(ground)?.manifest.documents ?? []).map((ref) => [placeOf(ref), ref]))
  const made = copies.map((copy) => fromCopy(copy))
  for (const document of made) documents.set(placeOf(document), document)
  const fresh = new Map(made.map((document) => [document.sha256, document]))
  const all = [...documents.values()].map((ref) => fresh.get(ref.sha256) ?? withBytes(ground, ref))
  return { documents: all.toSorted(compareRefs), copies }
}

function fromCopy({ kind, body, copyId }: CopyRow): CatalogueDocument {
  const read = readDocument(body)
  if (!read.ok) throw new AppError('STANDARD_FAULTY', { count: 1, place: '有一份读不出来' })
  return makeDocument(kind, read.json, documentName(read.document) || copyId)
}

/** What a release would change against the newest one for everybody, what is wrong with it, and whom it meets. */
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
  const everybody = releasesOut(ground).find(({ manifest }) => manifest.targets === 'all')
  const newest = newestRelease(ground)
  const changes = changedRefs(everybody?.manifest.documents ?? [], documents).map((ref) =>
    changeOf(ground, ref, (sha256) => bodies.get(sha256)),
  )
  const changing = new Set(changes.filter(({ kind }) => kind === 'matter').map(({ id }) => id))
  return {
    release: (newest?.manifest.release ?? 0) + 1,
    against: everybody ? { release: everybody.manifest.release, note: everybody.manifest.note } : null,
    changes,
    findings: [
      ...(effectiveAtUtc === undefined ? [] : beginningFindings(ground, { documents, copies, effectiveAtUtc })),
      ...(contents.from === 'release' ? [] : checkAll(ground, copies)),
    ],
    impact: await impactOf(ground, targets, changing),
  }
}

/** Throws STANDARD_FAULTY with the number of what must be mended and the first place. */
export function assertSound(ground: StandardsGround, contents: Contents, effectiveAtUtc: string | null): void {
  const beginnings = beginningFindings(ground, { ...contents, effectiveAtUtc })
  const musts = mustsOf([...checkAll(ground, contents.copies), ...beginnings])
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

/** A plan is shown whatever the centre says of newer releases: who publishes is told then. */
async function catchUpForPlan(ground: StandardsGround): Promise<void> {
  await ground.catchUp('window').catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
  })
}

/** Whom it meets: in the whole county where the centre answers, else at this station. */
async function impactOf(
  ground: StandardsGround,
  targets: ReleaseTargets,
  itemIds: ReadonlySet<string>,
): Promise<ReleasePlan['impact']> {
  const { nameOf, casesByVersion, draftsByVersion } = ground.ports
  const { value, why } = await askImpact(ground, { targets, itemIds: [...itemIds] })
  if (value === null)
    return { cases: ownCounts(casesByVersion()), drafts: ownCounts(draftsByVersion()), county: null, why }
  const { matters, ...county } = value
  const named = matters.map((one) => ({ itemId: one.itemId, name: nameOf(one.itemId), version: one.version, one }))
  const met = (count: 'cases' | 'drafts', meant: 'casesMeant' | 'draftsMeant') =>
    named
      .filter(({ one }) => one[count] > 0)
      .map(({ one, ...row }) => ({ ...row, count: one[count], meant: one[meant] }))
  return { cases: met('cases', 'casesMeant'), drafts: met('drafts', 'draftsMeant'), county, why }

  function ownCounts(counts: readonly PinnedCount[]) {
    return counts
      .filter(({ itemId }) => itemIds.has(itemId))
      .map(({ itemId, version, count }) => ({ itemId, name: nameOf(itemId), version, count, meant: count }))
  }
}
