import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { nameOfStick, writeToStick } from '../../main/features/bundles/index.ts'
import { createStandards, publisherKeyFile, type StandardsFeature } from '../../main/features/standards/index.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { makePublisherKey, openPublisherKey, writePublisherKey } from '../../main/store/publisher-key.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { signManifest } from '../../main/wire/catalogue/manifest.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { ReleaseContents } from '../../preload/contract/standards/publishing.ts'
import { changed, manifestAfter, packOf, withChanged } from '../helpers/catalogues.ts'
import { openStation, stationId } from '../helpers/reconciling.ts'
import { failureOf, settableClock, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'yanlian', displayName: '演练员' }
const pin = '演练-13579'
const cheap = { memoryKiB: 256, passes: 1, lanes: 1 }
/** 10 March 2026 in Shanghai. */
const tenthOfMarch = '2026-03-09T16:00:00.000Z'

let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof settableClock>
let station: OpenFeatures
let standards: StandardsFeature
let publisher: Awaited<ReturnType<typeof openPublisherKey>>

async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handlers: Partial<Handlers> = { ...station.handlers, ...standards.handlers }
  const handler = handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input as never, caller)) as CallOutput<N>
}

beforeEach(async () => {
  folder = temporaryFolder()
  clock = settableClock('2026-03-03T04:00:00.000Z')
  const dataFolder = join(folder.path, 'station')
  station = openStation(dataFolder, clock)
  const facts = { id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }
  station.context.store.station.create(facts, newStationKeys())
  const key = await makePublisherKey('县政数局', pin, cheap)
  writePublisherKey(publisherKeyFile(dataFolder), key)
  publisher = await openPublisherKey(key, pin)
  await station.catalogue.releaseSample(publisher)
  const { catalogue, cases, drafts, matters } = station
  standards = createStandards(station.context, {
    ...{ catalogue: catalogue.kept, take: catalogue.take, writeToStick, nameOfStick },
    ...{
      casesByVersion: cases.openByVersion,
      draftsByVersion: drafts.byVersion,
      draftsByTheme: drafts.byTheme,
      nameOf: matters.nameOf,
    },
    ...{ roleOf: () => 'administrator', displayName: (account: string) => account, knowsYear: () => true },
    checkPin: () => Promise.resolve(),
    client: () => {
      throw new AppError('LINK_DOWN')
    },
  })
})
afterEach(async () => {
  await station.close()
  folder[Symbol.dispose]()
})

type Value = Record<string, unknown>
async function begin(kind: 'matter' | 'theme', id: string, change: Value = {}) {
  const { copyId } = await ask('standards.begin', { kind, id, version: 1 })
  const value: Value = { ...JSON.parse((await ask('standards.copy', { copyId })).text), ...change }
  await ask('standards.save', { copyId, text: JSON.stringify(value) })
  return { copyId, value }
}
const copies = (copyId: string): ReleaseContents => ({ from: 'copies', copyIds: [copyId] })
const begins = async (copyId: string, at: { effectiveAtUtc?: string | null }) => {
  const { findings } = await ask('standards.plan', { targets: 'all', contents: copies(copyId), ...at })
  return findings
    .filter(({ pointer }) => pointer === '/effectiveFrom')
    .map(({ severity, problem }) => [severity, problem])
}
const publish = (copyId: string, effectiveAtUtc: string | null) =>
  ask('standards.publish', {
    ...{ targets: 'all', contents: copies(copyId), effectiveAtUtc, note: '改动', pin, approval: null },
  })

