import { type RefObject, useLayoutEffect, useRef } from 'react'

/**
 * Holds the controller of what a screen is printing or saving. It is aborted the moment the screen is left, also while the next
 * one's code is still being read: until then React only hides what was left, and no dialog may come up over what is shown instead.
 */
export function usePrinting(): RefObject<AbortController | null> {
  const printing = useRef<AbortController>(null)
  useLayoutEffect(() => () => printing.current?.abort(), [])
  return printing
}
