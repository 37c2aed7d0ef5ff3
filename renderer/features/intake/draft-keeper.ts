import type { Bridge } from '../../../preload/contract/bridge.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { keepTyped, type TypedKeeper } from '../../app/typed-keeper.ts'
import { changedAnswers, type DraftJournal } from '../../drafts/index.ts'

/** Keeps one draft: every answer into the journal at once, the whole answers to the desk shortly after. */
export type DraftKeeper = TypedKeeper<{ readonly answers: Answers }, DraftCheck>

/**
 * Starts keeping a draft from what the desk and the journal hold.
 * @param options.journal null where this browser gives no storage: then the desk alone keeps the draft.
 * @param options.upTo the journal's mark that restored answers came from, which are saved at once; 0 without any.
 */
export function keepDraft(options: {
  readonly bridge: Bridge
  readonly journal: DraftJournal | null
  readonly draftId: string
  readonly answers: Answers
  readonly check: DraftCheck
  readonly upTo: number
}): DraftKeeper {
  const { bridge, journal, draftId, answers, check, upTo } = options
  return keepTyped({
    ...{ start: { answers }, check, upTo, saveDelay: 250, retryDelay: 2000 },
    isSame: (before, after) => changedAnswers(before.answers, after.answers).length === 0,
    journal: journal && {
      record: async (before, after) => {
        let mark = 0
        for (const answer of changedAnswers(before.answers, after.answers))
          mark = await journal.recordAnswer(draftId, answer)
        return mark
      },
      acknowledge: (mark) => journal.acknowledge(draftId, mark),
    },
    save: (typed) => bridge.call('drafts.save', { draftId, answers: typed.answers }),
  })
}
