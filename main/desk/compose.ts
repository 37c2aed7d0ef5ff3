// Owns: how the features are put together over one open store.
// Does not own: what any of them does; who may call (server.ts); logging in (desk.ts).
// Start here: `openFeatures`.
import { join } from 'node:path'
import type { Handlers } from '../../preload/contract/api.ts'
import { todayInShanghai } from '../../preload/contract/calendar.ts'
import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { EventMessage } from '../../preload/contract/events.ts'
import { type Accounts, createAccounts, type Logins } from '../features/accounts/index.ts'
import { createBundles, findSticks, nameOfStick, writeToStick } from '../features/bundles/index.ts'
import { type CasePorts, type Cases, createCases } from '../features/cases/index.ts'
import { type CatalogueFeature, createCatalogue } from '../features/catalogue/index.ts'
import { type Copies, createCopies } from '../features/copies/index.ts'
import { createDocuments, type Documents } from '../features/documents/index.ts'
import { createDrafts, type Drafts } from '../features/drafts/index.ts'
import { createFiles, type Files, type WaitingFile } from '../features/files/index.ts'
import { createHall, type Hall } from '../features/hall/index.ts'
import { createMaterials, type Materials } from '../features/materials/index.ts'
import { checkDraft, checkTheme, createMatters, type Matters } from '../features/matters/index.ts'
import { createNotices, type Notices } from '../features/notices/index.ts'
import { createReconciliation, type Reconciliation } from '../features/reconciliation/index.ts'
import { countPages, createSealing, type Sealing } from '../features/sealing/index.ts'
import { createSeals, type Seals } from '../features/seals/index.ts'
import { createStandards, type StandardsFeature } from '../features/standards/index.ts'
import { createSync, type SyncFeature } from '../features/sync/index.ts'
import { createTimestamps, type Timestamps } from '../features/timestamps/index.ts'
import { createVerification, type VerificationFeature } from '../features/verification/index.ts'
import { type BlobStore, openBlobs, openStore, type Store, type Vault } from '../store/index.ts'
import { afterText, afterTextOverRelay } from './after-text.ts'
import { topicsOf, topicTeller } from './events.ts'
import type { DeskContext, FeatureModule, StationFacts } from './feature.ts'
import { ledgerFeature } from './ledger-calls.ts'
import { loginsOf, noLogins } from './logins.ts'
import { lazyRenderer, pageReader } from './renderers.ts'
import { uuid7Source } from './uuid7.ts'

/** What the features stand on before the store is open. */
export type FeatureGround = {
  readonly dataFolder: string
  readonly resources: string
  readonly station: StationFacts
  readonly clock: Clock
  readonly emit: (message: EventMessage) => void
  readonly log: (what: string, error?: unknown) => void
  /** Where the login PINs lie; without it nobody can be let in through these features. */
  readonly vault?: Vault
}

/** The features by name, as far as others than the contract's callers need them. */
export type Features = {
  readonly accounts: Accounts
  readonly bundles: FeatureModule
  readonly cases: Cases
  readonly catalogue: CatalogueFeature
  readonly copies: Copies
  readonly documents: Documents
  readonly drafts: Drafts
  readonly files: Files
  readonly materials: Materials
  readonly hall: Hall
  readonly matters: Matters
  readonly notices: Notices
  readonly reconciliation: Reconciliation
  readonly sealing: Sealing
  readonly seals: Seals
  readonly standards: StandardsFeature
  readonly sync: SyncFeature
  readonly timestamps: Timestamps
  readonly verification: VerificationFeature
}

/** An open store with its features. */
export type OpenFeatures = Features & {
  readonly context: DeskContext
  readonly handlers: Partial<Handlers>
  /** Starts what runs by itself (sync). */
  readonly start: () => Promise<void>
  /** Drops what only an unlocked session may hold. */
  readonly lock: () => void
  /** Drops what was kept for one session. */
  readonly endSession: (sessionId: string) => void
  /** Ends what runs and closes the store. */
  readonly close: () => Promise<void>
}

