// Owns: the judgement of a draft and the step from it to its case, or to the cases of a theme.
// Does not own: what is judged (matters), what a case is (cases), the draft's other changes (service.ts).
// Start here: `checkRow`, `receiveDraft`.

import type { Caller } from '../../../preload/contract/api.ts'
import { limitEnds } from '../../../preload/contract/calendar.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { NewCase, ReceivedCase } from '../cases/index.ts'
import { laterDates } from '../matters/index.ts'
import { answersFor, type BasisMatter, basisOf, type DraftBasis, laterFor, materialsFor } from './basis.ts'
import { applicantOf, assertReady, promisedOf } from './model.ts'
import type { DraftPorts } from './service.ts'
import { type DraftRow, deleteDraft } from './store.ts'

/** What a draft still lacks, over all its chosen matters at once. */
export function checkRow(context: DeskContext, ports: DraftPorts, row: DraftRow): DraftCheck {
  return { revision: row.revision, ...judge(context, ports, row, basisOf(ports, row)) }
}

function judge(
  context: DeskContext,
  ports: DraftPorts,
  row: DraftRow,
  basis: DraftBasis,
): Omit<DraftCheck, 'revision'> {
  const judged = judgeByStandards(context, ports, row, basis)
  const closed = closedOf(ports, basis)
  return { ...judged, closed, ready: judged.ready && closed.length === 0 }
}

/** Matters that were closed after the draft was begun, whichever version it is filled in by; a newer version that is open closes nothing. */
function closedOf(ports: DraftPorts, { matters }: DraftBasis): DraftCheck['closed'] {
  return matters.flatMap(({ standard: { itemId, name } }) => {
    const closure = ports.closureNow(itemId)
    return closure === undefined ? [] : [{ itemId, name, ...closure }]
  })
}

function judgeByStandards(context: DeskContext, ports: DraftPorts, row: DraftRow, basis: DraftBasis) {
  const { answers, later } = row
  const handedIn = ports.materials.waiting({ draftId: row.draftId })
  const shared = { answers, later, materials: handedIn, calendars: ports.calendars(), today: context.today() }
  const duplicatesOf = (matter: BasisMatter) => {
    const { idNumber } = applicantOf(matter.standard.form, answersFor(basis, matter, answers))
    return idNumber === '' ? [] : ports.cases.duplicates(idNumber, matter.standard.itemId)
  }
  const [first] = basis.matters
  if (basis.theme === null && first !== undefined)
    return ports.check({ ...shared, standard: first.standard, duplicates: duplicatesOf(first) })
  return ports.checkTheme({
    ...shared,
    form: basis.asked.form,
    requirements: basis.theme?.materials ?? [],
    members: basis.matters.map((matter) => ({
      ...matter,
      materials: materialsFor(basis, matter, handedIn, () => ''),
      later: laterFor(basis, matter, later),
      duplicates: duplicatesOf(matter),
    })),
  })
}

/**
 * 收件 in one transaction: the entry and the rows of each case, what joins those of a theme, the end of the draft. The same draft
 * again gives the same cases. What is told is the first one's.
 */
export function receiveDraft(
  context: DeskContext,
  ports: DraftPorts,
  { draftId, find }: { readonly draftId: string; readonly find: (draftId: string) => DraftRow },
  caller: Caller,
): ReceivedCase {
  const before = ports.cases.receivedFrom(draftId)
  if (before) return before
  const received = context.store.transaction(() => {
    const row = find(draftId)
    const basis = basisOf(ports, row)
    const check = judge(context, ports, row, basis)
    assertReady({ revision: row.revision, ...check }, basis.asked.form)
    const made = plannedCases(context, ports, row, basis, promisedOf({ revision: row.revision, ...check })).map(
      (given) => ports.cases.receive(given, caller),
    )
    if (basis.theme !== null) {
      const { theme, sha256 } = basis.theme
      ports.cases.join({ draftId, theme, sha256, caseIds: made.map(({ caseId }) => caseId) }, caller)
    }
    deleteDraft(context.store.db, draftId)
    return made
  })
  for (const { caseId } of received) ports.afterReceived(caseId, caller)
  const [first] = received
  if (first === undefined) throw new Error('a draft has at least one matter')
  return first
}

/** What each case is made of: its own answers, materials and promises under its standard's own names. */
function plannedCases(
  context: DeskContext,
  ports: DraftPorts,
  row: DraftRow,
  basis: DraftBasis,
  promised: readonly string[],
): NewCase[] {
  const handedIn = ports.materials.waiting({ draftId: row.draftId })
  const [calendars, today] = [ports.calendars(), context.today()]
  return basis.matters.map((matter) => {
    const { standard, sha256, caseId } = matter
    const answers = answersFor(basis, matter, row.answers)
    const { days, unit } = standard.promisedLimit
    return {
      ...{ caseId, standard, standardSha256: sha256, answers },
      applicant: applicantOf(standard.form, answers),
      materials: materialsFor(basis, matter, handedIn, context.newId),
      later: laterDates(standard, laterFor(basis, matter, promised), today, calendars),
      promised: { date: limitEnds(today, standard.promisedLimit, calendars), days, unit },
    }
  })
}
