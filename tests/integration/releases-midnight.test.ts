import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readSample } from '../../main/features/catalogue/sample.ts'
import { openPublisherKey, readPublisherKey } from '../../main/store/publisher-key.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { signManifest } from '../../main/wire/catalogue/manifest.ts'
import { writePack } from '../../main/wire/catalogue/pack.ts'
import type { CatalogueManifest, CatalogueStatus } from '../../preload/contract/catalogue.ts'
import { themeDocument } from '../helpers/bad-releases.ts'
import { changed, manifestAfter, withChanged } from '../helpers/catalogues.ts'
import {
  type DeskUnderTest,
  freshFolder,
  loginTraining,
  removeFolder,
  resourcesFolder,
  startDesk,
} from '../helpers/desk.ts'
import { allowance, readyDraft } from '../helpers/intake.ts'
import { programs } from '../helpers/programs.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'

vi.setConfig({ testTimeout: 60_000 })

/** The day before, noon; and the midnight (Beijing) at which the release takes effect. */
const yesterday = Date.parse('2026-12-09T04:00:00.000Z')
const midnight = Date.parse('2026-12-09T16:00:00.000Z')

const root = freshFolder()
const folder = join(root, 'station')
const stick = join(root, 'stick')
const clock = join(root, 'clock')
const isAt = (ms: number) => writeFileSync(clock, String(ms))
const samples = readSample(resourcesFolder).documents
const before = samples.find(({ id }) => id === allowance.itemId) as CatalogueDocument
let desk: DeskUnderTest
let session: string

/** The desk as a window that never had a link. */
async function start(): Promise<void> {
  desk = await startDesk(folder, undefined, clock)
  session = (await loginTraining(desk)).sessionId
}
const status = (): Promise<CatalogueStatus> => desk.ask('catalogue.status', {}, session)
const takeFile = (file: string) => desk.call('catalogue.takeFile', { folder: stick, file }, session)

/** A release after the samples, signed with the key of this training station, as a file. */
async function write(
  name: string,
  documents: readonly CatalogueDocument[],
  more: Partial<CatalogueManifest> = {},
): Promise<string> {
  const { publisherPin } = JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8'))
  const by = await openPublisherKey(readPublisherKey(join(folder, 'publisher-key.json')), publisherPin)
  const previous = { release: 1, sha256: (await status()).inForce?.sha256 ?? '' }
  const times = { madeAtUtc: new Date(yesterday).toISOString(), effectiveAtUtc: new Date(midnight).toISOString() }
  const signed = signManifest(manifestAfter(null, documents, { release: 2, previous, ...times, ...more }), by)
  const bodies = new Map(documents.map(({ sha256, bytes }) => [sha256, bytes]))
  const documentOf = ({ sha256 }: { sha256: string }) => bodies.get(sha256)
  const file = `${name}.cunrelease`
  writeFileSync(join(stick, file), await writePack({ base: null, handovers: [], release: signed, documentOf }))
  return file
}

/** From tomorrow: two more questions, one of them needed; one gone; one paper more. */
function tomorrows(): CatalogueDocument {
  const json = JSON.parse(before.bytes.toString('utf8'))
  const { properties, required } = json.form.schema
  const { bankName: _, ...kept } = properties
  const asked = { title: '紧急联系人', type: 'string', maxLength: 20 }
  const ui = Object.fromEntries(
    Object.entries(json.form.ui).filter(([name]) => !['bankName', 'ui:order'].includes(name)),
  )
  const schema = {
    ...json.form.schema,
    properties: { ...kept, contact: asked },
    required: [...required.filter((name: string) => name !== 'bankName'), 'contact'],
  }
  return changed(before, { form: { ...json.form, schema, ui }, department: '南雄市民政局（新）' })
}

beforeAll(async () => {
  mkdirSync(stick, { recursive: true })
  isAt(yesterday)
  await start()
})
afterAll(async () => {
  await desk?.kill('SIGTERM')
  removeFolder(root)
})

