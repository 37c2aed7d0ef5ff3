import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { createRelayLine, type RelayLine } from './relay-line.ts'
import { type KnownRelay, readRelay } from './store.ts'

const urlKey = 'hall.relayUrl'

/** A page of the queue is for people: it does not wait for ever, in milliseconds. */
export const askMs = 8_000

/** This station's way to its hall's relay: whom the county named, where it is, the line there. */
export class RelayWay {
  readonly #context: DeskContext
  #open: { readonly key: string; readonly line: RelayLine } | undefined

  constructor(context: DeskContext) {
    this.#context = context
  }

  /** The relay with its address; undefined where the county named none, or nobody said where it is. */
  known(): (KnownRelay & { readonly url: string }) | undefined {
    const { db, settings } = this.#context.store
    const relay = readRelay(db)
    const url = (settings.get(urlKey) as string | null | undefined) ?? relay?.url ?? null
    return relay === undefined || url === null ? undefined : { ...relay, url }
  }

  /** The line to the relay that the county named; another one when that, or its address, changes. Throws RELAY_UNKNOWN. */
  line(): RelayLine {
    const relay = this.known()
    if (relay === undefined) throw new AppError('RELAY_UNKNOWN')
    const key = `${relay.url} ${relay.publicKey}`
    if (this.#open?.key === key) return this.#open.line
    this.#open?.line.close()
    this.#open = { key, line: this.#lineTo(relay, relay.url) }
    return this.#open.line
  }

  /** Sets where the relay is; null: where the county says. Throws RELAY_UNKNOWN where another answers there; nobody at all may be switched off and is let pass. */
  async setUrl(url: string | null): Promise<void> {
    if (url !== null) await this.#probe(url)
    this.#context.store.settings.set(urlKey, url)
  }

  close(): void {
    this.#open?.line.close()
  }

  async #probe(url: string): Promise<void> {
    const relay = readRelay(this.#context.store.db)
    if (relay === undefined) throw new AppError('RELAY_UNKNOWN')
    const line = this.#lineTo(relay, url)
    try {
      await line.head(AbortSignal.timeout(askMs))
    } catch (error) {
      if (error instanceof AppError && error.code === 'CENTRE_UNREACHABLE') return
      throw new AppError('RELAY_UNKNOWN', {}, { cause: error })
    } finally {
      line.close()
    }
  }

  #lineTo(relay: KnownRelay, url: string): RelayLine {
    const { store, clock } = this.#context
    const { id: stationId, centre } = store.station.read()
    if (centre === undefined) throw new AppError('RELAY_UNKNOWN')
    return createRelayLine({
      ...{ url, relay, stationId, centrePublicKey: centre.publicKey },
      sign: (bytes) => store.station.sign(bytes),
      now: () => clock.now().getTime(),
    })
  }
}
