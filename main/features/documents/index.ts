// Owns: papers (文书): the 收件凭证 made after 收件, notices, promises and the 申请表 of a case, the 一次性告知单 of a draft, papers of
// one's own; whose words they have; their newest files.
// Does not own: how they look (main/pdf/documents), sealing them (sealing), the seals (seals), bytes on disk (main/store).
// Start here: service.ts for papers of cases, offers.ts for when they are right, papers.ts for one's own and for the list of both.
import { setImmediate } from 'node:timers/promises'
import type { Caller } from '../../../preload/contract/api.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import { type CasePaperKind, needsSeal } from '../../../preload/contract/papers.ts'
import type { Paper } from '../../../preload/contract/seals.ts'
import type { CaseDocument, DraftCheck } from '../../../preload/contract/views.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { committeeName } from '../seals/index.ts'
import { type ChecklistStandard, checklistValues, wordChecklist } from './checklist-words.ts'
import { type KeptFiles, keptFiles } from './kept-files.ts'
import { type PaperRow, selectPaper } from './paper-rows.ts'
import { wordsOf } from './paper-text.ts'
import { type CountPages, type IncomingPaper, paperService } from './papers.ts'
import { documentsProjector, madeUpcaster } from './projection.ts'
import { type DocumentPorts, documentService } from './service.ts'
import { countWaiting } from './store.ts'

export type { PaperRow } from './paper-rows.ts'
export type { DocumentPorts } from './service.ts'

/** A document's file, to be read from the blobs. */
export type DocumentFile = { readonly sha256: string; readonly name: string; readonly sizeBytes: number }

/** What other features may ask of documents. */
export type Documents = FeatureModule & {
  /** A case's documents, the oldest first. */
  readonly documentsOf: (caseId: string) => CaseDocument[]
  /** The papers that may be made of a case now. */
  readonly papersFor: (caseId: string) => CasePaperKind[]
  /** Makes a case's receipt where it is missing, and seals it where the seal is unlocked. Throws NOT_FOUND. */
  readonly receipt: (caseId: string, account: string) => Promise<CaseDocument>
  /** After 收件: begins the receipt and comes back at once. A failure is logged; it is made when the case is opened. */
  readonly beginReceipt: (caseId: string, caller: Caller) => void
  /** The newest file of a document. Throws NOT_FOUND. */
  readonly file: (documentId: string) => DocumentFile
  /** The 一次性告知单 of a draft as a PDF, drawn anew each time. */
  readonly checklist: (draft: {
    readonly standard: ChecklistStandard
    readonly answers: Answers
    readonly check: DraftCheck
    readonly account: string
  }) => Promise<Uint8Array>
  /** A template that is being written, drawn with made-up data as a PDF. Whatever it is, something is drawn. */
  readonly preview: (template: unknown) => Promise<Uint8Array>
  /** Seals every document that waits, where the seal is unlocked; says how many. */
  readonly sealWaiting: (account: string) => Promise<number>
  /** How many documents wait for their seal. */
  readonly waitingCount: () => number
  /** A paper of a case or of one's own, sealed or not. Throws NOT_FOUND. */
  readonly paper: (documentId: string) => PaperRow
  /** The same, or undefined. */
  readonly findPaper: (documentId: string) => PaperRow | undefined
  /** Keeps a paper that somebody brings; see papers.ts. */
  readonly receivePaper: (incoming: IncomingPaper) => Promise<Paper>
  /** Inside the transaction of a paper's impression: what the ledger tells needs no other note. */
  readonly entryTells: (documentId: string) => void
  /** Work that stores files and then names them in an entry; see kept-files.ts. */
  readonly whileKeeping: KeptFiles['whileKeeping']
}

/** How long after its start a desk begins the receipts that a crash left unmade. */
const dueAfterMs = 3_000

