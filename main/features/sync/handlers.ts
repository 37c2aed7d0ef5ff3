import { AppError } from '../../../preload/contract/errors.ts'
import type { FeatureModule } from '../../desk/feature.ts'
import type { Link } from './link-options.ts'
import type { SyncParts } from './parts.ts'
import { pictureStatus, usableBytesPerSecond } from './status.ts'
import { waitingPage } from './waiting.ts'

/** The calls about the link; `link` gives the one that runs, undefined before the first login. They throw LOGIN_NEEDED where they need one. */
export function syncHandlers(parts: SyncParts, link: () => Link | undefined) {
  const { context, ports, memory, meter } = parts
  const running = () => runningLink(link())
  return {
    'sync.status': () => parts.statusOf(running().state()),
    'sync.now': async () => {
      await running().sendNow()
      return { done: true }
    },
    'sync.setLink': ({ on }) => {
      if (context.station.mode !== 'training') throw new AppError('NOT_ALLOWED')
      running().setLink(on)
      return { done: true }
    },
    'sync.setCentreUrl': ({ url }) => {
      const { centre } = context.store.station.read()
      if (centre === undefined) throw new AppError('NOT_FOUND', { what: '中心' })
      context.store.station.setCentre({ ...centre, url: url.replace(/\/+$/, '') })
      link()?.retry()
      return { done: true }
    },
    'sync.waiting': (page) => {
      const seen = parts.picture(running().state())
      const { lastError, nextTryUtc, phase } = pictureStatus(seen)
      const state = phase === 'sending' ? 'sending' : lastError === '' ? 'waiting' : 'failed'
      return waitingPage(
        {
          ...{ store: context.store, settings: seen.settings, nowMs: seen.nowMs, entryBytes: seen.entryBytes },
          bytesPerSecond: usableBytesPerSecond(seen),
          textState: { state, lastError, nextTryUtc },
          caseCount: ports.countUndelivered(),
          files: { ...seen.files, next: ports.files.next, bytesOfFirst: ports.files.bytesOfFirst },
        },
        page,
      )
    },
    'sync.history': () => ({ minutes: meter.history() }),
    'sync.settings': () => memory.settings(),
    'sync.setSettings': (settings) => {
      memory.keepSettings(settings)
      link()?.retry()
      return { done: true }
    },
  } satisfies FeatureModule['handlers']
}

/** The link that runs. Throws LOGIN_NEEDED before the first login. */
export function runningLink(link: Link | undefined): Link {
  if (link === undefined) throw new AppError('LOGIN_NEEDED')
  return link
}
