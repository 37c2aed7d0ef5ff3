import { type Material, type StoredFile, storedFileSchema } from '../../../preload/contract/entries.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** Whose material it is, before an entry names it. */
export type MaterialOwner = { readonly draftId: string } | { readonly caseId: string }

type Row = {
  readonly material_id: string
  readonly requirement_id: string
  readonly sha256: string
  readonly name: string
  readonly media_type: string
  readonly size_bytes: number
  readonly added_at: string
}

const columns = 'material_id, requirement_id, sha256, name, media_type, size_bytes, added_at'

/** Notes a material of a draft, or one brought for a case. */
export function insertWaiting(db: SqlDatabase, owner: MaterialOwner, material: Material): void {
  const { materialId, requirementId, file, addedAtUtc } = material
  db.run(`INSERT INTO waiting_materials (${columns}, draft_id, case_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
    ...[materialId, requirementId, file.sha256, file.name, file.mediaType, file.sizeBytes, addedAtUtc],
    'draftId' in owner ? owner.draftId : null,
    'caseId' in owner ? owner.caseId : null,
  ])
}

/** Materials that wait, in the order in which they came. */
export function selectWaiting(db: SqlDatabase, owner: MaterialOwner): Material[] {
  const [column, id] = 'draftId' in owner ? ['draft_id', owner.draftId] : ['case_id', owner.caseId]
  return db
    .all<Row>(`SELECT ${columns} FROM waiting_materials WHERE ${column} = ? ORDER BY added_at, material_id`, [id])
    .map((row) => ({
      materialId: row.material_id,
      requirementId: row.requirement_id,
      file: fileOf(row),
      addedAtUtc: row.added_at,
    }))
}

/** Takes one material away from a draft; tells whether it was there. */
export function deleteWaiting(db: SqlDatabase, draftId: string, materialId: string): boolean {
  return db.run('DELETE FROM waiting_materials WHERE draft_id = ? AND material_id = ?', [draftId, materialId]) > 0
}

/** Lets go of what was brought for a case, once an entry names it. */
export function deleteBrought(db: SqlDatabase, caseId: string): void {
  db.run('DELETE FROM waiting_materials WHERE case_id = ?', [caseId])
}

/** The facts of a file that is a material of some draft or case; undefined for any other. */
export function selectFile(db: SqlDatabase, sha256: string): StoredFile | undefined {
  const row = db.get<Row>(
    `SELECT ${columns} FROM waiting_materials WHERE sha256 = :sha256
     UNION ALL SELECT ${columns} FROM case_materials WHERE sha256 = :sha256 LIMIT 1`,
    { sha256 },
  )
  return row && fileOf(row)
}

function fileOf(row: Row): StoredFile {
  const { sha256, name, media_type: mediaType, size_bytes: sizeBytes } = row
  return storedFileSchema.parse({ sha256, name, mediaType, sizeBytes })
}

/** Gives a draft's material to another requirement. */
export function updateRequirement(db: SqlDatabase, draftId: string, materialId: string, requirementId: string): void {
  const row = [requirementId, draftId, materialId]
  db.run('UPDATE waiting_materials SET requirement_id = ? WHERE draft_id = ? AND material_id = ?', row)
}
