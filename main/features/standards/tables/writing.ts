// Owns: documents of a release and working copies written into a file: which ones, under what name, what has no place in it.
// Does not own: the formats (main/standards/workbook).
// Start here: `writeTables`.
import { AppError } from '../../../../preload/contract/errors.ts'
import { documentName, readDocument } from '../../../../preload/contract/standards/documents.ts'
import type { ExportWish, WrittenTables } from '../../../../preload/contract/standards/tables.ts'
import {
  exportJson,
  exportNational,
  exportWorkbook,
  templateWorkbook,
  type WorkbookDocument,
} from '../../../standards/workbook/index.ts'
import { bodyOf, newestRelease, type StandardsGround } from '../ground.ts'
import { type CopyRow, selectCopies } from '../store.ts'
import { standing } from './found.ts'
import { keptTables } from './kept-tables.ts'

/** A file that was written. */
export type WrittenFile = Omit<WrittenTables, 'fileId' | 'sizeBytes'> & { readonly bytes: Buffer }

type Text = { readonly text: string; readonly called: string }
type Named = WorkbookDocument & { readonly name: string }

/** Writes what was wished for. Throws NOT_FOUND where nothing of it has a place in such a file. */
export async function writeTables(ground: StandardsGround, { form, what }: ExportWish): Promise<WrittenFile> {
  if (form === 'template') return { name: '事项标准模板.xlsx', bytes: await templateWorkbook(), count: 0, leftOut: [] }
  const leftOut: WrittenFile['leftOut'] = []
  const documents: Named[] = []
  for (const { text, called } of textsOf(ground, what)) {
    const read = readDocument(text)
    if (!read.ok) leftOut.push({ name: called, why: 'unreadable' })
    else {
      const name = documentName(read.document)
      if (hasPlace(form, read.document.kind)) documents.push({ name, kind: read.document.kind, json: read.json })
      else leftOut.push({ name, why: 'no-place' })
    }
  }
  if (documents.length === 0) throw new AppError('NOT_FOUND', { what: '可以这样导出的事项标准' })
  const bytes = await bytesOf(ground, form, documents)
  return { name: nameOf(ground, form, what, documents), bytes, count: documents.length, leftOut }
}

function hasPlace(form: ExportWish['form'], kind: WorkbookDocument['kind']): boolean {
  return form === 'json' || (form === 'national' ? kind === 'matter' : kind !== 'calendar')
}

async function bytesOf(
  ground: StandardsGround,
  form: ExportWish['form'],
  documents: readonly Named[],
): Promise<Buffer> {
  if (form === 'workbook') return await exportWorkbook(documents)
  if (form === 'json') return exportJson(documents)
  const matters = documents.map(({ json }) => json as Parameters<typeof exportNational>[0][number])
  return await exportNational(matters, keptTables(ground.context.store.settings))
}

const endings = { workbook: 'xlsx', national: 'xlsx', json: 'json', template: 'xlsx' } as const

function nameOf(
  ground: StandardsGround,
  form: ExportWish['form'],
  what: ExportWish['what'],
  documents: readonly Named[],
) {
  const [first] = documents
  const release = newestRelease(ground)?.manifest.release ?? 0
  const which = {
    release: `第${release}次发布`,
    next: '下次发布',
    copies: `正在改的${documents.length}份`,
    chosen: `${documents.length}份`,
  }[what.of]
  const kind = form === 'national' ? '国家平台事项表' : '事项标准'
  const stem = what.of === 'chosen' && documents.length === 1 ? `${first?.name ?? ''} ${kind}` : `${kind} ${which}`
  return `${stem}.${endings[form]}`
}

/** The texts of what is wanted, as they lie here. */
function textsOf(ground: StandardsGround, what: ExportWish['what']): Text[] {
  const copies = selectCopies(ground.context.store.db)
  const { base, copies: inPlace } = standing(ground)
  const textOf = ({ id, sha256 }: { readonly id: string; readonly sha256: string }): Text => ({
    text: bodyOf(ground, sha256)?.toString('utf8') ?? '',
    called: id,
  })
  if (what.of === 'chosen') {
    return what.documents.map(({ kind, id, version, copyId }) => {
      const copy = copies.find((one) => one.copyId === copyId)
      if (copy !== undefined) return textOfCopy(copy)
      const ref = base.get(kind === 'calendar' ? `calendar ${version}` : `${kind} ${id}`)
      if (ref === undefined) throw new AppError('NOT_FOUND', { what: '要导出的标准' })
      return textOf(ref)
    })
  }
  const written = copies.filter(({ removes }) => removes === 0)
  if (what.of === 'copies') return written.map(textOfCopy)
  if (what.of === 'release') return [...base.values()].map(textOf)
  const replacing = new Set([...base.keys()].map((key) => inPlace.get(key)))
  const texts = [...base].flatMap(([key, ref]) => {
    const copy = inPlace.get(key)
    if (copy?.removes === 1) return []
    return copy === undefined ? textOf(ref) : textOfCopy(copy)
  })
  return [...texts, ...written.filter((copy) => !replacing.has(copy)).map(textOfCopy)]
}

const textOfCopy = ({ body, documentId }: CopyRow): Text => ({ text: body, called: documentId || '新的一份' })
