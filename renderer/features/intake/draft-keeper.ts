import type { Bridge } from '../../../preload/contract/bridge.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { keepTyped, type TypedKeeper } from '../../app/typed-keeper.ts'
import { changedAnswers, type DraftJournal, mergePending } from '../../drafts/index.ts'

/** Keeps one draft: every answer into the journal at once, what changed to the desk shortly after. */
export type DraftKeeper = TypedKeeper<{ readonly answers: Answers }, DraftCheck> & {
  /** Takes what the desk holds now, e.g. what another window typed; what was typed here and not saved yet stays over it. Older than what is known, it changes nothing. */
  readonly takeHeld: (held: Answers, check: DraftCheck) => void
}

/**
 * Starts keeping a draft from what the desk and the journal hold. Two windows may keep the same one: each writes only what was
 * changed in it.
 * @param options.held what the desk held when it was asked.
 * @param options.answers that, with what the journal held laid over it.
 * @param options.journal null where this browser gives no storage: then the desk alone keeps the draft.
 * @param options.upTo the journal's mark that restored answers came from, which are saved at once; 0 without any.
 */
export function keepDraft(options: {
  readonly bridge: Bridge
  readonly journal: DraftJournal | null
  readonly draftId: string
  readonly held: Answers
  readonly answers: Answers
  readonly check: DraftCheck
  readonly upTo: number
}): DraftKeeper {
  const { bridge, journal, draftId, answers, check, upTo } = options
  let known = options.held
  const keeper = keepTyped({
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
    save: async (typed) => {
      const before = known
      const result = await bridge.call('drafts.save', { draftId, answers: typed.answers, before })
      // What was taken from elsewhere meanwhile stays known.
      if (result.ok) known = mergePending(known, changedAnswers(before, typed.answers))
      return result
    },
  })
  return {
    ...keeper,
    takeHeld: (held, newer) => {
      if (newer.revision < keeper.current().check.revision) return
      const typedHere = changedAnswers(known, keeper.current().answers)
      known = held
      keeper.adopt({ answers: mergePending(held, typedHere) })
      keeper.takeCheck(newer)
    },
  }
}
