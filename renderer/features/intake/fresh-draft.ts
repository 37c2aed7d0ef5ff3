import { useEffect, useRef } from 'react'
import type { Draft } from '../../../preload/contract/views.ts'
import { CallFailure, callDesk, useBridge } from '../../app/client.ts'
import type { OpenDraft } from './open-draft.ts'

/**
 * Has the open draft read again where it may have changed behind this page: when standards change (what was open may be closed
 * now), when somebody comes back to this window, and after a save that found another window's changes. What another window
 * typed then stands here too; what is being typed here stays.
 * @param onElse the draft stands on another standard, was taken in or thrown away in another window: it is to be opened again.
 */
export function useFreshDraft({ draft, keeper }: OpenDraft, onElse: () => void): void {
  const bridge = useBridge()
  const tell = useRef(onElse)
  tell.current = onElse
  useEffect(() => {
    const { draftId } = draft
    let isGone = false
    const read = (mayLeave: boolean) => {
      callDesk(bridge, 'drafts.get', { draftId }).then(
        (now) => {
          if (isGone) return
          if (pins(now.draft) === pins(draft)) keeper.takeHeld(now.draft.answers, now.check)
          else if (mayLeave) tell.current()
          else keeper.takeCheck(now.check)
        },
        (failure: unknown) => {
          // A desk that is away: the next save or 收件 tells.
          if (!isGone && mayLeave && failure instanceof CallFailure && goneCodes.has(failure.failure.code))
            tell.current()
        },
      )
    }
    const comeBack = () => {
      if (document.visibilityState === 'visible') read(true)
    }
    let revision = keeper.current().check.revision
    const watched = keeper.subscribe(() => {
      const { check, saving } = keeper.current()
      if (check.revision === revision) return
      const isOwn = check.revision === revision + 1
      revision = check.revision
      if (!isOwn && saving.kind !== 'failed') read(true)
    })
    const heard = bridge.on('changed', ({ topics }) => {
      if (topics.includes('matters')) read(false)
    })
    window.addEventListener('focus', comeBack)
    document.addEventListener('visibilitychange', comeBack)
    return () => {
      isGone = true
      watched()
      heard()
      window.removeEventListener('focus', comeBack)
      document.removeEventListener('visibilitychange', comeBack)
    }
  }, [bridge, draft, keeper])
}

/** It was taken in, or thrown away. */
const goneCodes: ReadonlySet<string> = new Set(['DRAFT_ALREADY_RECEIVED', 'NOT_FOUND'])

/** What a draft stands on: its standard's version, and of a theme its matters. */
const pins = ({ standardVersion, theme }: Draft): string =>
  [standardVersion, ...(theme?.members ?? []).map(({ itemId }) => itemId)].join(' ')
