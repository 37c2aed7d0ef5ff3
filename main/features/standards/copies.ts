// Owns: working copies: begun from a document of the newest release or blank; saved at each change, whole and durably.
// Does not own: what is wrong with one (checking.ts), those that come from files (tables/), releases (publishing.ts).
// Start here: `workingCopies`.
import { randomUUID } from 'node:crypto'
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import {
  type DocumentKind,
  identityOf,
  largestDocumentBytes,
  readDocument,
} from '../../../preload/contract/standards/documents.ts'
import type { Change } from '../../../preload/contract/standards/findings.ts'
import type { CopyCheck, WorkingCopy } from '../../../preload/contract/standards/publishing.ts'
import { documentFrom } from '../../wire/catalogue/documents.ts'
import { blankDocument, documentLike } from './blank.ts'
import { checkCopy } from './checking.ts'
import { differencesBetween } from './differences.ts'
import { bodyOf, newestRelease, newestVersion, type StandardsGround, textOf } from './ground.ts'
import { type CopyRow, deleteCopy, insertCopy, selectCopies, selectCopy, selectMade, updateCopy } from './store.ts'

/** What happens to working copies. Every change is durable when it returns. */
export type WorkingCopies = {
  readonly begin: (wanted: Pick<DocumentRef, 'kind' | 'id' | 'version'>, account: string) => string
  /** Takes a document out of the next release; where that is wanted already, gives that. */
  readonly remove: (wanted: Pick<DocumentRef, 'kind' | 'id' | 'version'>, account: string) => string
  readonly beginBlank: (kind: DocumentKind, account: string) => string
  /** A new document that is like one of the newest release, or like one being written. */
  readonly beginLike: (
    wanted: Pick<DocumentRef, 'kind' | 'id' | 'version'> & { readonly copyId: string | null },
    account: string,
  ) => string
  readonly read: (copyId: string) => WorkingCopy
  readonly save: (copyId: string, text: string) => CopyCheck
  readonly discard: (copyId: string) => void
  /** Drops one that was begun from a document and only looked at; one that is gone is no matter. */
  readonly leave: (copyId: string) => void
  readonly compare: (copyId: string) => Change[]
}

/** Working copies over the desk's store. */
export function workingCopies(ground: StandardsGround): WorkingCopies {
  const { context } = ground
  const db = () => context.store.db
  const find = (copyId: string): CopyRow => {
    const row = selectCopy(db(), copyId)
    if (row === undefined) throw new AppError('NOT_FOUND', { what: '正在改的这一份' })
    return row
  }
  const free = (copyId: string): CopyRow => {
    const row = find(copyId)
    if (row.release !== '') throw new AppError('STANDARD_COPY_OUT', { release: releaseOf(ground, row) ?? '?' })
    return row
  }
  const told = () => context.emit({ event: 'changed', payload: { topics: ['standards'] } })
  return {
    begin(wanted, account) {
      const ref = refOf(ground, wanted)
      const before = copyOf(ground, ref)
      if (before !== undefined) return before.copyId
      const copyId = insertNew(ground, { ...startOf(ground, ref), documentId: ref.id, baseSha256: ref.sha256 }, account)
      told()
      return copyId
    },
    remove(wanted, account) {
      const ref = refOf(ground, wanted)
      const before = copyOf(ground, ref)
      if (before?.removes === 1) return before.copyId
      if (before !== undefined) throw new AppError('INPUT_INVALID', { field: '这一份正在改，请先放弃修改再去掉' })
      const { kind, id: documentId, sha256: baseSha256 } = ref
      const body = textOf(ground, ref)
      const copyId = insertNew(ground, { kind, body, documentId, baseSha256, removes: 1 }, account)
      told()
      return copyId
    },
    beginBlank(kind, account) {
      const body = inText(blankDocument(kind, context.today(), freshIdOf(kind)))
      const copyId = insertNew(ground, { kind, body, documentId: '', baseSha256: '' }, account)
      told()
      return copyId
    },
    beginLike({ copyId: likeCopy, ...wanted }, account) {
      const { kind } = wanted
      if (kind === 'calendar') throw new AppError('INPUT_INVALID', { field: '工作日历不能复制，请新建一年的' })
      const text =
        likeCopy === null ? bodyOf(ground, refOf(ground, wanted).sha256)?.toString('utf8') : find(likeCopy).body
      const body = inText(documentLike(kind, objectIn(text ?? ''), context.today(), freshIdOf(kind)))
      const copyId = insertNew(ground, { kind, body, documentId: '', baseSha256: '' }, account)
      told()
      return copyId
    },
    read(copyId) {
      const row = find(copyId)
      const { kind, body: text, revision } = row
      const { findings } = checkCopy(ground, row, selectCopies(db()))
      return {
        ...{ copyId, kind, text, revision, findings },
        before: beforeOf(ground, row) ?? null,
        wentOutWith: releaseOf(ground, row) ?? null,
      }
    },
    save(copyId, text) {
      const row = context.store.transaction(() => {
        const before = free(copyId)
        if (Buffer.byteLength(text) > largestDocumentBytes)
          throw new AppError('INPUT_INVALID', { field: `内容太多，最多 ${largestDocumentBytes >> 10} KB` })
        if (before.removes === 1)
          throw new AppError('INPUT_INVALID', { field: '这一份下次发布要去掉，先选“不去掉了”再改' })
        if (before.body === text) return before
        const changed = { ...before, body: text, revision: before.revision + 1, updatedAtUtc: context.nowUtc() }
        updateCopy(db(), changed)
        return changed
      })
      const { findings } = checkCopy(ground, row, selectCopies(db()))
      return { revision: row.revision, findings }
    },
    discard(copyId) {
      context.store.transaction(() => deleteCopy(db(), free(copyId).copyId))
      told()
    },
    leave(copyId) {
      const isUntouched = context.store.transaction(() => {
        const row = selectCopy(db(), copyId)
        const untouched = row?.removes === 0 && row.release === '' && row.body === untouchedBody(ground, row)
        if (untouched) deleteCopy(db(), copyId)
        return untouched
      })
      if (isUntouched) told()
    },
    compare(copyId) {
      const row = find(copyId)
      const before = beforeOf(ground, row)
      const read = readDocument(row.body)
      return before === undefined || !read.ok
        ? []
        : differencesBetween(ground, documentFrom(before.text), read.document)
    },
  }
}

