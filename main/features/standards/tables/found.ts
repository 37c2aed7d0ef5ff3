// Owns: what each document of an import is beside the newest release and the working copies, as they are now.
// Does not own: reading files (reading.ts), taking documents over (taking.ts).
// Start here: `beside`, `foundIn`.
import { documentName, readDocument, type StandardDocument } from '../../../../preload/contract/standards/documents.ts'
import type { FoundDocument, TableImport } from '../../../../preload/contract/standards/tables.ts'
import { Pace } from '../../../standards/workbook/index.ts'
import { canonicalBytes } from '../../../wire/canonical.ts'
import { documentFrom } from '../../../wire/catalogue/documents.ts'
import { differencesBetween } from '../differences.ts'
import { bodyOf, newestRelease, type StandardsGround } from '../ground.ts'
import { type CopyRow, selectCopies } from '../store.ts'
import { keyOfDocument, type ReadOne, type ReadTables } from './reading.ts'

/** The most findings that are told at once. */
const mostFindings = 2000
/** Differences that are told in words. */
const toldChanges = 6

/** What stands in the newest release under a key. */
type Base = { readonly id: string; readonly sha256: string; readonly version: number }

/** The newest release and the working copies by the keys of their documents. */
export type Ground = {
  readonly base: ReadonlyMap<string, Base>
  readonly copies: ReadonlyMap<string, CopyRow>
}

/** How things stand now. A working copy counts for the document that it was begun from, or else for what it says of itself. */
export function standing(ground: StandardsGround): Ground {
  const refs = newestRelease(ground)?.manifest.documents ?? []
  const keyOf = (kind: string, id: string, version: number) =>
    kind === 'calendar' ? `calendar ${version}` : `${kind} ${id}`
  const base = new Map(refs.map(({ kind, id, version, sha256 }) => [keyOf(kind, id, version), { id, sha256, version }]))
  const copies = new Map<string, CopyRow>()
  for (const copy of selectCopies(ground.context.store.db)) {
    const ref = refs.find(({ kind, id, sha256 }) =>
      kind === 'calendar' ? sha256 === copy.baseSha256 : kind === copy.kind && id === copy.documentId,
    )
    const read = ref === undefined ? readDocument(copy.body) : undefined
    const key =
      ref !== undefined
        ? keyOf(ref.kind, ref.id, ref.version)
        : read?.ok === true
          ? keyOfDocument(read.document)
          : undefined
    if (key !== undefined) copies.set(key, copy)
  }
  return { base, copies }
}

/** What a document has in the place of a working copy. */
export function copyBeside(found: ReadOne, { copies }: Ground): FoundDocument['copy'] {
  const copy = copies.get(keyOfDocument(found.document))
  if (copy === undefined) return null
  const { copyId, revision, updatedAtUtc, release } = copy
  const state = release !== '' ? 'out' : saysTheSame(found, copy) ? 'same' : 'differs'
  return { copyId, state, revision, updatedAtUtc }
}

/** The version is the desk's own to give: it makes no difference. */
function saysTheSame({ bytes }: ReadOne, { body, removes }: CopyRow): boolean {
  if (removes === 1) return false
  try {
    const value = JSON.parse(body)
    const own = JSON.parse(bytes.toString('utf8'))
    return canonicalBytes(value.version === undefined ? value : { ...value, version: own.version }).equals(bytes)
  } catch {
    return false
  }
}

/** What differences were found already: the same two documents differ in the same way for ever. */
export type KnownChanges = Map<string, FoundDocument['changes']>

/** The whole import beside how things stand now, in short steps. */
export async function foundIn(ground: StandardsGround, read: ReadTables, known: KnownChanges): Promise<TableImport> {
  const pace = new Pace()
  const now = standing(ground)
  const documents: FoundDocument[] = []
  for (const one of read.documents) {
    documents.push(besides(ground, one, now, known))
    await pace.rest()
  }
  return {
    files: [...read.files],
    documents,
    findings: read.findings.slice(0, mostFindings),
    moreFindings: Math.max(0, read.findings.length - mostFindings),
  }
}

function besides(ground: StandardsGround, found: ReadOne, now: Ground, known: KnownChanges): FoundDocument {
  const { document, file } = found
  const key = keyOfDocument(document)
  const base = now.base.get(key)
  const before = base && bodyOf(ground, base.sha256)
  const facts = { key, kind: document.kind, id: idOf(document), file, name: documentName(document) }
  const department = document.kind === 'matter' || document.kind === 'theme' ? document.value.department : ''
  const copy = copyBeside(found, now)
  if (base === undefined || before === undefined)
    return { ...facts, department, state: 'new', changes: { count: 0, words: [] }, copy }
  const changes = changesFrom(ground, before, base.sha256, found, known)
  return { ...facts, department, state: changes === undefined ? 'same' : 'changed', changes: changes ?? none, copy }
}

const none = { count: 0, words: [] }
const idOf = (document: StandardDocument) => keyOfDocument(document).slice(document.kind.length + 1)

/** Undefined where nothing but the version differs. */
function changesFrom(ground: StandardsGround, before: Buffer, sha256: string, found: ReadOne, known: KnownChanges) {
  const { bytes, document } = found
  const own = JSON.parse(bytes.toString('utf8'))
  const was = JSON.parse(before.toString('utf8'))
  const isSame = canonicalBytes(was.version === undefined ? own : { ...own, version: was.version }).equals(before)
  if (isSame) return undefined
  const key = `${sha256} ${keyOfDocument(document)}`
  const told = known.get(key)
  if (told !== undefined) return told
  const changes = differencesBetween(ground, documentFrom(before.toString('utf8')), document)
  const fresh = { count: changes.length, words: changes.slice(0, toldChanges).map(({ words }) => words) }
  known.set(key, fresh)
  return fresh
}
