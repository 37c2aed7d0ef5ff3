// Owns: which kinds of documents a catalogue holds, what names one, how large one may be, and reading one from its bytes' text.
// Does not own: what is wrong with one in words (main/standards), how releases name and carry them (../catalogue.ts, main/wire/catalogue).
// Start here: readDocument.
import type { z } from 'zod'
import { type Calendar, calendarSchema } from '../calendar.ts'
import { type MatterStandard, matterStandardSchema } from '../standard.ts'
import { doubledName } from './doubled-name.ts'
import { type Template, templateSchema } from './template.ts'
import { type Theme, themeSchema } from './theme.ts'

/** The kinds of documents of a catalogue, in the order in which a manifest lists them. */
export const documentKinds = ['calendar', 'matter', 'template', 'theme'] as const
export type DocumentKind = (typeof documentKinds)[number]

/** A document's kind in words. */
export const documentKindWords = {
  calendar: '工作日历',
  matter: '事项',
  template: '文书样式',
  theme: '一件事',
} as const satisfies Record<DocumentKind, string>

/** A document that was read. */
export type StandardDocument =
  | { readonly kind: 'matter'; readonly value: MatterStandard }
  | { readonly kind: 'theme'; readonly value: Theme }
  | { readonly kind: 'template'; readonly value: Template }
  | { readonly kind: 'calendar'; readonly value: Calendar }

/** The most that one document may have, in bytes of UTF-8: ten times what a long matter needs. Larger ones are refused before they are parsed. */
export const largestDocumentBytes = 512 * 1024
/** How deep the brackets of a document may nest. Deeper ones are refused before they are parsed. */
export const deepestDocument = 40

/** A calendar goes a year a document: the year is its version. */
const calendarDocumentSchema = calendarSchema.refine(({ years }) => Object.keys(years).length === 1, {
  path: ['years'],
  error: '一份工作日历要写一个年份，也只写一个年份',
})

const schemas = {
  matter: matterStandardSchema,
  theme: themeSchema,
  template: templateSchema,
  calendar: calendarDocumentSchema,
}

/** Which kind a JSON value is meant to be, by what it names itself; undefined where it names nothing. */
export function kindOf(value: unknown): DocumentKind | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('kind' in value && (value.kind === 'theme' || value.kind === 'template')) return value.kind
  if ('itemId' in value) return 'matter'
  return 'years' in value ? 'calendar' : undefined
}

/** Why a text is no document: too large, brackets too deep, not UTF-8 (for whoever decodes it), no JSON, half a character in it, a name twice in one place, of no known kind, or not of its kind's shape. */
export type DocumentRefusal =
  | { readonly why: 'too-large'; readonly sizeBytes: number }
  | { readonly why: 'too-deep' | 'not-utf8' | 'not-json' | 'half-character' | 'unknown-kind' }
  | { readonly why: 'doubled'; readonly name: string }
  | { readonly why: 'shape'; readonly kind: DocumentKind; readonly issues: readonly z.core.$ZodIssue[] }

/** What reading gave; `json` is the value as it stands in the text, without defaults. */
export type ReadDocument =
  | { readonly ok: true; readonly document: StandardDocument; readonly json: unknown }
  | { readonly ok: false; readonly refusal: DocumentRefusal; readonly json?: unknown }

/**
 * Reads a document from its text. Never throws, whatever the text is. That a document was read says that its shape is
 * right, not that it is harmless or good: `harmfulParts` (harm.ts) and main/standards tell that.
 */
export function readDocument(text: string): ReadDocument {
  const sizeBytes = utf8Bytes(text)
  if (sizeBytes > largestDocumentBytes) return { ok: false, refusal: { why: 'too-large', sizeBytes } }
  if (nestsDeeper(text, deepestDocument)) return { ok: false, refusal: { why: 'too-deep' } }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, refusal: { why: 'not-json' } }
  }
  if (mayHoldHalves(text) && holdsHalves(json)) return { ok: false, refusal: { why: 'half-character' }, json }
  const name = doubledName(text)
  if (name !== undefined) return { ok: false, refusal: { why: 'doubled', name }, json }
  const kind = kindOf(json)
  if (kind === undefined) return { ok: false, refusal: { why: 'unknown-kind' }, json }
  const parsed = schemas[kind].safeParse(json)
  if (!parsed.success) return { ok: false, refusal: { why: 'shape', kind, issues: parsed.error.issues }, json }
  return { ok: true, document: { kind, value: parsed.data } as StandardDocument, json }
}

/** A cheap look: halves of characters stand in a JSON text as they are, or written `\ud800`. */
function mayHoldHalves(text: string): boolean {
  return /\\u[dD][89a-fA-F]|\p{Surrogate}/u.test(text)
}

/** Whether a name or text holds half of a character (a lone surrogate): no UTF-8 carries it, and no hash of canonical JSON covers it. */
function holdsHalves(json: unknown): boolean {
  if (typeof json === 'string') return /\p{Surrogate}/u.test(json)
  if (typeof json !== 'object' || json === null) return false
  return Object.entries(json).some(([name, value]) => holdsHalves(name) || holdsHalves(value))
}

/** How many bytes a text takes in UTF-8, counted without making them; stops counting above the bound. */
function utf8Bytes(text: string): number {
  if (text.length > largestDocumentBytes) return text.length
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** Whether brackets of a JSON text nest deeper than so many. */
export function nestsDeeper(text: string, deepest: number): boolean {
  let depth = 0
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isInText) {
      if (character === '\\') at++
      else if (character === '"') isInText = false
    } else if (character === '"') isInText = true
    else if (character === '[' || character === '{') {
      if (++depth > deepest) return true
    } else if (character === ']' || character === '}') depth--
  }
  return false
}

/** The id of every calendar. */
export const calendarId = 'workdays'

/** What names a document among others of its kind; of a calendar the year is the version. */
export function identityOf({ kind, value }: StandardDocument): { readonly id: string; readonly version: number } {
  switch (kind) {
    case 'matter':
      return { id: value.itemId, version: value.version }
    case 'theme':
      return { id: value.themeId, version: value.version }
    case 'template':
      return { id: value.templateId, version: value.version }
    case 'calendar':
      return { id: calendarId, version: Number(Object.keys(value.years)[0] ?? 0) }
  }
}

/** What people call a document. */
export function documentName(document: StandardDocument): string {
  return document.kind === 'calendar' ? `${identityOf(document).version}年工作日历` : document.value.name
}

/** A document as people read of it: `事项 高龄津贴 第2版`. */
export function documentInWords(
  { kind, id, version }: { readonly kind: DocumentKind; readonly id: string; readonly version: number },
  name = id,
): string {
  return kind === 'calendar' ? `${version}年工作日历` : `${documentKindWords[kind]} ${name} 第${version}版`
}
