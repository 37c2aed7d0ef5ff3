import type { Caller, CallInput } from '../../../preload/contract/api.ts'
import type { Calendar } from '../../../preload/contract/calendar.ts'
import { caseStateWords } from '../../../preload/contract/case-steps.ts'
import type {
  Answers,
  Applicant,
  Deadline,
  EntryPayload,
  LaterMaterial,
  Material,
} from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { CasePaperKind } from '../../../preload/contract/papers.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { CaseDocument } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { EntryDraft } from '../../wire/entry.ts'
import { selectHandedSteps } from './handed-over.ts'
import { firstCaseOf } from './joined.ts'
import { actionsFor, type CaseAction, isDeliveredBy, localNumber } from './model.ts'
import { type CaseRow, lastDayNumber, selectCase } from './store.ts'

/** What the cases feature asks of others; given by main/desk/compose.ts. */
export type CasePorts = {
  /** Files of a case that the centre has not confirmed. */
  readonly filesWaiting: (caseId: string) => number
  /** Up to where the hall's relay holds the ledger; 0 without a relay. */
  readonly relayedSeq: () => number
  /** Calendars in force, the later ones win. */
  readonly calendars: () => readonly Calendar[]
  /** A standard of any version that was ever applied here; undefined where it is not known. */
  readonly standard: (itemId: string, version: number) => MatterStandard | undefined
  readonly displayName: (account: string) => string
  readonly documentsOf: (caseId: string) => CaseDocument[]
  /** Papers that may be made of a case now. */
  readonly papersFor: (caseId: string) => CasePaperKind[]
  /** Materials brought for a case that no entry names yet. */
  readonly broughtFor: (caseId: string) => Material[]
  /** Lets go of them once an entry names them; inside the same transaction. */
  readonly forgetBrought: (caseId: string) => void
}

/** Everything that a 收件 fixes. `caseId` is the draft's id or, of a theme, fixed in the draft, so that a repeated 收件 makes no other case. */
export type NewCase = {
  readonly caseId: string
  readonly standard: MatterStandard
  readonly standardSha256: string
  readonly applicant: Applicant
  readonly answers: Answers
  readonly materials: readonly Material[]
  readonly later: readonly LaterMaterial[]
  readonly promised: Deadline
}

/** What a 收件 answers. */
export type ReceivedCase = {
  readonly caseId: string
  readonly localNumber: string
  readonly seq: number
  readonly hash: string
}

/** A case, or NOT_FOUND. */
export function readCase(context: DeskContext, caseId: string): CaseRow {
  const row = selectCase(context.store.db, caseId)
  if (!row) throw new AppError('NOT_FOUND', { what: '办件' })
  return row
}

/** The case that a draft became, of a theme's the first; or undefined. */
export function receivedFrom(context: DeskContext, draftId: string): ReceivedCase | undefined {
  const { db } = context.store
  const row = selectCase(db, draftId) ?? firstCaseOf(db, draftId)
  return row && { caseId: row.caseId, localNumber: row.localNumber, seq: row.receivedSeq, hash: row.receivedHash }
}

/** 收件: gives the case its number and writes its entry. Only inside a transaction; durable when that has returned. */
export function receiveCase(context: DeskContext, given: NewCase, caller: Caller): ReceivedCase {
  const { store, station } = context
  const at = context.nowUtc()
  const today = context.today()
  const number = localNumber(station.stationId, today, lastDayNumber(store.db, today.replaceAll('-', '')) + 1)
  const payload: EntryPayload<'case.received@1'> = {
    caseId: given.caseId,
    localNumber: number,
    itemId: given.standard.itemId,
    matterCode: given.standard.code,
    matterName: given.standard.name,
    standardVersion: given.standard.version,
    standardSha256: given.standardSha256,
    acceptanceBy: given.standard.acceptanceBy,
    applicant: given.applicant,
    answers: given.answers,
    materials: [...given.materials],
    later: [...given.later],
    receivedAtUtc: at,
    promised: given.promised,
    training: station.mode === 'training',
  }
  const [entry] = store.ledger.append([caseEntry('case.received', given.caseId, caller, at, payload)])
  if (!entry) throw new Error('a 收件 must leave an entry')
  return { caseId: given.caseId, localNumber: number, seq: entry.seq, hash: entry.hash }
}

