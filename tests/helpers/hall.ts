import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type Database, openEmbedded } from '../../central/database.ts'
import type { ContentStore } from '../../central/files/content.ts'
import { buildGateway } from '../../central/gateway.ts'
import { loadIdentity } from '../../central/identity.ts'
import { migrate } from '../../central/migrations/index.ts'
import type { Onward } from '../../central/relay/onward.ts'
import { openRelay } from '../../central/relay/serve.ts'
import type { Upstream, UpstreamWanted } from '../../central/relay/upstream.ts'
import { createRelayLine, type RelayLine } from '../../main/features/hall/relay-line.ts'
import type { LedgerTail } from '../../main/features/sync/index.ts'
import { canonicalBytes, sha256Hex } from '../../main/wire/canonical.ts'
import { emptyHead, type Head } from '../../main/wire/entry.ts'
import { signerOf, signHead } from '../../main/wire/signatures.ts'
import type { FeedItem } from '../../preload/contract/wire.ts'
import type { TestStation } from './centre.ts'

/** A hall's relay in this process. Its traffic with the county moves when the test says so (`onward.round`). */
export type TestRelay = {
  readonly url: string
  readonly database: Database
  readonly upstream: Upstream
  readonly publicKey: string
  readonly onward: Onward
  readonly bugs: unknown[]
  stop(): Promise<void>
}

/** Starts a relay over a database, a fresh one in memory unless given. */
export async function startRelay(
  wanted: UpstreamWanted,
  given: { database?: Database; now?: () => Date; content?: ContentStore } = {},
): Promise<TestRelay> {
  const { database = await openEmbedded(), now = () => new Date(), content } = given
  await migrate(database)
  const bugs: unknown[] = []
  const onBug = (_incident: string, error: unknown) => bugs.push(error)
  const identity = await loadIdentity(database, '测试大厅', now())
  const relay = await openRelay({ database, identity, content, upstream: { name: '测试大厅', ...wanted }, now, onBug })
  if (relay === undefined) throw new Error('a relay was wanted')
  const { parts } = relay
  const app = await buildGateway({ database, identity: relay.identity, content, now, onBug, relay: parts })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ database, bugs, upstream: parts.upstream, onward: parts.onward, publicKey: identity.publicKey },
    stop: async () => {
      await app.close()
      await parts.onward.stop()
    },
  }
}

/** A station's line to a relay whose key it learned from the county. */
export function lineTo(relay: Pick<TestRelay, 'url' | 'publicKey' | 'upstream'>, station: TestStation): RelayLine {
  return createRelayLine({
    url: relay.url,
    relay: { relayId: relay.upstream.relayId, publicKey: relay.publicKey },
    stationId: station.id,
    sign: signerOf(station.keys.privateKey),
    centrePublicKey: station.centrePublicKey,
    now: Date.now,
  })
}

/** What a station in memory knows of the county: acknowledgements and the feed, as its ledger would keep them. */
export class StationMemory implements LedgerTail {
  readonly station: TestStation
  readonly stationId: string
  readonly items: FeedItem[] = []
  #acknowledged: Head = emptyHead

  constructor(station: TestStation) {
    this.station = station
    this.stationId = station.id
  }

  head = (): Head => this.station.head
  acknowledged = (): Head => this.#acknowledged
  read = (from: number, limit: number) => this.station.entries.slice(from - 1, from - 1 + limit)
  secretOf = (subject: string) => this.station.secrets.get(subject)
  feedCursor = () => this.items.length
  headAt = (seq: number): Head | undefined => (seq > this.station.entries.length ? undefined : this.station.headAt(seq))
  isNewAfter = (subject: string, seq: number) =>
    (this.station.entries.find((entry) => entry.subject === subject)?.seq ?? 0) > seq
  signHead = (head: Head) => signHead(signerOf(this.station.keys.privateKey), this.stationId, head)
  acknowledge = (head: Head): void => {
    if (this.headAt(head.seq)?.hash !== head.hash) throw new Error('not our entry')
    if (head.seq > this.#acknowledged.seq) this.#acknowledged = head
  }
  applyFeed = (page: { after: number; items: readonly FeedItem[] }): void => {
    if (page.after !== this.items.length) throw new Error('a page that does not follow')
    this.items.push(...page.items)
    const payload = { from: page.after + 1, to: this.items.length, hash: sha256Hex(canonicalBytes(page.items)) }
    this.station.append({ kind: 'feed.applied', subject: randomUUID(), actor: 'system', payload })
  }
}
