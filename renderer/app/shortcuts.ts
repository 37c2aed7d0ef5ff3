import { useLayoutEffect, useRef, useSyncExternalStore } from 'react'

/** A key of the present screen, for F1 help and for doing. */
export type Shortcut = { readonly keys: string; readonly label: string }

type Registered = Shortcut & { readonly run: (event: KeyboardEvent) => void }

let registered: readonly Registered[] = []
const watchers = new Set<() => void>()

const change = (next: readonly Registered[]) => {
  registered = next
  for (const watcher of watchers) watcher()
}

/** The name of a pressed key as written in hints: `F2`, `Ctrl+K`, `Alt+1`, `Ctrl+Enter`, `Esc`. */
export function keysOf(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>,
): string {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1]
  const plain = event.key === 'Escape' ? 'Esc' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  const name = event.altKey && digit !== undefined ? digit : plain
  const held = [
    event.ctrlKey || event.metaKey ? 'Ctrl+' : '',
    event.altKey ? 'Alt+' : '',
    event.shiftKey && name.length > 1 ? 'Shift+' : '',
  ]
  return held.join('') + name
}

/** Runs the newest registration of the pressed key; keys while an input method composes belong to it. */
export function startShortcuts(): () => void {
  const take = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    const keys = keysOf(event)
    const found = registered.findLast((shortcut) => shortcut.keys === keys)
    if (found === undefined) return
    event.preventDefault()
    found.run(event)
  }
  window.addEventListener('keydown', take)
  return () => window.removeEventListener('keydown', take)
}

/**
 * Gives a key a meaning while the component is there; the one mounted last wins. `label` is told by F1.
 *
 * @example useShortcut('Ctrl+Enter', t('intake.receive'), receive)
 */
export function useShortcut(keys: string, label: string, run: (event: KeyboardEvent) => void, enabled = true): void {
  const latest = useRef(run)
  latest.current = run
  // Before the screen is painted: whoever sees it may press the key at once.
  useLayoutEffect(() => {
    if (!enabled) return
    const mine: Registered = { keys, label, run: (event) => latest.current(event) }
    change([...registered, mine])
    return () => change(registered.filter((shortcut) => shortcut !== mine))
  }, [keys, label, enabled])
}

/** The keys that do something now, the newest meaning of each. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => registered,
  )
}
