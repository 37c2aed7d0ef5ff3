import { PDFArray, type PDFContext, PDFDict, PDFName, PDFNumber } from 'pdf-lib'
import { damaged, SyntaxReader } from './syntax.ts'

/** Where an object lies: at a byte offset, packed in an object stream, or nowhere (freed). */
export type CrossReferenceEntry =
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly container: number; readonly index: number }
  | { readonly kind: 'free' }

/** All that the chain of cross-reference sections says, the newest word for each object. */
export type CrossReferences = {
  readonly entries: ReadonlyMap<number, CrossReferenceEntry>
  /** The newest trailer dictionary (of a stream: the stream's dictionary). */
  readonly trailer: PDFDict
  /** Which kind the newest section is; an update must be of the same kind. */
  readonly kind: 'table' | 'stream'
  /** Byte offset of the newest section. */
  readonly offset: number
  /** Every section of the chain, the newest first. */
  readonly sections: readonly SectionSummary[]
}

/** Where a section stands, and what in it other readers might take otherwise. */
export type SectionSummary = {
  readonly offset: number
  readonly kind: 'table' | 'stream'
  /** A table with a cross-reference stream beside it (/XRefStm): old readers see other objects. */
  readonly isHybrid: boolean
  /** It names an object twice: readers disagree about which one counts. */
  readonly repeats: boolean
  /** Its rows are written so that readers take other numbers from them. */
  readonly isIrregular: boolean
}

/** Reads the indirect object at an offset; cross-reference streams are read before any other object can be. */
export type StreamAt = (offset: number) => UnpackedStream

/** A stream's dictionary and its decoded bytes. */
type UnpackedStream = { readonly dict: PDFDict; data(): Buffer }

type Section = {
  readonly kind: 'table' | 'stream'
  readonly entries: Map<number, CrossReferenceEntry>
  readonly trailer: PDFDict
  readonly isHybrid: boolean
  readonly repeats: boolean
  readonly isIrregular: boolean
}

const maxSections = 10_000
/** The largest object number that readers take (ISO 32000-1, annex C). */
export const maxObjectNumber = 8_388_607
const free: CrossReferenceEntry = { kind: 'free' }

/**
 * Follows the cross-reference chain from the last `startxref` through every /Prev and /XRefStm (ISO 32000-1, 7.5.4,
 * 7.5.8): tables, streams and hybrids; the newest entry of an object wins, not the one that stands last in the file.
 * Throws PDF_DAMAGED where the chain is broken or runs in a circle.
 */
export function readCrossReferences(bytes: Buffer, context: PDFContext, streamAt: StreamAt): CrossReferences {
  const entries = new Map<number, CrossReferenceEntry>()
  const seen = new Set<number>()
  const newestOffset = startOfNewest(bytes, context)
  const sections: SectionSummary[] = []
  let newest: Section | undefined
  for (let offset: number | undefined = newestOffset; offset !== undefined; ) {
    if (seen.has(offset) || seen.size > maxSections) throw damaged('cross-reference loop')
    seen.add(offset)
    const section = readSection(bytes, offset, context, streamAt)
    newest ??= section
    const { kind, isHybrid, repeats, isIrregular } = section
    sections.push({ offset, kind, isHybrid, repeats, isIrregular })
    for (const [number, entry] of section.entries) if (!entries.has(number)) entries.set(number, entry)
    offset = offsetIn(section.trailer, 'Prev')
  }
  if (newest === undefined) throw damaged('cross-reference')
  return { entries, trailer: newest.trailer, kind: newest.kind, offset: newestOffset, sections }
}

function startOfNewest(bytes: Buffer, context: PDFContext): number {
  const at = bytes.lastIndexOf('startxref')
  if (at < 0) throw damaged('startxref')
  return new SyntaxReader(bytes, at + 'startxref'.length, context).integer()
}

function offsetIn(trailer: PDFDict, key: string): number | undefined {
  const value = trailer.get(PDFName.of(key))
  if (value === undefined) return undefined
  if (!(value instanceof PDFNumber) || !Number.isInteger(value.asNumber())) throw damaged(key)
  return value.asNumber()
}

