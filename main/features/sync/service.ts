import { AppError } from '../../../preload/contract/errors.ts'
import type { FeedPage } from '../../../preload/contract/wire.ts'
import { type Store, stationSubject } from '../../store/index.ts'
import { canonicalBytes, sha256Hex } from '../../wire/canonical.ts'
import { emptyHead, type Head } from '../../wire/entry.ts'
import type { LedgerTail } from './exchange.ts'
import { insertFeedItem, isNewAfter, readEntryHash, readFeedCursor, writeFeedCursor } from './store.ts'

/**
 * Applies a page of the centre's feed, checked by the client: its items are kept as they came and one `feed.applied` entry
 * fixes their place in the station's order, whereupon the projectors follow; all in one transaction. An empty page changes
 * nothing. Returns the new cursor. Throws CENTRE_NONSENSE where the page does not follow the cursor: a page comes in once.
 */
export function applyFeedPage(store: Store, page: FeedPage): number {
  return store.transaction(() => {
    const cursor = readFeedCursor(store.db)
    if (page.after !== cursor) throw new AppError('CENTRE_NONSENSE', { reason: 'cursor' })
    const [first] = page.items
    const last = page.items.at(-1)
    if (first === undefined || last === undefined) return cursor
    const at = store.clock.now().toISOString()
    for (const item of page.items) insertFeedItem(store.db, item, at)
    writeFeedCursor(store.db, last.cursor, at)
    const payload = { from: first.cursor, to: last.cursor, hash: sha256Hex(canonicalBytes(page.items)) }
    store.ledger.append([{ kind: 'feed.applied', version: 1, subject: stationSubject, actor: 'system', at, payload }])
    return last.cursor
  })
}

/** A store's ledger as the link sees it. The station must exist. */
export function ledgerTail(store: Store): LedgerTail {
  const headAt = (seq: number): Head | undefined => {
    if (seq === 0) return emptyHead
    const hash = readEntryHash(store.db, seq)
    return hash === undefined ? undefined : { seq, hash }
  }
  return {
    stationId: store.station.read().id,
    head: () => store.ledger.head(),
    headAt,
    acknowledged: () => store.ledger.acknowledged(),
    acknowledge: (head) => store.ledger.acknowledge(head),
    read: (from, limit) => store.ledger.readEntries({ from, limit }),
    secretOf: (subject) => store.ledger.secretOf(subject),
    isNewAfter: (subject, seq) => isNewAfter(store.db, subject, seq),
    signHead: (head) => store.station.signHead(head),
    feedCursor: () => readFeedCursor(store.db),
    applyFeed: (page) => applyFeedPage(store, page),
  }
}
