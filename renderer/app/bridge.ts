import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import type { Bridge } from '../../preload/contract/bridge.ts'
import type { Failure, Result } from '../../preload/contract/errors.ts'
import type { EventMessage, EventName, Events } from '../../preload/contract/events.ts'

declare global {
  interface Window {
    /** Put there by the Electron preload; absent in the browser shell. */
    readonly cunchuang?: Bridge
  }
}

/** The one door to the desk: the preload's where there is one, else the browser shell's over fetch. */
export function connectBridge(): Bridge {
  return window.cunchuang ?? browserBridge()
}

/** A page that holds neither a cookie nor an unused launch token: it must be opened from the printed address. */
const notFromHere: Failure = { code: 'REQUEST_REFUSED', details: {} }
const notThere: Failure = { code: 'DESK_RESTARTING', details: {} }

type Listener = (message: EventMessage) => void

/**
 * Trades the launch token of the address for the session cookie and takes it out of the address bar. A used or unknown
 * token is not fatal: a reload lives on its cookie.
 */
async function launch(): Promise<void> {
  const token = /^#t=(.+)$/.exec(window.location.hash)?.[1]
  if (token === undefined) return
  window.history.replaceState(null, '', '#/cases')
  await fetch('/api/launch', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => undefined)
}

async function callOverFetch<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
  try {
    const response = await fetch(`/api/call/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    if (response.status === 401 || response.status === 403) return { ok: false, error: notFromHere }
    if (!response.headers.get('content-type')?.startsWith('application/json')) return { ok: false, error: notThere }
    return (await response.json()) as Result<CallOutput<N>>
  } catch {
    return { ok: false, error: notThere }
  }
}

function browserBridge(): Bridge {
  const launched = launch()
  // A fresh address put into the address bar of an open page changes the hash alone: the page starts again with it.
  window.addEventListener('hashchange', () => {
    if (window.location.hash.startsWith('#t=')) window.location.reload()
  })
  const listeners = new Set<Listener>()
  let source: EventSource | null = null

  const open = () => {
    if (source !== null || listeners.size === 0) return
    source = new EventSource('/api/events')
    source.onmessage = (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as EventMessage
      for (const listener of listeners) listener(message)
    }
    source.onerror = () => {
      // A source that the server refused stays closed; one that was cut comes back by itself.
      if (source?.readyState !== EventSource.CLOSED) return
      source = null
      setTimeout(open, 2000)
    }
  }

  return {
    shell: 'browser',
    bytesBase: '/api/bytes',
    call: async (name, input) => {
      await launched
      return callOverFetch(name, input)
    },
    on: <N extends EventName>(name: N, listener: (payload: Events[N]) => void) => {
      const take: Listener = (message) => {
        if (message.event === name) listener(message.payload as Events[N])
      }
      listeners.add(take)
      void launched.then(open)
      return () => {
        listeners.delete(take)
        if (listeners.size > 0) return
        source?.close()
        source = null
      }
    },
  }
}
