import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { adoptionOf } from '../../central/standards/adoption.ts'
import { registerPublisher } from '../../central/standards/publishers.ts'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { nameOfStick, writeToStick } from '../../main/features/bundles/index.ts'
import { createStandards, publisherKeyFile, type StandardsFeature } from '../../main/features/standards/index.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { makePublisherKey, openPublisherKey, writePublisherKey } from '../../main/store/publisher-key.ts'
import type { CentreClient } from '../../main/wire/centre-client.ts'
import { unreachable } from '../../main/wire/transport/link-failures.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import type { ReleaseContents, ReleaseTargets } from '../../preload/contract/standards/publishing.ts'
import { themeDocument } from '../helpers/bad-releases.ts'
import { startGateway } from '../helpers/centre.ts'
import { everyRow } from '../helpers/every-row.ts'
import { databaseForFile } from '../helpers/file-database.ts'
import { smallPng } from '../helpers/intake.ts'
import { openStation, type Pair, startPair } from '../helpers/reconciling.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const start = '2026-03-02T12:00:00.000Z'
const caller = { sessionId: 's', account: 'yanlian', displayName: '演练员' }
const pin = '演练-13579'
const cheap = { memoryKiB: 256, passes: 1, lanes: 1 }
const allowance = { kind: 'matter' as const, id: 'SAMPLE-GLJT', version: 1 }

const files = databaseForFile()
let folder: ReturnType<typeof temporaryFolder>
let pair: Pair
let standards: StandardsFeature

/** The desk of standards with the pair's own line to the centre: nothing runs by itself here. */
function deskOver(station: OpenFeatures): StandardsFeature {
  const { catalogue, cases, drafts, matters, accounts } = station
  return createStandards(station.context, {
    ...{ catalogue: catalogue.kept, take: catalogue.take, writeToStick, nameOfStick, client: () => pair.client },
    ...{ casesByVersion: cases.openByVersion, draftsByVersion: drafts.byVersion, draftsByTheme: drafts.byTheme },
    nameOf: matters.nameOf,
    ...{ roleOf: (account) => accounts.find(account)?.role, displayName: accounts.displayName },
    checkPin: () => Promise.reject(new Error('nobody has a login PIN here')),
    knowsYear: (year) => catalogue.calendars().some(({ years }) => Object.hasOwn(years, String(year))),
  })
}

/** A call as the window makes it. */
async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handlers: Partial<Handlers> = { ...pair.station.handlers, ...standards.handlers }
  const handler = handlers[name] as ((input: CallInput<N>, who: typeof caller) => unknown) | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input, caller)) as CallOutput<N>
}

const dataFolder = () => join(folder.path, 'station')

beforeEach(async () => {
  folder = temporaryFolder()
  pair = await startPair(folder.path, start, files.shared)
  standards = deskOver(pair.station)
  const key = await makePublisherKey('县政数局', pin, cheap)
  writePublisherKey(publisherKeyFile(dataFolder()), key)
  const order = { publicKey: key.publicKey, county: '440282', name: '县政数局', ifNone: false }
  await registerPublisher(pair.database, order, pair.clock.now())
  await pair.station.catalogue.releaseSample(await openPublisherKey(key, pin))
  // The centre has the samples as release 1.
  const whole = await pair.station.catalogue.wholePack()
  await pair.client.send({
    ...{ method: 'POST', path: '/v1/releases', body: whole?.pack ?? Buffer.alloc(0) },
    headers: { 'content-type': 'application/vnd.cunchuang.release' },
  })
  await pair.exchange()
  pair.clock.passSeconds(86_400)
})
afterEach(async () => {
  await pair.stop()
  expect(pair.gateway.bugs).toEqual([])
  folder[Symbol.dispose]()
})

