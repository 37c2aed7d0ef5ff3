import { PDFArray, PDFDict, PDFName, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { packedSeal, type SealAppearance } from '../drawing/seal-drawing.ts'
import { type SealField, sealFields } from '../reading/fields.ts'
import { rectangle, type SealPlace, type ShownBox, shownBox, uprightMatrix } from '../reading/placement.ts'
import type { PdfFile, PdfPage } from '../reading/reader.ts'
import { damaged } from '../reading/syntax.ts'
import { pointsPerMm } from '../units.ts'
import type { PdfUpdate } from '../writing/update.ts'
import { sealForm } from './seal-widget.ts'

/** An empty signature field that can be seen, where it lies as the page is shown; `page` from 1. */
export type EmptySlot = ShownBox & { readonly field: string; readonly page: number }

type SlotWidget = { readonly ref: PDFRef; readonly page: PdfPage; readonly slot: EmptySlot }

/** An empty signature field with the widgets that show it. */
export type Slot = {
  readonly name: string
  readonly ref: PDFRef
  readonly dict: PDFDict
  readonly widgets: readonly SlotWidget[]
}

const hiddenOrNoView = 2 + 32

/** Every empty signature field that a seal can be seen in, in the form's order. Throws PDF_DAMAGED. */
export function emptySlots(file: PdfFile): EmptySlot[] {
  return readSlots(file, [...file.pages()]).flatMap(({ widgets }) => widgets.slice(0, 1).map(({ slot }) => slot))
}

/** The empty slots with their objects; `pages` are all pages of the file. */
export function readSlots(file: PdfFile, pages: readonly PdfPage[]): Slot[] {
  const empty = sealFields(file).filter(({ value }) => value === undefined)
  if (empty.length === 0) return []
  const pageOf = pagesOfWidgets(file, pages)
  return empty.flatMap((field) => {
    const widgets = widgetsOf(file, field).flatMap(({ ref, dict }) => {
      const number = pageOf.get(ref.objectNumber)
      const page = number === undefined ? undefined : pages[number - 1]
      const box = page === undefined ? undefined : visibleShownBox(file, page, dict)
      if (page === undefined || number === undefined || box === undefined) return []
      return [{ ref, page, slot: { field: field.name, page: number, ...box } }]
    })
    if (field.ref === undefined || widgets.length === 0) return []
    return [{ name: field.name, ref: field.ref, dict: field.dict, widgets }]
  })
}

/** The slot of a name. Throws SEAL_PLACE_UNKNOWN where there is none, or somebody has sealed it already. */
export function findSlot(slots: readonly Slot[], name: string): Slot {
  const slot = slots.find((candidate) => candidate.name === name)
  if (slot === undefined) throw new AppError('SEAL_PLACE_UNKNOWN', { what: `没有空着的签章栏“${name}”`, field: name })
  return slot
}

/**
 * Signs into a slot: /V of the field and /AP of its widgets, and nothing else, so that a certification of P=2 holds.
 * The seal stands in the middle, smaller than asked for where the slot is. Gives the places of the seal's squares.
 */
export function fillSlot(
  file: PdfFile,
  update: PdfUpdate,
  slot: Slot,
  seal: { readonly appearance: SealAppearance; readonly signature: PDFRef },
): SealPlace[] {
  setIn(update, slot.ref, 'V', seal.signature)
  return slot.widgets.map(({ ref, page, slot: box }) => {
    const diameterMm = Math.min(seal.appearance.diameterMm, box.widthMm, box.heightMm)
    const drawing = packedSeal({ ...seal.appearance, diameterMm })
    const [besideMm, aboveMm] = [(box.widthMm - diameterMm) / 2, (box.heightMm - diameterMm) / 2]
    const [beside, above] = [besideMm * pointsPerMm, aboveMm * pointsPerMm]
    const room = [-beside, -above, drawing.sidePoints + beside, drawing.sidePoints + above]
    const form = sealForm(file, update, drawing, { box: room, matrix: uprightMatrix(page, box) })
    setIn(update, ref, 'AP', file.context.obj({ N: form }))
    return { page: box.page, xMm: box.xMm + besideMm, yMm: box.yMm + aboveMm }
  })
}

function setIn(update: PdfUpdate, ref: PDFRef, key: string, value: PDFDict | PDFRef): void {
  const dict = update.editable(ref)
  if (!(dict instanceof PDFDict)) throw damaged('field')
  dict.set(PDFName.of(key), value)
  update.replace(ref, dict)
}

/** A field is its own widget, or has widgets below it (ISO 32000-1, 12.5.6.19). */
function widgetsOf(file: PdfFile, field: SealField): { ref: PDFRef; dict: PDFDict }[] {
  const kids = file.array(field.dict, 'Kids')?.asArray() ?? [field.ref]
  return kids.flatMap((kid) => {
    const dict = file.resolve(kid)
    return kid instanceof PDFRef && dict instanceof PDFDict ? [{ ref: kid, dict }] : []
  })
}

/** Page numbers by the object numbers of the annotations on them: /P of a widget may be missing or wrong. */
function pagesOfWidgets(file: PdfFile, pages: readonly PdfPage[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  for (const [i, page] of pages.entries()) {
    const annotations = file.resolve(page.dict.get(PDFName.of('Annots')))
    if (!(annotations instanceof PDFArray)) continue
    for (const item of annotations.asArray()) if (item instanceof PDFRef) found.set(item.objectNumber, i + 1)
  }
  return found
}

function visibleShownBox(file: PdfFile, page: PdfPage, widget: PDFDict): ShownBox | undefined {
  if (((file.number(widget, 'F') ?? 0) & hiddenOrNoView) !== 0) return undefined
  const rect = rectangle(file, file.array(widget, 'Rect'))
  if (rect === undefined || rect[2] <= rect[0] || rect[3] <= rect[1]) return undefined
  return shownBox(file, page, rect)
}
