// Owns: working copies whose documents another release has changed meanwhile: told with both sides, settled, put aside and taken back.
// Does not own: working copies otherwise (copies.ts), fetching what others released (catching-up.ts).
// Start here: `clashOf`, `settle`.
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import {
  documentName,
  identityOf,
  readDocument,
  type StandardDocument,
} from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import type { Clash, OtherRelease, StandardsDesk } from '../../../preload/contract/standards/publishing.ts'
import { documentFrom } from '../../wire/catalogue/documents.ts'
import { changedRefs, placeOf } from '../../wire/catalogue/manifest.ts'
import { differencesBetween } from './differences.ts'
import { bodyOf, type DeskGround, documentOf, newestRelease, newestVersion, releasesOut, textOf } from './ground.ts'
import { deleteAside, insertAside, readLooked, rebaseCopy, selectAside } from './others-store.ts'
import { type CopyRow, deleteCopy, insertCopy, selectCopies, selectCopy, selectMade } from './store.ts'

type Found = {
  readonly theirs: Clash['theirs']
  readonly ref: DocumentRef | undefined
  readonly base: StandardDocument | undefined
}

/** What the newest release has in the place of what a working copy was begun from; undefined where that is still the same. */
export function clashOf(ground: DeskGround, copy: CopyRow): Found | undefined {
  const newest = newestRelease(ground)
  if (newest === undefined || copy.release !== '') return undefined
  const bytes = copy.baseSha256 === '' ? undefined : bodyOf(ground, copy.baseSha256)
  const base = bytes === undefined ? undefined : documentFrom(bytes.toString('utf8'))
  const read = readDocument(copy.body)
  const own = base ?? (read.ok ? read.document : undefined)
  if (own === undefined) return undefined
  const place = placeOf({ kind: own.kind, ...identityOf(own) })
  const ref = newest.manifest.documents.find((one) => placeOf(one) === place)
  if (base === undefined) return ref === undefined ? undefined : { theirs: 'new', ref, base }
  // Who takes out what is gone already wants the same.
  if (ref === undefined) return copy.removes === 1 ? undefined : { theirs: 'gone', ref, base }
  return ref.sha256 === copy.baseSha256 ? undefined : { theirs: 'changed', ref, base }
}

/** What keeps a release from being made while nobody has said whose text goes on. */
export function clashFindings(ground: DeskGround, copy: CopyRow): Finding[] {
  const clash = clashOf(ground, copy)
  if (clash === undefined) return []
  const release = newestRelease(ground)?.manifest.release ?? 0
  return [
    {
      ...{ document: copy.copyId, severity: 'must', pointer: '', place: '与别人的发布' },
      problem: `第 ${release} 次发布里，这一份已经${clashWords[clash.theirs]}`,
      remedy: '在“发布”里选：用他们的，还是留我的',
    },
  ]
}

const clashWords = { changed: '改过', new: '有了', gone: '去掉了' } as const

/** Every clash with what each side changed. */
export function clashesView(ground: DeskGround, copies: readonly CopyRow[]): Clash[] {
  const release = newestRelease(ground)?.manifest.release ?? 0
  return copies.flatMap((copy): Clash[] => {
    const clash = clashOf(ground, copy)
    if (clash === undefined) return []
    const { ref, base, theirs } = clash
    const read = readDocument(copy.body)
    const mine = read.ok ? read.document : undefined
    const out = ref && documentOf(ground, ref)
    const from = base ?? out
    const named = mine ?? out ?? base
    return [
      {
        ...{
          copyId: copy.copyId,
          kind: copy.kind,
          name: named === undefined ? '' : documentName(named),
          release,
          theirs,
          isRemoval: copy.removes === 1,
        },
        theirChanges: base !== undefined && out !== undefined ? differencesBetween(ground, base, out) : [],
        myChanges:
          copy.removes === 0 && from !== undefined && mine !== undefined ? differencesBetween(ground, from, mine) : [],
      },
    ]
  })
}

