// Owns: the step of a draft from the standards that it was begun by to those in force.
// Does not own: what of it still fits (main/standards/move-draft.ts), what changed (main/standards/differences), a theme's matters (moving-theme.ts).
// Start here: `moveOffer`, `moveDraft`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { DraftMoveOffer } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { asObject, findQuestion, type Json, type Question, questionsOf } from '../../standards/form/questions.ts'
import { moveAnswers, moveMaterials } from '../../standards/move-draft.ts'
import type { Materials } from '../materials/index.ts'
import type { KnownStandard, ThemeToday } from '../matters/index.ts'
import type { BasisPorts, DraftAsked } from './basis.ts'
import { matterDifferences } from './differences.ts'
import { applicantOf } from './model.ts'
import { themeStep } from './moving-theme.ts'
import type { DraftRow } from './store.ts'

/** What a move asks of others. */
export type MovingPorts = BasisPorts & {
  /** The standard in force, where people can be taken in by it today. */
  readonly openNow: (itemId: string) => KnownStandard | undefined
  readonly themeToday: (themeId: string) => ThemeToday | undefined
  readonly materials: Materials
}

/** From what to what a draft would move. */
export type MoveStep = {
  readonly mark: string
  readonly before: DraftAsked
  readonly after: DraftAsked
  /** What of the newer form and materials the draft asks: a theme's matters that are not chosen ask nothing. */
  readonly isAsked: {
    readonly answer: (path: string) => boolean
    readonly material: (requirementId: string) => boolean
  }
  readonly changes: DraftMoveOffer['changes']
  readonly members: DraftMoveOffer['members']
  readonly theme: DraftRow['theme']
}

/** What moving a draft to what is in force would do; null where it is on that already, or nobody can be taken in by it. */
export function moveOffer(context: DeskContext, ports: MovingPorts, row: DraftRow): DraftMoveOffer | null {
  const step = stepOf(context, ports, row)
  if (step === undefined) return null
  const { mark, before, after, isAsked, changes, members } = step
  const { answers, materials } = fitsOf(context, ports, row, step)
  const questions = questionsOf(before.form)
  return {
    ...{ fromVersion: before.version, toVersion: after.version, mark },
    ...{ matterName: after.name, changes, members },
    answers: answers.moves
      .filter(({ fate, to }) => fate !== 'asked' || isAsked.answer(to))
      .map(({ from, to, value, ...move }) => ({
        ...move,
        path: to === '' ? from : to,
        value: said(questions, from, value ?? null),
      })),
    materials: materials.moves.filter(({ fate, requirementId }) => fate !== 'asked' || isAsked.material(requirementId)),
  }
}

/** An answer as one reads it: of a choice the words of what was chosen. */
function said(questions: readonly Question[], path: string, value: Json): Json {
  const options = findQuestion(questions, path)?.schema.oneOf
  const chosen = (Array.isArray(options) ? options : []).map(asObject).find((option) => option.const === value)
  return typeof chosen?.title === 'string' ? chosen.title : value
}

/**
 * The draft on what is in force: answers and promises that still fit stay, and materials keep their files in the places that
 * ask for them now. What was shown as gone goes. Inside a transaction. Throws STEP_NOT_LEGAL where something else is in force than
 * what was shown.
 */
export function moveDraft(
  context: DeskContext,
  ports: MovingPorts,
  row: DraftRow,
  mark: string,
): Pick<DraftRow, 'answers' | 'later' | 'standardVersion' | 'theme' | 'matterName' | 'applicantName'> {
  const step = stepOf(context, ports, row)
  if (step === undefined || step.mark !== mark) throw new AppError('STEP_NOT_LEGAL')
  const { after, theme } = step
  const { answers, materials } = fitsOf(context, ports, row, step)
  for (const { materialId, requirementId } of ports.materials.waiting({ draftId: row.draftId })) {
    const place = materials.places.get(requirementId)
    if (place === undefined) ports.materials.remove(row.draftId, materialId)
    else if (place !== requirementId) ports.materials.moveTo(row.draftId, materialId, place)
  }
  return {
    answers: answers.answers,
    later: [...materials.later],
    standardVersion: after.version,
    theme,
    matterName: after.name,
    applicantName: applicantOf(after.form, answers.answers).name,
  }
}

function stepOf(context: DeskContext, ports: MovingPorts, row: DraftRow): MoveStep | undefined {
  if (row.theme !== null) return themeStep(context, ports, { ...row, theme: row.theme })
  const before = ports.ofVersion(row.itemId, row.standardVersion)
  const after = ports.openNow(row.itemId)
  return after === undefined || after.sha256 === before.sha256 ? undefined : matterStep(context, before.standard, after)
}

function matterStep(
  context: DeskContext,
  before: MatterStandard,
  { standard: after, sha256 }: KnownStandard,
): MoveStep {
  return {
    ...{ mark: sha256, before, after },
    isAsked: { answer: () => true, material: () => true },
    changes: matterDifferences(context, before, after),
    members: [],
    theme: null,
  }
}

function fitsOf(context: DeskContext, ports: MovingPorts, row: DraftRow, { before, after }: MoveStep) {
  const handedIn = ports.materials.waiting({ draftId: row.draftId }).map(({ requirementId }) => requirementId)
  return {
    answers: moveAnswers(before.form, after.form, row.answers, context.today()),
    materials: moveMaterials(before, after, handedIn, row.later),
  }
}
