// Owns: what a release would hold, change and meet, before it is made.
// Does not own: making it (publishing.ts), what is wrong with documents (checking.ts).
// Start here: `contentsOf`, `planRelease`.
import { type Adoption, adoptionSchema } from '../../../preload/contract/catalogue.ts'
import { AppError, type ErrorDetails } from '../../../preload/contract/errors.ts'
import { sentenceFor } from '../../../preload/contract/sentences.ts'
import { documentName, readDocument } from '../../../preload/contract/standards/documents.ts'
import type {
  ReleaseChange,
  ReleaseContents,
  ReleasePlan,
  ReleaseTargets,
} from '../../../preload/contract/standards/publishing.ts'
import { compareDocuments } from '../../standards/index.ts'
import { type CatalogueDocument, makeDocument } from '../../wire/catalogue/documents.ts'
import { type ChangedRef, changedRefs, compareRefs, isFor, placeOf } from '../../wire/catalogue/manifest.ts'
import { readAnswer } from '../../wire/centre-answers.ts'
import { checkAll, mustsOf } from './checking.ts'
import { bodyOf, documentOf, newestRelease, type PinnedCount, releasesOut, type StandardsGround } from './ground.ts'
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
 * one held. Throws STANDARD_FAULTY for a copy that cannot be read, NOT_FOUND for a release that is not known here.
 */
export function contentsOf(ground: StandardsGround, contents: ReleaseContents): Contents {
  if (contents.from === 'release') {
    const earlier = releasesOut(ground).find(({ manifest }) => manifest.release === contents.release)
    if (earlier === undefined) throw new AppError('NOT_FOUND', { what: '那一次发布' })
    return { documents: earlier.manifest.documents.map((ref) => withBytes(ground, ref)), copies: [] }
  }
  const copies = chosenCopies(ground, contents)
  const documents = new Map((newestRelease(ground)?.manifest.documents ?? []).map((ref) => [placeOf(ref), ref]))
  const made = copies.map((copy) => fromCopy(copy))
  for (const document of made) documents.set(placeOf(document), document)
  const fresh = new Map(made.map((document) => [document.sha256, document]))
  const all = [...documents.values()].map((ref) => fresh.get(ref.sha256) ?? withBytes(ground, ref))
  return { documents: all.toSorted(compareRefs), copies }
}

function withBytes(
  ground: StandardsGround,
  { kind, id, version, sha256, sizeBytes }: Omit<CatalogueDocument, 'bytes'>,
) {
  const bytes = bodyOf(ground, sha256)
  if (bytes === undefined) throw new AppError('RELEASE_DOCUMENT_MISSING', { document: id })
  return { kind, id, version, sha256, sizeBytes, bytes }
}

function fromCopy({ kind, body, copyId }: CopyRow): CatalogueDocument {
  const read = readDocument(body)
  if (!read.ok) throw new AppError('STANDARD_FAULTY', { count: 1, place: '有一份读不出来' })
  return makeDocument(kind, read.json, documentName(read.document) || copyId)
}

/** What a release would change against the newest one for everybody, what is wrong with it, and whom it meets. */
export async function planRelease(
  ground: StandardsGround,
  { targets, contents }: { readonly targets: ReleaseTargets; readonly contents: ReleaseContents },
): Promise<ReleasePlan> {
  const { ports } = ground
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
  const pinned = (counts: readonly PinnedCount[]) => counted(ground, counts, changing)
  return {
    release: (newest?.manifest.release ?? 0) + 1,
    against: everybody ? { release: everybody.manifest.release, note: everybody.manifest.note } : null,
    changes,
    findings: contents.from === 'release' ? [] : checkAll(ground, copies),
    impact: {
      cases: pinned(ports.casesByVersion()),
      drafts: pinned(ports.draftsByVersion()),
      ...(await stationsFor(ground, targets)),
    },
  }
}

/** Throws STANDARD_FAULTY with the number of what must be mended and the first place. */
export function assertSound(ground: StandardsGround, copies: readonly CopyRow[]): void {
  const musts = mustsOf(checkAll(ground, copies))
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
    changes: was !== undefined && is !== undefined ? compareDocuments(was, is) : [],
  }
}

function documentIn(bytes: Buffer) {
  const read = readDocument(bytes.toString('utf8'))
  if (!read.ok) throw new Error('a made document cannot be read')
  return read.document
}

function counted({ ports }: StandardsGround, counts: readonly PinnedCount[], itemIds: ReadonlySet<string>) {
  return counts
    .filter(({ itemId }) => itemIds.has(itemId))
    .map(({ itemId, version, count }) => ({ itemId, version, count, name: ports.nameOf(itemId) }))
}

/** How many stations a release is for, by the centre's list. Words that the centre gave stations are known to it alone. */
async function stationsFor(ground: StandardsGround, targets: ReleaseTargets) {
  const unknown = (why: string) => ({ stations: null, enrolled: null, why })
  try {
    const reply = await ground.ports.client().send({ method: 'GET', path: '/v1/adoption' })
    const { each, stations }: Adoption = readAnswer(adoptionSchema, reply)
    const isByWord = targets !== 'all' && targets.some((target) => /^\p{L}/u.test(target))
    if (isByWord) return { ...unknown('按标签发的，几个窗口要发布以后才知道。'), enrolled: stations }
    const meant = each.filter(({ stationId }) => isFor(targets, { stationId, tags: [] }))
    return { stations: meant.length, enrolled: stations, why: '' }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const details: ErrorDetails = error.details
    const isNone = error.code === 'CENTRE_REFUSED' && details.reason === 'not_found'
    return unknown(
      isNone
        ? '中心还没有任何发布，窗口数要发布以后才知道。'
        : `现在问不到中心：${sentenceFor(error.code, details).title}`,
    )
  }
}
