import { constants, inflateSync } from 'node:zlib'
import { PDFArray, PDFName, type PDFObject, PDFRawStream } from 'pdf-lib'
import type { PdfFile, PdfPage } from '../reading/reader.ts'
import { damaged } from '../reading/syntax.ts'

/** A page's drawing instructions that unpack to more are left to the viewer; they are not needed for a seal. */
const maxContentBytes = 32 * 1024 * 1024
/** And so are all that follow once this much has been unpacked: many small bombs are one large one. */
const maxUnpackedBytes = 256 * 1024 * 1024
/** And those of later pages: unpacking thousands would take longer than all else that a seal needs. */
const mostCheckedStreams = 300

/** True where every object lies where the cross-references say. */
export function objectsAreInPlace(file: PdfFile): boolean {
  for (const [number, entry] of file.crossReferences.entries) {
    if (entry.kind !== 'offset' || entry.offset === 0) continue
    if (!file.hasObjectAt(entry.offset, number)) return false
  }
  return true
}

/**
 * Every page. Throws PDF_DAMAGED unless each can be reached and its drawing instructions can be unpacked (the first 300
 * streams and 256 MB of them: the rest is left to viewers, for a seal changes none of it).
 */
export function checkPages(file: PdfFile): PdfPage[] {
  const pages = [...file.pages()]
  const seen = new Set<PDFObject>()
  let unpackedBytes = 0
  for (const page of pages) {
    const contents = file.resolve(page.dict.get(PDFName.of('Contents')))
    for (const item of contents instanceof PDFArray ? contents.asArray() : [contents]) {
      const stream = file.resolve(item)
      if (!(stream instanceof PDFRawStream) || seen.has(stream)) continue
      seen.add(stream)
      if (unpackedBytes >= maxUnpackedBytes || seen.size > mostCheckedStreams) return pages
      unpackedBytes += checkUnpacks(file, stream)
    }
  }
  return pages
}

/** How much the stream unpacks to, as far as it was looked at. */
function checkUnpacks(file: PdfFile, stream: PDFRawStream): number {
  const filter = file.resolve(stream.dict.get(PDFName.of('Filter')))
  const only = filter instanceof PDFArray && filter.size() === 1 ? file.resolve(filter.get(0)) : filter
  if (only !== PDFName.of('FlateDecode')) return 0
  // A room that fits the usual page: zlib's own 16 KB a page costs more than the unpacking.
  const chunkSize = Math.min(1 << 18, Math.max(1 << 11, stream.contents.length * 4))
  try {
    // Viewers forgive a missing end, so this does too.
    const finishFlush = constants.Z_SYNC_FLUSH
    return inflateSync(stream.contents, { maxOutputLength: maxContentBytes, finishFlush, chunkSize }).length
  } catch (cause) {
    if (cause instanceof RangeError) return maxContentBytes
    throw damaged('page content', cause)
  }
}
