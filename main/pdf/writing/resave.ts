import { EncryptedPDFError, PDFDocument } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { PdfFile, type PdfPage } from '../reading/reader.ts'
import { damaged } from '../reading/syntax.ts'
import { refuseUnmendable } from './mendable.ts'
import { checkPages, objectsAreInPlace } from './soundness.ts'

/** Beyond this a damaged file is not rebuilt: pdf-lib reads every object of it into memory. */
const maxResaveBytes = 100 * 1024 * 1024

/** A file that can be sealed, with its pages, which are walked once. */
export type OpenedPdf = {
  readonly file: PdfFile
  readonly pages: readonly PdfPage[]
  /** True where the file had to be written anew. */
  readonly resaved: boolean
}

/**
 * Opens a PDF for sealing. Where its cross-references are damaged and nobody has sealed it yet, it is written anew
 * (`resaved`), which a seal already there would not survive. Throws as `PdfFile.open` does, and PDF_DAMAGED where the
 * pages themselves are broken.
 */
export async function openOrResave(bytes: Uint8Array): Promise<OpenedPdf> {
  try {
    const file = PdfFile.open(bytes)
    const pages = checkPages(file)
    if (pages.length === 0) throw damaged('page tree')
    // A sealed file cannot be mended, so a stray object that nobody shows is no reason to refuse it.
    if (!objectsAreInPlace(file) && !isSealed(bytes)) throw damaged('object offset')
    return { file, pages, resaved: false }
  } catch (error) {
    if (!isRepairable(error, bytes) || isSealed(bytes)) throw error
    return resave(bytes, error)
  }
}

const isSealed = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/ByteRange')

/** What is cut off cannot be written anew: nobody knows what is missing. */
function isRepairable(error: unknown, bytes: Uint8Array): boolean {
  if (!(error instanceof AppError) || error.code !== 'PDF_DAMAGED') return false
  return error.details.what !== 'truncated' && bytes.length <= maxResaveBytes
}

async function resave(bytes: Uint8Array, cause: unknown): Promise<OpenedPdf> {
  refuseUnmendable(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  try {
    const document = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true })
    const saved = await document.save({ useObjectStreams: false, updateFieldAppearances: false, addDefaultPage: false })
    const file = PdfFile.open(saved)
    const pages = checkPages(file)
    if (pages.length === 0) throw damaged('page tree', cause)
    return { file, pages, resaved: true }
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof EncryptedPDFError) throw new AppError('PDF_ENCRYPTED', {}, { cause: error })
    throw damaged('beyond repair', error)
  }
}
