import { type DraftHandedOver, draftHandedOverSchema } from '../../../preload/contract/hand-over.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { takeHandedDrafts } from '../../store/index.ts'
import { applicantOf } from './model.ts'
import type { DraftPorts } from './service.ts'
import { insertDraft, selectDraft, writeTold } from './store.ts'

/**
 * Makes drafts of a machine that was lost drafts of this one, each once: with its item in the feed emptied in the same
 * transaction, no rebuild brings back what was thrown away since. Tells how many.
 */
export function takeDrafts(context: DeskContext, ports: Pick<DraftPorts, 'ofVersion' | 'inForce' | 'cases'>): number {
  const { store } = context
  return store.transaction(() => {
    const handed = takeHandedDrafts(store.db).flatMap(
      ({ payload }) => draftHandedOverSchema.safeParse(payload).data ?? [],
    )
    return handed.filter((one) => takeDraft(context, ports, one)).length
  })
}

function takeDraft(
  { store }: DeskContext,
  ports: Pick<DraftPorts, 'ofVersion' | 'inForce' | 'cases'>,
  { draft }: DraftHandedOver,
): boolean {
  const { draftId, itemId, matterName, revision, answers, later, photos, updatedAtUtc } = draft
  if (selectDraft(store.db, draftId) !== undefined || ports.cases.receivedFrom(draftId) !== undefined) return false
  const standard = known(() => ports.ofVersion(itemId, draft.standardVersion)) ?? known(() => ports.inForce(itemId))
  const applicantName = standard === undefined ? '' : applicantOf(standard, answers).name
  const standardVersion = standard?.version ?? draft.standardVersion
  const row = { draftId, itemId, matterName, standardVersion, revision, answers, later, applicantName, updatedAtUtc }
  insertDraft(store.db, { ...row, lostPhotos: photos }, 'system')
  // The centre has it as it is.
  writeTold(store.db, draftId, revision)
  return true
}

/** A version that is not known here gives way to the one in force; without either the draft waits for its standard. */
function known(read: () => ReturnType<DraftPorts['inForce']>) {
  try {
    return read().standard
  } catch {
    return undefined
  }
}