/** Opens the store with `key` and puts the features over it. Throws as `openStore`. */
export function openFeatures(ground: FeatureGround, key: Uint8Array): OpenFeatures {
  let opened: { readonly store: Store; readonly blobs: BlobStore } | undefined
  const context = contextOver(ground, () => opened)
  const features = makeFeatures(context, ground.vault ? loginsOf(ground.dataFolder, ground.vault, key) : noLogins)
  const modules: FeatureModule[] = [...Object.values(features), ledgerFeature(context)]
  const file = join(ground.dataFolder, 'station.db')
  const projectors = modules.flatMap((module) => module.projectors)
  const upcasters = modules.flatMap((module) => module.upcasters ?? [])
  const store = openStore({ file, key, clock: ground.clock, projectors, upcasters })
  try {
    const folder = join(ground.dataFolder, 'blobs')
    // Where the disk was full and has room again, files are taken again.
    opened = { store, blobs: openBlobs({ folder, key, hasReserve: store.restoreReserve }) }
  } catch (error) {
    store.close()
    throw error
  }
  const tellTopics = topicTeller((topics) => ground.emit({ event: 'changed', payload: { topics } }))
  store.ledger.onAppended((entries) => tellTopics(topicsOf(entries.map(({ kind }) => kind))))
  return {
    ...features,
    context,
    handlers: Object.assign({}, ...modules.map((module) => module.handlers)),
    async start() {
      for (const module of modules) await module.start?.()
    },
    lock() {
      for (const module of modules) module.locked?.()
    },
    endSession(sessionId) {
      for (const module of modules) module.sessionEnded?.(sessionId)
    },
    async close() {
      for (const module of modules.toReversed()) await module.close?.()
      store.close()
    },
  }
}

function contextOver(
  ground: FeatureGround,
  opened: () => { readonly store: Store; readonly blobs: BlobStore } | undefined,
): DeskContext {
  const use = () => {
    const parts = opened()
    if (!parts) throw new Error('the store is not open yet')
    return parts
  }
  return {
    ...ground,
    get store() {
      return use().store
    },
    get blobs() {
      return use().blobs
    },
    newId: uuid7Source(ground.clock),
    today: () => todayInShanghai(ground.clock.now()),
    nowUtc: () => ground.clock.now().toISOString(),
  }
}

