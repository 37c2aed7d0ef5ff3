import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { CallOutput } from '../../preload/contract/api.ts'
import { isMoving } from '../ui/file-words.ts'
import { type CallFailure, callDesk, callKey, useBridge } from './client.ts'

/** A file under way moves between the desk's events: while one waits, its case is looked at so often. */
const lookMs = 2000

/** The files of a case and how far each has come, followed while one of them moves. */
export function useCaseFiles(caseId: string): UseQueryResult<CallOutput<'sync.files'>, CallFailure> {
  const bridge = useBridge()
  return useQuery<CallOutput<'sync.files'>, CallFailure, CallOutput<'sync.files'>, readonly unknown[]>({
    queryKey: callKey('sync.files', { caseId }),
    queryFn: () => callDesk(bridge, 'sync.files', { caseId }),
    refetchInterval: ({ state }) => (state.data?.files.some(isMoving) === true ? lookMs : false),
  })
}
