// Owns: a publishing desk under a real centre, with the samples as release 1 and a day gone by since.
// Does not own: two desks that publish in turn (store/standards-county.test.ts).
// Start here: `publishingDesks`.
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { nameOfStick, writeToStick } from '../../main/features/bundles/index.ts'
import { createStandards, publisherKeyFile, type StandardsFeature } from '../../main/features/standards/index.ts'
import { makePublisherKey, openPublisherKey, writePublisherKey } from '../../main/store/publisher-key.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import type { ReleaseContents, ReleaseTargets } from '../../preload/contract/standards/publishing.ts'
import { databaseForFile } from './file-database.ts'
import { type Pair, startPair } from './reconciling.ts'
import { temporaryFolder } from './store.ts'

const caller = { sessionId: 's', account: 'yanlian', displayName: '演练员' }
const pin = '演练-13579'

/** What a test does at the desk. */
export type PublishingDesk = {
  readonly pair: Pair
  /** A call as the window makes it. */
  readonly ask: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>
  readonly publish: (
    targets: ReleaseTargets,
    contents: ReleaseContents,
    effectiveAtUtc?: string | null,
  ) => Promise<CallOutput<'standards.publish'>>
}

/** A desk anew before each test of a file; one database for the file, emptied each time. */
export function publishingDesks(): () => PublishingDesk {
  const file = databaseForFile()
  let folder: ReturnType<typeof temporaryFolder>
  let pair: Pair
  let standards: StandardsFeature

  beforeEach(async () => {
    folder = temporaryFolder()
    pair = await startPair(folder.path, '2026-03-02T12:00:00.000Z', file.shared)
    standards = standardsOf(pair)
    const key = await makePublisherKey('县政数局', pin, { memoryKiB: 256, passes: 1, lanes: 1 })
    writePublisherKey(publisherKeyFile(join(folder.path, 'station')), key)
    const order = { publicKey: key.publicKey, county: '440282', name: '县政数局', ifNone: false }
    await registerPublisher(file.database, order, pair.clock.now())
    await pair.station.catalogue.releaseSample(await openPublisherKey(key, pin))
    const body = (await pair.station.catalogue.wholePack())?.pack ?? Buffer.alloc(0)
    const headers = { 'content-type': 'application/vnd.cunchuang.release' }
    await pair.client.send({ method: 'POST', path: '/v1/releases', body, headers })
    await pair.exchange()
    pair.clock.passSeconds(86_400)
  })
  afterEach(async () => {
    await pair.stop()
    expect(pair.gateway.bugs).toEqual([])
    folder[Symbol.dispose]()
  })

  const ask: PublishingDesk['ask'] = async (name, input) => {
    const handlers: Partial<Handlers> = { ...pair.station.handlers, ...standards.handlers }
    const handler = handlers[name] as ((input: unknown, who: typeof caller) => unknown) | undefined
    if (handler === undefined) throw new Error(`no ${name}`)
    return (await handler(input, caller)) as CallOutput<typeof name>
  }
  const publish: PublishingDesk['publish'] = (targets, contents, effectiveAtUtc = null) =>
    ask('standards.publish', { targets, contents, effectiveAtUtc, note: '改了标准', pin, approval: null })
  return () => ({ pair, ask, publish })
}

/** The desk of standards with the pair's own line to the centre: nothing runs by itself here. */
function standardsOf({ station, client }: Pair): StandardsFeature {
  const { catalogue, cases, drafts, matters, accounts } = station
  return createStandards(station.context, {
    ...{ catalogue: catalogue.kept, take: catalogue.take, writeToStick, nameOfStick, client: () => client },
    ...{ casesByVersion: cases.openByVersion, draftsByVersion: drafts.byVersion, draftsByTheme: drafts.byTheme },
    ...{ nameOf: matters.nameOf, displayName: accounts.displayName },
    roleOf: (account) => accounts.find(account)?.role,
    checkPin: () => Promise.reject(new Error('nobody has a login PIN here')),
    knowsYear: () => true,
  })
}
