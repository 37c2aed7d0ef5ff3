// Owns: taking in the centre's answer to a bundle: its acknowledgement, its confirmations of files, its feed.
// Does not own: what an acknowledgement or a page does (main/store, sync), what a confirmation does (files).
// Start here: `applyAnswer`.
import type { z } from 'zod'
import { AppError } from '../../../preload/contract/errors.ts'
import {
  type FeedPage,
  type FileReceipt,
  feedPageSchema,
  fileReceiptSchema,
  type PushReply,
  pushReplySchema,
} from '../../../preload/contract/wire.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { type BundleHeader, bundleRecords } from '../../wire/bundle/format.ts'
import { type ByteSource, checkBundle, readHead, readRecords } from '../../wire/bundle/reader.ts'
import { verifyValue } from '../../wire/signatures.ts'
import { exportFromKey } from './exporting.ts'
import type { JobProgress } from './jobs.ts'
import type { BundlePorts } from './ports.ts'
import { findBundle, readFeedCursor, returnBundle } from './store.ts'

/**
 * Whether an answer is this station's, from its own centre, by what its outside says. Throws BUNDLE_FOREIGN, BUNDLE_OF_OTHERS,
 * NOT_FOUND for what is no answer, BUNDLE_DAMAGED.
 */
export async function checkAnswerHead(context: DeskContext, source: ByteSource): Promise<BundleHeader> {
  const { header } = await readHead(source)
  const { id, centre } = context.store.station.read()
  if (header.kind !== 'return')
    throw new AppError('NOT_FOUND', { what: '中心的回执：U盘上是带出去的内容，要先在镇政府大厅用“替别的村送”送到中心' })
  if (header.centreId !== centre?.id) throw new AppError('BUNDLE_FOREIGN')
  if (header.stationId !== id) throw new AppError('BUNDLE_OF_OTHERS')
  return header
}

/**
 * Takes in an answer and gives its sentence. The whole file is checked first (it is read twice), then everything in it once
 * more by its own signature; what the network brought meanwhile is passed over. Throws BUNDLE_OLD where nothing in it is new,
 * LEDGER_FORKED, and as `checkAnswerHead`.
 */
export async function applyAnswer(
  context: DeskContext,
  ports: BundlePorts,
  source: ByteSource,
  account: string,
  progress: JobProgress,
): Promise<string> {
  const header = await checkAnswerHead(context, source)
  const { centre } = context.store.station.read()
  const centreKey = centre?.publicKey ?? ''
  progress.expect(source.sizeBytes)
  const onBytes = ({ length }: Buffer) => {
    progress.signal.throwIfAborted()
    progress.advance(length)
  }
  const bundle = await checkBundle(source, { signer: () => centreKey, onBytes })
  const taker = new AnswerTaker(context, ports, header, centreKey)
  for await (const { kind, bytes } of readRecords(source, bundle, context.store.station.ageIdentity())) {
    progress.signal.throwIfAborted()
    if (kind === bundleRecords.acknowledgement) taker.acknowledgement(parse(pushReplySchema, bytes))
    if (kind === bundleRecords.receipt) taker.receipt(parse(fileReceiptSchema, bytes))
    if (kind === bundleRecords.page) taker.page(parse(feedPageSchema, bytes))
  }
  return noteReturned(context, header, account, taker.end())
}

function parse<T>(schema: z.ZodType<T>, bytes: Buffer): T {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')))
  } catch (cause) {
    throw new AppError('BUNDLE_DAMAGED', { reason: 'shape' }, { cause })
  }
}

type Outcome = {
  readonly acknowledged: number
  readonly newEntries: number
  readonly newFiles: number
  readonly newItems: number
  readonly isCentreBehind: boolean
}

/** So many confirmations of files are kept at once: one transaction and one event for all of them. */
const receiptsAtOnce = 500

