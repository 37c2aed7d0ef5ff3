import type { EntryPayload, Material } from '../../../preload/contract/entries.ts'
import type { SqlDatabase } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'
import { searchTokens } from './model.ts'

/** Where a case stands here: its number among the day's, its place in the order of receiving, the last entry that changed it. */
export type CasePlace = {
  readonly day: string
  readonly dayNumber: number
  readonly receivedSeq: number
  readonly lastSeq: number
}

/** Writes a received case with its materials, promises and words to find it by. Says false, and writes nothing, where its id, number or place is taken. */
export function insertCase(
  entry: Entry,
  payload: EntryPayload<'case.received@1'>,
  place: CasePlace,
  db: SqlDatabase,
): boolean {
  const inserted = db.run(
    `INSERT INTO cases (case_id, local_number, received_day, day_number, item_id, matter_code, matter_name,
       standard_version, standard_sha256, acceptance_by, applicant_name, id_number, phone, state, is_open, is_returned,
       accepted_by_centre, later_open, received_at, received_by, received_seq, received_hash, last_seq, promised_date,
       promised_days, promised_unit, centre_reason, centre_case_number)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'received', 1, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')
     ON CONFLICT DO NOTHING`,
    [
      payload.caseId,
      payload.localNumber,
      place.day,
      place.dayNumber,
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
      place.receivedSeq,
      entry.hash,
      place.lastSeq,
      payload.promised.date,
      payload.promised.days,
      payload.promised.unit,
    ],
  )
  if (inserted === 0) return false
  addMaterials(payload.caseId, payload.materials, entry.seq, db)
  for (const { requirementId, dueDate } of payload.later) {
    db.run(
      'INSERT INTO case_later (case_id, requirement_id, due_date, is_open) VALUES (?, ?, ?, 1) ON CONFLICT DO NOTHING',
      [payload.caseId, requirementId, dueDate],
    )
  }
  const { applicant, localNumber } = payload
  const words = { applicantName: applicant.name, idNumber: applicant.idNumber, phone: applicant.phone, localNumber }
  for (const token of searchTokens(words)) {
    db.run('INSERT INTO case_tokens (token, received_seq) VALUES (?, ?)', [token, place.receivedSeq])
  }
  db.run(
    `INSERT INTO matter_names (item_id, matter_name, times_used) VALUES (?, ?, 1)
     ON CONFLICT DO UPDATE SET times_used = times_used + 1`,
    [payload.itemId, payload.matterName],
  )
  return true
}

/** Writes materials that an entry names; one that is there already stays. */
export function addMaterials(caseId: string, materials: readonly Material[], seq: number, db: SqlDatabase): void {
  for (const { materialId, requirementId, file, addedAtUtc } of materials) {
    db.run(
      `INSERT INTO case_materials (material_id, case_id, requirement_id, sha256, name, media_type, size_bytes, added_at, seq)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      [materialId, caseId, requirementId, file.sha256, file.name, file.mediaType, file.sizeBytes, addedAtUtc, seq],
    )
  }
}
