import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { directiveItemSchema, type FeedItem, noticeItemSchema } from '../../../preload/contract/wire.ts'
import { feedItemsOf, type Projector, type SqlDatabase } from '../../store/index.ts'

/** The centre's notices with who has read them, and its directives, from the feed. Other kinds are passed over. */
export const noticesProjector: Projector = {
  name: 'notices',
  tables: ['notices', 'directives'],
  kinds: ['feed.applied', 'notice.read'],
  apply(entry, db) {
    if (entry.kind === 'feed.applied') {
      for (const item of feedItemsOf(db, entry.payload as EntryPayload<'feed.applied@1'>)) keep(item, db)
    } else {
      const { cursor } = entry.payload as EntryPayload<'notice.read@1'>
      db.run('UPDATE notices SET read_seq = ? WHERE cursor = ? AND read_seq IS NULL', [entry.seq, cursor])
    }
  },
}

function keep({ cursor, kind, payload }: FeedItem, db: SqlDatabase): void {
  const notice = kind === 'notice.given' ? noticeItemSchema.safeParse(payload).data : undefined
  if (notice !== undefined) {
    const row = [cursor, notice.text, notice.urgent ? 1 : 0, notice.givenAtUtc]
    db.run('INSERT INTO notices (cursor, text, urgent, given_at) VALUES (?, ?, ?, ?)', row)
  }
  const directive = kind === 'directive.given' ? directiveItemSchema.safeParse(payload).data : undefined
  if (directive !== undefined) {
    const row = [cursor, directive.action, directive.givenAtUtc]
    db.run('INSERT INTO directives (cursor, action, given_at) VALUES (?, ?, ?)', row)
  }
}
