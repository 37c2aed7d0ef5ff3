import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listBackups } from '../../main/store/index.ts'
import { schemaVersion } from '../../main/store/migrate.ts'
import { type Migration, migrations } from '../../main/store/migrations/index.ts'
import { rawConnection } from '../helpers/raw-store.ts'
import {
  appendAll,
  draftOf,
  failureOf,
  newStationStore,
  notesProjector,
  openTestStore,
  temporaryFolder,
} from '../helpers/store.ts'

const next = migrations.length + 1
const notes: Migration = {
  version: next,
  name: 'notes',
  sql: `CREATE TABLE note_books (subject TEXT PRIMARY KEY, notes INTEGER NOT NULL) STRICT;
    CREATE TABLE notes (seq INTEGER PRIMARY KEY, subject TEXT NOT NULL REFERENCES note_books (subject), text TEXT NOT NULL) STRICT;`,
  rebuilds: true,
}

test('every migration has a file of its number and name, in order', () => {
  const files = readdirSync(join(import.meta.dirname, '../../main/store/migrations')).filter(
    (name) => name !== 'index.ts',
  )
  const expected = migrations.map(({ version, name }) => `${String(version).padStart(4, '0')}-${name}.ts`)
  expect(files.toSorted()).toEqual(expected)
})

test.each(migrations.map(({ version }) => version).slice(1))(
  'migrates to %i from the one before and keeps the ledger',
  (version) => {
    using folder = temporaryFolder()
    const old = newStationStore(folder.path, { migrations: migrations.slice(0, version - 1) })
    appendAll(old, [draftOf(), draftOf()])
    const head = old.ledger.head()
    old.close()
    const store = openTestStore(folder.path, { migrations: migrations.slice(0, version) })
    expect(store.schemaVersion).toBe(version)
    expect(store.ledger.verify()).toEqual({ ok: true, head, count: 2 })
    store.close()
  },
)

test('leaves a draft of the version before as it was, with no photograph lost', () => {
  using folder = temporaryFolder()
  const old = newStationStore(folder.path, { migrations: migrations.slice(0, 6) })
  const told = {
    draft_id: 'd',
    item_id: 'i',
    matter_name: '高龄津贴',
    answers: '{"name":"测试人甲"}',
    later: '["form"]',
  }
  const rest = { applicant_name: '测试人甲', created_by: 'clerk', created_at: 't1', updated_at: 't2', revision: 3 }
  const row = { ...told, ...rest, standard_version: 1 }
  const names = Object.keys(row)
  old.db.run(`INSERT INTO drafts (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, Object.values(row))
  old.close()
  const store = openTestStore(folder.path, { migrations: migrations.slice(0, 7) })
  const drafts = store.db.all('SELECT * FROM drafts')
  store.close()
  expect(drafts).toEqual([{ ...row, lost_photos: '[]' }])
})

test('leaves a working copy one that writes where those come that take a document out', () => {
  using folder = temporaryFolder()
  const old = newStationStore(folder.path, { migrations: migrations.slice(0, 14) })
  old.db.run(`INSERT INTO standard_copies (copy_id, kind, document_id, base_sha256, body, revision, release, created_by,
    updated_at) VALUES ('c', 'matter', 'i', 'h', '{}', 3, '', 'admin', 't')`)
  old.close()
  const store = openTestStore(folder.path, { migrations: migrations.slice(0, 15) })
  const copies = store.db.all('SELECT copy_id, body, revision, removes FROM standard_copies')
  store.close()
  expect(copies).toEqual([{ copy_id: 'c', body: '{}', revision: 3, removes: 0 }])
})

test('leaves a draft of one matter what it is where drafts of themes come', () => {
  using folder = temporaryFolder()
  const old = newStationStore(folder.path, { migrations: migrations.slice(0, 10) })
  old.db.run(`INSERT INTO drafts (draft_id, item_id, matter_name, standard_version, revision, answers, later, applicant_name,
    created_by, created_at, updated_at) VALUES ('d', 'i', '高龄津贴', 1, 3, '{"name":"测试人甲"}', '[]', '', 'clerk', 't', 't')`)
  old.close()
  const store = openTestStore(folder.path, { migrations: migrations.slice(0, 11) })
  const drafts = store.db.all('SELECT draft_id, answers, theme FROM drafts')
  store.close()
  expect(drafts).toEqual([{ draft_id: 'd', answers: '{"name":"测试人甲"}', theme: '' }])
})

test('backs up before it migrates and fills new projector tables from the ledger', () => {
  using folder = temporaryFolder()
  const old = newStationStore(folder.path)
  appendAll(old, [
    draftOf({ subject: 'a', payload: { text: '一' } }),
    draftOf({ subject: 'a', payload: { text: '二' } }),
  ])
  old.close()
  const store = openTestStore(folder.path, { migrations: [...migrations, notes], projectors: [notesProjector] })
  expect(store.ledger.snapshotTables()).toEqual({
    note_books: [{ subject: 'a', notes: 2 }],
    notes: [
      { seq: 1, subject: 'a', text: '一' },
      { seq: 2, subject: 'a', text: '二' },
    ],
  })
  store.close()
  const copies = listBackups(join(folder.path, 'backups'))
  expect(copies.map((file) => file.endsWith(`-v${migrations.length}.db`))).toEqual([true])
})

test('stays at the old version, rows and all, when a migration fails', () => {
  using folder = temporaryFolder()
  const old = newStationStore(folder.path)
  appendAll(old, [draftOf()])
  old.close()
  const broken = {
    version: next,
    name: 'broken',
    sql: 'CREATE TABLE half (a TEXT) STRICT; CREATE TABLE half (a TEXT) STRICT;',
  }
  expect(() => openTestStore(folder.path, { migrations: [...migrations, broken] })).toThrow('already exists')
  const store = openTestStore(folder.path)
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: 1 })
  expect(store.db.get('SELECT name FROM sqlite_schema WHERE name = ?', ['half'])).toBeUndefined()
  store.close()
})

test('refuses a migration that breaks foreign keys', () => {
  using folder = temporaryFolder()
  newStationStore(folder.path).close()
  const sql = `CREATE TABLE p (id TEXT PRIMARY KEY) STRICT; CREATE TABLE c (p TEXT REFERENCES p (id)) STRICT;
    INSERT INTO c VALUES ('nobody');`
  const dangling = { version: next, name: 'dangling', sql }
  expect(() => openTestStore(folder.path, { migrations: [...migrations, dangling] })).toThrow('breaks foreign keys')
})

test('refuses a database of a newer program and leaves it as it is', async () => {
  using folder = temporaryFolder()
  newStationStore(folder.path, { migrations: [...migrations, notes] }).close()
  expect(await failureOf(() => openTestStore(folder.path))).toEqual({
    code: 'STORE_FROM_NEWER_VERSION',
    details: { found: next, known: migrations.length },
  })
  using raw = rawConnection(folder.path)
  expect(schemaVersion(raw.connection)).toBe(next)
})

test('refuses to start with a landed migration that was changed', () => {
  using folder = temporaryFolder()
  newStationStore(folder.path, { migrations: [...migrations, notes] }).close()
  const changed = [...migrations, { ...notes, sql: `${notes.sql}\nCREATE TABLE more (a TEXT) STRICT;` }]
  expect(() => openTestStore(folder.path, { migrations: changed })).toThrow('was changed since')
})
