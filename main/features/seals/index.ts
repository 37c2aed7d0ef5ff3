// Owns: the station's seals (电子印章): keys kept closed, who may use which for what, leases, revocations, 用印登记.
// Does not own: which document is sealed and where (documents, sealing), the file format of a seal (main/pdf, main/signing).
// Start here: custody.ts for the rules, use.ts for leave to seal, opening.ts for PINs, projection.ts for what is history.
import { AppError } from '../../../preload/contract/errors.ts'
import type { SealFace } from '../../../preload/contract/seals.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import {
  addSealFile,
  addSealToken,
  appendSealEntry,
  completeSeals,
  grantLease,
  makeStationTrainingSeal,
  makeTrainingSealFor,
} from './adding.ts'
import type { SealUser } from './custody.ts'
import { createOpenSeals, type UnlockedSeal } from './opening.ts'
import { sealedUpcaster, sealsProjector } from './projection.ts'
import { printRegister, type RegisterQuery, readRegister } from './register.ts'
import type { PersonName } from './register-rows.ts'
import { selectSeals } from './store.ts'
import { listTokenKeys } from './tokens.ts'
import { createTrust, type SealTrust } from './trust.ts'
import {
  type ApprovalPorts,
  assertUseHolds,
  findReadyUse,
  findSeal,
  type SealUse,
  type UseRequest,
  useSeal,
} from './use.ts'
import { readTimestampAuthority, sealStatus, whySealWaits, writeTimestampAuthority } from './views.ts'

export { committeeName } from './model.ts'
export type { UnlockedSeal } from './opening.ts'
export type { RegisterQuery } from './register.ts'
export type { SealTrust } from './trust.ts'
export type { Approval, SealUse, UseRequest } from './use.ts'

/** What seals asks of others; given by main/desk/compose.ts. */
export type SealPorts = ApprovalPorts & {
  /** Seals every receipt that waits; says how many. */
  readonly sealWaiting: (account: string) => Promise<number>
  readonly waitingCount: () => number
  /** Another timestamp authority was set, or none. */
  readonly timestampAuthoritySet: () => void
  /** Everybody who works here. */
  readonly people: () => readonly PersonName[]
}

/** What other features may ask of seals. */
export type Seals = FeatureModule & {
  /** Makes a training station's first seal where there is none, with a lease; see `makeStationTrainingSeal`. */
  readonly makeTrainingSeal: (pin: string) => Promise<void>
  /** Keeps a seal file; see `addSealFile`. */
  readonly add: (seal: { readonly p12: Uint8Array; readonly pin: string; readonly face: SealFace }) => Promise<string>
  /** Whether there is a seal at all. */
  readonly hasSeal: () => boolean
  /** The organisation on the newest seal that is not stopped, or undefined without one. */
  readonly organisation: () => string | undefined
  /** A seal that is open; without an id the one opened last. */
  readonly unlocked: (sealId?: string) => UnlockedSeal | undefined
  /** Leave to use a seal for so many impressions; see `useSeal` for what it throws. */
  readonly use: (sealId: string, request: UseRequest) => Promise<SealUse>
  /** Inside the transaction of every impression: that its use still holds, and under which lease; see `assertUseHolds`. */
  readonly assertHolds: (use: SealUse, user: SealUser) => { readonly leaseId: string }
  /** The open seal that may seal a paper of this matter by itself now; undefined where there is none. */
  readonly forReceipt: (account: string, itemId: string | null) => SealUse | undefined
  /** Forgets an open seal's key, as after its token was pulled out: it wants its PIN again. */
  readonly forget: (sealId: string) => void
  /** What checks of seals trust. */
  readonly trust: () => SealTrust
  /** Where timestamps are asked for; null for nowhere. */
  readonly timestampAuthority: () => string | null
  /** The 用印登记 as a PDF. */
  readonly registerPdf: (query: RegisterQuery, account: string) => Promise<Uint8Array>
  /** Why a paper of this matter waits, in words; null for one that belongs to no case. */
  readonly whyWaiting: (itemId: string | null) => string
}

