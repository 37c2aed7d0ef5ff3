// Owns: the way back of a draft to how it was before it was moved to another standard.
// Does not own: the move itself (moving.ts), what of answers fits where (main/standards/move-draft.ts).
// Start here: `moveBack`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { moveAnswers, moveMaterials } from '../../standards/move-draft.ts'
import type { Materials } from '../materials/index.ts'
import { type BasisPorts, basisOf } from './basis.ts'
import { type DraftBefore, readBefore, writeBefore } from './before-move-store.ts'
import { applicantOf } from './model.ts'
import type { DraftRow } from './store.ts'

type Ports = BasisPorts & { readonly materials: Materials }

/** What a move changes of a draft, as it is now. */
export function stateOf({ materials }: Pick<Ports, 'materials'>, row: DraftRow): DraftBefore {
  const { draftId, standardVersion, theme, matterName, answers, later } = row
  return { standardVersion, theme, matterName, answers, later, materials: materials.waiting({ draftId }) }
}

/**
 * The draft as it was before the last move, with what was answered and handed in since where it fits there. How it was until now
 * is kept in turn: the way back has a way back. Inside a transaction. Throws NOT_FOUND where it was never moved.
 */
export function moveBack(context: DeskContext, ports: Ports, row: DraftRow): Partial<DraftRow> {
  const { db } = context.store
  const { draftId } = row
  const before = readBefore(db, draftId)
  if (before === undefined) throw new AppError('NOT_FOUND', { what: '换之前的内容' })
  const { standardVersion, theme, matterName } = before
  const [from, to] = [basisOf(ports, row).asked, basisOf(ports, { ...row, standardVersion, theme }).asked]
  const now = stateOf(ports, row)
  writeBefore(db, draftId, now, context.nowUtc())
  const since = moveAnswers(from.form, to.form, row.answers, context.today()).answers
  const handedIn = now.materials.map(({ requirementId }) => requirementId)
  const moved = moveMaterials(from, to, handedIn, row.later)
  putBack(ports.materials, draftId, { before, now, placeOf: (requirementId) => moved.places.get(requirementId) })
  const brought = new Set(ports.materials.waiting({ draftId }).map(({ requirementId }) => requirementId))
  const answers = { ...before.answers, ...since }
  return {
    ...{ standardVersion, theme, matterName, answers },
    later: [...new Set([...before.later, ...moved.later])].filter((id) => !brought.has(id)),
    applicantName: applicantOf(to.form, answers).name,
  }
}

/** Files go back to the places where they were; those that had to go are there again, those that came since stay where a place asks for them. */
function putBack(
  materials: Materials,
  draftId: string,
  {
    before,
    now,
    placeOf,
  }: {
    readonly before: DraftBefore
    readonly now: DraftBefore
    readonly placeOf: (requirementId: string) => string | undefined
  },
): void {
  const were = new Map(before.materials.map((one) => [one.materialId, one]))
  for (const { materialId, requirementId } of now.materials) {
    const place = were.get(materialId)?.requirementId ?? placeOf(requirementId)
    if (place === undefined) materials.remove(draftId, materialId)
    else if (place !== requirementId) materials.moveTo(draftId, materialId, place)
  }
  const here = new Set(now.materials.map(({ materialId }) => materialId))
  for (const { materialId, requirementId, file } of before.materials)
    if (!here.has(materialId)) materials.add({ draftId }, requirementId, file)
}
