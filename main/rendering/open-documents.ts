import { AppError } from '../../preload/contract/errors.ts'
import { type PageSize, readPageSizes } from '../pdf/index.ts'
import { allocate, type Pdfium, withMemory } from './pdfium.ts'

/** The first `length` bytes of a file that the worker holds: a file as it is now, or a revision of it. */
export type DocumentKey = { readonly file: string; readonly length: number }

/** The size of FPDF_FORMFILLINFO (fpdf_formfill.h), with room for later versions. */
const formInfoBytes = 256
const millimetresPerPoint = 25.4 / 72

/** A document that PDFium has read. */
export type OpenDocument = {
  readonly handle: number
  /** PDFium's view of the form, 0 where it could not make one. */
  readonly form: number
  readonly formInfo: number
  readonly pages: number
  /** The first bytes of the file, in PDFium's memory. */
  readonly pointer: number
  readonly length: number
  /** Millimetres of one unit of each page; asked for once. */
  unitMm: ((page: number) => number) | undefined
}

/** A loaded page as it is shown: after CropBox, /Rotate and /UserUnit. */
export type OpenPage = {
  readonly handle: number
  readonly document: OpenDocument
  readonly widthMm: number
  readonly heightMm: number
}

type HeldFile = { readonly pointer: number; readonly length: number; readonly documents: Map<number, OpenDocument> }

/** The files in PDFium's memory and what of them is open. A revision of a file is opened on the same bytes. */
export class OpenDocuments {
  readonly pdfium: Pdfium
  readonly #files = new Map<string, HeldFile>()

  constructor(pdfium: Pdfium) {
    this.pdfium = pdfium
  }

  /** Takes a file's bytes in, until `drop`. */
  hold(file: string, bytes: Uint8Array): void {
    const pointer = allocate(this.pdfium, Math.max(1, bytes.length))
    new Uint8Array(this.pdfium.memory.buffer).set(bytes, pointer)
    this.#files.set(file, { pointer, length: bytes.length, documents: new Map() })
  }

  /** Closes a file and all that was opened on it. */
  drop(file: string): void {
    const held = this.#files.get(file)
    if (held === undefined) return
    this.#files.delete(file)
    for (const document of held.documents.values()) {
      if (document.form !== 0) this.pdfium.FPDFDOC_ExitFormFillEnvironment(document.form)
      this.pdfium.FPDF_CloseDocument(document.handle)
      this.pdfium.free(document.formInfo)
    }
    this.pdfium.free(held.pointer)
  }

  /** A document's bytes, as long as PDFium is asked nothing: its memory moves when it grows. */
  bytesOf({ file, length }: DocumentKey): Buffer {
    return Buffer.from(this.pdfium.memory.buffer, this.#held(file, length).pointer, length)
  }

  /**
   * Opens a document, or finds it open. Throws PDF_NOT_A_PDF, PDF_ENCRYPTED where it wants a password, and
   * PDF_CANNOT_BE_SHOWN for what PDFium cannot read, damaged as it may be.
   */
  open({ file, length }: DocumentKey): OpenDocument {
    const held = this.#held(file, length)
    const document = held.documents.get(length) ?? this.#read(held.pointer, length)
    held.documents.set(length, document)
    return document
  }

  /** Loads a page, counted from 1, for as long as `use` runs. Throws PDF_PAGE_NOT_FOUND, PDF_CANNOT_BE_SHOWN. */
  withPage<T>(document: OpenDocument, page: number, use: (page: OpenPage) => T): T {
    const { pdfium } = this
    if (!Number.isInteger(page) || page < 1 || page > document.pages)
      throw new AppError('PDF_PAGE_NOT_FOUND', { page, pages: document.pages })
    const handle = pdfium.FPDF_LoadPage(document.handle, page - 1)
    if (handle === 0) throw new AppError('PDF_CANNOT_BE_SHOWN', { page })
    if (document.form !== 0) pdfium.FORM_OnAfterLoadPage(handle, document.form)
    try {
      const unit = unitMm(this.pdfium, document, page)
      const widthMm = pdfium.FPDF_GetPageWidthF(handle) * unit
      const heightMm = pdfium.FPDF_GetPageHeightF(handle) * unit
      if (!(widthMm > 0 && heightMm > 0)) throw new AppError('PDF_CANNOT_BE_SHOWN', { page })
      return use({ handle, document, widthMm, heightMm })
    } finally {
      if (document.form !== 0) pdfium.FORM_OnBeforeClosePage(handle, document.form)
      pdfium.FPDF_ClosePage(handle)
    }
  }

  #held(file: string, length: number): HeldFile {
    const held = this.#files.get(file)
    if (held === undefined || length > held.length) throw new Error('a file that the worker does not hold')
    return held
  }

