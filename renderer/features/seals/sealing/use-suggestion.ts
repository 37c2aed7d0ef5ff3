import { useEffect, useRef } from 'react'
import type { Placement } from '../../../../preload/contract/seals.ts'
import { type Choices, noChoices } from './choices.ts'
import { type KnownPaper, suggestedPlacement } from './places.ts'

/** Gives the place that a paper suggests, as long as nobody chose another. A certified paper takes its fields alone. */
export function useSuggestion(
  documentId: string | undefined,
  known: KnownPaper | null,
  change: (next: (choices: Choices) => Choices) => void,
): void {
  const last = useRef<readonly Placement[]>(noChoices.placements)
  useEffect(() => {
    if (documentId === undefined || known === null) return
    const suggested = [suggestedPlacement(known.places)]
    change((now) => {
      const isUntouched = JSON.stringify(now.placements) === JSON.stringify(last.current)
      const isRefused = known.places.certified && now.placements.some(({ kind }) => kind !== 'slot')
      if (!isUntouched && !isRefused) return now
      return { ...now, placements: suggested, active: 0, following: false }
    })
    last.current = suggested
  }, [documentId, known, change])
}
