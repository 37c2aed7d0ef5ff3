import { AppError } from '../../../preload/contract/errors.ts'
import type { SealingPlaces } from '../../../preload/contract/seals.ts'
import type { PageBox } from '../../../preload/contract/verification.ts'
import type { PageReader } from './targets.ts'

/** What a paper offers to a seal. Throws PDF_NOT_A_PDF, PDF_ENCRYPTED, and PDF_DAMAGED for what cannot be mended either. */
export async function placesOf(reader: PageReader, pdf: Uint8Array): Promise<SealingPlaces> {
  const facts = await factsOf(reader, pdf)
  // A page that cannot be shown here has no date to be found, and can be sealed all the same.
  const date = await reader.findSignatureDate(pdf).catch(() => undefined)
  return { ...facts, date: date === undefined ? null : boxOf(date) }
}

async function factsOf(reader: PageReader, pdf: Uint8Array): Promise<Omit<SealingPlaces, 'date'>> {
  const { emptySlots, isCertified, PdfFile, readPageSizes, sealRecords } = await import('../../pdf/index.ts')
  try {
    const file = PdfFile.open(pdf)
    return {
      pages: readPageSizes(pdf).map(sizeOf),
      slots: emptySlots(file).map((slot) => ({ ...boxOf(slot), field: slot.field })),
      certified: isCertified(file),
      sealed: sealRecords(file).length > 0,
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'PDF_DAMAGED') throw error
    return { pages: await mendedSizes(reader, pdf, error), slots: [], certified: false, sealed: false }
  }
}

/** A file whose cross-references are damaged is written anew before it is sealed; its pages can be shown before that. */
async function mendedSizes(reader: PageReader, pdf: Uint8Array, damage: AppError) {
  try {
    return (await reader.pageSizes(pdf)).map(sizeOf)
  } catch {
    throw damage
  }
}

/** How many pages a paper has, for one that is brought in. Throws as `placesOf`. */
export async function countPages(reader: Pick<PageReader, 'pageSizes'>, pdf: Uint8Array): Promise<number> {
  const { readPageCount } = await import('../../pdf/index.ts')
  try {
    return readPageCount(pdf)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'PDF_DAMAGED') throw error
    return (await reader.pageSizes(pdf).catch(() => Promise.reject(error))).length
  }
}

const sizeOf = ({ widthMm, heightMm }: { readonly widthMm: number; readonly heightMm: number }) => ({
  widthMm,
  heightMm,
})

/** A box as the contract has it, whatever else stands in it. */
export function boxOf({ page, xMm, yMm, widthMm, heightMm }: PageBox): PageBox {
  return { page, xMm, yMm, widthMm, heightMm }
}
