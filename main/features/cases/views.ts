import type { Caller, CallInput, CallOutput } from '../../../preload/contract/api.ts'
import { addDays, addWorkdays, daysBetween, workdaysBetween } from '../../../preload/contract/calendar.ts'
import { type EntryPayload, entryPayloads } from '../../../preload/contract/entries.ts'
import { maskIdNumber, maskName, maskPhone } from '../../../preload/contract/masking.ts'
import { needsSeal } from '../../../preload/contract/papers.ts'
import type { CaseDetail, CaseSummary } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { selectHandedCase, selectHandedSteps } from './handed-over.ts'
import { joinedOf } from './joined.ts'
import { maskAnswers } from './masking.ts'
import { actionsFor, deliveryOf, isDeliveredBy, isOpenState, queryWords, type Reached } from './model.ts'
import { type CasePorts, readCase } from './service.ts'
import { type CaseRow, countViews, selectDecisions, selectLater, selectMaterials, selectPage } from './store.ts'
import { timelineOf } from './timeline.ts'

/** Days before its promised end from which a case counts as due soon. */
const dueSoonWorkdays = 3

/** A page of the queue with the counts of every view. */
export function listCases(
  context: DeskContext,
  ports: CasePorts,
  input: CallInput<'cases.list'>,
  caller: Caller,
): CallOutput<'cases.list'> {
  const { db, ledger } = context.store
  const today = context.today()
  const reached = { acknowledgedSeq: ledger.acknowledged().seq, relayedSeq: ports.relayedSeq() }
  const scope = {
    account: caller.account,
    acknowledgedSeq: reached.acknowledgedSeq,
    dueBy: addWorkdays(today, dueSoonWorkdays, ports.calendars()) ?? addDays(today, dueSoonWorkdays),
  }
  const page = selectPage(db, input.view, scope, queryWords(input.query), { offset: input.offset, limit: input.limit })
  const cases = page.rows.map((row) => summaryOf(row, { today, reached, ports, db }))
  return { cases, total: page.total, counts: countViews(db, scope) }
}

type SummaryScope = {
  readonly today: string
  readonly reached: Reached
  readonly ports: CasePorts
  readonly db: SqlDatabase
}

function summaryOf(row: CaseRow, { today, reached, ports, db }: SummaryScope): CaseSummary {
  return {
    caseId: row.caseId,
    localNumber: row.localNumber,
    applicantMasked: maskName(row.applicantName),
    idNumberMasked: maskIdNumber(row.idNumber),
    phoneMasked: maskPhone(row.phone),
    matterName: row.matterName,
    state: row.state,
    delivery: deliveryOf(row.lastSeq, reached, row.acceptedByCentre),
    receivedAtUtc: row.receivedAtUtc,
    promised: row.promised,
    daysLeft: daysLeft(row, today, ports),
    laterOpen: row.laterOpen,
    sealWaiting: ports.documentsOf(row.caseId).some(({ kind, sealed }) => needsSeal(kind) && !sealed),
    returned: row.isReturned,
    receivedBy: receiverOf(row, ports, db),
    filesWaiting: ports.filesWaiting(row.caseId),
  }
}

/** Who received it; of a case of another machine as people called him there. */
function receiverOf({ caseId, receivedBy, receivedSeq }: CaseRow, ports: CasePorts, db: SqlDatabase): string {
  const handed = receivedSeq < 0 ? selectHandedCase(db, caseId) : undefined
  return handed?.receivedByName ?? ports.displayName(receivedBy)
}

/** Days left by the promise's unit; null where the calendar is unknown or nothing is left to do. */
function daysLeft(row: CaseRow, today: string, ports: CasePorts): number | null {
  if (row.promised.date === null || !isOpenState(row.state)) return null
  if (row.promised.unit === 'day') return daysBetween(today, row.promised.date)
  return workdaysBetween(today, row.promised.date, ports.calendars())
}

/** One case whole, personal data masked. Throws NOT_FOUND. */
export function detailOf(context: DeskContext, ports: CasePorts, caseId: string): CaseDetail {
  const { db, ledger } = context.store
  const row = readCase(context, caseId)
  const reached = { acknowledgedSeq: ledger.acknowledged().seq, relayedSeq: ports.relayedSeq() }
  const entries = ledger.entriesOf(caseId)
  const handed = selectHandedCase(db, caseId)
  const steps = handed === undefined ? [] : selectHandedSteps(db, caseId)
  const payload = receivedEntryOf(context, ports, caseId)?.payload
  const { displayName } = ports
  const decisions = selectDecisions(db, caseId)
  return {
    summary: summaryOf(row, { today: context.today(), reached, ports, db }),
    itemId: row.itemId,
    standardVersion: row.standardVersion,
    standardSha256: row.standardSha256,
    matterCode: row.matterCode,
    answers: maskAnswers(payload?.answers ?? {}, ports.standard(row.itemId, row.standardVersion)),
    materials: [...selectMaterials(db, caseId), ...ports.broughtFor(caseId)],
    later: selectLater(db, caseId),
    documents: ports.documentsOf(caseId),
    papers: ports.papersFor(caseId),
    timeline: timelineOf({ row, entries, handed, steps, decisions, reached, displayName }),
    centreReason: row.centreReason,
    centreCaseNumber: row.centreCaseNumber,
    receivedSeq: handed?.receivedSeq ?? row.receivedSeq,
    receivedHash: row.receivedHash,
    handedOver: handed === undefined ? null : { stationId: handed.stationId, windowName: handed.windowName },
    theme: joinedOf(db, caseId),
    actions: actionsFor({ ...row, isDelivered: isDeliveredBy([...steps, ...entries]) }),
  }
}

/** A 收件 with its place in the ledger of the machine that wrote it, and who did. */
export type ReceivedStep = {
  readonly seq: number
  readonly hash: string
  readonly at: string
  readonly by: string
  readonly payload: EntryPayload<'case.received@1'>
}

/** A case's 收件, from this ledger or from that of another machine; undefined where it was erased. */
export function receivedEntryOf(context: DeskContext, ports: CasePorts, caseId: string): ReceivedStep | undefined {
  const { db, ledger } = context.store
  const own = ledger.entriesOf(caseId).find(({ kind }) => kind === 'case.received')
  if (own !== undefined) {
    const payload = ledger.upcast(own).payload as EntryPayload<'case.received@1'> | null
    return payload === null ? undefined : { ...own, by: ports.displayName(own.actor), payload }
  }
  const step = selectHandedSteps(db, caseId).find(({ kind, version }) => kind === 'case.received' && version === 1)
  const payload = entryPayloads['case.received@1'].safeParse(step?.payload).data
  return step === undefined || payload === undefined ? undefined : { ...step, by: step.actorName, payload }
}
