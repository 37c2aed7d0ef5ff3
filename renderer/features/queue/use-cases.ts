import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaseSummary, CaseView } from '../../../preload/contract/views.ts'
import { type CallFailure, callDesk, callKey, useBridge } from '../../app/client.ts'

const pageSize = 100

/** The pages that hold rows `first` … `last`, the first page always among them (it brings total and counts). */
export function pagesFor(first: number, last: number): readonly number[] {
  const from = Math.max(0, Math.floor(first / pageSize))
  const until = Math.max(from, Math.floor(last / pageSize))
  const seen = Array.from({ length: until - from + 1 }, (_, index) => from + index)
  return seen.includes(0) ? seen : [0, ...seen]
}

/** One view of the queue, of which only the pages on screen are read. `show` tells which rows are. */
export function useCases(view: CaseView, query: string) {
  const bridge = useBridge()
  const [rows, setRows] = useState({ first: 0, last: 0 })
  const pages = pagesFor(rows.first, rows.last)
  const answers = useQueries({
    queries: pages.map((page) => {
      const input = { view, query, offset: page * pageSize, limit: pageSize }
      return {
        queryKey: callKey('cases.list', input),
        queryFn: () => callDesk(bridge, 'cases.list', input),
        ...(page === 0 ? { placeholderData: keepPreviousData } : {}),
      }
    }),
  })
  const first = answers[0]
  return {
    total: first?.data?.total,
    counts: first?.data?.counts,
    error: (first?.error ?? null) as CallFailure | null,
    retry: () => void first?.refetch(),
    /** The case in a row; undefined while its page is on its way. */
    at: (index: number): CaseSummary | undefined =>
      answers[pages.indexOf(Math.floor(index / pageSize))]?.data?.cases[index % pageSize],
    show: (firstRow: number, lastRow: number) => {
      const next = pagesFor(firstRow, lastRow)
      if (next.join() !== pages.join()) setRows({ first: firstRow, last: lastRow })
    },
  }
}
