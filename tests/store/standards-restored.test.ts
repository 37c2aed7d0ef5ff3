import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import { createStandards, publisherKeyFile, type StandardsFeature } from '../../main/features/standards/index.ts'
import { makePublisherKey, openPublisherKey, writePublisherKey } from '../../main/store/publisher-key.ts'
import { signManifest } from '../../main/wire/catalogue/manifest.ts'
import { writePack } from '../../main/wire/catalogue/pack.ts'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import { type Pair, startPair, stationId } from '../helpers/reconciling.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'yanlian', displayName: '演练员' }
const pin = '演练-13579'
const allowance = { kind: 'matter' as const, id: 'SAMPLE-GLJT', version: 1 }
type Named = { readonly release: number; readonly sha256: string }
const nobody = () => Promise.reject(new Error('nobody is asked here'))

let folder: ReturnType<typeof temporaryFolder>
let pair: Pair
let desk: StandardsFeature
let signer: Awaited<ReturnType<typeof openPublisherKey>>

async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = desk.handlers[name] as ((input: CallInput<N>, who: typeof caller) => unknown) | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input, caller)) as CallOutput<N>
}

/** A change of a matter, published to all. */
async function publish(department: string) {
  const { version } = pair.station.matters.inForce(allowance.id).standard
  const begun = (await ask('standards.desk', {})).documents.find(({ copyId }) => copyId !== null)?.copyId
  const copyId = begun ?? (await ask('standards.begin', { ...allowance, version })).copyId
  const { text } = await ask('standards.copy', { copyId })
  await ask('standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), department }) })
  const { release } = await ask('standards.publish', {
    ...{ targets: 'all', contents: { from: 'copies', copyIds: [copyId] }, effectiveAtUtc: null },
    ...{ note: department, pin, approval: null },
  })
  return release
}

const tables = `select relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where nspname = 'public' and relkind = 'r' and relname <> 'migrations'`

/** Copies every table of the centre aside. */
async function backUp(): Promise<void> {
  await pair.database.query('create schema backup')
  for (const { name } of await pair.database.query<{ name: string }>(tables))
    await pair.database.query(`create table backup.${name} as table public.${name}`)
}

/** The centre as it was when it was copied. */
async function restore(): Promise<void> {
  const names = (await pair.database.query<{ name: string }>(tables)).map(({ name }) => name)
  await pair.database.query(`truncate ${names.join(', ')} cascade`)
  await pair.database.query('set session_replication_role = replica')
  for (const name of names)
    await pair.database.query(`insert into public.${name} overriding system value table backup.${name}`)
  await pair.database.query('set session_replication_role = origin')
}

const atCentre = () =>
  pair.database.query<{ release: number; sha256: string }>('select release, sha256 from releases order by release')

beforeEach(async () => {
  folder = temporaryFolder()
  pair = await startPair(folder.path, '2026-03-02T12:00:00.000Z')
  const { context, catalogue, cases, drafts, matters, accounts } = pair.station
  desk = createStandards(context, {
    ...{ catalogue: catalogue.kept, take: catalogue.take, client: () => pair.client, knowsYear: () => true },
    ...{ casesByVersion: cases.openByVersion, draftsByVersion: drafts.byVersion, draftsByTheme: drafts.byTheme },
    nameOf: matters.nameOf,
    ...{ roleOf: (account) => accounts.find(account)?.role, displayName: accounts.displayName },
    ...{ checkPin: nobody, nameOfStick: nobody, writeToStick: nobody },
  })
  const key = await makePublisherKey('县政数局', pin, { memoryKiB: 256, passes: 1, lanes: 1 })
  writePublisherKey(publisherKeyFile(join(folder.path, 'station')), key)
  const order = { publicKey: key.publicKey, county: '440282', name: '县政数局', ifNone: false }
  await registerPublisher(pair.database, order, pair.clock.now())
  signer = await openPublisherKey(key, pin)
  await catalogue.releaseSample(signer)
  const pack = (await catalogue.wholePack())?.pack ?? Buffer.alloc(0)
  await publishRelease(pair.database, pack, pair.clock.now())
  await pair.exchange()
})
afterEach(async () => {
  await pair.stop()
  expect(pair.gateway.bugs).toEqual([])
  folder[Symbol.dispose]()
})

describe('a centre that lost releases with an older backup', () => {
  test('gets them back from the desk, however late, once the windows have said again what they have', async () => {
    await backUp()
    const second = await publish('民政局二')
    const third = await publish('民政局三')
    await pair.exchange()
    await restore()
    pair.clock.passSeconds(3 * 86_400)
    const failure = await failureOf(() => publish('民政局四'))
    const before = [await atCentre(), (await ask('standards.desk', {})).releases[0]?.release]
    await pair.exchange()
    const fourth = await publish('民政局四')
    expect([failure.code, failure.details]).toEqual([
      'PUBLISH_CENTRE_BEHIND',
      { release: 2, why: expect.stringMatching(/已经过去$/) },
    ])
    expect(before).toEqual([[expect.objectContaining({ release: 1 })], 3])
    expect((await atCentre()).slice(1)).toEqual(
      [second, third, fourth].map(({ release, sha256 }) => ({ release, sha256 })),
    )
    expect(pair.station.catalogue.kept.inForce()?.manifest.release).toBe(4)
  })

  test('gets them back over the link by itself, before anybody publishes', async () => {
    await backUp()
    const second = await publish('民政局二')
    await pair.exchange()
    await restore()
    pair.clock.passSeconds(3 * 86_400)
    await pair.exchange()
    await desk.catchUp(pair.client)
    expect((await atCentre()).at(-1)).toEqual({ release: 2, sha256: second.sha256 })
  })
})

describe('another release under a number that was lost', () => {
  let second: Named
  let third: Named

  let lostAt: string

  /** The centre loses two releases; an hour later nobody has said again what he has in force. */
  async function lose(): Promise<void> {
    await backUp()
    second = await publish('民政局二')
    third = await publish('民政局三')
    await pair.exchange()
    await restore()
    lostAt = pair.clock.now().toISOString()
    pair.clock.passSeconds(3600)
  }

  /** Our window says again what it has, and another one that it had this third release in force before the loss. */
  async function hearWindows(sha256: string): Promise<void> {
    await pair.exchange()
    const id = '440282104208-9'
    await pair.database.query(
      `insert into stations (station_id, window_name, public_key, enrolled_at, head_hash)
       values ($1, '九号窗口', 'k', $2, 'h')`,
      [id, lostAt],
    )
    await pair.database.query(
      'insert into station_catalogues (station_id, release, sha256, seq, at) values ($1, 3, $2, 1, $3)',
      [id, sha256, lostAt],
    )
  }

  /** One that a desk signs which never had the lost ones; why it is refused, or itself. */
  async function publishOther(release: number, previous: Named): Promise<Named | string> {
    const [first] = pair.station.catalogue.kept.releases().toReversed()
    if (first === undefined) throw new Error('the samples are released')
    const { previous: _, ...manifest } = first.manifest
    const at = pair.clock.now().toISOString()
    const facts = { release, previous, madeAtUtc: at, effectiveAtUtc: at, note: '另一个' }
    const signed = signManifest({ ...manifest, ...facts }, signer)
    const documentOf = ({ sha256 }: { sha256: string }) => pair.station.catalogue.kept.bodyOf(sha256)
    const pack = await writePack({ base: null, handovers: [], release: signed, documentOf })
    return await publishRelease(pair.database, pack, pair.clock.now()).then(
      () => ({ release, sha256: signed.sha256 }),
      ({ message }) => String(message),
    )
  }
  const first = async () => (await atCentre())[0] as Named

  test('is refused where windows have in force what stands on the lost one', async () => {
    await lose()
    await hearWindows(third.sha256)
    expect(await publishOther(2, await first())).toBe(
      `2 个窗口（${stationId} 等）已经在用另一个第 2 次发布，中心没有它，可能是从旧备份恢复的。请先把那一次补发给中心`,
    )
    await desk.catchUp(pair.client)
    expect((await atCentre()).slice(1)).toEqual([second, third].map(({ release, sha256 }) => ({ release, sha256 })))
  })

  test('is taken where one window alone says so, or two that do not agree', async () => {
    await lose()
    await hearWindows('e'.repeat(64))
    expect(await publishOther(2, await first())).toMatchObject({ release: 2 })
  })

  test('does not block those after it: windows that part from it come back with them; a desk that has the lost ones says so', async () => {
    await lose()
    const other = (await publishOther(2, await first())) as Named
    await hearWindows(third.sha256)
    pair.clock.passSeconds(3600)
    const failure = await failureOf(() => publish('民政局四'))
    const next = await publishOther(3, other)
    expect([failure.code, failure.details]).toEqual([
      'PUBLISH_CENTRE_BEHIND',
      { release: 3, why: '中心的第 2 次是另一份' },
    ])
    expect(next).toMatchObject({ release: 3 })
  })
})
