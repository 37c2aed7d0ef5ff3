import { z } from 'zod'
import { type Answers, answersSchema } from '../../../preload/contract/entries.ts'
import { type DraftTheme, draftThemeSchema } from '../../../preload/contract/hand-over.ts'
import type { Draft } from '../../../preload/contract/views.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** A draft's row. */
export type DraftRow = {
  readonly draftId: string
  /** Of a theme's draft the theme's id, name and version. */
  readonly itemId: string
  readonly matterName: string
  readonly standardVersion: number
  /** What a theme's draft is pinned to; null for a draft of one matter. */
  readonly theme: DraftTheme | null
  readonly revision: number
  readonly answers: Answers
  readonly later: string[]
  readonly applicantName: string
  /** Photographs that stayed at the machine that was lost. */
  readonly lostPhotos: Draft['lostPhotos']
  readonly updatedAtUtc: string
}

/** A draft of which the centre has another revision, or none. */
export type ChangedDraft = Omit<DraftRow, 'applicantName'>

type Raw = {
  readonly draft_id: string
  readonly item_id: string
  readonly matter_name: string
  readonly standard_version: number
  readonly theme: string
  readonly revision: number
  readonly answers: string
  readonly later: string
  readonly applicant_name: string
  readonly lost_photos: string
  readonly updated_at: string
}

const laterSchema = z.array(z.string())

/** Writes a new draft. */
export function insertDraft(db: SqlDatabase, draft: DraftRow, createdBy: string): void {
  db.run(
    `INSERT INTO drafts (draft_id, item_id, matter_name, standard_version, theme, revision, answers, later, applicant_name,
       lost_photos, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      draft.draftId,
      draft.itemId,
      draft.matterName,
      draft.standardVersion,
      themeText(draft),
      draft.revision,
      JSON.stringify(draft.answers),
      JSON.stringify(draft.later),
      draft.applicantName,
      JSON.stringify(draft.lostPhotos),
      createdBy,
      draft.updatedAtUtc,
      draft.updatedAtUtc,
    ],
  )
}

/** Writes what may change of a draft. */
export function updateDraft(db: SqlDatabase, draft: DraftRow): void {
  db.run(
    `UPDATE drafts SET revision = ?, answers = ?, later = ?, applicant_name = ?, lost_photos = ?, updated_at = ?,
       standard_version = ?, matter_name = ?, theme = ? WHERE draft_id = ?`,
    [
      draft.revision,
      JSON.stringify(draft.answers),
      JSON.stringify(draft.later),
      draft.applicantName,
      JSON.stringify(draft.lostPhotos),
      draft.updatedAtUtc,
      draft.standardVersion,
      draft.matterName,
      themeText(draft),
      draft.draftId,
    ],
  )
}

const themeText = ({ theme }: DraftRow): string => (theme === null ? '' : JSON.stringify(theme))

/** One draft, or undefined. */
export function selectDraft(db: SqlDatabase, draftId: string): DraftRow | undefined {
  const raw = db.get<Raw>('SELECT * FROM drafts WHERE draft_id = ?', [draftId])
  return raw && fromRaw(raw)
}

/** All drafts, the last touched first. */
export function selectDrafts(db: SqlDatabase): DraftRow[] {
  return db.all<Raw>('SELECT * FROM drafts ORDER BY updated_at DESC, draft_id LIMIT 500').map(fromRaw)
}

/** Drafts by matter and version of its standard; one of a theme counts with each matter that is chosen. */
export function selectByVersion(db: SqlDatabase): { itemId: string; version: number; count: number }[] {
  return db.all(
    `SELECT itemId, version, count(*) AS count FROM (
       SELECT item_id AS itemId, standard_version AS version FROM drafts WHERE theme = ''
       UNION ALL
       SELECT member.value ->> 'itemId', member.value ->> 'version' FROM drafts,
         json_each(CASE theme WHEN '' THEN '{}' ELSE theme END, '$.members') AS member WHERE member.value ->> 'wanted')
     GROUP BY itemId, version ORDER BY itemId, version`,
  )
}

/** Drafts by theme and its version; one of a theme within a theme counts with both. */
export function selectByTheme(db: SqlDatabase): { itemId: string; version: number; count: number }[] {
  return db.all(
    `SELECT itemId, version, count(*) AS count FROM (
       SELECT item_id AS itemId, standard_version AS version FROM drafts WHERE theme <> ''
       UNION ALL
       SELECT inner_theme.value ->> 'themeId', inner_theme.value ->> 'version' FROM drafts,
         json_each(CASE theme WHEN '' THEN '{}' ELSE theme END, '$.inner') AS inner_theme)
     GROUP BY itemId, version ORDER BY itemId, version`,
  )
}

/** Removes a draft with its materials' rows. */
export function deleteDraft(db: SqlDatabase, draftId: string): void {
  db.run('DELETE FROM drafts WHERE draft_id = ?', [draftId])
}

/** Drafts that have not changed since an instant and of which the centre has another revision or none, the oldest change first. */
export function selectChanged(db: SqlDatabase, settledUtc: string, limit: number): ChangedDraft[] {
  return db
    .all<Raw>(
      `SELECT drafts.* FROM drafts LEFT JOIN told_drafts USING (draft_id)
       WHERE told_drafts.revision IS NOT drafts.revision AND updated_at <= ? ORDER BY updated_at, draft_id LIMIT ?`,
      [settledUtc, limit],
    )
    .map(fromRaw)
    .map(({ applicantName: _, ...draft }) => draft)
}

/** Drafts that the centre has and that are no more. Of one that was received it knows by its cases. */
export function selectGone(db: SqlDatabase, limit: number): string[] {
  db.run(`DELETE FROM told_drafts WHERE draft_id IN (SELECT case_id FROM cases)
    OR draft_id IN (SELECT draft_id FROM joined_cases)`)
  return db
    .all<{ id: string }>(
      'SELECT draft_id AS id FROM told_drafts WHERE draft_id NOT IN (SELECT draft_id FROM drafts) ORDER BY draft_id LIMIT ?',
      [limit],
    )
    .map(({ id }) => id)
}

/** The centre has this revision of a draft. */
export function writeTold(db: SqlDatabase, draftId: string, revision: number): void {
  db.run(
    `INSERT INTO told_drafts (draft_id, revision) VALUES (?, ?)
     ON CONFLICT (draft_id) DO UPDATE SET revision = excluded.revision`,
    [draftId, revision],
  )
}

/** The centre has forgotten these drafts. */
export function deleteTold(db: SqlDatabase, draftIds: readonly string[]): void {
  for (const draftId of draftIds) db.run('DELETE FROM told_drafts WHERE draft_id = ?', [draftId])
}

function fromRaw(raw: Raw): DraftRow {
  return {
    draftId: raw.draft_id,
    itemId: raw.item_id,
    matterName: raw.matter_name,
    standardVersion: raw.standard_version,
    theme: raw.theme === '' ? null : draftThemeSchema.parse(JSON.parse(raw.theme)),
    revision: raw.revision,
    answers: answersSchema.parse(JSON.parse(raw.answers)),
    later: laterSchema.parse(JSON.parse(raw.later)),
    applicantName: raw.applicant_name,
    lostPhotos: JSON.parse(raw.lost_photos),
    updatedAtUtc: raw.updated_at,
  }
}
