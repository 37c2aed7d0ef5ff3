import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { Projector } from '../../store/index.ts'

/** The newest result of each day. */
export const daysProjector: Projector = {
  name: 'days',
  tables: ['days_reconciled'],
  kinds: ['day.reconciled'],
  apply(entry, db) {
    const result = entry.payload as EntryPayload<'day.reconciled@1'>
    db.run(
      `INSERT INTO days_reconciled (day, seq, result) VALUES (?, ?, ?)
       ON CONFLICT (day) DO UPDATE SET seq = excluded.seq, result = excluded.result`,
      [result.day, entry.seq, JSON.stringify(result)],
    )
  },
}
