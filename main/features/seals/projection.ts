import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { Projector } from '../../store/index.ts'

/** 用印登记: every impression, from the ledger. */
export const sealsProjector: Projector = {
  name: 'seals',
  tables: ['seal_impressions'],
  kinds: ['document.sealed', 'payload.erased'],
  apply(entry, db) {
    if (entry.kind === 'payload.erased') {
      const { subject } = entry.payload as EntryPayload<'payload.erased@1'>
      db.run('DELETE FROM seal_impressions WHERE case_id = ?', [subject])
      return
    }
    const { sealId, documentId, caseId } = entry.payload as EntryPayload<'document.sealed@1'>
    db.run(
      `INSERT INTO seal_impressions (seq, seal_id, document_id, case_id, sealed_by, sealed_at) VALUES (?, ?, ?, ?, ?, ?)`,
      [entry.seq, sealId, documentId, caseId, entry.actor, entry.at],
    )
  },
}
