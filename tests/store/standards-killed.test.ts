import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { readSample } from '../../main/features/catalogue/sample.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import type { CatalogueStatus } from '../../preload/contract/catalogue.ts'
import { changed, packOf, releaseAfter, withChanged } from '../helpers/catalogues.ts'
import { resourcesFolder } from '../helpers/desk.ts'
import { smallPng } from '../helpers/intake.ts'
import { openStation, stationId } from '../helpers/reconciling.ts'
import { settableClock, temporaryFolder } from '../helpers/store.ts'
import { disabilityAnswers, disabilityMaterials } from '../helpers/themes.ts'

const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }
const keys = makeKeyPair()
const samples = readSample(resourcesFolder).documents
const first = releaseAfter(null, samples, keys)
const open = (folder: string) => openStation(folder, settableClock('2026-03-02T13:00:00.000Z'))

async function call<N extends CallName>(station: OpenFeatures, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = station.handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input as never, caller)) as CallOutput<N>
}

/** A closed station that has the samples in force. */
async function makeStation(folder: string, more: (station: OpenFeatures) => Promise<void> = async () => {}) {
  const station = open(folder)
  const facts = { id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }
  station.context.store.station.create(facts, newStationKeys())
  station.catalogue.pin(keys.publicKey)
  await station.catalogue.take(await packOf(first), 'clerk')
  await more(station)
  await station.close()
}

/** Does one thing in a process that is killed at its nth write; how many writes it saw where it came to its end. */
async function killedAt(folder: string, what: string, nth: number, given: string): Promise<number | undefined> {
  const script = join(import.meta.dirname, 'killed-at-write.ts')
  const child = spawn(process.execPath, [script, folder, what, String(nth), given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  const [, signal] = await once(child, 'close')
  expect(signal).toBe('SIGKILL')
  return said === '' ? undefined : Number(said)
}

/** Before the first write, before the last, and two between. */
const pointsOf = (writes: number) => [1, Math.ceil(writes / 3), Math.ceil((writes * 2) / 3), writes]

test('a theme that is taken in is all its cases or none, wherever the process is killed; the next press makes them once', {
  timeout: 300_000,
}, async () => {
  using folder = temporaryFolder()
  const ready = join(folder.path, 'ready')
  let draftId = ''
  await makeStation(ready, async (station) => {
    draftId = (await call(station, 'drafts.createTheme', { themeId: 'SAMPLE-THEME-CJR' })).draftId
    await call(station, 'drafts.save', { draftId, answers: disabilityAnswers })
    const { shared, ofCard, ofSubsidies, later } = disabilityMaterials
    for (const id of [shared, ...ofCard, ...ofSubsidies])
      await station.drafts.putMaterial(draftId, id, {
        ...{ name: `${id}.png`, announcedBytes: undefined },
        source: Readable.from([Buffer.concat([smallPng, Buffer.from(id)])]),
      })
    await call(station, 'drafts.promiseLater', { draftId, requirementId: later, later: true })
  })
  const after = async (nth: number) => {
    const place = join(folder.path, `killed-${nth}`)
    cpSync(ready, place, { recursive: true })
    const writes = await killedAt(place, 'receive', nth, draftId)
    const station = open(place)
    try {
      const cases = async () =>
        (await call(station, 'cases.list', { view: 'all', query: '', offset: 0, limit: 50 })).cases
      const { ledger } = station.context.store
      const [left, isWhole] = [await cases(), ledger.verify().ok]
      const drafts = (await call(station, 'drafts.list', {})).drafts.length
      await call(station, 'drafts.receive', { draftId })
      const made = await cases()
      const before = ledger.snapshotTables()
      ledger.rebuild()
      expect(ledger.snapshotTables()).toEqual(before)
      const numbers = made.map(({ localNumber }) => localNumber.slice(-4)).toSorted()
      return { writes, left: left.length, isWhole, drafts, numbers, joined: (before.joined_cases as unknown[]).length }
    } finally {
      await station.close()
    }
  }
  const done = { isWhole: true, numbers: ['0001', '0002'], joined: 2 }
  const { writes, ...all } = await after(0)
  expect(all).toEqual({ ...done, left: 2, drafts: 0 })
  expect(writes).toBeGreaterThan(10)
  for (const nth of pointsOf(writes ?? 0))
    expect({ nth, ...(await after(nth)) }).toEqual({ ...done, nth, writes: undefined, left: 0, drafts: 1 })
})

test('a release is in force whole or not at all, wherever the process is killed; the next try takes it', {
  timeout: 300_000,
}, async () => {
  using folder = temporaryFolder()
  const ready = join(folder.path, 'ready')
  await makeStation(ready)
  const [one, two] = samples.filter(({ kind }) => kind === 'matter')
  const documents = [one, two].reduce(
    (all, matter) => (matter ? withChanged(all, changed(matter, { name: `改过的${matter.id}` })) : all),
    [...samples],
  )
  const second = releaseAfter(first, documents, keys)
  const file = join(folder.path, 'second.cunrelease')
  writeFileSync(file, await packOf(second, first))
  const inForce = (station: OpenFeatures) => {
    const status = station.catalogue.handlers['catalogue.status']?.({}, null) as CatalogueStatus
    const names = station.catalogue
      .allInForce('matter')
      .filter(({ value }) => 'name' in value && value.name.startsWith('改过的'))
    return [status.inForce?.release, names.length, station.catalogue.allInForce('matter').length]
  }
  const matters = samples.filter(({ kind }) => kind === 'matter').length
  const after = async (nth: number) => {
    const place = join(folder.path, `killed-${nth}`)
    cpSync(ready, place, { recursive: true })
    const writes = await killedAt(place, 'take', nth, file)
    const station = open(place)
    try {
      const left = inForce(station)
      const isWhole = station.context.store.ledger.verify().ok
      await station.catalogue.take(await packOf(second, first), 'clerk')
      return { writes, isWhole, left, later: inForce(station) }
    } finally {
      await station.close()
    }
  }
  const done = { isWhole: true, later: [2, 2, matters] }
  const { writes, ...all } = await after(0)
  expect(all).toEqual({ ...done, left: [2, 2, matters] })
  for (const nth of pointsOf(writes ?? 0))
    expect({ nth, ...(await after(nth)) }).toEqual({ ...done, nth, writes: undefined, left: [1, 0, matters] })
})
