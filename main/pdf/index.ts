// Owns: PDF files: reading through their cross-references, one incremental update a seal, the drawn seal, Chinese fonts. The only user of pdf-lib.
// Does not own: keys, certificates, CMS and verdicts (main/signing, which imports this folder and never the other way round).
// Start here: sealPdf in seal-pdf.ts; reader.ts and update.ts below it.
import { grantedPermission } from './guards.ts'
import { type PageSize, pageSize } from './placement.ts'
import { PdfFile } from './reader.ts'

export { type BoxToSee, changesAfter, type LaterChange } from './changes/index.ts'
export { fontSubset, missingGlyphs } from './fonts.ts'
export type { PageSize, SealPlace } from './placement.ts'
export { PdfFile } from './reader.ts'
export { type PdfHistory, type PdfRevision, readHistory } from './revisions.ts'
export { drawSeal, type SealAppearance } from './seal-drawing.ts'
export { sealPdf } from './seal-pdf.ts'
export { sealPdfFile } from './seal-pdf-file.ts'
export { sealPlaces } from './seal-places.ts'
export {
  gapContents,
  isLocked,
  type RawRange,
  rawSealRanges,
  type SealRecord,
  sealRecords,
  strayRecords,
} from './seal-records.ts'
export type { DetachedSigner, SealedPdf, SealRequest, SealTarget, SlotRequest } from './seal-request.ts'
export { seamStrips } from './seam.ts'
export { emptySlots } from './slots.ts'
export { timestampPdf } from './timestamp-pdf.ts'
export { writeBeside } from './write-beside.ts'

/** Whether a seal has certified the file: it takes further seals in its slots alone (DocMDP). */
export function isCertified(file: PdfFile): boolean {
  return grantedPermission(file) !== undefined
}

/** How many pages a PDF has. Throws as `PdfFile.open` does; a damaged file is not repaired to be counted. */
export function readPageCount(bytes: Uint8Array): number {
  return readPageSizes(bytes).length
}

/** The size of every page as it is shown, in reading order. Throws as `PdfFile.open` does. */
export function readPageSizes(bytes: Uint8Array): PageSize[] {
  const file = PdfFile.open(bytes)
  return Array.from(file.pages(), (page) => pageSize(file, page))
}
