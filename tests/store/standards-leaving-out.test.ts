import { describe, expect, test } from 'vitest'
import type { ReleaseContents } from '../../preload/contract/standards/publishing.ts'
import { publishingDesks } from '../helpers/publishing-desk.ts'
import { failureOf } from '../helpers/store.ts'

const desk = publishingDesks()
const elsewhere = ['440282113201']
const matter = (id: string) => ({ kind: 'matter' as const, id, version: 1 })
const [allowance, relief] = ['SAMPLE-GLJT', 'SAMPLE-LSJZ']

const copies = (...copyIds: string[]): Extract<ReleaseContents, { from: 'copies' }> => ({ from: 'copies', copyIds })

/** A matter with another department: a working copy that is saved. */
async function write(id: string, department: string): Promise<string> {
  const { ask } = desk()
  const { copyId } = await ask('standards.begin', matter(id))
  const { text } = await ask('standards.copy', { copyId })
  await ask('standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), department }) })
  return copyId
}

const inDays = (days: number) => new Date(desk().pair.clock.now().getTime() + days * 86_400_000).toISOString()
const planOf = (contents: ReleaseContents, targets: 'all' | string[] = 'all') =>
  desk().ask('standards.plan', { targets, contents })
const versions = (changes: readonly { id: string; fromVersion: number | null; toVersion: number | null }[]) =>
  changes.map(({ id, fromVersion, toVersion }) => [id, fromVersion, toVersion])
const departmentHere = (id: string) => desk().pair.station.matters.inForce(id).standard.department
const look = () => desk().pair.station.catalogue.start?.()

describe('a release that waits for its day', () => {
  test('is not in force: an urgent one lists its changes too, and says for when they were meant', async () => {
    const { publish } = desk()
    const at = inDays(20)
    await publish('all', copies(await write(allowance, '民政局新年')), at)
    const urgent = await write(relief, '救助站')
    const plan = await planOf(copies(urgent))
    expect([plan.against?.release, versions(plan.changes)]).toEqual([
      1,
      [
        [allowance, 1, 2],
        [relief, 1, 2],
      ],
    ])
    expect(
      plan.out.map(({ name, isIn, isInBase, places, waits }) => ({ name, isIn, isInBase, places, waits })),
    ).toEqual([
      {
        ...{ name: '高龄津贴', isIn: true, isInBase: true, places: [] },
        waits: { release: 2, effectiveAtUtc: at, targets: 'all' },
      },
    ])
  })

  test('can be left out of it: everybody stays on what all have, and it is not in force on its day either', async () => {
    const { publish, pair } = desk()
    const before = departmentHere(allowance)
    await publish('all', copies(await write(allowance, '民政局新年')), inDays(20))
    const urgent = await write(relief, '救助站')
    const [key = ''] = (await planOf(copies(urgent))).out.map((one) => one.key)
    const contents = { ...copies(urgent), left: [key] }
    const plan = await planOf(contents)
    expect([versions(plan.changes), plan.out[0]?.isIn]).toEqual([[[relief, 1, 2]], false])
    await publish('all', contents)
    pair.clock.passSeconds(21 * 86_400)
    look()
    expect([departmentHere(allowance), departmentHere(relief)]).toEqual([before, '救助站'])
  })

  test('is brought forward by the same documents for an earlier time; for the same or a later one that is nothing', async () => {
    const { publish } = desk()
    await publish('all', copies(await write(allowance, '民政局新年')), inDays(20))
    expect((await failureOf(() => publish('all', copies(), inDays(21)))).code).toBe('PUBLISH_NOTHING')
    await publish('all', copies())
    expect(departmentHere(allowance)).toBe('民政局新年')
  })
})

describe('a trial in a village', () => {
  test('is told in the plan for all, and left out it goes nowhere, also not on at the village', async () => {
    const { publish, ask } = desk()
    await publish(elsewhere, copies(await write(allowance, '试用的')))
    const before = departmentHere(allowance)
    const urgent = await write(relief, '救助站')
    const [tried] = (await planOf(copies(urgent))).out
    expect([tried?.places, tried?.isIn, tried?.ends, tried?.waits]).toEqual([elsewhere, true, [], null])
    const contents = { ...copies(urgent), left: [tried?.key ?? ''] }
    const plan = await planOf(contents)
    expect([versions(plan.changes), plan.out[0]?.ends]).toEqual([[[relief, 1, 2]], elsewhere])
    // Going back while it is tried changes nothing for the others: what all have stays the version that it is.
    const back = await planOf({ from: 'release', release: 1 })
    expect([back.changes, back.out[0]?.ends]).toEqual([[], elsewhere])
    // For another village the trial here goes on.
    expect((await planOf(contents, ['440282104208'])).out[0]?.ends).toEqual([])
    expect((await planOf(contents, ['440282113'])).out[0]?.ends).toEqual(elsewhere)
    const { release } = await publish('all', contents)
    expect([departmentHere(allowance), departmentHere(relief)]).toEqual([before, '救助站'])
    const listed = (await ask('standards.desk', {})).documents.find(({ id }) => id === allowance)
    expect([release.state, listed?.version, (await planOf(copies())).out]).toEqual(['here', 1, []])
  })

  test('that the newest release does not hold can be given to all from where it is tried', async () => {
    const { publish } = desk()
    await publish(['440282113201'], copies(await write(allowance, '一村试的')))
    const second = await write(relief, '二村试的')
    const [first] = (await planOf(copies(second))).out
    await publish(['440282104208'], { ...copies(second), left: [first?.key ?? ''] })
    const { out } = await planOf(copies())
    expect(out.map(({ name, places, isIn, isInBase }) => [name, places, isIn, isInBase])).toEqual([
      ['临时救助', ['440282104208'], true, true],
      ['高龄津贴', ['440282113201'], false, false],
    ])
    const [relieved, allowed] = out.map(({ key }) => key)
    await publish('all', { ...copies(), left: [relieved ?? ''], taken: [allowed ?? ''] })
    expect([departmentHere(allowance), departmentHere(relief) === '二村试的']).toEqual(['一村试的', false])
  })

  test('of something new is left out as nothing; what names it must be mended first', async () => {
    const { ask, publish } = desk()
    const { copyId } = await ask('standards.beginBlank', { kind: 'template' })
    const { text } = await ask('standards.copy', { copyId })
    const template = { ...JSON.parse(text), name: '新收件凭证', title: '收件凭证', paragraphs: ['已收下。'] }
    await ask('standards.save', { copyId, text: JSON.stringify(template) })
    const user = await write(allowance, '民政局')
    const value = JSON.parse((await ask('standards.copy', { copyId: user })).text)
    value.templates = [{ paper: 'receipt', templateId: template.templateId }]
    await ask('standards.save', { copyId: user, text: JSON.stringify(value) })
    await publish(elsewhere, copies(copyId, user))
    const { out } = await planOf(copies())
    const isNew = out.find(({ kind }) => kind === 'template')
    const alone = { ...copies(), left: [isNew?.key ?? ''] }
    const { findings } = await planOf(alone)
    expect([
      isNew?.fromVersion,
      findings.filter(({ severity }) => severity === 'must').map(({ document }) => document),
    ]).toEqual([null, ['事项 高龄津贴 第2版']])
    expect((await failureOf(() => publish('all', alone))).code).toBe('STANDARD_FAULTY')
    const both = { ...copies(), left: out.map(({ key }) => key) }
    expect((await planOf(both)).changes).toEqual([])
  })

  test('that became everybody’s meanwhile is not left out unseen', async () => {
    const { publish } = desk()
    await publish('all', copies(await write(allowance, '民政局新年')), inDays(1))
    const [key = ''] = (await planOf(copies())).out.map((one) => one.key)
    desk().pair.clock.passSeconds(2 * 86_400)
    look()
    const urgent = await write(relief, '救助站')
    const failure = await failureOf(() => publish('all', { ...copies(urgent), left: [key] }))
    expect([failure.code, departmentHere(relief) === '救助站']).toEqual(['INPUT_INVALID', false])
  })
})

describe('taking a document out', () => {
  const remove = async (id: string) => (await desk().ask('standards.remove', matter(id))).copyId

  test('is listed, can be revoked, and goes out with the next release: told today, and nobody is taken in by it', async () => {
    const { ask, publish } = desk()
    await ask('drafts.create', { itemId: allowance })
    const copyId = await remove(allowance)
    const stateOf = async () => (await ask('standards.desk', {})).documents.find(({ id }) => id === allowance)?.state
    const states = [await stateOf()]
    await ask('standards.discard', { copyId })
    states.push(await stateOf())
    const again = await remove(allowance)
    expect([states, await remove(allowance)]).toEqual([['removed', 'same'], again])
    const plan = await planOf(copies(again))
    expect([versions(plan.changes), plan.impact.drafts]).toEqual([
      [[allowance, 1, null]],
      [{ itemId: allowance, name: '高龄津贴', version: 1, isGone: true, count: 1, meant: 1 }],
    ])
    await publish('all', copies(again))
    expect([await stateOf(), (await failureOf(() => ask('drafts.create', { itemId: allowance }))).code]).toEqual([
      undefined,
      'STANDARD_UNKNOWN',
    ])
    const { updates } = await ask('standards.updates', {})
    expect(updates.map(({ name, toVersion }) => [name, toVersion])).toEqual([['高龄津贴', null]])
    // An earlier release has it still: it comes back under the next version.
    await publish('all', { from: 'release', release: 1 })
    expect(desk().pair.station.matters.inForce(allowance).standard.version).toBe(2)
  })

  test('waits for what names it: a theme has to be changed, or go too', async () => {
    const { ask, publish } = desk()
    const birth = await remove('SAMPLE-SYDJ')
    const { findings } = await ask('standards.copy', { copyId: birth })
    const plan = await planOf(copies(birth))
    expect([
      findings.map(({ problem }) => problem),
      plan.findings.filter(({ severity }) => severity === 'must'),
    ]).toEqual([['一件事“新生儿出生一件事”还在用它'], findings])
    expect((await failureOf(() => publish('all', copies(birth)))).code).toBe('STANDARD_FAULTY')
    const { copyId: theme } = await ask('standards.remove', { kind: 'theme', id: 'SAMPLE-THEME-XSE', version: 1 })
    expect((await ask('standards.copy', { copyId: birth })).findings).toEqual([])
    await publish('all', copies(birth, theme))
    expect((await ask('standards.desk', {})).documents.filter(({ state }) => state === 'removed')).toEqual([])
  })

  test('is not begun while the document is being changed, and no text is saved over it', async () => {
    const { ask } = desk()
    await write(relief, '救助站')
    const copyId = await remove(allowance)
    const codes = [
      (await failureOf(() => remove(relief))).code,
      (await failureOf(() => ask('standards.save', { copyId, text: '{}' }))).code,
    ]
    await ask('standards.leave', { copyId })
    const { documents } = await ask('standards.desk', {})
    expect([codes, documents.find(({ id }) => id === allowance)?.state]).toEqual([
      ['INPUT_INVALID', 'INPUT_INVALID'],
      'removed',
    ])
  })

  test('tried in a village is told as gone there, and left out everybody keeps it', async () => {
    const { publish } = desk()
    await publish(elsewhere, copies(await remove(allowance)))
    const [gone] = (await planOf(copies())).out
    expect([gone?.name, gone?.fromVersion, gone?.toVersion, gone?.places]).toEqual(['高龄津贴', 1, null, elsewhere])
    const urgent = await write(relief, '救助站')
    await publish('all', { ...copies(urgent), left: [gone?.key ?? ''] })
    expect([departmentHere(allowance) !== '', departmentHere(relief)]).toEqual([true, '救助站'])
  })
})

describe('whom a release meets', () => {
  test('is told of a trial that ends: what was begun by the tried version, and not by what all have', async () => {
    const { ask, publish, pair } = desk()
    await ask('drafts.create', { itemId: allowance })
    const copyId = await write(allowance, '试用的')
    await publish(['440282104208'], copies(copyId))
    look()
    await ask('drafts.create', { itemId: allowance })
    // Without the centre this station's own drafts are counted.
    await pair.gateway.stop()
    const urgent = await write(relief, '救助站')
    const { out } = await planOf(copies(urgent))
    const { impact } = await planOf({ ...copies(urgent), left: out.map(({ key }) => key) })
    expect([out[0]?.places, impact.drafts.map(({ name, version, count }) => [name, version, count])]).toEqual([
      ['440282104208'],
      [['高龄津贴', 2, 1]],
    ])
  })

  test('of a theme is told by the drafts begun by it; a template counts nobody', async () => {
    const { ask } = desk()
    await ask('drafts.createTheme', { themeId: 'SAMPLE-THEME-XSE' })
    const { copyId } = await ask('standards.begin', { kind: 'theme', id: 'SAMPLE-THEME-XSE', version: 1 })
    const { text } = await ask('standards.copy', { copyId })
    await ask('standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), description: '换了说明' }) })
    const { impact } = await planOf(copies(copyId))
    expect([impact.drafts, impact.themes]).toEqual([
      [],
      [
        {
          ...{ itemId: 'SAMPLE-THEME-XSE', name: '新生儿出生一件事', version: 1 },
          ...{ isGone: false, count: 1, meant: 1 },
        },
      ],
    ])
  })
})
