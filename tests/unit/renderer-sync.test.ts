import { describe, expect, test } from 'vitest'
import type { FileState, HallCase, LinkMinute, Stick } from '../../preload/contract/sync.ts'
import { takenByOf } from '../../renderer/features/sync/hall/taken-by.ts'
import { formOf, settingsOf } from '../../renderer/features/sync/settings/link-form.ts'
import { barsOf, hourOf } from '../../renderer/features/sync/state/link-hour.ts'
import { ownBundles, type StickBundle, stepOf, wayOf } from '../../renderer/features/sync/stick/stick-steps.ts'
import { syncTabOf } from '../../renderer/features/sync/sync-tabs.ts'
import { deliverySteps } from '../../renderer/ui/DeliveryDots.tsx'
import { etaOf } from '../../renderer/ui/eta.ts'
import { arrivedOf, goesOnByItself } from '../../renderer/ui/file-words.ts'
import { percentOf } from '../../renderer/ui/ProgressBar.tsx'

describe('an hour of the link', () => {
  const minute = (index: number, state: LinkMinute['state'], upBytes = 0): LinkMinute => ({
    atUtc: new Date(Date.UTC(2026, 10, 23, 4, index)).toISOString(),
    upBytes,
    downBytes: 0,
    state,
  })
  const minutes = [minute(0, 'none'), minute(1, 'good', 40_000), minute(2, 'bad', 100), minute(3, 'cut', 10_000)]

  test('is added up for words, with the last time that it was down', () => {
    expect(hourOf(minutes)).toEqual({
      good: 2,
      cut: 1,
      bad: 1,
      none: 1,
      upBytes: 50_100,
      downBytes: 0,
      peakBytes: 40_000,
      lastBadUtc: '2026-11-23T04:03:00.000Z',
    })
    expect(hourOf([])).toMatchObject({ good: 0, peakBytes: 0, lastBadUtc: null })
  })

  test('stands at the right end of its graph, and what carried little is still seen beside a photo', () => {
    const bars = barsOf(minutes, 60)
    expect(bars.map(({ index }) => index)).toEqual([56, 57, 58, 59])
    expect(bars.map(({ height }) => height)).toEqual([0, 1, 0.06, 0.5])
  })
})

describe('a case of the hall', () => {
  const ours = '440282113201-1'
  const hallCase = (held: { takenBy: string; takenById?: string }): HallCase => ({
    ...{ caseId: '00000000-0000-4000-8000-000000000000', stationId: ours, windowName: '综合服务窗口' },
    ...{ localNumber: '', applicantMasked: '', matterName: '', state: 'received', atCentre: false },
    ...{ receivedAtUtc: '2026-11-23T04:02:00.000Z', ...held },
  })

  test('is in this hand by the station alone, since windows of a village may share a name', () => {
    const holders = [undefined, ours, '440282113201-2'].map((takenById) =>
      takenByOf(hallCase(takenById === undefined ? { takenBy: '' } : { takenBy: '综合服务窗口', takenById }), ours),
    )
    expect(holders).toEqual(['nobody', 'mine', 'others'])
  })
})

describe('the time that is left', () => {
  const now = Date.parse('2026-11-23T08:00:30.000Z')

  test('is told in seconds and minutes while they are few, then by the clock, never too early', () => {
    expect(etaOf(0.2, now)).toEqual({ kind: 'seconds', count: 1 })
    expect(etaOf(59, now)).toEqual({ kind: 'seconds', count: 59 })
    expect(etaOf(61, now)).toEqual({ kind: 'minutes', count: 2 })
    expect(etaOf(15 * 60, now)).toEqual({ kind: 'clock', atUtc: '2026-11-23T08:16:00.000Z' })
  })
})

