import type { SealStatus, SealView } from '../../../preload/contract/seals.ts'
import { sentenceFor } from '../../../preload/contract/sentences.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { isForPaper, isKeeper, sealStateOf, stateSentences } from './custody.ts'
import type { OpenSeals } from './opening.ts'
import { receiptSeals } from './receipts.ts'
import { type SealRow, selectSeals, selectTimestampsDue, selectUses } from './store.ts'

const authorityKey = 'seals.timestampAuthority'

/** Where timestamps are asked for; null where no authority is set. */
export function readTimestampAuthority(context: DeskContext): string | null {
  const url = context.store.settings.get(authorityKey)
  return typeof url === 'string' ? url : null
}

/** Sets where timestamps are asked for; null for nowhere. The address is an http or https one. */
export function writeTimestampAuthority(context: DeskContext, url: string | null): void {
  context.store.settings.set(authorityKey, url ?? undefined)
}

/** What stands on the seals page for one caller. */
export function sealStatus(
  context: DeskContext,
  open: OpenSeals,
  waitingDocuments: number,
  account: string,
): SealStatus {
  const { db } = context.store
  const uses = selectUses(db)
  const due = selectTimestampsDue(db)
  return {
    seals: selectSeals(db).map((seal) => viewOf(context, seal, open, uses.get(seal.sealId) ?? 0, account)),
    unlocked: open.find(account) !== undefined,
    waitingDocuments,
    timestamps: { authorityUrl: readTimestampAuthority(context), ...due },
  }
}

function viewOf(context: DeskContext, seal: SealRow, open: OpenSeals, uses: number, account: string): SealView {
  const { isRevoked: _, addedAtUtc: __, lease, ...told } = seal
  const state = sealStateOf(seal, context.clock.now())
  return {
    ...told,
    uses,
    unlocked: open.find(account, seal.sealId) !== undefined,
    state,
    stateText: stateSentences[state],
    mayUse: isKeeper(seal.custody, account),
    lease: lease && {
      leaseId: lease.leaseId,
      uses: lease.uses,
      fromUtc: lease.fromUtc,
      untilUtc: lease.untilUtc,
      itemIds: lease.itemIds,
      usesLeft: Math.max(0, lease.uses - lease.used),
    },
  }
}

/**
 * Why a paper of this matter waits for a seal, in words: none is here, none can be used, none is for such papers, all ask
 * for a second person, or none is unlocked.
 */
export function whySealWaits(context: DeskContext, open: OpenSeals, itemId: string | null): string {
  const seals = itemId === null ? selectSeals(context.store.db) : receiptSeals(context)
  const [newest] = seals
  if (newest === undefined) return sentenceFor('SEAL_NONE').title
  const now = context.clock.now()
  const usable = seals.filter((seal) => sealStateOf(seal, now) === 'usable')
  if (usable.length === 0) return stateSentences[sealStateOf(newest, now)]
  const fit = usable.filter((seal) => isForPaper(seal, itemId))
  if (fit.length === 0) return '没有能盖这类文书的印章。'
  const alone = fit.filter(({ custody }) => !custody.needsApproval)
  if (alone.length === 0) return '盖这类文书要有第二个人同意，请到用印页面盖。'
  return alone.some(({ sealId }) => open.all().some((seal) => seal.sealId === sealId))
    ? '等待盖章。'
    : sentenceFor('SEAL_PIN_NEEDED').title
}
