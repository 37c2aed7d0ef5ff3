import { PDFDict, PDFHexString, PDFName, PDFNumber, PDFRef, PDFString } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { formFields, type SealField, sealFields, text } from './fields.ts'
import type { PdfFile, PdfPage } from './reader.ts'
import { damaged, SyntaxReader } from './syntax.ts'

/** What a file says of one seal in it; nothing of it is checked yet. */
export type SealRecord = {
  readonly field: string
  /** A seal, one that certifies the document (DocMDP), or a document timestamp (RFC 3161). */
  readonly kind: 'seal' | 'certification' | 'timestamp'
  readonly subFilter: string
  /** The four numbers of /ByteRange; `undefined` where they are not four whole numbers. */
  readonly byteRange: readonly [number, number, number, number] | undefined
  /** The CMS with whatever fills up its space; empty where there is none. */
  readonly contents: Uint8Array
  /**
   * Where /Contents stands in the file, its angle brackets included; `undefined` where the dictionary cannot be read
   * in one way only: it is no object of its own, or names a key twice.
   */
  readonly contentsAt: { readonly start: number; readonly end: number } | undefined
  /** What a certification allows (ISO 32000-1, table 254: 1 nothing, 2 forms and seals, 3 also comments). */
  readonly permission: number | undefined
  /** The fields that this seal locked (FieldMDP, ISO 32000-1, table 256). */
  readonly lock: FieldLock | undefined
  /** The time that the signer's clock claimed (ISO UTC), '' without one. */
  readonly claimedAt: string
  readonly reason: string
  readonly location: string
}

/** Which fields a seal locked. */
export type FieldLock = { readonly action: 'All' | 'Include' | 'Exclude'; readonly fields: readonly string[] }

/** True where a lock names a field, or one above it. */
export function isLocked({ action, fields }: FieldLock, field: string): boolean {
  const isListed = fields.some((name) => field === name || field.startsWith(`${name}.`))
  return action === 'All' || isListed === (action === 'Include')
}

/** Every signed signature field of the file, in the form's order. Throws PDF_DAMAGED where they cannot be read. */
export function sealRecords(file: PdfFile): SealRecord[] {
  return sealFields(file).flatMap((field) => recordOf(file, field))
}

/**
 * Signed signature fields that stand on a page though the form does not list them: some programs (poppler 22) append
 * their seal so where the form lies in the catalogue, and viewers show it.
 */
export function strayRecords(file: PdfFile, pages: Iterable<PdfPage>): SealRecord[] {
  const listed = new Set(formFields(file).flatMap(({ ref }) => ref?.objectNumber ?? []))
  const found: SealRecord[] = []
  for (const { dict: page } of pages) {
    for (const item of file.array(page, 'Annots')?.asArray() ?? []) {
      if (item instanceof PDFRef && listed.has(item.objectNumber)) continue
      const dict = file.resolve(item)
      if (!(dict instanceof PDFDict) || !isStraySeal(file, dict)) continue
      const name = text(file.resolve(dict.get(PDFName.of('T')))) ?? ''
      found.push(...recordOf(file, { name, dict, value: file.dict(dict, 'V') }))
    }
  }
  return found
}

/** True for a widget that is a whole signature field by itself. */
export const isStraySeal = (file: PdfFile, widget: PDFDict): boolean =>
  file.name(widget, 'FT') === 'Sig' && !widget.has(PDFName.of('Parent')) && !widget.has(PDFName.of('Kids'))

function recordOf(file: PdfFile, { name, dict, value }: Omit<SealField, 'ref'>): SealRecord[] {
  if (value === undefined) return []
  const contents = file.resolve(value.get(PDFName.of('Contents')))
  const string = (key: string): string => text(file.resolve(value.get(PDFName.of(key)))) ?? ''
  const subFilter = file.name(value, 'SubFilter') ?? ''
  return [
    {
      field: name,
      subFilter,
      ...transforms(file, value, subFilter, dict),
      byteRange: fourNumbers(file.array(value, 'ByteRange')?.asArray()),
      contents:
        contents instanceof PDFHexString || contents instanceof PDFString ? contents.asBytes() : new Uint8Array(),
      contentsAt: contentsPlace(file, dict.get(PDFName.of('V'))),
      claimedAt: isoTime(string('M')),
      reason: string('Reason'),
      location: string('Location'),
    },
  ]
}

/** What the signature references say (ISO 32000-1, 12.8.2). */
function transforms(file: PdfFile, signature: PDFDict, subFilter: string, field: PDFDict) {
  const found: Pick<SealRecord, 'kind' | 'permission' | 'lock'>[] = []
  for (const item of file.array(signature, 'Reference')?.asArray() ?? []) {
    const reference = file.resolve(item)
    if (!(reference instanceof PDFDict)) continue
    const method = file.name(reference, 'TransformMethod')
    const parameters = file.dict(reference, 'TransformParams')
    if (method === 'DocMDP') {
      const permission = (parameters && file.number(parameters, 'P')) ?? 2
      found.push({ kind: 'certification', permission, lock: undefined })
    }
    if (method === 'FieldMDP' && parameters !== undefined) {
      found.push({ kind: 'seal', permission: undefined, lock: readLock(file, parameters) })
    }
  }
  // The lock that the field was laid with counts even where no FieldMDP repeats it.
  const ownLock = file.dict(field, 'Lock')
  if (ownLock !== undefined) found.push({ kind: 'seal', permission: undefined, lock: readLock(file, ownLock) })
  const isTimestamp = subFilter === 'ETSI.RFC3161'
  const isCertification = found.some(({ kind }) => kind === 'certification')
  return {
    kind: isTimestamp ? 'timestamp' : isCertification ? 'certification' : 'seal',
    permission: found.find(({ permission }) => permission !== undefined)?.permission,
    lock: found.find(({ lock }) => lock !== undefined)?.lock,
  } as const
}

