import { AppError } from '../../../preload/contract/errors.ts'
import type { Role } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { SealAppearance } from '../../pdf/index.ts'
import type { OpenSeal } from '../../signing/index.ts'
import { mayUse, type SealUser } from './custody.ts'
import type { OpenSeals } from './opening.ts'
import { receiptSeals } from './receipts.ts'
import { type SealRow, selectSeal } from './store.ts'

/** Leave to use an open seal: what an impression needs, and what its entry tells. */
export type SealUse = {
  readonly sealId: string
  readonly sealName: string
  readonly certificateSha256: string
  readonly leaseId: string
  readonly signer: OpenSeal
  readonly appearance: SealAppearance
  /** The second person's account; '' where the seal asks for none. */
  readonly approvedBy: string
}

/** A second person's word: their login PIN, or that they gave it when a job was begun that now goes on. */
export type Approval = { readonly account: string; readonly pin: string } | { readonly approvedBy: string } | null

/** What a use is asked for. */
export type UseRequest = SealUser & {
  /** How many impressions are wanted: the lease must have as many left. */
  readonly count: number
  readonly approval: Approval
}

/** What using seals asks of accounts; given by main/desk/compose.ts. */
export type ApprovalPorts = {
  /** The role of an account; undefined for none. */
  readonly roleOf: (account: string) => Role | undefined
  /** Tries a login PIN, with the vault's tries and waits. Throws PIN_WRONG, PIN_WAIT, ACCOUNT_UNKNOWN. */
  readonly checkPin: (account: string, pin: string) => Promise<void>
}

/**
 * Asks for leave to use a seal. Throws SEAL_NONE, SEAL_REVOKED, SEAL_CERTIFICATE_EXPIRED, SEAL_CERTIFICATE_NOT_YET_VALID,
 * SEAL_NOT_YOURS, SEAL_MATTER_REFUSED, SEAL_LEASE_ENDED (`left`: uses that are left where they are too few),
 * SEAL_PIN_NEEDED, SEAL_APPROVAL_NEEDED, SEAL_APPROVER_UNFIT, PIN_WRONG or PIN_WAIT of the second person.
 */
export async function useSeal(
  context: DeskContext,
  ports: ApprovalPorts,
  open: OpenSeals,
  sealId: string,
  request: UseRequest,
): Promise<SealUse> {
  const seal = findSeal(context, sealId)
  const leaseId = leaseFor(seal, request, context.clock.now(), { count: request.count, isApproved: true })
  if (open.find(request.account, sealId) === undefined) throw new AppError('SEAL_PIN_NEEDED')
  const approvedBy = seal.custody.needsApproval ? await approverOf(ports, request) : ''
  // The approver's PIN takes its time: a seal that was closed or stopped meanwhile is not used.
  const unlocked = open.find(request.account, sealId)
  if (unlocked === undefined) throw new AppError('SEAL_PIN_NEEDED')
  const { certificateSha256, name: sealName, signer, appearance } = unlocked
  return { sealId, sealName, certificateSha256, leaseId, signer, appearance, approvedBy }
}

/**
 * Checks inside the transaction that appends an impression that its use still holds, and says which lease it is to name:
 * of many that seal at once, none goes beyond the lease. Throws as `useSeal`, but for the PINs: SEAL_APPROVAL_NEEDED where the
 * seal has begun to ask for a second person since.
 */
export function assertUseHolds(context: DeskContext, use: SealUse, user: SealUser): { readonly leaseId: string } {
  const wanted = { count: 1, isApproved: use.approvedBy !== '' }
  return { leaseId: leaseFor(findSeal(context, use.sealId), user, context.clock.now(), wanted) }
}

/** The open seal that may seal a receipt now without asking anybody, the newest first; undefined where there is none. */
export function findReadyUse(context: DeskContext, open: OpenSeals, user: SealUser): SealUse | undefined {
  const now = context.clock.now()
  for (const seal of receiptSeals(context)) {
    const unlocked = open.find(user.account, seal.sealId)
    if (unlocked === undefined || seal.lease === null || mayUse(seal, user, now) !== undefined) continue
    const { signer, appearance } = unlocked
    const { sealId, name: sealName, certificateSha256, lease } = seal
    return { sealId, sealName, certificateSha256, leaseId: lease.leaseId, signer, appearance, approvedBy: '' }
  }
  return undefined
}

/** One seal. Throws SEAL_NONE. */
export function findSeal(context: DeskContext, sealId: string): SealRow {
  const seal = selectSeal(context.store.db, sealId)
  if (seal === undefined) throw new AppError('SEAL_NONE')
  return seal
}

function leaseFor(
  seal: SealRow,
  user: SealUser,
  now: Date,
  { count, isApproved }: { readonly count: number; readonly isApproved: boolean },
): string {
  const refusal = mayUse(seal, user, now, isApproved)
  if (refusal !== undefined) throw new AppError(refusal)
  const left = seal.lease === null ? 0 : seal.lease.uses - seal.lease.used
  if (seal.lease === null || left < count) throw new AppError('SEAL_LEASE_ENDED', { left })
  return seal.lease.leaseId
}

async function approverOf(ports: ApprovalPorts, { account, approval }: UseRequest): Promise<string> {
  if (approval === null) throw new AppError('SEAL_APPROVAL_NEEDED')
  const approver = ('pin' in approval ? approval.account : approval.approvedBy).normalize('NFC').trim()
  const role = ports.roleOf(approver)
  if (approver === account || role === undefined || role === 'clerk') throw new AppError('SEAL_APPROVER_UNFIT')
  if ('pin' in approval) await ports.checkPin(approver, approval.pin)
  return approver
}
