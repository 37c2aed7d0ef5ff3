import type { Bridge } from '../../../preload/contract/bridge.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import type { Failure } from '../../../preload/contract/errors.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { changedAnswers, type DraftJournal } from '../../drafts/index.ts'

/** How far what was typed has come: on the desk's disk, on its way, or refused for now. */
export type SavingState =
  | { readonly kind: 'saved'; readonly at: Date | null }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What the screen shows of a draft that is being filled in. */
type KeptDraft = {
  readonly answers: Answers
  readonly check: DraftCheck
  readonly saving: SavingState
}

/** Keeps one draft: every keystroke into the journal at once, the whole answers to the desk shortly after. */
export type DraftKeeper = {
  readonly current: () => KeptDraft
  readonly subscribe: (watcher: () => void) => () => void
  /** Takes the whole answers after a keystroke. */
  readonly change: (answers: Answers) => void
  /** Takes a check, e.g. after a material was added; one that is older than what is shown changes nothing. */
  readonly takeCheck: (check: DraftCheck) => void
  /** Saves what is unsaved now. True once the desk holds everything. */
  readonly flush: () => Promise<boolean>
  /** Stops saving by itself; what is unsaved stays in the journal. */
  readonly stop: () => void
}

/** After the last keystroke, milliseconds. */
const saveDelay = 250
const retryDelay = 2000

/**
 * Starts keeping a draft from what the desk and the journal hold.
 * @param journal null where this browser gives no storage: then the desk alone keeps the draft.
 * @param unsaved whether `answers` hold more than the desk does (restored keystrokes): they are saved at once.
 */
export function keepDraft(options: {
  readonly bridge: Bridge
  readonly journal: DraftJournal | null
  readonly draftId: string
  readonly answers: Answers
  readonly check: DraftCheck
  /** The journal's mark that the restored answers came from; 0 without any. */
  readonly upTo: number
}): DraftKeeper {
  const { bridge, journal, draftId } = options
  let kept: KeptDraft = { answers: options.answers, check: options.check, saving: { kind: 'saved', at: null } }
  let isDirty = options.upTo > 0
  let mark = options.upTo
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | null = null
  let journalled: Promise<unknown> = Promise.resolve()
  let isStopped = false
  const watchers = new Set<() => void>()
  const show = (next: Partial<KeptDraft>) => {
    kept = { ...kept, ...next }
    for (const watcher of watchers) watcher()
  }
  // A save and an upload may answer in another order than the desk judged them.
  const takeCheck = (check: DraftCheck) => {
    if (check.revision >= kept.check.revision) show({ check })
  }
  const later = (milliseconds: number) => {
    clearTimeout(timer)
    if (!isStopped) timer = setTimeout(() => void flush(), milliseconds)
  }

  const write = (before: Answers, after: Answers) => {
    if (journal === null) return
    for (const answer of changedAnswers(before, after)) {
      const written = journal.recordAnswer(draftId, answer).then(
        (row) => {
          mark = Math.max(mark, row)
        },
        // A browser without room for the journal: the desk's save a moment later is what counts.
        () => undefined,
      )
      journalled = Promise.all([journalled, written])
    }
  }

  const saveOnce = async (): Promise<boolean> => {
    await journalled
    const covered = mark
    const answers = kept.answers
    isDirty = false
    show({ saving: { kind: 'saving' } })
    const result = await bridge.call('drafts.save', { draftId, answers })
    if (!result.ok) {
      isDirty = true
      show({ saving: { kind: 'failed', failure: result.error } })
      return false
    }
    await journal?.acknowledge(draftId, covered).catch(() => undefined)
    takeCheck(result.value)
    show({ saving: isDirty ? { kind: 'saving' } : { kind: 'saved', at: new Date() } })
    return true
  }

  const saveAll = async (): Promise<boolean> => {
    while (isDirty) if (!(await saveOnce())) return false
    return true
  }

  const flush = async (): Promise<boolean> => {
    clearTimeout(timer)
    running ??= saveAll().finally(() => {
      running = null
    })
    const isSaved = await running
    if (!isSaved) later(retryDelay)
    return isSaved && !isDirty
  }

  if (isDirty) later(0)
  return {
    current: () => kept,
    subscribe: (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    change: (answers) => {
      const before = kept.answers
      if (changedAnswers(before, answers).length === 0) return
      isDirty = true
      show({ answers, saving: { kind: 'saving' } })
      write(before, answers)
      later(saveDelay)
    },
    takeCheck,
    flush,
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
