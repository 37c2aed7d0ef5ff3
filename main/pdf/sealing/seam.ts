import { PDFName, type PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import type { PackedDrawing } from '../drawing/seal-drawing.ts'
import { pageSize, placeOnPage, type SealPlace } from '../reading/placement.ts'
import type { PdfFile, PdfPage } from '../reading/reader.ts'
import { pointsPerMm } from '../units.ts'
import { addToPage } from '../writing/form-growth.ts'
import type { PdfUpdate } from '../writing/update.ts'
import type { SealTarget } from './seal-request.ts'
import { sealForm, widgetDictionary, windowForm, withName } from './seal-widget.ts'

/** Narrower strips would be lost in the cut of the paper. */
const leastStripMm = 1.5
const mostStrips = 20

/** The strip of a page: the `index`th of `count` that make one whole seal. */
export type SeamStrip = { readonly index: number; readonly count: number }

/**
 * How a seam seal is shared out over pages: up to 20 strips of at least 1.5 mm make one seal; more pages are shared
 * evenly into rounds, each round a whole seal (21 pages: one seal over 11 and one over 10).
 */
export function seamStrips(pages: number, diameterMm: number): SeamStrip[] {
  const most = Math.max(2, Math.min(mostStrips, Math.floor(diameterMm / leastStripMm)))
  const rounds = Math.ceil(pages / most)
  return Array.from({ length: rounds }, (_, round) => {
    const count = Math.floor(pages / rounds) + (round < pages % rounds ? 1 : 0)
    return Array.from({ length: count }, (_unused, index) => ({ index, count }))
  }).flat()
}

type Seam = Extract<SealTarget, { kind: 'seam' }>

type SeamRequest = {
  readonly seam: Seam
  readonly drawing: PackedDrawing
  readonly diameterMm: number
  readonly name: string
  readonly signature: PDFRef
}

/**
 * Lays a 骑缝章: one field, on each page a widget at the paper's edge that shows its strip of the one drawing, as if the
 * pages had been fanned out under the stamp (on the right the first page has the seal's left, on the left its right).
 * Gives the field and its places. /V and /FT stand on field and widgets alike, for viewers that look at either only.
 * Throws SEAL_PLACE_UNKNOWN for a file of one page, INPUT_INVALID for a place off the paper.
 */
export function addSeam(file: PdfFile, update: PdfUpdate, pages: readonly PdfPage[], request: SeamRequest) {
  if (pages.length < 2) throw new AppError('SEAL_PLACE_UNKNOWN', { what: '骑缝章要盖在两页以上的文件上，这份只有一页' })
  const strips = seamStrips(pages.length, request.diameterMm)
  const field = file.context.obj({ FT: 'Sig' })
  const fieldRef = update.add(withName(field, request.name, request.signature))
  const form = stripForms(file, update, request)
  const kids: PDFRef[] = []
  const places: SealPlace[] = []
  for (const [i, page] of pages.entries()) {
    const strip = strips[i] ?? { index: 0, count: 1 }
    const box = stripBox(file, page, request, strip.count)
    const { rect, matrix } = placeOnPage(file, page, box)
    const widget = widgetDictionary(file, { page: page.ref, rect, appearance: form(strip, matrix) })
    const kid = update.add(widget)
    widget.set(PDFName.of('Parent'), fieldRef)
    widget.set(PDFName.of('V'), request.signature)
    addToPage(file, update, page, kid)
    kids.push(kid)
    places.push({ page: i + 1, xMm: box.xMm, yMm: box.yMm })
  }
  field.set(PDFName.of('Kids'), file.context.obj(kids))
  return { field: fieldRef, places }
}

/** Where a page's strip lies: at its edge, moved up where a small page would lose the seal's foot. */
function stripBox(file: PdfFile, page: PdfPage, { seam, diameterMm }: SeamRequest, count: number) {
  const size = pageSize(file, page)
  const wanted = seam.yMm ?? (size.heightMm - diameterMm) / 2
  if (wanted < 0 && seam.yMm !== undefined) throw new AppError('INPUT_INVALID', { field: '骑缝章的位置在页面之外' })
  const widthMm = diameterMm / count
  return {
    xMm: seam.side === 'left' ? 0 : size.widthMm - widthMm,
    yMm: Math.max(0, Math.min(wanted, size.heightMm - diameterMm)),
    widthMm,
    heightMm: diameterMm,
  }
}

/** The forms of the strips over one shared drawing; pages with the same strip, turned alike, share theirs. */
function stripForms(file: PdfFile, update: PdfUpdate, { drawing, seam, diameterMm }: SeamRequest) {
  const side = drawing.sidePoints
  const whole = sealForm(file, update, drawing, { box: [0, 0, side, side], matrix: [1, 0, 0, 1, 0, 0] })
  const made = new Map<string, PDFRef>()
  return ({ index, count }: SeamStrip, matrix: readonly number[]): PDFRef => {
    const key = JSON.stringify([index, count, matrix])
    const known = made.get(key)
    if (known !== undefined) return known
    const width = (diameterMm * pointsPerMm) / count
    const left = width * (seam.side === 'left' ? count - 1 - index : index)
    const form = windowForm(file, update, whole, { box: [left, 0, left + width, side], matrix })
    made.set(key, form)
    return form
  }
}
