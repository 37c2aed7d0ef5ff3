// A process of its own for standards-windows.ts: many windows, each with its folder, store, key and link, under orders by IPC.
// Does not own: what is measured and compared (standards-county.ts).
// Start here: `orders`.
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import type { Entry } from '../../main/wire/entry.ts'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import { type LinkEmulator, type LinkShape, startLinkEmulator } from '../helpers/link-emulator.ts'
import type { WindowWord } from './standards-adoption.ts'
import { enrolBenchStation, openBenchStation, statusOf } from './standards-station.ts'
import type { WindowOrder, WindowOrders } from './standards-windows.ts'

type Window = {
  readonly stationId: string
  readonly station: OpenFeatures
  readonly link: LinkEmulator
  /** SHA-256 of the release that took effect last. */
  applied: string
  /** When it began; undefined once its first release is there. */
  beganMs: number | undefined
}

/** Windows begin one after another within this time, so that their links are not all cut in the same moment. */
const spreadMs = 10_000

/** A release that is not everywhere by then has not reached all. */
const limitMs = 600_000

const asGood = { upBytesPerSecond: undefined, downBytesPerSecond: undefined, delayMs: undefined } satisfies LinkShape

const windows: Window[] = []
let shaped: LinkShape = {}

const orders: { [N in keyof WindowOrders]: (input: WindowOrders[N]['input']) => Promise<WindowOrders[N]['output']> } = {
  open: async ({ folder, centreUrl, places }) => {
    for (const { code, ...place } of places) {
      const log = (what: string, error?: unknown) => console.error(`${place.stationId} ${what}`, error ?? '')
      const station = openBenchStation(join(folder, place.stationId), place, log)
      const link = await startLinkEmulator(centreUrl)
      await enrolBenchStation(station, { centreUrl: link.url, code })
      const window: Window = { stationId: place.stationId, station, link, applied: '', beganMs: undefined }
      station.context.store.ledger.onAppended((entries) => noteApplied(window, entries))
      windows.push(window)
    }
    return null
  },
  start: async (shape) => {
    shaped = shape
    for (const window of windows) {
      window.link.shape(shape)
      window.beganMs = performance.now()
      await window.station.start()
      await wait(spreadMs / windows.length)
    }
    return null
  },
  untilHave: async ({ sha256, except }) => {
    const began = performance.now()
    const left = new Set(windows.filter(({ stationId }) => !except.includes(stationId)))
    const times: number[] = []
    while (left.size > 0 && performance.now() - began < limitMs) {
      for (const one of left) {
        if (!hasTold(one, sha256)) continue
        times.push((performance.now() - (one.beganMs ?? began)) / 1000)
        one.beganMs = undefined
        left.delete(one)
      }
      await wait(200)
    }
    return times
  },
  pull: async ({ stationIds, isPulled }) => {
    for (const { stationId, link } of windows) {
      if (!stationIds.includes(stationId)) continue
      link.shape({ mode: isPulled ? 'reset' : 'pass' })
      link.cut()
    }
    return null
  },
  words: async () => windows.map(wordOf),
  archive: async ({ url, sizeBytes }) =>
    await Promise.all(
      windows.map(async (_, at) => {
        await wait((spreadMs / windows.length) * at)
        return await timeArchive(url, sizeBytes)
      }),
    ),
  adoption: async ({ release }) => {
    const [asking] = windows
    if (asking === undefined) throw new Error('no window to ask')
    // Whoever watches a county sits on a better line: the table of 236 windows is large.
    asking.link.shape({ ...asGood, cutEveryMs: undefined })
    const answer = await asking.station.handlers['catalogue.adoption']?.({ release }, null)
    asking.link.shape(shaped)
    if (answer === undefined) throw new Error('the catalogue knows no adoption')
    return answer
  },
  totals: async () => {
    const { user, system } = process.cpuUsage()
    const sum = (count: (link: LinkEmulator) => number) => windows.reduce((so, { link }) => so + count(link), 0)
    return {
      downBytes: sum((link) => link.downBytes()),
      upBytes: sum((link) => link.upBytes()),
      connections: sum((link) => link.connections()),
      cpuSeconds: (user + system) / 1e6,
    }
  },
}

/** Seconds until an archive is whole over a link of its own, from the start again after each cut. */
async function timeArchive(url: string, sizeBytes: number): Promise<number> {
  const link = await startLinkEmulator(url, shaped)
  const began = performance.now()
  try {
    while (performance.now() - began < limitMs) {
      const reply = fetch(link.url).then((answer) => answer.arrayBuffer())
      const came = await reply.catch(() => undefined)
      if (came?.byteLength === sizeBytes) return (performance.now() - began) / 1000
    }
    return Number.POSITIVE_INFINITY
  } finally {
    await link.stop()
  }
}

/** The release is in force here, and the centre has confirmed the entry that says so. */
function hasTold({ station, applied }: Window, sha256: string): boolean {
  const { ledger } = station.context.store
  return applied === sha256 && ledger.acknowledged().seq === ledger.head().seq
}

function noteApplied(window: Window, entries: readonly Entry[]): void {
  for (const { kind, payload } of entries)
    if (kind === 'catalogue.applied') window.applied = (payload as EntryPayload<'catalogue.applied@2'>).sha256
}

function wordOf({ stationId, station }: Window): WindowWord {
  const { inForce, refused } = statusOf(station)
  const { db } = station.context.store
  const documents = db.all<{ sha256: string }>('SELECT sha256 FROM documents_in_force ORDER BY sha256')
  return {
    ...{
      stationId,
      release: inForce?.release ?? 0,
      sha256: inForce?.sha256 ?? '',
      sinceUtc: inForce?.sinceUtc ?? null,
    },
    documents: documents.map(({ sha256 }) => sha256),
    refused: refused.map(({ sha256 }) => sha256),
  }
}

process.on('message', async ({ name, input }: WindowOrder) => {
  try {
    process.send?.({ output: await orders[name](input) })
  } catch (error) {
    process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})
process.once('disconnect', async () => {
  for (const { station, link } of windows) {
    await link.stop()
    await station.close()
  }
  process.exit()
})
