import type { PDFDict, PDFRef } from 'pdf-lib'
import { PDFArray, PDFHexString, PDFName } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { pageSize, placeOnPage, refuseOffPage } from '../reading/placement.ts'
import type { PdfFile, PdfPage } from '../reading/reader.ts'
import { pointsPerMm } from '../units.ts'
import { addToPage } from '../writing/form-growth.ts'
import type { PdfUpdate } from '../writing/update.ts'
import type { SealRequest, SlotRequest } from './seal-request.ts'
import { emptyForm, widgetDictionary, withName } from './seal-widget.ts'

const transformVersion = PDFName.of('1.2')

/** In a smaller square no seal can be read. */
const leastSlotMm = 10

/** The slots of a certification with the names that they will have. */
export type NamedSlot = SlotRequest & { readonly name: string }

/** Names every slot. Throws INPUT_INVALID for a name that is taken, or that no field can have. */
export function nameSlots(slots: readonly SlotRequest[], taken: ReadonlySet<string>): NamedSlot[] {
  const used = new Set(taken)
  const given = new Set(slots.flatMap(({ name }) => name ?? []))
  return slots.map((slot) => {
    const name = slot.name ?? freshName('Slot', new Set([...used, ...given]))
    if (used.has(name) || name === '' || name.includes('.')) {
      throw new AppError('INPUT_INVALID', { field: `签章栏的名称“${name}”` })
    }
    used.add(name)
    return { ...slot, name }
  })
}

/** The first of `Seal1`, `Seal2` … that is not taken. */
export function freshName(stem: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) if (!taken.has(`${stem}${number}`)) return `${stem}${number}`
}

/**
 * Lays empty signature fields on their pages: one widget each, with an empty appearance, already marked to be printed,
 * so that sealing them later changes nothing but their value and their look. Gives the fields, for the form.
 * Throws PDF_PAGE_NOT_FOUND, and INPUT_INVALID for a place off the page and a square below 10 mm.
 */
export function laySlots(
  file: PdfFile,
  update: PdfUpdate,
  pages: readonly PdfPage[],
  slots: readonly NamedSlot[],
  diameterMm: number,
): PDFRef[] {
  return slots.map(({ place, sizeMm = diameterMm, name }) => {
    const page = pages[place.page - 1]
    if (page === undefined) throw new AppError('PDF_PAGE_NOT_FOUND', { page: place.page, pages: pages.length })
    if (!(sizeMm >= leastSlotMm)) throw new AppError('INPUT_INVALID', { field: '签章栏的大小' })
    refuseOffPage(pageSize(file, page), place, sizeMm)
    const { rect } = placeOnPage(file, page, { ...place, widthMm: sizeMm, heightMm: sizeMm })
    const appearance = emptyForm(file, update, sizeMm * pointsPerMm)
    const field = update.add(withName(widgetDictionary(file, { page: page.ref, rect, appearance }), name))
    addToPage(file, update, page, field)
    return field
  })
}

/**
 * The /Reference of a signature (ISO 32000-1, 12.8.1): what it certifies (DocMDP, P=2: filling in and signing what is
 * there), and which fields it locks (FieldMDP): those of the request, and those that its slot's /Lock names.
 */
export function transformReferences(
  file: PdfFile,
  { certify, lock }: Pick<SealRequest, 'certify' | 'lock'>,
  slotLock: PDFDict | undefined,
): PDFArray | undefined {
  const references = PDFArray.withContext(file.context)
  if (certify !== undefined) references.push(transform(file, 'DocMDP', file.context.obj({ P: 2 })))
  if (slotLock !== undefined) references.push(transform(file, 'FieldMDP', copyOfLock(file, slotLock)))
  if (lock !== undefined) references.push(transform(file, 'FieldMDP', lockDictionary(file, lock)))
  return references.size() === 0 ? undefined : references
}

/** Action and fields of a lock, as a SigFieldLock and a FieldMDP both have them. */
export function lockDictionary(file: PdfFile, lock: 'all' | readonly string[]): PDFDict {
  if (lock === 'all') return file.context.obj({ Action: 'All' })
  const fields = file.context.obj(lock.map((name) => PDFHexString.fromText(name)))
  return file.context.obj({ Action: 'Include', Fields: fields })
}

function copyOfLock(file: PdfFile, lock: PDFDict): PDFDict {
  const copy = file.context.obj({})
  for (const key of ['Action', 'Fields', 'P']) {
    const value = file.resolve(lock.get(PDFName.of(key)))
    if (value !== undefined) copy.set(PDFName.of(key), value)
  }
  return copy
}

function transform(file: PdfFile, method: 'DocMDP' | 'FieldMDP', parameters: PDFDict): PDFDict {
  parameters.set(PDFName.of('Type'), PDFName.of('TransformParams'))
  parameters.set(PDFName.of('V'), transformVersion)
  const reference = file.context.obj({ Type: 'SigRef', TransformMethod: method, TransformParams: parameters })
  // Of DocMDP the standard itself says what it looks at.
  if (method === 'FieldMDP') reference.set(PDFName.of('Data'), file.catalogRef)
  return reference
}
