import { useEffect, useState } from 'react'
import type { PageComparison } from '../../../../preload/contract/seals.ts'
import { CallFailure, callDesk, useBridge } from '../../../app/client.ts'

/** The compared pages of one seal by their number, and how far the comparing has come. */
export type Comparisons = {
  readonly pages: ReadonlyMap<number, PageComparison>
  readonly failed: ReadonlyMap<number, CallFailure>
  readonly done: number
  readonly total: number
}

/** Compares pages one after the other in the given order, `wanted` before all others, each once. */
export function useComparisons(
  at: { readonly verificationId: string; readonly seal: number },
  order: readonly number[],
  wanted: number | null,
): Comparisons {
  const bridge = useBridge()
  const { verificationId, seal } = at
  const [pages, setPages] = useState<ReadonlyMap<number, PageComparison>>(() => new Map())
  const [failed, setFailed] = useState<ReadonlyMap<number, CallFailure>>(() => new Map())
  const isOpen = (page: number) => !pages.has(page) && !failed.has(page)
  const next = wanted !== null && isOpen(wanted) ? wanted : order.find(isOpen)
  useEffect(() => {
    if (next === undefined) return
    let isGone = false
    callDesk(bridge, 'verification.compare', { verificationId, seal, page: next }).then(
      (found) => {
        if (!isGone) setPages((known) => new Map([...known, [next, found]]))
      },
      (error: unknown) => {
        const failure = error instanceof CallFailure ? error : new CallFailure({ code: 'INTERNAL', details: {} })
        if (!isGone) setFailed((known) => new Map([...known, [next, failure]]))
      },
    )
    return () => {
      isGone = true
    }
  }, [bridge, verificationId, seal, next])
  return { pages, failed, done: order.filter((page) => !isOpen(page)).length, total: order.length }
}
