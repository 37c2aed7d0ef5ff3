import { createHash } from 'node:crypto'
import { PDFArray, PDFDict, PDFHexString, PDFName, PDFNumber, PDFRawStream, PDFRef } from 'pdf-lib'
import { AppError } from '../../preload/contract/errors.ts'
import { formFields, refuseWhereSealsForbid } from './guards.ts'
import { lowerRight, pageSize, placeOnPage, refuseOffPage, type SealPlace } from './placement.ts'
import type { PdfFile, PdfPage } from './reader.ts'
import { openOrResave } from './resave.ts'
import { packedSeal, type SealAppearance } from './seal-drawing.ts'
import { sealRecords } from './seal-records.ts'
import { damaged } from './syntax.ts'
import { PdfUpdate } from './update.ts'

/** Makes the signature that a PDF holds: a detached CMS over the bytes that it is given. `main/signing` has one. */
export type DetachedSigner = {
  /**
   * The CMS (DER, at most 16 KB) over the parts read one after another. Refuses where the certificate is not valid at
   * `at`, the time by the station's clock. Asynchronous: a token or a person may have to be asked.
   */
  signDetached(parts: readonly Uint8Array[], at: Date): Promise<Uint8Array>
}

/** What to seal, with what, and where. */
export type SealRequest = {
  readonly pdf: Uint8Array
  readonly signer: DetachedSigner
  readonly appearance: SealAppearance
  /** Where; the lower right of the last page when nobody says, and of the page named when only that is said. */
  readonly place?: Partial<SealPlace>
  readonly reason?: string
  readonly location?: string
  /** The station's clock: written as the seal's claimed time (/M), which proves nothing by itself. */
  readonly now: Date
}

/** The sealed file. */
export type SealedPdf = {
  readonly pdf: Uint8Array
  /** True where the cross-references were damaged and the file had to be written anew before it was sealed. */
  readonly resaved: boolean
  /** SHA-256 of `pdf`, lower-case hexadecimal. */
  readonly sha256: string
  /** Where the seal was put. */
  readonly place: SealPlace
}

const contentsBytes = 16 * 1024
const byteRangePlaceholder = [0, 9_999_999_999, 9_999_999_999, 9_999_999_999]
const printAndLocked = 4 + 128
const signaturesExistAppendOnly = 3

/**
 * Puts one visible round seal on a page, as one incremental update: the bytes of `pdf` stay as they are, earlier seals
 * stay valid. Throws PDF_NOT_A_PDF, PDF_ENCRYPTED, PDF_DAMAGED, PDF_TOO_LARGE, PDF_PAGE_NOT_FOUND,
 * INPUT_INVALID (a place off the page), PDF_CERTIFIED_NO_CHANGES, PDF_FIELD_LOCKED, GLYPHS_MISSING, or what the signer throws.
 */
export async function sealPdf(request: SealRequest): Promise<SealedPdf> {
  const { file, resaved } = await openOrResave(request.pdf)
  refuseRangesPastEnd(file)
  const fieldName = freshFieldName(file)
  refuseWhereSealsForbid(file, fieldName)
  const target = targetOf(file, request)
  const update = new PdfUpdate(file)
  const signature = update.add(signatureDictionary(file, request))
  addField(file, update, request.appearance, { ...target, fieldName, signature })
  const written = update.write()
  const start = written.offsets.get(signature.objectNumber)
  if (start === undefined) throw new Error('the signature is not in its own update')
  const pdf = Buffer.concat([file.bytes, written.bytes])
  await sign(pdf, file.bytes.length + start, request)
  return { pdf, resaved, sha256: createHash('sha256').update(pdf).digest('hex'), place: target.place }
}

/** An earlier seal that claims bytes beyond the file would come to cover the new one's: somebody prepared it so. */
function refuseRangesPastEnd(file: PdfFile): void {
  for (const { byteRange } of sealRecords(file)) {
    if (byteRange === undefined || byteRange[2] + byteRange[3] > file.bytes.length) throw damaged('byte range')
  }
}

function freshFieldName(file: PdfFile): string {
  const taken = new Set(formFields(file).map((field) => field.name))
  for (let number = 1; ; number++) if (!taken.has(`Seal${number}`)) return `Seal${number}`
}

/** /ByteRange and /Contents come first: they are found by their keys before any text of the request. */
function signatureDictionary(file: PdfFile, request: SealRequest): PDFDict {
  const dict = file.context.obj({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: byteRangePlaceholder,
    Contents: PDFHexString.of('0'.repeat(contentsBytes * 2)),
    M: PDFHexString.of(Buffer.from(pdfDate(request.now)).toString('hex')),
    Name: PDFHexString.fromText(request.appearance.organisation),
  })
  if (request.reason !== undefined) dict.set(PDFName.of('Reason'), PDFHexString.fromText(request.reason))
  if (request.location !== undefined) dict.set(PDFName.of('Location'), PDFHexString.fromText(request.location))
  return dict
}

/** A date as ISO 32000-1, 7.9.4 writes it, in Beijing time whatever the machine's zone. */
function pdfDate(date: Date): string {
  const digits = new Date(date.getTime() + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14)
  return `D:${digits}+08'00'`
}

