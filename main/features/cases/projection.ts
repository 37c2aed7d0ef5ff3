import { type CaseDecision, type CaseState, canDecide } from '../../../preload/contract/case-steps.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { caseStateSchema } from '../../../preload/contract/views.ts'
import { decisionSchema } from '../../../preload/contract/wire.ts'
import { feedItemsOf, type Projector, type SqlDatabase } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'
import { type DateGround, fillDates } from './dates.ts'
import { projectHandedOver } from './handed-over.ts'
import { projectJoined } from './joined.ts'
import { isOpenState, localNumberParts } from './model.ts'
import { addMaterials, insertCase } from './projection-rows.ts'

/**
 * Fills `cases` and what belongs to it from the ledger: 收件, 受理, 补正, the centre's decisions, cases of another machine, erasure,
 * and dates where a calendar comes after the case. It stands behind the catalogue's projectors, by which calendars are known.
 */
export const casesProjector = (dates: DateGround): Projector => ({
  name: 'cases',
  // case_counts follows cases by triggers: first, so that a rebuild empties it last.
  tables: [
    ...['case_counts', 'cases', 'case_materials', 'case_later', 'case_decisions', 'case_tokens', 'matter_names'],
    ...['handed_cases', 'handed_steps', 'joined_cases'],
  ],
  kinds: [
    'case.received',
    'case.joined',
    'case.accepted',
    'case.supplemented',
    'case.told',
    'case.delivered',
    'feed.applied',
    'payload.erased',
    'catalogue.applied',
  ],
  apply(entry, db) {
    if (entry.kind === 'case.received') received(entry, entry.payload as EntryPayload<'case.received@1'>, db, dates)
    else if (entry.kind === 'feed.applied')
      feedApplied(entry, entry.payload as EntryPayload<'feed.applied@1'>, db, dates)
    else if (entry.kind === 'catalogue.applied') fillDates(db, dates)
    else if (entry.kind === 'payload.erased') erased((entry.payload as EntryPayload<'payload.erased@1'>).subject, db)
    else applyStep(entry, db)
  },
})

/** What an entry changes in a case that is there, whoever wrote it; kinds that change nothing are passed over. */
export function applyStep(entry: Entry, db: SqlDatabase): void {
  if (entry.kind === 'case.told') told(entry, entry.payload as EntryPayload<'case.told@1'>, db)
  else if (entry.kind === 'case.delivered') noted(entry, (entry.payload as EntryPayload<'case.delivered@1'>).caseId, db)
  else if (entry.kind === 'case.joined') joined(entry, entry.payload as EntryPayload<'case.joined@1'>, db)
  else if (entry.kind === 'case.accepted') accepted(entry, entry.payload as EntryPayload<'case.accepted@1'>, db)
  else if (entry.kind === 'case.supplemented')
    supplemented(entry, entry.payload as EntryPayload<'case.supplemented@1'>, db)
}

/** A program that knows more years than the one that received the case has its dates from the beginning. */
function received(entry: Entry, payload: EntryPayload<'case.received@1'>, db: SqlDatabase, dates: DateGround): void {
  const place = { ...localNumberParts(payload.localNumber), receivedSeq: entry.seq, lastSeq: entry.seq }
  if (!insertCase(entry, payload, place, db)) throw new Error('a case was received under a number that is taken')
  fillDates(db, dates, payload.caseId)
}

function accepted(entry: Entry, payload: EntryPayload<'case.accepted@1'>, db: SqlDatabase): void {
  db.run(`UPDATE cases SET state = 'accepted', last_seq = max(last_seq, ?) WHERE case_id = ? AND state = 'received'`, [
    entry.seq,
    payload.caseId,
  ])
}

/** What was brought: it answers the centre's 补正 and closes the promises that it keeps. */
function supplemented(entry: Entry, payload: EntryPayload<'case.supplemented@1'>, db: SqlDatabase): void {
  addMaterials(payload.caseId, payload.materials, entry.seq, db)
  for (const { requirementId } of payload.materials) {
    db.run('UPDATE case_later SET is_open = 0 WHERE case_id = ? AND requirement_id = ?', [
      payload.caseId,
      requirementId,
    ])
  }
  db.run(
    `UPDATE cases SET last_seq = max(last_seq, ?), is_returned = 0,
       later_open = (SELECT count(*) FROM case_later WHERE case_id = cases.case_id AND is_open = 1)
     WHERE case_id = ?`,
    [entry.seq, payload.caseId],
  )
}

/** Of a case that is not here there is nothing to join. */
function joined(entry: Entry, payload: EntryPayload<'case.joined@1'>, db: SqlDatabase): void {
  if (db.get('SELECT 1 FROM cases WHERE case_id = ?', [payload.caseId]) === undefined) return
  projectJoined(payload, db)
  noted(entry, payload.caseId, db)
}

