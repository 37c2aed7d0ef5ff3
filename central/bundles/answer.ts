import { randomUUID } from 'node:crypto'
import { type BundleHeader, bundleRecords } from '../../main/wire/bundle/format.ts'
import { ageRecipientOf } from '../../main/wire/bundle/keys.ts'
import { type BundleWriter, createBundleWriter } from '../../main/wire/bundle/writer.ts'
import { canonicalBytes } from '../../main/wire/canonical.ts'
import type { Head } from '../../main/wire/entry.ts'
import { signerOf, signValue } from '../../main/wire/signatures.ts'
import type { FileReceipt } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import { readFeed } from '../feed/feed.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'

type Ground = { readonly database: Database; readonly identity: Identity; readonly now: () => Date }

/** What an answer answers. */
export type Answered = {
  readonly header: BundleHeader
  /** The station's, to which the answer is sealed. */
  readonly publicKey: string
  readonly receipts: readonly FileReceipt[]
  /** Up to where the station has the feed. */
  readonly feedCursor: number
}

/**
 * Writes the answer to a bundle: where the station's ledger stands here, its files, its feed from its cursor on; every part
 * signed as the link has it, the whole sealed to the station. Tells what it acknowledges.
 */
export async function writeAnswer(
  { database, identity, now }: Ground,
  { header, publicKey, receipts, feedCursor }: Answered,
  sink: (bytes: Buffer) => Promise<void>,
): Promise<number> {
  const { stationId: station, bundleId } = header
  const sign = signerOf(identity.privateKey)
  const [head] = await database.query<Head>(
    'select acknowledged as seq, head_hash as hash from stations where station_id = $1',
    [station],
  )
  if (head === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  const own: BundleHeader = {
    ...header,
    kind: 'return',
    bundleId: randomUUID(),
    answers: bundleId,
    madeAtUtc: now().toISOString(),
  }
  const writer = await createBundleWriter({ header: own, recipient: ageRecipientOf(publicKey), sign, sink })
  const said = { acknowledged: head.seq, hash: head.hash, centreTimeUtc: now().toISOString() }
  const reply = { ...said, signature: signValue(sign, { ...said, station }) }
  writer.add(bundleRecords.acknowledgement, canonicalBytes(reply))
  for (const receipt of receipts) {
    writer.add(bundleRecords.receipt, canonicalBytes(receipt))
    if (writer.isFull()) await writer.flush()
  }
  await writeFeed({ database, identity, now }, station, feedCursor, writer)
  await writer.finish()
  return head.seq
}

async function writeFeed(
  { database, identity, now }: Ground,
  station: string,
  feedCursor: number,
  writer: BundleWriter,
): Promise<void> {
  for (let after = feedCursor; ; ) {
    const page = await readFeed(database, identity, { stationId: station, after }, now()).catch((error: unknown) => {
      // This centre's feed is shorter than what the station has: it was restored, and has nothing to tell yet.
      if (error instanceof Refusal && error.error === 'feed_behind') return undefined
      throw error
    })
    const last = page?.items.at(-1)
    if (page === undefined || last === undefined) return
    writer.add(bundleRecords.page, canonicalBytes(page))
    if (writer.isFull()) await writer.flush()
    if (!page.more) return
    after = last.cursor
  }
}
