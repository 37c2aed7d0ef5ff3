// Owns: rows of cases that another machine received and that are this one's now, from the centre's feed.
// Does not own: what a step changes (projection.ts), which items count (main/store/handed-cases.ts), their files (files).
// Start here: `projectHandedOver`; `selectHandedCase` and `selectHandedSteps` read what was written.
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { Decision, FeedItem } from '../../../preload/contract/wire.ts'
import { type HandedCase, type HandedStep, handedCaseOf, type SqlDatabase } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'
import { foreignNumberParts } from './model.ts'
import { insertCase } from './projection-rows.ts'

/** How a step changes a case that is there (projection.ts). */
export type Appliers = {
  readonly applyStep: (entry: Entry, db: SqlDatabase) => void
  readonly applyDecision: (seq: number, cursor: number, decision: Decision, db: SqlDatabase) => void
}

/** Where a case came from. */
export type HandedCaseRow = {
  readonly stationId: string
  readonly windowName: string
  /** In the ledger of the machine that received it. */
  readonly receivedSeq: number
  readonly receivedByName: string
  readonly takenAtUtc: string
}

/** An entry of another machine. */
export type HandedStepRow = {
  readonly place: number
  readonly kind: string
  readonly version: number
  readonly actorName: string
  readonly at: string
  readonly payload: unknown
  readonly hash: string
  readonly seq: number
}

/**
 * Makes a case that is handed over one of this station's, or adds what more is told of it. It stands behind all that were
 * received here, the newest first; to the centre nothing of it is owed. `entry` is the one that fixes where the page stands.
 */
export function projectHandedOver(entry: Entry, item: FeedItem, db: SqlDatabase, appliers: Appliers): void {
  const handed = handedCaseOf(item, entry.station)
  if (handed === undefined) return
  receive(entry, handed, db)
  if (selectHandedCase(db, handed.caseId) === undefined) return
  for (const step of handed.steps) apply(handed.caseId, step, db, appliers)
  db.run(`UPDATE cases SET centre_case_number = ? WHERE case_id = ? AND centre_case_number = ''`, [
    handed.centreCaseNumber,
    handed.caseId,
  ])
}

function receive(entry: Entry, { caseId, from, windowName, cursor, steps }: HandedCase, db: SqlDatabase): void {
  for (const step of steps) {
    if (!('entry' in step) || step.entry?.kind !== 'case.received') continue
    const payload = step.entry.payload as EntryPayload<'case.received@1'>
    if (payload.caseId !== caseId) return
    const place = { ...foreignNumberParts(payload.localNumber), receivedSeq: -cursor, lastSeq: 0 }
    if (!insertCase(step.entry, payload, place, db)) return
    db.run(
      `INSERT INTO handed_cases (case_id, station_id, window_name, received_seq, received_by_name, taken_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      [caseId, from, windowName, step.said.seq, step.said.actorName, entry.at],
    )
    return
  }
}

function apply(caseId: string, step: HandedStep, db: SqlDatabase, { applyStep, applyDecision }: Appliers): void {
  if ('decision' in step) {
    if (step.decision.caseId === caseId) applyDecision(step.place, step.place, step.decision, db)
    return
  }
  const { station, seq, kind, version, actor, actorName, at, payload, hash } = step.said
  db.run(
    `INSERT INTO handed_steps (place, case_id, station_id, seq, kind, version, actor, actor_name, at, payload, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [step.place, caseId, station, seq, kind, version, actor, actorName, at, JSON.stringify(payload), hash],
  )
  if (step.entry !== undefined && caseOf(step.entry) === caseId) applyStep(step.entry, db)
}

function caseOf({ payload }: Entry): unknown {
  return (payload as { caseId?: unknown }).caseId
}

/** Where a case came from; undefined for one of this station's own. */
export function selectHandedCase(db: SqlDatabase, caseId: string): HandedCaseRow | undefined {
  return db.get<HandedCaseRow>(
    `SELECT station_id AS stationId, window_name AS windowName, received_seq AS receivedSeq,
       received_by_name AS receivedByName, taken_at AS takenAtUtc FROM handed_cases WHERE case_id = ?`,
    [caseId],
  )
}

/** What other machines wrote of a case, in the order in which it happened. */
export function selectHandedSteps(db: SqlDatabase, caseId: string): HandedStepRow[] {
  return db
    .all<Omit<HandedStepRow, 'payload'> & { readonly payload: string }>(
      `SELECT place, kind, version, actor_name AS actorName, at, payload, hash, seq FROM handed_steps
       WHERE case_id = ? ORDER BY place`,
      [caseId],
    )
    .map((row) => ({ ...row, payload: JSON.parse(row.payload) }))
}
