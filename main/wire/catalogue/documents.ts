// Owns: whether bytes are the document that a manifest names: size, hash, one form of JSON, its kind's shape, its own name.
// Does not own: the shapes (preload/contract), rules within a standard (main/standards, main/features/matters).
// Start here: `readDocument`.
import { z } from 'zod'
import { calendarSchema } from '../../../preload/contract/calendar.ts'
import {
  catalogueLimits,
  type DocumentKind,
  type DocumentRef,
  documentKindWords,
} from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { matterStandardSchema } from '../../../preload/contract/standard.ts'
import { canonicalBytes, sha256Hex } from '../canonical.ts'
import { placeOfIssue } from './manifest.ts'

/** What a document says of itself. */
export type DocumentIdentity = Pick<DocumentRef, 'kind' | 'id' | 'version'>

/** A document of the catalogue with the bytes that its hash is of. */
export type CatalogueDocument = DocumentRef & { readonly bytes: Buffer }

/** The id of every calendar: its version is the year. */
export const calendarId = 'workdays'

const version = z.int().min(1)
/** Themes and templates name themselves; what else they say is looked at where they are used. */
const themeSchema = z.looseObject({ kind: z.literal('theme'), themeId: z.string(), name: z.string(), version })
const templateSchema = z.looseObject({ kind: z.literal('template'), templateId: z.string(), name: z.string(), version })

type Kind = {
  readonly schema: z.ZodType
  readonly identity: (value: never) => { readonly id: string; readonly version: number }
  readonly name: (value: never) => string
}

const kinds: { readonly [K in DocumentKind]: Kind } = {
  matter: {
    schema: matterStandardSchema,
    identity: ({ itemId, version }: z.infer<typeof matterStandardSchema>) => ({ id: itemId, version }),
    name: ({ name }: z.infer<typeof matterStandardSchema>) => name,
  },
  calendar: {
    schema: calendarSchema.refine(({ years }) => Object.keys(years).length === 1, { path: ['years'] }),
    identity: ({ years }: z.infer<typeof calendarSchema>) => ({
      id: calendarId,
      version: Number(Object.keys(years)[0] ?? 0),
    }),
    name: ({ years }: z.infer<typeof calendarSchema>) => `${Object.keys(years)[0] ?? ''}年工作日历`,
  },
  template: {
    schema: templateSchema,
    identity: ({ templateId, version: number }: z.infer<typeof templateSchema>) => ({
      id: templateId,
      version: number,
    }),
    name: ({ name }: z.infer<typeof templateSchema>) => name,
  },
  theme: {
    schema: themeSchema,
    identity: ({ themeId, version: number }: z.infer<typeof themeSchema>) => ({ id: themeId, version: number }),
    name: ({ name }: z.infer<typeof themeSchema>) => name,
  },
}

/** Which kind a JSON value is meant to be, by what it names itself; undefined where it names nothing. */
export function kindOf(value: unknown): DocumentKind | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('kind' in value && (value.kind === 'theme' || value.kind === 'template')) return value.kind
  if ('itemId' in value) return 'matter'
  return 'years' in value ? 'calendar' : undefined
}

/** A calendar of several years as documents of one year each. Throws RELEASE_DOCUMENT_INVALID. */
export function calendarDocuments(value: unknown, file: string): CatalogueDocument[] {
  const calendar = calendarSchema.safeParse(value)
  if (!calendar.success) throw invalid(file, placeOfIssue(calendar.error) || '格式不符', calendar.error)
  const { source, years } = calendar.data
  return Object.entries(years).map(([year, days]) =>
    makeDocument('calendar', { source, years: { [year]: days } }, file),
  )
}

/** A document as people read of it: `事项 高龄津贴 第2版`. */
export function documentInWords({ kind, id, version }: DocumentIdentity, name = id): string {
  return kind === 'calendar' ? `${version}年工作日历` : `${documentKindWords[kind]} ${name} 第${version}版`
}

/** A document from a value of its kind: canonical bytes, hash and name. Throws RELEASE_DOCUMENT_INVALID, RELEASE_TOO_LARGE. `file`: what it is called where it has no name yet. */
export function makeDocument(kind: DocumentKind, value: unknown, file: string): CatalogueDocument {
  const { id, version } = identityIn(kind, parse(kind, value, file))
  const bytes = canonicalBytes(value)
  if (bytes.length > catalogueLimits.documentBytes) throw tooLarge(file)
  return { kind, id, version, sha256: sha256Hex(bytes), sizeBytes: bytes.length, bytes }
}

/**
 * The value of a document, after everything that can be said against its bytes. Throws RELEASE_DOCUMENT_CHANGED (not what the
 * manifest names), RELEASE_DOCUMENT_INVALID with its place. Never throws past its place: JSON that is nested too deep is invalid.
 */
export function readDocument(ref: DocumentRef, bytes: Buffer): unknown {
  const words = documentInWords(ref)
  if (bytes.length !== ref.sizeBytes || sha256Hex(bytes) !== ref.sha256)
    throw new AppError('RELEASE_DOCUMENT_CHANGED', { document: words })
  const value = readValue(bytes, words)
  const parsed = parse(ref.kind, value, words)
  const { id, version } = identityIn(ref.kind, parsed)
  if (id !== ref.id || version !== ref.version) throw invalid(words, '里面写的编号或版本与发布清单不同')
  return parsed
}

/** The value of a document that was checked before, with what its kind's shape fills in. */
export function valueOfDocument(kind: DocumentKind, body: string): unknown {
  return kinds[kind].schema.parse(JSON.parse(body))
}

/** What people call a document, from its value. */
export function nameOfDocument(kind: DocumentKind, value: unknown): string {
  return kinds[kind].name(value as never)
}

function readValue(bytes: Buffer, words: string): unknown {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (canonicalBytes(value).equals(bytes)) return value
  } catch (cause) {
    throw invalid(words, '不是 JSON，或套得太深', cause)
  }
  throw invalid(words, '不是规定的写法（RFC 8785）')
}

function parse(kind: DocumentKind, value: unknown, words: string): unknown {
  try {
    const parsed = kinds[kind].schema.safeParse(value)
    if (parsed.success) return parsed.data
    throw invalid(words, placeOfIssue(parsed.error) || '格式不符', parsed.error)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw invalid(words, '套得太深', cause)
  }
}

function identityIn(kind: DocumentKind, parsed: unknown): { readonly id: string; readonly version: number } {
  const { id, version } = kinds[kind].identity(parsed as never)
  return { id, version }
}

function tooLarge(words: string): AppError {
  return new AppError('RELEASE_TOO_LARGE', { place: `${words} 超过 1 MB` })
}

function invalid(document: string, place: string, cause?: unknown): AppError {
  return new AppError('RELEASE_DOCUMENT_INVALID', { document, place }, { cause })
}
