import type { DeskContext } from '../../desk/feature.ts'
import { type CentreClient, createCentreClient } from '../../wire/centre-client.ts'
import { createHttpTransport, type TransportOptions } from '../../wire/transport/http-transport.ts'
import { unreachable } from '../../wire/transport/link-failures.ts'

/** The station's one line to its centre. */
export type Line = {
  /** The line to the centre of the station's row, a new one when that row or the proxy changes; undefined before enrolment. */
  readonly current: () => CentreClient | undefined
  /** The same. Throws CENTRE_UNREACHABLE before enrolment. */
  readonly needed: () => CentreClient
  readonly close: () => void
}

/** Makes the line: metered, paced, by the proxy that is set. */
export function createLine(
  context: DeskContext,
  proxyUrl: () => string | null,
  transport: Pick<TransportOptions, 'meter' | 'pace'>,
): Line {
  let open: { readonly key: string; readonly client: CentreClient } | undefined
  const current = (): CentreClient | undefined => {
    const { id, centre } = context.store.station.read()
    if (centre === undefined) return undefined
    const proxy = proxyUrl()
    const key = `${centre.url} ${centre.publicKey} ${proxy}`
    if (open?.key === key) return open.client
    open?.client.close()
    const client = createCentreClient({
      baseUrl: centre.url,
      stationId: id,
      centrePublicKey: centre.publicKey,
      sign: (bytes) => context.store.station.sign(bytes),
      now: () => context.clock.now().getTime(),
      transport: createHttpTransport(centre.url, { ...transport, proxyUrl: proxy }),
    })
    open = { key, client }
    return client
  }
  return {
    current,
    needed: () => {
      const client = current()
      if (client === undefined) throw unreachable('not-enrolled')
      return client
    },
    close: () => open?.client.close(),
  }
}
