import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { paperWords } from '../../../preload/contract/standards/code-words.ts'
import { feedItemsOf, handedCaseOf, type Projector, type SqlDatabase, type Upcaster } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'

/** Until version 2 there was the receipt alone, in the program's own words. */
export const madeUpcaster: Upcaster = {
  kind: 'document.made',
  from: 1,
  up: (payload): EntryPayload<'document.made@2'> => ({
    ...(payload as EntryPayload<'document.made@1'>),
    ...{ asOfUtc: null, template: null, templateFailed: '' },
  }),
}

/** Documents with their newest file, and which cases still lack their receipt, from the ledger; those of cases of another machine from the centre's feed. */
export const documentsProjector: Projector = {
  name: 'documents',
  tables: ['documents', 'receipts_due'],
  kinds: [
    'case.received',
    'document.made',
    'document.sealed',
    'document.timestamped',
    'feed.applied',
    'payload.erased',
  ],
  apply(entry, db) {
    if (entry.kind === 'case.received') {
      const { caseId, receivedAtUtc } = entry.payload as EntryPayload<'case.received@1'>
      db.run('INSERT INTO receipts_due (case_id, received_at) VALUES (?, ?)', [caseId, receivedAtUtc])
    } else if (entry.kind === 'feed.applied') {
      handedOver(entry, db)
    } else if (entry.kind !== 'payload.erased') {
      applyDocument(entry, db)
    } else {
      const { subject } = entry.payload as EntryPayload<'payload.erased@1'>
      db.run('DELETE FROM documents WHERE case_id = ?', [subject])
      db.run('DELETE FROM documents WHERE document_id = ?', [subject])
      db.run('DELETE FROM receipts_due WHERE case_id = ?', [subject])
    }
  },
}

function applyDocument(entry: Entry, db: SqlDatabase): void {
  if (entry.kind === 'document.made') made(entry, db)
  else if (entry.kind === 'document.sealed') sealed(entry, db)
  else if (entry.kind === 'document.timestamped') timestamped(entry, db)
}

/** Papers that other machines made of cases that are this one's now; their files come by and by (files). */
function handedOver(entry: Entry, db: SqlDatabase): void {
  for (const item of feedItemsOf(db, entry.payload as EntryPayload<'feed.applied@1'>)) {
    const handed = handedCaseOf(item, entry.station)
    for (const step of handed?.steps ?? []) {
      const of = 'entry' in step ? (step.entry?.payload as { caseId?: unknown } | undefined)?.caseId : undefined
      if ('entry' in step && step.entry !== undefined && of === handed?.caseId) applyDocument(step.entry, db)
    }
  }
}

function timestamped(entry: Entry, db: SqlDatabase): void {
  const { documentId, file, atUtc } = entry.payload as EntryPayload<'document.timestamped@1'>
  db.run('UPDATE documents SET sha256 = ?, name = ?, size_bytes = ?, timestamped_at = ? WHERE document_id = ?', [
    ...[file.sha256, file.name, file.sizeBytes, atUtc, documentId],
  ])
}

function made(entry: Entry, db: SqlDatabase): void {
  // What another machine wrote comes as it was written.
  const payload = (
    entry.version === 1 ? madeUpcaster.up(entry.payload) : entry.payload
  ) as EntryPayload<'document.made@2'>
  const { documentId, caseId, kind, file, quotesSeq, quotesHash, unprintable, asOfUtc, template } = payload
  db.run(
    `INSERT INTO documents (document_id, case_id, kind, title, made_seq, made_at, quotes_seq, quotes_hash, unprintable,
       sha256, name, size_bytes, impressions, as_of, template_id, template_version, template_failed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [
      ...[documentId, caseId, kind, paperWords[kind], entry.seq, entry.at, quotesSeq, quotesHash],
      ...[unprintable.join(''), file.sha256, file.name, file.sizeBytes],
      ...[asOfUtc, template?.templateId ?? null, template?.version ?? null, payload.templateFailed],
    ],
  )
  if (kind === 'receipt') db.run('DELETE FROM receipts_due WHERE case_id = ?', [caseId])
}

/** A paper of one's own is first told by the entry of its first impression. A new impression wants a new timestamp. */
function sealed(entry: Entry, db: SqlDatabase): void {
  const { documentId, kind, title, file } = entry.payload as EntryPayload<'document.sealed@3'>
  if (kind === 'own') {
    db.run(
      `INSERT INTO documents (document_id, case_id, kind, title, made_seq, made_at, unprintable, sha256, name,
         size_bytes, impressions, template_failed)
       VALUES (?, NULL, 'own', ?, ?, ?, '', ?, ?, ?, 0, '') ON CONFLICT (document_id) DO NOTHING`,
      [documentId, title, entry.seq, entry.at, file.sha256, file.name, file.sizeBytes],
    )
  }
  db.run(
    `UPDATE documents SET sha256 = ?, name = ?, size_bytes = ?, sealed_seq = ?, impressions = impressions + 1,
       timestamped_at = NULL
     WHERE document_id = ?`,
    [file.sha256, file.name, file.sizeBytes, entry.seq, documentId],
  )
}