/** The documents feature. */
export function createDocuments(
  context: DeskContext,
  ports: DocumentPorts & { readonly countPages: CountPages },
): Documents {
  const service = documentService(context, ports)
  const whyWaits = ({ kind, documentId }: PaperRow) =>
    kind !== 'own' && needsSeal(kind) ? service.whyWaits(documentId) : ''
  const receipt = (caseId: string, account: string) => service.make(caseId, 'receipt', account)
  const files = keptFiles(context)
  const papers = paperService(context, files, ports.countPages, whyWaits)
  const running = new Set<Promise<unknown>>()
  let isClosed = false
  let due: NodeJS.Timeout | undefined
  const begin = (work: () => Promise<unknown>, what: string) => {
    const started = work()
      .catch((error) => {
        if (!isClosed) context.log(what, error)
      })
      .finally(() => running.delete(started))
    running.add(started)
  }
  return {
    handlers: {
      'documents.receipt': async ({ caseId }, caller) => {
        const { documentId, sealed, waitsFor, unprintable } = await receipt(caseId, callerOf(caller).account)
        return { documentId, sealed, waitsFor, unprintable }
      },
      'documents.make': async ({ caseId, kind }, caller) => {
        const made = await service.make(caseId, kind, callerOf(caller).account)
        const { documentId, sealed, waitsFor, unprintable, templateFailed } = made
        return { documentId, sealed, waitsFor, unprintable, templateFailed }
      },
      'sealing.papers': ({ view, query, offset, limit }) => papers.list(view, query, { offset, limit }),
      'sealing.discardPaper': async ({ documentId }) => {
        await papers.discard(documentId)
        return { done: true }
      },
    },
    projectors: [documentsProjector],
    upcasters: [madeUpcaster],
    start() {
      // The queue comes first: drawing would keep the first clerk of the day waiting.
      due = setTimeout(() => begin(() => service.makeDue(), 'receipts left unmade could not be made'), dueAfterMs)
      due.unref()
    },
    async close() {
      isClosed = true
      clearTimeout(due)
      await Promise.allSettled(running)
    },
    documentsOf: service.documentsOf,
    papersFor: service.papersFor,
    receipt,
    beginReceipt: (caseId, { account }) => {
      begin(async () => {
        await setImmediate() // 收件 is answered first: drawing takes a moment
        return receipt(caseId, account)
      }, 'a receipt could not be made')
    },
    file: (documentId) => {
      const { sha256, name, sizeBytes } = papers.find(documentId)
      return { sha256, name, sizeBytes }
    },
    async checklist({ standard, answers, check, account }) {
      const { townName, villageName, windowName, mode } = context.station
      const issuer = ports.seals.organisation() ?? committeeName(townName, villageName)
      const clerk = ports.displayName(account)
      const now = context.clock.now()
      const isTraining = mode === 'training'
      const facts = { standard, answers, check, issuer, windowName, clerk, isTraining, now }
      const words = wordsOf('checklist', standard, ports.template, checklistValues(facts))
      if (words.templateFailed !== '') context.log(`一次性告知单: ${words.templateFailed}`)
      // Drawing is loaded when it is first needed: a desk that starts has more urgent things to read.
      const { drawChecklist } = await import('../../pdf/documents/index.ts')
      return (await drawChecklist(wordChecklist(facts, words))).pdf
    },
    preview: async (template) => {
      const { townName, villageName, windowName } = context.station
      const issuer = ports.seals.organisation() ?? committeeName(townName, villageName)
      const { drawPreview } = await import('./preview.ts')
      return await drawPreview(template, { issuer, windowName, now: context.clock.now() })
    },
    sealWaiting: service.sealWaiting,
    waitingCount: () => countWaiting(context.store.db),
    paper: papers.find,
    findPaper: (documentId) => selectPaper(context.store.db, documentId),
    receivePaper: papers.receive,
    entryTells: papers.entryTells,
    whileKeeping: files.whileKeeping,
  }
}
