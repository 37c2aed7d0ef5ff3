import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { type CasePaperKind, casePaperKinds } from '../../../preload/contract/papers.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { CaseStanding, DecidedStep } from '../cases/index.ts'

/** What says which papers are right: the case's 收件, where it stands, its standard (undefined where it is not known here). */
export type PaperGround = {
  readonly received: EntryPayload<'case.received@1'>
  readonly standing: CaseStanding
  readonly standard: MatterStandard | undefined
}

/** The step that a paper tells; undefined for one that tells no decision, or where it was not decided. */
export function stepOf(kind: CasePaperKind, { decided }: CaseStanding): DecidedStep | undefined {
  const last = (...decisions: readonly DecidedStep['decision'][]) =>
    decided.findLast(({ decision }) => decisions.includes(decision))
  switch (kind) {
    case 'acceptance':
      return last('accepted')
    case 'correction':
      return last('corrections')
    case 'refusal':
      return last('refused')
    case 'closing':
      return last('approved', 'denied') ?? last('closed')
    default:
      return undefined
  }
}

/**
 * When that happened which a paper would tell now; undefined where the paper is not right. A paper is made once of each: 补正
 * that is asked a second time has a second 补正告知书.
 */
export function tellsOf(kind: CasePaperKind, ground: PaperGround): string | undefined {
  const { received, standing, standard } = ground
  const { state } = standing
  const isUndecided = state === 'received' || state === 'accepted' || state === 'corrections'
  const receivedAtUtc = received.receivedAtUtc
  switch (kind) {
    case 'receipt':
    case 'form':
      return receivedAtUtc
    case 'correction':
      return stepOf(kind, standing)?.atUtc
    case 'acceptance':
      return state === 'refused' ? undefined : stepOf(kind, standing)?.atUtc
    case 'refusal':
      return state === 'refused' ? stepOf(kind, standing)?.atUtc : undefined
    case 'closing':
      return isUndecided || state === 'refused' ? undefined : stepOf(kind, standing)?.atUtc
    case 'laterPromise':
      return isUndecided && standing.later.length > 0 ? (standing.supplementedAtUtc ?? receivedAtUtc) : undefined
    case 'informedPromise':
      return isUndecided && standard?.informedPromise === true ? receivedAtUtc : undefined
    case 'delivery':
      return standing.delivered?.deliveredAtUtc
  }
}

/** A paper that was made, as far as it says whether another is to be made. */
export type MadeFact = { readonly kind: string; readonly asOfUtc: string | null }

/** Whether a paper of what happened last was made. There is one receipt a case. */
export function isMade(kind: CasePaperKind, asOfUtc: string, made: readonly MadeFact[]): boolean {
  return made.some((one) => one.kind === kind && (kind === 'receipt' || one.asOfUtc === asOfUtc))
}

/** The papers that are right now and were not made yet. */
export function offersOf(ground: PaperGround, made: readonly MadeFact[]): CasePaperKind[] {
  return casePaperKinds.filter((kind) => {
    const asOfUtc = tellsOf(kind, ground)
    return asOfUtc !== undefined && !isMade(kind, asOfUtc, made)
  })
}
