// Owns: what the centre tells everybody here (notices), and what it tells the station to do (directives).
// Does not own: how the feed travels (sync), calendars (matters), what a directive sets off (sync, reconciliation).
// Start here: `createNotices`; directives are directives.ts.
import { AppError } from '../../../preload/contract/errors.ts'
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { stationSubject } from '../../store/index.ts'
import { type DirectivePorts, Directives } from './directives.ts'
import { noticesProjector } from './projection.ts'
import { countUnread, isRead, selectNotices } from './store.ts'

export type { DirectivePorts } from './directives.ts'

/** The notices feature, and what others use of it. */
export type Notices = FeatureModule & {
  /** How many notices nobody here has read. */
  readonly unread: () => number
}

/** Makes the notices feature. Directives are followed from `start()` on, as their page of the feed is applied. */
export function createNotices(context: DeskContext, ports: DirectivePorts): Notices {
  const directives = new Directives(context, ports)
  let stopListening: (() => void) | undefined
  return {
    projectors: [noticesProjector],
    unread: () => countUnread(context.store.db),
    handlers: {
      'sync.notices': () => ({ notices: selectNotices(context.store.db) }),
      'sync.readNotice': ({ cursor }, caller) => {
        readNotice(context, cursor, callerOf(caller).account)
        return { done: true }
      },
    },
    start: () => {
      stopListening = context.store.ledger.onAppended((entries) => {
        if (entries.some(({ kind }) => kind === 'feed.applied')) directives.follow()
      })
      directives.follow()
    },
    close: () => stopListening?.(),
  }
}

/** Notes who read a notice; the first reader counts. Throws NOT_FOUND. */
function readNotice(context: DeskContext, cursor: number, actor: string): void {
  const { store } = context
  store.transaction(() => {
    const read = isRead(store.db, cursor)
    if (read === undefined) throw new AppError('NOT_FOUND', { what: '这条通知' })
    if (read) return
    const draft = { kind: 'notice.read', version: 1, subject: stationSubject, actor, at: context.nowUtc() }
    store.ledger.append([{ ...draft, payload: { cursor } }])
  })
}
