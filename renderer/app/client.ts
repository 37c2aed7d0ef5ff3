import {
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { createContext, useContext, useEffect } from 'react'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import type { Bridge } from '../../preload/contract/bridge.ts'
import type { Failure } from '../../preload/contract/errors.ts'

/** A failed call as an error, so that queries and mutations carry it. What a person reads of it is told by `ErrorNotice`. */
export class CallFailure extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.code)
    this.name = 'CallFailure'
    this.failure = failure
  }
}

const BridgeContext = createContext<Bridge | null>(null)

/** Gives the bridge to everything below. */
export const BridgeProvider = BridgeContext.Provider

/** The door to the desk. Throws outside of a `BridgeProvider`, which is a bug. */
export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext)
  if (bridge === null) throw new Error('no bridge above this component')
  return bridge
}

/** One call; a failure is thrown as `CallFailure`. */
export async function callDesk<N extends CallName>(
  bridge: Bridge,
  name: N,
  input: CallInput<N>,
): Promise<CallOutput<N>> {
  const result = await bridge.call(name, input)
  if (!result.ok) throw new CallFailure(result.error)
  return result.value
}

/** The cache of what the desk said. Fresh until an event tells otherwise; a desk that restarts is asked again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        networkMode: 'always',
        retry: (count, error) => error instanceof CallFailure && error.failure.code === 'DESK_RESTARTING' && count < 20,
        retryDelay: 500,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

/** Under which key an answer is cached. */
export const callKey = <N extends CallName>(name: N, input?: CallInput<N>) =>
  input === undefined ? [name] : [name, input]

/**
 * What the desk answers, kept and read again when an event says that it changed; with `everyMs` also again and again, for
 * what no event tells of: a stick that is plugged in, a window elsewhere.
 *
 * @example const { data, error } = useCall('cases.get', { caseId })
 */
export function useCall<N extends CallName>(
  name: N,
  input: CallInput<N>,
  options: { readonly enabled?: boolean; readonly keepPrevious?: boolean; readonly everyMs?: number } = {},
): UseQueryResult<CallOutput<N>, CallFailure> {
  const bridge = useBridge()
  return useQuery<CallOutput<N>, CallFailure, CallOutput<N>, readonly unknown[]>({
    queryKey: callKey(name, input),
    queryFn: () => callDesk(bridge, name, input),
    enabled: options.enabled ?? true,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
    ...(options.keepPrevious === true ? { placeholderData: (previous) => previous } : {}),
  })
}

/**
 * A call that changes something: `mutate(input)`, `mutateAsync(input)`, `isPending`, `error`. What it changed is told by
 * the desk's `changed` event, so nothing is invalidated here.
 *
 * @example const receive = useAct('drafts.receive'); receive.mutate({ draftId })
 */
export function useAct<N extends CallName>(name: N): UseMutationResult<CallOutput<N>, CallFailure, CallInput<N>> {
  const bridge = useBridge()
  return useMutation<CallOutput<N>, CallFailure, CallInput<N>>({
    mutationKey: callKey(name),
    mutationFn: (input) => callDesk(bridge, name, input),
  })
}

/** As `useAct` for work of more than one call, which `work` does by `callDesk`. */
export function useWork<Input, Output>(
  work: (input: Input) => Promise<Output>,
): UseMutationResult<Output, CallFailure, Input> {
  return useMutation<Output, CallFailure, Input>({ mutationFn: work })
}

/** Tells when the desk no longer knows who works here, whichever call found out. Mounted once. */
export function useLoginNeeded(onLocked: () => void): void {
  const queries = useQueryClient()
  useEffect(() => {
    const look = (error: unknown) => {
      if (error instanceof CallFailure && error.failure.code === 'LOGIN_NEEDED') onLocked()
    }
    const ends = [
      queries.getQueryCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') look(event.action.error)
      }),
      queries.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') look(event.action.error)
      }),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [queries, onLocked])
}
