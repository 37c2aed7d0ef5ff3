import { useQueryClient } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import type { Paper } from '../../../../preload/contract/seals.ts'
import { callKey, useCall } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { putPaper } from '../../../app/upload.ts'
import { useUploads } from '../../../app/use-uploads.ts'
import { ownFirst } from '../own-seals.ts'
import { activePlacement, chosenSeal, forOtherPapers, lackOf } from './choices.ts'
import type { Kept } from './kept.ts'
import { editingOf } from './paper-editing.ts'
import { useItems, useJobs } from './use-jobs.ts'
import { useKnownPaper } from './use-known-paper.ts'
import { usePapers } from './use-papers.ts'
import { usePlace } from './use-place.ts'
import { useSealing } from './use-sealing.ts'
import { useSuggestion } from './use-suggestion.ts'
import type { Taken } from './use-take-away.ts'

/** Everything that the sealing screen shows and does, begun as it was left but for what `start` says. */
export function useSealingScreen(start: Partial<Kept>) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { station } = useHere()
  const status = useCall('seals.status', {})
  const { place, move, choose, tick } = usePlace(start)
  const list = usePapers(place.view, useDeferredValue(place.query).trim())
  const jobs = useJobs()
  const seals = ownFirst(status.data?.seals ?? [], station)
  const seal = chosenSeal(place.choices, seals)
  const here = list.at(place.index)
  const inHand: readonly Paper[] = place.ticked.size > 0 ? [...place.ticked.values()] : here === undefined ? [] : [here]
  const shownIndex = Math.min(place.shown, Math.max(0, inHand.length - 1))
  const shown = inHand[shownIndex]
  const paper = useKnownPaper(shown, activePlacement(place.choices))
  useSuggestion(shown?.documentId, paper.known, choose)
  const uploads = useUploads(putPaper, (reply) => {
    list.reread()
    tick(reply.paper)
  })
  const sealing = useSealing((jobId) => {
    move({ jobId })
    void queries.invalidateQueries({ queryKey: callKey('sealing.jobs') })
    choose((now) => ({ ...now, approverPin: '' }))
  })
  const lack = lackOf(place.choices, seal, inHand, sealing.pin, paper.known?.places)
  const run = (papers: readonly Paper[]) => {
    if (seal !== undefined && lack === null && !sealing.isBusy) void sealing.run(place.choices, seal, papers)
  }
  const watched = jobs.find(({ jobId }) => jobId === place.jobId)
  const isSettled = watched !== undefined && watched.state !== 'running'
  const moveOn = (change: Partial<Kept>) => {
    choose(forOtherPapers)
    move({ jobId: null, ticked: new Map(), shown: 0, ...change })
  }
  const items = useItems(watched)
  /** What can be taken away: what the job sealed, else what was sealed before of the papers in hand. */
  const sealed: readonly Taken[] =
    watched === undefined
      ? inHand.filter(({ impressions }) => impressions > 0)
      : items.filter(({ state }) => state === 'sealed')
  const editing =
    paper.known === null || seal === undefined || watched !== undefined
      ? null
      : editingOf(paper.known, place.choices, seal.diameterMm, choose, (number) => t('sealing.slotDefault', { number }))
  return {
    status,
    place,
    // What was sealed leaves the list's choice: whoever goes on choosing begins with fresh hands.
    listPlace: isSettled ? { ...place, ticked: new Map<string, Paper>() } : place,
    listMove: isSettled ? moveOn : move,
    move,
    /** From a job that has come to a stop to other papers. */
    moveOn,
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
    sealed,
    lack,
    run,
    editing,
  }
}

/** What `useSealingScreen` gives. */
export type SealingState = ReturnType<typeof useSealingScreen>
