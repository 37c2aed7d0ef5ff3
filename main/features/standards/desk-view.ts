import { documentName, identityOf, readDocument } from '../../../preload/contract/standards/documents.ts'
import type { DeskDocument, KnownRelease, StandardsDesk } from '../../../preload/contract/standards/publishing.ts'
import { placeOf, type SignedManifest } from '../../wire/catalogue/manifest.ts'
import { checkCopy, mustsOf } from './checking.ts'
import { asideView, clashesView, othersView } from './clashes.ts'
import { documentOf, newestRelease, releasesOut, type StandardsGround } from './ground.ts'
import { selectWritten, type WrittenRow } from './others-store.ts'
import { publisherView } from './publisher.ts'
import { type CopyRow, selectCopies, selectMade, selectSecondPerson } from './store.ts'

/** So many releases are listed. */
const mostReleases = 50

/** What the administrator's desk begins with. */
export function deskView(ground: StandardsGround): StandardsDesk {
  const newest = newestRelease(ground)
  return {
    base: newest ? releaseView(ground, newest) : null,
    documents: documentsOf(ground),
    clashes: clashesView(ground, selectCopies(ground.context.store.db)),
    aside: asideView(ground),
    others: othersView(ground),
    releases: releasesView(ground),
    publisher: publisherView(ground),
    secondPerson: selectSecondPerson(ground.context.store.db),
  }
}

/** A release as the desk lists it. */
export function releaseView({ context, ports }: StandardsGround, signed: SignedManifest): KnownRelease {
  const { release, targets, note, madeAtUtc, effectiveAtUtc, approvedBy } = signed.manifest
  const made = selectMade(context.store.db).find(({ sha256 }) => sha256 === signed.sha256)
  const isHere = ports.catalogue.inForce()?.sha256 === signed.sha256
  return {
    ...{ release, sha256: signed.sha256, targets, note, madeAtUtc, effectiveAtUtc, approvedBy },
    state: isHere ? 'here' : (made?.state ?? 'kept'),
    said: made?.said ?? '',
    perhapsOut: made?.state === 'waits' && made.perhapsOut,
    written: writtenView(ports, selectWritten(context.store.db, signed.sha256)[0]),
  }
}

function writtenView({ displayName }: StandardsGround['ports'], row: WrittenRow | undefined): KnownRelease['written'] {
  return row === undefined ? null : { stick: row.stick, by: displayName(row.account), atUtc: row.atUtc }
}

function releasesView(ground: StandardsGround): KnownRelease[] {
  const open = selectMade(ground.context.store.db).filter(({ state }) => state !== 'sent')
  return [...open, ...releasesOut(ground)].slice(0, mostReleases).map((signed) => releaseView(ground, signed))
}

/** The newest release's documents with the working copies in their places, then what is new. */
function documentsOf(ground: StandardsGround): DeskDocument[] {
  const copies = selectCopies(ground.context.store.db)
  const views = copies.map((copy) => copyView(ground, copy, copies))
  const ofBase = new Map(copies.flatMap((copy, at) => (copy.baseSha256 === '' ? [] : [[placeOfBase(copy), views[at]]])))
  const seen = new Set<DeskDocument>()
  const listed = (newestRelease(ground)?.manifest.documents ?? []).map((ref): DeskDocument => {
    const view = ofBase.get(ref.kind === 'calendar' ? ref.sha256 : placeOf(ref))
    if (view !== undefined) {
      seen.add(view)
      return view
    }
    const document = documentOf(ground, ref)
    const { kind, id, version } = ref
    const facts = { name: documentName(document), department: departmentOf(document) }
    return { kind, id, version, ...facts, copyId: null, state: 'same', must: 0 }
  })
  return [...listed, ...views.filter((view) => !seen.has(view))]
}

const placeOfBase = ({ kind, documentId, baseSha256 }: CopyRow) =>
  kind === 'calendar' ? baseSha256 : placeOf({ kind, id: documentId, version: 0 })

function departmentOf(document: ReturnType<typeof documentOf>): string {
  return document.kind === 'matter' || document.kind === 'theme' ? document.value.department : ''
}

function copyView(ground: StandardsGround, copy: CopyRow, copies: readonly CopyRow[]): DeskDocument {
  const { kind, copyId, documentId, baseSha256 } = copy
  const read = readDocument(copy.body)
  const must = mustsOf(checkCopy(ground, copy, copies).findings).length
  if (!read.ok) return { kind, id: documentId, version: 0, ...looseFacts(copy), copyId, state: 'broken', must }
  const facts = { name: documentName(read.document), department: departmentOf(read.document) }
  const state = copy.removes === 1 ? 'removed' : baseSha256 === '' ? 'new' : 'edited'
  return { kind, ...identityOf(read.document), ...facts, copyId, state, must }
}

/** What a copy that cannot be read as its kind still says of itself. */
function looseFacts({ body, documentId }: CopyRow): Pick<DeskDocument, 'name' | 'department'> {
  try {
    const value = JSON.parse(body)
    const text = (field: unknown) => (typeof field === 'string' ? field : '')
    return { name: text(value?.name) || documentId, department: text(value?.department) }
  } catch {
    return { name: documentId, department: '' }
  }
}
