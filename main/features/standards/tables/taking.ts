// Owns: documents of an import taken over as working copies, all or none.
// Does not own: which they are (reading.ts), what an administrator saw (found.ts).
// Start here: `takeOver`.
import { AppError } from '../../../../preload/contract/errors.ts'
import type { TakeWish } from '../../../../preload/contract/standards/tables.ts'
import { insertNew, inText } from '../copies.ts'
import { newestVersion, type StandardsGround } from '../ground.ts'
import { selectMade, updateCopy } from '../store.ts'
import { copyBeside, type Ground, standing } from './found.ts'
import { keepTables } from './kept-tables.ts'
import { keyOfDocument, type ReadOne, type ReadTables } from './reading.ts'

/**
 * Takes documents over as working copies in one transaction; a version that is used up becomes the next one. A working copy
 * that says the same stays as it is. Throws NOT_FOUND for a document that is not in the import, STANDARD_IMPORT_STALE for a
 * working copy that is not as it was seen, STANDARD_COPY_OUT for one that went out with a release.
 */
export function takeOver(
  ground: StandardsGround,
  read: ReadTables,
  wishes: readonly TakeWish[],
  account: string,
): string[] {
  const { context } = ground
  const copyIds = context.store.transaction(() => {
    const now = standing(ground)
    const byKey = new Map(read.documents.map((one) => [keyOfDocument(one.document), one]))
    const made = selectMade(context.store.db)
    const taken = wishes.map((wish) => {
      const found = byKey.get(wish.key)
      if (found === undefined) throw new AppError('NOT_FOUND', { what: '要导入的这一份' })
      return { found, copyId: takeOne(ground, found, wish, { now, made, account }) }
    })
    const matters = taken.flatMap(({ found: { document } }) =>
      document.kind === 'matter' ? [document.value.itemId] : [],
    )
    keepTables(context.store.settings, read.kept, matters)
    return taken.map(({ copyId }) => copyId)
  })
  context.emit({ event: 'changed', payload: { topics: ['standards'] } })
  return copyIds
}

type Taking = { readonly now: Ground; readonly made: ReturnType<typeof selectMade>; readonly account: string }

function takeOne(ground: StandardsGround, found: ReadOne, { replaces }: TakeWish, taking: Taking): string {
  const { now, made, account } = taking
  const key = keyOfDocument(found.document)
  const beside = copyBeside(found, now)
  const base = now.base.get(key)
  if (beside === null) {
    const start = { kind: found.document.kind, body: bodyOf(ground, found, made) }
    return insertNew(ground, { ...start, documentId: base?.id ?? '', baseSha256: base?.sha256 ?? '' }, account)
  }
  if (beside.state === 'out') throw new AppError('STANDARD_COPY_OUT', { release: releaseOf(now, key, made) })
  if (beside.state === 'same') return beside.copyId
  if (replaces?.copyId !== beside.copyId || replaces.revision !== beside.revision)
    throw new AppError('STANDARD_IMPORT_STALE')
  const copy = now.copies.get(key)
  if (copy === undefined) throw new Error('a working copy beside an import is gone')
  const revision = copy.revision + 1
  const body = bodyOf(ground, found, made)
  updateCopy(ground.context.store.db, { ...copy, body, revision, removes: 0, updatedAtUtc: ground.context.nowUtc() })
  return copy.copyId
}

/** The text of the working copy: its version goes on from what is used up. */
function bodyOf(ground: StandardsGround, { bytes, document }: ReadOne, made: Taking['made']): string {
  const value = JSON.parse(bytes.toString('utf8'))
  if (document.kind === 'calendar') return inText(value)
  const id = keyOfDocument(document).slice(document.kind.length + 1)
  const next = newestVersion(ground, document.kind, id, made) + 1
  return inText(Number(value.version) >= next ? value : { ...value, version: next })
}

function releaseOf(now: Ground, key: string, made: Taking['made']): number {
  const release = now.copies.get(key)?.release
  return made.find(({ sha256 }) => sha256 === release)?.manifest.release ?? 0
}
