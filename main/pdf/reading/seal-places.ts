import { PDFDict, PDFName, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import type { PageBox } from '../../../preload/contract/verification.ts'
import { sealFields } from './fields.ts'
import { rectangle, shownBox } from './placement.ts'
import type { PdfFile, PdfPage } from './reader.ts'

/** More places than this are not listed: a seam seal has one on each page. */
const maxPlaces = 10_000

/**
 * Where the seal of each signature field shows, by the field's name: page and millimetres as the page is shown. A
 * widget without a size, or on no page, is left out, as is one whose place cannot be read.
 */
export function sealPlaces(file: PdfFile, pages: readonly PdfPage[]): Map<string, PageBox[]> {
  const numbers = new Map(pages.map((page, i) => [page.ref.objectNumber, i]))
  const found = new Map<string, PageBox[]>()
  const listed = new Map<number, number>()
  for (const field of sealFields(file)) {
    const kids = file.array(field.dict, 'Kids')?.asArray() ?? []
    const refs = [...(field.ref === undefined ? [] : [field.ref]), ...kids.filter((kid) => kid instanceof PDFRef)]
    const boxes = refs.slice(0, maxPlaces).flatMap((ref) => {
      const widget = file.resolve(ref)
      if (!(widget instanceof PDFDict)) return []
      const own = widget.get(PDFName.of('P'))
      const index = own instanceof PDFRef ? numbers.get(own.objectNumber) : pageThatLists(file, pages, ref, listed)
      return index === undefined ? [] : boxOf(file, pages, index, widget)
    })
    found.set(field.name, boxes)
  }
  return found
}

function boxOf(file: PdfFile, pages: readonly PdfPage[], index: number, widget: PDFDict): PageBox[] {
  const page = pages[index]
  if (page === undefined) return []
  try {
    const rect = rectangle(file, file.resolve(widget.get(PDFName.of('Rect'))))
    const box = rect === undefined ? undefined : shownBox(file, page, rect)
    return box === undefined || box.widthMm === 0 || box.heightMm === 0 ? [] : [{ page: index + 1, ...box }]
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}

/** For a widget that does not name its page: the lists of all pages are read once, and kept in `listed`. */
function pageThatLists(file: PdfFile, pages: readonly PdfPage[], ref: PDFRef, listed: Map<number, number>) {
  if (listed.size === 0) {
    for (const [index, page] of pages.entries()) {
      for (const item of file.array(page.dict, 'Annots')?.asArray() ?? []) {
        if (item instanceof PDFRef) listed.set(item.objectNumber, index)
      }
    }
  }
  return listed.get(ref.objectNumber)
}
