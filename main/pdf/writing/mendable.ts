import { PDFArray, PDFContext, PDFDict, PDFName, PDFNumber, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { maxObjectNumber } from '../reading/cross-reference.ts'
import { Unpacker } from '../reading/stream-data.ts'
import { damaged, SyntaxReader } from '../reading/syntax.ts'

/** Readings of the file's bytes that looking through it may cost. */
const mostReadings = 4

/** No number of a PDF has so many; long ones stand in strings. */
const mostDigits = 2_000

/**
 * Looks through a damaged file before it is written anew: pdf-lib unpacks every object stream that it meets, without a
 * limit. Throws PDF_TOO_LARGE where they unpack to more than `Unpacker` allows, PDF_DAMAGED where one is packed in a way
 * that cannot be measured, or the file is made so that looking through it would not end.
 */
export function refuseUnmendable(bytes: Buffer): void {
  const context = PDFContext.create()
  const unpacker = new Unpacker()
  let leftBytes = mostReadings * bytes.length
  refuseEndlessDigits(bytes)
  for (let at = bytes.indexOf('obj'); at >= 0; at = bytes.indexOf('obj', at + 3)) {
    const reader = new SyntaxReader(bytes, at + 3, context)
    const dict = dictionaryAt(reader)
    if (dict !== undefined) refuseEndlessTable(dict)
    const stream = dict === undefined ? undefined : objectStreamAt(reader, dict)
    leftBytes -= reader.position - at
    if (leftBytes < 0) throw damaged('beyond repair')
    if (stream !== undefined) unpacker.unpack(stream)
  }
}

/** pdf-lib, where it looks for an object, reads a run of digits once more from each of them. */
function refuseEndlessDigits(bytes: Buffer): void {
  let run = 0
  for (const byte of bytes) {
    run = byte >= 0x30 && byte <= 0x39 ? run + 1 : 0
    if (run > mostDigits) throw damaged('beyond repair')
  }
}

/** pdf-lib counts through a cross-reference stream as far as /W, /Index and /Size say, whatever there is to read. */
function refuseEndlessTable(dict: PDFDict): void {
  const widths = dict.get(PDFName.of('W'))
  if (!(widths instanceof PDFArray)) return
  const index = dict.get(PDFName.of('Index'))
  const counts = index instanceof PDFArray ? index.asArray() : [dict.get(PDFName.of('Size'))]
  const isWithin = (item: PDFObject | undefined, most: number) => item instanceof PDFNumber && item.asNumber() <= most
  const isReadable = widths.asArray().every((width) => isWithin(width, 8))
  const total = counts.reduce((sum, item) => sum + (item instanceof PDFNumber ? item.asNumber() : 0), 0)
  if (!isReadable || !(total <= 2 * maxObjectNumber)) throw damaged('beyond repair')
}

/** The dictionary at the reader's position. */
function dictionaryAt(reader: SyntaxReader): PDFDict | undefined {
  reader.skipSpace()
  if (reader.bytes[reader.position] !== 0x3c) return undefined
  try {
    const dict = reader.object()
    return dict instanceof PDFDict ? dict : undefined
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

/** The object stream that begins after its dictionary, as far as the file goes: its end is what its filter says. */
function objectStreamAt(reader: SyntaxReader, dict: PDFDict): PDFRawStream | undefined {
  const type = dict.get(PDFName.of('Type'))
  if (!reader.accept('stream') || (type !== PDFName.of('ObjStm') && !(type instanceof PDFRef))) return undefined
  let start = reader.position
  if (reader.bytes[start] === 13) start++
  if (reader.bytes[start] === 10) start++
  const end = reader.bytes.indexOf('endstream', start)
  return PDFRawStream.of(dict, reader.bytes.subarray(start, end < 0 ? reader.bytes.length : end))
}
