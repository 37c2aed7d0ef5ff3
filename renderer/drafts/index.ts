// Owns: what was typed into drafts, working copies and the publishing screen and not yet acknowledged by the desk, and a copy of the standards for instant forms (IndexedDB).
// Does not own: drafts. The desk's encrypted store holds them; nothing here counts once the desk has acknowledged it.
// Start here: openJournal, then recordAnswer or recordText at every keystroke and acknowledge after every save.

import type { Answers } from '../../preload/contract/entries.ts'
import type { MatterStandard } from '../../preload/contract/standard.ts'
import { databaseName, declareDatabase } from './database.ts'
import { createJournalCipher } from './journal-cipher.ts'

/** One answer as it was typed; `gone` where the clerk emptied the field. */
export type JournalAnswer =
  | { readonly name: string; readonly value: Answers[string] }
  | { readonly name: string; readonly gone: true }

/** What a draft has in the journal: the answers in the order typed, and how many rows another key had written. */
type PendingAnswers = {
  readonly answers: readonly JournalAnswer[]
  /** Covers every row read; what `acknowledge` takes once the desk holds them. 0 when there are none. */
  readonly upTo: number
  /** Rows of another key or with changed bytes: they cannot be read any more. */
  readonly unreadable: number
}

/** The whole text of a working copy as it was typed, and the texts by their digests on which it was typed. */
export type JournalText = { readonly text: string; readonly seen: readonly string[] }

/** The journal of one station on this machine. */
export type DraftJournal = {
  /** Writes down one changed answer. Resolves once it is in the browser's storage, with the row's mark. */
  recordAnswer(draftId: string, answer: JournalAnswer): Promise<number>
  /** Writes down the whole text of a working copy in the place of the one before; calls of one copy must follow one another. */
  recordText(copyId: string, typed: JournalText): Promise<number>
  /** The text that the desk has not acknowledged of a working copy; null for none, or one that cannot be read any more. */
  pendingText(copyId: string): Promise<(JournalText & { readonly upTo: number }) | null>
  /** Forgets the rows of a draft or working copy up to a mark: the desk holds them durably. */
  acknowledge(draftId: string, upTo: number): Promise<void>
  /** What the desk has not acknowledged of a draft. */
  pending(draftId: string): Promise<PendingAnswers>
  /** Forgets a draft that was taken in, or a draft or working copy that was thrown away. */
  forget(draftId: string): Promise<void>
  /** The cached standard of that very version, or undefined. */
  cachedStandard(itemId: string, version: number): Promise<MatterStandard | undefined>
  /** Keeps a standard for the next time; a version never changes. */
  cacheStandard(standard: MatterStandard): Promise<void>
  /** Closes the database's connection. */
  close(): void
}

/**
 * Opens the journal, whatever older version of it lies on the disk.
 * @param keyBytes 32 bytes from the desk; rows written under another key count as unreadable.
 */
export async function openJournal(
  keyBytes: Uint8Array<ArrayBuffer>,
  name: string = databaseName,
): Promise<DraftJournal> {
  const cipher = await createJournalCipher(keyBytes)
  const database = declareDatabase(name)
  await database.open()
  const rowsOf = (draftId: string, upTo: number) =>
    database.journal
      .where('draftId')
      .equals(draftId)
      .and((row) => row.mark <= upTo)
  return {
    recordAnswer: async (draftId, answer) => {
      const { vector, sealed } = await cipher.seal(draftId, JSON.stringify(answer))
      return database.journal.add({ draftId, vector, sealed })
    },
    recordText: async (copyId, typed) => {
      const { vector, sealed } = await cipher.seal(copyId, JSON.stringify(typed))
      return await database.transaction('rw', database.journal, async () => {
        const mark = await database.journal.add({ draftId: copyId, vector, sealed })
        await rowsOf(copyId, mark - 1).delete()
        return mark
      })
    },
    pendingText: async (copyId) => {
      const row = (await database.journal.where('draftId').equals(copyId).sortBy('mark')).at(-1)
      const text = row && (await cipher.open(copyId, row.vector, row.sealed))
      return text === undefined || text === null ? null : { ...(JSON.parse(text) as JournalText), upTo: row?.mark ?? 0 }
    },
    acknowledge: async (draftId, upTo) => {
      await rowsOf(draftId, upTo).delete()
    },
    pending: async (draftId) => {
      const rows = await database.journal.where('draftId').equals(draftId).sortBy('mark')
      const texts = await Promise.all(rows.map((row) => cipher.open(draftId, row.vector, row.sealed)))
      const answers = texts.filter((text) => text !== null).map((text) => JSON.parse(text) as JournalAnswer)
      return { answers, upTo: rows.at(-1)?.mark ?? 0, unreadable: rows.length - answers.length }
    },
    forget: async (draftId) => {
      await rowsOf(draftId, Number.POSITIVE_INFINITY).delete()
    },
    cachedStandard: async (itemId, version) => (await database.standards.get(`${itemId}@${version}`))?.standard,
    cacheStandard: async (standard) => {
      await database.standards.put({ key: `${standard.itemId}@${standard.version}`, standard })
    },
    close: () => database.close(),
  }
}

/** The answers after what was typed later is laid over them; the input is left as it is. */
export function mergePending(answers: Answers, pending: readonly JournalAnswer[]): Answers {
  const merged = new Map(Object.entries(answers))
  for (const answer of pending) {
    if ('gone' in answer) merged.delete(answer.name)
    else merged.set(answer.name, answer.value)
  }
  return Object.fromEntries(merged)
}

/** What differs between two states of a form, one entry an answer. */
export function changedAnswers(before: Answers, after: Answers): JournalAnswer[] {
  const was = new Map(Object.entries(before))
  const is = new Map(Object.entries(after))
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name): JournalAnswer[] => {
    const value = is.get(name)
    if (JSON.stringify(was.get(name)) === JSON.stringify(value)) return []
    return value === undefined ? [{ name, gone: true }] : [{ name, value }]
  })
}
