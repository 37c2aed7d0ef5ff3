import { AppError } from '../../../preload/contract/errors.ts'
import type { HallQueueReply } from '../../../preload/contract/relay.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import { askMs, type RelayWay } from './relay-way.ts'

type Seen = Pick<HallQueueReply, 'cases' | 'total'> & { readonly atUtc: string }

/** Pages that are kept for when the relay does not answer. */
const keptPages = 20

/** The calls about the hall; `changed` tells the screen. */
export function hallHandlers(context: DeskContext, way: RelayWay, changed: () => void) {
  const pages = new Map<string, Seen>()
  const keep = (key: string, seen: Seen) => {
    pages.delete(key)
    pages.set(key, seen)
    const [oldest] = pages.keys()
    if (pages.size > keptPages && oldest !== undefined) pages.delete(oldest)
    return seen
  }
  return {
    'hall.queue': async (question) => {
      const relay = way.known()
      if (relay === undefined) return { relay: null, cases: [], total: 0 }
      const about = { name: relay.name, url: relay.url }
      const { query, offset, limit } = question
      const key = JSON.stringify([relay.publicKey, query, offset, limit])
      try {
        const { cases, total } = await way.line().queue(question, AbortSignal.timeout(askMs))
        const { atUtc } = keep(key, { cases, total, atUtc: context.nowUtc() })
        return { relay: { ...about, reachable: true, seenUtc: atUtc }, cases, total }
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        context.log('hall.queue', error)
        const { cases = [], total = 0, atUtc = null } = pages.get(key) ?? {}
        return { relay: { ...about, reachable: false, seenUtc: atUtc }, cases, total }
      }
    },
    'hall.take': async ({ caseId, take }) => {
      await reached(way.line().take(caseId, take, AbortSignal.timeout(askMs)))
      changed()
      return { done: true }
    },
    'hall.setRelay': async ({ url }) => {
      await way.setUrl(url)
      return { done: true }
    },
  } satisfies FeatureModule['handlers']
}

/** What could not be reached here is the relay, not the centre. */
async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const isOut = error instanceof AppError && error.code === 'CENTRE_UNREACHABLE'
    throw isOut ? new AppError('RELAY_UNREACHABLE', {}, { cause: error }) : error
  }
}