/** The seals feature. */
export function createSeals(context: DeskContext, ports: SealPorts): Seals {
  const open = createOpenSeals(context)
  const trust = createTrust(context)
  let stopListening: (() => void) | undefined
  const told = () => context.emit({ event: 'changed', payload: { topics: ['seals', 'documents'] } })
  /** A seal that was stopped, here or by the centre, is forgotten at once. */
  const forgetStopped = () => {
    const stopped = new Set(selectSeals(context.store.db).flatMap((seal) => (seal.isRevoked ? [seal.sealId] : [])))
    for (const { sealId } of open.all()) {
      if (!stopped.has(sealId)) continue
      open.forget(sealId).catch((error) => context.log('a stopped seal could not be closed', error))
      told()
    }
  }
  const forTraining = () => {
    if (context.station.mode !== 'training') throw new AppError('NOT_ALLOWED')
  }
  return {
    handlers: {
      'seals.status': (_, caller) => sealStatus(context, open, ports.waitingCount(), callerOf(caller).account),
      'seals.unlock': async ({ pin, sealId, sealWaiting = true }, caller) => {
        const { account } = callerOf(caller)
        await open.open(pin, account, sealId)
        const sealed = sealWaiting ? await ports.sealWaiting(account) : 0
        told()
        return { sealed }
      },
      'seals.add': async ({ p12, pin, face }, caller) => {
        const bytes = new Uint8Array(Buffer.from(p12, 'base64'))
        return { sealId: await addSealFile(context, { p12: bytes, pin, face }, callerOf(caller).account) }
      },
      'seals.tokens': async () => ({ keys: await listTokenKeys((error) => context.log('a token library', error)) }),
      'seals.addToken': async (given, caller) => ({
        sealId: await addSealToken(context, given, callerOf(caller).account),
      }),
      'seals.makeTraining': async (given, caller) => {
        forTraining()
        return { sealId: await makeTrainingSealFor(context, given, callerOf(caller).account) }
      },
      'seals.setCustody': ({ sealId, custody }, caller) => {
        const keepers = [...new Set(custody.keepers)]
        context.store.transaction(() => {
          findSeal(context, sealId)
          const known = new Set(ports.people().map(({ account }) => account))
          if (keepers.some((keeper) => !known.has(keeper))) throw new AppError('ACCOUNT_UNKNOWN')
          appendSealEntry(context, 'seal.custody-set', { sealId, ...custody, keepers }, callerOf(caller).account)
        })
        return { done: true }
      },
      'seals.renewLease': (given, caller) => {
        forTraining()
        context.store.transaction(() => {
          if (findSeal(context, given.sealId).isRevoked) throw new AppError('SEAL_REVOKED')
          grantLease(context, given, callerOf(caller).account)
        })
        return { done: true }
      },
      'seals.revoke': ({ sealId, reason }, caller) => {
        context.store.transaction(() => {
          if (findSeal(context, sealId).isRevoked) throw new AppError('SEAL_REVOKED')
          appendSealEntry(context, 'seal.revoked', { sealId, reason }, callerOf(caller).account)
        })
        forgetStopped()
        return { done: true }
      },
      'seals.register': ({ offset, limit, ...query }) =>
        readRegister(context, query, ports.people(), { offset, limit }),
      'seals.setTimestampAuthority': ({ url }) => {
        if (url !== null && !/^https?:\/\//i.test(url))
          throw new AppError('INPUT_INVALID', { field: '时间戳服务的地址' })
        writeTimestampAuthority(context, url)
        ports.timestampAuthoritySet()
        told()
        return { done: true }
      },
    },
    projectors: [sealsProjector],
    upcasters: [sealedUpcaster],
    start() {
      completeSeals(context)
      stopListening = context.store.ledger.onAppended((entries) => {
        if (entries.some(({ kind }) => kind === 'feed.applied' || kind === 'seal.revoked')) forgetStopped()
      })
    },
    locked() {
      open.forget().catch((error) => context.log('an open seal could not be closed', error))
    },
    async close() {
      stopListening?.()
      await open.forget()
    },
    makeTrainingSeal: (pin) => makeStationTrainingSeal(context, pin),
    add: (seal) => addSealFile(context, seal, 'system'),
    hasSeal: () => selectSeals(context.store.db).length > 0,
    organisation: () => selectSeals(context.store.db).find(({ isRevoked }) => !isRevoked)?.organisation,
    unlocked: open.find,
    use: (sealId, request) => useSeal(context, ports, open, sealId, request),
    assertHolds: (use, user) => assertUseHolds(context, use, user),
    forReceipt: (account, itemId) => findReadyUse(context, open, { account, itemId }),
    forget(sealId) {
      open.forget(sealId).catch((error) => context.log('an open seal could not be closed', error))
      told()
    },
    trust,
    timestampAuthority: () => readTimestampAuthority(context),
    registerPdf: (query, account) => printRegister(context, query, ports.people(), account),
    whyWaiting: (itemId) => whySealWaits(context, open, itemId),
  }
}
