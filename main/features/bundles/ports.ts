import type { FileClass } from '../../../preload/contract/sync.ts'
import type { FeedPage, FileReceipt } from '../../../preload/contract/wire.ts'
import type { SendToCentre } from '../../wire/bundle/client.ts'

/** A file that the centre has not confirmed. */
export type UnconfirmedFile = {
  readonly sha256: string
  readonly sizeBytes: number
  readonly class: FileClass
  /** Of a readable copy: the original's SHA-256. */
  readonly copyOf: string | null
}

/** What bundles ask of others; given by main/desk/compose.ts. */
export type BundlePorts = {
  /** Files that the centre has not confirmed, in the order of sending. */
  readonly unconfirmedFiles: () => readonly UnconfirmedFile[]
  /** Keeps the centre's confirmations of files, their signatures checked before, all at once. Says how many tell anything new. */
  readonly takeReceipts: (receipts: readonly FileReceipt[]) => number
  /** Takes in what the centre acknowledged, as the link does. Throws LEDGER_FORKED where it is not ours. */
  readonly acknowledge: (head: { readonly seq: number; readonly hash: string }) => void
  /** Applies a page that begins at our cursor. */
  readonly applyFeedPage: (page: FeedPage) => void
  /** What sends one signed request to the centre. Throws LINK_DOWN, CENTRE_UNREACHABLE where there is no line. */
  readonly send: () => SendToCentre
}
