import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import { changed, packOf, releaseAfter, type TestRelease, withChanged } from '../helpers/catalogues.ts'
import { allowance, allowanceAnswers, smallPng } from '../helpers/intake.ts'
import { openSampleStation } from '../helpers/sample-station.ts'
import { failureOf, settableClock, temporaryFolder } from '../helpers/store.ts'
import { disabilityAnswers, disabilityMaterials } from '../helpers/themes.ts'

const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }
const keys = makeKeyPair()
const [cardId, subsidiesId] = ['SAMPLE-CJZ', 'SAMPLE-CJBT']

let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof settableClock>
let station: OpenFeatures
let last: TestRelease

async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = station.handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input as never, caller)) as CallOutput<N>
}

/** The next release, with one matter changed. */
async function release(itemId: string, change: Record<string, unknown>): Promise<void> {
  const before = last
  const document = before.documents.find(({ id }) => id === itemId) as CatalogueDocument
  last = releaseAfter(before, withChanged(before.documents, changed(document, change)), keys)
  await station.catalogue.take(await packOf(last, before), 'clerk')
}

async function put(draftId: string, requirementIds: readonly string[]): Promise<void> {
  for (const requirementId of requirementIds)
    await station.drafts.putMaterial(draftId, requirementId, {
      ...{ name: `${requirementId}.png`, announcedBytes: undefined },
      source: Readable.from([Buffer.concat([smallPng, Buffer.from(requirementId)])]),
    })
}

/** A draft of the allowance that is ready for 收件. */
async function readyDraft(): Promise<string> {
  const { draftId } = await ask('drafts.create', { itemId: allowance.itemId })
  await ask('drafts.save', { draftId, answers: allowanceAnswers(1) })
  await put(draftId, [...allowance.materials, allowance.later])
  return draftId
}
const closedIn = async (draftId: string) => {
  const { draft, check } = await ask('drafts.get', { draftId })
  return { ready: check.ready, closed: check.closed, kept: [draft.answers.name, draft.materials.length] }
}
const receive = (draftId: string) => failureOf(() => ask('drafts.receive', { draftId }))
const countCases = async () => (await ask('cases.list', { view: 'all', query: '', offset: 0, limit: 5 })).total

beforeEach(async () => {
  folder = temporaryFolder()
  clock = settableClock('2026-03-02T12:00:00.000Z')
  const opened = await openSampleStation(folder.path, clock, keys)
  station = opened.station
  last = opened.first
})
afterEach(async () => {
  await station.close()
  folder[Symbol.dispose]()
})

describe('a draft whose matter was closed after it was begun', () => {
  test.each([
    ['suspended', { status: 'suspended' }, null],
    ['cancelled', { status: 'cancelled' }, null],
    ['ended by its date', { effectiveUntil: '2026-03-02' }, '2026-03-02'],
    ['begun later by its date', { effectiveFrom: '2026-03-10' }, '2026-03-10'],
  ])(
    'is told and not received where it was %s; all of it stays, and goes on once it is open again',
    async (_, change, date) => {
      const draftId = await readyDraft()
      const before = await closedIn(draftId)
      await release(allowance.itemId, change)
      const { why = '', ...closed } = (await closedIn(draftId)).closed[0] ?? {}
      const refused = await receive(draftId)
      const [after, cases] = [await closedIn(draftId), await countCases()]
      expect([before.ready, after.ready, after.kept, cases]).toEqual([true, false, before.kept, 0])
      expect(closed).toEqual({ itemId: allowance.itemId, name: '高龄津贴', date })
      expect(refused).toMatchObject({ code: 'MATTER_CLOSED', details: { matter: '高龄津贴', why, date: date ?? '' } })
      const another = await failureOf(() => ask('drafts.create', { itemId: allowance.itemId }))
      expect(another).toMatchObject({ code: 'MATTER_CLOSED' })
      await release(allowance.itemId, { status: 'active', effectiveUntil: null, effectiveFrom: '2026-03-02' })
      await ask('drafts.receive', { draftId })
      expect(await countCases()).toBe(1)
    },
  )

  test('is told by the clock alone, without a release', async () => {
    await release(allowance.itemId, { effectiveUntil: '2026-03-04' })
    const draftId = await readyDraft()
    clock.set('2026-03-04T04:00:00.000Z')
    expect((await closedIn(draftId)).closed.map(({ why }) => why)).toEqual(['ended'])
    expect(await receive(draftId)).toMatchObject({ code: 'MATTER_CLOSED' })
  })

  test('is received by its own version where the newer one is open, as ever', async () => {
    const draftId = await readyDraft()
    await release(allowance.itemId, { aliases: ['老人钱'] })
    expect((await closedIn(draftId)).closed).toEqual([])
    const { caseId } = await ask('drafts.receive', { draftId })
    expect((await ask('cases.get', { caseId })).standardVersion).toBe(1)
  })
})

test('a theme’s draft tells of the chosen matter that was closed; without it the others are taken in', async () => {
  const { draftId } = await ask('drafts.createTheme', { themeId: 'SAMPLE-THEME-CJR' })
  await ask('drafts.save', { draftId, answers: disabilityAnswers })
  const { shared, ofCard, ofSubsidies, later } = disabilityMaterials
  await put(draftId, [shared, ...ofCard, ...ofSubsidies, later])
  await release(subsidiesId, { status: 'suspended' })
  const told = (await closedIn(draftId)).closed
  const refused = await receive(draftId)
  await ask('drafts.chooseMatters', { draftId, itemIds: [cardId] })
  const without = await closedIn(draftId)
  await ask('drafts.receive', { draftId })
  expect(told).toEqual([{ itemId: subsidiesId, name: '残疾人两项补贴', why: 'suspended', date: null }])
  expect(refused).toMatchObject({ code: 'MATTER_CLOSED', details: { matter: '残疾人两项补贴' } })
  expect([without.ready, without.closed, await countCases()]).toEqual([true, [], 1])
})
