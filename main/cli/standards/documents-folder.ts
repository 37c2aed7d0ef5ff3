import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { catalogueLimits } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { kindOf } from '../../../preload/contract/standards/documents.ts'
import { doubledName } from '../../../preload/contract/standards/doubled-name.ts'
import { type CatalogueDocument, calendarDocuments, makeDocument } from '../../wire/catalogue/documents.ts'
import { compareRefs } from '../../wire/catalogue/manifest.ts'
import { namesInFolder, readGivenFile } from '../../wire/local/given-file.ts'
import { textOf } from './files.ts'

/** Files that lie in a catalogue's folder and are no documents. */
const notDocuments = new Set(['release.json', 'manifest.json'])

/** A pretty-printed document takes more than its canonical bytes. */
const mostFileBytes = 4 * catalogueLimits.documentBytes

/**
 * The documents of a folder: every .json file in it, by what each says that it is. A calendar of several years gives a document a
 * year. Throws NOT_FOUND, RELEASE_TOO_LARGE before a file is read, RELEASE_DOCUMENT_INVALID with file and place, and as `readGivenFile`.
 */
export function readDocumentsFolder(folder: string): CatalogueDocument[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new AppError('NOT_FOUND', { what: `文件夹 ${basename(folder)}` })
  const names = namesInFolder(folder).filter((name) => name.endsWith('.json') && !notDocuments.has(name))
  if (names.length === 0) throw new AppError('NOT_FOUND', { what: `${basename(folder)} 里的 .json 文件` })
  if (names.length > catalogueLimits.documents)
    throw new AppError('RELEASE_TOO_LARGE', { place: `文件夹里超过 ${catalogueLimits.documents} 个文件` })
  const documents: CatalogueDocument[] = []
  let bytes = 0
  for (const name of names) {
    const read = readDocuments(join(folder, name))
    bytes += read.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    if (bytes > catalogueLimits.catalogueBytes)
      throw new AppError('RELEASE_TOO_LARGE', {
        place: `文件夹里的文件合计超过 ${catalogueLimits.catalogueBytes >> 20} MB`,
      })
    documents.push(...read)
  }
  return documents.toSorted(compareRefs)
}

function readDocuments(file: string): CatalogueDocument[] {
  const name = basename(file)
  const given = readGivenFile(file, mostFileBytes)
  if ('tooLargeBytes' in given) throw new AppError('RELEASE_TOO_LARGE', { place: `${name} 太大` })
  const text = textOf(given.bytes)
  if (text === undefined)
    throw new AppError('RELEASE_DOCUMENT_INVALID', { document: name, place: '不是 UTF-8，请另存成 UTF-8' })
  const value = parse(text, name)
  const kind = kindOf(value)
  if (kind === undefined)
    throw new AppError('RELEASE_DOCUMENT_INVALID', {
      document: name,
      place: '看不出是事项、一件事、文书样式还是工作日历',
    })
  return kind === 'calendar' ? calendarDocuments(value, name) : [makeDocument(kind, value, name)]
}

function parse(text: string, name: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new AppError('RELEASE_DOCUMENT_INVALID', { document: name, place: '不是 JSON' }, { cause })
  }
  const doubled = doubledName(text)
  if (doubled !== undefined)
    throw new AppError('RELEASE_DOCUMENT_INVALID', { document: name, place: `“${doubled.slice(0, 40)}”写了两遍` })
  return value
}
