// Owns: 新办件: finding the matter, the form with what is missing beside it, materials, 收件, the receipt afterwards.
// Does not own: the form's fields (ui/form), PDF pages (ui/pdf-view), unsaved keystrokes (drafts), what the law needs (the desk's check).
// Start here: Intake, then IntakePage.tsx.

import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { DraftMoveOffer } from '../../../preload/contract/views.ts'
import { CallFailure, callDesk, useBridge } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { IntakePage } from './IntakePage.tsx'
import { MatterPicker } from './MatterPicker.tsx'
import { MoveDraft } from './MoveDraft.tsx'
import { begunDraft, type OpenDraft, openDraft, takeBegun } from './open-draft.ts'
import './intake.css'

export { ReceivedPage as Received } from './ReceivedPage.tsx'

/** Opens the draft of an address, with what moving it to a newer standard would do; one that was taken in meanwhile leads to its receipt. */
function useOpenDraft(draftId: string | null, attempt: number) {
  const bridge = useBridge()
  const [, go] = useLocation()
  const [opened, setOpened] = useState<OpenDraft | null>(() => begunDraft(draftId))
  const [offer, setOffer] = useState<DraftMoveOffer | null>(null)
  const [error, setError] = useState<unknown>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens it again
  useEffect(() => {
    if (draftId === null) return
    let isGone = false
    let keeping = takeBegun(draftId)
    const askOffer = () => callDesk(bridge, 'drafts.moveOffer', { draftId })
    const open = async () => {
      const asked = askOffer()
      asked.catch(() => undefined)
      keeping = await openDraft(bridge, draftId)
      let found = await asked
      if (keeping.restored > 0) {
        // What was typed and not saved yet counts, too, for what still fits.
        await keeping.keeper.flush()
        found = await askOffer()
      }
      if (isGone) return keeping.keeper.stop()
      setOffer(found.offer)
      setOpened(keeping)
    }
    const opening = keeping === null ? open() : Promise.resolve()
    opening.catch(async (failure) => {
      const wasReceived = failure instanceof CallFailure && failure.failure.code === 'DRAFT_ALREADY_RECEIVED'
      const received = wasReceived ? await bridge.call('drafts.receive', { draftId }) : null
      if (isGone) return
      if (received?.ok === true) go(paths.received(received.value.caseId), { replace: true })
      else setError(failure)
    })
    return () => {
      isGone = true
      void keeping?.keeper.flush()
      keeping?.keeper.stop()
      setOpened(null)
      setOffer(null)
      setError(null)
    }
  }, [bridge, draftId, go, attempt])
  return { opened, offer, error, stay: () => setOffer(null) }
}

/** 新办件: without a draft the choice of the matter, with one its page. */
export function Intake({ draftId }: { readonly draftId: string | null }) {
  const [attempt, setAttempt] = useState(0)
  const [wentBack, setWentBack] = useState<string | null>(null)
  const { opened, offer, error, stay } = useOpenDraft(draftId, attempt)
  if (draftId === null) return <MatterPicker />
  if (error !== null)
    return (
      <div className="page">
        <ErrorNotice error={error} onRetry={() => setAttempt(attempt + 1)} />
      </div>
    )
  if (opened === null) return <Loading />
  const again = () => setAttempt(attempt + 1)
  if (offer !== null && wentBack !== draftId)
    return <MoveDraft draftId={opened.draft.draftId} offer={offer} onMoved={again} onStay={stay} />
  const back = () => {
    // Who goes back has just seen what changed.
    setWentBack(draftId)
    again()
  }
  return <IntakePage opened={opened} onMovedBack={back} onElse={again} />
}
