// Owns: whether bytes are the document that a manifest names: size, hash, one form of JSON, its kind's shape, its own name, harmless.
// Does not own: kinds, shapes and bounds (preload/contract/standards/documents.ts), what it refers to (references.ts), what rules say against one (main/standards).
// Start here: `judgeDocument`.
import { calendarSchema } from '../../../preload/contract/calendar.ts'
import { catalogueLimits, type DocumentRef } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import {
  type DocumentRefusal,
  deepestDocument,
  documentInWords,
  identityOf,
  readDocument as readText,
  type StandardDocument,
} from '../../../preload/contract/standards/documents.ts'
import { harmfulParts } from '../../../preload/contract/standards/harm.ts'
import { canonicalBytes, sha256Hex } from '../canonical.ts'
import { eachInTurns } from '../turns.ts'
import { placeOfIssue } from './manifest.ts'

const halfCharacter = '里面有半个字（残缺的字符）'

/** A document of the catalogue with the bytes that its hash is of. */
export type CatalogueDocument = DocumentRef & { readonly bytes: Buffer }

/** A calendar of several years as documents of one year each. Throws RELEASE_DOCUMENT_INVALID. */
export function calendarDocuments(value: unknown, file: string): CatalogueDocument[] {
  const calendar = calendarSchema.safeParse(value)
  if (!calendar.success) throw invalid(file, placeOfIssue(calendar.error) || '格式不符')
  const { source, years } = calendar.data
  return Object.entries(years).map(([year, days]) =>
    makeDocument('calendar', { source, years: { [year]: days } }, file),
  )
}

/** A document from its value: canonical bytes, hash and name. Throws RELEASE_DOCUMENT_INVALID, RELEASE_TOO_LARGE. `file`: what it is called where it has no name yet. */
export function makeDocument(kind: DocumentRef['kind'], value: unknown, file: string): CatalogueDocument {
  const bytes = bytesOf(value, file)
  const document = parse(bytes, file)
  if (document.kind !== kind) throw invalid(file, '不是这一种文件')
  return { kind, ...identityOf(document), sha256: sha256Hex(bytes), sizeBytes: bytes.length, bytes }
}

/**
 * The document in its bytes, after everything that can be said against them. Throws RELEASE_DOCUMENT_CHANGED (not what the
 * manifest names), RELEASE_DOCUMENT_INVALID with its place. Never throws past its place: JSON that is nested too deep is invalid.
 */
export function readDocument(ref: DocumentRef, bytes: Buffer): StandardDocument {
  const words = documentInWords(ref)
  if (bytes.length !== ref.sizeBytes || sha256Hex(bytes) !== ref.sha256)
    throw new AppError('RELEASE_DOCUMENT_CHANGED', { document: words })
  const document = parse(bytes, words)
  const { id, version } = identityOf(document)
  if (document.kind !== ref.kind || id !== ref.id || version !== ref.version)
    throw invalid(words, '里面写的编号或版本与发布清单不同')
  return document
}

/** As `readDocument`, and refuses what could hurt whoever uses it. Whoever receives a release judges each document by this. */
export function judgeDocument(ref: DocumentRef, bytes: Buffer): StandardDocument {
  const document = readDocument(ref, bytes)
  const [harmful] = harmfulParts(document)
  if (harmful !== undefined) throw invalid(documentInWords(ref), harmful)
  return document
}

/** Judges documents in short steps, so that whoever else waits is answered meanwhile: a release may have 32 MB of them. Throws as `judgeDocument`. */
export async function judgeDocuments(documents: readonly CatalogueDocument[]): Promise<void> {
  await eachInTurns(documents, ({ bytes, ...ref }) => void judgeDocument(ref, bytes))
}

/** A document that was checked before, with what its kind's shape fills in. */
export function documentFrom(body: string): StandardDocument {
  const read = readText(body)
  if (!read.ok) throw new Error(`a kept document cannot be read: ${read.refusal.why}`)
  return read.document
}

/** Half a character has no canonical bytes. */
function bytesOf(value: unknown, file: string): Buffer {
  try {
    return canonicalBytes(value)
  } catch (cause) {
    throw new AppError('RELEASE_DOCUMENT_INVALID', { document: file, place: halfCharacter }, { cause })
  }
}

function parse(bytes: Buffer, words: string): StandardDocument {
  const read = readText(bytes.toString('utf8'))
  if (!read.ok) throw refused(read.refusal, words)
  if (!canonicalBytes(read.json).equals(bytes)) throw invalid(words, '不是规定的写法（RFC 8785）')
  return read.document
}

function refused(refusal: DocumentRefusal, words: string): AppError {
  switch (refusal.why) {
    case 'too-large':
      return new AppError('RELEASE_TOO_LARGE', { place: `${words} 超过 ${catalogueLimits.documentBytes >> 10} KB` })
    case 'too-deep':
      return invalid(words, `套得太深，超过 ${deepestDocument} 层`)
    case 'not-utf8':
      return invalid(words, '不是 UTF-8')
    case 'not-json':
      return invalid(words, '不是 JSON')
    case 'half-character':
      return invalid(words, halfCharacter)
    case 'doubled':
      return invalid(words, `“${refusal.name.slice(0, 40)}”写了两遍`)
    case 'unknown-kind':
      return invalid(words, '看不出是哪一种文件')
    case 'shape':
      return invalid(words, placeOfIssue(refusal) || '格式不符')
  }
}

function invalid(document: string, place: string): AppError {
  return new AppError('RELEASE_DOCUMENT_INVALID', { document, place })
}
