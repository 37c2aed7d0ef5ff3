import type { Bridge } from '../../../../preload/contract/bridge.ts'
import type { CopyCheck, WorkingCopy } from '../../../../preload/contract/standards/publishing.ts'
import { callDesk } from '../../../app/client.ts'
import { journalOf } from '../../../app/station-journal.ts'
import { type Kept, keepTyped, type TypedKeeper } from '../../../app/typed-keeper.ts'
import type { DraftJournal } from '../../../drafts/index.ts'
import { type JsonObject, parseObject } from './json-edit.ts'

/** A working copy's text, and the text as an object; undefined where it is none: then only its source can be written. */
type TypedCopy = { readonly text: string; readonly value: JsonObject | undefined }

/** Keeps one working copy: every change into the journal and to the desk at once, one after the other. */
export type CopyKeeper = Pick<TypedKeeper<TypedCopy, CopyCheck>, 'subscribe' | 'flush' | 'stop'> & {
  readonly current: () => Kept<TypedCopy, CopyCheck>
  readonly change: (value: JsonObject) => void
  readonly changeText: (text: string) => void
}

/** A working copy opened for writing. */
export type OpenCopy = {
  readonly copy: WorkingCopy
  readonly keeper: CopyKeeper
  /** What was typed and not saved when the window broke off has been found, and is in it again. */
  readonly isRestored: boolean
  /**
   * A text that was typed and not saved, while the working copy has become another meanwhile: a person decides. Null for
   * none; it stays in the journal until `settle`.
   */
  readonly leftBehind: string | null
  /** Forgets what was left behind. */
  readonly settle: () => Promise<void>
  /** Forgets everything that was typed: the working copy is gone. */
  readonly forget: () => Promise<void>
}

/** Opens a working copy: what the desk holds, or what was typed on top of it and not saved yet, which is saved at once. */
export async function openCopy(bridge: Bridge, copyId: string): Promise<OpenCopy> {
  const [journal, copy] = await Promise.all([journalOf(bridge), callDesk(bridge, 'standards.copy', { copyId })])
  const pending = (await journal?.pendingText(copyId).catch(() => null)) ?? null
  const aside = leftBehindId(copyId)
  let isRestored = false
  if (pending !== null && copy.wentOutWith === null) {
    if (pending.text === copy.text) await journal?.acknowledge(copyId, pending.upTo)
    else if (pending.seen.includes(await digestOf(copy.text))) isRestored = true
    else {
      await journal?.recordText(aside, pending)
      await journal?.acknowledge(copyId, pending.upTo)
    }
  }
  const leftBehind = (await journal?.pendingText(aside).catch(() => null))?.text ?? null
  const start = isRestored && pending !== null ? pending : { text: copy.text, upTo: 0 }
  return {
    copy,
    keeper: await keepCopy(bridge, journal, copy, start),
    isRestored,
    leftBehind,
    settle: async () => journal?.forget(aside),
    forget: async () => {
      await journal?.forget(copyId)
      await journal?.forget(aside)
    },
  }
}

const leftBehindId = (copyId: string) => `${copyId} left behind`

/** What a text is known again by. */
async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}

async function keepCopy(
  bridge: Bridge,
  journal: DraftJournal | null,
  copy: WorkingCopy,
  { text, upTo }: { readonly text: string; readonly upTo: number },
): Promise<CopyKeeper> {
  const { copyId, revision, findings } = copy
  /** Texts that the desk may hold now: the last that it acknowledged, and those sent since. */
  let atDesk = [await digestOf(copy.text)]
  const keeper: TypedKeeper<TypedCopy, CopyCheck> = keepTyped({
    start: { text, value: parseObject(text) },
    check: { revision, findings },
    ...{ upTo, saveDelay: 0, retryDelay: 1500 },
    isSame: (before: TypedCopy, after: TypedCopy) => before.text === after.text,
    journal: journal && {
      // The whole text is one row: of several keystrokes that wait only the last is written.
      record: async (_, after) =>
        after.text === keeper.current().text ? await journal.recordText(copyId, { text: after.text, seen: atDesk }) : 0,
      acknowledge: (mark) => journal.acknowledge(copyId, mark),
    },
    save: async (typed) => {
      const digest = await digestOf(typed.text)
      atDesk = [...atDesk, digest]
      const result = await bridge.call('standards.save', { copyId, text: typed.text })
      if (result.ok) atDesk = [digest]
      return result
    },
  })
  return {
    ...keeper,
    change: (value) => keeper.change({ value, text: JSON.stringify(value, null, 2) }),
    changeText: (next) => keeper.change({ text: next, value: parseObject(next) }),
  }
}
