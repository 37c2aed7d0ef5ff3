import type { EntryPayload, StoredFile } from '../../../preload/contract/entries.ts'
import { needsSeal } from '../../../preload/contract/papers.ts'
import { feedItemsOf, handedCaseOf, type Projector, type SqlDatabase } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'

/** What stands for "no promised date": after all dates. */
const noDate = '9999-12-31'

/** How long a paper that was just made waits for its seal, so that it need not go twice. */
const sealingMs = 60_000

/**
 * Which files the centre shall have, from the ledger: the materials of cases, and of each paper of a case its newest file. A
 * paper of one's own stays here: it may be anything, the register of impressions tells the centre of it by its hash.
 * The queue (`file_deliveries`) follows by triggers, in the same transaction. Of cases of another machine the files that the
 * centre hands back: those go nowhere, they come.
 */
export const filesProjector: Projector = {
  name: 'files',
  tables: ['file_dues', 'sent_files', 'handed_files', 'handed_contents'],
  kinds: [
    'case.received',
    'case.supplemented',
    'document.made',
    'document.sealed',
    'document.timestamped',
    'feed.applied',
    'payload.erased',
  ],
  apply(entry, db) {
    if (entry.kind === 'case.received') received(entry, db)
    else if (entry.kind === 'case.supplemented') {
      const { caseId, materials } = entry.payload as EntryPayload<'case.supplemented@1'>
      for (const { file } of materials) name(db, entry, caseId, 'original', file, entry.at)
    } else if (entry.kind === 'document.made') {
      const { caseId, kind, file } = entry.payload as EntryPayload<'document.made@2'>
      const waitMs = needsSeal(kind) ? sealingMs : 0
      name(db, entry, caseId, 'receipt', file, new Date(Date.parse(entry.at) + waitMs).toISOString())
    } else if (entry.kind === 'payload.erased') {
      const { subject } = entry.payload as EntryPayload<'payload.erased@1'>
      db.run('DELETE FROM sent_files WHERE case_id = ?', [subject])
      db.run('DELETE FROM file_dues WHERE case_id = ?', [subject])
      db.run('DELETE FROM handed_files WHERE case_id = ?', [subject])
      db.run('DELETE FROM handed_contents WHERE sha256 NOT IN (SELECT sha256 FROM handed_files)')
    } else if (entry.kind === 'feed.applied') {
      handedOver(entry, db)
    } else {
      const { caseId, before, file } = entry.payload as EntryPayload<'document.sealed@3' | 'document.timestamped@1'>
      if (caseId === null) return
      db.run(`DELETE FROM sent_files WHERE sha256 = ? AND case_id = ? AND class = 'receipt'`, [before, caseId])
      db.run(`DELETE FROM handed_files WHERE sha256 = ? AND case_id = ? AND class = 'receipt'`, [before, caseId])
      name(db, entry, caseId, 'receipt', file, entry.at)
    }
  },
}

function received(entry: Entry, db: SqlDatabase): void {
  const { caseId, promised, materials } = entry.payload as EntryPayload<'case.received@1'>
  db.run('INSERT INTO file_dues (case_id, due) VALUES (?, ?)', [caseId, promised.date ?? noDate])
  for (const { file } of materials) name(db, entry, caseId, 'original', file, entry.at)
}

function handedOver(entry: Entry, db: SqlDatabase): void {
  for (const item of feedItemsOf(db, entry.payload as EntryPayload<'feed.applied@1'>)) {
    const handed = handedCaseOf(item, entry.station)
    if (handed === undefined) continue
    for (const step of handed.steps)
      if ('entry' in step && step.entry !== undefined) nameHanded(step.entry, handed.caseId, db)
    for (const { sha256, original, copy } of handed.files) {
      db.run(
        `INSERT INTO handed_contents (sha256, original, copy_sha256, copy_bytes) VALUES (?, ?, ?, ?)
         ON CONFLICT (sha256) DO UPDATE SET original = max(original, excluded.original),
           copy_sha256 = coalesce(excluded.copy_sha256, copy_sha256), copy_bytes = coalesce(excluded.copy_bytes, copy_bytes)`,
        [sha256, original ? 1 : 0, copy?.sha256 ?? null, copy?.sizeBytes ?? null],
      )
    }
  }
}

type Handed = { readonly caseId: string | null; readonly before?: string; readonly file: StoredFile }

/** What a step of another machine says of files: those that it names, and the one that a newer takes the place of. */
function nameHanded(entry: Entry, caseId: string, db: SqlDatabase): void {
  if ((entry.payload as { caseId?: unknown }).caseId !== caseId) return
  if (entry.kind === 'case.received' || entry.kind === 'case.supplemented') {
    const { promised, materials } = entry.payload as EntryPayload<'case.received@1'>
    if (promised !== undefined) {
      const due = promised.date ?? noDate
      db.run('INSERT INTO file_dues (case_id, due) VALUES (?, ?) ON CONFLICT DO NOTHING', [caseId, due])
    }
    for (const { file } of materials) insertHanded(db, entry.seq, caseId, 'original', file)
  } else if (entry.kind.startsWith('document.')) {
    const { before, file } = entry.payload as Handed
    if (before !== undefined)
      db.run(`DELETE FROM handed_files WHERE sha256 = ? AND case_id = ? AND class = 'receipt'`, [before, caseId])
    insertHanded(db, entry.seq, caseId, 'receipt', file)
  }
}

function insertHanded(
  db: SqlDatabase,
  place: number,
  caseId: string,
  fileClass: 'receipt' | 'original',
  file: StoredFile,
): void {
  db.run(
    `INSERT INTO handed_files (sha256, case_id, class, name, media_type, size_bytes, place) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (sha256, case_id) DO NOTHING`,
    [file.sha256, caseId, fileClass, file.name, file.mediaType, file.sizeBytes, place],
  )
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
