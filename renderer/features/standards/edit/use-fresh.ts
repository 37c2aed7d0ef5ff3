import { useState } from 'react'
import type { CallInput, CallName } from '../../../../preload/contract/api.ts'
import { useCall } from '../../../app/client.ts'
import { useEditor } from './editor-ground.ts'

/** What the desk says of the working copy, read again after each save; what it said before stays until then. */
export function useFresh<N extends CallName>(name: N, input: CallInput<N>, isEnabled = true) {
  const { revision } = useEditor()
  const [seen, setSeen] = useState(revision)
  const asked = useCall(name, input, { keepPrevious: true, enabled: isEnabled })
  if (seen !== revision) {
    setSeen(revision)
    if (isEnabled) void asked.refetch()
  }
  return asked
}