describe('a version that begins after its release takes effect', () => {
  test('is refused where the matter is open: nobody could be taken in until then; a release of that day is right', async () => {
    const { copyId } = await begin('matter', 'SAMPLE-GLJT', { effectiveFrom: '2026-03-10', aliases: ['老人钱'] })
    const said = '这一版2026年3月10日才开始，这次发布2026年3月3日就生效：到那天之前，谁都收不了这个事项'
    expect(await begins(copyId, { effectiveAtUtc: null })).toEqual([['must', said]])
    expect(await begins(copyId, { effectiveAtUtc: tenthOfMarch })).toEqual([])
    expect(await begins(copyId, {})).toEqual([])
    expect(await failureOf(() => publish(copyId, null))).toMatchObject({ code: 'STANDARD_FAULTY' })
    const { release } = await publish(copyId, tenthOfMarch)
    expect([release.release, release.state]).toEqual([2, 'waits'])
  })

  test('is refused of a theme too, and not of a matter that nobody is taken in for yet', async () => {
    const theme = await begin('theme', 'SAMPLE-THEME-CJR', { effectiveFrom: '2026-03-10' })
    const planned = await begin('matter', 'SAMPLE-TKGY', { effectiveFrom: '2026-08-01' })
    expect(await begins(theme.copyId, { effectiveAtUtc: null })).toHaveLength(1)
    expect(await begins(planned.copyId, { effectiveAtUtc: null })).toEqual([])
  })

  test('is no working copy as it is begun: it says today, or the later day on which the matter begins anyway', async () => {
    const open = await begin('matter', 'SAMPLE-GLJT', { aliases: ['老人钱'] })
    const planned = await begin('matter', 'SAMPLE-TKGY')
    expect([open.value.effectiveFrom, planned.value.effectiveFrom]).toEqual(['2026-03-03', '2026-07-01'])
    expect(await begins(open.copyId, { effectiveAtUtc: null })).toEqual([])
    expect(await begins(open.copyId, { effectiveAtUtc: tenthOfMarch })).toEqual([])
  })
})

test('what begins and ends by its dates is told on that day', async () => {
  const { inForce, bodyOf } = station.catalogue.kept
  const first = inForce()
  if (first === undefined) throw new Error('no release is in force')
  const documents = first.manifest.documents.map((ref) => ({ ...ref, bytes: bodyOf(ref.sha256) ?? Buffer.alloc(0) }))
  const allowance = documents.find(({ id }) => id === 'SAMPLE-GLJT') as CatalogueDocument
  const ending = withChanged(documents, changed(allowance, { effectiveUntil: '2026-07-01' }))
  const before = { signed: first, documents }
  const manifest = manifestAfter(before, ending, { effectiveAtUtc: '2026-03-03T04:00:00.000Z' })
  const signed = signManifest(manifest, publisher)
  await station.catalogue.take(await packOf({ signed, documents: ending }, before), 'clerk')
  const told: unknown[] = []
  for (const day of ['2026-06-30', '2026-07-01', '2026-07-02']) {
    clock.set(`${day}T04:00:00.000Z`)
    const { begun, ended } = await ask('standards.updates', {})
    told.push([begun.length, ended])
  }
  expect(told).toEqual([
    [0, []],
    [3, ['高龄津贴']],
    [0, []],
  ])
})

test('a matter that was open, and has a new version from today on, is told as changed, not as begun', async () => {
  const { inForce, bodyOf } = station.catalogue.kept
  const first = inForce()
  if (first === undefined) throw new Error('no release is in force')
  const documents = first.manifest.documents.map((ref) => ({ ...ref, bytes: bodyOf(ref.sha256) ?? Buffer.alloc(0) }))
  const allowance = documents.find(({ id }) => id === 'SAMPLE-GLJT') as CatalogueDocument
  clock.set('2026-03-04T04:00:00.000Z')
  const next = withChanged(documents, changed(allowance, { effectiveFrom: '2026-03-04' }))
  const before = { signed: first, documents }
  const manifest = manifestAfter(before, next, { effectiveAtUtc: '2026-03-04T04:00:00.000Z' })
  await station.catalogue.take(
    await packOf({ signed: signManifest(manifest, publisher), documents: next }, before),
    'clerk',
  )
  const { updates, begun } = await ask('standards.updates', {})
  expect([updates.map(({ name }) => name), begun]).toEqual([['高龄津贴'], []])
})
