import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listCases } from '../../central/cases/cases.ts'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { readSample } from '../../main/features/catalogue/sample.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { type CatalogueDocument, makeDocument } from '../../main/wire/catalogue/documents.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import { changed, packOf, releaseAfter, type TestRelease, withChanged } from '../helpers/catalogues.ts'
import { resourcesFolder } from '../helpers/desk.ts'
import { smallPng } from '../helpers/intake.ts'
import { openStation, type Pair, startPair, stationId } from '../helpers/reconciling.ts'
import { replaceStation } from '../helpers/replacing.ts'
import { failureOf, settableClock, temporaryFolder } from '../helpers/store.ts'
import { disabilityAnswers, disabilityMaterials } from '../helpers/themes.ts'

const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }
const themeId = 'SAMPLE-THEME-CJR'
const [cardId, subsidiesId] = ['SAMPLE-CJZ', 'SAMPLE-CJBT']
const keys = makeKeyPair()
const samples = readSample(resourcesFolder).documents

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

/** A call as the window makes it. */
async function call<N extends CallName>(station: OpenFeatures, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = station.handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input as never, caller)) as CallOutput<N>
}

const put = async (station: OpenFeatures, draftId: string, requirementId: string, text: string) =>
  station.drafts.putMaterial(draftId, requirementId, {
    ...{ name: `${text}.png`, announcedBytes: undefined },
    source: Readable.from([Buffer.concat([smallPng, Buffer.from(text)])]),
  })

/** A draft of the theme that is ready for 收件: the card's file is handed in once, one material is promised. */
async function readyDraft(station: OpenFeatures): Promise<string> {
  const { draftId } = await call(station, 'drafts.createTheme', { themeId })
  await call(station, 'drafts.save', { draftId, answers: disabilityAnswers })
  const { shared, ofCard, ofSubsidies, later } = disabilityMaterials
  for (const requirementId of [shared, ...ofCard, ...ofSubsidies])
    await put(station, draftId, requirementId, requirementId)
  await call(station, 'drafts.promiseLater', { draftId, requirementId: later, later: true })
  return draftId
}

const allCases = async (station: OpenFeatures) =>
  (await call(station, 'cases.list', { view: 'all', query: '', offset: 0, limit: 50 })).cases

