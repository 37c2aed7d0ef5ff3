import type { ErrorCode } from '../../../preload/contract/errors.ts'
import type { SealCustody, SealLease, SealState } from '../../../preload/contract/seals.ts'

/** A lease as far as it has been used. */
export type LeaseFacts = SealLease & {
  readonly used: number
  /** The latest time that the ledger has told since the lease was granted: a clock set back does not lengthen it. */
  readonly seenAtUtc: string
}

/** What decides whether a seal may be used. */
export type SealFacts = {
  readonly validFromUtc: string
  readonly validUntilUtc: string
  readonly isRevoked: boolean
  readonly custody: SealCustody
  /** The lease granted last; null for none. */
  readonly lease: LeaseFacts | null
}

/** Who wants to seal what: `itemId` is the matter of the paper's case, null for a paper that belongs to no case. */
export type SealUser = { readonly account: string; readonly itemId: string | null }

/** How far the station's clock may be behind the centre's before a new lease is not begun yet. */
const leaseToleranceMs = 3_600_000

/** How a seal stands, whoever wants to use it. */
export function sealStateOf(seal: SealFacts, now: Date): SealState {
  if (seal.isRevoked) return 'revoked'
  const { lease } = seal
  const latest = lease === null ? now.getTime() : Math.max(now.getTime(), Date.parse(lease.seenAtUtc))
  if (latest > Date.parse(seal.validUntilUtc)) return 'expired'
  if (now.getTime() < Date.parse(seal.validFromUtc)) return 'not-yet-valid'
  if (lease === null || now.getTime() + leaseToleranceMs < Date.parse(lease.fromUtc)) return 'no-lease'
  if (latest >= Date.parse(lease.untilUtc)) return 'lease-ended'
  return lease.used < lease.uses ? 'usable' : 'lease-used-up'
}

const refusals: Readonly<Record<Exclude<SealState, 'usable'>, ErrorCode>> = {
  revoked: 'SEAL_REVOKED',
  expired: 'SEAL_CERTIFICATE_EXPIRED',
  'not-yet-valid': 'SEAL_CERTIFICATE_NOT_YET_VALID',
  'no-lease': 'SEAL_LEASE_ENDED',
  'lease-ended': 'SEAL_LEASE_ENDED',
  'lease-used-up': 'SEAL_LEASE_ENDED',
}

const leaseStates: readonly SealState[] = ['no-lease', 'lease-ended', 'lease-used-up']

/** Whether an account is among those that may use a seal. */
export function isKeeper({ keepers }: SealCustody, account: string): boolean {
  return keepers.length === 0 || keepers.includes(account)
}

/**
 * The code by which a use is refused, or undefined: what stops the seal itself first, then whose and for what it is, then
 * its lease, and last the second person whom it asks for (`isApproved` where they have agreed).
 */
export function mayUse(seal: SealFacts, user: SealUser, now: Date, isApproved = false): ErrorCode | undefined {
  const state = sealStateOf(seal, now)
  if (state !== 'usable' && !leaseStates.includes(state)) return refusals[state]
  if (!isKeeper(seal.custody, user.account)) return 'SEAL_NOT_YOURS'
  if (!isForPaper(seal, user.itemId)) return 'SEAL_MATTER_REFUSED'
  if (state !== 'usable') return refusals[state]
  return seal.custody.needsApproval && !isApproved ? 'SEAL_APPROVAL_NEEDED' : undefined
}

/** Whether custody and lease let a seal onto papers of a matter; null for papers that belong to no case. */
export function isForPaper({ custody, lease }: SealFacts, itemId: string | null): boolean {
  const leased = lease?.itemIds ?? null
  if (itemId === null) return custody.otherPapers && leased === null
  return (custody.itemIds?.includes(itemId) ?? true) && (leased?.includes(itemId) ?? true)
}

/** Why a seal cannot be used, in one sentence; '' where it can. */
export const stateSentences: Readonly<Record<SealState, string>> = {
  usable: '',
  revoked: '这枚印章已经停用，不能再盖。',
  expired: '印章的证书已过期，请申请换发印章。',
  'not-yet-valid': '印章的证书还没有生效，或本机时间不对。',
  'no-lease': '印章还没有使用授权，联网后由中心发放。',
  'lease-ended': '印章的使用授权已到期，联网后中心会续期。',
  'lease-used-up': '印章授权的次数已用完，联网后中心会续期。',
}
