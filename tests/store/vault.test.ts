import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createVault, hasVault, openVault } from '../../main/store/index.ts'
import { failureOf, settableClock, temporaryFolder } from '../helpers/store.ts'

const cost = { memoryKiB: 64, passes: 1, lanes: 1 }
const first = { account: '演练员', pin: '246810' }

async function newVault(folder: string, clock = settableClock()) {
  return { clock, ...(await createVault({ folder, clock, cost }, first)) }
}

async function wrongTimes(vault: { unlock: (account: string, pin: string) => Promise<unknown> }, times: number) {
  const answers: unknown[] = []
  for (let i = 0; i < times; i += 1) answers.push(await failureOf(() => vault.unlock(first.account, '000000')))
  return answers
}

const waitOf = (seconds: number) => ({ code: 'PIN_WAIT', details: { seconds } })
const wrongWith = (left: number) => ({ code: 'PIN_WRONG', details: { left } })

test('gives every account the same key for its own PIN', async () => {
  using folder = temporaryFolder()
  const { vault, key, clock } = await newVault(folder.path)
  await vault.addAccount(key, '第二人', '135790')
  const again = openVault({ folder: folder.path, clock, cost })
  expect(hasVault(folder.path)).toBe(true)
  expect(again.accounts()).toEqual(['演练员', '第二人'])
  expect(await again.unlock('演练员', '246810')).toEqual(key)
  expect(await again.unlock('第二人', '135790')).toEqual(key)
  expect(await failureOf(() => again.unlock('第二人', '246810'))).toEqual(wrongWith(4))
})

test('writes neither key nor PIN, readable by its owner alone', async () => {
  using folder = temporaryFolder()
  const { key } = await newVault(folder.path)
  const text = readFileSync(join(folder.path, 'vault.json'), 'utf8')
  expect(text).not.toContain('246810')
  expect(text).not.toContain(Buffer.from(key).toString('base64'))
  expect(text).not.toContain(Buffer.from(key).toString('hex'))
  const modes = ['vault.json', 'machine.key'].map((name) => statSync(join(folder.path, name)).mode & 0o777)
  expect(modes).toEqual([0o600, 0o600])
})

test('after five wrong PINs waits grow, and the right PIN ends them', async () => {
  using folder = temporaryFolder()
  const { vault, key, clock } = await newVault(folder.path)
  expect(await wrongTimes(vault, 5)).toEqual([wrongWith(4), wrongWith(3), wrongWith(2), wrongWith(1), waitOf(30)])
  expect(await failureOf(() => vault.unlock(first.account, first.pin))).toEqual(waitOf(30))
  const waits = [30, 60, 120, 300, 900, 1800, 1800]
  for (const [index, seconds] of waits.slice(0, -1).entries()) {
    clock.passSeconds(seconds - 1)
    expect(await failureOf(() => vault.unlock(first.account, first.pin))).toEqual(waitOf(1))
    clock.passSeconds(1)
    expect(await wrongTimes(vault, 1)).toEqual([waitOf(waits[index + 1] ?? 0)])
  }
  clock.passSeconds(1800)
  expect(await vault.unlock(first.account, first.pin)).toEqual(key)
  expect(await wrongTimes(vault, 1)).toEqual([wrongWith(4)])
})

test('a restart or a clock that was set back does not shorten the wait', async () => {
  using folder = temporaryFolder()
  const { vault, key, clock } = await newVault(folder.path)
  await wrongTimes(vault, 5)
  clock.passSeconds(20)
  const restarted = openVault({ folder: folder.path, clock, cost })
  expect(await failureOf(() => restarted.unlock(first.account, first.pin))).toEqual(waitOf(10))
  clock.set('2024-01-01T00:00:00.000Z')
  expect(await failureOf(() => restarted.unlock(first.account, first.pin))).toEqual(waitOf(30))
  clock.passSeconds(29)
  expect(await failureOf(() => restarted.unlock(first.account, first.pin))).toEqual(waitOf(1))
  clock.passSeconds(1)
  expect(await restarted.unlock(first.account, first.pin)).toEqual(key)
})

