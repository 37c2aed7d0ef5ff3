import { useState } from 'react'
import type { Paper, SealView } from '../../../../preload/contract/seals.ts'
import { useAct } from '../../../app/client.ts'
import { type Choices, requestOf } from './choices.ts'

/** Opens the seal where it is locked, then begins the job. The PIN is forgotten whatever comes of it. */
export function useSealing(onBegun: (jobId: string) => void) {
  const [pin, setPin] = useState('')
  const unlock = useAct('seals.unlock')
  const begin = useAct('sealing.begin')
  const run = async (choices: Choices, seal: SealView, papers: readonly Paper[]) => {
    unlock.reset()
    begin.reset()
    try {
      if (!seal.unlocked) await unlock.mutateAsync({ pin, sealId: seal.sealId, sealWaiting: false })
      const { jobId } = await begin.mutateAsync(requestOf(choices, seal, papers))
      onBegun(jobId)
    } catch {
      // Both failures are told beside the button, by `error`.
    } finally {
      setPin('')
    }
  }
  return { pin, setPin, run, isBusy: unlock.isPending || begin.isPending, error: unlock.error ?? begin.error }
}