  #read(pointer: number, length: number): OpenDocument {
    const { pdfium } = this
    const handle = pdfium.FPDF_LoadMemDocument(pointer, length, 0)
    if (handle === 0) throw this.#refusal(pointer, length)
    const formInfo = allocate(pdfium, formInfoBytes)
    new Uint8Array(pdfium.memory.buffer, formInfo, formInfoBytes).fill(0)
    // Version 2; no callback of it is needed to draw.
    new DataView(pdfium.memory.buffer).setInt32(formInfo, 2, true)
    const form = pdfium.FPDFDOC_InitFormFillEnvironment(handle, formInfo)
    if (form !== 0) pdfium.FPDF_RemoveFormFieldHighlight(form)
    const pages = pdfium.FPDF_GetPageCount(handle)
    return { handle, form, formInfo, pages, pointer, length, unitMm: undefined }
  }

  #refusal(pointer: number, length: number): AppError {
    const head = Buffer.from(this.pdfium.memory.buffer, pointer, Math.min(length, 1024))
    // FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY (fpdfview.h).
    const isLocked = [4, 5].includes(this.pdfium.FPDF_GetLastError())
    if (isLocked) return new AppError('PDF_ENCRYPTED')
    return new AppError(head.includes('%PDF-') ? 'PDF_CANNOT_BE_SHOWN' : 'PDF_NOT_A_PDF')
  }
}

/** The sizes of all pages as shown, in millimetres, without loading their contents. */
export function shownSizes(pdfium: Pdfium, document: OpenDocument): PageSize[] {
  return Array.from({ length: document.pages }, (_, at) => {
    const [width = 0, height = 0] = pointsOf(pdfium, document, at + 1)
    const unit = unitMm(pdfium, document, at + 1)
    return { widthMm: width * unit, heightMm: height * unit }
  })
}

/** PDFium does not know /UserUnit; this program's own reader does. A file that it cannot read has units of a point. */
function unitMm(pdfium: Pdfium, document: OpenDocument, page: number): number {
  document.unitMm ??= readUnits(pdfium, document)
  return document.unitMm(page)
}

function readUnits(pdfium: Pdfium, document: OpenDocument): (page: number) => number {
  const sizes = sizesAsRead(Buffer.from(pdfium.memory.buffer, document.pointer, document.length))
  return (page) => {
    const size = sizes[page - 1]
    if (size === undefined) return millimetresPerPoint
    const [width = 0, height = 0] = pointsOf(pdfium, document, page)
    const [across, down] = [size.widthMm / width, size.heightMm / height]
    // Where the two disagree about the page's box, PDFium's picture is what is measured.
    return Math.abs(across / down - 1) < 0.001 ? across : millimetresPerPoint
  }
}

function sizesAsRead(bytes: Buffer): PageSize[] {
  try {
    return readPageSizes(bytes)
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}

function pointsOf(pdfium: Pdfium, document: OpenDocument, page: number): number[] {
  return withMemory(pdfium, 8, (pointer) => {
    pdfium.FPDF_GetPageSizeByIndexF(document.handle, page - 1, pointer)
    return Array.from(new Float32Array(pdfium.memory.buffer, pointer, 2))
  })
}