test('tries asked at the same time are counted one by one', async () => {
  using folder = temporaryFolder()
  const { vault } = await newVault(folder.path)
  const answers = await Promise.all(
    Array.from({ length: 7 }, () => failureOf(() => vault.unlock(first.account, '111111'))),
  )
  expect(answers).toEqual([wrongWith(4), wrongWith(3), wrongWith(2), wrongWith(1), waitOf(30), waitOf(30), waitOf(30)])
})

test('one account that waits does not hold up another', async () => {
  using folder = temporaryFolder()
  const { vault, key } = await newVault(folder.path)
  await vault.addAccount(key, '第二人', '135790')
  await wrongTimes(vault, 5)
  expect(await vault.unlock('第二人', '135790')).toEqual(key)
})

test('a new PIN takes the place of the old one and ends the wait', async () => {
  using folder = temporaryFolder()
  const { vault, key } = await newVault(folder.path)
  await wrongTimes(vault, 5)
  await vault.setPin(key, first.account, '975310')
  expect(await vault.unlock(first.account, '975310')).toEqual(key)
  expect(await failureOf(() => vault.unlock(first.account, first.pin))).toEqual(wrongWith(4))
})

test('an unknown account is refused', async () => {
  using folder = temporaryFolder()
  const { vault, key } = await newVault(folder.path)
  const unknown = { code: 'ACCOUNT_UNKNOWN', details: {} }
  expect(await failureOf(() => vault.unlock('没有此人', '246810'))).toEqual(unknown)
  expect(await failureOf(() => vault.unlock('__proto__', '246810'))).toEqual(unknown)
  expect(await failureOf(() => vault.setPin(key, '没有此人', '246810'))).toEqual(unknown)
  expect(await failureOf(() => vault.removeAccount('没有此人'))).toEqual(unknown)
})

test('names and PINs that will not do are refused', async () => {
  using folder = temporaryFolder()
  const { vault, key } = await newVault(folder.path)
  const answers = [
    await failureOf(() => vault.addAccount(key, '演练员', '135790')),
    await failureOf(() => vault.addAccount(key, ' ', '135790')),
    await failureOf(() => vault.addAccount(key, 'x'.repeat(65), '135790')),
    await failureOf(() => vault.addAccount(key, '第三人', '123')),
    await failureOf(() => vault.removeAccount('演练员')),
  ]
  expect(answers).toEqual([
    { code: 'INPUT_INVALID', details: { field: 'account', reason: 'taken' } },
    { code: 'INPUT_INVALID', details: { field: 'account' } },
    { code: 'INPUT_INVALID', details: { field: 'account' } },
    { code: 'INPUT_INVALID', details: { field: 'pin' } },
    { code: 'NOT_ALLOWED', details: { reason: 'last-account' } },
  ])
})

test('a vault without its machine secret, or damaged, says so', async () => {
  using folder = temporaryFolder()
  const { clock } = await newVault(folder.path)
  const open = () => openVault({ folder: folder.path, clock, cost })
  rmSync(join(folder.path, 'machine.key'))
  const withoutSecret = await failureOf(open)
  writeFileSync(join(folder.path, 'machine.key'), Buffer.alloc(32, 1))
  const otherSecret = await failureOf(() => open().unlock(first.account, first.pin))
  writeFileSync(join(folder.path, 'vault.json'), '{"format":1')
  const damaged = await failureOf(open)
  rmSync(join(folder.path, 'vault.json'))
  expect([withoutSecret, otherSecret, damaged, await failureOf(open)]).toEqual([
    { code: 'STORE_DAMAGED', details: { reason: 'machine-secret-missing' } },
    wrongWith(4),
    { code: 'STORE_DAMAGED', details: { reason: 'vault' } },
    { code: 'NOT_FOUND', details: { what: 'vault' } },
  ])
})