describe('a theme at one station', () => {
  let station: OpenFeatures
  let last: TestRelease

  beforeEach(async () => {
    station = openStation(join(folder.path, 'station'), settableClock('2026-03-02T12:00:00.000Z'))
    const facts = { id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }
    station.context.store.station.create(facts, newStationKeys())
    station.catalogue.pin(keys.publicKey)
    last = releaseAfter(null, samples, keys)
    await station.catalogue.take(await packOf(last), 'clerk')
  })
  afterEach(() => station.close())

  const document = (id: string) => last.documents.find((one) => one.id === id) as CatalogueDocument
  // biome-ignore lint/suspicious/noExplicitAny: a test changes any part of a document
  const jsonOf = (id: string): any => JSON.parse(document(id).bytes.toString('utf8'))
  /** The next release, with some documents changed. */
  const release = async (...changes: (readonly [id: string, change: Record<string, unknown>])[]) => {
    const before = last
    const documents = changes.reduce(
      (all, [id, change]) => withChanged(all, changed(document(id), change)),
      [...last.documents],
    )
    last = releaseAfter(before, documents, keys)
    await station.catalogue.take(await packOf(last, before), 'clerk')
  }
  const ask = <N extends CallName>(name: N, input: CallInput<N>) => call(station, name, input)
  const rebuilt = () => {
    const { ledger } = station.context.store
    const before = ledger.snapshotTables()
    ledger.rebuild()
    return { before, after: ledger.snapshotTables() }
  }

  test('becomes a case for each chosen matter, each with its own number, standard, answers and materials', async () => {
    const draftId = await readyDraft(station)
    const first = await ask('drafts.receive', { draftId })
    const cases = (await allCases(station)).toReversed()
    const details = await Promise.all(cases.map(({ caseId }) => ask('cases.get', { caseId })))
    const [card, subsidies] = details
    expect(first.caseId).toBe(cases[0]?.caseId)
    expect(details.map((one) => [one.itemId, one.summary.localNumber.slice(-4), one.standardSha256])).toEqual([
      [cardId, '0001', document(cardId).sha256],
      [subsidiesId, '0002', document(subsidiesId).sha256],
    ])
    expect([card?.answers.changed, card?.answers.bankName]).toEqual(['行动更不便', undefined])
    expect([subsidies?.answers.changed, subsidies?.answers.bankName]).toEqual([undefined, '演练信用社'])
    expect(details.map(({ later }) => later.map(({ requirementId }) => requirementId))).toEqual([
      [],
      ['low-income-proof'],
    ])
    expect(details.map(({ materials }) => materials.map(({ requirementId }) => requirementId).toSorted())).toEqual([
      ['assessment', 'disability-card', 'form'],
      ['bank-card', 'disability-card', 'household-register', 'id-card'],
    ])
    expect((await ask('drafts.list', {})).drafts).toEqual([])
  })

  test('names a shared file in each case that asks for it, and has it sent once', async () => {
    await ask('drafts.receive', { draftId: await readyDraft(station) })
    const details = await Promise.all((await allCases(station)).map(({ caseId }) => ask('cases.get', { caseId })))
    const cards = details.flatMap(({ materials }) =>
      materials.filter(({ requirementId }) => requirementId === 'disability-card'),
    )
    const { db } = station.context.store
    const sent = db.all('SELECT sha256 FROM file_deliveries WHERE sha256 = ?', [cards[0]?.file.sha256 ?? ''])
    expect([cards.length, new Set(cards.map(({ file }) => file.sha256)).size, sent.length]).toEqual([2, 1, 1])
    expect(new Set(cards.map(({ materialId }) => materialId)).size).toBe(2)
  })

  test('tells in each case with which others it was taken in, in its rows, its history and after a rebuild', async () => {
    const draftId = await readyDraft(station)
    await ask('drafts.receive', { draftId })
    const [subsidies, card] = await allCases(station)
    const cases = [card, subsidies].map((one) => ({
      ...{ caseId: one?.caseId, localNumber: one?.localNumber, matterName: one?.matterName },
    }))
    const detail = await ask('cases.get', { caseId: subsidies?.caseId ?? '' })
    expect(detail.theme).toEqual({ themeId, name: '残疾人服务一件事', version: 1, cases })
    expect(detail.timeline.map(({ text }) => text)).toContain('按“残疾人服务一件事”收件，一共 2 件')
    const { before, after } = rebuilt()
    expect(after).toEqual(before)
    expect((before.joined_cases as unknown[]).length).toBe(2)
  })

  test('makes its cases once, however often 收件 is pressed', async () => {
    const draftId = await readyDraft(station)
    const once = await ask('drafts.receive', { draftId })
    expect((await failureOf(() => ask('drafts.get', { draftId }))).code).toBe('DRAFT_ALREADY_RECEIVED')
    expect(await ask('drafts.receive', { draftId })).toEqual(once)
    expect((await allCases(station)).length).toBe(2)
  })

  test('makes none of its cases where one of them cannot be made, and all of them once it can', async () => {
    const draftId = await readyDraft(station)
    const { store } = station.context
    store.db.run(`CREATE TRIGGER full AFTER INSERT ON cases WHEN new.item_id = '${subsidiesId}'
      BEGIN SELECT raise(ABORT, 'the disk is gone'); END`)
    const before = [store.ledger.head(), store.ledger.snapshotTables()]
    await expect(ask('drafts.receive', { draftId })).rejects.toThrow()
    const after = [store.ledger.head(), store.ledger.snapshotTables()]
    const { check } = await ask('drafts.get', { draftId })
    store.db.run('DROP TRIGGER full')
    await ask('drafts.receive', { draftId })
    expect(after).toEqual(before)
    expect(check.ready).toBe(true)
    expect((await allCases(station)).length).toBe(2)
  })

  test('takes in only what is ticked, and keeps what the others were answered until then', async () => {
    const draftId = await readyDraft(station)
    const alone = await ask('drafts.chooseMatters', { draftId, itemIds: [subsidiesId] })
    const form = await ask('drafts.form', { draftId })
    const again = await ask('drafts.chooseMatters', { draftId, itemIds: [cardId, subsidiesId] })
    await ask('drafts.chooseMatters', { draftId, itemIds: [subsidiesId] })
    const none = await failureOf(() => ask('drafts.chooseMatters', { draftId, itemIds: ['SAMPLE-GLJT'] }))
    const { caseId } = await ask('drafts.receive', { draftId })
    const detail = await ask('cases.get', { caseId })
    expect(alone.check.ready).toBe(true)
    expect(Object.keys(form.form.schema.properties as object)).not.toContain('changed')
    expect([again.draft.answers.changed, again.check.ready]).toEqual(['行动更不便', true])
    expect(none.code).toBe('INPUT_INVALID')
    expect([detail.itemId, detail.theme?.cases.length, (await allCases(station)).length]).toEqual([subsidiesId, 1, 1])
  })

  test('warns of a case of the same person and matter, by matter', async () => {
    await ask('drafts.receive', { draftId: await readyDraft(station) })
    const { check } = await ask('drafts.get', { draftId: await readyDraft(station) })
    expect(check.warnings.map(({ text }) => text.split('：')[0])).toEqual(['残疾人证重新评定', '残疾人两项补贴'])
  })

  test('is not offered while a matter that everybody needs is closed; one that some need is left out and named', async () => {
    await release([subsidiesId, { status: 'suspended' }])
    const { themes } = await ask('matters.list', {})
    const { theme } = await ask('drafts.createTheme', { themeId })
    await release([cardId, { status: 'suspended' }])
    const later = await ask('matters.list', {})
    const refused = await failureOf(() => ask('drafts.createTheme', { themeId }))
    const offered = themes.find((one) => one.themeId === themeId)
    expect(offered?.members.map(({ name, isOpen }) => [name, isOpen])).toEqual([
      ['残疾人证重新评定', true],
      ['残疾人两项补贴', false],
    ])
    expect([theme?.members.map(({ itemId }) => itemId), theme?.closed]).toEqual([[cardId], ['残疾人两项补贴']])
    expect(later.themes.some((one) => one.themeId === themeId)).toBe(false)
    expect(refused.code).toBe('STANDARD_UNKNOWN')
  })

  const moveOf = async (draftId: string) => (await ask('drafts.moveOffer', { draftId })).offer

  describe('that changed', () => {
    /** The card's form without 残疾情况的变化. */
    const withoutChanged = () => {
      const { form } = jsonOf(cardId)
      delete form.schema.properties.changed
      form.schema.required = form.schema.required.filter((name: string) => name !== 'changed')
      form.ui['ui:order'] = form.ui['ui:order']?.filter((name: string) => name !== 'changed')
      delete form.ui.changed
      if (form.ui['ui:order'] === undefined) delete form.ui['ui:order']
      return { form }
    }

    test('in a matter is told by matter, with what fits; staying takes in by the old versions', async () => {
      const draftId = await readyDraft(station)
      const before = await moveOf(draftId)
      const old = document(cardId).sha256
      await release([cardId, withoutChanged()])
      const offer = await moveOf(draftId)
      const { caseId } = await ask('drafts.receive', { draftId })
      const detail = await ask('cases.get', { caseId })
      expect(before).toBeNull()
      expect([offer?.fromVersion, offer?.toVersion, offer?.changes]).toEqual([1, 1, []])
      expect(offer?.members.map(({ name, fate, changes }) => [name, fate, changes.length > 0])).toEqual([
        ['残疾人证重新评定', 'changed', true],
      ])
      expect(offer?.answers.filter(({ fate }) => fate === 'dropped').map(({ value }) => value)).toEqual(['行动更不便'])
      expect(offer?.materials.every(({ fate }) => fate === 'kept' || fate === 'promised')).toBe(true)
      expect([detail.standardSha256, detail.answers.changed]).toEqual([old, '行动更不便'])
    })

    test('is moved as it was shown, and no other way; the rest of the draft stays', async () => {
      const draftId = await readyDraft(station)
      await release([cardId, withoutChanged()])
      const shown = await moveOf(draftId)
      await release([subsidiesId, { name: '残疾人补贴' }])
      const late = await failureOf(() => ask('drafts.move', { draftId, mark: shown?.mark ?? '' }))
      const offer = await moveOf(draftId)
      await ask('drafts.move', { draftId, mark: offer?.mark ?? '' })
      const { draft, check } = await ask('drafts.get', { draftId })
      const { caseId } = await ask('drafts.receive', { draftId })
      const detail = await ask('cases.get', { caseId })
      expect(late.code).toBe('STEP_NOT_LEGAL')
      expect(offer?.members.map(({ fate }) => fate)).toEqual(['changed', 'changed'])
      expect([draft.answers.changed, draft.answers.bankName, check.ready]).toEqual([undefined, '演练信用社', true])
      expect(draft.theme?.members.map(({ name, version }) => [name, version])).toEqual([
        ['残疾人证重新评定', 2],
        ['残疾人补贴', 2],
      ])
      expect(detail.standardVersion).toBe(2)
      expect((await allCases(station)).length).toBe(2)
    })

    test('by a matter that closed says so, and leaves its answers until it is decided', async () => {
      const draftId = await readyDraft(station)
      await release([subsidiesId, { status: 'suspended' }])
      const offer = await moveOf(draftId)
      const { draft: undecided } = await ask('drafts.get', { draftId })
      await ask('drafts.move', { draftId, mark: offer?.mark ?? '' })
      const { draft, check } = await ask('drafts.get', { draftId })
      expect(offer?.members).toEqual([
        { itemId: subsidiesId, name: '残疾人两项补贴', fate: 'closed', wanted: true, changes: [] },
      ])
      const dropped = offer?.answers.filter(({ fate }) => fate === 'dropped').map(({ title, value }) => [title, value])
      expect(dropped).toEqual(
        expect.arrayContaining([
          ['开户银行', '演练信用社'],
          ['申请哪一项', '两项都申请'],
        ]),
      )
      expect(undecided.answers.bankName).toBe('演练信用社')
      expect(draft.theme?.members.map(({ itemId }) => itemId)).toEqual([cardId])
      expect([draft.answers.bankName, draft.answers.name, check.ready]).toEqual([undefined, '演练甲', true])
    })

    test('by a matter that left and one that came keeps the choice, and does not choose the new one', async () => {
      const draftId = await readyDraft(station)
      const otherId = 'SAMPLE-GLJT'
      const members = [cardId, otherId].map((id) => ({ kind: 'matter', id }))
      await release([themeId, { members }])
      const offer = await moveOf(draftId)
      await ask('drafts.move', { draftId, mark: offer?.mark ?? '' })
      const { draft } = await ask('drafts.get', { draftId })
      expect([offer?.fromVersion, offer?.toVersion]).toEqual([1, 2])
      expect(offer?.changes.map(({ words }) => words)).toEqual([
        '新增联办事项：高龄津贴',
        '删去联办事项：残疾人两项补贴',
      ])
      expect(offer?.members.map(({ itemId, fate }) => [itemId, fate])).toEqual([
        [subsidiesId, 'left'],
        [otherId, 'new'],
      ])
      expect(offer?.answers.some(({ fate }) => fate === 'asked')).toBe(false)
      expect(draft.theme?.members.map(({ itemId, wanted }) => [itemId, wanted])).toEqual([
        [cardId, true],
        [otherId, false],
      ])
    })
  })

  test('of themes is pinned to those within it, too: a change of one of them is offered', async () => {
    const whole = {
      ...jsonOf(themeId),
      ...{ themeId: 'SAMPLE-THEME-ALL', name: '老年残疾人一件事', aliases: [], sharedMaterials: ['id-card'] },
      members: [
        { kind: 'matter', id: 'SAMPLE-GLJT' },
        { kind: 'theme', id: themeId, when: '有残疾人证的' },
      ],
    }
    const before = last
    last = releaseAfter(before, withChanged(last.documents, makeDocument('theme', whole, 'all')), keys)
    await station.catalogue.take(await packOf(last, before), 'clerk')
    const { draftId, theme } = await ask('drafts.createTheme', { themeId: whole.themeId })
    const { materials } = await ask('drafts.form', { draftId })
    await release([themeId, { description: '另一种说法', members: [{ kind: 'matter', id: cardId }] }])
    const offer = await moveOf(draftId)
    await ask('drafts.move', { draftId, mark: offer?.mark ?? '' })
    expect(theme?.members.map(({ itemId, when }) => [itemId, when])).toEqual([
      ['SAMPLE-GLJT', ''],
      [cardId, '有残疾人证的'],
      [subsidiesId, '有残疾人证的；符合补贴条件的'],
    ])
    expect(materials.filter(({ reuseKey }) => reuseKey === 'id-card').map(({ itemIds }) => itemIds)).toEqual([
      ['SAMPLE-GLJT', subsidiesId],
    ])
    expect(offer?.members.map(({ itemId, fate }) => [itemId, fate])).toEqual([[subsidiesId, 'left']])
    expect((await ask('drafts.moveOffer', { draftId })).offer).toBeNull()
  })

  test('counts with each of its chosen matters where the impact of a release is told', async () => {
    await readyDraft(station)
    await ask('drafts.create', { itemId: cardId })
    expect(station.drafts.byVersion()).toEqual([
      { itemId: subsidiesId, version: 1, count: 1 },
      { itemId: cardId, version: 1, count: 2 },
    ])
  })

  test('leaves of an erased case no word of the others it came with', async () => {
    const { caseId: erased } = await ask('drafts.receive', { draftId: await readyDraft(station) })
    const { store } = station.context
    store.ledger.acknowledge(store.ledger.head())
    store.transaction(() => store.ledger.erase({ subject: erased, actor: 'clerk', reason: '保存期满' }))
    const [left] = await allCases(station)
    const detail = await ask('cases.get', { caseId: left?.caseId ?? '' })
    const { before, after } = rebuilt()
    expect((await allCases(station)).length).toBe(1)
    expect(detail.theme?.cases.map(({ caseId }) => caseId)).toEqual([left?.caseId])
    expect(after).toEqual(before)
  })
})

