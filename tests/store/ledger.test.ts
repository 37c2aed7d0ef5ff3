import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalBytes } from '../../main/wire/canonical.ts'
import { rawConnection } from '../helpers/raw-store.ts'
import {
  appendAll,
  draftOf,
  failureOf,
  newStationStore,
  notesProjector,
  notesTables,
  openTestStore,
  settableClock,
  temporaryFolder,
} from '../helpers/store.ts'

test('numbers entries from 1 without a gap and chains them', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  const entries = appendAll(store, [draftOf(), draftOf(), draftOf()])
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect(entries[2]?.prev).toBe(entries[1]?.hash)
  expect(store.ledger.readEntries({ from: 2, limit: 1 })).toEqual([{ ...entries[1], erased: false }])
  expect(store.ledger.verify()).toEqual({ ok: true, head: { seq: 3, hash: entries[2]?.hash }, count: 3 })
  store.close()
})

test('leaves nothing of a transaction that throws', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  const [kept] = appendAll(store, [draftOf()])
  expect(() =>
    store.transaction(() => {
      store.ledger.append([draftOf(), draftOf()])
      throw new Error('printer on fire')
    }),
  ).toThrow('printer on fire')
  expect(store.ledger.head()).toEqual({ seq: 1, hash: kept?.hash })
  store.close()
})

test('leaves nothing of an append whose projector fails, even when the caller goes on', () => {
  using folder = temporaryFolder()
  const failing = {
    name: 'failing',
    tables: [],
    kinds: ['note.refused'],
    apply: () => {
      throw new Error('no such note')
    },
  }
  const store = newStationStore(folder.path, { projectors: [failing] })
  store.transaction(() => {
    expect(() => store.ledger.append([draftOf(), draftOf({ kind: 'note.refused' })])).toThrow('no such note')
    store.ledger.append([draftOf({ subject: 'kept' })])
  })
  expect(store.ledger.readEntries({}).map(({ seq, subject }) => [seq, subject])).toEqual([[1, 'kept']])
  store.close()
})

test('appends only inside a transaction', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  expect(() => store.ledger.append([draftOf()])).toThrow('inside store.transaction')
  store.close()
})

test('refuses to append before the station is known', async () => {
  using folder = temporaryFolder()
  const store = openTestStore(folder.path)
  expect(await failureOf(() => appendAll(store, [draftOf()]))).toEqual({
    code: 'NOT_FOUND',
    details: { what: 'station' },
  })
  store.close()
})

test('tells listeners of appended entries after the commit and never of undone ones', async () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  const heard: number[][] = []
  const stop = store.ledger.onAppended((entries) => heard.push(entries.map(({ seq }) => seq)))
  store.transaction(() => {
    store.ledger.append([draftOf()])
    expect(() =>
      store.transaction(() => {
        store.ledger.append([draftOf()])
        throw new Error('undone')
      }),
    ).toThrow('undone')
    store.ledger.append([draftOf()])
    expect(heard).toEqual([])
  })
  await new Promise((resolve) => setImmediate(resolve))
  stop()
  appendAll(store, [draftOf()])
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual([[1], [2]])
  store.close()
})

test('checks the chain in steps while others append and erase', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  const subjects = Array.from({ length: 1200 }, (_, i) => `case-${i % 7}`)
  appendAll(
    store,
    subjects.map((subject) => draftOf({ subject })),
  )
  const head = store.ledger.head()
  store.ledger.acknowledge(head)
  const steps = store.ledger.verifySteps()
  expect(steps.next()).toEqual({ done: false, value: 500 })
  store.ledger.erase({ subject: 'case-3', actor: 'administrator', reason: '期满' })
  appendAll(store, [draftOf({ subject: 'new' })])
  expect(steps.next()).toEqual({ done: false, value: 1000 })
  expect(steps.next()).toEqual({ done: true, value: { ok: true, head, count: 1200 } })
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: 1202 })
  store.close()
})

test('signs a head so that the public key proves it', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  appendAll(store, [draftOf()])
  const head = store.ledger.head()
  const { id, publicKey } = store.station.read()
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  const signature = Buffer.from(store.station.signHead(head), 'base64')
  expect(verify(null, canonicalBytes({ station: id, ...head }), key, signature)).toBe(true)
  store.close()
})

