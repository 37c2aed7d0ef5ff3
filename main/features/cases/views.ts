import type { Caller, CallInput, CallOutput } from '../../../preload/contract/api.ts'
import { addDays, addWorkdays, daysBetween, workdaysBetween } from '../../../preload/contract/calendar.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { maskIdNumber, maskName, maskPhone } from '../../../preload/contract/masking.ts'
import type { CaseDetail, CaseSummary } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
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
  const cases = page.rows.map((row) => summaryOf(row, { today, reached, ports }))
  return { cases, total: page.total, counts: countViews(db, scope) }
}

type SummaryScope = { readonly today: string; readonly reached: Reached; readonly ports: CasePorts }

function summaryOf(row: CaseRow, { today, reached, ports }: SummaryScope): CaseSummary {
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
    sealWaiting: ports.documentsOf(row.caseId).some((document) => !document.sealed),
    returned: row.isReturned,
    receivedBy: ports.displayName(row.receivedBy),
    filesWaiting: ports.filesWaiting(row.caseId),
  }
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
  const received = entries.find(({ kind }) => kind === 'case.received')
  const payload = received && (ledger.upcast(received).payload as EntryPayload<'case.received@1'> | null)
  const { displayName } = ports
  return {
    summary: summaryOf(row, { today: context.today(), reached, ports }),
    itemId: row.itemId,
    standardVersion: row.standardVersion,
    standardSha256: row.standardSha256,
    matterCode: row.matterCode,
    answers: maskAnswers(payload?.answers ?? {}, ports.standard(row.itemId, row.standardVersion)),
    materials: [...selectMaterials(db, caseId), ...ports.broughtFor(caseId)],
    later: selectLater(db, caseId),
    documents: ports.documentsOf(caseId),
    timeline: timelineOf({ row, entries, decisions: selectDecisions(db, caseId), reached, displayName }),
    centreReason: row.centreReason,
    centreCaseNumber: row.centreCaseNumber,
    receivedSeq: row.receivedSeq,
    receivedHash: row.receivedHash,
    actions: actionsFor({ ...row, isDelivered: isDeliveredBy(entries) }),
  }
}
