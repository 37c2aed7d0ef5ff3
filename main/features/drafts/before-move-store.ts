import { z } from 'zod'
import { answersSchema, materialSchema } from '../../../preload/contract/entries.ts'
import { draftThemeSchema } from '../../../preload/contract/hand-over.ts'
import type { SqlDatabase } from '../../store/index.ts'

const stateSchema = z.object({
  standardVersion: z.int(),
  theme: draftThemeSchema.nullable(),
  matterName: z.string(),
  answers: answersSchema,
  later: z.array(z.string()),
  materials: z.array(materialSchema.extend({ requirementId: z.string() })),
})

/** A draft as it was before a move. */
export type DraftBefore = z.infer<typeof stateSchema>

/** How a draft was before it was moved last; undefined where it was not. */
export function readBefore(db: SqlDatabase, draftId: string): DraftBefore | undefined {
  const row = db.get<{ state: string }>('SELECT state FROM drafts_before_move WHERE draft_id = ?', [draftId])
  return row && stateSchema.parse(JSON.parse(row.state))
}

/** Keeps it; it goes with the draft, or with the next move. */
export function writeBefore(db: SqlDatabase, draftId: string, state: DraftBefore, atUtc: string): void {
  db.run(
    `INSERT INTO drafts_before_move (draft_id, state, moved_at) VALUES (?, ?, ?)
     ON CONFLICT (draft_id) DO UPDATE SET state = excluded.state, moved_at = excluded.moved_at`,
    [draftId, JSON.stringify(state), atUtc],
  )
}
