import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import { askMs, type RelayWay } from './relay-way.ts'

/** The calls about the hall; `changed` tells the screen. */
export function hallHandlers(context: DeskContext, way: RelayWay, changed: () => void) {
  return {
    'hall.queue': async (question) => {
      const relay = way.known()
      if (relay === undefined) return { relay: null, cases: [], total: 0 }
      const about = { name: relay.name, url: relay.url }
      try {
        const { cases, total } = await way.line().queue(question, AbortSignal.timeout(askMs))
        return { relay: { ...about, reachable: true }, cases, total }
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        context.log('hall.queue', error)
        return { relay: { ...about, reachable: false }, cases: [], total: 0 }
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
