import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import { changed, packOf, releaseAfter, type TestRelease, withChanged } from '../helpers/catalogues.ts'
import { stationId } from '../helpers/reconciling.ts'
import { openSampleStation } from '../helpers/sample-station.ts'
import { failureOf, settableClock, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }
const allowance = 'SAMPLE-GLJT'
const [themeId, cardId, subsidiesId] = ['SAMPLE-THEME-CJR', 'SAMPLE-CJZ', 'SAMPLE-CJBT']
const [village, town] = [stationId.slice(0, 12), stationId.slice(0, 9)]
const elsewhere = '440282113'
const keys = makeKeyPair()

let folder: ReturnType<typeof temporaryFolder>
let station: OpenFeatures
let last: TestRelease

beforeEach(async () => {
  folder = temporaryFolder()
  const opened = await openSampleStation(folder.path, settableClock('2026-03-02T12:00:00.000Z'), keys)
  station = opened.station
  last = opened.first
})
afterEach(async () => {
  await station.close()
  folder[Symbol.dispose]()
})

async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = station.handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input as never, caller)) as CallOutput<N>
}

/** The next release, in which a matter is taken in at these places. */
async function release(itemId: string, divisions: readonly string[]): Promise<void> {
  const before = last
  const document = before.documents.find(({ id }) => id === itemId) as CatalogueDocument
  last = releaseAfter(before, withChanged([...before.documents], changed(document, { divisions })), keys)
  await station.catalogue.take(await packOf(last, before), 'clerk')
}

const isListed = async (itemId: string) =>
  (await ask('matters.list', {})).matters.some((matter) => matter.itemId === itemId)

test('a window lists a matter that is taken in everywhere, in its village or in its town, and no other', async () => {
  const listed = [await isListed(allowance)]
  for (const divisions of [[elsewhere], [elsewhere, town], [village], ['440282'], ['440282104209'], []]) {
    await release(allowance, divisions)
    listed.push(await isListed(allowance))
  }
  expect(listed).toEqual([true, false, true, true, true, false, true])
})

test('a theme loses a matter that is taken in elsewhere, and is not listed where everybody needs that one', async () => {
  const theme = async () => (await ask('matters.list', {})).themes.find((one) => one.themeId === themeId)
  const open = async () => (await theme())?.members.map(({ itemId, isOpen }) => [itemId, isOpen])
  const opened = [await open()]
  await release(subsidiesId, [elsewhere])
  opened.push(await open())
  await release(cardId, [elsewhere])
  opened.push(await open())
  expect(opened).toEqual([
    [
      [cardId, true],
      [subsidiesId, true],
    ],
    [
      [cardId, true],
      [subsidiesId, false],
    ],
    undefined,
  ])
})

test('a draft of a matter that is taken in elsewhere by now stays on its version, as of one that is closed', async () => {
  const { draftId } = await ask('drafts.create', { itemId: allowance })
  await release(allowance, [elsewhere])
  expect(station.matters.openNow(allowance)).toBeUndefined()
  expect(await ask('drafts.moveOffer', { draftId })).toEqual({ offer: null })
  const { draft, check } = await ask('drafts.get', { draftId })
  expect([draft.standardVersion, check.ready, check.closed]).toEqual([
    1,
    false,
    [{ itemId: allowance, name: '高龄津贴', why: 'elsewhere', date: null }],
  ])
  const why = { code: 'MATTER_CLOSED', details: expect.objectContaining({ why: 'elsewhere' }) }
  expect(await failureOf(() => ask('drafts.receive', { draftId }))).toEqual(why)
  expect(await failureOf(() => ask('drafts.create', { itemId: allowance }))).toEqual(why)
  await release(allowance, [town])
  expect((await ask('drafts.moveOffer', { draftId })).offer).toMatchObject({
    toVersion: 3,
    changes: [{ words: '收件的镇村增加了“坪田镇”' }],
  })
})
