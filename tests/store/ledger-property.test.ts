import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Store } from '../../main/store/index.ts'
import { rawConnection } from '../helpers/raw-store.ts'
import {
  appendAll,
  copyAsAfterCrash,
  draftOf,
  newStationStore,
  notesProjector,
  notesTables,
  openTestStore,
  temporaryFolder,
} from '../helpers/store.ts'

type Operation =
  | { readonly do: 'append'; readonly notes: readonly { readonly subject: number; readonly text: string }[] }
  | { readonly do: 'fail'; readonly subject: number; readonly after: number; readonly nested: boolean }
  | { readonly do: 'acknowledge' }
  | { readonly do: 'erase'; readonly subject: number }
  | { readonly do: 'crash'; readonly within: boolean }
  | { readonly do: 'tear'; readonly keepPart: number }

const subject = fc.nat(4)
const operations = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        notes: fc.array(fc.record({ subject, text: fc.string({ unit: 'binary', maxLength: 40 }) }), { maxLength: 4 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('fail' as const), subject, after: fc.nat(3), nested: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('acknowledge' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), subject }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), within: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('tear' as const), keepPart: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
  ),
  { maxLength: 25 },
)

test('any operations with any crashes leave a gapless valid chain that rebuilds to the same rows', () => {
  fc.assert(
    fc.property(operations, (list) => {
      using folder = temporaryFolder()
      const world = newWorld(folder.path)
      try {
        for (const operation of list) {
          perform(world, operation)
          expect(world.store.ledger.verify()).toMatchObject({ ok: true, count: world.count })
        }
        const before = world.store.ledger.snapshotTables()
        expect(before.notes).toHaveLength(notesAlive(world.store))
        expect(world.store.ledger.rebuild()).toBe(world.count)
        expect(world.store.ledger.snapshotTables()).toEqual(before)
      } finally {
        world.store.close()
      }
    }),
    { numRuns: 150 },
  )
})

type World = { store: Store; folder: string; readonly root: string; crashes: number; count: number }

function newWorld(root: string): World {
  const store = newStationStore(root, { projectors: [notesProjector] })
  {
    using raw = rawConnection(root)
    raw.connection.exec(notesTables)
    raw.connection.pragma('wal_checkpoint(TRUNCATE)') // a torn log then loses entries, never the tables
  }
  return { store, folder: root, root, crashes: 0, count: 0 }
}

function perform(world: World, operation: Operation): void {
  const { ledger } = world.store
  switch (operation.do) {
    case 'append': {
      const notes = operation.notes.filter((note) => !ledger.isErased(nameOf(note.subject)))
      appendAll(
        world.store,
        notes.map((note) => draftOf({ subject: nameOf(note.subject), payload: { text: note.text } })),
      )
      world.count += notes.length
      return
    }
    case 'fail':
      failMidway(world, operation.after, operation.nested)
      return
    case 'acknowledge':
      ledger.acknowledge(ledger.head())
      return
    case 'erase': {
      ledger.acknowledge(ledger.head())
      if (ledger.secretOf(nameOf(operation.subject)) === undefined) return
      ledger.erase({ subject: nameOf(operation.subject), actor: 'administrator', reason: '期满' })
      world.count += 1
      return
    }
    case 'crash':
      if (operation.within) crashWithin(world)
      else reopen(world, 1)
      return
    case 'tear':
      reopen(world, operation.keepPart)
      return
  }
}

function failMidway(world: World, after: number, nested: boolean): void {
  const fail = () => {
    world.store.transaction(() => {
      for (let i = 0; i <= after; i += 1) world.store.ledger.append([draftOf({ subject: 'failing' })])
      throw new Error('midway')
    })
  }
  if (!nested) {
    expect(fail).toThrow('midway')
    return
  }
  world.store.transaction(() => {
    world.store.ledger.append([draftOf({ subject: 'around' })])
    expect(fail).toThrow('midway')
    world.store.ledger.append([draftOf({ subject: 'around' })])
  })
  world.count += 2
}

/** The power goes while a transaction has written but not committed. */
function crashWithin(world: World): void {
  const next = nextFolder(world)
  expect(() =>
    world.store.transaction(() => {
      world.store.ledger.append([draftOf({ payload: { text: 'x'.repeat(10_000) } })])
      copyAsAfterCrash(world.folder, next)
      throw new Error('power cut')
    }),
  ).toThrow('power cut')
  takeOver(world, next)
}

/** The power goes; of the log only a part had reached the disk. A torn log may lose the end, never the middle. */
function reopen(world: World, keepPart: number): void {
  const next = nextFolder(world)
  copyAsAfterCrash(world.folder, next)
  if (keepPart < 1) {
    const log = join(next, 'station.db-wal')
    const bytes = readFileSync(log)
    truncateSync(log, Math.floor(bytes.length * keepPart))
    if (keepPart === 0) writeFileSync(log, '')
  }
  const before = world.count
  takeOver(world, next)
  const found = world.store.ledger.head().seq
  expect(found).toBeLessThanOrEqual(before)
  if (keepPart === 1) expect(found).toBe(before)
  world.count = found
}

function nextFolder(world: World): string {
  world.crashes += 1
  return join(world.root, `after-${world.crashes}`)
}

function takeOver(world: World, folder: string): void {
  world.store.close()
  world.folder = folder
  world.store = openTestStore(folder, { projectors: [notesProjector] })
}

function nameOf(subjectNumber: number): string {
  return `case-${subjectNumber}`
}

function notesAlive(store: Store): number {
  return store.ledger.readEntries({}).filter(({ kind, erased }) => kind === 'note.written' && !erased).length
}
