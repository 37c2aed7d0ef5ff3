import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { nameOfStick, writeToStick } from '../../main/features/bundles/index.ts'
import { createStandards, publisherKeyFile, type StandardsFeature } from '../../main/features/standards/index.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { makePublisherKey, openPublisherKey, writePublisherKey } from '../../main/store/publisher-key.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { signerOf } from '../../main/wire/signatures.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import type { ReleaseTargets } from '../../preload/contract/standards/publishing.ts'
import { databaseForFile } from '../helpers/file-database.ts'
import { openStation, type Pair, startPair } from '../helpers/reconciling.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'yanlian', displayName: '演练员' }
const pin = '演练-13579'
const allowance = { kind: 'matter' as const, id: 'SAMPLE-GLJT', version: 1 }
const village = ['440282113201']

/** An administrator's desk: its station, its line to the centre, its calls. */
type Desk = { readonly station: OpenFeatures; readonly standards: StandardsFeature; readonly client: CentreClient }

const files = databaseForFile()
let folder: ReturnType<typeof temporaryFolder>
let pair: Pair
let first: Desk
let second: Desk

function deskOver(station: OpenFeatures, client: CentreClient): Desk {
  const { catalogue, cases, drafts, matters, accounts } = station
  const standards = createStandards(station.context, {
    ...{ catalogue: catalogue.kept, take: catalogue.take, writeToStick, nameOfStick, client: () => client },
    ...{ casesByVersion: cases.openByVersion, draftsByVersion: drafts.byVersion, draftsByTheme: drafts.byTheme },
    nameOf: matters.nameOf,
    ...{ roleOf: (account) => accounts.find(account)?.role, displayName: accounts.displayName },
    checkPin: () => Promise.reject(new Error('nobody has a login PIN here')),
    knowsYear: () => true,
  })
  return { station, standards, client }
}

async function ask<N extends CallName>(desk: Desk, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handlers: Partial<Handlers> = { ...desk.station.handlers, ...desk.standards.handlers }
  const handler = handlers[name] as ((input: CallInput<N>, who: typeof caller) => unknown) | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input, caller)) as CallOutput<N>
}

/** A second desk under the same centre, with a copy of the publisher's key and the samples as release 1. */
async function openSecond(pack: Buffer): Promise<Desk> {
  const [id, place] = ['440282001001-2', join(folder.path, 'second')]
  const station = openStation(place, pair.clock, id)
  const keys = newStationKeys()
  station.context.store.station.create(
    { id, name: '县政数局', divisionCode: '440282001001', windowName: '二号窗口' },
    keys,
  )
  const line = { baseUrl: pair.gateway.url, stationId: id, sign: signerOf(keys.privateKey) }
  const now = () => pair.clock.now().getTime()
  const { code } = await makeEnrolmentCode(files.database, id, pair.clock.now())
  const stranger = createCentreClient({ ...line, now })
  const { publisherKey, centrePublicKey } = await stranger.enrol({
    ...{ code, windowName: '二号窗口', publicKey: keys.publicKey },
  })
  stranger.close()
  station.catalogue.pin(publisherKey ?? '')
  copyFileSync(publisherKeyFile(join(folder.path, 'station')), publisherKeyFile(place))
  await station.catalogue.take(pack, 'system')
  return deskOver(station, createCentreClient({ ...line, now, centrePublicKey }))
}

beforeEach(async () => {
  folder = temporaryFolder()
  pair = await startPair(folder.path, '2026-03-02T12:00:00.000Z', files.shared)
  const key = await makePublisherKey('县政数局', pin, { memoryKiB: 256, passes: 1, lanes: 1 })
  writePublisherKey(publisherKeyFile(join(folder.path, 'station')), key)
  const order = { publicKey: key.publicKey, county: '440282', name: '县政数局', ifNone: false }
  await registerPublisher(files.database, order, pair.clock.now())
  await pair.station.catalogue.releaseSample(await openPublisherKey(key, pin))
  const pack = (await pair.station.catalogue.wholePack())?.pack ?? Buffer.alloc(0)
  first = deskOver(pair.station, pair.client)
  const headers = { 'content-type': 'application/vnd.cunchuang.release' }
  await pair.client.send({ method: 'POST', path: '/v1/releases', body: pack, headers })
  second = await openSecond(pack)
  pair.clock.passSeconds(86_400)
})
afterEach(async () => {
  second.client.close()
  await second.station.close()
  await pair.stop()
  expect(pair.gateway.bugs).toEqual([])
  folder[Symbol.dispose]()
})