/** Takes in what stands in an answer, each part by its own signature. */
class AnswerTaker {
  readonly #context: DeskContext
  readonly #ports: BundlePorts
  readonly #header: BundleHeader
  readonly #centreKey: string
  #receipts: FileReceipt[] = []
  #outcome: Outcome = { acknowledged: 0, newEntries: 0, newFiles: 0, newItems: 0, isCentreBehind: false }

  constructor(context: DeskContext, ports: BundlePorts, header: BundleHeader, centreKey: string) {
    this.#context = context
    this.#ports = ports
    this.#header = header
    this.#centreKey = centreKey
  }

  acknowledgement(reply: PushReply): void {
    const { store } = this.#context
    this.#believe({ ...reply, station: this.#header.stationId } as PushReply)
    const before = store.ledger.acknowledged().seq
    this.#ports.acknowledge({ seq: reply.acknowledged, hash: reply.hash })
    const begun = findBundle(store.db, this.#header.answers ?? '')
    const isCentreBehind = begun !== undefined && reply.acknowledged < begun.fromSeq - 1
    const newEntries = Math.max(0, reply.acknowledged - before)
    this.#outcome = { ...this.#outcome, acknowledged: reply.acknowledged, newEntries, isCentreBehind }
    // A centre restored from an older copy gets everything again that it says it lacks.
    store.settings.set(exportFromKey, isCentreBehind ? reply.acknowledged + 1 : undefined)
  }

  receipt(receipt: FileReceipt): void {
    this.#believe(receipt)
    if (receipt.station !== this.#header.stationId) throw new AppError('BUNDLE_DAMAGED', { reason: 'station' })
    this.#receipts.push(receipt)
    if (this.#receipts.length >= receiptsAtOnce) this.#keepReceipts()
  }

  page(page: FeedPage): void {
    this.#believe(page)
    const cursor = readFeedCursor(this.#context.store.db)
    const follows = page.items.every(({ cursor: at }, index) => at === page.after + 1 + index)
    if (page.station !== this.#header.stationId || !follows) throw new AppError('BUNDLE_DAMAGED', { reason: 'page' })
    const items = page.items.filter((item) => item.cursor > cursor)
    // A page beyond our cursor has to wait for what comes before it; one before it is known.
    if (page.after > cursor || items.length === 0) return
    this.#ports.applyFeedPage({ ...page, after: cursor, items })
    this.#outcome = { ...this.#outcome, newItems: this.#outcome.newItems + items.length }
  }

  /** What was new, once everything is taken in. */
  end(): Outcome {
    this.#keepReceipts()
    return this.#outcome
  }

  #keepReceipts(): void {
    if (this.#receipts.length === 0) return
    const newFiles = this.#outcome.newFiles + this.#ports.takeReceipts(this.#receipts)
    this.#receipts = []
    this.#outcome = { ...this.#outcome, newFiles }
  }

  #believe({ signature, ...said }: { readonly signature: string }): void {
    if (!verifyValue(this.#centreKey, said, signature)) throw new AppError('BUNDLE_DAMAGED', { reason: 'signature' })
  }
}

function noteReturned(context: DeskContext, header: BundleHeader, account: string, outcome: Outcome): string {
  const { store } = context
  const { acknowledged, newEntries, newFiles, newItems, isCentreBehind } = outcome
  const bundleId = header.answers ?? header.bundleId
  const known = findBundle(store.db, bundleId)
  const isFirst = known !== undefined && !known.isReturned
  if (newEntries + newFiles + newItems === 0 && !isCentreBehind && !isFirst) throw new AppError('BUNDLE_OLD')
  const at = context.nowUtc()
  store.transaction(() => {
    if (known !== undefined) returnBundle(store.db, bundleId, at)
    const payload = { bundleId, acknowledged }
    store.ledger.append([{ kind: 'bundle.returned', version: 1, subject: 'station', actor: account, at, payload }])
  })
  const behind = isCentreBehind ? '中心缺了以前的记录（可能从备份恢复过），请再写一次U盘。' : ''
  return `回执已读入：中心收到了第 ${acknowledged} 条为止的记录，确认了 ${newFiles} 个文件，带回 ${newItems} 条中心的消息。${behind}`
}
