import type { EventMessage, Topic } from '../../preload/contract/events.ts'

/** Who listens to the desk. */
export type EventHub = {
  /** Tells everyone who listens now. */
  readonly emit: (message: EventMessage) => void
  /** Returns what ends the listening. */
  readonly listen: (listener: (message: EventMessage) => void) => () => void
}

/** An empty hub. A listener that throws does not keep others from hearing. */
export function createEventHub(onListenerFailure: (error: unknown) => void): EventHub {
  const listeners = new Set<(message: EventMessage) => void>()
  return {
    emit(message) {
      for (const listener of listeners) {
        try {
          listener(message)
        } catch (error) {
          onListenerFailure(error)
        }
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const topicsByKind: readonly (readonly [prefix: string, topics: readonly Topic[]])[] = [
  ['case.', ['cases', 'drafts', 'files']],
  ['document.', ['documents', 'cases', 'seals', 'files']],
  ['catalogue.', ['matters', 'standards', 'cases']],
  ['publisher.', ['matters', 'standards']],
  ['publishing.', ['standards']],
  ['feed.', ['cases', 'seals', 'notices']],
  ['notice.', ['notices']],
  ['day.', ['station']],
  ['seal.', ['seals', 'documents']],
  ['account.', ['station']],
  ['station.', ['station']],
]

/** What on screen may have changed by entries of these kinds. */
export function topicsOf(kinds: readonly string[]): Topic[] {
  const topics = kinds.flatMap((kind) =>
    topicsByKind.filter(([prefix]) => kind.startsWith(prefix)).flatMap(([, all]) => all),
  )
  return [...new Set(topics)]
}

/**
 * Tells topics at once, and what comes within the next moments together at their end: a job over hundreds of papers must
 * not have every window read its lists hundreds of times.
 */
export function topicTeller(emit: (topics: Topic[]) => void, momentMs = 150): (topics: readonly Topic[]) => void {
  const waiting = new Set<Topic>()
  let isQuiet = true
  const tell = () => {
    const topics = [...waiting]
    waiting.clear()
    isQuiet = topics.length === 0
    if (isQuiet) return
    emit(topics)
    setTimeout(tell, momentMs).unref()
  }
  return (topics) => {
    for (const topic of topics) waiting.add(topic)
    if (isQuiet) tell()
  }
}
