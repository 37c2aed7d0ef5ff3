import { constants, inflateSync } from 'node:zlib'
import { PDFArray, PDFName, type PDFObject, PDFRawStream } from 'pdf-lib'
import type { PdfFile, PdfPage } from './reader.ts'
import { damaged } from './syntax.ts'

/** A page's drawing instructions that unpack to more are left to the viewer; they are not needed for a seal. */
const maxContentBytes = 64 * 1024 * 1024

/** True where every object lies where the cross-references say. */
export function objectsAreInPlace(file: PdfFile): boolean {
  const header = /^\s*(\d+)\s+\d+\s+obj\b/
  for (const [number, entry] of file.crossReferences.entries) {
    if (entry.kind !== 'offset' || entry.offset === 0) continue
    const found = header.exec(file.bytes.toString('latin1', entry.offset, entry.offset + 40))
    if (found === null || Number(found[1]) !== number) return false
  }
  return true
}

/** Every page. Throws PDF_DAMAGED unless each can be reached and its drawing instructions can be unpacked. */
export function checkPages(file: PdfFile): PdfPage[] {
  const pages = [...file.pages()]
  const seen = new Set<PDFObject>()
  for (const page of pages) {
    const contents = file.resolve(page.dict.get(PDFName.of('Contents')))
    for (const item of contents instanceof PDFArray ? contents.asArray() : [contents]) {
      const stream = file.resolve(item)
      if (!(stream instanceof PDFRawStream) || seen.has(stream)) continue
      seen.add(stream)
      checkUnpacks(file, stream)
    }
  }
  return pages
}

function checkUnpacks(file: PdfFile, stream: PDFRawStream): void {
  const filter = file.resolve(stream.dict.get(PDFName.of('Filter')))
  const only = filter instanceof PDFArray && filter.size() === 1 ? file.resolve(filter.get(0)) : filter
  if (only !== PDFName.of('FlateDecode')) return
  try {
    // Viewers forgive a missing end, so this does too.
    inflateSync(stream.contents, { maxOutputLength: maxContentBytes, finishFlush: constants.Z_SYNC_FLUSH })
  } catch (cause) {
    if (cause instanceof RangeError) return
    throw damaged('page content', cause)
  }
}
