import { useQueryClient } from '@tanstack/react-query'
import type { Paper, PaperView } from '../../../../preload/contract/seals.ts'
import { callDesk, callKey, useBridge } from '../../../app/client.ts'
import { type PageOfRows, pageSize, rowsOfPage, usePages } from '../../../app/use-pages.ts'

/** As many papers as one sealing job takes. */
const mostTicked = 2000

/** One view of the papers, read as far as it is on screen. */
export function usePapers(view: PaperView, query: string) {
  const bridge = useBridge()
  const queries = useQueryClient()
  const inputOf = (page: PageOfRows) => ({ view, query, ...page })
  const { first, ...pages } = usePages('sealing.papers', inputOf, ({ papers }) => papers)
  return {
    ...pages,
    total: first?.total,
    counts: first?.counts,
    /** Reads every page again. */
    reread: () => void queries.invalidateQueries({ queryKey: callKey('sealing.papers') }),
    /** Every paper of the view, up to as many as one job takes. Fails as the desk does. */
    all: async (): Promise<readonly Paper[]> => {
      const papers: Paper[] = []
      for (let page = 0; papers.length < mostTicked; page++) {
        const answer = await callDesk(bridge, 'sealing.papers', inputOf(rowsOfPage(page)))
        papers.push(...answer.papers)
        if (answer.papers.length < pageSize) break
      }
      return papers.slice(0, mostTicked)
    },
  }
}

/** What `usePapers` gives. */
export type Papers = ReturnType<typeof usePapers>
