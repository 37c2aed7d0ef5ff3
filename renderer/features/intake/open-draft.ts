import type { Bridge } from '../../../preload/contract/bridge.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { Draft, DraftForm } from '../../../preload/contract/views.ts'
import { callDesk } from '../../app/client.ts'
import { type DraftJournal, mergePending, openJournal } from '../../drafts/index.ts'
import { type DraftKeeper, keepDraft } from './draft-keeper.ts'

/** What a draft asks: a matter's standard, or those of a theme's chosen matters merged. `itemIds`: of a theme, which of them ask for a material. */
export type DraftStandard = Pick<MatterStandard, 'name' | 'department' | 'version' | 'sample' | 'form'> & {
  /** Of a theme: whose identity numbers it asks for. */
  readonly people?: DraftForm['people']
  readonly materials: readonly (MatterStandard['materials'][number] &
    Partial<Pick<DraftForm['materials'][number], 'itemIds'>>)[]
}

/** A draft opened for filling in. */
export type OpenDraft = {
  readonly draft: Draft
  readonly standard: DraftStandard
  readonly keeper: DraftKeeper
  readonly journal: DraftJournal | null
  /** Answers that came back from the journal. */
  readonly restored: number
  /** Journal rows that could not be read. */
  readonly unreadable: number
}

const journals = new Map<string, Promise<DraftJournal | null>>()

/** This station's journal; null where the desk gives no key or the browser no storage (then the desk alone keeps drafts). */
async function journalOf(bridge: Bridge): Promise<DraftJournal | null> {
  const result = await bridge.call('drafts.journalKey', {})
  if (!result.ok) return null
  const { key } = result.value
  const opened =
    journals.get(key) ?? openJournal(Uint8Array.from(atob(key), (one) => one.charCodeAt(0))).catch(() => null)
  journals.set(key, opened)
  return opened
}

async function standardOf(bridge: Bridge, journal: DraftJournal | null, draft: Draft): Promise<DraftStandard> {
  if (draft.theme !== null) return await callDesk(bridge, 'drafts.form', { draftId: draft.draftId })
  const cached = await journal?.cachedStandard(draft.itemId, draft.standardVersion).catch(() => undefined)
  if (cached !== undefined) return cached
  const standard = await callDesk(bridge, 'matters.get', { itemId: draft.itemId, version: draft.standardVersion })
  await journal?.cacheStandard(standard).catch(() => undefined)
  return standard
}

/**
 * Opens a draft: what the desk holds, with what was typed and not yet saved laid over it and saved at once.
 * Fails with what the desk says, e.g. DRAFT_ALREADY_RECEIVED.
 */
export async function openDraft(bridge: Bridge, draftId: string): Promise<OpenDraft> {
  const [journal, { draft, check }] = await Promise.all([
    journalOf(bridge),
    callDesk(bridge, 'drafts.get', { draftId }),
  ])
  const [standard, pending] = await Promise.all([
    standardOf(bridge, journal, draft),
    journal?.pending(draftId).catch(() => null) ?? null,
  ])
  const answers = mergePending(draft.answers, pending?.answers ?? [])
  const keeper = keepDraft({ bridge, journal, draftId, answers, check, upTo: pending?.upTo ?? 0 })
  return {
    draft,
    standard,
    keeper,
    journal,
    restored: pending?.answers.length ?? 0,
    unreadable: pending?.unreadable ?? 0,
  }
}