/** 受理 at the window. Throws STEP_NOT_LEGAL where the centre decides or the case is past it. */
export function acceptCase(context: DeskContext, caseId: string, caller: Caller): void {
  context.store.transaction(() => {
    assertAction(readCase(context, caseId), 'accept')
    const payload: EntryPayload<'case.accepted@1'> = { caseId, by: 'station' }
    context.store.ledger.append([caseEntry('case.accepted', caseId, caller, context.nowUtc(), payload)])
  })
}

/** Sends what was brought after 补正 or on a promise. Throws STEP_NOT_LEGAL, or MATERIALS_MISSING when there is neither a material nor a note. */
export function supplementCase(
  context: DeskContext,
  ports: CasePorts,
  given: { readonly caseId: string; readonly note: string },
  caller: Caller,
): void {
  const { caseId, note } = given
  context.store.transaction(() => {
    assertAction(readCase(context, caseId), 'supplement')
    const materials = ports.broughtFor(caseId)
    if (materials.length === 0 && note.trim() === '') throw new AppError('MATERIALS_MISSING', { materials: '补正材料' })
    const payload: EntryPayload<'case.supplemented@1'> = { caseId, materials, note: note.trim() }
    context.store.ledger.append([caseEntry('case.supplemented', caseId, caller, context.nowUtc(), payload)])
    ports.forgetBrought(caseId)
  })
}

/** Notes that the applicant was told of 不予受理. Throws STEP_NOT_LEGAL where there is none to tell, or it was told. */
export function tellApplicant(context: DeskContext, caseId: string, caller: Caller): void {
  context.store.transaction(() => {
    assertAction(readCase(context, caseId), 'tell')
    const payload: EntryPayload<'case.told@1'> = { caseId }
    context.store.ledger.append([caseEntry('case.told', caseId, caller, context.nowUtc(), payload)])
  })
}

/** 送达: notes who took the result away. Throws STEP_NOT_LEGAL where the case is not closed, or it was noted. */
export function deliverCase(context: DeskContext, given: CallInput<'cases.deliver'>, caller: Caller): void {
  const { caseId } = given
  context.store.transaction(() => {
    const row = readCase(context, caseId)
    const isDelivered = isDeliveredBy([
      ...selectHandedSteps(context.store.db, caseId),
      ...context.store.ledger.entriesOf(caseId),
    ])
    if (!actionsFor({ ...row, isDelivered }).includes('deliver'))
      throw new AppError('STEP_NOT_LEGAL', { state: isDelivered ? '已送达' : caseStateWords[row.state] })
    const at = context.nowUtc()
    const payload: EntryPayload<'case.delivered@1'> = { ...given, deliveredAtUtc: at }
    context.store.ledger.append([caseEntry('case.delivered', caseId, caller, at, payload)])
  })
}

/** The whole value of a masked field; who looked is written before it is told. */
export function revealField(
  context: DeskContext,
  given: { readonly caseId: string; readonly field: 'idNumber' | 'phone' },
  caller: Caller,
): string {
  const row = readCase(context, given.caseId)
  context.store.transaction(() => {
    context.store.ledger.append([caseEntry('identity.revealed', row.caseId, caller, context.nowUtc(), given)])
  })
  return given.field === 'phone' ? row.phone : row.idNumber
}

/** Whether materials may be brought for this case now. Throws NOT_FOUND or STEP_NOT_LEGAL. */
export function assertSupplementable(context: DeskContext, caseId: string): CaseRow {
  const row = readCase(context, caseId)
  assertAction(row, 'supplement')
  return row
}

function assertAction(row: CaseRow, action: CaseAction): void {
  if (!actionsFor({ ...row, isDelivered: false }).includes(action))
    throw new AppError('STEP_NOT_LEGAL', { state: caseStateWords[row.state] })
}

function caseEntry(kind: string, caseId: string, caller: Caller, at: string, payload: unknown): EntryDraft {
  return { kind, version: 1, subject: caseId, actor: caller.account, at, payload }
}
