import type { CaseDecision, CaseState } from '../../../preload/contract/case-steps.ts'
import {
  type EntryPayload,
  entryPayloads,
  type LaterMaterial,
  type Material,
} from '../../../preload/contract/entries.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { selectHandedSteps } from './handed-over.ts'
import { readCase } from './service.ts'
import { selectDecisions, selectLater, selectMaterials } from './store.ts'

/** A step by which a case came where it is: the centre's decision, or 受理 at the window. */
export type DecidedStep = {
  readonly decision: CaseDecision
  readonly by: 'station' | 'centre'
  readonly reason: string
  readonly atUtc: string
}

/** Where a case stands, as its papers tell it: unmasked. */
export type CaseStanding = {
  readonly state: CaseState
  readonly centreCaseNumber: string
  /** The last day of the promise, also where it was not known at 收件; null while its calendar is unknown. */
  readonly promisedDate: string | null
  /** The centre's in its order, then those of windows. */
  readonly decided: readonly DecidedStep[]
  /** Who took the result away, and when; undefined before 送达. */
  readonly delivered: Omit<EntryPayload<'case.delivered@1'>, 'caseId'> | undefined
  /** What is promised and has not come. */
  readonly later: readonly LaterMaterial[]
  readonly materials: readonly Material[]
  /** When something was brought after 收件 the last time; null for never. */
  readonly supplementedAtUtc: string | null
}

/** Where a case stands, from this ledger, the feed, and what another machine did before. Throws NOT_FOUND. */
export function standingOf(context: DeskContext, caseId: string): CaseStanding {
  const { db, ledger } = context.store
  const { state, centreCaseNumber, promised } = readCase(context, caseId)
  const steps = [...selectHandedSteps(db, caseId), ...ledger.entriesOf(caseId)]
  const decisions = selectDecisions(db, caseId).map(({ decision, reason, decidedAtUtc }) => ({
    ...{ decision, by: 'centre' as const, reason, atUtc: decidedAtUtc },
  }))
  const accepted = steps
    .filter(({ kind }) => kind === 'case.accepted')
    .map(({ at }) => ({ decision: 'accepted' as const, by: 'station' as const, reason: '', atUtc: at }))
  return {
    ...{
      state,
      centreCaseNumber,
      promisedDate: promised.date,
      decided: [...decisions, ...accepted],
      delivered: deliveredBy(steps),
    },
    later: selectLater(db, caseId),
    materials: selectMaterials(db, caseId),
    supplementedAtUtc: steps.findLast(({ kind }) => kind === 'case.supplemented')?.at ?? null,
  }
}

function deliveredBy(
  steps: readonly { readonly kind: string; readonly payload: unknown }[],
): CaseStanding['delivered'] {
  const last = steps.findLast(({ kind }) => kind === 'case.delivered')
  const payload = entryPayloads['case.delivered@1'].safeParse(last?.payload).data
  if (payload === undefined) return undefined
  const { receiverName, receiverIdNumber, deliveredAtUtc } = payload
  return { receiverName, receiverIdNumber, deliveredAtUtc }
}
