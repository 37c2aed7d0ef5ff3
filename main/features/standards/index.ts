// Owns: the administrator's desk of standards: working copies, checks, files of tables in and out, what a release would change, making and sending it; what changed today.
// Does not own: rules of documents (main/standards), releases as they travel (main/wire/catalogue), which are in force (catalogue).
// Start here: `createStandards`; copies.ts for writing, tables/desk.ts for files, planning.ts and publishing.ts for releases, ground.ts for what they stand on.
import { AppError } from '../../../preload/contract/errors.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { stationSubject } from '../../store/index.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import type { Signer } from '../../wire/signatures.ts'
import { createCatchUp } from './catching-up.ts'
import { forgetAside, settle, takeBack } from './clashes.ts'
import { workingCopies } from './copies.ts'
import { askWindows, keepProof } from './county.ts'
import { deskView, releaseView } from './desk-view.ts'
import { newestRelease, releasesOut, type StandardsGround, type StandardsPorts } from './ground.ts'
import { compareVersions, versionsOf, versionText } from './history.ts'
import { knownDocuments } from './known.ts'
import { writeLooked } from './others-store.ts'
import { planRelease } from './planning.ts'
import { rulesProjector, writtenProjector } from './projection.ts'
import { changeKeyPin, makeKey, putKey } from './publisher.ts'
import { type Approval, assertSecondPerson, drop, publish, send, sendWaiting } from './publishing.ts'
import { toStick } from './sticks.ts'
import { selectMade, selectSecondPerson } from './store.ts'
import { type StandardTables, standardTables } from './tables/desk.ts'
import { mergedTheme } from './theme-view.ts'
import { updatesOfToday } from './updates.ts'

export { publisherKeyFile } from './publisher.ts'

/** The desk of standards, and what others use of it. */
export type StandardsFeature = FeatureModule & {
  /** Sends a release that waits, while the link has room. Throws what stops the link. */
  readonly sendWaiting: (client: CentreClient) => Promise<void>
  /** Files of standards that administrators bring in and fetch. */
  readonly tables: Pick<StandardTables, 'receive' | 'file'>
  /** Fetches releases that left this station out, where standards are written here. Throws CENTRE_UNREACHABLE, LINK_DOWN; anything else is logged. */
  readonly catchUp: (client: CentreClient) => Promise<void>
  /** Keeps the word of a publisher's key, while it is open, that this station is its desk. */
  readonly proveDesk: (by: { readonly publicKey: string; readonly sign: Signer }) => void
  /** The text of a working copy. Throws NOT_FOUND. */
  readonly copyText: (copyId: string) => string
}

/** Makes the feature. */
export function createStandards(context: DeskContext, ports: StandardsPorts): StandardsFeature {
  const ground: StandardsGround = { context, ports, catchUp: createCatchUp({ context, ports }) }
  const tables = standardTables(ground)
  return {
    projectors: [rulesProjector, writtenProjector],
    handlers: {
      ...copyHandlers(ground),
      ...releaseHandlers(ground),
      ...tables.handlers,
      ...countyHandlers(ground),
      'standards.updates': () => updatesOfToday(ground),
    },
    sendWaiting: (client) => sendWaiting(ground, client),
    tables,
    close: tables.clear,
    catchUp: (client) => catchUpOverLink(ground, client),
    proveDesk: (by) => keepProof(ground, by),
    copyText: (copyId) => workingCopies(ground).read(copyId).text,
  }
}

function copyHandlers(ground: StandardsGround): FeatureModule['handlers'] {
  const copies = workingCopies(ground)
  return {
    'standards.desk': () => deskView(ground),
    'standards.begin': (wanted, caller) => ({ copyId: copies.begin(wanted, callerOf(caller).account) }),
    'standards.remove': (wanted, caller) => ({ copyId: copies.remove(wanted, callerOf(caller).account) }),
    'standards.beginBlank': ({ kind }, caller) => ({ copyId: copies.beginBlank(kind, callerOf(caller).account) }),
    'standards.beginLike': (wanted, caller) => ({ copyId: copies.beginLike(wanted, callerOf(caller).account) }),
    'standards.copy': ({ copyId }) => copies.read(copyId),
    'standards.save': ({ copyId, text }) => copies.save(copyId, text),
    'standards.leave': ({ copyId }) => {
      copies.leave(copyId)
      return { done: true }
    },
    'standards.discard': ({ copyId }) => {
      copies.discard(copyId)
      return { done: true }
    },
    'standards.compare': ({ copyId }) => ({ changes: copies.compare(copyId) }),
    'standards.known': () => knownDocuments(ground),
    'standards.merged': ({ copyId }) => mergedTheme(ground, copyId),
    'standards.history': ({ copyId }) => ({ versions: versionsOf(ground, copyId) }),
    'standards.compareVersions': ({ copyId, from, to }) => ({ changes: compareVersions(ground, copyId, from, to) }),
    'standards.versionText': ({ copyId, sha256 }) => ({ text: versionText(ground, copyId, sha256) }),
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
    'standards.toStick': async (wanted, caller) => ({ said: await toStick(ground, wanted, callerOf(caller).account) }),
    'standards.makeKey': (wish, caller) => makeKey(ground, wish, callerOf(caller).account),
    'standards.putKey': (wish, caller) => putKey(ground, wish, callerOf(caller).account),
    'standards.changeKeyPin': async (wish) => {
      await changeKeyPin(ground, wish)
      return { done: true }
    },
    'standards.setSecondPerson': async ({ on, approval }, caller) => {
      await setSecondPerson(ground, { on, approval }, callerOf(caller).account)
      return { done: true }
    },
  }
}

function countyHandlers(ground: StandardsGround): FeatureModule['handlers'] {
  return {
    'standards.settle': (wanted, caller) => {
      settle(ground, wanted, callerOf(caller).account)
      return { done: true }
    },
    'standards.takeBack': ({ copyId }, caller) => {
      takeBack(ground, copyId, callerOf(caller).account)
      return { done: true }
    },
    'standards.forget': ({ copyId }) => {
      forgetAside(ground, copyId)
      return { done: true }
    },
    'standards.looked': () => {
      const { store, emit } = ground.context
      writeLooked(store.settings, newestRelease(ground)?.manifest.release ?? 0)
      emit({ event: 'changed', payload: { topics: ['standards'] } })
      return { done: true }
    },
    'standards.windows': async () => {
      const { value, why } = await askWindows(ground)
      return { windows: value, why }
    },
  }
}

/** A centre that does not know this desk, or a release that is not right, keeps nothing back of what else the link carries. */
async function catchUpOverLink({ context, catchUp }: StandardsGround, client: CentreClient): Promise<void> {
  try {
    await catchUp('link', client)
  } catch (error) {
    if (error instanceof AppError && ['CENTRE_UNREACHABLE', 'LINK_DOWN'].includes(error.code)) throw error
    const isStranger = error instanceof AppError && error.code === 'CENTRE_REFUSED'
    if (!isStranger) context.log('publishing', error)
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
