import { useQueryClient } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import type { Paper } from '../../../../preload/contract/seals.ts'
import { callKey, useCall } from '../../../app/client.ts'
import { activePlacement, chosenSeal, lackOf } from './choices.ts'
import { editingOf } from './paper-editing.ts'
import { useJobs } from './use-jobs.ts'
import { useKnownPaper } from './use-known-paper.ts'
import { usePaperUploads } from './use-paper-uploads.ts'
import { usePapers } from './use-papers.ts'
import { usePlace } from './use-place.ts'
import { useSealing } from './use-sealing.ts'
import { useSuggestion } from './use-suggestion.ts'

/** Everything that the sealing screen shows and does. With a case's number its documents are in the list. */
export function useSealingScreen(caseNumber: string | null) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const status = useCall('seals.status', {})
  const { place, move, choose, tick } = usePlace(
    caseNumber === null ? {} : { view: 'all', query: caseNumber, index: 0, ticked: new Map(), shown: 0, jobId: null },
  )
  const list = usePapers(place.view, useDeferredValue(place.query).trim())
  const jobs = useJobs()
  const seals = status.data?.seals ?? []
  const seal = chosenSeal(place.choices, seals)
  const here = list.at(place.index)
  const inHand: readonly Paper[] = place.ticked.size > 0 ? [...place.ticked.values()] : here === undefined ? [] : [here]
  const shownIndex = Math.min(place.shown, Math.max(0, inHand.length - 1))
  const shown = inHand[shownIndex]
  const paper = useKnownPaper(shown, activePlacement(place.choices))
  useSuggestion(shown?.documentId, paper.known, choose)
  const uploads = usePaperUploads((stored) => {
    void queries.invalidateQueries({ queryKey: callKey('sealing.papers') })
    tick(stored)
  })
  const sealing = useSealing((jobId) => {
    move({ jobId })
    void queries.invalidateQueries({ queryKey: callKey('sealing.jobs') })
    choose((now) => ({ ...now, approverPin: '' }))
  })
  const lack = lackOf(place.choices, seal, inHand, sealing.pin)
  const run = (papers: readonly Paper[]) => {
    if (seal !== undefined && lack === null && !sealing.isBusy) void sealing.run(place.choices, seal, papers)
  }
  const watched = jobs.find(({ jobId }) => jobId === place.jobId)
  const editing =
    paper.known === null || seal === undefined || watched !== undefined
      ? null
      : editingOf(paper.known, place.choices, seal.diameterMm, choose, (number) => t('sealing.slotDefault', { number }))
  return {
    status,
    place,
    move,
    choose,
    list,
    jobs,
    watched,
    seals,
    seal,
    inHand,
    shown,
    shownIndex,
    paper,
    uploads,
    sealing,
    lack,
    run,
    editing,
  }
}

/** What `useSealingScreen` gives. */
export type SealingState = ReturnType<typeof useSealingScreen>