test('reads old payloads through upcasters and keeps what was written', () => {
  using folder = temporaryFolder()
  const seen: unknown[] = []
  const projector = {
    name: 'seen',
    tables: [],
    kinds: ['note.written'],
    apply: (entry: { version: number; payload: unknown }) => {
      seen.push([entry.version, entry.payload])
    },
  }
  const upcasters = [
    { kind: 'note.written', from: 1, up: (payload: unknown) => ({ body: (payload as { text: string }).text }) },
    { kind: 'note.written', from: 2, up: (payload: unknown) => ({ ...(payload as object), lines: 1 }) },
  ]
  const store = newStationStore(folder.path, { projectors: [projector], upcasters })
  const [entry] = appendAll(store, [draftOf({ payload: { text: 'a' } })])
  expect(entry?.payload).toEqual({ text: 'a' })
  expect(store.ledger.readEntries({})[0]?.payload).toEqual({ text: 'a' })
  expect(seen).toEqual([[3, { body: 'a', lines: 1 }]])
  store.close()
})

test('erases a subject, says so, still verifies, and rebuilds to the same rows', async () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path, { projectors: [notesProjector], clock: settableClock() })
  rawExec(folder.path, notesTables)
  const subject = 'case-1'
  appendAll(store, [draftOf({ subject }), draftOf({ subject: 'case-2' }), draftOf({ subject })])
  const erasure = { subject, actor: 'administrator', reason: '保存期限届满' }
  expect(await failureOf(() => store.ledger.erase(erasure))).toEqual({
    code: 'NOT_ALLOWED',
    details: { reason: 'not-acknowledged' },
  })
  store.ledger.acknowledge(store.ledger.head())

  const entry = store.ledger.erase(erasure)

  expect([entry.kind, entry.payload]).toEqual(['payload.erased', { subject, reason: '保存期限届满' }])
  expect(store.ledger.entriesOf(subject).map(({ payload, erased }) => [payload, erased])).toEqual([
    [null, true],
    [null, true],
  ])
  expect(store.ledger.secretOf(subject)).toBeUndefined()
  expect(store.ledger.verify().ok).toBe(true)
  const before = store.ledger.snapshotTables()
  expect(before.notes).toHaveLength(1)
  expect(store.ledger.rebuild()).toBe(4)
  expect(store.ledger.snapshotTables()).toEqual(before)
  expect(await failureOf(() => appendAll(store, [draftOf({ subject })]))).toEqual({
    code: 'NOT_ALLOWED',
    details: { reason: 'subject-erased' },
  })
  expect(await failureOf(() => store.ledger.erase(erasure))).toEqual({
    code: 'NOT_ALLOWED',
    details: { reason: 'already-erased' },
  })
  store.close()
})

test('takes acknowledgements forward only and refuses a foreign one', async () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  const [first, second] = appendAll(store, [draftOf(), draftOf()])
  store.ledger.acknowledge({ seq: 2, hash: second?.hash ?? '' })
  store.ledger.acknowledge({ seq: 1, hash: first?.hash ?? '' })
  expect(store.ledger.acknowledged()).toEqual({ seq: 2, hash: second?.hash })
  const fork = { code: 'LEDGER_FORKED', details: { seq: 1 } }
  expect(await failureOf(() => store.ledger.acknowledge({ seq: 1, hash: 'f'.repeat(64) }))).toEqual(fork)
  expect(await failureOf(() => store.ledger.acknowledge({ seq: 9, hash: 'f'.repeat(64) }))).toEqual({
    code: 'LEDGER_FORKED',
    details: { seq: 9 },
  })
  store.close()
})

function rawExec(folder: string, sql: string): void {
  using raw = rawConnection(folder)
  raw.connection.exec(sql)
}

test.each([
  ['changes an entry', "UPDATE entries SET actor = 'other' WHERE seq = 1", 'may only lose its payload'],
  ['rewrites a payload', "UPDATE entries SET payload = '{}' WHERE seq = 1", 'may only lose its payload'],
  ['restores an erased payload', "UPDATE entries SET payload = 'x' WHERE seq = 2", 'may only lose its payload'],
  ['deletes an entry', 'DELETE FROM entries WHERE seq = 2', 'never deleted'],
  ['leaves a gap', insertSql(7), 'must follow'],
  ['replaces an entry', insertSql(1).replace('INSERT', 'INSERT OR REPLACE'), 'must follow'],
  ['breaks the chain', insertSql(3), 'must follow'],
])('the database refuses SQL that %s', (_what, sql, message) => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  appendAll(store, [draftOf(), draftOf()])
  expect(() => store.db.run(sql)).toThrow(message)
  expect(store.ledger.verify()).toMatchObject({ ok: true, count: 2 })
  store.close()
})

