import { type CaseDecision, type CaseState, canDecide } from '../../../preload/contract/case-steps.ts'
import type { EntryPayload, Material } from '../../../preload/contract/entries.ts'
import { caseStateSchema } from '../../../preload/contract/views.ts'
import { decisionSchema } from '../../../preload/contract/wire.ts'
import { feedItemsOf, type Projector, type SqlDatabase } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'
import { isOpenState, localNumberParts, searchTokens } from './model.ts'

/** Fills `cases` and what belongs to it from the ledger: 收件, 受理, 补正, the centre's decisions, erasure. */
export const casesProjector: Projector = {
  name: 'cases',
  // case_counts follows cases by triggers: first, so that a rebuild empties it last.
  tables: ['case_counts', 'cases', 'case_materials', 'case_later', 'case_decisions', 'case_tokens', 'matter_names'],
  kinds: [
    'case.received',
    'case.accepted',
    'case.supplemented',
    'case.told',
    'case.delivered',
    'feed.applied',
    'payload.erased',
  ],
  apply(entry, db) {
    if (entry.kind === 'case.received') received(entry, entry.payload as EntryPayload<'case.received@1'>, db)
    else if (entry.kind === 'case.told') told(entry, entry.payload as EntryPayload<'case.told@1'>, db)
    else if (entry.kind === 'case.delivered')
      noted(entry, (entry.payload as EntryPayload<'case.delivered@1'>).caseId, db)
    else if (entry.kind === 'case.accepted') accepted(entry, entry.payload as EntryPayload<'case.accepted@1'>, db)
    else if (entry.kind === 'case.supplemented')
      supplemented(entry, entry.payload as EntryPayload<'case.supplemented@1'>, db)
    else if (entry.kind === 'feed.applied') feedApplied(entry, entry.payload as EntryPayload<'feed.applied@1'>, db)
    else erased((entry.payload as EntryPayload<'payload.erased@1'>).subject, db)
  },
}

function received(entry: Entry, payload: EntryPayload<'case.received@1'>, db: SqlDatabase): void {
  const { day, dayNumber } = localNumberParts(payload.localNumber)
  db.run(
    `INSERT INTO cases (case_id, local_number, received_day, day_number, item_id, matter_code, matter_name,
       standard_version, standard_sha256, acceptance_by, applicant_name, id_number, phone, state, is_open, is_returned,
       accepted_by_centre, later_open, received_at, received_by, received_seq, received_hash, last_seq, promised_date,
       promised_days, promised_unit, centre_reason, centre_case_number)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'received', 1, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')`,
    [
      payload.caseId,
      payload.localNumber,
      day,
      dayNumber,
      payload.itemId,
      payload.matterCode,
      payload.matterName,
      payload.standardVersion,
      payload.standardSha256,
      payload.acceptanceBy,
      payload.applicant.name,
      payload.applicant.idNumber,
      payload.applicant.phone,
      payload.later.length,
      payload.receivedAtUtc,
      entry.actor,
      entry.seq,
      entry.hash,
      entry.seq,
      payload.promised.date,
      payload.promised.days,
      payload.promised.unit,
    ],
  )
  addMaterials(payload.caseId, payload.materials, entry.seq, db)
  for (const { requirementId, dueDate } of payload.later) {
    db.run('INSERT INTO case_later (case_id, requirement_id, due_date, is_open) VALUES (?, ?, ?, 1)', [
      payload.caseId,
      requirementId,
      dueDate,
    ])
  }
  for (const token of searchTokens({ ...tokenFields(payload), localNumber: payload.localNumber })) {
    db.run('INSERT INTO case_tokens (token, received_seq) VALUES (?, ?)', [token, entry.seq])
  }
  db.run(
    `INSERT INTO matter_names (item_id, matter_name, times_used) VALUES (?, ?, 1)
     ON CONFLICT DO UPDATE SET times_used = times_used + 1`,
    [payload.itemId, payload.matterName],
  )
}

function tokenFields({ applicant }: EntryPayload<'case.received@1'>) {
  return { applicantName: applicant.name, idNumber: applicant.idNumber, phone: applicant.phone }
}

function addMaterials(caseId: string, materials: readonly Material[], seq: number, db: SqlDatabase): void {
  for (const { materialId, requirementId, file, addedAtUtc } of materials) {
    db.run(
      `INSERT INTO case_materials (material_id, case_id, requirement_id, sha256, name, media_type, size_bytes, added_at, seq)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [materialId, caseId, requirementId, file.sha256, file.name, file.mediaType, file.sizeBytes, addedAtUtc, seq],
    )
  }
}

function accepted(entry: Entry, payload: EntryPayload<'case.accepted@1'>, db: SqlDatabase): void {
  db.run(`UPDATE cases SET state = 'accepted', last_seq = ? WHERE case_id = ? AND state = 'received'`, [
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
    `UPDATE cases SET last_seq = ?, is_returned = 0,
       later_open = (SELECT count(*) FROM case_later WHERE case_id = cases.case_id AND is_open = 1)
     WHERE case_id = ?`,
    [entry.seq, payload.caseId],
  )
}

/** Nothing of the case changes but that there is an entry more on its way. */
function noted(entry: Entry, caseId: string, db: SqlDatabase): void {
  db.run('UPDATE cases SET last_seq = ? WHERE case_id = ?', [entry.seq, caseId])
}

/** A told refusal waits for nobody any more. */
function told(entry: Entry, payload: EntryPayload<'case.told@1'>, db: SqlDatabase): void {
  db.run('UPDATE cases SET last_seq = ?, is_returned = 0 WHERE case_id = ?', [entry.seq, payload.caseId])
}

/** The centre's pages lie in `feed_items`; the entry says which of them count from here on. Unknown kinds are kept and skipped. */
function feedApplied(entry: Entry, payload: EntryPayload<'feed.applied@1'>, db: SqlDatabase): void {
  for (const { cursor, kind, payload: said } of feedItemsOf(db, payload)) {
    const decision = kind === 'case.decided' ? decisionSchema.safeParse(said).data : undefined
    if (decision !== undefined) decided(entry.seq, cursor, decision, db)
  }
}

function decided(
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
  for (const table of ['case_materials', 'case_later', 'case_decisions', 'cases']) {
    db.run(`DELETE FROM ${table} WHERE case_id = ?`, [caseId])
  }
  const matter = [row.item_id, row.matter_name]
  db.run('UPDATE matter_names SET times_used = times_used - 1 WHERE item_id = ? AND matter_name = ?', matter)
  db.run('DELETE FROM matter_names WHERE item_id = ? AND matter_name = ? AND times_used <= 0', matter)
}
