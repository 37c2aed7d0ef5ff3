import { expect, it } from 'vitest'
import { casesProjector } from '../../main/features/cases/projection.ts'
import { waitingPage } from '../../main/features/sync/waiting.ts'
import type { LinkSettings } from '../../preload/contract/sync.ts'
import { openFileDesk } from '../helpers/file-desk.ts'
import { noCalendars, temporaryFolder } from '../helpers/store.ts'

const nights: LinkSettings = {
  ...{ budgetKbit: null, originals: 'night', nightFrom: '22:00', nightUntil: '06:00', proxyUrl: null },
}

it('says of every row when it will have left alike, whatever page it stands on: text, other records, files by day and by night', async () => {
  using folder = temporaryFolder()
  const desk = openFileDesk(folder.path, true, [casesProjector(noCalendars)])
  const sizes = [40_000, 200_000, 90_000, 300_000, 160_000]
  for (const size of sizes) desk.receive([await desk.keep(size)])
  desk.append('note.written', 1, 'station', {})
  const never = { signal: new AbortController().signal, shouldYield: () => true, originalsAllowed: false }
  await desk.files.run(desk.line('http://127.0.0.1:1'), never)
  const ground = {
    ...{ store: desk.store, settings: nights, nowMs: Date.parse('2025-03-03T04:00:00.000Z') },
    ...{ entryBytes: 200, bytesPerSecond: 100, caseCount: sizes.length },
    textState: { state: 'waiting' as const, lastError: '', nextTryUtc: null },
    files: { ...desk.files.totals(), next: desk.files.next, bytesOfFirst: desk.files.bytesOfFirst },
  }
  const whole = waitingPage(ground, { offset: 0, limit: 100 })
  const pagesOf = (limit: number) =>
    Array.from({ length: Math.ceil(whole.total / limit) }, (_, page) =>
      waitingPage(ground, { offset: page * limit, limit }),
    ).flatMap(({ items }) => items)
  const told = [1, 2, 3, 5, 6, 7].map((limit) => pagesOf(limit))
  desk.close()
  expect(whole.items.map(({ kind, state }) => (kind === 'original' ? state : kind))).toEqual([
    'text',
    'text',
    'text',
    'text',
    'text',
    'other',
    'waiting',
    'waiting',
    'night',
    'night',
    'night',
  ])
  const etas = whole.items.map(({ etaSeconds }) => etaSeconds ?? 0)
  expect(etas).toEqual(etas.toSorted((a, b) => a - b))
  expect(new Set(etas).size).toBe(etas.length)
  expect(told).toEqual(told.map(() => whole.items))
})
