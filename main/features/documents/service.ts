import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { CaseDocument } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { committeeName, type Seals } from '../seals/index.ts'
import { type PaperRow, selectPaper } from './paper-rows.ts'
import { wordReceipt } from './receipt-words.ts'
import { type DocumentRow, selectDocument, selectDocumentsOf, selectReceiptsDue, selectWaiting } from './store.ts'

/** What documents asks of others; given by main/desk/compose.ts. */
export type DocumentPorts = {
  readonly seals: Pick<Seals, 'whyWaiting' | 'organisation'>
  /** Seals a receipt that nobody has sealed yet, where a seal is open for it; says whether it did. Throws as sealing does. */
  readonly sealReceipt: (paper: PaperRow, account: string) => Promise<boolean>
  /** A standard of any version that was ever in force here. */
  readonly standard: (itemId: string, version: number) => MatterStandard | undefined
  readonly displayName: (account: string) => string
  /** The entry of a case's 收件, of this ledger or of another machine's; undefined where it was erased. */
  readonly receivedEntry: (caseId: string) => ReceivedEntry | undefined
  /** Whether a file lies at the centre and not here yet. */
  readonly isInCentre: (sha256: string) => boolean
}

/** A 收件 as its receipt quotes it. */
export type ReceivedEntry = {
  readonly seq: number
  readonly hash: string
  readonly at: string
  readonly by: string
  readonly payload: EntryPayload<'case.received@1'>
}

const limitBytes = 20 * 1024 * 1024

/** The documents of cases over one open store. */
export function documentService(context: DeskContext, ports: DocumentPorts) {
  const underWay = new Map<string, Promise<DocumentRow>>()
  const failures = new Map<string, string>()

  /** One receipt a case, however often and at once it is asked for. */
  const makeReceipt = (caseId: string, account: string): Promise<DocumentRow> => {
    const running = underWay.get(caseId)
    if (running !== undefined) return running
    const started = makeMissingReceipt(context, ports, caseId, account).finally(() => underWay.delete(caseId))
    underWay.set(caseId, started)
    return started
  }
  /** Seals a document where the seal is unlocked. A failed seal is kept in words, and never undoes anything. */
  const seal = async (row: DocumentRow, account: string): Promise<DocumentRow> => {
    const paper = row.sealedSeq === null ? selectPaper(context.store.db, row.documentId) : undefined
    if (paper === undefined) return row
    if (ports.isInCentre(row.sha256)) {
      failures.set(row.documentId, '文件还在中心，取回后才能盖章。')
      return row
    }
    try {
      if (await ports.sealReceipt(paper, account)) failures.delete(row.documentId)
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
    kind: 'receipt',
    title: row.title,
    sealed: row.sealedSeq !== null,
    waitsFor: row.sealedSeq === null ? whyWaits(row.documentId) : '',
    unprintable: [...row.unprintable],
    sha256: row.sha256,
    sizeBytes: row.sizeBytes,
    madeAtUtc: row.madeAtUtc,
  })
  return {
    async receipt(caseId: string, account: string) {
      return viewOf(await seal(await makeReceipt(caseId, account), account))
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
      for (const caseId of selectReceiptsDue(context.store.db, sinceUtc, 20)) await makeReceipt(caseId, 'system')
    },
    documentsOf: (caseId: string) => selectDocumentsOf(context.store.db, caseId).map(viewOf),
    /** Why a receipt waits for its seal, in words. */
    whyWaits,
  }
}

function whyNot(error: unknown): string {
  if (!(error instanceof AppError)) return '盖章没有成功，请稍后再试。'
  return failureLine(error)
}

async function makeMissingReceipt(
  context: DeskContext,
  ports: DocumentPorts,
  caseId: string,
  account: string,
): Promise<DocumentRow> {
  const before = selectDocumentsOf(context.store.db, caseId).find(({ kind }) => kind === 'receipt')
  if (before !== undefined) return before
  const entry = ports.receivedEntry(caseId)
  if (entry === undefined) throw new AppError('NOT_FOUND', { what: '这个办件' })
  const received = entry.payload
  const { townName, villageName, windowName } = context.station
  const now = context.clock.now()
  const { drawReceipt } = await import('../../pdf/documents/index.ts')
  const drawn = await drawReceipt(
    wordReceipt({
      received,
      entry,
      standard: ports.standard(received.itemId, received.standardVersion),
      issuer: ports.seals.organisation() ?? committeeName(townName, villageName),
      windowName,
      clerk: entry.by,
      checkAddress: checkAddressOf(context),
      now,
    }),
  )
  const blob = await context.blobs.put([drawn.pdf], { limitBytes })
  const documentId = context.newId()
  const payload: EntryPayload<'document.made@1'> = {
    documentId,
    caseId,
    kind: 'receipt',
    file: { ...blob, name: `收件凭证-${received.localNumber}.pdf`, mediaType: 'application/pdf' },
    quotesSeq: entry.seq,
    quotesHash: entry.hash,
    unprintable: [...drawn.unprintable].slice(0, 100),
  }
  context.store.transaction(() => {
    const at = context.nowUtc()
    context.store.ledger.append([{ kind: 'document.made', version: 1, subject: caseId, actor: account, at, payload }])
  })
  return rowOf(context, documentId)
}

/** Where a receipt can be checked: at the centre that this station is enrolled with, else a name that no network resolves. */
function checkAddressOf(context: DeskContext): string {
  const centreUrl = context.store.station.read()?.centre?.url
  return centreUrl === undefined ? 'urn:cunchuang:receipt' : new URL('/check', centreUrl).href
}

function rowOf(context: DeskContext, documentId: string): DocumentRow {
  const row = selectDocument(context.store.db, documentId)
  if (row === undefined) throw new Error('a document that was just written is not there')
  return row
}
