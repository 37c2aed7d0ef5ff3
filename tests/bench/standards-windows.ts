// Owns: many windows spread over processes, ordered about as one.
// Does not own: what a window does (standards-window-process.ts).
// Start here: `startWindows`.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Adoption } from '../../preload/contract/catalogue.ts'
import type { LinkShape } from '../helpers/link-emulator.ts'
import type { WindowWord } from './standards-adoption.ts'
import type { BenchPlace } from './standards-station.ts'

/** What all links have carried so far, and what the processes have used. */
export type Totals = {
  readonly downBytes: number
  readonly upBytes: number
  readonly connections: number
  readonly cpuSeconds: number
}

/** Orders to a process, and what each answers. */
export type WindowOrders = {
  open: { input: { folder: string; centreUrl: string; places: (BenchPlace & { code: string })[] }; output: null }
  start: { input: LinkShape; output: null }
  /** Seconds from the order to each window's having the release in force and the centre's having its word of it. */
  untilHave: { input: { sha256: string; except: readonly string[] }; output: readonly number[] }
  pull: { input: { stationIds: readonly string[]; isPulled: boolean }; output: null }
  words: { input: null; output: readonly WindowWord[] }
  /** Seconds until each window has an archive, as a plain download would bring it. */
  archive: { input: { url: string; sizeBytes: number }; output: readonly number[] }
  adoption: { input: { release: number }; output: Adoption }
  totals: { input: null; output: Totals }
}

/** One order on its way. */
export type WindowOrder = { readonly name: keyof WindowOrders; readonly input: never }
/** Its answer; an error in words. */
export type WindowAnswer = { readonly output?: unknown; readonly failed?: string }

/** All windows. */
export type Windows = {
  readonly open: (order: {
    readonly folder: string
    readonly centreUrl: string
    readonly everybody: readonly BenchPlace[]
    readonly codes: ReadonlyMap<string, string>
  }) => Promise<void>
  /** Every link becomes bad, every window begins. */
  readonly start: (shape: LinkShape) => Promise<void>
  readonly untilHave: (sha256: string, except: readonly string[]) => Promise<number[]>
  /** Pulls the cables of some, or plugs them in again. */
  readonly pull: (stationIds: readonly string[], isPulled: boolean) => Promise<void>
  readonly words: () => Promise<WindowWord[]>
  /** What a plain download of an archive takes each window, over another link of the same kind. */
  readonly archive: (url: string, sizeBytes: number) => Promise<number[]>
  /** The centre's table as one window gets it. */
  readonly adoption: (release: number) => Promise<Adoption>
  readonly totals: () => Promise<Totals>
  /** What some work took and cost. */
  readonly measured: (
    work: () => Promise<number[]>,
  ) => Promise<Totals & { readonly times: number[]; readonly seconds: number }>
  readonly stop: () => Promise<void>
}

/** Starts the processes; no window is open yet. */
export async function startWindows(processes: number): Promise<Windows> {
  const script = join(import.meta.dirname, 'standards-window-process.ts')
  const children = Array.from({ length: processes }, () =>
    fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  )
  const each = <N extends keyof WindowOrders>(name: N, inputOf: (at: number) => WindowOrders[N]['input']) =>
    Promise.all(children.map((child, at) => ask(child, name, inputOf(at))))
  const totals = async () => (await each('totals', () => null)).reduce((sum, one) => plus(sum, one))
  return {
    open: async ({ folder, centreUrl, everybody, codes }) => {
      const coded = everybody.map((place) => ({ ...place, code: codes.get(place.stationId) ?? '' }))
      const share = (at: number) => coded.filter((_, index) => index % processes === at)
      await each('open', (at) => ({ folder, centreUrl, places: share(at) }))
    },
    start: async (shape) => void (await each('start', () => shape)),
    untilHave: async (sha256, except) => (await each('untilHave', () => ({ sha256, except }))).flat(),
    pull: async (stationIds, isPulled) => void (await each('pull', () => ({ stationIds, isPulled }))),
    words: async () => (await each('words', () => null)).flat(),
    archive: async (url, sizeBytes) => (await each('archive', () => ({ url, sizeBytes }))).flat(),
    adoption: async (release) => {
      const [child] = children
      if (child === undefined) throw new Error('no windows')
      return await ask(child, 'adoption', { release })
    },
    totals,
    measured: async (work) => {
      const [before, began] = [await totals(), performance.now()]
      const times = await work()
      const seconds = (performance.now() - began) / 1000
      return { times, seconds, ...minus(await totals(), before) }
    },
    stop: async () => {
      await Promise.all(
        children.map(async (child) => {
          const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
          if (child.connected) child.disconnect()
          await ended
        }),
      )
    },
  }
}

function plus(one: Totals, other: Totals): Totals {
  return {
    downBytes: one.downBytes + other.downBytes,
    upBytes: one.upBytes + other.upBytes,
    connections: one.connections + other.connections,
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
  }
}

function minus(one: Totals, other: Totals): Totals {
  return {
    downBytes: one.downBytes - other.downBytes,
    upBytes: one.upBytes - other.upBytes,
    connections: one.connections - other.connections,
    cpuSeconds: one.cpuSeconds - other.cpuSeconds,
  }
}

async function ask<N extends keyof WindowOrders>(
  child: ChildProcess,
  name: N,
  input: WindowOrders[N]['input'],
): Promise<WindowOrders[N]['output']> {
  const answered = new AbortController()
  const { signal } = answered
  const message = once(child, 'message', { signal })
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a process of windows ended with ${code}`)
  })
  for (const one of [message, ended]) one.catch(() => undefined)
  child.send({ name, input })
  const [answer] = (await Promise.race([message, ended]).finally(() => answered.abort())) as [WindowAnswer]
  if (answer.failed !== undefined) throw new Error(answer.failed)
  return answer.output as WindowOrders[N]['output']
}
