import { keepPreviousData, useQueries, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Paper, PaperView } from '../../../../preload/contract/seals.ts'
import { type CallFailure, callDesk, callKey, useBridge } from '../../../app/client.ts'

/** So many papers are read at once. */
export const pageSize = 100
/** As many papers as one sealing job takes. */
const mostTicked = 2000

const pagesFor = (first: number, last: number): readonly number[] => {
  const from = Math.max(0, Math.floor(first / pageSize))
  const until = Math.max(from, Math.floor(last / pageSize))
  const seen = Array.from({ length: until - from + 1 }, (_, index) => from + index)
  return seen.includes(0) ? seen : [0, ...seen]
}

/** One view of the papers, of which only the pages on screen are read. `show` tells which rows are. */
export function usePapers(view: PaperView, query: string) {
  const bridge = useBridge()
  const queries = useQueryClient()
  const [rows, setRows] = useState({ first: 0, last: 0 })
  const pages = pagesFor(rows.first, rows.last)
  const inputOf = (page: number) => ({ view, query, offset: page * pageSize, limit: pageSize })
  const answers = useQueries({
    queries: pages.map((page) => ({
      queryKey: callKey('sealing.papers', inputOf(page)),
      queryFn: () => callDesk(bridge, 'sealing.papers', inputOf(page)),
      ...(page === 0 ? { placeholderData: keepPreviousData } : {}),
    })),
  })
  const first = answers[0]
  return {
    total: first?.data?.total,
    counts: first?.data?.counts,
    error: (first?.error ?? null) as CallFailure | null,
    retry: () => void first?.refetch(),
    /** Reads every page again. */
    reread: () => void queries.invalidateQueries({ queryKey: callKey('sealing.papers') }),
    /** The paper in a row; undefined while its page is on its way. */
    at: (index: number): Paper | undefined =>
      answers[pages.indexOf(Math.floor(index / pageSize))]?.data?.papers[index % pageSize],
    show: (firstRow: number, lastRow: number) => {
      if (pagesFor(firstRow, lastRow).join() !== pages.join()) setRows({ first: firstRow, last: lastRow })
    },
    /** Every paper of the view, up to as many as one job takes. Fails as the desk does. */
    all: async (): Promise<readonly Paper[]> => {
      const papers: Paper[] = []
      for (let page = 0; papers.length < mostTicked; page++) {
        const answer = await callDesk(bridge, 'sealing.papers', inputOf(page))
        papers.push(...answer.papers)
        if (answer.papers.length < pageSize) break
      }
      return papers.slice(0, mostTicked)
    },
  }
}

/** What `usePapers` gives. */
export type Papers = ReturnType<typeof usePapers>
