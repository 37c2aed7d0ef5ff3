import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { Projector } from '../../store/index.ts'

/** The rule of the second person follows from the ledger: nobody switches it off unseen. */
export const rulesProjector: Projector = {
  name: 'publishing-rules',
  tables: ['publishing_rules'],
  kinds: ['publishing.rule-set'],
  apply(entry, db) {
    const { secondPerson } = entry.payload as EntryPayload<'publishing.rule-set@1'>
    db.run('INSERT INTO publishing_rules (seq, second_person) VALUES (?, ?)', [entry.seq, secondPerson ? 1 : 0])
  },
}
