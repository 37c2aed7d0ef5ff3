import { EncryptedPDFError, PDFDocument } from 'pdf-lib'
import { AppError } from '../../preload/contract/errors.ts'
import { PdfFile } from './reader.ts'
import { damaged } from './syntax.ts'

/** Beyond this a damaged file is not rebuilt: pdf-lib reads every object of it into memory. */
const maxResaveBytes = 100 * 1024 * 1024

/**
 * Opens a PDF for sealing. Where its cross-references are damaged and nobody has sealed it yet, it is written anew
 * (`resaved`), which a seal already there would not survive. Throws as `PdfFile.open` does.
 */
export async function openOrResave(bytes: Uint8Array): Promise<{ file: PdfFile; resaved: boolean }> {
  try {
    const file = PdfFile.open(bytes)
    checkWhole(file)
    return { file, resaved: false }
  } catch (error) {
    if (!isRepairable(error, bytes)) throw error
    return { file: await resave(bytes, error), resaved: true }
  }
}

function isRepairable(error: unknown, bytes: Uint8Array): boolean {
  if (!(error instanceof AppError) || error.code !== 'PDF_DAMAGED' || error.details.what === 'truncated') return false
  return (
    bytes.length <= maxResaveBytes && !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/ByteRange')
  )
}

/** Every page can be reached, and every object lies where the cross-references say. */
function checkWhole(file: PdfFile): void {
  for (const _ of file.pages());
  const header = /^\s*(\d+)\s+\d+\s+obj\b/
  for (const [number, entry] of file.crossReferences.entries) {
    if (entry.kind !== 'offset' || entry.offset === 0) continue
    const found = header.exec(file.bytes.toString('latin1', entry.offset, entry.offset + 40))
    if (found === null || Number(found[1]) !== number) throw damaged(`object ${number}`)
  }
}

async function resave(bytes: Uint8Array, cause: unknown): Promise<PdfFile> {
  try {
    const document = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true })
    const saved = await document.save({ useObjectStreams: false, updateFieldAppearances: false, addDefaultPage: false })
    const file = PdfFile.open(saved)
    checkWhole(file)
    if (file.pages().next().done === true) throw damaged('page tree', cause)
    return file
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof EncryptedPDFError) throw new AppError('PDF_ENCRYPTED', {}, { cause: error })
    throw damaged('beyond repair', error)
  }
}