/** A change of a matter at a desk; gives the working copy. */
async function write(desk: Desk, department: string, id = allowance.id): Promise<string> {
  const { copyId } = await ask(desk, 'standards.begin', { ...allowance, id })
  const { text } = await ask(desk, 'standards.copy', { copyId })
  await ask(desk, 'standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), department }) })
  return copyId
}

const publish = (desk: Desk, targets: ReleaseTargets, ...copyIds: string[]) =>
  ask(desk, 'standards.publish', {
    ...{ targets, contents: { from: 'copies', copyIds }, effectiveAtUtc: null, note: '换了部门', pin, approval: null },
  })
const plan = (desk: Desk, ...copyIds: string[]) =>
  ask(desk, 'standards.plan', { targets: village, contents: { from: 'copies', copyIds } })
const viewOf = (desk: Desk) => ask(desk, 'standards.desk', {})
const departmentOut = async (desk: Desk) =>
  (await viewOf(desk)).documents.find(({ id }) => id === allowance.id)?.department

describe('a desk that a release left out', () => {
  test('fetches it before the next one, says what it changed, and makes the next one on it', async () => {
    await publish(first, village, await write(first, '民政局一'))
    const stranger = await plan(second)
    const before = await viewOf(second)
    // Its key has not been opened yet, so the centre does not know it; the PIN shows it, and then it is told.
    const stale = await failureOf(() => publish(second, 'all'))
    const after = await viewOf(second)
    expect([before.base?.release, stranger.impact.county, stranger.impact.why]).toEqual([
      1,
      null,
      expect.stringMatching(/^中心还不认识这台发布台/),
    ])
    expect([stale.code, after.base?.release, await departmentOut(second)]).toEqual(['PUBLISH_STALE', 2, '民政局一'])
    expect(after.others.map(({ release, names, targets }) => [release, names, targets])).toEqual([
      [2, ['高龄津贴'], village],
    ])
    await ask(second, 'standards.looked', {})
    const all = await publish(second, 'all')
    expect([all.release.release, (await viewOf(second)).others]).toEqual([3, []])
    expect(second.station.matters.inForce(allowance.id).standard.department).toBe('民政局一')
  })

  test('refuses one whose signature is of nobody, says so, and stays on what it has', async () => {
    await publish(first, village, await write(first, '民政局一'))
    const forged = Buffer.alloc(64, 7).toString('base64')
    await files.database.query('update releases set signature = $1 where release = 2', [forged])
    const failure = await failureOf(() => publish(second, village))
    const view = await viewOf(second)
    expect([failure.code, view.base?.release, view.others]).toEqual(['RELEASE_SIGNATURE', 1, []])
  })

  test('is told by the link too, where standards are written, and not asked about again so soon', async () => {
    await publish(second, village, await write(second, '民政局二'))
    await publish(first, village).catch(() => undefined)
    const asked = pair.asked.count
    await first.standards.catchUp(pair.client)
    const once = pair.asked.count - asked
    pair.clock.passSeconds(301)
    await first.standards.catchUp(pair.client)
    expect([once, pair.asked.count - asked, (await viewOf(first)).base?.release]).toEqual([0, 1, 2])
  })
})

describe('two desks that change the same', () => {
  /** The first desk has published; the second has its own text of the same matter, and has just heard. */
  async function clash() {
    const copyId = await write(second, '民政局二')
    await publish(first, 'all', await write(first, '民政局一'))
    const stale = await failureOf(() => publish(second, 'all', copyId))
    return { copyId, stale }
  }

  test('see both sides, and nothing is published over the other unseen', async () => {
    const { copyId, stale } = await clash()
    const { clashes } = await viewOf(second)
    // Another version's number settles nothing: it would still go out over what nobody looked at.
    const { text } = await ask(second, 'standards.copy', { copyId })
    await ask(second, 'standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), version: 9 }) })
    const again = await failureOf(() => publish(second, 'all', copyId))
    expect([stale.code, again.code]).toEqual(['PUBLISH_STALE', 'STANDARD_FAULTY'])
    const [one] = clashes
    expect([clashes.length, one?.copyId, one?.name, one?.release, one?.theirs]).toEqual([
      1,
      copyId,
      '高龄津贴',
      2,
      'changed',
    ])
    expect([one?.theirChanges, one?.myChanges].map((all) => all?.some(({ words }) => /民政局一/.test(words)))).toEqual([
      true,
      false,
    ])
    expect(one?.myChanges.some(({ words }) => /民政局二/.test(words))).toBe(true)
  })

  test('keep mine: it goes out over theirs as the next version', async () => {
    const { copyId } = await clash()
    await ask(second, 'standards.settle', { copyId, keep: 'mine' })
    const { text } = await ask(second, 'standards.copy', { copyId })
    const out = await publish(second, 'all', copyId)
    expect([JSON.parse(text).version, out.release.release, await departmentOut(second)]).toEqual([3, 3, '民政局二'])
    expect((await failureOf(() => ask(second, 'standards.settle', { copyId, keep: 'mine' }))).code).toBe('NOT_FOUND')
  })

  test('take theirs: mine is put aside, can be taken back, and then clashes as before', async () => {
    const { copyId } = await clash()
    await ask(second, 'standards.settle', { copyId, keep: 'theirs' })
    const settled = await viewOf(second)
    expect([settled.clashes, settled.aside.map(({ name }) => name), await departmentOut(second)]).toEqual([
      [],
      ['高龄津贴'],
      '民政局一',
    ])
    await ask(second, 'standards.takeBack', { copyId })
    const back = await viewOf(second)
    const { text } = await ask(second, 'standards.copy', { copyId })
    expect([back.aside, back.clashes.length, JSON.parse(text).department]).toEqual([[], 1, '民政局二'])
    await ask(second, 'standards.settle', { copyId, keep: 'theirs' })
    await ask(second, 'standards.forget', { copyId })
    expect((await viewOf(second)).aside).toEqual([])
  })

  test('one that takes the document out: told, settled either way, and no clash where both do', async () => {
    const { copyId } = await ask(second, 'standards.remove', allowance)
    await publish(first, 'all', await write(first, '民政局一'))
    await failureOf(() => publish(second, 'all', copyId))
    const [clash] = (await viewOf(second)).clashes
    await ask(second, 'standards.settle', { copyId, keep: 'theirs' })
    const aside = (await viewOf(second)).aside.map(({ name }) => name)
    await ask(second, 'standards.takeBack', { copyId })
    await ask(second, 'standards.settle', { copyId, keep: 'mine' })
    const listed = (await viewOf(second)).documents.find(({ id }) => id === allowance.id)
    expect([clash?.theirs, clash?.isRemoval, clash?.myChanges, aside, listed?.state, listed?.version]).toEqual([
      ...['changed', true, [], ['高龄津贴'], 'removed', 2],
    ])
    const mine = await ask(first, 'standards.remove', allowance)
    await publish(second, 'all', copyId)
    await failureOf(() => publish(first, 'all', mine.copyId))
    const both = await viewOf(first)
    const again = await failureOf(() => publish(first, 'all', mine.copyId))
    expect([both.base?.release, both.clashes, await departmentOut(first), again.code]).toEqual([
      ...[3, [], '民政局一', 'PUBLISH_NOTHING'],
    ])
  })

  test('and different things meet nowhere', async () => {
    const copyId = await write(second, '救助站', 'SAMPLE-LSJZ')
    await publish(first, 'all', await write(first, '民政局一'))
    await failureOf(() => publish(second, 'all', copyId))
    expect((await viewOf(second)).clashes).toEqual([])
    const out = await publish(second, 'all', copyId)
    expect([out.release.release, await departmentOut(second)]).toEqual([3, '民政局一'])
  })
})

describe('a release that waits and was written to a stick', () => {
  const stickFolder = () => join(folder.path, 'stick')
  const stickId = () => `folder:${stickFolder()}`

  test('is not dropped: who, when and which stick is said, and that it has to be sent first', async () => {
    mkdirSync(stickFolder())
    await pair.gateway.stop()
    const { release } = await publish(first, village, await write(first, '民政局一'))
    await ask(first, 'standards.toStick', { sha256: release.sha256, stickId: stickId() })
    const failure = await failureOf(() => ask(first, 'standards.drop', { sha256: release.sha256 }))
    const listed = (await viewOf(first)).releases[0]
    expect([failure.code, (failure.details as { stick: string }).stick, listed?.state, listed?.written?.stick]).toEqual(
      ['PUBLISH_ON_STICK', 'stick', 'waits', 'stick'],
    )
    // The record is the ledger's: rows that are rebuilt from it say the same.
    const entries = pair.station.context.store.ledger
      .readEntries({})
      .filter(({ kind }) => kind === 'publishing.written')
    expect(entries.map(({ actor, payload }) => [actor, payload])).toEqual([
      ['yanlian', { release: 2, sha256: release.sha256, stick: 'stick', outcome: 'begun' }],
    ])
  })

  test('can be dropped where the stick took none of it', async () => {
    await pair.gateway.stop()
    const { release } = await publish(first, village, await write(first, '民政局一'))
    mkdirSync(stickFolder())
    // A folder stands where the file would go.
    mkdirSync(join(stickFolder(), '村窗', '440282-事项标准-2.cunrelease'), { recursive: true })
    const failed = await failureOf(() =>
      ask(first, 'standards.toStick', { sha256: release.sha256, stickId: stickId() }),
    )
    await ask(first, 'standards.drop', { sha256: release.sha256 })
    expect([failed.code, (await viewOf(first)).releases.map(({ release: number }) => number)]).toEqual([
      'STICK_GONE',
      [1],
    ])
  })
})