const freshIdOf = (kind: DocumentKind) => `${kind}-${randomUUID().slice(0, 8)}`

/** The document in the text of a working copy. Throws INPUT_INVALID for what is being typed and is none now. */
function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (cause) {
    throw unreadable(cause)
  }
  throw unreadable()
}

const unreadable = (cause?: unknown) =>
  new AppError('INPUT_INVALID', { field: '这一份现在读不出来，请先在源文件里改好再复制' }, { cause })

/** A document as the text of a working copy. */
export const inText = (value: unknown): string => JSON.stringify(value, null, 2)

function refOf(
  ground: StandardsGround,
  { kind, id, version }: Pick<DocumentRef, 'kind' | 'id' | 'version'>,
): DocumentRef {
  const ref = newestRelease(ground)?.manifest.documents.find(
    (one) => one.kind === kind && one.id === id && (kind !== 'calendar' || one.version === version),
  )
  if (ref === undefined) throw new AppError('NOT_FOUND', { what: '这个事项标准' })
  return ref
}

/** The working copy of a document. A calendar is told apart by the very text that it was begun from. */
function copyOf({ context }: StandardsGround, { kind, id, sha256 }: DocumentRef): CopyRow | undefined {
  return selectCopies(context.store.db).find(
    (copy) => copy.kind === kind && copy.documentId === id && (kind !== 'calendar' || copy.baseSha256 === sha256),
  )
}

/** A document's own text with the next version's number and its first day: today, or the later one on which it is to begin anyway. What its writer left out stays out. */
function startOf(ground: StandardsGround, { kind, id, sha256 }: DocumentRef): Pick<CopyRow, 'kind' | 'body'> {
  const value = JSON.parse(bodyOf(ground, sha256)?.toString('utf8') ?? '{}')
  if (kind === 'calendar') return { kind, body: inText(value) }
  const today = ground.context.today()
  const effectiveFrom = [value.effectiveFrom, today].toSorted().at(-1)
  const next = { version: newestVersion(ground, kind, id) + 1, effectiveFrom }
  return { kind, body: inText({ ...value, ...next }) }
}

/** What a working copy of this document holds as it is begun; undefined for a new document, and once another one is out. */
function untouchedBody(ground: StandardsGround, { kind, baseSha256 }: CopyRow): string | undefined {
  const ref = newestRelease(ground)?.manifest.documents.find((one) => one.kind === kind && one.sha256 === baseSha256)
  return ref && startOf(ground, ref).body
}

/** Writes a new working copy; its id. Inside a transaction or alone. */
export function insertNew(
  { context }: StandardsGround,
  start: Pick<CopyRow, 'kind' | 'body' | 'documentId' | 'baseSha256'> & Partial<Pick<CopyRow, 'removes'>>,
  account: string,
): string {
  const copyId = context.newId()
  const fresh = { removes: 0 as const, copyId, revision: 1, release: '', updatedAtUtc: context.nowUtc() }
  insertCopy(context.store.db, { ...fresh, ...start }, account)
  return copyId
}

/** What stands in the newest release under the name that a working copy was begun from. */
function beforeOf(
  ground: StandardsGround,
  { kind, documentId, baseSha256 }: CopyRow,
): NonNullable<WorkingCopy['before']> | undefined {
  if (documentId === '') return undefined
  const refs =
    newestRelease(ground)?.manifest.documents.filter((one) => one.kind === kind && one.id === documentId) ?? []
  const ref = kind === 'calendar' ? refs.find(({ sha256 }) => sha256 === baseSha256) : refs[0]
  const text = bodyOf(ground, ref?.sha256 ?? baseSha256)?.toString('utf8')
  return text === undefined ? undefined : { version: ref?.version ?? identityOf(documentFrom(text)).version, text }
}

function releaseOf({ context }: StandardsGround, { release }: CopyRow): number | undefined {
  return selectMade(context.store.db).find(({ sha256 }) => sha256 === release)?.manifest.release
}
