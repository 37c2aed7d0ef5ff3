import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefObject, useEffect } from 'react'

const stepOf = (key: string, screenful: number): number =>
  ({ ArrowDown: 1, ArrowUp: -1, PageDown: screenful, PageUp: -screenful, Home: -1e9, End: 1e9 })[key] ?? 0

/**
 * A list of which only the rows on screen exist, and its keys: ↑ ↓ PageUp PageDown Home End choose another row (told to
 * `onIndex`) and bring it into view. A list that comes up while nothing has the focus takes it.
 *
 * @param list `container` is what scrolls; `rowHeight` is in pixels; `screenful` is by how many rows a page key goes;
 * `onShown` hears which rows exist, first and last.
 */
export function useVirtualRows(list: {
  readonly container: RefObject<HTMLDivElement | null>
  readonly total: number
  readonly index: number
  readonly rowHeight: number
  readonly screenful: number
  readonly onIndex: (index: number) => void
  readonly onShown: (first: number, last: number) => void
}) {
  const { container, total, onShown } = list
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => container.current,
    estimateSize: () => list.rowHeight,
    overscan: 8,
  })
  const shown = rows.getVirtualItems()
  const first = shown[0]?.index ?? 0
  const last = shown.at(-1)?.index ?? 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onShown` is new at every drawing; the rows decide
  useEffect(() => onShown(first, last), [first, last])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the list comes up
  useEffect(() => {
    if (document.activeElement === document.body) container.current?.focus({ preventScroll: true })
  }, [])
  const onKey = (event: KeyboardEvent) => {
    const step = stepOf(event.key, list.screenful)
    if (step === 0) return
    event.preventDefault()
    const next = Math.min(total - 1, Math.max(0, list.index + step))
    list.onIndex(next)
    rows.scrollToIndex(next)
  }
  return { shown, height: rows.getTotalSize(), onKey, scrollTo: (index: number) => rows.scrollToIndex(index) }
}