function makeFeatures(context: DeskContext, logins: Logins): Features {
  const accounts = createAccounts(context, logins)
  const copiedPages = lazyRenderer()
  const copies = createCopies(context, {
    renderer: copiedPages.open,
    settled: () => sync.wake(),
    close: copiedPages.close,
  })
  const files: Files = createFiles(context, {
    copyFetched: copies.noteFetched,
    wake: () => sync.wake(),
  })
  const materials = createMaterials(context, {
    stored: copies.noteStored,
    copyOf: copies.find,
    isInCentre: files.isInCentre,
  })
  const catalogue = createCatalogue(context, {
    client: () => sync.client(),
    sticks: findSticks,
  })
  const matters: Matters = createMatters(context, { timesUsed: () => cases.timesUsed(), catalogue })
  const seals: Seals = createSeals(context, {
    sealWaiting: (account) => documents.sealWaiting(account),
    waitingCount: () => documents.waitingCount(),
    timestampAuthoritySet: () => timestamps.authorityChanged(),
    people: accounts.list,
    roleOf: (account) => accounts.find(account)?.role,
    checkPin: logins.check,
  })
  const sealingPages = lazyRenderer()
  const reader = pageReader(sealingPages)
  const documents: Documents = createDocuments(context, {
    seals,
    sealMade: (paper, account) => sealing.sealMade(paper, account),
    standard: matters.standard,
    displayName: accounts.displayName,
    countPages: (pdf) => countPages(reader, pdf),
    receivedEntry: (caseId) => cases.receivedEntry(caseId),
    standing: (caseId) => cases.standing(caseId),
    template: (templateId) => {
      const known = catalogue.inForce('template', templateId)
      return known?.kind === 'template' ? known : undefined
    },
    isInCentre: files.isInCentre,
  })
  const sealing = createSealing(context, {
    ...{ documents, seals, reader },
    assertUseHolds: seals.assertHolds,
    forgetSeal: seals.forget,
    close: sealingPages.close,
  })
  const checkedPages = lazyRenderer()
  const verification = createVerification(context, {
    trust: seals.trust,
    renderer: checkedPages.open,
    paper: documents.file,
    close: checkedPages.close,
  })
  const timestamps = createTimestamps(context, {
    documents,
    trust: seals.trust,
    authorityUrl: seals.timestampAuthority,
    linkOn: () => sync.status().linkOn,
    inTurn: sealing.inTurn,
  })
  const hall = createHall(context)
  const casePorts: CasePorts = {
    calendars: catalogue.calendars,
    standard: matters.standard,
    displayName: accounts.displayName,
    filesWaiting: files.waitingOf,
    relayedSeq: hall.relayedSeq,
    documentsOf: documents.documentsOf,
    papersFor: documents.papersFor,
    broughtFor: (caseId) => materials.waiting({ caseId }),
    forgetBrought: materials.forgetBrought,
  }
  const cases: Cases = createCases(context, casePorts, {
    calendars: catalogue.calendarsIn,
    standard: (db, sha256) => {
      const known = catalogue.documentIn(db, sha256)
      return known?.kind === 'matter' ? known.value : undefined
    },
  })
  const drafts = createDrafts(context, {
    inForce: matters.inForce,
    openNow: matters.openNow,
    closureNow: matters.closureNow,
    ofVersion: (itemId, version) => {
      const known = matters.knownStandard(itemId, version)
      if (!known) throw new AppError('STANDARD_UNKNOWN', { itemId })
      return known
    },
    theme: matters.knownTheme,
    themeToday: matters.themeToday,
    themeOpen: matters.themeOpen,
    calendars: catalogue.calendars,
    check: checkDraft,
    checkTheme,
    cases,
    materials,
    afterReceived: documents.beginReceipt,
    wake: () => sync.wake(),
  })
  const reconciliation = createReconciliation(context, {
    client: () => sync.client(),
    sendAgain: (sha256s) => {
      files.sendAgain(sha256s)
      sync.wake()
    },
    displayName: accounts.displayName,
  })
  const notices = createNotices(context, {
    sendFiles: () => sync.sendNow(),
    reconcileSoon: reconciliation.runSoon,
  })
  const sync: SyncFeature = createSync(context, {
    countUndelivered: cases.countUndelivered,
    afterExchange: reconciliation.afterExchange,
    // Which files it lost, only a comparison tells.
    centreWentBack: () => reconciliation.runSoon(() => undefined),
    overRelay: () => {
      if (!hall.hasRelay()) return undefined
      return { exchange: hall.exchange, sendFiles: (bounds) => afterTextOverRelay({ catalogue, files, hall }, bounds) }
    },
    relayedSeq: hall.relayedSeq,
    unreadNotices: notices.unread,
    files: {
      ...files,
      run: (client, bounds) => afterText({ drafts, standards, catalogue, files }, client, bounds),
    },
  })
  const standards = createStandards(context, {
    ...{ catalogue: catalogue.kept, take: catalogue.take, checkPin: logins.check },
    ...{ writeToStick, nameOfStick },
    casesByVersion: cases.openByVersion,
    draftsByVersion: drafts.byVersion,
    draftsByTheme: drafts.byTheme,
    nameOf: (itemId) => matters.nameOf(itemId),
    client: () => sync.client(),
    roleOf: (account) => accounts.find(account)?.role,
    displayName: accounts.displayName,
    knowsYear: (year) => catalogue.calendars().some(({ years }) => Object.hasOwn(years, String(year))),
  })
  const bundles = createBundles(context, {
    unconfirmedFiles: () => allWaiting(files),
    takeReceipts: files.noteReceipts,
    acknowledge: sync.acknowledge,
    applyFeedPage: sync.applyFeed,
    send: () => sync.client().send,
  })
  return {
    accounts,
    bundles,
    catalogue,
    copies,
    hall,
    materials,
    matters,
    notices,
    reconciliation,
    seals,
    standards,
    documents,
    sealing,
    cases,
    drafts,
    files,
    sync,
    timestamps,
    verification,
  }
}

/** Every file that waits, in the order of sending. */
function allWaiting(files: Files) {
  const waiting: WaitingFile[] = []
  const limit = 1000
  for (
    let page = files.next({ offset: 0, limit });
    page.length > 0;
    page = files.next({ offset: waiting.length, limit })
  )
    waiting.push(...page)
  return waiting.map(({ sha256, sizeBytes, kind, copyOf }) => ({ sha256, sizeBytes, class: kind, copyOf }))
}
