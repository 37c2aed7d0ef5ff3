import { EncryptedPDFError, PDFDocument } from 'pdf-lib'
import { AppError } from '../../preload/contract/errors.ts'
import { PdfFile } from './reader.ts'
import { checkObjectsInPlace, checkPages } from './soundness.ts'
import { damaged } from './syntax.ts'

/** Beyond this a damaged file is not rebuilt: pdf-lib reads every object of it into memory. */
const maxResaveBytes = 100 * 1024 * 1024

/**
 * Opens a PDF for sealing. Where its cross-references are damaged and nobody has sealed it yet, it is written anew
 * (`resaved`), which a seal already there would not survive. Throws as `PdfFile.open` does, and PDF_DAMAGED where the
 * pages themselves are broken.
 */
export async function openOrResave(bytes: Uint8Array): Promise<{ file: PdfFile; resaved: boolean }> {
  const isSealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/ByteRange')
  try {
    const file = PdfFile.open(bytes)
    // A sealed file cannot be mended, so a stray object that nobody shows is no reason to refuse it.
    if (!isSealed) checkObjectsInPlace(file)
    checkPages(file)
    return { file, resaved: false }
  } catch (error) {
    if (isSealed || !isRepairable(error, bytes)) throw error
    return { file: await resave(bytes, error), resaved: true }
  }
}

/** What is cut off cannot be written anew: nobody knows what is missing. */
function isRepairable(error: unknown, bytes: Uint8Array): boolean {
  if (!(error instanceof AppError) || error.code !== 'PDF_DAMAGED') return false
  return error.details.what !== 'truncated' && bytes.length <= maxResaveBytes
}

async function resave(bytes: Uint8Array, cause: unknown): Promise<PdfFile> {
  try {
    const document = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true })
    const saved = await document.save({ useObjectStreams: false, updateFieldAppearances: false, addDefaultPage: false })
    const file = PdfFile.open(saved)
    checkPages(file)
    if (file.pages().next().done === true) throw damaged('page tree', cause)
    return file
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof EncryptedPDFError) throw new AppError('PDF_ENCRYPTED', {}, { cause: error })
    throw damaged('beyond repair', error)
  }
}