test('the command line at a running desk refuses as the stick does, and what is in force goes on', async () => {
  const seen = async () => [await status(), await desk.ask('matters.list', {}, session)]
  const untouched = await seen()
  const { pin } = JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8'))
  writeFileSync(join(root, 'pin'), pin)
  const lost = themeDocument('A', [{ kind: 'theme', id: 'A' }])
  const dangling = changed(before, { templates: [{ paper: 'receipt', templateId: 'T-NONE' }] })
  const files = [
    [await write('circle', withChanged(samples, lost)), '绕成了圈'],
    [await write('template', withChanged(samples, dangling)), '“T-NONE”不在这次发布里'],
    [await write('county', samples, { county: '440281' }), '别的县（440281）'],
    [
      await write('version', withChanged(samples, changed(before, { name: '别的', version: before.version }))),
      '版本号以前用过',
    ],
  ] as const
  for (const [file, says] of files) {
    const login = ['--data', folder, '--account', 'yanlian', '--pin-file', join(root, 'pin')]
    const words = [programs.cli, 'standards', 'apply', join(stick, file), ...login]
    const { status: code, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    expect([code, stderr]).toEqual([1, expect.stringContaining(says)])
  }
  expect(await seen()).toEqual(untouched)
})

test('a release of yesterday takes effect at midnight without a link, while a clerk takes somebody in, and nothing is lost', async () => {
  const file = await write('tomorrow', withChanged(samples, tomorrows()))
  expect(await takeFile(file)).toMatchObject({ ok: true, value: { said: expect.stringContaining('断网也一样') } })
  // The power goes in the night; the desk is back a second before midnight.
  await desk.kill('SIGKILL')
  isAt(midnight - 1000)
  await start()
  const [first, second] = [await readyDraft(desk, session, 1), await readyDraft(desk, session, 2)]
  const waiting = await status()
  const events = await desk.events()
  isAt(midnight)
  while ((await status()).inForce?.release !== 2) await events.next('changed')
  events.stop()
  expect([waiting.inForce?.release, waiting.waiting.map(({ state }) => state)]).toEqual([1, ['here']])
  const rules = await desk.ask('matters.get', { itemId: allowance.itemId }, session)
  expect([rules.version, rules.department]).toEqual([before.version + 1, '南雄市民政局（新）'])

  // The one who is told at the window what was asked yesterday is taken in under it.
  const { draft } = await desk.ask('drafts.get', { draftId: first }, session)
  await desk.ask('drafts.receive', { draftId: first }, session)
  const received = await desk.ask('cases.get', { caseId: first }, session)
  expect([draft.standardVersion, received.standardVersion]).toEqual([before.version, before.version])

  // The other is moved: every answer is kept, or shown as gone.
  const { offer } = await desk.ask('drafts.moveOffer', { draftId: second }, session)
  const { draft: old } = await desk.ask('drafts.get', { draftId: second }, session)
  await desk.ask('drafts.move', { draftId: second, mark: offer?.mark ?? '' }, session)
  const { draft: moved } = await desk.ask('drafts.get', { draftId: second }, session)
  const { bankName, ...kept } = old.answers
  expect(moved.answers).toEqual(kept)
  expect(
    offer?.answers.filter(({ fate }) => fate !== 'kept').map(({ path, fate, value }) => [path, fate, value]),
  ).toEqual([
    ['/bankName', 'dropped', bankName],
    ['/contact', 'asked', null],
  ])
  expect(moved.materials.length).toBe(old.materials.length)
  await desk.ask('drafts.save', { draftId: second, answers: { ...kept, contact: '李四' } }, session)
  await desk.ask('drafts.receive', { draftId: second }, session)
  expect((await desk.ask('cases.get', { caseId: second }, session)).standardVersion).toBe(before.version + 1)
})

test('a clock that is set back, and a desk that is killed, leave it in force; a rebuild gives the same rows', async () => {
  isAt(Date.parse('2020-01-01T00:00:00.000Z'))
  await desk.kill('SIGKILL')
  await start()
  expect((await status()).inForce?.release).toBe(2)
  const key = await desk.key()
  await desk.kill('SIGTERM')
  const rows = await rebuiltTables(folder, key)
  expect([rows.receivedEntries, rows.after]).toEqual([2, rows.before])
  await start()
})
