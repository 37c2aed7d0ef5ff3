import type { Failure, Result } from '../../preload/contract/errors.ts'

/** How far what was typed has come: on the desk's disk, on its way, or refused for now. */
export type Saving =
  | { readonly kind: 'saved'; readonly at: Date | null }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What a screen shows of what is being typed: that itself, what the desk said of it, how far it has come. */
export type Kept<T, C> = T & { readonly check: C; readonly saving: Saving }

/** Where keystrokes lie until the desk holds them (renderer/drafts). */
export type Journalling<T> = {
  /** Writes down what was typed; the mark of the row. */
  readonly record: (before: T, after: T) => Promise<number>
  /** Forgets rows up to a mark. */
  readonly acknowledge: (upTo: number) => Promise<void>
}

/** Keeps one thing that is being typed: every keystroke into the journal at once, the whole to the desk after it. */
export type TypedKeeper<T, C> = {
  readonly current: () => Kept<T, C>
  readonly subscribe: (watcher: () => void) => () => void
  /** Takes the whole after a keystroke. */
  readonly change: (next: T) => void
  /** Shows what came from elsewhere: it was not typed here, so it is neither journalled nor saved. */
  readonly adopt: (next: T) => void
  /** Takes a check, e.g. after a material was added; one that is older than what is shown changes nothing. */
  readonly takeCheck: (check: C) => void
  /** Saves what is unsaved now. True once the desk holds everything. */
  readonly flush: () => Promise<boolean>
  /** Stops saving by itself; what is unsaved stays in the journal. */
  readonly stop: () => void
}

/**
 * Starts keeping what the desk and the journal hold.
 * @param options.upTo the journal's mark that `start` came from; above 0 the desk does not hold it, and it is saved at once.
 * @param options.journal null where this browser gives no storage: then the desk alone keeps what is typed.
 * @param options.saveDelay after the last keystroke, milliseconds; 0 for at once.
 */
export function keepTyped<T extends object, C extends { readonly revision: number }>(options: {
  readonly start: T
  readonly check: C
  readonly upTo: number
  readonly isSame: (before: T, after: T) => boolean
  readonly journal: Journalling<T> | null
  readonly save: (typed: T) => Promise<Result<C>>
  readonly saveDelay: number
  readonly retryDelay: number
}): TypedKeeper<T, C> {
  const { journal, save, saveDelay, retryDelay } = options
  let typed = options.start
  let kept: Kept<T, C> = { ...typed, check: options.check, saving: { kind: 'saved', at: null } }
  let isDirty = options.upTo > 0
  let mark = options.upTo
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | null = null
  let journalled: Promise<void> = Promise.resolve()
  let isStopped = false
  const watchers = new Set<() => void>()
  const show = (next: Partial<{ check: C; saving: Saving }>) => {
    kept = { ...kept, ...typed, ...next }
    for (const watcher of watchers) watcher()
  }
  // A save and an upload may answer in another order than the desk judged them.
  const takeCheck = (check: C) => {
    if (check.revision >= kept.check.revision) show({ check })
  }
  const later = (milliseconds: number) => {
    clearTimeout(timer)
    if (!isStopped) timer = setTimeout(() => void flush(), milliseconds)
  }
  // One row after the other: the last of a journal is the last that was typed.
  const write = (before: T, after: T) => {
    if (journal === null) return
    const record = async () => {
      mark = Math.max(mark, await journal.record(before, after))
    }
    // A browser without room for the journal: the desk's save a moment later is what counts.
    journalled = journalled.then(record).catch(() => undefined)
  }
  const saveOnce = async (): Promise<boolean> => {
    await journalled
    const covered = mark
    isDirty = false
    show({ saving: { kind: 'saving' } })
    const result = await save(typed)
    if (!result.ok) {
      isDirty = true
      show({ saving: { kind: 'failed', failure: result.error } })
      return false
    }
    await journal?.acknowledge(covered).catch(() => undefined)
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
    change: (next) => {
      const before = typed
      if (options.isSame(before, next)) return
      typed = next
      isDirty = true
      show({ saving: { kind: 'saving' } })
      write(before, next)
      if (saveDelay === 0) void flush()
      else later(saveDelay)
    },
    adopt: (next) => {
      if (options.isSame(typed, next)) return
      typed = next
      show({})
    },
    takeCheck,
    flush,
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
