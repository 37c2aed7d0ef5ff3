import { PDFArray, PDFDict, PDFName, PDFNumber, PDFRef } from 'pdf-lib'
import type { PdfFile, PdfPage } from '../reading/reader.ts'
import { damaged } from '../reading/syntax.ts'
import type { PdfUpdate } from './update.ts'

const signaturesExistAppendOnly = 3

/** The widget joins /Annots: in the array's own object where it has one, else in a copy of the page. */
export function addToPage(file: PdfFile, update: PdfUpdate, page: PdfPage, widget: PDFRef): void {
  const annotations = page.dict.get(PDFName.of('Annots'))
  if (annotations instanceof PDFRef && file.resolve(annotations) instanceof PDFArray) {
    appendTo(update, annotations, [widget])
    return
  }
  const copy = update.editable(page.ref)
  if (!(copy instanceof PDFDict)) throw damaged('page')
  const current = copy.get(PDFName.of('Annots'))
  const own = current instanceof PDFArray ? current.clone(file.context) : PDFArray.withContext(file.context)
  own.push(widget)
  copy.set(PDFName.of('Annots'), own)
  update.replace(page.ref, copy)
}

function appendTo(update: PdfUpdate, arrayRef: PDFRef, items: readonly PDFRef[]): void {
  const array = update.editable(arrayRef)
  if (!(array instanceof PDFArray)) throw damaged('array')
  for (const item of items) array.push(item)
  update.replace(arrayRef, array)
}

/** The fields join the form; the smallest object that holds the change is the one that is written again. Call it once. */
export function addToForm(file: PdfFile, update: PdfUpdate, added: readonly PDFRef[]): void {
  const form = file.dict(file.catalog, 'AcroForm')
  const copy = form === undefined ? PDFDict.withContext(file.context) : form.clone(file.context)
  const entry = copy.get(PDFName.of('Fields'))
  if (entry instanceof PDFRef && file.resolve(entry) instanceof PDFArray) {
    appendTo(update, entry, added)
  } else {
    const fields = entry instanceof PDFArray ? entry.clone(file.context) : PDFArray.withContext(file.context)
    for (const field of added) fields.push(field)
    copy.set(PDFName.of('Fields'), fields)
  }
  replaceForm(file, update, copy)
}

/** Sets /SigFlags where a signature comes into a form that did not say so yet; a certified file is left as it is. */
export function markSigned(file: PdfFile, update: PdfUpdate, isCertified: boolean): void {
  const form = file.dict(file.catalog, 'AcroForm')
  if (form === undefined) throw damaged('form')
  const flags = file.number(form, 'SigFlags') ?? 0
  if (isCertified || (flags & signaturesExistAppendOnly) === signaturesExistAppendOnly) return
  replaceForm(file, update, form.clone(file.context))
}

function replaceForm(file: PdfFile, update: PdfUpdate, form: PDFDict): void {
  form.set(PDFName.of('SigFlags'), PDFNumber.of(signaturesExistAppendOnly))
  const entry = file.catalog.get(PDFName.of('AcroForm'))
  if (entry instanceof PDFRef && file.dict(file.catalog, 'AcroForm') !== undefined) update.replace(entry, form)
  else setInCatalogue(file, update, 'AcroForm', form)
}

/** Names the certifying signature in /Perms of the catalogue (ISO 32000-1, 12.8.4). */
export function nameCertification(file: PdfFile, update: PdfUpdate, signature: PDFRef): void {
  const permissions = file.dict(file.catalog, 'Perms')?.clone(file.context) ?? PDFDict.withContext(file.context)
  permissions.set(PDFName.of('DocMDP'), signature)
  setInCatalogue(file, update, 'Perms', permissions)
}

function setInCatalogue(file: PdfFile, update: PdfUpdate, key: string, value: PDFDict): void {
  const catalogue = update.editable(file.catalogRef)
  if (!(catalogue instanceof PDFDict)) throw damaged('catalogue')
  catalogue.set(PDFName.of(key), value)
  update.replace(file.catalogRef, catalogue)
}