describe('a theme and its centre', () => {
  const always = { signal: new AbortController().signal, shouldYield: () => false, originalsAllowed: true }
  let pair: Pair
  beforeEach(async () => {
    pair = await startPair(folder.path, '2026-03-02T12:00:00.000Z')
    const { catalogue } = pair.station
    catalogue.pin(keys.publicKey)
    await catalogue.take(await packOf(releaseAfter(null, samples, keys)), 'clerk')
  })
  afterEach(() => pair.stop())

  test('the centre has both cases, knows that they belong together, and forgets the draft', async () => {
    const draftId = await readyDraft(pair.station)
    pair.clock.passSeconds(61)
    await pair.station.drafts.tell(pair.client, always)
    const told = await pair.database.query('select draft_id from station_drafts')
    await call(pair.station, 'drafts.receive', { draftId })
    await pair.exchange()
    const cases = (await listCases(pair.database)).toReversed()
    const left = await pair.database.query('select draft_id from station_drafts')
    const numbers = cases.map(({ localNumber }) => localNumber)
    expect([told.length, left.length]).toEqual([1, 0])
    expect(cases.map(({ theme }) => theme)).toEqual([
      { name: '残疾人服务一件事', version: 1, others: [numbers[1]] },
      { name: '残疾人服务一件事', version: 1, others: [numbers[0]] },
    ])
  })

  test('a lost machine’s draft and cases come back whole: the choice, the answers, what belongs together', async () => {
    await call(pair.station, 'drafts.receive', { draftId: await readyDraft(pair.station) })
    const draftId = await readyDraft(pair.station)
    await call(pair.station, 'drafts.chooseMatters', { draftId, itemIds: [subsidiesId] })
    pair.clock.passSeconds(61)
    await pair.station.drafts.tell(pair.client, always)
    await pair.exchange()
    const before = await call(pair.station, 'drafts.get', { draftId })
    // What it is pinned to, the ids of the cases that it will become among it.
    const pinsAt = ({ context }: OpenFeatures) =>
      context.store.db.get('SELECT theme FROM drafts WHERE draft_id = ?', [draftId])
    const { station, exchange, stop } = await replaceStation(pair, join(folder.path, 'new'))
    await exchange()
    await station.drafts.start?.()
    const { draft } = await call(station, 'drafts.get', { draftId })
    const pins = [pinsAt(pair.station), pinsAt(station)]
    const again = await call(station, 'drafts.chooseMatters', { draftId, itemIds: [cardId, subsidiesId] })
    const handed = await Promise.all(
      (await allCases(station)).map(({ caseId }) => call(station, 'cases.get', { caseId })),
    )
    await stop()
    expect(draft.answers).toEqual(before.draft.answers)
    expect(draft.theme).toEqual(before.draft.theme)
    expect(pins[1]).toEqual(pins[0])
    expect(draft.lostPhotos.map(({ requirementId }) => requirementId)).toContain(disabilityMaterials.shared)
    expect(again.check.form).toEqual([])
    expect(handed.map(({ theme, handedOver }) => [theme?.cases.length, handedOver?.stationId])).toEqual([
      [2, stationId],
      [2, stationId],
    ])
  })
})
