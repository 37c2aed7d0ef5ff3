// Owns: the step of a draft from the standard's version that it was begun by to the one in force.
// Does not own: what of it still fits (main/standards/move-draft.ts), what changed between the two (main/standards/differences).
// Start here: `moveOffer`, `moveDraft`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { DraftMoveOffer } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { compareDocuments } from '../../standards/index.ts'
import { moveAnswers, moveMaterials } from '../../standards/move-draft.ts'
import type { Materials } from '../materials/index.ts'
import type { KnownStandard } from '../matters/index.ts'
import { applicantOf } from './model.ts'
import type { DraftRow } from './store.ts'

/** What a move asks of others. */
export type MovingPorts = {
  /** The standard in force, where people can be taken in by it today. */
  readonly openNow: (itemId: string) => KnownStandard | undefined
  readonly ofVersion: (itemId: string, version: number) => KnownStandard
  readonly materials: Materials
}

type Both = { readonly before: MatterStandard; readonly after: MatterStandard }

/** What moving a draft to the standard in force would do; null where it is on that one already, or nobody can be taken in by it. */
export function moveOffer(context: DeskContext, ports: MovingPorts, row: DraftRow): DraftMoveOffer | null {
  const both = versionsOf(ports, row)
  if (both === undefined) return null
  const { before, after } = both
  const { answers, materials } = fitsOf(context, ports, row, both)
  return {
    fromVersion: before.version,
    toVersion: after.version,
    matterName: after.name,
    changes: compareDocuments({ kind: 'matter', value: before }, { kind: 'matter', value: after }),
    answers: answers.moves.map(({ from, to, value, ...move }) => ({
      ...move,
      path: to === '' ? from : to,
      value: value ?? null,
    })),
    materials: [...materials.moves],
  }
}

/**
 * The draft on the standard in force: answers and promises that still fit stay, and materials keep their files in the places that
 * ask for them now. What was shown as gone goes. Inside a transaction. Throws STEP_NOT_LEGAL where another version is in force than
 * the one that was shown.
 */
export function moveDraft(
  context: DeskContext,
  ports: MovingPorts,
  row: DraftRow,
  toVersion: number,
): Pick<DraftRow, 'answers' | 'later' | 'standardVersion' | 'matterName' | 'applicantName'> {
  const both = versionsOf(ports, row)
  if (both === undefined || both.after.version !== toVersion) throw new AppError('STEP_NOT_LEGAL')
  const { after } = both
  const { answers, materials } = fitsOf(context, ports, row, both)
  for (const { materialId, requirementId } of ports.materials.waiting({ draftId: row.draftId })) {
    const place = materials.places.get(requirementId)
    if (place === undefined) ports.materials.remove(row.draftId, materialId)
    else if (place !== requirementId) ports.materials.moveTo(row.draftId, materialId, place)
  }
  return {
    answers: answers.answers,
    later: [...materials.later],
    standardVersion: after.version,
    matterName: after.name,
    applicantName: applicantOf(after, answers.answers).name,
  }
}

function versionsOf(ports: MovingPorts, { itemId, standardVersion }: DraftRow): Both | undefined {
  const before = ports.ofVersion(itemId, standardVersion)
  const after = ports.openNow(itemId)
  return after === undefined || after.sha256 === before.sha256
    ? undefined
    : { before: before.standard, after: after.standard }
}

function fitsOf(context: DeskContext, ports: MovingPorts, row: DraftRow, { before, after }: Both) {
  const handedIn = ports.materials.waiting({ draftId: row.draftId }).map(({ requirementId }) => requirementId)
  return {
    answers: moveAnswers(before.form, after.form, row.answers, context.today()),
    materials: moveMaterials(before, after, handedIn, row.later),
  }
}
