import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { publisherKeyFile } from '../../main/features/standards/index.ts'
import { newStationKeys, openPublisherKey, readPublisherKey } from '../../main/store/index.ts'
import { wrapKey } from '../../main/store/vault-keys.ts'
import { type KeyPair, makeKeyPair } from '../../main/wire/signatures.ts'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import { packOf, releaseAfter, sampleDocuments } from '../helpers/catalogues.ts'
import { openStation, stationId } from '../helpers/reconciling.ts'
import { failureOf, settableClock, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'yanlian', displayName: '演练员' }
const cheap = { memoryKiB: 256, passes: 1, lanes: 1 }
const [old, next, stranger] = [makeKeyPair(), makeKeyPair(), makeKeyPair()]
const pin = '密钥口令-1'
const first = releaseAfter(null, sampleDocuments(1), old)

let folder: ReturnType<typeof temporaryFolder>
let station: OpenFeatures

beforeEach(async () => {
  folder = temporaryFolder()
  station = openStation(join(folder.path, 'station'), settableClock('2026-03-02T12:00:00.000Z'))
  const facts = { id: stationId, name: '测试村', divisionCode: stationId.slice(0, 12), windowName: '一号窗口' }
  station.context.store.station.create(facts, newStationKeys())
  station.catalogue.pin(old.publicKey)
  await station.catalogue.take(await packOf(first), 'clerk')
})
afterEach(async () => {
  await station.close()
  folder[Symbol.dispose]()
})

async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = station.handlers[name] as ((input: CallInput<N>, who: typeof caller) => unknown) | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input, caller)) as CallOutput<N>
}

/** A key's file as the command line writes it: `publicKey` may be claimed of another. */
async function fileOf(pair: KeyPair, publicKey = pair.publicKey): Promise<string> {
  const wrapped = await wrapKey(Buffer.from(pair.privateKey, 'base64'), publicKey, pin, new Uint8Array(0), cheap)
  return JSON.stringify({ format: 1, kind: 'publisher-key', name: '县政数局', publicKey, ...wrapped })
}

const here = async () => (await ask('standards.desk', {})).publisher
const codeOf = async (work: () => unknown) => (await failureOf(work)).code
const file = () => publisherKeyFile(join(folder.path, 'station'))
const putIn = () =>
  station.context.store.db
    .all<{ payload: Buffer | string }>("SELECT payload FROM entries WHERE kind = 'publishing.key-put' ORDER BY seq")
    .map(({ payload }) => JSON.parse(payload.toString()).publicKey)

test('a second desk of an office puts the key that counts in place, by its file and PIN, with an entry', async () => {
  expect(await here()).toBeNull()
  const wrong = await codeOf(async () => ask('standards.putKey', { text: await fileOf(old), pin: '不对的口令' }))
  expect([wrong, await here()]).toEqual(['PUBLISHER_PIN_WRONG', null])
  await ask('standards.putKey', { text: await fileOf(old), pin })
  expect(await here()).toMatchObject({ name: '县政数局', publicKey: old.publicKey, counts: true })
  expect(putIn()).toEqual([old.publicKey])
})

test('the key that the one here handed over to takes its place once the handover is known, and not before', async () => {
  await ask('standards.putKey', { text: await fileOf(old), pin })
  const early = await codeOf(async () => ask('standards.putKey', { text: await fileOf(next), pin }))
  expect([early, (await here())?.publicKey]).toEqual(['PUBLISHER_KEY_STRANGE', old.publicKey])
  const handover = releaseAfter(first, [...first.documents], old, { nextPublisherKey: next.publicKey })
  await station.catalogue.take(await packOf(handover, first), 'clerk')
  expect((await here())?.counts).toBe(false)
  await ask('standards.putKey', { text: await fileOf(next), pin })
  expect(await here()).toMatchObject({ publicKey: next.publicKey, counts: true })
  const back = await codeOf(async () => ask('standards.putKey', { text: await fileOf(old), pin }))
  expect([back, (await here())?.publicKey, putIn()]).toEqual([
    'PUBLISHER_KEY_STRANGE',
    next.publicKey,
    [old.publicKey, next.publicKey],
  ])
})

test('a file of somebody else, a broken one, and one that only claims the key change nothing', async () => {
  await ask('standards.putKey', { text: await fileOf(old), pin })
  const before = readFileSync(file(), 'utf8')
  const greedy = JSON.stringify({ ...JSON.parse(await fileOf(old)), cost: { ...cheap, memoryKiB: 4_000_000 } })
  const texts = [await fileOf(stranger), '{"format":1}', '不是 JSON', await fileOf(stranger, old.publicKey), greedy]
  const codes = []
  for (const text of texts) codes.push(await codeOf(() => ask('standards.putKey', { text, pin })))
  expect(codes).toEqual(['PUBLISHER_KEY_STRANGE', ...Array(4).fill('PUBLISHER_KEY_DAMAGED')])
  expect(readFileSync(file(), 'utf8')).toBe(before)
})

test('the PIN of the key here is changed by who knows it; the key stays the same', async () => {
  await ask('standards.putKey', { text: await fileOf(old), pin })
  const newPin = '新的口令-2'
  const wrong = await codeOf(() => ask('standards.changeKeyPin', { pin: '不对的口令', newPin }))
  await ask('standards.changeKeyPin', { pin, newPin })
  const key = readPublisherKey(file())
  const closed = await codeOf(() => openPublisherKey(key, pin))
  expect([wrong, closed]).toEqual(['PUBLISHER_PIN_WRONG', 'PUBLISHER_PIN_WRONG'])
  expect((await openPublisherKey(key, newPin)).publicKey).toBe(old.publicKey)
})
