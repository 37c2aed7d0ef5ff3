import { PDFContext, PDFDict, PDFName, PDFRawStream, PDFRef } from 'pdf-lib'
import { AppError } from '../../preload/contract/errors.ts'
import { Unpacker } from './stream-data.ts'
import { damaged, SyntaxReader } from './syntax.ts'

/** Readings of the file's bytes that looking through it may cost. */
const mostReadings = 4

/**
 * Looks through a damaged file before it is written anew: pdf-lib unpacks every object stream that it meets, without a
 * limit. Throws PDF_TOO_LARGE where they unpack to more than `Unpacker` allows, PDF_DAMAGED where one is packed in a way
 * that cannot be measured, or the file is made so that looking through it would not end.
 */
export function refuseUnmendable(bytes: Buffer): void {
  const context = PDFContext.create()
  const unpacker = new Unpacker()
  let leftBytes = mostReadings * bytes.length
  for (let at = bytes.indexOf('obj'); at >= 0; at = bytes.indexOf('obj', at + 3)) {
    const reader = new SyntaxReader(bytes, at + 3, context)
    const stream = streamAt(reader)
    leftBytes -= reader.position - at
    if (leftBytes < 0) throw damaged('beyond repair')
    if (stream !== undefined) unpacker.unpack(stream)
  }
}

/** The object stream at the reader's position, as far as the file goes: its end is what its filter says. */
function streamAt(reader: SyntaxReader): PDFRawStream | undefined {
  reader.skipSpace()
  if (reader.bytes[reader.position] !== 0x3c) return undefined
  try {
    const dict = reader.object()
    if (!(dict instanceof PDFDict) || !reader.accept('stream')) return undefined
    const type = dict.get(PDFName.of('Type'))
    if (type !== PDFName.of('ObjStm') && !(type instanceof PDFRef)) return undefined
    let start = reader.position
    if (reader.bytes[start] === 13) start++
    if (reader.bytes[start] === 10) start++
    const end = reader.bytes.indexOf('endstream', start)
    return PDFRawStream.of(dict, reader.bytes.subarray(start, end < 0 ? reader.bytes.length : end))
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