/** Nothing of the case changes but that there is an entry more on its way. */
function noted(entry: Entry, caseId: string, db: SqlDatabase): void {
  db.run('UPDATE cases SET last_seq = max(last_seq, ?) WHERE case_id = ?', [entry.seq, caseId])
}

/** A told refusal waits for nobody any more. */
function told(entry: Entry, payload: EntryPayload<'case.told@1'>, db: SqlDatabase): void {
  db.run('UPDATE cases SET last_seq = max(last_seq, ?), is_returned = 0 WHERE case_id = ?', [entry.seq, payload.caseId])
}

/** The centre's pages lie in `feed_items`; the entry says which of them count from here on. Unknown kinds are kept and skipped. */
function feedApplied(entry: Entry, payload: EntryPayload<'feed.applied@1'>, db: SqlDatabase, dates: DateGround): void {
  const items = feedItemsOf(db, payload)
  for (const item of items) {
    const decision = item.kind === 'case.decided' ? decisionSchema.safeParse(item.payload).data : undefined
    if (decision !== undefined) applyDecision(entry.seq, item.cursor, decision, db)
    projectHandedOver(entry, item, db, { applyStep, applyDecision })
  }
  if (items.some(({ kind }) => bringsDates.has(kind))) fillDates(db, dates)
}

/** Feed items by which a date can be counted that could not be before. */
const bringsDates: ReadonlySet<string> = new Set(['calendar.published', 'case.handed-over'])

/** What a decision changes in a case that is there; `seq` is where it stands in the order here. */
export function applyDecision(
  seq: number,
  cursor: number,
  decision: ReturnType<typeof decisionSchema.parse>,
  db: SqlDatabase,
): void {
  const before = db.get<{ state: string }>('SELECT state FROM cases WHERE case_id = ?', [decision.caseId])
  if (!before) return
  // What a restored centre tells again behind later decisions is history: it moves the case no more.
  const isOvertaken =
    db.get('SELECT 1 FROM case_decisions WHERE case_id = ? AND decided_at > ?', [
      decision.caseId,
      decision.decidedAtUtc,
    ]) !== undefined
  db.run(
    `INSERT INTO case_decisions (cursor, case_id, decision, reason, centre_case_number, officer, decided_at, seq)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      cursor,
      decision.caseId,
      decision.decision,
      decision.reason,
      decision.centreCaseNumber,
      decision.officer,
      decision.decidedAtUtc,
      seq,
    ],
  )
  if (isOvertaken) return
  const state = stateAfter(caseStateSchema.parse(before.state), decision.decision)
  db.run(
    `UPDATE cases SET state = ?, is_open = ?, is_returned = ?,
       accepted_by_centre = max(accepted_by_centre, ?), centre_reason = ?,
       centre_case_number = CASE WHEN ? = '' THEN centre_case_number ELSE ? END
     WHERE case_id = ?`,
    [
      state,
      isOpenState(state) ? 1 : 0,
      state === 'corrections' || state === 'refused' ? 1 : 0,
      ['accepted', 'approved', 'denied', 'closed'].includes(decision.decision) ? 1 : 0,
      decision.reason,
      decision.centreCaseNumber,
      decision.centreCaseNumber,
      decision.caseId,
    ],
  )
}

/** The centre's word counts, except that its 受理 of a case that is further along takes no step back. */
function stateAfter(state: CaseState, decision: CaseDecision): CaseState {
  const isStepBack = decision === 'accepted' && state !== 'received' && !canDecide(state, decision)
  return isStepBack ? state : decision
}

/** A person's data was erased: no row of the case stays, here as after a rebuild. */
function erased(caseId: string, db: SqlDatabase): void {
  const row = db.get<{ received_seq: number; item_id: string; matter_name: string }>(
    'SELECT received_seq, item_id, matter_name FROM cases WHERE case_id = ?',
    [caseId],
  )
  if (!row) return
  db.run('DELETE FROM case_tokens WHERE received_seq = ?', [row.received_seq])
  const ofCase = ['case_materials', 'case_later', 'case_decisions', 'handed_steps', 'handed_cases', 'joined_cases']
  for (const table of [...ofCase, 'cases']) db.run(`DELETE FROM ${table} WHERE case_id = ?`, [caseId])
  const matter = [row.item_id, row.matter_name]
  db.run('UPDATE matter_names SET times_used = times_used - 1 WHERE item_id = ? AND matter_name = ?', matter)
  db.run('DELETE FROM matter_names WHERE item_id = ? AND matter_name = ? AND times_used <= 0', matter)
}
