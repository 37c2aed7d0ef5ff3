// Owns: cases (办件): 收件, 受理, 补正, the centre's decisions on them, the queue, finding, the timeline.
// Does not own: drafts before 收件 (drafts), files (materials), papers (documents), how entries travel (sync).
// Start here: service.ts for what happens, projection.ts for what follows from the ledger, views.ts for what is shown.
import type { Caller, Handlers } from '../../../preload/contract/api.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { type DateGround, fillDates } from './dates.ts'
import { type JoinedCases, joinCases } from './joined.ts'
import { casesProjector } from './projection.ts'
import {
  acceptCase,
  assertSupplementable,
  type CasePorts,
  deliverCase,
  type NewCase,
  type ReceivedCase,
  readCase,
  receiveCase,
  receivedFrom,
  revealField,
  supplementCase,
  tellApplicant,
} from './service.ts'
import { type CaseStanding, standingOf } from './standing.ts'
import {
  type CaseRow,
  countUndelivered,
  selectCaseByName,
  selectDuplicates,
  selectOpenByVersion,
  selectTimesUsed,
} from './store.ts'
import { detailOf, listCases, type ReceivedStep, receivedEntryOf } from './views.ts'

export type { DateGround } from './dates.ts'
export type { CasePorts, NewCase, ReceivedCase } from './service.ts'
export type { CaseStanding, DecidedStep } from './standing.ts'
export type { CaseRow } from './store.ts'

/** What other features may ask of cases. */
export type Cases = FeatureModule & {
  /** 收件; only inside a transaction. */
  readonly receive: (given: NewCase, caller: Caller) => ReceivedCase
  /** Says of cases that were just received that they belong together; in the same transaction. */
  readonly join: (given: JoinedCases, caller: Caller) => void
  /** The case that a draft became, of a theme's the first; or undefined. */
  readonly receivedFrom: (draftId: string) => ReceivedCase | undefined
  /** A case's facts, unmasked: for its documents. Throws NOT_FOUND. */
  readonly read: (caseId: string) => CaseRow
  /** A case's 收件 as it stands in this ledger or in another machine's; undefined where it was erased. */
  readonly receivedEntry: (caseId: string) => ReceivedStep | undefined
  /** Where a case stands, unmasked: for its papers. Throws NOT_FOUND. */
  readonly standing: (caseId: string) => CaseStanding
  /** A case by local number, id, or the number's ending where it names just one. */
  readonly findByName: (name: string) => CaseRow | undefined
  /** Local numbers of open cases of the same person and matter. */
  readonly duplicates: (idNumber: string, itemId: string) => string[]
  /** Cases of which something has not reached the centre. */
  readonly countUndelivered: () => number
  /** How often each matter was taken in here, by itemId. */
  readonly timesUsed: () => Map<string, number>
  /** Open cases by matter and the version of its standard that they are pinned to. */
  readonly openByVersion: () => { readonly itemId: string; readonly version: number; readonly count: number }[]
  /** Throws NOT_FOUND, or STEP_NOT_LEGAL where nothing may be brought for the case now. */
  readonly assertSupplementable: (caseId: string) => CaseRow
}

/** The cases feature; `dates` is what its projector counts by. */
export function createCases(context: DeskContext, ports: CasePorts, dates: DateGround): Cases {
  const handlers: Partial<Handlers> = {
    'cases.list': (input, caller) => listCases(context, ports, input, callerOf(caller)),
    'cases.get': ({ caseId }) => detailOf(context, ports, caseId),
    'cases.reveal': (input, caller) => ({ value: revealField(context, input, callerOf(caller)) }),
    'cases.accept': ({ caseId }, caller) => {
      acceptCase(context, caseId, callerOf(caller))
      return { done: true }
    },
    'cases.supplement': (input, caller) => {
      supplementCase(context, ports, input, callerOf(caller))
      return { done: true }
    },
    'cases.tell': ({ caseId }, caller) => {
      tellApplicant(context, caseId, callerOf(caller))
      return { done: true }
    },
    'cases.deliver': (input, caller) => {
      deliverCase(context, input, callerOf(caller))
      return { done: true }
    },
  }
  return {
    handlers,
    projectors: [casesProjector(dates)],
    // A newer program may bring the calendar of another year.
    start: () => {
      const given = context.store.transaction(() => fillDates(context.store.db, dates))
      if (given > 0) context.emit({ event: 'changed', payload: { topics: ['cases'] } })
    },
    receive: (given, caller) => receiveCase(context, given, caller),
    join: (given, caller) => joinCases(context, given, caller),
    receivedFrom: (draftId) => receivedFrom(context, draftId),
    read: (caseId) => readCase(context, caseId),
    receivedEntry: (caseId) => receivedEntryOf(context, ports, caseId),
    standing: (caseId) => standingOf(context, caseId),
    findByName: (name) => selectCaseByName(context.store.db, name),
    duplicates: (idNumber, itemId) => selectDuplicates(context.store.db, idNumber, itemId),
    countUndelivered: () => countUndelivered(context.store.db, context.store.ledger.acknowledged().seq),
    timesUsed: () => selectTimesUsed(context.store.db),
    openByVersion: () => selectOpenByVersion(context.store.db),
    assertSupplementable: (caseId) => assertSupplementable(context, caseId),
  }
}