/** The allowance from 79 on, with one more paper: a working copy that is saved. */
async function writeChange(): Promise<string> {
  const { copyId } = await ask('standards.begin', allowance)
  const { text } = await ask('standards.copy', { copyId })
  const value = JSON.parse(text)
  value.conditions[0] = { ...value.conditions[0], text: '申请人年满79周岁', rule: { '>=': [{ var: 'age' }, 79] } }
  const paper = { id: 'care-note', name: '护理情况说明', necessity: 1, originals: 1, copies: 0, source: '10' }
  value.materials.push({ ...paper, acceptancePoints: ['有本人签名'] })
  await ask('standards.save', { copyId, text: JSON.stringify(value) })
  return copyId
}

const publish = (targets: ReleaseTargets, contents: ReleaseContents, more = {}) =>
  ask('standards.publish', {
    ...{ targets, contents, effectiveAtUtc: null, note: '高龄津贴改为 79 岁起', pin, approval: null },
    ...more,
  })
const copies = (...copyIds: string[]): ReleaseContents => ({ from: 'copies', copyIds })
const versionHere = () => pair.station.matters.inForce('SAMPLE-GLJT').standard.version
const elsewhere = ['440282113201']

describe('a working copy', () => {
  test('is begun with the next version, saved at each change, and there after the desk was killed', async () => {
    const copyId = await writeChange()
    await pair.station.close()
    pair.station = openStation(dataFolder(), pair.clock)
    standards = deskOver(pair.station)
    const again = await ask('standards.begin', allowance)
    const copy = await ask('standards.copy', { copyId })
    const { changes } = await ask('standards.compare', { copyId })
    expect([again.copyId, JSON.parse(copy.text).version, copy.before?.version, copy.revision]).toEqual([
      copyId,
      2,
      1,
      2,
    ])
    expect(changes.map(({ words }) => words)).toEqual([
      '计划生效日期由“2026年1月1日”改为“2026年3月3日”',
      '条件由“申请人年满80周岁”改为“申请人年满79周岁”',
      '年龄由满 80 周岁改为满 79 周岁',
      '新增材料：护理情况说明',
    ])
  })

  test('keeps any text, and tells what is wrong with its place; what is faulty is not published', async () => {
    const copyId = await writeChange()
    const { text } = await ask('standards.copy', { copyId })
    const value = { ...JSON.parse(text), name: '' }
    const named = await ask('standards.save', { copyId, text: JSON.stringify(value) })
    const broken = await ask('standards.save', { copyId, text: '{"itemId": ' })
    const kept = await ask('standards.copy', { copyId })
    const { documents } = await ask('standards.desk', {})
    const refused = await failureOf(() => publish('all', copies(copyId)))
    expect(
      named.findings.filter(({ severity }) => severity === 'must').map(({ pointer, problem }) => [pointer, problem]),
    ).toEqual([['/name', '没有填']])
    expect([broken.findings[0]?.problem, kept.text]).toEqual(['不是 JSON 文件，读不出来', '{"itemId": '])
    expect(documents.find(({ copyId: one }) => one === copyId)?.state).toBe('broken')
    expect([refused.code, versionHere()]).toEqual(['STANDARD_FAULTY', 1])
  })

  test('of a document that went out has its earlier versions beside it: who signed, what is different between any two, their text', async () => {
    await publish('all', copies(await writeChange()))
    const { copyId } = await ask('standards.begin', { ...allowance, version: 2 })
    const { versions } = await ask('standards.history', { copyId })
    expect(versions.map(({ version, release, publisher, note }) => [version, release, publisher, note])).toEqual([
      [2, 2, '县政数局', '高龄津贴改为 79 岁起'],
      [1, 1, '县政数局', '演练用的样例事项，不是现行办事指南'],
    ])
    const [newer = '', older = ''] = versions.map(({ sha256 }) => sha256)
    const { text } = await ask('standards.versionText', { copyId, sha256: older })
    const wordsOf = async (from: string, to: string) =>
      (await ask('standards.compareVersions', { copyId, from, to })).changes.map(({ words }) => words)
    expect([JSON.parse(text).version, await wordsOf(newer, 'copy'), (await wordsOf(newer, older)).slice(1)]).toEqual([
      1,
      [],
      ['条件由“申请人年满79周岁”改为“申请人年满80周岁”', '年龄由满 79 周岁改为满 80 周岁', '删去材料：护理情况说明'],
    ])
    const stranger = await failureOf(() => ask('standards.versionText', { copyId, sha256: 'a'.repeat(64) }))
    expect(stranger.code).toBe('NOT_FOUND')
  })

  test('of a theme is merged with its matters as they are being written; what cannot be asked together is told by member', async () => {
    const { copyId } = await ask('standards.begin', { kind: 'theme', id: 'SAMPLE-THEME-XSE', version: 1 })
    const whole = await ask('standards.merged', { copyId })
    expect([Object.keys(whole.form?.schema.properties ?? {}).includes('babyName'), whole.conflicts]).toEqual([true, []])
    expect(whole.matters.map(({ at, name }) => [at, name])).toEqual([
      [0, '生育登记'],
      [1, '城乡居民基本医疗保险参保登记'],
    ])
    const insurance = await ask('standards.begin', { kind: 'matter', id: 'SAMPLE-CJYB', version: 1 })
    const value = JSON.parse((await ask('standards.copy', insurance)).text)
    value.form.schema.properties.phone.maxLength = 11
    await ask('standards.save', { ...insurance, text: JSON.stringify(value) })
    const { conflicts } = await ask('standards.merged', { copyId })
    expect(conflicts).toEqual([{ at: 1, name: 'phone', withMatter: '生育登记' }])
    const theme = JSON.parse((await ask('standards.copy', { copyId })).text)
    await ask('standards.save', { copyId, text: JSON.stringify({ ...theme, members: theme.members.slice(0, 1) }) })
    const { changes } = await ask('standards.compare', { copyId })
    expect(changes.map(({ words }) => words)).toContain('删去联办事项：城乡居民基本医疗保险参保登记')
    await ask('standards.save', { copyId, text: '{' })
    expect(await ask('standards.merged', { copyId })).toEqual({ form: null, matters: [], materials: [], conflicts: [] })
  })

  test('of a new document is begun like another: all of its contents, none of its names, and published beside it', async () => {
    const { copyId } = await ask('standards.beginLike', { ...allowance, copyId: null })
    const original = JSON.parse((await ask('standards.copy', await ask('standards.begin', allowance))).text)
    const copy = await ask('standards.copy', { copyId })
    const value = JSON.parse(copy.text)
    const own = { itemId: '', code: '', name: '高龄津贴（复制）', version: 1, effectiveFrom: '2026-03-03' }
    expect([value, copy.before]).toEqual([{ ...original, ...own }, null])
    const musts = copy.findings.filter(({ severity }) => severity === 'must').map(({ pointer }) => pointer)
    expect(musts).toEqual(['/itemId', '/code'])
    const named = { ...value, itemId: 'NEW-1', code: 'NEW-1', name: '百岁津贴' }
    await ask('standards.save', { copyId, text: JSON.stringify(named) })
    await publish('all', copies(copyId))
    expect(pair.station.matters.inForce('NEW-1').standard.name).toBe('百岁津贴')
    expect(versionHere()).toBe(1)
  })

  test('that is being written is copied as it stands; a theme and a template get names of their own, a calendar is not copied', async () => {
    const written = await writeChange()
    const like = async (
      kind: 'theme' | 'template' | 'matter' | 'calendar',
      id: string,
      copyId: string | null = null,
    ) => {
      const made = await ask('standards.beginLike', { kind, id, version: 1, copyId })
      return JSON.parse((await ask('standards.copy', made)).text)
    }
    const { materials } = await like('matter', '', written)
    expect(materials.at(-1).name).toBe('护理情况说明')
    const theme = await like('theme', 'SAMPLE-THEME-XSE')
    expect([theme.themeId, theme.members.length]).toEqual([expect.stringMatching(/^theme-[0-9a-f]{8}$/), 2])
    const template = (await ask('standards.desk', {})).documents.find(({ kind }) => kind === 'template')
    expect((await like('template', template?.id ?? '')).templateId).toMatch(/^template-[0-9a-f]{8}$/)
    await ask('standards.save', { copyId: written, text: '{"itemId": ' })
    expect((await failureOf(() => like('matter', '', written))).code).toBe('INPUT_INVALID')
    expect((await failureOf(() => like('calendar', '', null))).code).toBe('INPUT_INVALID')
    expect((await failureOf(() => like('matter', 'NOTHING'))).code).toBe('NOT_FOUND')
  })

  test('chooses from what the next release would hold, by name', async () => {
    const { copyId } = await ask('standards.beginBlank', { kind: 'template' })
    const { text } = await ask('standards.copy', { copyId })
    const value = {
      ...JSON.parse(text),
      templateId: 'T-1',
      name: '收件凭证（新）',
      title: '收件凭证',
      paragraphs: ['收到。'],
    }
    await ask('standards.save', { copyId, text: JSON.stringify(value) })
    const known = await ask('standards.known', {})
    expect(known.matters.find(({ id }) => id === 'SAMPLE-GLJT')?.name).toBe('高龄津贴')
    expect(known.themes.map(({ name }) => name)).toContain('新生儿出生一件事')
    expect(known.templates).toContainEqual({ id: 'T-1', name: '收件凭证（新）', paper: 'receipt' })
    expect(known.reuseKeys.find(({ key }) => key === 'household-register')?.names.length).toBeGreaterThan(0)
  })

  test('that was only looked at is gone when it is left; one that was changed, or is new, stays', async () => {
    const { copyId: looked } = await ask('standards.begin', allowance)
    const { copyId: blank } = await ask('standards.beginBlank', { kind: 'theme' })
    for (const copyId of [looked, blank]) await ask('standards.leave', { copyId })
    expect((await failureOf(() => ask('standards.copy', { copyId: looked }))).code).toBe('NOT_FOUND')
    const changed = await writeChange()
    await ask('standards.leave', { copyId: changed })
    await ask('standards.leave', { copyId: looked })
    const { documents } = await ask('standards.desk', {})
    expect(documents.flatMap(({ copyId }) => copyId ?? []).toSorted()).toEqual([blank, changed].toSorted())
  })

  test('that is new says everything that it lacks', async () => {
    for (const kind of ['matter', 'theme', 'template', 'calendar'] as const) {
      const { copyId } = await ask('standards.beginBlank', { kind })
      const copy = await ask('standards.copy', { copyId })
      expect([copy.before, copy.findings.length > 0 || kind === 'calendar']).toEqual([null, true])
    }
    const { documents } = await ask('standards.desk', {})
    expect(documents.filter(({ copyId }) => copyId !== null)).toHaveLength(4)
  })
})

