// Owns: the station's seals (电子印章): keys kept closed, who may use which for what, leases, revocations, 用印登记.
// Does not own: which document is sealed and where (documents, sealing), the file format of a seal (main/pdf, main/signing).
// Start here: custody.ts for the rules, use.ts for leave to seal, opening.ts for PINs, projection.ts for what is history.
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import { completeSeals, makeStationTrainingSeal } from './adding.ts'
import type { SealUser } from './custody.ts'
import { type SealPorts, sealHandlers } from './handlers.ts'
import { createOpenSeals } from './opening.ts'
import { anyPaperUpcaster, sealedUpcaster, sealsProjector } from './projection.ts'
import { receiptOrganisation } from './receipts.ts'
import { printRegister, type RegisterQuery } from './register.ts'
import { selectSeals } from './store.ts'
import { createTrust, type SealTrust } from './trust.ts'
import { assertUseHolds, findReadyUse, type SealUse, type UseRequest, useSeal } from './use.ts'
import { readTimestampAuthority, whySealWaits } from './views.ts'

export { committeeName } from './model.ts'
export type { RegisterQuery } from './register.ts'
export type { SealTrust } from './trust.ts'
export type { Approval, SealUse, UseRequest } from './use.ts'

/** What other features may ask of seals. */
export type Seals = FeatureModule & {
  /** Makes a training station's first seal where there is none, with a lease; see `makeStationTrainingSeal`. */
  readonly makeTrainingSeal: (pin: string) => Promise<void>
  /** In whose name receipts are made, or undefined without a seal; see `receiptOrganisation`. */
  readonly organisation: () => string | undefined
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
  const trust = createTrust(context)
  const open = createOpenSeals(context, trust)
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
  return {
    handlers: sealHandlers({ context, ports, open, told }),
    projectors: [sealsProjector],
    upcasters: [sealedUpcaster, anyPaperUpcaster],
    start() {
      completeSeals(context)
      stopListening = context.store.ledger.onAppended((entries) => {
        if (entries.some(({ kind }) => kind === 'feed.applied' || kind === 'seal.revoked')) forgetStopped()
      })
    },
    locked() {
      open.forget().catch((error) => context.log('an open seal could not be closed', error))
    },
    sessionEnded(sessionId) {
      open.endSession(sessionId).catch((error) => context.log('an open seal could not be closed', error))
      told()
    },
    async close() {
      stopListening?.()
      await open.forget()
    },
    makeTrainingSeal: (pin) => makeStationTrainingSeal(context, pin),
    organisation: () => receiptOrganisation(context),
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
