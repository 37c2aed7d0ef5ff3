import type { CaseView } from '../../../preload/contract/views.ts'
import { usePages } from '../../app/use-pages.ts'

/** One view of the queue, read as far as it is on screen. */
export function useCases(view: CaseView, query: string) {
  const { first, ...pages } = usePages(
    'cases.list',
    (page) => ({ view, query, ...page }),
    ({ cases }) => cases,
  )
  return { ...pages, total: first?.total, counts: first?.counts }
}

/** What `useCases` gives. */
export type Cases = ReturnType<typeof useCases>