describe('what nobody may take', () => {
  const allowanceWith = async (edit: (value: Record<string, unknown>) => void) => {
    const { copyId } = await ask('standards.begin', allowance)
    const value = JSON.parse((await ask('standards.copy', { copyId })).text)
    edit(value)
    await ask('standards.save', { copyId, text: JSON.stringify(value) })
    return copyId
  }
  const asked = (question: object) => (value: Record<string, unknown>) => {
    const { schema, ui } = value.form as { schema: { properties: object }; ui: object }
    value.form = {
      ...(value.form as object),
      schema: { ...schema, properties: { ...schema.properties, extra: question } },
    }
    Object.assign(ui, { 'ui:order': ['*'] })
  }
  const list = Array.from({ length: 40 }, (_, at) => at)
  const endless = { some: [list, { some: [list, { some: [list, { '>': [{ var: '' }, 1] }] }] }] }

  test('is not published at the window either: the place is said, no row is touched, and what was written stays', async () => {
    const edits: readonly (readonly [RegExp, (value: Record<string, unknown>) => void])[] = [
      [/文书模板/, (value) => Object.assign(value, { templates: [{ paper: 'receipt', templateId: 'T-NONE' }] })],
      [/规则/, (value) => Object.assign(value, { conditions: [{ id: 'a', text: '算不完', rule: endless }] })],
      [/引用了别处的定义/, asked({ title: '远', type: 'string', $ref: 'https://example.org/a.json' })],
      [/正则表达式可能要算很久/, asked({ title: '炸', type: 'string', maxLength: 9000, pattern: '(?:a{9999}){9}b' })],
      [/半个字/, (value) => Object.assign(value, { scope: '\ud800' })],
    ]
    const { copyId: theme } = await ask('standards.beginBlank', { kind: 'theme' })
    const circle = themeDocument('A', [{ kind: 'theme', id: 'A' }]).bytes.toString('utf8')
    await ask('standards.save', { copyId: theme, text: circle })
    await assertRefused(theme, /绕成了圈/)
    for (const [says, edit] of edits) await assertRefused(await allowanceWith(edit), says)
  })

  async function assertRefused(copyId: string, says: RegExp): Promise<void> {
    const { db } = pair.station.context.store
    // Settings keep that this station is a publisher's desk, and what it was told of.
    const before = everyRow(db, ['settings'])
    expect((await failureOf(() => publish('all', copies(copyId)))).code).toBe('STANDARD_FAULTY')
    const { findings } = await ask('standards.copy', { copyId })
    expect(findings.map(({ problem, place }) => `${place} ${problem}`).join('\n')).toMatch(says)
    expect(everyRow(db, ['settings'])).toEqual(before)
    await ask('standards.discard', { copyId })
  }
})

