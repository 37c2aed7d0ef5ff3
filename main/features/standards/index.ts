// Owns: the administrator's desk of standards: working copies, checks, files of tables in and out, what a release would change, making and sending it; what changed today.
// Does not own: rules of documents (main/standards), releases as they travel (main/wire/catalogue), which are in force (catalogue).
// Start here: `createStandards`; copies.ts for writing, tables/desk.ts for files, planning.ts and publishing.ts for releases, ground.ts for what they stand on.
import { AppError } from '../../../preload/contract/errors.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { stationSubject } from '../../store/index.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import { workingCopies } from './copies.ts'
import { deskView, releaseView } from './desk-view.ts'
import { releasesOut, type StandardsGround, type StandardsPorts } from './ground.ts'
import { planRelease } from './planning.ts'
import { rulesProjector } from './projection.ts'
import { makeKey } from './publisher.ts'
import { type Approval, assertSecondPerson, drop, publish, send, sendWaiting, toStick } from './publishing.ts'
import { selectMade, selectSecondPerson } from './store.ts'
import { type StandardTables, standardTables } from './tables/desk.ts'
import { updatesOfToday } from './updates.ts'

export { publisherKeyFile } from './publisher.ts'

/** The desk of standards, and what others use of it. */
export type StandardsFeature = FeatureModule & {
  /** Sends a release that waits, while the link has room. Throws what stops the link. */
  readonly sendWaiting: (client: CentreClient) => Promise<void>
  /** Files of standards that administrators bring in and fetch. */
  readonly tables: Pick<StandardTables, 'receive' | 'file'>
  /** The text of a working copy. Throws NOT_FOUND. */
  readonly copyText: (copyId: string) => string
}

/** Makes the feature. */
export function createStandards(context: DeskContext, ports: StandardsPorts): StandardsFeature {
  const ground: StandardsGround = { context, ports }
  const tables = standardTables(ground)
  return {
    projectors: [rulesProjector],
    handlers: {
      ...copyHandlers(ground),
      ...releaseHandlers(ground),
      ...tables.handlers,
      'standards.updates': () => updatesOfToday(ground),
    },
    sendWaiting: (client) => sendWaiting(ground, client),
    tables,
    close: tables.clear,
    copyText: (copyId) => workingCopies(ground).read(copyId).text,
  }
}

function copyHandlers(ground: StandardsGround): FeatureModule['handlers'] {
  const copies = workingCopies(ground)
  return {
    'standards.desk': () => deskView(ground),
    'standards.begin': (wanted, caller) => ({ copyId: copies.begin(wanted, callerOf(caller).account) }),
    'standards.beginBlank': ({ kind }, caller) => ({ copyId: copies.beginBlank(kind, callerOf(caller).account) }),
    'standards.copy': ({ copyId }) => copies.read(copyId),
    'standards.save': ({ copyId, text }) => copies.save(copyId, text),
    'standards.discard': ({ copyId }) => {
      copies.discard(copyId)
      return { done: true }
    },
    'standards.compare': ({ copyId }) => ({ changes: copies.compare(copyId) }),
  }
}

function releaseHandlers(ground: StandardsGround): FeatureModule['handlers'] {
  return {
    'standards.plan': (wish) => planRelease(ground, wish),
    'standards.publish': async (wish, caller) => {
      const sha256 = await publish(ground, wish, callerOf(caller).account)
      const all = [...selectMade(ground.context.store.db), ...releasesOut(ground)]
      const found = all.find((one) => one.sha256 === sha256)
      if (found === undefined) throw new Error('a published release is gone')
      return { release: releaseView(ground, found) }
    },
    'standards.send': async ({ sha256 }, caller) => {
      await send(ground, sha256, callerOf(caller).account)
      return { said: '已送到中心。' }
    },
    'standards.drop': ({ sha256 }) => {
      drop(ground, sha256)
      return { done: true }
    },
    'standards.toStick': async ({ sha256, stickId }) => ({ said: await toStick(ground, sha256, stickId) }),
    'standards.makeKey': (wish, caller) => makeKey(ground, wish, callerOf(caller).account),
    'standards.setSecondPerson': async ({ on, approval }, caller) => {
      await setSecondPerson(ground, { on, approval }, callerOf(caller).account)
      return { done: true }
    },
  }
}

/** Two people switch it off; to switch it on there must be a second administrator at all, who shows it with the PIN. */
async function setSecondPerson(
  ground: StandardsGround,
  { on, approval }: { readonly on: boolean; readonly approval: Approval | null },
  account: string,
): Promise<void> {
  const { store, nowUtc } = ground.context
  if (selectSecondPerson(store.db) === on) return
  const approvedBy = await assertSecondPerson(ground, approval, account)
  const payload = { secondPerson: on, approvedBy }
  const entry = {
    kind: 'publishing.rule-set',
    version: 1,
    subject: stationSubject,
    actor: account,
    at: nowUtc(),
    payload,
  }
  store.transaction(() => {
    if (selectSecondPerson(store.db) === on) throw new AppError('INPUT_INVALID', { field: '规则刚才已经改过' })
    store.ledger.append([entry])
  })
  ground.context.emit({ event: 'changed', payload: { topics: ['standards'] } })
}
