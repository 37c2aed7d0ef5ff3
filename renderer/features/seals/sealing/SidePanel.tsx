import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { Certify } from './Certify.tsx'
import { Approver, Reason, SealPin } from './Consent.tsx'
import { JobPanel } from './JobPanel.tsx'
import { PlaceChoice } from './PlaceChoice.tsx'
import { SealChoice } from './SealChoice.tsx'
import type { SealingState } from './use-sealing-screen.ts'

/** At the right: what is to be sealed with, where, why and by whom; while a job is watched, how that goes. */
export function SidePanel({ state }: { readonly state: SealingState }) {
  const { status, paper, watched, inHand, move } = state
  const takeUp = (ids: readonly string[]) => {
    const again = inHand.filter(({ documentId }) => ids.includes(documentId))
    move({ jobId: null, ticked: new Map(again.map((one) => [one.documentId, one])), shown: 0 })
    return again
  }
  return (
    <aside className="sealing-side panel">
      <ErrorNotice error={status.error} onRetry={() => void status.refetch()} />
      <ErrorNotice error={paper.error} onRetry={paper.retry} />
      {watched === undefined ? (
        <Choosing state={state} />
      ) : (
        <JobPanel
          job={watched}
          seal={state.seals.find(({ sealId }) => sealId === watched.sealId)}
          onShow={(documentId) =>
            move({
              shown: Math.max(
                0,
                inHand.findIndex((one) => one.documentId === documentId),
              ),
            })
          }
          inHand={inHand}
          onRetry={(ids) => state.run(takeUp(ids))}
          onChange={takeUp}
        />
      )}
    </aside>
  )
}

function Choosing({ state }: { readonly state: SealingState }) {
  const { t } = useTranslation()
  const { status, seals, seal, place, paper, choose, inHand, sealing } = state
  if (status.data === undefined) return null
  if (seal === undefined) return <EmptyState title={t('sealing.sealNone')} text={t('sealing.sealNoneText')} />
  return (
    <>
      <SealChoice
        seals={seals}
        chosen={seal}
        onChoose={(sealId) => choose((now) => ({ ...now, sealId, approver: '', approverPin: '' }))}
      />
      <PlaceChoice
        choices={place.choices}
        known={paper.known}
        diameterMm={seal.diameterMm}
        count={inHand.length}
        isLooking={paper.isLooking}
        onChange={choose}
      />
      <Reason choices={place.choices} jobs={state.jobs} onChange={choose} />
      {seal.custody.needsApproval ? (
        <Approver
          account={place.choices.approver}
          pin={place.choices.approverPin}
          onChange={(approver, approverPin) => choose((now) => ({ ...now, approver, approverPin }))}
        />
      ) : null}
      <SealPin seal={seal} pin={sealing.pin} onPin={sealing.setPin} onEnter={() => state.run(inHand)} />
      <Certify choices={place.choices} isTooLate={paper.known?.places.sealed === true} onChange={choose} />
    </>
  )
}
