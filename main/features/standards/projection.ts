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

/** Which release went to which stick follows from the ledger too: a number that is out is used up, whatever happens to this machine. */
export const writtenProjector: Projector = {
  name: 'releases-written',
  tables: ['releases_written'],
  kinds: ['publishing.written'],
  apply(entry, db) {
    const { sha256, stick, outcome } = entry.payload as EntryPayload<'publishing.written@1'>
    if (outcome === 'begun')
      db.run('INSERT INTO releases_written (seq, sha256, stick, account, at) VALUES (?, ?, ?, ?, ?)', [
        ...[entry.seq, sha256, stick, entry.actor, entry.at],
      ])
    else
      db.run(
        `DELETE FROM releases_written WHERE seq =
           (SELECT max(seq) FROM releases_written WHERE sha256 = ? AND stick = ? AND account = ?)`,
        [sha256, stick, entry.actor],
      )
  },
}