describe('a release', () => {
  test('goes to a village first, then to everybody, and a copy that went out is a document', async () => {
    const copyId = await writeChange()
    const ring = await publish(elsewhere, copies(copyId))
    const after = await ask('standards.desk', {})
    const plan = await ask('standards.plan', { targets: 'all', contents: copies() })
    expect([ring.release.release, ring.release.state, versionHere()]).toEqual([2, 'sent', 1])
    expect(after.documents.find(({ id }) => id === 'SAMPLE-GLJT')).toMatchObject({
      version: 2,
      copyId: null,
      state: 'same',
    })
    // Compared with what everybody has, not with what the village tries.
    expect(plan.changes.map(({ id, fromVersion, toVersion }) => [id, fromVersion, toVersion])).toEqual([
      ['SAMPLE-GLJT', 1, 2],
    ])
    expect([plan.impact.county?.meant, plan.impact.county?.enrolled, plan.against?.release]).toEqual([1, 1, 1])
    const all = await publish('all', copies())
    expect([all.release.state, versionHere()]).toEqual(['here', 2])
    await pair.exchange()
    expect((await adoptionOf(pair.database, 3)).applied).toBe(1)
    expect((await failureOf(() => publish('all', copies()))).code).toBe('PUBLISH_NOTHING')
    const entries = pair.station.context.store.ledger.readEntries({}).filter(({ kind }) => kind === 'publishing.signed')
    expect(entries.map(({ actor, payload }) => [actor, (payload as { release: number }).release])).toEqual([
      ['yanlian', 2],
      ['yanlian', 3],
    ])
  })

  test('is withdrawn by a newer one with the earlier texts as new versions; doing so twice is a release of nothing', async () => {
    await publish('all', copies(await writeChange()))
    const wasHere = versionHere()
    const back = await publish('all', { from: 'release', release: 1 })
    const next = await writeChange()
    const { text } = await ask('standards.copy', { copyId: next })
    // A version says one thing for ever: the earlier text comes back as the third.
    const { conditions } = pair.station.matters.inForce('SAMPLE-GLJT').standard
    expect([wasHere, back.release.release, versionHere(), JSON.parse(text).version]).toEqual([2, 3, 3, 4])
    expect(conditions[0]?.text).toBe('申请人年满80周岁')
    expect((await failureOf(() => publish('all', { from: 'release', release: 1 }))).code).toBe('PUBLISH_NOTHING')
    expect((await publish('all', copies(next))).release.state).toBe('here')
    expect(versionHere()).toBe(4)
  })

  test('waits where the centre is away, then goes by itself; meanwhile neither it nor its copies change', async () => {
    const copyId = await writeChange()
    await pair.gateway.stop()
    const waiting = await publish('all', copies(copyId))
    const { text } = await ask('standards.copy', { copyId })
    const save = await failureOf(() => ask('standards.save', { copyId, text: `${text} ` }))
    const again = await failureOf(() => publish('all', copies()))
    expect([waiting.release.state, save.code, again.code, versionHere()]).toEqual([
      'waits',
      'STANDARD_COPY_OUT',
      'PUBLISH_WAITING',
      1,
    ])
    pair.gateway = await startGateway(files.database, () => pair.clock.now())
    await standards.sendWaiting(pair.client)
    const { releases, documents } = await ask('standards.desk', {})
    expect([releases[0]?.state, versionHere()]).toEqual(['here', 2])
    expect(documents.filter(({ copyId: one }) => one !== null)).toEqual([])
  })

  test('that waits can be dropped, and its copies be changed again', async () => {
    const copyId = await writeChange()
    await pair.gateway.stop()
    const waiting = await publish('all', copies(copyId))
    const { text } = await ask('standards.copy', { copyId })
    await ask('standards.drop', { sha256: waiting.release.sha256 })
    await ask('standards.save', { copyId, text: `${text} ` })
    expect((await ask('standards.desk', {})).releases.map(({ release }) => release)).toEqual([1])
  })

  test('that was sent without an answer is not dropped: the centre may have it, and here has it', async () => {
    const copyId = await writeChange()
    await pair.gateway.stop()
    const { release } = await publish('all', copies(copyId))
    pair.gateway = await startGateway(files.database, () => pair.clock.now())
    const deaf: CentreClient = {
      ...pair.client,
      send: async (request) => {
        await pair.client.send(request)
        throw unreachable('cut')
      },
    }
    const lost = await failureOf(() => standards.sendWaiting(deaf))
    const [listed] = (await ask('standards.desk', {})).releases
    const dropped = await failureOf(() => ask('standards.drop', { sha256: release.sha256 }))
    expect([release.perhapsOut, lost.code, listed?.state, listed?.perhapsOut, dropped.code]).toEqual([
      ...[false, 'CENTRE_UNREACHABLE', 'waits', true, 'PUBLISH_PERHAPS_OUT'],
    ])
    await standards.sendWaiting(pair.client)
    const [sent] = (await ask('standards.desk', {})).releases
    expect([sent?.state, sent?.perhapsOut, versionHere()]).toEqual(['here', false, 2])
  })

  test('that the centre does not take gives its copies back, and says why', async () => {
    const copyId = await writeChange()
    await pair.database.query('update publishers set retired_at = $1', [pair.clock.now().toISOString()])
    const refused = await failureOf(() => publish('all', copies(copyId)))
    const desk = await ask('standards.desk', {})
    expect([refused.code, versionHere()]).toEqual(['CENTRE_REFUSED', 1])
    expect(desk.releases.map(({ release, state }) => [release, state])).toEqual([
      [2, 'refused'],
      [1, 'here'],
    ])
    expect((await ask('standards.copy', { copyId })).wentOutWith).toBeNull()
  })

  test('with a wrong PIN, or a time that is past, is not made', async () => {
    const copyId = await writeChange()
    const wrong = await failureOf(() => publish('all', copies(copyId), { pin: '不对的口令' }))
    const past = await failureOf(() => publish('all', copies(copyId), { effectiveAtUtc: start }))
    expect([wrong.code, past.code]).toEqual(['PUBLISHER_PIN_WRONG', 'RELEASE_TIME'])
    expect((await ask('standards.desk', {})).releases).toHaveLength(1)
  })

  test('takes effect at its time, and then says what changed today, in words', async () => {
    const at = new Date(pair.clock.now().getTime() + 3_600_000).toISOString()
    await publish('all', copies(await writeChange()), { effectiveAtUtc: at })
    const before = await ask('standards.updates', {})
    pair.clock.passSeconds(3_600)
    pair.station.catalogue.start?.()
    const today = await ask('standards.updates', {})
    expect([before.updates, versionHere()]).toEqual([[], 2])
    expect(today.updates.map(({ id, changes }) => [id, changes.at(-1)?.words])).toEqual([
      ['SAMPLE-GLJT', '新增材料：护理情况说明'],
    ])
    expect(today.note).toBe('高龄津贴改为 79 岁起')
    pair.clock.passSeconds(86_400)
    expect((await ask('standards.updates', {})).updates).toEqual([])
  })

  test('brings the calendar of a year that nobody knew, of which the windows warned', async () => {
    const unknown = async () => (await ask('standards.updates', {})).unknownYears
    const inMarch = await unknown()
    pair.clock.set('2026-11-15T04:00:00.000Z')
    const inNovember = await unknown()
    const { copyId } = await ask('standards.beginBlank', { kind: 'calendar' })
    const years = { 2027: { off: ['2027-01-01..2027-01-03'], work: [] } }
    await ask('standards.save', { copyId, text: JSON.stringify({ source: '测试用的日历', years }) })
    await publish('all', copies(copyId))
    expect([inMarch, inNovember, await unknown()]).toEqual([[], [2027], []])
  })

  test('as a file on a stick is taken by a window without a link', async () => {
    const stick = join(folder.path, 'stick')
    mkdirSync(stick)
    const ring = await publish('all', copies(await writeChange()))
    const { said } = await ask('standards.toStick', { sha256: ring.release.sha256, stickId: `folder:${stick}` })
    expect(readdirSync(join(stick, '村窗'))).toEqual([said])
    const other: OpenFeatures = openStation(join(folder.path, 'other'), pair.clock)
    const facts = { id: '440282104208-2', name: '测试村', divisionCode: '440282104208', windowName: '二号窗口' }
    other.context.store.station.create(facts, newStationKeys())
    other.catalogue.pin(pair.station.catalogue.kept.publisher() ?? '')
    await other.handlers['catalogue.takeFile']?.({ folder: stick, file: said }, caller)
    const version = other.matters.inForce('SAMPLE-GLJT').standard.version
    await other.close()
    expect(version).toBe(2)
  })
})