type Target = { readonly page: PdfPage; readonly place: SealPlace }

function targetOf(file: PdfFile, { place: wanted = {}, appearance }: SealRequest): Target {
  const pages = [...file.pages()]
  const number = wanted.page ?? pages.length
  const page = pages[number - 1]
  if (page === undefined) throw new AppError('PDF_PAGE_NOT_FOUND', { page: number, pages: pages.length })
  const size = pageSize(file, page)
  const place = { ...lowerRight(size, number, appearance.diameterMm), ...wanted }
  refuseOffPage(size, place, appearance.diameterMm)
  return { page, place }
}

function addField(
  file: PdfFile,
  update: PdfUpdate,
  seal: SealAppearance,
  field: Target & { fieldName: string; signature: PDFRef },
): void {
  const { page } = field
  const drawing = packedSeal(seal)
  const { rect, matrix } = placeOnPage(file, page, field.place, seal.diameterMm)
  const appearance = update.add(
    PDFRawStream.of(
      file.context.obj({
        Type: 'XObject',
        Subtype: 'Form',
        BBox: [0, 0, drawing.sidePoints, drawing.sidePoints],
        Matrix: [...matrix],
        // Ink does not hide what was printed before it (骑年盖月: the date stays readable).
        Resources: { ExtGState: { Ink: { BM: 'Multiply' } } },
        Filter: 'FlateDecode',
      }),
      drawing.flate,
    ),
  )
  const widget = update.add(
    file.context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      T: PDFHexString.fromText(field.fieldName),
      V: field.signature,
      Rect: [...rect],
      F: printAndLocked,
      P: page.ref,
      AP: { N: appearance },
    }),
  )
  addToPage(file, update, page, widget)
  addToForm(file, update, widget)
}

/** The widget joins /Annots: in the array's own object where it has one, else in a copy of the page. */
function addToPage(file: PdfFile, update: PdfUpdate, page: PdfPage, widget: PDFRef): void {
  const annotations = page.dict.get(PDFName.of('Annots'))
  if (annotations instanceof PDFRef && file.resolve(annotations) instanceof PDFArray) {
    appendTo(update, annotations, widget)
    return
  }
  const own = annotations instanceof PDFArray ? annotations.clone(file.context) : PDFArray.withContext(file.context)
  own.push(widget)
  const copy = page.dict.clone(file.context)
  copy.set(PDFName.of('Annots'), own)
  update.replace(page.ref, copy)
}

function appendTo(update: PdfUpdate, arrayRef: PDFRef, item: PDFRef): void {
  const array = update.editable(arrayRef)
  if (!(array instanceof PDFArray)) throw damaged('array')
  array.push(item)
  update.replace(arrayRef, array)
}

/** The field joins the form; the smallest object that holds the change is the one that is written again. */
function addToForm(file: PdfFile, update: PdfUpdate, field: PDFRef): void {
  const formEntry = file.catalog.get(PDFName.of('AcroForm'))
  const form = file.dict(file.catalog, 'AcroForm')
  const copy = form === undefined ? PDFDict.withContext(file.context) : form.clone(file.context)
  const fieldsEntry = copy.get(PDFName.of('Fields'))
  if (fieldsEntry instanceof PDFRef && file.resolve(fieldsEntry) instanceof PDFArray) {
    appendTo(update, fieldsEntry, field)
  } else {
    const fields =
      fieldsEntry instanceof PDFArray ? fieldsEntry.clone(file.context) : PDFArray.withContext(file.context)
    fields.push(field)
    copy.set(PDFName.of('Fields'), fields)
  }
  copy.set(PDFName.of('SigFlags'), PDFNumber.of(signaturesExistAppendOnly))
  if (formEntry instanceof PDFRef && form !== undefined) {
    update.replace(formEntry, copy)
    return
  }
  const catalog = update.editable(file.catalogRef)
  if (!(catalog instanceof PDFDict)) throw damaged('catalogue')
  catalog.set(PDFName.of('AcroForm'), copy)
  update.replace(file.catalogRef, catalog)
}

/** Fills in /ByteRange, signs all but /Contents, and writes the CMS into it. Changes `pdf` in place. */
async function sign(pdf: Buffer, signatureOffset: number, { signer, now }: SealRequest): Promise<void> {
  const contentsKey = pdf.indexOf('/Contents', signatureOffset)
  const open = pdf.indexOf('<', contentsKey)
  const close = open + contentsBytes * 2 + 1
  const rangeStart = pdf.indexOf('[', pdf.indexOf('/ByteRange', signatureOffset))
  const rangeEnd = pdf.indexOf(']', rangeStart)
  const range = `[ 0 ${open} ${close + 1} ${pdf.length - close - 1}`
  pdf.write(range.padEnd(rangeEnd - rangeStart, ' '), rangeStart, 'latin1')
  const cms = await signer.signDetached([pdf.subarray(0, open), pdf.subarray(close + 1)], now)
  if (cms.length > contentsBytes) throw new Error(`the CMS has ${cms.length} bytes, more than the space kept for it`)
  pdf.write(Buffer.from(cms).toString('hex'), open + 1, 'latin1')
}
