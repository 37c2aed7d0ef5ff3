import { useCallback, useEffect, useState } from 'react'
import type { Paper } from '../../../../preload/contract/seals.ts'
import { useHere } from '../../../app/session.ts'
import type { Choices } from './choices.ts'
import { type Kept, keepPlace, keptPlace } from './kept.ts'

/** Where the clerk stands on this screen, kept while they are on another one. */
export function usePlace(start: Partial<Kept>) {
  const { session } = useHere()
  const [place, setPlace] = useState<Kept>(() => ({ ...keptPlace(session.account), ...start }))
  useEffect(() => keepPlace(session.account, place), [session.account, place])
  const move = useCallback((change: Partial<Kept>) => setPlace((now) => ({ ...now, ...change })), [])
  const choose = useCallback(
    (next: (choices: Choices) => Choices) => setPlace((now) => ({ ...now, choices: next(now.choices) })),
    [],
  )
  const tick = useCallback(
    (paper: Paper) =>
      setPlace((now) => {
        const ticked = new Map([...(now.view === 'own' ? now.ticked : []), [paper.documentId, paper] as const])
        return { ...now, view: 'own', query: '', index: 0, ticked, shown: ticked.size - 1 }
      }),
    [],
  )
  return { place, move, choose, tick }
}
