import { PDFArray, PDFNumber, type PDFObject } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { pointsPerMm } from '../units.ts'
import type { PdfFile, PdfPage } from './reader.ts'
import { damaged } from './syntax.ts'

/**
 * Where a seal's square (its sides the seal's diameter) lies on a page as the page is shown: `page` from 1, `xMm` and
 * `yMm` from the page's upper left corner to the square's upper left corner.
 */
export type SealPlace = { readonly page: number; readonly xMm: number; readonly yMm: number }

/** A page as it is shown: after CropBox, /Rotate and /UserUnit. */
export type PageSize = { readonly widthMm: number; readonly heightMm: number }

type Box = readonly [left: number, bottom: number, right: number, top: number]

/** The size of a page as shown, in millimetres of paper. Throws PDF_DAMAGED for a page without a usable box. */
export function pageSize(file: PdfFile, page: PdfPage): PageSize {
  const [left, bottom, right, top] = visibleBox(file, page)
  const perMm = unitsPerMm(file, page)
  const [width, height] = [(right - left) / perMm, (top - bottom) / perMm]
  return turns(page) % 2 === 0 ? { widthMm: width, heightMm: height } : { widthMm: height, heightMm: width }
}

/** A rectangle on a page as the page is shown, in millimetres from its upper left corner. */
export type ShownBox = {
  readonly xMm: number
  readonly yMm: number
  readonly widthMm: number
  readonly heightMm: number
}

/** A rectangle in the page's own units, and the matrix that turns what stands in it upright. */
export type PlacedBox = { readonly rect: readonly number[]; readonly matrix: readonly number[] }

const round = (values: readonly number[]): readonly number[] => values.map((value) => Math.round(value * 1e4) / 1e4)

/**
 * The annotation rectangle in the page's own units, and the matrix that turns the seal upright where the page is shown
 * turned (ISO 32000-1, 12.5.5: the viewer moves the turned box into the rectangle).
 */
export function placeOnPage(file: PdfFile, page: PdfPage, shown: ShownBox): PlacedBox {
  const [left, bottom, right, top] = visibleBox(file, page)
  const perMm = unitsPerMm(file, page)
  const [across, down] = [shown.xMm * perMm, shown.yMm * perMm]
  const [width, height] = [shown.widthMm * perMm, shown.heightMm * perMm]
  const rects = [
    [left + across, top - down - height, left + across + width, top - down],
    [left + down, bottom + across, left + down + height, bottom + across + width],
    [right - across - width, bottom + down, right - across, bottom + down + height],
    [right - down - height, top - across - width, right - down, top - across],
  ]
  return { rect: round(rects[turns(page)] ?? []), matrix: uprightMatrix(page, shown) }
}

/** The rectangle of an annotation as the page is shown; the inverse of `placeOnPage`. */
export function shownBox(file: PdfFile, page: PdfPage, rect: readonly [number, number, number, number]): ShownBox {
  const [left, bottom, right, top] = visibleBox(file, page)
  const [x0, y0, x1, y1] = rect
  const perMm = unitsPerMm(file, page)
  const corners = [
    [x0 - left, top - y1],
    [y0 - bottom, x0 - left],
    [right - x1, y0 - bottom],
    [top - y1, right - x1],
  ]
  const [across = 0, down = 0] = corners[turns(page)] ?? []
  const [width, height] = turns(page) % 2 === 0 ? [x1 - x0, y1 - y0] : [y1 - y0, x1 - x0]
  return { xMm: across / perMm, yMm: down / perMm, widthMm: width / perMm, heightMm: height / perMm }
}

/** The matrix of a form that is to stand upright on a page as shown. */
export function uprightMatrix(page: PdfPage, size: { readonly widthMm: number; readonly heightMm: number }) {
  const [width, height] = [size.widthMm * pointsPerMm, size.heightMm * pointsPerMm]
  const matrices = [
    [1, 0, 0, 1, 0, 0],
    [0, 1, -1, 0, height, 0],
    [-1, 0, 0, -1, width, height],
    [0, -1, 1, 0, 0, width],
  ]
  return round(matrices[turns(page)] ?? [])
}

function unitsPerMm(file: PdfFile, page: PdfPage): number {
  const userUnit = file.number(page.dict, 'UserUnit') ?? 1
  return pointsPerMm / (userUnit > 0 ? userUnit : 1)
}

/** Quarter turns clockwise, 0 to 3. */
function turns(page: PdfPage): number {
  const rotate = page.inherited.get('Rotate')
  const degrees = rotate instanceof PDFNumber ? rotate.asNumber() : 0
  return (((Math.round(degrees / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3
}

/** CropBox within MediaBox: what a viewer shows. */
function visibleBox(file: PdfFile, page: PdfPage): Box {
  const media = rectangle(file, page.inherited.get('MediaBox')) ?? [0, 0, 612, 792]
  const crop = rectangle(file, page.inherited.get('CropBox')) ?? media
  const shown: Box = [
    Math.max(media[0], crop[0]),
    Math.max(media[1], crop[1]),
    Math.min(media[2], crop[2]),
    Math.min(media[3], crop[3]),
  ]
  return shown[2] > shown[0] && shown[3] > shown[1] ? shown : media
}

/** A rectangle with its corners in order (ISO 32000-1, 7.9.5), `undefined` for what is no array. Throws PDF_DAMAGED. */
export function rectangle(file: PdfFile, value: PDFObject | undefined): Box | undefined {
  if (!(value instanceof PDFArray)) return undefined
  const numbers = value.asArray().map((item) => {
    const number = file.resolve(item)
    return number instanceof PDFNumber ? number.asNumber() : Number.NaN
  })
  const [a, b, c, d] = numbers
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw damaged('page box')
  if (numbers.some((number) => !Number.isFinite(number))) throw damaged('page box')
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
}

/** Where a seal goes when nobody says: the lower right of a page, as under a date (落款). */
export function lowerRight(size: PageSize, page: number, diameterMm: number): SealPlace {
  const marginMm = { right: 25, bottom: 30 }
  return {
    page,
    xMm: Math.max(0, size.widthMm - diameterMm - marginMm.right),
    yMm: Math.max(0, size.heightMm - diameterMm - marginMm.bottom),
  }
}

/** Throws INPUT_INVALID where the middle of the seal is off the page: nobody would see it. */
export function refuseOffPage(size: PageSize, place: SealPlace, diameterMm: number): void {
  const [x, y] = [place.xMm + diameterMm / 2, place.yMm + diameterMm / 2]
  const isOnPage = x >= 0 && x <= size.widthMm && y >= 0 && y <= size.heightMm
  if (!isOnPage) throw new AppError('INPUT_INVALID', { field: '印章的位置在页面之外' })
}
