import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { Projector } from '../../store/index.ts'

/** Documents of cases, and which cases still lack their receipt, from the ledger. */
export const documentsProjector: Projector = {
  name: 'documents',
  tables: ['documents', 'receipts_due'],
  kinds: ['case.received', 'document.made', 'document.sealed', 'payload.erased'],
  apply(entry, db) {
    if (entry.kind === 'case.received') {
      const { caseId, receivedAtUtc } = entry.payload as EntryPayload<'case.received@1'>
      db.run('INSERT INTO receipts_due (case_id, received_at) VALUES (?, ?)', [caseId, receivedAtUtc])
    } else if (entry.kind === 'document.made') {
      const { documentId, caseId, kind, file, quotesSeq, quotesHash, unprintable } =
        entry.payload as EntryPayload<'document.made@1'>
      db.run(
        `INSERT INTO documents (document_id, case_id, kind, made_seq, made_at, quotes_seq, quotes_hash, unprintable,
           sha256, name, size_bytes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          documentId,
          caseId,
          kind,
          entry.seq,
          entry.at,
          quotesSeq,
          quotesHash,
          unprintable.join(''),
          file.sha256,
          file.name,
          file.sizeBytes,
        ],
      )
      db.run('DELETE FROM receipts_due WHERE case_id = ?', [caseId])
    } else if (entry.kind === 'document.sealed') {
      const { documentId, file } = entry.payload as EntryPayload<'document.sealed@1'>
      db.run('UPDATE documents SET sha256 = ?, name = ?, size_bytes = ?, sealed_seq = ? WHERE document_id = ?', [
        file.sha256,
        file.name,
        file.sizeBytes,
        entry.seq,
        documentId,
      ])
    } else {
      const { subject } = entry.payload as EntryPayload<'payload.erased@1'>
      db.run('DELETE FROM documents WHERE case_id = ?', [subject])
      db.run('DELETE FROM receipts_due WHERE case_id = ?', [subject])
    }
  },
}
