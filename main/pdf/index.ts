// Owns: PDF files: reading through their cross-references, one incremental update a seal, the drawn seal, Chinese fonts. The only user of pdf-lib.
// Does not own: keys, certificates, CMS and verdicts (main/signing, which imports this folder and never the other way round).
// Start here: sealing/seal-pdf.ts. Below it reading/, writing/ and drawing/; beside it changes/ (what came after a seal) and documents/ (our own papers).
import { type PageSize, pageSize } from './reading/placement.ts'
import { PdfFile } from './reading/reader.ts'
import { grantedPermission } from './sealing/guards.ts'

export { type BoxToSee, changesAfter, type LaterChange } from './changes/index.ts'
export { fontSubset, missingGlyphs } from './drawing/fonts.ts'
export { drawSeal, type SealAppearance } from './drawing/seal-drawing.ts'
export type { PageSize, SealPlace } from './reading/placement.ts'
export { PdfFile } from './reading/reader.ts'
export { type PdfHistory, readHistory } from './reading/revisions.ts'
export { sealPlaces } from './reading/seal-places.ts'
export {
  gapContents,
  isLocked,
  type RawRange,
  rawSealRanges,
  type SealRecord,
  sealRecords,
  strayRecords,
} from './reading/seal-records.ts'
export { sealPdf } from './sealing/seal-pdf.ts'
export { sealPdfFile } from './sealing/seal-pdf-file.ts'
export type { DetachedSigner, SealedPdf, SealRequest, SealTarget, SlotRequest } from './sealing/seal-request.ts'
export { seamStrips } from './sealing/seam.ts'
export { emptySlots } from './sealing/slots.ts'
export { timestampPdf } from './sealing/timestamp-pdf.ts'
export { writeBeside } from './writing/write-beside.ts'

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
