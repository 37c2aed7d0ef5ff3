import { type DraftHandedOver, draftHandedOverSchema } from '../../../preload/contract/hand-over.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { takeHandedDrafts } from '../../store/index.ts'
import { basisOf, pinsOf } from './basis.ts'
import { applicantOf } from './model.ts'
import type { DraftPorts } from './service.ts'
import { type DraftRow, insertDraft, selectDraft, writeTold } from './store.ts'

type TakingPorts = Pick<DraftPorts, 'ofVersion' | 'inForce' | 'theme' | 'themeToday' | 'cases'>

/**
 * Makes drafts of a machine that was lost drafts of this one, each once: with its item in the feed emptied in the same
 * transaction, no rebuild brings back what was thrown away since. Tells how many.
 */
export function takeDrafts(context: DeskContext, ports: TakingPorts): number {
  const { store } = context
  return store.transaction(() => {
    const handed = takeHandedDrafts(store.db).flatMap(
      ({ payload }) => draftHandedOverSchema.safeParse(payload).data ?? [],
    )
    return handed.filter((one) => takeDraft(context, ports, one)).length
  })
}

function takeDraft(context: DeskContext, ports: TakingPorts, { draft }: DraftHandedOver): boolean {
  const { store } = context
  const { draftId, revision, photos, theme = null, ...state } = draft
  if (selectDraft(store.db, draftId) !== undefined || ports.cases.receivedFrom(draftId) !== undefined) return false
  const pinned = knownHere(context, ports, { ...state, draftId, theme })
  const form = known(() => basisOf(ports, pinned))?.asked.form
  const applicantName = form === undefined ? '' : applicantOf(form, state.answers).name
  insertDraft(store.db, { ...state, ...pinned, revision, lostPhotos: photos, applicantName }, 'system')
  // The centre has it as it is.
  writeTold(store.db, draftId, revision)
  return true
}

type Pinned = Pick<DraftRow, 'draftId' | 'itemId' | 'standardVersion' | 'theme'>

/** Versions that are not known here give way to those in force; without either the draft waits for its standard. */
function knownHere(context: DeskContext, ports: TakingPorts, given: Pinned): Pinned {
  const { draftId, itemId, standardVersion, theme } = given
  const pinned = { draftId, itemId, standardVersion, theme }
  if (known(() => missingOf(ports, pinned)) === false) return pinned
  if (theme === null) {
    const inForce = known(() => ports.inForce(itemId))
    return inForce === undefined ? pinned : { ...pinned, standardVersion: inForce.standard.version }
  }
  const today = ports.themeToday(itemId)
  if (today === undefined) return pinned
  return { ...pinned, standardVersion: today.theme.version, theme: pinsOf(today, theme, context.newId) }
}

/** Whether a version that a draft is pinned to is not known here. Throws where the theme itself is not, or the one matter. */
function missingOf(ports: TakingPorts, pinned: Pinned): boolean {
  const { matters } = basisOf(ports, pinned, 'all')
  return pinned.theme !== null && matters.length < pinned.theme.members.length
}

function known<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
