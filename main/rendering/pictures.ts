import type { DotBox } from './boxes.ts'
import type { OpenPage } from './open-documents.ts'
import type { Pdfium } from './pdfium.ts'

/** Pixels in rows from the top, four bytes each: red, green, blue, and an alpha that is always 255. */
export type Picture = { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray<ArrayBuffer> }

/** What a page shows on a screen, or what it prints: annotations and layers may belong to one of both alone. */
export type View = 'screen' | 'print'

/** Beyond this, a picture gets fewer dots per millimetre: a page may be 5 m wide and high, or larger. */
const mostPixels = 12_000_000

/** FPDF_ANNOT, FPDF_REVERSE_BYTE_ORDER, FPDF_PRINTING (fpdfview.h). */
const [drawAnnotations, redFirst, forPrint] = [0x01, 0x10, 0x800]
const white = 0xffffffff
const opaque = 0xff000000

/** How many dots a millimetre gets where `wanted` are asked for: fewer on a page too large for them. */
export function dotsThatFit(size: { widthMm: number; heightMm: number }, wanted: number): number {
  return Math.min(wanted, Math.sqrt(mostPixels / (size.widthMm * size.heightMm)))
}

/** Viewers fit a page to the window however small it says that it is: its longer side is looked at in so many dots. */
const leastAcross = 1000

/** How many dots a millimetre gets to see what a viewer shows: `wanted`, and more on a page smaller than a stamp. */
export function dotsToSee(page: { widthMm: number; heightMm: number }, wanted: number): number {
  const acrossMm = Math.max(page.widthMm, page.heightMm)
  return acrossMm > 0 ? Math.max(wanted, leastAcross / acrossMm) : wanted
}

/** The page with its annotations, seals and form fields, as wide and high as whole dots allow. */
export function draw(pdfium: Pdfium, page: OpenPage, dotsPerMm: number, view: View = 'screen'): Picture {
  const whole = wholePage(page, dotsPerMm)
  return drawPart(pdfium, page, { left: 0, top: 0, right: whole.width, bottom: whole.height }, whole, view)
}

/** The size in dots of the whole page. */
export function wholePage(page: OpenPage, dotsPerMm: number): { width: number; height: number } {
  const width = Math.min(mostPixels, Math.max(1, Math.round(page.widthMm * dotsPerMm)))
  return { width, height: Math.min(Math.ceil(mostPixels / width), Math.max(1, Math.round(page.heightMm * dotsPerMm))) }
}

/** The size in dots of a page of which only a part is drawn: as large as it is. */
export function fullPage(page: OpenPage, dotsPerMm: number): { width: number; height: number } {
  const inDots = (millimetres: number): number => Math.min(mostAcross, Math.max(1, Math.round(millimetres * dotsPerMm)))
  return { width: inDots(page.widthMm), height: inDots(page.heightMm) }
}

/** PDFium places dots by 32 bit numbers. */
const mostAcross = 100_000_000

/** The part of a page of `whole` dots that lies in `part`, in dots. */
export function drawPart(
  pdfium: Pdfium,
  page: OpenPage,
  part: DotBox,
  whole: { readonly width: number; readonly height: number },
  view: View,
): Picture {
  const [width, height] = [part.right - part.left, part.bottom - part.top]
  const bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
  if (bitmap === 0) throw new RangeError(`PDFium has no memory for ${width} × ${height} dots`)
  try {
    const flags = drawAnnotations | redFirst | (view === 'print' ? forPrint : 0)
    const where = [-part.left, -part.top, whole.width, whole.height, 0, flags]
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white)
    pdfium.FPDF_RenderPageBitmap(bitmap, page.handle, ...where)
    if (page.document.form !== 0) pdfium.FPDF_FFLDraw(page.document.form, bitmap, page.handle, ...where)
    return { width, height, data: copyOut(pdfium, bitmap, width, height) }
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap)
  }
}

function copyOut(pdfium: Pdfium, bitmap: number, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const [from, stride] = [pdfium.FPDFBitmap_GetBuffer(bitmap) >>> 0, pdfium.FPDFBitmap_GetStride(bitmap)]
  const words = new Uint32Array(width * height)
  for (let y = 0; y < height; y++) words.set(new Uint32Array(pdfium.memory.buffer, from + y * stride, width), y * width)
  for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) | opaque
  return new Uint8ClampedArray(words.buffer)
}
