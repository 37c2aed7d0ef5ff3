import { AppError } from '../../../preload/contract/errors.ts'
import type { CasePaperKind } from '../../../preload/contract/papers.ts'
import type { Placement, SealingRequest } from '../../../preload/contract/seals.ts'
import type { PageBox } from '../../../preload/contract/verification.ts'
import type { PageSize, SealTarget, SlotRequest } from '../../pdf/index.ts'
import { overDate, overText } from './model.ts'

/** What looks at pages for this feature. Throws PDF_CANNOT_BE_SHOWN, PDF_ENCRYPTED. */
export type PageReader = {
  readonly findText: (pdf: Uint8Array, text: string) => Promise<readonly PageBox[]>
  /** The date of the 落款, or undefined. */
  readonly findSignatureDate: (pdf: Uint8Array) => Promise<PageBox | undefined>
  readonly pageSizes: (pdf: Uint8Array) => Promise<readonly PageSize[]>
}

/** One paper that is to be sealed. */
export type PaperToPlace = {
  readonly kind: CasePaperKind | 'own'
  readonly pdf: Uint8Array
  readonly diameterMm: number
}

/** Where each impression of a paper goes. Throws SEAL_PLACE_UNKNOWN (`what`) where a text or date is not to be found. */
export async function resolveTargets(
  reader: PageReader,
  paper: PaperToPlace,
  placements: readonly Placement[],
): Promise<SealTarget[]> {
  const targets: SealTarget[] = []
  for (const placement of placements) targets.push(await resolveTarget(reader, paper, placement))
  return targets
}

async function resolveTarget(reader: PageReader, paper: PaperToPlace, placement: Placement): Promise<SealTarget> {
  switch (placement.kind) {
    case 'page':
      return placement
    case 'slot':
      return placement
    case 'seam':
      return { kind: 'seam', side: placement.side, ...(placement.yMm === null ? {} : { yMm: placement.yMm }) }
    case 'anchor': {
      const boxes = await reader.findText(paper.pdf, placement.text)
      const box = placement.occurrence === 'first' ? boxes[0] : boxes.at(-1)
      if (box === undefined) throw new AppError('SEAL_PLACE_UNKNOWN', { what: `页面上没有“${placement.text}”` })
      return { kind: 'page', ...overText(box, placement, paper.diameterMm) }
    }
    case 'date': {
      const date = await reader.findSignatureDate(paper.pdf)
      if (date === undefined) throw new AppError('SEAL_PLACE_UNKNOWN', { what: '页面上没有落款日期' })
      return { kind: 'page', ...overDate(date, paper.diameterMm) }
    }
    case 'usual':
      return await usualTarget(reader, paper)
  }
}

/** A receipt's own place is known; another paper has its seal over the date, or at the lower right of the last page. */
async function usualTarget(reader: PageReader, paper: PaperToPlace): Promise<SealTarget> {
  if (paper.kind === 'receipt') {
    const { readPageCount } = await import('../../pdf/index.ts')
    const { receiptSealPlace } = await import('../../pdf/documents/index.ts')
    return { kind: 'page', ...receiptSealPlace(readPageCount(paper.pdf), paper.diameterMm) }
  }
  const date = await reader.findSignatureDate(paper.pdf).catch(nothingToRead)
  return date === undefined ? { kind: 'page' } : { kind: 'page', ...overDate(date, paper.diameterMm) }
}

/** A page that cannot be shown has no date to be found; it can still be sealed at its usual corner. */
function nothingToRead(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'PDF_CANNOT_BE_SHOWN') return undefined
  throw error
}

/** The slots of a certifying seal in the words of main/pdf. */
export function slotRequests(certify: NonNullable<SealingRequest['certify']>): { slots: SlotRequest[] } {
  const slots = certify.slots.map(({ page, xMm, yMm, sizeMm, name }) => ({ place: { page, xMm, yMm }, sizeMm, name }))
  return { slots }
}
