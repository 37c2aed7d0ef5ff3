import { caseStateWords } from '../../../preload/contract/case-steps.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { CasePaperKind } from '../../../preload/contract/papers.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import { paperWords } from '../../../preload/contract/standards/code-words.ts'
import { divisionName } from '../../desk/divisions.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { CaseStanding } from '../cases/index.ts'
import { cleanFileName } from '../materials/index.ts'
import { committeeName, type Seals } from '../seals/index.ts'
import { wordForm, wordNotice } from './notice-words.ts'
import { isMade, offersOf, type PaperGround, tellsOf } from './offers.ts'
import { type TemplateInForce, wordsOf } from './paper-text.ts'
import { type PaperFacts, valuesOf } from './paper-values.ts'
import { wordReceipt } from './receipt-words.ts'
import { type DocumentRow, selectDocument, selectDocumentsOf } from './store.ts'

/** What making papers asks of others; given by main/desk/compose.ts. */
export type MakingPorts = {
  readonly seals: Pick<Seals, 'organisation'>
  /** A standard of any version that was ever in force here. */
  readonly standard: (itemId: string, version: number) => MatterStandard | undefined
  readonly template: TemplateInForce
  readonly displayName: (account: string) => string
  /** The entry of a case's 收件, of this ledger or of another machine's; undefined where it was erased. */
  readonly receivedEntry: (caseId: string) => ReceivedEntry | undefined
  /** Where a case stands. Throws NOT_FOUND. */
  readonly standing: (caseId: string) => CaseStanding
}

/** A 收件 as its papers quote it. */
export type ReceivedEntry = {
  readonly seq: number
  readonly hash: string
  readonly at: string
  readonly by: string
  readonly payload: EntryPayload<'case.received@1'>
}

const limitBytes = 20 * 1024 * 1024

/** The papers that are right now and were not made yet; none of a case whose 收件 was erased. */
export function offeredPapers(context: DeskContext, ports: MakingPorts, caseId: string): CasePaperKind[] {
  const entry = ports.receivedEntry(caseId)
  if (entry === undefined) return []
  return offersOf(groundOf(ports, caseId, entry), selectDocumentsOf(context.store.db, caseId))
}

/**
 * Makes a paper of a case, or gives back the one that was made of the same step. Throws NOT_FOUND, and STEP_NOT_LEGAL where
 * the paper is not right now.
 */
export async function makePaper(
  context: DeskContext,
  ports: MakingPorts,
  wanted: { readonly caseId: string; readonly kind: CasePaperKind },
  account: string,
): Promise<DocumentRow> {
  const { caseId, kind } = wanted
  const entry = ports.receivedEntry(caseId)
  if (entry === undefined) throw new AppError('NOT_FOUND', { what: '这个办件' })
  const ground = groundOf(ports, caseId, entry)
  const asOfUtc = tellsOf(kind, ground)
  if (asOfUtc === undefined) throw new AppError('STEP_NOT_LEGAL', { state: caseStateWords[ground.standing.state] })
  const before = selectDocumentsOf(context.store.db, caseId).find((made) => isMade(kind, asOfUtc, [made]))
  if (before !== undefined) return before
  const { townName, villageName, windowName } = context.station
  const facts: PaperFacts = {
    ...ground,
    issuer: ports.seals.organisation() ?? committeeName(townName, villageName),
    windowName,
    clerk: kind === 'receipt' ? entry.by : ports.displayName(account),
    now: context.clock.now(),
  }
  const made = await draw(context, ports, kind, facts, entry)
  return await keep(context, { caseId, kind, entry, account, asOfUtc: kind === 'receipt' ? null : asOfUtc }, made)
}

/** Stores what was drawn, then names it in an entry. */
async function keep(
  context: DeskContext,
  of: {
    readonly caseId: string
    readonly kind: CasePaperKind
    readonly entry: ReceivedEntry
    readonly account: string
    readonly asOfUtc: string | null
  },
  { drawn, template, templateFailed }: Awaited<ReturnType<typeof draw>>,
): Promise<DocumentRow> {
  const { caseId, kind, entry, account, asOfUtc } = of
  const blob = await context.blobs.put([drawn.pdf], { limitBytes })
  const documentId = context.newId()
  const common = {
    ...{ documentId, caseId, quotesSeq: entry.seq, quotesHash: entry.hash },
    file: { ...blob, name: fileName(kind, entry.payload.localNumber), mediaType: 'application/pdf' as const },
    unprintable: [...drawn.unprintable].slice(0, 100),
  }
  const plain: EntryPayload<'document.made@1'> = { ...common, kind: 'receipt' }
  const whole: EntryPayload<'document.made@2'> = { ...common, kind, asOfUtc, template, templateFailed }
  // A receipt in the program's own words stays what it was: all that it says follows from the 收件, and costs the link nothing.
  const isPlain = kind === 'receipt' && template === null && templateFailed === ''
  const told = isPlain ? { version: 1, payload: plain } : { version: 2, payload: whole }
  context.store.transaction(() => {
    const at = context.nowUtc()
    context.store.ledger.append([{ kind: 'document.made', subject: caseId, actor: account, at, ...told }])
  })
  return rowOf(context, documentId)
}

function groundOf(ports: MakingPorts, caseId: string, { payload: received }: ReceivedEntry): PaperGround {
  const standard = ports.standard(received.itemId, received.standardVersion)
  return { received, standard, standing: ports.standing(caseId) }
}

const fileName = (kind: CasePaperKind, localNumber: string): string =>
  cleanFileName(`${paperWords[kind]}-${localNumber}.pdf`)

/** Drawing is loaded when it is first needed: a desk that starts has more urgent things to read. */
async function draw(
  context: DeskContext,
  ports: MakingPorts,
  kind: CasePaperKind,
  facts: PaperFacts,
  entry: ReceivedEntry,
) {
  const { drawForm, drawNotice, drawReceipt } = await import('../../pdf/documents/index.ts')
  const words = wordsOf(kind, facts.standard, ports.template, valuesOf(kind, facts))
  const { localNumber } = facts.received
  // A receipt's code says no kind: it was the first paper that had one.
  const ofKind = kind === 'receipt' ? '' : `&p=${kind}`
  const frame = { entry, qrText: `${checkAddressOf(context)}?n=${localNumber}&h=${entry.hash}${ofKind}` }
  const { template, templateFailed } = words
  const drawn =
    kind === 'receipt'
      ? await drawReceipt(wordReceipt(facts, words, frame))
      : kind === 'form'
        ? await drawForm(wordForm(facts, words, frame, (code) => divisionName(context.resources, code)))
        : await drawNotice(wordNotice(kind, facts, words, frame))
  return { drawn, template, templateFailed }
}

/** Where a paper can be checked: at the centre that this station is enrolled with, else a name that no network resolves. */
function checkAddressOf(context: DeskContext): string {
  const centreUrl = context.store.station.read()?.centre?.url
  return centreUrl === undefined ? 'urn:cunchuang:receipt' : new URL('/check', centreUrl).href
}

/** A document's row, which must be there. */
export function rowOf(context: DeskContext, documentId: string): DocumentRow {
  const row = selectDocument(context.store.db, documentId)
  if (row === undefined) throw new Error('a document that was just written is not there')
  return row
}
