import type { Notice } from '../../../preload/contract/sync.ts'
import { type DirectiveItem, directiveItemSchema } from '../../../preload/contract/wire.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** As many notices are shown. */
const mostNotices = 200

/** Something that the centre told this station to do. */
export type Directive = { readonly cursor: number; readonly action: DirectiveItem['action'] }

/** The newest notices, the newest first. */
export function selectNotices(db: SqlDatabase): Notice[] {
  type Row = { cursor: number; text: string; urgent: number; given_at: string; read_seq: number | null }
  return db
    .all<Row>('SELECT cursor, text, urgent, given_at, read_seq FROM notices ORDER BY cursor DESC LIMIT ?', [
      mostNotices,
    ])
    .map(({ cursor, text, urgent, given_at, read_seq }) => {
      return { cursor, text, urgent: urgent === 1, givenAtUtc: given_at, read: read_seq !== null }
    })
}

/** Whether a notice was read; undefined where there is none. */
export function isRead(db: SqlDatabase, cursor: number): boolean | undefined {
  const row = db.get<{ read_seq: number | null }>('SELECT read_seq FROM notices WHERE cursor = ?', [cursor])
  return row && row.read_seq !== null
}

/** How many notices nobody has read. */
export function countUnread(db: SqlDatabase): number {
  return db.get<{ found: number }>('SELECT count(*) AS found FROM notices WHERE read_seq IS NULL')?.found ?? 0
}

/** Directives after a cursor, in their order. */
export function selectDirectives(db: SqlDatabase, after: number): Directive[] {
  return db
    .all<{ cursor: number; action: string }>('SELECT cursor, action FROM directives WHERE cursor > ? ORDER BY cursor', [
      after,
    ])
    .flatMap(({ cursor, action }) => {
      const known = directiveItemSchema.shape.action.safeParse(action)
      return known.success ? [{ cursor, action: known.data }] : []
    })
}
