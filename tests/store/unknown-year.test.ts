import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import {
  calendarDocument,
  changed,
  packOf,
  releaseAfter,
  type TestRelease,
  withChanged,
} from '../helpers/catalogues.ts'
import { resourcesFolder } from '../helpers/desk.ts'
import { allowance, allowanceAnswers, smallPng } from '../helpers/intake.ts'
import { openStation, stationId } from '../helpers/reconciling.ts'
import { openSampleStation } from '../helpers/sample-station.ts'
import { settableClock, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }
const keys = makeKeyPair()
const newYear = ['2027-01-01..2027-01-03']

let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof settableClock>
let station: OpenFeatures
let last: TestRelease

async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = station.handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input as never, caller)) as CallOutput<N>
}

async function release(document: CatalogueDocument): Promise<void> {
  const before = last
  last = releaseAfter(before, withChanged(before.documents, document), keys)
  await station.catalogue.take(await packOf(last, before), 'clerk')
}

/** 收件 of an allowance whose photograph is to follow. */
async function receive(index: number): Promise<string> {
  const { draftId } = await ask('drafts.create', { itemId: allowance.itemId })
  await ask('drafts.save', { draftId, answers: allowanceAnswers(index) })
  for (const requirementId of allowance.materials)
    await station.drafts.putMaterial(draftId, requirementId, {
      ...{ name: `${requirementId}.png`, announcedBytes: undefined },
      source: Readable.from([Buffer.concat([smallPng, Buffer.from(requirementId)])]),
    })
  await ask('drafts.promiseLater', { draftId, requirementId: allowance.later, later: true })
  return (await ask('drafts.receive', { draftId })).caseId
}

const datesOf = async (caseId: string) => {
  const { summary, later } = await ask('cases.get', { caseId })
  return [summary.promised.date, later[0]?.dueDate, summary.daysLeft]
}
const due = async () => {
  const { cases, counts } = await ask('cases.list', { view: 'due', query: '', offset: 0, limit: 50 })
  return [cases.map(({ caseId }) => caseId), counts.due]
}
function rebuilt() {
  const { ledger } = station.context.store
  const before = ledger.snapshotTables()
  ledger.rebuild()
  return { before, after: ledger.snapshotTables() }
}

beforeEach(async () => {
  folder = temporaryFolder()
  clock = settableClock('2026-12-28T04:00:00.000Z')
  const opened = await openSampleStation(folder.path, clock, keys)
  station = opened.station
  last = opened.first
})
afterEach(async () => {
  await station.close()
  folder[Symbol.dispose]()
})

describe('a case whose limit reaches a year without a calendar', () => {
  test('has its dates once the calendar is released, without an entry of its own, and is due near its end', async () => {
    const caseId = await receive(1)
    const unknown = await datesOf(caseId)
    const entries = station.context.store.ledger.entriesOf(caseId).length
    await release(calendarDocument(2027, newYear))
    const known = await datesOf(caseId)
    const inDecember = await due()
    clock.set('2027-01-22T04:00:00.000Z')
    const nearItsEnd = await due()
    // 29, 30 and 31 December, then 17 workdays from 4 January on; the photograph within five.
    expect([unknown, known]).toEqual([
      [null, null, null],
      ['2027-01-26', '2027-01-05', 20],
    ])
    expect([inDecember, nearItsEnd]).toEqual([
      [[], 0],
      [[caseId], 1],
    ])
    expect(station.context.store.ledger.entriesOf(caseId)).toHaveLength(entries)
    const { before, after } = rebuilt()
    expect(after).toEqual(before)
    expect(await datesOf(caseId)).toEqual(['2027-01-26', '2027-01-05', 2])
  })

  test('keeps the dates that it got when the calendar of that year changes, also after a rebuild', async () => {
    const caseId = await receive(2)
    await release(calendarDocument(2027, newYear))
    await release(calendarDocument(2027, ['2027-01-01..2027-01-20']))
    const later = await receive(3)
    const { before, after } = rebuilt()
    expect(after).toEqual(before)
    expect([(await datesOf(caseId))[0], (await datesOf(later))[0]]).toEqual(['2027-01-26', '2027-02-12'])
  })

  test('waits on where a release knows another year only', async () => {
    const caseId = await receive(4)
    await release(calendarDocument(2028))
    const { before, after } = rebuilt()
    expect([after, await datesOf(caseId)]).toEqual([before, [null, null, null]])
  })

  test('has its dates at the start of a newer program that brings the calendar, and after a rebuild', async () => {
    const caseId = await receive(5)
    await station.close()
    const resources = join(folder.path, 'resources')
    mkdirSync(resources)
    for (const name of readdirSync(resourcesFolder).filter((one) => one !== 'holidays.json'))
      symlinkSync(join(resourcesFolder, name), join(resources, name))
    const holidays = JSON.parse(readFileSync(join(resourcesFolder, 'holidays.json'), 'utf8'))
    holidays.years['2027'] = { off: newYear, work: [] }
    writeFileSync(join(resources, 'holidays.json'), JSON.stringify(holidays))
    station = openStation(join(folder.path, 'station'), clock, stationId, resources)
    await station.cases.start?.()
    const { before, after } = rebuilt()
    expect([after, await datesOf(caseId)]).toEqual([before, ['2027-01-26', '2027-01-05', 20]])
  })

  test('is warned of as far ahead as the longest limit in force reaches', async () => {
    clock.set('2026-07-20T04:00:00.000Z')
    const unknown = async () => (await ask('standards.updates', {})).unknownYears
    const short = await unknown()
    const allowanceHere = last.documents.find(({ id }) => id === allowance.itemId)
    if (allowanceHere === undefined) throw new Error('the samples have no allowance')
    await release(changed(allowanceHere, { promisedLimit: { days: 110, unit: 'workday' }, legalLimit: null }))
    expect([short, await unknown()]).toEqual([[], [2027]])
  })
})