function insertSql(seq: number): string {
  return `INSERT INTO entries (seq, kind, version, subject, actor, at, payload, payload_digest, prev, hash)
    VALUES (${seq}, 'k', 1, 's', 'a', 't', '{}', 'd', 'p', 'h')`
}

test.each([
  ['a missing entry', 'DELETE FROM entries WHERE seq = 2', { brokenAt: 2, reason: 'gap' }],
  ['a changed actor', "UPDATE entries SET actor = 'x' WHERE seq = 2", { brokenAt: 2, reason: 'hash' }],
  ['a changed payload', "UPDATE entries SET payload = '{}' WHERE seq = 3", { brokenAt: 3, reason: 'payload' }],
  [
    'a payload gone in silence',
    'UPDATE entries SET payload = NULL WHERE seq = 1',
    { brokenAt: 1, reason: 'payload-missing' },
  ],
  ['a lost secret', "DELETE FROM subject_secrets WHERE subject = 's2'", { brokenAt: 2, reason: 'secret-missing' }],
  ['another chain behind', 'UPDATE entries SET prev = hash WHERE seq = 2', { brokenAt: 2, reason: 'previous-hash' }],
  [
    'an erasure without its entry',
    `UPDATE entries SET payload = NULL WHERE seq = 1;
     UPDATE subject_secrets SET secret = NULL WHERE subject = 's1'`,
    { brokenAt: 3, reason: 'erasure-untold' },
  ],
  ['a cut tail', 'DELETE FROM entries WHERE seq = 3', { brokenAt: 3, reason: 'tail-missing' }],
  ['another station', "UPDATE station SET id = '440282104208-2'", { brokenAt: 1, reason: 'hash' }],
])('verify finds %s', (_what, sql, verdict) => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  appendAll(
    store,
    ['s1', 's2', 's3'].map((subject) => draftOf({ subject })),
  )
  store.ledger.acknowledge(store.ledger.head())
  rawExec(folder.path, `DROP TRIGGER entries_are_never_deleted; DROP TRIGGER entries_change_only_by_erasure; ${sql}`)
  expect(store.ledger.verify()).toEqual({ ok: false, ...verdict })
  store.close()
})

test('a rebuild refuses to reach into tables that the ledger cannot refill', () => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path, { projectors: [notesProjector] })
  rawExec(
    folder.path,
    `${notesTables} CREATE TABLE stamps (note INTEGER REFERENCES notes (seq) ON DELETE CASCADE) STRICT;
     CREATE TABLE marks (note INTEGER REFERENCES notes (seq)) STRICT;`,
  )
  appendAll(store, [draftOf()])
  store.db.run('INSERT INTO stamps VALUES (1)')
  expect(() => store.ledger.rebuild()).toThrow('stamps must not follow the projector table notes')
  expect(store.db.all('SELECT note FROM stamps')).toEqual([{ note: 1 }])
  store.close()
})

test('a table that two projectors claim is refused at start', () => {
  using folder = temporaryFolder()
  const projectors = [notesProjector, { ...notesProjector, name: 'copy' }]
  expect(() => newStationStore(folder.path, { projectors })).toThrow('copy claims the table note_books')
})

test.each([
  ['the last entry', 'SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1', []],
  ['a range', 'SELECT payload FROM entries WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?', [1, 9, 9]],
  ['a subject', 'SELECT payload FROM entries WHERE subject = ? ORDER BY seq', ['s']],
  ['a kind', 'SELECT payload FROM entries WHERE kind = ? ORDER BY seq', ['k']],
])('finds %s by an index and sorts nothing', (_what, sql, parameters) => {
  using folder = temporaryFolder()
  const store = newStationStore(folder.path)
  const plan = store.db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters)
  const details = plan.map(({ detail }) => detail).join('; ')
  expect(details).toMatch(/USING INDEX|USING INTEGER PRIMARY KEY|SCAN entries$/)
  expect(details).not.toContain('TEMP B-TREE')
  store.close()
})
