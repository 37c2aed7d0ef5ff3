import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CallInput } from '../../preload/contract/api.ts'
import { openDeskFor } from '../helpers/open-desk.ts'
import { rebuiltTables } from '../helpers/rebuild.ts'

const opened = openDeskFor('all tests')
const [secondPin, clerkPin] = ['演练二号-24680', '演练三号-13579']

const ask: typeof opened.desk.ask = (name, input) => opened.desk.ask(name, input, opened.sessionId)
const codeOf = async (name: 'standards.publish' | 'standards.setSecondPerson', input: never) => {
  const result = await opened.desk.call(name, input, opened.sessionId)
  return result.ok ? 'done' : result.error.code
}
const rule = (on: boolean, approval: { account: string; pin: string } | null) =>
  codeOf('standards.setSecondPerson', { on, approval } as never)
const second = { account: 'lisi', pin: secondPin }
const wish = (approval: typeof second | null): CallInput<'standards.publish'> => ({
  ...{ targets: ['440282001001'], contents: { from: 'copies', copyIds: [] }, effectiveAtUtc: null, note: '试点' },
  ...{ pin: JSON.parse(readFileSync(join(opened.folder, 'training.json'), 'utf8')).publisherPin, approval },
})

test('two people publish once the rule is on, another administrator with the own PIN; two people switch it off', async () => {
  await ask('accounts.create', { account: 'lisi', displayName: '李四', role: 'administrator', pin: secondPin }, '')
  await ask('accounts.create', { account: 'wangwu', displayName: '王五', role: 'clerk', pin: clerkPin }, '')
  const own = JSON.parse(readFileSync(join(opened.folder, 'training.json'), 'utf8'))
  const switching = [
    await rule(true, null),
    await rule(true, { account: own.account, pin: own.pin }),
    await rule(true, { account: own.approver.account, pin: own.approver.pin }),
    await rule(true, { ...second, pin: '不对的口令' }),
    await rule(true, second),
  ]
  expect(switching).toEqual([
    'PUBLISH_APPROVAL_NEEDED',
    'PUBLISH_APPROVER_UNFIT',
    'PUBLISH_APPROVER_UNFIT',
    'PIN_WRONG',
    'done',
  ])
  expect([
    await codeOf('standards.publish', wish(null) as never),
    await codeOf('standards.publish', wish({ account: 'wangwu', pin: clerkPin }) as never),
    await codeOf('standards.publish', { ...wish(second), pin: '000000' } as never),
  ]).toEqual(['PUBLISH_APPROVAL_NEEDED', 'PUBLISH_APPROVER_UNFIT', 'PUBLISHER_PIN_WRONG'])
  const { release } = await ask('standards.publish', wish(second), '')
  // Not enrolled anywhere: it waits.
  expect([release.release, release.state, release.approvedBy]).toEqual([2, 'waits', '李四'])
  expect([await rule(false, null), await rule(false, second)]).toEqual(['PUBLISH_APPROVAL_NEEDED', 'done'])
})

test('a release that waits, a working copy and the rule outlive a desk that is killed, and a rebuild', async () => {
  const { copyId } = await ask('standards.begin', { kind: 'matter', id: 'SAMPLE-LSJZ', version: 1 }, '')
  const { text } = await ask('standards.copy', { copyId }, '')
  await ask('standards.save', { copyId, text: text.replace('临时救助', '临时救助（改）') }, '')
  await rule(true, second)
  const key = await opened.desk.key()
  await opened.desk.kill('SIGKILL')
  const { before, after } = await rebuiltTables(opened.folder, key)
  expect(after).toEqual(before)
  await opened.start()
  await opened.logIn()
  const desk = await ask('standards.desk', {}, '')
  expect([desk.secondPerson, desk.releases[0]?.state, desk.publisher?.counts]).toEqual([true, 'waits', true])
  expect((await ask('standards.copy', { copyId }, '')).text).toContain('临时救助（改）')
})

test('a clerk reads what changed today, and does not write or publish', async () => {
  const login = await opened.desk.call('session.login', { account: 'wangwu', pin: clerkPin })
  const sessionId = login.ok ? login.value.sessionId : ''
  const updates = await opened.desk.call('standards.updates', {}, sessionId)
  const desk = await opened.desk.call('standards.desk', {}, sessionId)
  expect([updates.ok, desk.ok || desk.error.code]).toEqual([true, 'NOT_ALLOWED'])
})