/** A lock as /Lock of a field or FieldMDP of a signature have it; an action that is not known locks everything. */
export function readLock(file: PdfFile, parameters: PDFDict): FieldLock {
  const action = file.name(parameters, 'Action')
  const items = file.array(parameters, 'Fields')?.asArray() ?? []
  const fields = items.flatMap((item) => text(file.resolve(item)) ?? [])
  return { action: action === 'Include' || action === 'Exclude' ? action : 'All', fields }
}

/** Finds /Contents by reading the dictionary's own bytes once more, key by key. */
function contentsPlace(file: PdfFile, value: unknown): SealRecord['contentsAt'] {
  const entry = value instanceof PDFRef ? file.crossReferences.entries.get(value.objectNumber) : undefined
  if (entry?.kind !== 'offset') return undefined
  try {
    const reader = new SyntaxReader(file.bytes, entry.offset, file.context)
    reader.integer()
    reader.integer()
    if (!reader.accept('obj')) return undefined
    reader.skipSpace()
    const start = reader.position
    const dictionary = reader.object()
    if (reader.hasRepeatedKeys || !(dictionary instanceof PDFDict)) return undefined
    return valuePlace(new SyntaxReader(file.bytes, start + '<<'.length, file.context), 'Contents')
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** The bytes of the value of a key; `reader` stands behind the `<<` of a dictionary that was read before. */
function valuePlace(reader: SyntaxReader, wanted: string): { start: number; end: number } | undefined {
  for (;;) {
    reader.skipSpace()
    if (reader.bytes[reader.position] !== 0x2f) return undefined
    const key = reader.object()
    reader.skipSpace()
    const start = reader.position
    reader.object()
    if (key instanceof PDFName && key.decodeText() === wanted) return { start, end: reader.position }
  }
}

/** A seal's /ByteRange and the gap in it, as they stand in the bytes of a file. */
export type RawRange = { readonly byteRange: readonly [number, number, number, number]; readonly contents: Uint8Array }

/** More places than any file has seals, and more that seem to be one: behind them another could hide. */
const maxRawRanges = 1000
const maxRawPlaces = 100_000

/**
 * Every byte range of a seal that lies in the bytes of a file, whether the newest state still shows the seal or not:
 * four numbers after /ByteRange whose gap is one hexadecimal string. Throws PDF_DAMAGED where they are too many.
 */
export function rawSealRanges(bytes: Buffer): RawRange[] {
  const found: RawRange[] = []
  const key = '/ByteRange'
  for (let at = bytes.indexOf(key), i = 0; at >= 0; at = bytes.indexOf(key, at + 1), i++) {
    if (i >= maxRawPlaces || found.length >= maxRawRanges) throw damaged('seals without number')
    const numbers = /^\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/.exec(
      bytes.toString('latin1', at + key.length, at + key.length + 200),
    )
    const [a, b, c, d] = (numbers?.slice(1) ?? []).map(Number)
    if (a === undefined || b === undefined || c === undefined || d === undefined) continue
    const contents = gapContents(bytes, [a, b, c, d])
    if (contents !== undefined) found.push({ byteRange: [a, b, c, d], contents })
  }
  return found
}

/** The bytes that the gap of a range holds as one hexadecimal string from bracket to bracket, `undefined` otherwise. */
export function gapContents(bytes: Buffer, byteRange: readonly [number, number, number, number]): Buffer | undefined {
  const [start, firstLength, secondStart, secondLength] = byteRange
  if (start !== 0 || firstLength === 0 || secondLength === 0) return undefined
  if (secondStart <= firstLength + 1 || secondStart + secondLength > bytes.length) return undefined
  if (secondStart - firstLength > maxContentsBytes) return undefined
  if (bytes[firstLength] !== 0x3c || bytes[secondStart - 1] !== 0x3e) return undefined
  const hex = bytes.toString('latin1', firstLength + 1, secondStart - 1)
  return /^(?:[0-9a-fA-F]{2})+$/.test(hex) ? Buffer.from(hex, 'hex') : undefined
}

/** Signatures take some kilobytes; revocation data in them some hundred. */
const maxContentsBytes = 8 * 1024 * 1024

function fourNumbers(items: readonly unknown[] | undefined): SealRecord['byteRange'] {
  const numbers = (items ?? []).map((item) => (item instanceof PDFNumber ? item.asNumber() : Number.NaN))
  const [a, b, c, d] = numbers
  const isWhole = numbers.length === 4 && numbers.every((number) => Number.isSafeInteger(number) && number >= 0)
  if (!isWhole || a === undefined || b === undefined || c === undefined || d === undefined) return undefined
  return [a, b, c, d]
}

/** The ISO form of a PDF date (ISO 32000-1, 7.9.4), '' where it is none. */
function isoTime(date: string): string {
  const found = /^D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-])(\d{2})'?(\d{2})?'?)?/.exec(date)
  if (found === null) return ''
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', , sign, zoneHour, zoneMinute] =
    found
  const zone = sign === undefined ? 'Z' : `${sign}${zoneHour}:${zoneMinute ?? '00'}`
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`)
  return Number.isNaN(time.getTime()) ? '' : time.toISOString()
}
