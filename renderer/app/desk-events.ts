import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { CallName, CallOutput } from '../../preload/contract/api.ts'
import type { Topic } from '../../preload/contract/events.ts'
import { callKey, useBridge } from './client.ts'

/** Which calls show rows of a topic. */
const callsOfTopic: { readonly [T in Topic]: readonly CallName[] } = {
  cases: ['cases.list', 'cases.get', 'sync.status', 'sync.waiting', 'reconciliation.days', 'matters.list'],
  drafts: ['drafts.list', 'drafts.get', 'drafts.wayBack'],
  documents: ['cases.get', 'cases.list', 'seals.status', 'sealing.papers', 'sealing.places', 'verification.ofDocument'],
  files: ['cases.list', 'cases.get', 'sync.files', 'sync.waiting'],
  matters: ['matters.list', 'matters.get', 'catalogue.status', 'standards.updates'],
  notices: ['sync.notices', 'sync.status'],
  seals: ['seals.status', 'seals.register', 'sealing.jobs'],
  standards: [
    'standards.desk',
    'standards.copy',
    'standards.compare',
    'standards.plan',
    'standards.tables',
    'standards.windows',
  ],
  station: ['station.status'],
}

/** A file on its way tells of itself many times a second; what follows from it is read again so often at most. */
const calmMilliseconds = 1000

/** Gathers names and hands them on together, at most once in `calmMilliseconds`. */
function gathering(handOn: (names: ReadonlySet<CallName>) => void) {
  let gathered = new Set<CallName>()
  let timer: ReturnType<typeof setTimeout> | null = null
  return {
    add: (names: readonly CallName[]) => {
      for (const name of names) gathered.add(name)
      timer ??= setTimeout(() => {
        const names = gathered
        gathered = new Set()
        timer = null
        handOn(names)
      }, calmMilliseconds)
    },
    end: () => {
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** Keeps the cache true to the desk's events. Mounted once. */
export function useDeskEvents(onLocked: () => void): void {
  const bridge = useBridge()
  const queries = useQueryClient()
  useEffect(() => {
    const readAgain = (names: ReadonlySet<CallName>) => {
      for (const name of names) void queries.invalidateQueries({ queryKey: callKey(name) })
    }
    const calm = gathering(readAgain)
    const ends = [
      bridge.on('changed', ({ topics }) => {
        if (topics.includes('files')) calm.add(callsOfTopic.files)
        readAgain(new Set(topics.filter((topic) => topic !== 'files').flatMap((topic) => callsOfTopic[topic])))
      }),
      bridge.on('sync', (status) => {
        const key = callKey('sync.status', {})
        // An answer on its way may be older than this word, and would put it back: it is asked for anew.
        if (queries.isFetching({ queryKey: key }) > 0) void queries.invalidateQueries({ queryKey: key })
        else queries.setQueryData(key, status)
        calm.add(['sync.waiting'])
      }),
      bridge.on('bundle', (job) => {
        const key = callKey('bundle.sticks', {})
        queries.setQueryData<CallOutput<'bundle.sticks'>>(key, (seen) => seen && { ...seen, job })
        if (queries.isFetching({ queryKey: key }) > 0) void queries.invalidateQueries({ queryKey: key })
      }),
      bridge.on('restarted', () => void queries.invalidateQueries()),
      bridge.on('locked', onLocked),
    ]
    return () => {
      calm.end()
      for (const end of ends) end()
    }
  }, [bridge, queries, onLocked])
}
