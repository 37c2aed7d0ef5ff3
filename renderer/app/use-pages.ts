import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import { type CallFailure, callDesk, callKey, useBridge } from './client.ts'

/** So many rows are read at once. */
export const pageSize = 100

/** Which rows one page of a list is. */
export type PageOfRows = { readonly offset: number; readonly limit: number }

/** The rows of page `number`, counted from 0. */
export const rowsOfPage = (number: number): PageOfRows => ({ offset: number * pageSize, limit: pageSize })

/** The pages that hold rows `first` … `last`, the first page always among them (it brings total and counts). */
export function pagesFor(first: number, last: number): readonly number[] {
  const from = Math.max(0, Math.floor(first / pageSize))
  const until = Math.max(from, Math.floor(last / pageSize))
  const seen = Array.from({ length: until - from + 1 }, (_, index) => from + index)
  return seen.includes(0) ? seen : [0, ...seen]
}

/**
 * A long list of the desk, of which only the pages on screen are read. `show` tells which rows are; `first` is the answer
 * with the first page, which stays while that of another filter is on its way. With `everyMs` what is on screen is read
 * again and again.
 *
 * @example usePages('cases.list', (page) => ({ view, query, ...page }), ({ cases }) => cases)
 */
export function usePages<N extends CallName, Row>(
  name: N,
  inputOf: (page: PageOfRows) => CallInput<N>,
  rowsOf: (answer: CallOutput<N>) => readonly Row[],
  options: { readonly everyMs?: number } = {},
) {
  const bridge = useBridge()
  const [rows, setRows] = useState({ first: 0, last: 0 })
  const pages = pagesFor(rows.first, rows.last)
  const answers = useQueries({
    queries: pages.map((page) => {
      const input = inputOf(rowsOfPage(page))
      return {
        queryKey: callKey(name, input),
        queryFn: () => callDesk(bridge, name, input),
        ...(page === 0 ? { placeholderData: keepPreviousData } : {}),
        ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
      }
    }),
  })
  const first = answers[0]
  return {
    first: first?.data,
    error: (first?.error ?? null) as CallFailure | null,
    retry: () => void first?.refetch(),
    /** The row `index` of the whole list; undefined while its page is on its way. */
    at: (index: number): Row | undefined => {
      const answer = answers[pages.indexOf(Math.floor(index / pageSize))]?.data
      return answer === undefined ? undefined : rowsOf(answer)[index % pageSize]
    },
    show: (firstRow: number, lastRow: number) => {
      if (pagesFor(firstRow, lastRow).join() !== pages.join()) setRows({ first: firstRow, last: lastRow })
    },
  }
}
