import type { CallInput, CallName, CallOutput } from './api.ts'
import type { Result } from './errors.ts'
import type { EventName, Events } from './events.ts'

/** What a shell gives the page: the one door to the desk. The Electron preload puts it on `window.cunchuang`; in the browser shell the page builds it on fetch. */
export type Bridge = {
  readonly shell: 'electron' | 'browser'
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>
  /** Returns what ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void
  /** Prefix for streamed bytes: `fetch(bytesBase + '/materials?…', {method: 'PUT'})`, same cookies or protocol as the page. */
  readonly bytesBase: string
}
