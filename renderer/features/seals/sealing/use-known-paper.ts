import { useMemo } from 'react'
import type { Paper, Placement } from '../../../../preload/contract/seals.ts'
import { useCall } from '../../../app/client.ts'
import type { KnownPaper } from './places.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/** What a paper offers to a seal, and where the text of the placement stands in it. `known` is null until it is read. */
export function useKnownPaper(paper: Paper | undefined, placement: Placement) {
  const documentId = paper?.documentId ?? nobody
  const places = useCall('sealing.places', { documentId }, { enabled: paper !== undefined })
  const text = placement.kind === 'anchor' ? placement.text.trim() : ''
  const find = useCall(
    'sealing.findText',
    { documentId, text: text === '' ? ' ' : text },
    { enabled: paper !== undefined && text !== '' },
  )
  const kind = paper?.kind
  const known = useMemo<KnownPaper | null>(() => {
    if (kind === undefined || places.data === undefined) return null
    return { kind, places: places.data, found: text === '' ? [] : (find.data?.boxes ?? []) }
  }, [kind, places.data, find.data, text])
  return { known, error: places.error, retry: () => void places.refetch(), isLooking: find.isFetching }
}
