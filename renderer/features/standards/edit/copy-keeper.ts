import type { Bridge } from '../../../../preload/contract/bridge.ts'
import type { Failure } from '../../../../preload/contract/errors.ts'
import type { CopyCheck, WorkingCopy } from '../../../../preload/contract/standards/publishing.ts'
import { type JsonObject, parseObject } from './json-edit.ts'

/** How far what was typed has come. */
export type CopySaving =
  | { readonly kind: 'saved'; readonly at: Date | null }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What the editor shows of a working copy. */
export type KeptCopy = {
  readonly text: string
  /** The text as an object; undefined where it is none: then only its source can be written. */
  readonly value: JsonObject | undefined
  readonly check: CopyCheck
  readonly saving: CopySaving
}

/** Keeps one working copy: every change goes to the desk at once, one after the other. */
export type CopyKeeper = {
  readonly current: () => KeptCopy
  readonly subscribe: (watcher: () => void) => () => void
  readonly change: (value: JsonObject) => void
  readonly changeText: (text: string) => void
  /** True once the desk holds everything. */
  readonly flush: () => Promise<boolean>
  readonly stop: () => void
}

const retryDelay = 1500

/** Starts keeping a working copy. A change is under way the moment it is typed; what is typed meanwhile follows. */
export function keepCopy(bridge: Bridge, copy: WorkingCopy): CopyKeeper {
  const { copyId, text, revision, findings } = copy
  let kept: KeptCopy = {
    ...{ text, value: parseObject(text), check: { revision, findings }, saving: { kind: 'saved', at: null } },
  }
  let isDirty = false
  let isStopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | null = null
  const watchers = new Set<() => void>()
  const show = (next: Partial<KeptCopy>) => {
    kept = { ...kept, ...next }
    for (const watcher of watchers) watcher()
  }
  const saveAll = async (): Promise<boolean> => {
    while (isDirty) {
      isDirty = false
      const result = await bridge.call('standards.save', { copyId, text: kept.text })
      if (!result.ok) {
        isDirty = true
        show({ saving: { kind: 'failed', failure: result.error } })
        return false
      }
      show({ check: result.value, ...(isDirty ? {} : { saving: { kind: 'saved', at: new Date() } }) })
    }
    return true
  }
  const flush = async (): Promise<boolean> => {
    clearTimeout(timer)
    running ??= saveAll().finally(() => {
      running = null
    })
    const isSaved = await running
    if (!isSaved && !isStopped) timer = setTimeout(() => void flush(), retryDelay)
    return isSaved && !isDirty
  }
  const take = (next: Pick<KeptCopy, 'text' | 'value'>) => {
    if (next.text === kept.text) return
    isDirty = true
    show({ ...next, saving: { kind: 'saving' } })
    void flush()
  }
  return {
    current: () => kept,
    subscribe: (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    change: (value) => take({ value, text: JSON.stringify(value, null, 2) }),
    changeText: (next) => take({ text: next, value: parseObject(next) }),
    flush,
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
