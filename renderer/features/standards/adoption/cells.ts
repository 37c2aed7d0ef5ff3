import type { Adoption } from '../../../../preload/contract/catalogue.ts'

/** How a village stands: by the window of it that is furthest behind; `empty` without any. */
export type CellState = Adoption['each'][number]['state'] | 'empty'

/** The furthest behind first. */
const order: readonly CellState[] = ['refused', 'waits', 'fetched', 'applied', 'newer', 'none']

/** How a village or town (by its code) stands. */
export function cellOf(each: Adoption['each'], code: string): CellState {
  const states = each.filter(({ stationId }) => stationId.startsWith(code)).map(({ state }) => state)
  return order.find((state) => states.some((one) => one === state)) ?? 'empty'
}

/** A village's name without what all of them have. */
export const shortVillage = (name: string): string =>
  name.replace(/(村民|居民)?委(员)?会$/u, '').replace(/社区居$/u, '社区')
