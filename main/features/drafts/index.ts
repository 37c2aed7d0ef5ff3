// Owns: drafts (草稿): answers saved as they are given, materials, promises, what is still missing, and the step to 收件.
// Does not own: the case that comes of it (cases), the judgement of a form (matters), bytes (materials).
// Start here: service.ts; basis.ts for what a draft is filled in by; telling.ts and taking.ts for drafts of a machine that is lost.
import type { PutMaterialReply } from '../../../preload/contract/api.ts'
import { maskName } from '../../../preload/contract/masking.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import type { IncomingFile } from '../materials/index.ts'
import { journalKey } from './journal-key.ts'
import { type DraftPorts, type DraftService, draftService } from './service.ts'
import { selectByTheme, selectByVersion, selectDrafts } from './store.ts'
import { takeDrafts } from './taking.ts'
import { DraftTeller, type TellerPorts } from './telling.ts'

export type { DraftPorts } from './service.ts'

/** What other features may ask of drafts. */
export type Drafts = FeatureModule & {
  /** A draft, what it still lacks, and what it is filled in by. Throws NOT_FOUND, DRAFT_ALREADY_RECEIVED. */
  readonly read: DraftService['read']
  /** Drafts by matter and the version of its standard that they are filled in by. */
  readonly byVersion: () => { readonly itemId: string; readonly version: number; readonly count: number }[]
  /** Drafts that were begun by a theme, by each theme in it and its version; `itemId` is the theme's. */
  readonly byTheme: () => { readonly itemId: string; readonly version: number; readonly count: number }[]
  /** Takes a file in for one requirement. Throws as `Materials.receiveFile`, NOT_FOUND, DRAFT_ALREADY_RECEIVED. */
  readonly putMaterial: (draftId: string, requirementId: string, file: IncomingFile) => Promise<PutMaterialReply>
  /** Tells the centre what changed of the drafts. Throws what stops the link. */
  readonly tell: DraftTeller['run']
}

/** The drafts feature. */
export function createDrafts(
  context: DeskContext,
  given: Omit<DraftPorts, 'changed'> & Pick<TellerPorts, 'wake'>,
): Drafts {
  const photosOf = (draftId: string) =>
    given.materials.waiting({ draftId }).map(({ requirementId, file: { name } }) => ({ requirementId, name }))
  const teller = new DraftTeller(context, { wake: given.wake, photosOf })
  const ports = { ...given, changed: teller.changed }
  const service = draftService(context, ports)
  const shown = (draftId: string) => {
    const { draft, check } = service.read(draftId)
    return { draft, check }
  }
  let stopListening: (() => void) | undefined
  const take = () => {
    if (takeDrafts(context, ports) > 0) context.emit({ event: 'changed', payload: { topics: ['drafts'] } })
  }
  return {
    handlers: {
      'drafts.create': ({ itemId }, caller) => service.create(itemId, callerOf(caller)),
      'drafts.list': () => ({
        drafts: selectDrafts(context.store.db).map(({ draftId, matterName, applicantName, updatedAtUtc }) => ({
          draftId,
          matterName,
          applicantMasked: maskName(applicantName),
          updatedAtUtc,
        })),
      }),
      'drafts.createTheme': ({ themeId }, caller) => service.createTheme(themeId, callerOf(caller)),
      'drafts.chooseMatters': ({ draftId, itemIds }) => {
        service.chooseMatters(draftId, itemIds)
        return shown(draftId)
      },
      'drafts.form': ({ draftId }) => service.form(draftId),
      'drafts.get': ({ draftId }) => shown(draftId),
      'drafts.save': ({ draftId, answers, before }) => service.save(draftId, answers, before),
      'drafts.promiseLater': ({ draftId, requirementId, later }) => service.promiseLater(draftId, requirementId, later),
      'drafts.removeMaterial': ({ draftId, materialId }) => service.removeMaterial(draftId, materialId),
      'drafts.moveOffer': ({ draftId }) => ({ offer: service.moveOffer(draftId) }),
      'drafts.move': ({ draftId, mark }) => {
        service.move(draftId, mark)
        return { done: true }
      },
      'drafts.wayBack': ({ draftId }) => ({ version: service.wayBack(draftId) }),
      'drafts.moveBack': ({ draftId }) => {
        service.moveBack(draftId)
        return { done: true }
      },
      'drafts.discard': ({ draftId }) => {
        service.discard(draftId)
        return { done: true }
      },
      'drafts.journalKey': () => ({ key: journalKey(context.store.settings) }),
      'drafts.receive': ({ draftId }, caller) => service.receive(draftId, callerOf(caller)),
    },
    projectors: [],
    tell: teller.run,
    start: () => {
      stopListening = context.store.ledger.onAppended((entries) => {
        if (entries.some(({ kind }) => kind === 'feed.applied')) take()
      })
      take()
    },
    locked: teller.flush,
    sessionEnded: teller.flush,
    close: () => {
      stopListening?.()
      teller.close()
    },
    read: service.read,
    byVersion: () => selectByVersion(context.store.db),
    byTheme: () => selectByTheme(context.store.db),
    putMaterial: service.putMaterial,
  }
}