function readSection(bytes: Buffer, offset: number, context: PDFContext, streamAt: StreamAt): Section {
  if (offset < 0 || offset >= bytes.length) throw damaged('cross-reference offset')
  const reader = new SyntaxReader(bytes, offset, context)
  if (!reader.accept('xref')) return readStreamSection(streamAt(offset))
  const { entries: table, repeats, isIrregular } = readTable(reader)
  const trailer = reader.object()
  if (!(trailer instanceof PDFDict)) throw damaged('trailer')
  const hybridOffset = offsetIn(trailer, 'XRefStm')
  const names = { repeats: repeats || reader.hasRepeatedKeys, isIrregular }
  const section = { kind: 'table', entries: table, trailer, ...names } as const
  if (hybridOffset === undefined) return { ...section, isHybrid: false }
  // What a hybrid's stream names is marked free in the table for old readers: the stream's word goes first.
  const hidden = readStreamSection(streamAt(hybridOffset)).entries
  for (const [number, entry] of hidden) if ((table.get(number) ?? free).kind === 'free') table.set(number, entry)
  return { ...section, isHybrid: true }
}

type Rows = Pick<Section, 'entries' | 'repeats' | 'isIrregular'>

/** A row is 20 bytes (ISO 32000-1, 7.5.4), and many readers count on it instead of looking. */
const rowBytes = 20

function readTable(reader: SyntaxReader): Rows {
  const entries = new Map<number, CrossReferenceEntry>()
  let listed = 0
  let isIrregular = false
  while (!reader.accept('trailer')) {
    const first = reader.integer()
    const count = reader.integer()
    if (first + count > maxObjectNumber) throw damaged('cross-reference table')
    listed += count
    reader.skipSpace()
    const start = reader.position
    for (let number = first; number < first + count; number++) {
      const row = start + (number - first) * rowBytes
      const offset = reader.integer()
      isIrregular ||= reader.position !== row + 10
      const generation = reader.integer()
      isIrregular ||= reader.position !== row + 16
      const mark = reader.word()
      isIrregular ||= reader.position !== row + 18
      if (mark !== 'n' && mark !== 'f') throw damaged('cross-reference table')
      // Some readers take a table that begins so for one that forgot to begin with 0.
      isIrregular ||= first === 1 && number === first && mark === 'f'
      if (!entries.has(number)) entries.set(number, mark === 'n' ? { kind: 'offset', offset, generation } : free)
    }
  }
  return { entries, repeats: listed > entries.size, isIrregular }
}

function readStreamSection(stream: UnpackedStream): Section {
  const { dict } = stream
  if (dict.get(PDFName.of('Type')) !== PDFName.of('XRef')) throw damaged('cross-reference stream')
  const widths = numbers(dict.get(PDFName.of('W')))
  const size = offsetIn(dict, 'Size') ?? 0
  const index = dict.get(PDFName.of('Index')) === undefined ? [0, size] : numbers(dict.get(PDFName.of('Index')))
  if (widths.length !== 3 || widths.some((width) => width < 0 || width > 8) || index.length % 2 !== 0) {
    throw damaged('cross-reference stream')
  }
  const entries = unpackEntries(stream.data(), widths, index)
  return { kind: 'stream', ...entries, trailer: dict, isHybrid: false }
}

function numbers(value: unknown): number[] {
  if (!(value instanceof PDFArray)) throw damaged('cross-reference stream')
  return value.asArray().map((item) => {
    if (!(item instanceof PDFNumber) || !Number.isInteger(item.asNumber()) || item.asNumber() < 0) {
      throw damaged('cross-reference stream')
    }
    return item.asNumber()
  })
}

/** Numbers that take more than 32 bits are others to many readers. */
const maxField = 0xffff_ffff

function unpackEntries(data: Buffer, widths: readonly number[], index: readonly number[]): Rows {
  const entries = new Map<number, CrossReferenceEntry>()
  const [typeWidth = 0, secondWidth = 0, thirdWidth = 0] = widths
  const entryBytes = typeWidth + secondWidth + thirdWidth
  if (entryBytes === 0) throw damaged('cross-reference stream')
  let at = 0
  let listed = 0
  let isIrregular = false
  const take = (width: number, otherwise: number): number => {
    if (width === 0) return otherwise
    let value = 0
    for (let i = 0; i < width; i++) value = value * 256 + (data[at++] ?? 0)
    return value
  }
  for (let pair = 0; pair < index.length; pair += 2) {
    const first = index[pair] ?? 0
    const count = index[pair + 1] ?? 0
    if (first + count > maxObjectNumber) throw damaged('cross-reference stream')
    for (let number = first; number < first + count && at + entryBytes <= data.length; number++) {
      const type = take(typeWidth, 1)
      const second = take(secondWidth, 0)
      const third = take(thirdWidth, 0)
      listed++
      isIrregular ||= type > 2 || second > maxField || third > maxField
      if (entries.has(number)) continue
      if (type === 1) entries.set(number, { kind: 'offset', offset: second, generation: third })
      else if (type === 2) entries.set(number, { kind: 'packed', container: second, index: third })
      else entries.set(number, free)
    }
  }
  return { entries, repeats: listed > entries.size, isIrregular }
}
