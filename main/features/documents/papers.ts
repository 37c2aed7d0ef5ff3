import { AppError } from '../../../preload/contract/errors.ts'
import { maskName } from '../../../preload/contract/masking.ts'
import type { Paper, PaperView } from '../../../preload/contract/seals.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { cleanFileName } from '../materials/index.ts'
import type { KeptFiles } from './kept-files.ts'
import { countPapers, deleteOwnPaper, insertOwnPaper, type PaperRow, selectPaper, selectPapers } from './paper-rows.ts'

/** The largest paper of one's own, in MB. */
export const paperLimitMb = 100
const limitBytes = paperLimitMb << 20
const longestTitle = 150

/** A paper on its way in. */
export type IncomingPaper = {
  readonly name: string
  readonly announcedBytes: number | undefined
  readonly source: AsyncIterable<Uint8Array>
  readonly account: string
}

/** Counts a paper's pages as it is brought in, so that what cannot be sealed is refused now. Throws PDF_… codes. */
export type CountPages = (pdf: Uint8Array) => Promise<number>

/** Papers of one's own over one open store, and the list of all that can be sealed. */
export function paperService(
  context: DeskContext,
  files: KeptFiles,
  countPages: CountPages,
  whyWaits: (paper: PaperRow) => string,
) {
  const find = (documentId: string): PaperRow => {
    const row = selectPaper(context.store.db, documentId)
    if (row === undefined) throw new AppError('NOT_FOUND', { what: '这份文书' })
    return row
  }
  const viewOf = (row: PaperRow): Paper => ({
    documentId: row.documentId,
    kind: row.kind,
    title: row.title,
    caseId: row.caseId,
    localNumber: row.localNumber,
    matterName: row.matterName,
    applicantMasked: maskName(row.applicantName),
    impressions: row.impressions,
    waitsFor: row.impressions === 0 ? whyWaits(row) : '',
    timestampedAtUtc: row.timestampedAtUtc,
    sizeBytes: row.sizeBytes,
    pages: row.pages,
    madeAtUtc: row.madeAtUtc,
  })
  return {
    find,
    list(view: PaperView, query: string, page: { readonly offset: number; readonly limit: number }) {
      const words = query
        .toLowerCase()
        .split(/\s+/u)
        .filter((word) => word !== '')
      const { rows, total } = selectPapers(context.store.db, view, words, page)
      return { papers: rows.map(viewOf), total, counts: countPapers(context.store.db) }
    },
    /**
     * Keeps a paper that somebody brings. Throws FILE_NAME_REFUSED, PDF_TOO_LARGE (`limitMb`), PDF_NOT_A_PDF,
     * PDF_ENCRYPTED, PDF_DAMAGED, DISK_FULL; nothing stays then.
     */
    async receive(incoming: IncomingPaper): Promise<Paper> {
      const title = titleOf(cleanFileName(incoming.name))
      return await files.whileKeeping(async (stored) => {
        const { sha256, sizeBytes } = await storePdf(context, incoming)
        stored(sha256)
        const pages = await countPages(await context.blobs.readAll(sha256))
        const documentId = context.newId()
        const added = { addedAtUtc: context.nowUtc(), addedBy: incoming.account }
        insertOwnPaper(context.store.db, { documentId, title, sha256, sizeBytes, pages, ...added })
        context.emit({ event: 'changed', payload: { topics: ['documents'] } })
        return viewOf(find(documentId))
      })
    },
    /** Forgets a paper that was never sealed. Throws NOT_FOUND, NOT_ALLOWED for one that was, or that belongs to a case. */
    async discard(documentId: string): Promise<void> {
      const { kind, impressions, sha256 } = find(documentId)
      if (kind !== 'own' || impressions > 0) throw new AppError('NOT_ALLOWED', { reason: 'sealed' })
      deleteOwnPaper(context.store.db, documentId)
      await files.letGo(sha256)
      context.emit({ event: 'changed', payload: { topics: ['documents'] } })
    },
    /** Inside the transaction of a first impression: from now on the ledger tells of the paper. */
    entryTells: (documentId: string) => void deleteOwnPaper(context.store.db, documentId),
  }
}

function titleOf(name: string): string {
  const title = name.replace(/\.pdf$/iu, '').trim()
  return [...(title === '' ? name : title)].slice(0, longestTitle).join('').slice(0, longestTitle)
}

async function storePdf(context: DeskContext, { announcedBytes, source }: IncomingPaper) {
  const tooLarge = (cause?: unknown) => new AppError('PDF_TOO_LARGE', { limitMb: paperLimitMb }, { cause })
  if ((announcedBytes ?? 0) > limitBytes) throw tooLarge()
  try {
    return await context.blobs.put(source, { limitBytes })
  } catch (error) {
    throw error instanceof AppError && error.code === 'FILE_TOO_LARGE' ? tooLarge(error) : error
  }
}