describe('what a release meets', () => {
  test('leaves out the drafts that stand on the new version already, from its trial', async () => {
    await publish(['440282104208'], copies(await writeChange()))
    const { draftId } = await ask('drafts.create', { itemId: 'SAMPLE-GLJT' })
    // Without the centre the counts are this window's own, and those of now.
    await pair.gateway.stop()
    const { impact, changes } = await ask('standards.plan', { targets: 'all', contents: copies() })
    pair.gateway = await startGateway(files.database, () => pair.clock.now())
    expect([(await ask('drafts.get', { draftId })).draft.standardVersion, changes.length, impact.drafts]).toEqual([
      ...[2, 1, []],
    ])
  })

  test('is told before: cases in hand stay on their version, drafts are moved with what still fits', async () => {
    const { draftId } = await ask('drafts.create', { itemId: 'SAMPLE-GLJT' })
    await ask('drafts.save', { draftId, answers: { name: '张三', remark: '行动不便' } })
    const copyId = await writeChange()
    const { text } = await ask('standards.copy', { copyId })
    const value = JSON.parse(text)
    delete value.form.schema.properties.remark
    value.form.ui['ui:order'] = value.form.ui['ui:order'].filter((name: string) => name !== 'remark')
    delete value.form.ui.remark
    await ask('standards.save', { copyId, text: JSON.stringify(value) })
    const plan = await ask('standards.plan', { targets: 'all', contents: copies(copyId) })
    expect(plan.impact.drafts).toEqual([
      { itemId: 'SAMPLE-GLJT', name: '高龄津贴', version: 1, isGone: false, count: 1, meant: 1 },
    ])
    expect((await ask('drafts.moveOffer', { draftId })).offer).toBeNull()
    await publish('all', copies(copyId))
    const { offer } = await ask('drafts.moveOffer', { draftId })
    expect([offer?.fromVersion, offer?.toVersion]).toEqual([1, 2])
    expect(
      offer?.answers.filter(({ fate }) => fate !== 'asked').map(({ title, fate, value: was }) => [title, fate, was]),
    ).toEqual([
      ['姓名', 'kept', '张三'],
      ['补充说明', 'dropped', '行动不便'],
    ])
    const mark = offer?.mark ?? ''
    expect((await failureOf(() => ask('drafts.move', { draftId, mark: 'f'.repeat(64) }))).code).toBe('STEP_NOT_LEGAL')
    await ask('drafts.move', { draftId, mark })
    const { draft, check } = await ask('drafts.get', { draftId })
    expect([draft.standardVersion, draft.answers]).toEqual([2, { name: '张三' }])
    expect(check.materials.some(({ name }) => name === '护理情况说明')).toBe(true)
    expect((await ask('drafts.moveOffer', { draftId })).offer).toBeNull()
    // Until 收件 it can go back, with what was answered since; and forth again.
    const ways = [(await ask('drafts.wayBack', { draftId })).version]
    await ask('drafts.save', { draftId, answers: { ...draft.answers, phone: '13800000001' } })
    await ask('drafts.moveBack', { draftId })
    const back = (await ask('drafts.get', { draftId })).draft
    ways.push((await ask('drafts.wayBack', { draftId })).version)
    await ask('drafts.moveBack', { draftId })
    const forth = (await ask('drafts.get', { draftId })).draft
    await ask('drafts.discard', { draftId })
    expect([ways, back.standardVersion, back.answers, forth.standardVersion, forth.answers]).toEqual([
      [1, 2],
      1,
      { name: '张三', remark: '行动不便', phone: '13800000001' },
      2,
      { name: '张三', phone: '13800000001' },
    ])
    expect(pair.station.context.store.db.all('SELECT * FROM drafts_before_move')).toEqual([])
  })

  test('keeps the files of a draft in the places that ask for them now, and lets go of what was shown as gone', async () => {
    const { draftId } = await ask('drafts.create', { itemId: 'SAMPLE-GLJT' })
    const put = (requirement: string) =>
      pair.station.drafts.putMaterial(draftId, requirement, {
        ...{
          name: `${requirement}.png`,
          announcedBytes: undefined,
          source: (async function* () {
            yield smallPng
          })(),
        },
      })
    await put('household-register')
    await put('bank-card')
    await ask('drafts.promiseLater', { draftId, requirementId: 'photo', later: true })
    const { copyId } = await ask('standards.begin', allowance)
    const value = JSON.parse((await ask('standards.copy', { copyId })).text)
    const named = value.materials.map((one: { id: string }) =>
      one.id === 'household-register' ? { ...one, id: 'household-book' } : one,
    )
    value.materials = named.filter(({ id }: { id: string }) => id !== 'bank-card')
    await ask('standards.save', { copyId, text: JSON.stringify(value) })
    await publish('all', copies(copyId))
    const { offer } = await ask('drafts.moveOffer', { draftId })
    await ask('drafts.move', { draftId, mark: offer?.mark ?? '' })
    const { draft } = await ask('drafts.get', { draftId })
    expect(offer?.materials.map(({ requirementId, fate }) => [requirementId, fate])).toEqual(
      expect.arrayContaining([
        ['household-book', 'kept'],
        ['photo', 'promised'],
        ['bank-card', 'dropped'],
      ]),
    )
    expect(draft.materials.map(({ requirementId }) => requirementId)).toEqual(['household-book'])
    expect(draft.later).toEqual(['photo'])
    await ask('drafts.moveBack', { draftId })
    const back = (await ask('drafts.get', { draftId })).draft
    expect(back.materials.map(({ requirementId, file }) => [requirementId, file.name]).toSorted()).toEqual([
      ['bank-card', 'bank-card.png'],
      ['household-register', 'household-register.png'],
    ])
    expect(back.later).toEqual(['photo'])
  })
})
