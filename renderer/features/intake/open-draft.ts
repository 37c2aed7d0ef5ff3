import type { Bridge } from '../../../preload/contract/bridge.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { Draft, DraftForm, MatterSummary } from '../../../preload/contract/views.ts'
import { callDesk } from '../../app/client.ts'
import { journalOf } from '../../app/station-journal.ts'
import { type DraftJournal, mergePending } from '../../drafts/index.ts'
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

async function standardOf(bridge: Bridge, journal: DraftJournal | null, draft: Draft): Promise<DraftStandard> {
  if (draft.theme !== null) return await callDesk(bridge, 'drafts.form', { draftId: draft.draftId })
  return await standardOfMatter(bridge, journal, draft)
}

type Pinned = Pick<Draft, 'itemId' | 'standardVersion'>

async function standardOfMatter(bridge: Bridge, journal: DraftJournal | null, draft: Pinned): Promise<MatterStandard> {
  const cached = await journal?.cachedStandard(draft.itemId, draft.standardVersion).catch(() => undefined)
  if (cached !== undefined) return cached
  const standard = await callDesk(bridge, 'matters.get', { itemId: draft.itemId, version: draft.standardVersion })
  void journal?.cacheStandard(standard).catch(() => undefined)
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
  const keeper = keepDraft({
    ...{ bridge, journal, draftId, answers, check },
    ...{ held: draft.answers, upTo: pending?.upTo ?? 0 },
  })
  return {
    draft,
    standard,
    keeper,
    journal,
    restored: pending?.answers.length ?? 0,
    unreadable: pending?.unreadable ?? 0,
  }
}

type Prepared = { readonly journal: DraftJournal | null; readonly standard: MatterStandard }

/** What matters' forms stand on, by `itemId@version`: asked for when a matter is looked at, there when it is chosen. */
const prepared = new Map<string, Promise<Prepared>>()

/** Has ready what the form of a matter stands on; a failure is told by `beginDraft`. */
export function prepareForm(bridge: Bridge, { itemId, version }: Pick<MatterSummary, 'itemId' | 'version'>): void {
  preparedForm(bridge, { itemId, standardVersion: version }).catch(() => undefined)
}

function preparedForm(bridge: Bridge, pinned: Pinned): Promise<Prepared> {
  const key = `${pinned.itemId}@${pinned.standardVersion}`
  const before = prepared.get(key)
  if (before !== undefined) return before
  const preparing = journalOf(bridge).then(async (journal) => ({
    journal,
    standard: await standardOfMatter(bridge, journal, pinned),
  }))
  prepared.set(key, preparing)
  // A desk that was away for a moment is asked again.
  const forgetUnready = ({ journal }: Pick<Prepared, 'journal'>) => journal === null && prepared.delete(key)
  preparing.then(forgetUnready, () => forgetUnready({ journal: null }))
  return preparing
}

/** The draft that was begun last, until its page takes it. */
let begun: OpenDraft | null = null

/**
 * Begins a draft of a matter and opens it in the same breath: what its page needs is asked for together, so that the form is
 * there at once. Resolves with its id. Fails with what the desk says, e.g. STANDARD_UNKNOWN.
 */
export async function beginDraft(bridge: Bridge, { itemId, version }: MatterSummary): Promise<string> {
  const [{ check, ...draft }, listed] = await Promise.all([
    callDesk(bridge, 'drafts.create', { itemId }),
    preparedForm(bridge, { itemId, standardVersion: version }),
  ])
  const { draftId, answers } = draft
  // A release may have taken effect since the list was read.
  const { journal, standard } = draft.standardVersion === version ? listed : await preparedForm(bridge, draft)
  const keeper = keepDraft({ bridge, journal, draftId, held: answers, answers, check, upTo: 0 })
  begun = { draft, standard, keeper, journal, restored: 0, unreadable: 0 }
  return draftId
}

/** The draft that was just begun, if it is this one: nothing was typed into it yet, and it is on the standard in force. */
export function begunDraft(draftId: string | null): OpenDraft | null {
  return begun?.draft.draftId === draftId ? begun : null
}

/** As `begunDraft`, once: whoever takes it keeps it from then on. */
export function takeBegun(draftId: string): OpenDraft | null {
  const taken = begunDraft(draftId)
  if (taken !== null) begun = null
  return taken
}
