import type { EntryPayload, StoredFile } from '../../../preload/contract/entries.ts'
import type { Projector, SqlDatabase } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'

/** What stands for "no promised date": after all dates. */
const noDate = '9999-12-31'

/** How long a paper that was just made waits for its seal, so that it need not go twice. */
const sealingMs = 60_000

/**
 * Which files the centre shall have, from the ledger: the materials of cases, and of each paper of a case its newest file. A
 * paper of one's own stays here: it may be anything, the register of impressions tells the centre of it by its hash.
 * The queue (`file_deliveries`) follows by triggers, in the same transaction.
 */
export const filesProjector: Projector = {
  name: 'files',
  tables: ['file_dues', 'sent_files'],
  kinds: [
    'case.received',
    'case.supplemented',
    'document.made',
    'document.sealed',
    'document.timestamped',
    'payload.erased',
  ],
  apply(entry, db) {
    if (entry.kind === 'case.received') received(entry, db)
    else if (entry.kind === 'case.supplemented') {
      const { caseId, materials } = entry.payload as EntryPayload<'case.supplemented@1'>
      for (const { file } of materials) name(db, entry, caseId, 'original', file, entry.at)
    } else if (entry.kind === 'document.made') {
      const { caseId, file } = entry.payload as EntryPayload<'document.made@1'>
      const fromAt = new Date(Date.parse(entry.at) + sealingMs).toISOString()
      name(db, entry, caseId, 'receipt', file, fromAt)
    } else if (entry.kind === 'payload.erased') {
      const { subject } = entry.payload as EntryPayload<'payload.erased@1'>
      db.run('DELETE FROM sent_files WHERE case_id = ?', [subject])
      db.run('DELETE FROM file_dues WHERE case_id = ?', [subject])
    } else {
      const { caseId, before, file } = entry.payload as EntryPayload<'document.sealed@2' | 'document.timestamped@1'>
      if (caseId === null) return
      db.run(`DELETE FROM sent_files WHERE sha256 = ? AND case_id = ? AND class = 'receipt'`, [before, caseId])
      name(db, entry, caseId, 'receipt', file, entry.at)
    }
  },
}

function received(entry: Entry, db: SqlDatabase): void {
  const { caseId, promised, materials } = entry.payload as EntryPayload<'case.received@1'>
  db.run('INSERT INTO file_dues (case_id, due) VALUES (?, ?)', [caseId, promised.date ?? noDate])
  for (const { file } of materials) name(db, entry, caseId, 'original', file, entry.at)
}

/** The same bytes twice in one case are one file. */
function name(
  db: SqlDatabase,
  entry: Entry,
  caseId: string,
  fileClass: 'receipt' | 'original',
  file: StoredFile,
  fromAt: string,
): void {
  db.run(
    `INSERT INTO sent_files (sha256, case_id, class, name, media_type, size_bytes, seq, due, from_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, coalesce((SELECT due FROM file_dues WHERE case_id = ?), ?), ?)
     ON CONFLICT (sha256, case_id) DO NOTHING`,
    [
      ...[file.sha256, caseId, fileClass, file.name, file.mediaType, file.sizeBytes, entry.seq],
      ...[caseId, noDate, fromAt],
    ],
  )
}