describe('a file on its way', () => {
  const file = (change: Partial<FileState>): FileState => ({
    sha256: 'a'.repeat(64),
    name: '户口簿.jpg',
    class: 'original',
    copyOf: null,
    sizeBytes: 1000,
    sentBytes: 0,
    state: 'waiting',
    lastError: '',
    nextTryUtc: null,
    arrivedAtUtc: null,
    ...change,
  })

  test('counts as a material only where it is an original; everything that lacks is counted once', () => {
    const files = [file({ state: 'at-centre' }), file({}), file({ class: 'receipt' }), file({ class: 'copy' })]
    expect(arrivedOf(files)).toEqual({ done: 1, all: 2, waiting: 3 })
  })

  test('that was interrupted goes on by itself; one that waits its turn is not said to', () => {
    const told = [
      file({ state: 'failed' }),
      file({ sentBytes: 5 }),
      file({}),
      file({ state: 'at-centre', sentBytes: 9 }),
    ]
    expect(told.map(goesOnByItself)).toEqual([true, true, false, false])
  })

  test('is at 100 % only when all of it is there', () => {
    expect([percentOf(0, 0), percentOf(999, 1000), percentOf(1000, 1000), percentOf(2000, 1000)]).toEqual([
      0, 99, 100, 100,
    ])
  })
})

describe('the steps of a stick', () => {
  const bundle = (change: Partial<StickBundle>): StickBundle => ({
    file: 'a.cunchuang',
    kind: 'out',
    stationId: '440282113201-1',
    ours: true,
    madeAtUtc: '2026-11-23T04:00:00.000Z',
    sizeBytes: 9,
    state: 'ready',
    ...change,
  })
  const stick = (...bundles: StickBundle[]): Stick => ({ stickId: 'a', label: 'a', freeBytes: 9, bundles })

  test('go from insert over write to the answer', () => {
    expect(stepOf('own', undefined)).toBe(1)
    expect(stepOf('own', stick())).toBe(2)
    expect(stepOf('own', stick(bundle({ state: 'torn' })))).toBe(2)
    expect(stepOf('own', stick(bundle({})))).toBe(3)
    expect(stepOf('own', stick(bundle({ state: 'done' }), bundle({ kind: 'return', state: 'done' })))).toBe(2)
    expect(stepOf('own', stick(bundle({ kind: 'return' })))).toBe(3)
  })

  test('take the newest of our own and leave what is others', () => {
    const old = bundle({ file: 'old', madeAtUtc: '2026-11-20T04:00:00.000Z' })
    expect(ownBundles(stick(old, bundle({ file: 'new' }), bundle({ file: 'theirs', ours: false }))).out?.file).toBe(
      'new',
    )
  })

  test('are those of a town hall where all on the stick comes from others, until each of it has been sent', () => {
    const theirs = bundle({ ours: false })
    expect([wayOf(undefined), wayOf(stick()), wayOf(stick(theirs)), wayOf(stick(theirs, bundle({})))]).toEqual([
      'own',
      'own',
      'carry',
      'own',
    ])
    expect(stepOf('carry', stick(theirs))).toBe(2)
    expect(stepOf('carry', stick(bundle({ ours: false, state: 'done' })))).toBe(3)
  })
})

describe('the settings of the link', () => {
  const settings = {
    budgetKbit: 64,
    originals: 'night',
    nightFrom: '22:00',
    nightUntil: '06:00',
    proxyUrl: null,
  } as const

  test('come back from their fields as they were', () => {
    expect(settingsOf(formOf(settings)).settings).toEqual(settings)
    expect(settingsOf(formOf({ ...settings, budgetKbit: null })).settings?.budgetKbit).toBeNull()
  })

  test('name the field that cannot be saved', () => {
    const form = formOf(settings)
    const wrong = [{ budget: '1' }, { budget: '' }, { proxy: 'ftp://a' }, { nightFrom: '25:00' }]
    expect(wrong.map((change) => settingsOf({ ...form, ...change }).wrong)).toEqual([
      'budget',
      'budget',
      'proxy',
      'night',
    ])
  })
})

describe('the way to a screen', () => {
  test('leads to what is still here where the address names no other tab', () => {
    expect([syncTabOf('days'), syncTabOf(undefined), syncTabOf('nowhere')]).toEqual(['days', 'state', 'state'])
  })

  test('of a case has the step at the hall only while it is there', () => {
    expect(deliverySteps('at-hall')).toHaveLength(4)
    expect(deliverySteps('at-centre')).toEqual(['stored-here', 'at-centre', 'accepted-by-centre'])
  })
})
