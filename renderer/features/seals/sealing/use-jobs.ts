import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { CallOutput } from '../../../../preload/contract/api.ts'
import type { SealingItem, SealingJob } from '../../../../preload/contract/seals.ts'
import { callKey, useBridge, useCall } from '../../../app/client.ts'

const jobsKey = callKey('sealing.jobs', {})
const nobody = '00000000-0000-0000-0000-000000000000'

/** How many papers of a job are neither sealed nor failed. */
export const leftOf = (job: SealingJob): number => job.total - job.sealed - job.failed

/** The job that was left lying with papers unsealed, the newest; never the one that is watched. */
export function leftOver(jobs: readonly SealingJob[], watched: string | null): SealingJob | null {
  return jobs.find((job) => job.jobId !== watched && job.state === 'paused' && leftOf(job) > 0) ?? null
}

/** The jobs of the last days, followed by the desk's events. */
export function useJobs(): readonly SealingJob[] {
  const bridge = useBridge()
  const queries = useQueryClient()
  const { data } = useCall('sealing.jobs', {})
  useEffect(
    () =>
      bridge.on('sealing', (job) => {
        queries.setQueryData<CallOutput<'sealing.jobs'>>(jobsKey, (known) => ({
          jobs: withJob(known?.jobs ?? [], job),
        }))
        if (job.state === 'running') return
        // An answer on its way may be older than this word, and would put it back.
        void queries.invalidateQueries({ queryKey: jobsKey })
        void queries.invalidateQueries({ queryKey: callKey('sealing.job') })
        void queries.invalidateQueries({ queryKey: callKey('sealing.papers') })
        void queries.invalidateQueries({ queryKey: callKey('sealing.places') })
        void queries.invalidateQueries({ queryKey: callKey('seals.status') })
      }),
    [bridge, queries],
  )
  return data?.jobs ?? []
}

function withJob(jobs: readonly SealingJob[], job: SealingJob): SealingJob[] {
  const isKnown = jobs.some(({ jobId }) => jobId === job.jobId)
  return isKnown ? jobs.map((known) => (known.jobId === job.jobId ? job : known)) : [job, ...jobs]
}

/** A job's papers, read when it has come to a stop. */
export function useItems(job: SealingJob | undefined): readonly SealingItem[] {
  const isStill = job !== undefined && job.state !== 'running'
  const { data } = useCall('sealing.job', { jobId: job?.jobId ?? nobody }, { enabled: isStill })
  return data?.items ?? []
}