/** Releases that were not made here and that nobody looked at here yet, the newest first. */
export function othersView(ground: DeskGround): OtherRelease[] {
  const { db, settings } = ground.context.store
  const looked = readLooked(settings)
  if (looked === undefined) return []
  const made = new Set(selectMade(db).map(({ sha256 }) => sha256))
  const out = releasesOut(ground)
  return out
    .filter(({ sha256, manifest }) => manifest.release > looked && !made.has(sha256))
    .map(({ manifest }) => {
      const before = out.find(({ sha256 }) => sha256 === manifest.previous?.sha256)
      const changed = before === undefined ? [] : changedRefs(before.manifest.documents, manifest.documents)
      const { release, note, madeAtUtc, targets } = manifest
      const names = changed.flatMap(({ before: was, after }) => {
        const ref = after ?? was
        return ref === null ? [] : [documentName(documentOf(ground, ref))]
      })
      return { release, note, madeAtUtc, targets, names }
    })
}

/** Working copies that were put aside, by name. */
export function asideView({ context }: DeskGround): StandardsDesk['aside'] {
  return selectAside(context.store.db).map(({ copyId, kind, documentId, body, atUtc }) => {
    const read = readDocument(body)
    return { copyId, kind, name: (read.ok ? documentName(read.document) : '') || documentId, atUtc }
  })
}

/**
 * Settles a clash. `mine`: the working copy goes on over what is out, as its next version. `theirs`: it is put aside, and what is
 * out stands. Throws NOT_FOUND where there is nothing to settle.
 */
export function settle(
  ground: DeskGround,
  { copyId, keep }: { readonly copyId: string; readonly keep: 'mine' | 'theirs' },
  account: string,
): void {
  const { store, nowUtc } = ground.context
  store.transaction(() => {
    const copy = selectCopy(store.db, copyId)
    const clash = copy && clashOf(ground, copy)
    if (copy === undefined || clash === undefined) throw new AppError('NOT_FOUND', { what: '要选用谁的这一份' })
    if (keep === 'theirs') {
      insertAside(store.db, copy, { account, atUtc: nowUtc() })
      deleteCopy(store.db, copyId)
      return
    }
    const { ref } = clash
    const body =
      copy.removes === 1 && ref !== undefined
        ? textOf(ground, ref)
        : withNextVersion(ground, copy, ref?.id ?? copy.documentId)
    const base = { documentId: ref?.id ?? '', baseSha256: ref?.sha256 ?? '' }
    rebaseCopy(store.db, { ...copy, ...base, body, revision: copy.revision + 1, updatedAtUtc: nowUtc() })
  })
  told(ground)
}

/** The text with the next version's number where its own is used up; what cannot be read stays as it was typed. */
function withNextVersion(ground: DeskGround, { kind, body }: CopyRow, documentId: string): string {
  const next = newestVersion(ground, kind, documentId) + 1
  try {
    const value = JSON.parse(body)
    if (kind === 'calendar' || value === null || typeof value !== 'object' || Number(value.version) >= next) return body
    return JSON.stringify({ ...value, version: next }, null, 2)
  } catch {
    return body
  }
}

/** Takes a working copy back; it clashes with what is out as before. Throws NOT_FOUND, INPUT_INVALID while another of its document is written. */
export function takeBack(ground: DeskGround, copyId: string, account: string): void {
  const { store, nowUtc } = ground.context
  store.transaction(() => {
    const row = selectAside(store.db).find((one) => one.copyId === copyId)
    if (row === undefined) throw new AppError('NOT_FOUND', { what: '放在一边的这一份' })
    const { atUtc: _, ...copy } = row
    const isTaken = selectCopies(store.db).some(
      (one) =>
        one.kind === row.kind && one.documentId !== '' && one.documentId === row.documentId && row.kind !== 'calendar',
    )
    if (isTaken) throw new AppError('INPUT_INVALID', { field: '这个事项现在另有一份正在改，请先放弃那一份' })
    insertCopy(store.db, { ...copy, revision: 1, release: '', updatedAtUtc: nowUtc() }, account)
    deleteAside(store.db, copyId)
  })
  told(ground)
}

/** Forgets a working copy that was put aside. */
export function forgetAside(ground: DeskGround, copyId: string): void {
  deleteAside(ground.context.store.db, copyId)
  told(ground)
}

function told({ context }: DeskGround): void {
  context.emit({ event: 'changed', payload: { topics: ['standards'] } })
}
