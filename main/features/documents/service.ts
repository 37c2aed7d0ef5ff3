import { AppError } from '../../../preload/contract/errors.ts'
import { type CasePaperKind, needsSeal } from '../../../preload/contract/papers.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import type { CaseDocument } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { Seals } from '../seals/index.ts'
import { type MakingPorts, makePaper, offeredPapers, rowOf } from './making.ts'
import { type PaperRow, selectPaper } from './paper-rows.ts'
import { type DocumentRow, selectDocumentsOf, selectReceiptsDue, selectWaiting } from './store.ts'

/** What documents asks of others; given by main/desk/compose.ts. */
export type DocumentPorts = MakingPorts & {
  readonly seals: Pick<Seals, 'whyWaiting' | 'organisation'>
  /** Seals a paper of a case that nobody has sealed yet, where a seal is open for it; says whether it did. Throws as sealing does. */
  readonly sealMade: (paper: PaperRow, account: string) => Promise<boolean>
  /** Whether a file lies at the centre and not here yet. */
  readonly isInCentre: (sha256: string) => boolean
}

/** The documents of cases over one open store. */
export function documentService(context: DeskContext, ports: DocumentPorts) {
  const underWay = new Map<string, Promise<DocumentRow>>()
  const failures = new Map<string, string>()

  /** One paper of a kind at a time, however often and at once it is asked for. */
  const make = (caseId: string, kind: CasePaperKind, account: string): Promise<DocumentRow> => {
    const key = `${caseId} ${kind}`
    const running = underWay.get(key)
    if (running !== undefined) return running
    const started = makePaper(context, ports, { caseId, kind }, account).finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }
  /** Seals a document where the seal is unlocked. A failed seal is kept in words, and never undoes anything. */
  const seal = async (row: DocumentRow, account: string): Promise<DocumentRow> => {
    const paper = waits(row) ? selectPaper(context.store.db, row.documentId) : undefined
    if (paper === undefined) return row
    if (ports.isInCentre(row.sha256)) {
      failures.set(row.documentId, '文件还在中心，取回后才能盖章。')
      return row
    }
    try {
      if (await ports.sealMade(paper, account)) failures.delete(row.documentId)
    } catch (error) {
      context.log('a document could not be sealed', error)
      failures.set(row.documentId, whyNot(error))
    }
    return rowOf(context, row.documentId)
  }
  const whyWaits = (documentId: string): string =>
    failures.get(documentId) ?? ports.seals.whyWaiting(selectPaper(context.store.db, documentId)?.itemId ?? null)
  const viewOf = (row: DocumentRow): CaseDocument => ({
    documentId: row.documentId,
    kind: row.kind === 'own' ? 'receipt' : row.kind,
    title: row.title,
    sealed: row.sealedSeq !== null,
    waitsFor: waits(row) ? whyWaits(row.documentId) : '',
    unprintable: [...row.unprintable],
    sha256: row.sha256,
    sizeBytes: row.sizeBytes,
    madeAtUtc: row.madeAtUtc,
    template:
      row.templateId === null || row.templateVersion === null
        ? null
        : { templateId: row.templateId, version: row.templateVersion },
    templateFailed: row.templateFailed,
  })
  return {
    /** Makes a paper where it was not made of the same step, and seals it where a seal is unlocked for it. */
    async make(caseId: string, kind: CasePaperKind, account: string) {
      return viewOf(await seal(await make(caseId, kind, account), account))
    },
    async sealWaiting(account: string): Promise<number> {
      let sealed = 0
      for (const row of selectWaiting(context.store.db, 10_000)) {
        if ((await seal(row, account)).sealedSeq !== null) sealed += 1
      }
      return sealed
    },
    /** Makes receipts that a crash after 收件 left unmade, of the last day, at most 20. */
    async makeDue(): Promise<void> {
      const sinceUtc = new Date(context.clock.now().getTime() - 86_400_000).toISOString()
      for (const caseId of selectReceiptsDue(context.store.db, sinceUtc, 20)) await make(caseId, 'receipt', 'system')
    },
    /** Papers that may be made of a case now. */
    papersFor: (caseId: string) => offeredPapers(context, ports, caseId),
    documentsOf: (caseId: string) => selectDocumentsOf(context.store.db, caseId).map(viewOf),
    /** Why a paper of a case waits for its seal, in words. */
    whyWaits,
  }
}

/** Whether a paper still wants a seal. */
const waits = ({ kind, sealedSeq }: DocumentRow): boolean => sealedSeq === null && needsSeal(kind)

function whyNot(error: unknown): string {
  if (!(error instanceof AppError)) return '盖章没有成功，请稍后再试。'
  return failureLine(error)
}
