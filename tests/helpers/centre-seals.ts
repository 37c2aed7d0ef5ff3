// Owns: what stations tell the centre of seals, for tests of the back office.
// Does not own: stations and the gateway (centre.ts).
// Start here: tellSeal.
import { randomUUID } from 'node:crypto'
import type { TestStation } from './centre.ts'

/** A SHA-256 that nothing has, in hexadecimal. */
export const someDigest = (): string => randomUUID().replaceAll('-', '').repeat(2)

/** The station notes a seal that it has taken in; nothing is sent yet. */
export function tellSeal(station: TestStation, certificateSha256: string, sealId: string = randomUUID()): void {
  const payload = {
    ...{ sealId, name: '测试专用章', organisation: '测试村', purposeLine: '', code: '' },
    ...{ diameterMm: 42, emblem: 'star', holder: 'file', algorithm: 'rsa', certificateSha256 },
    ...{ validFromUtc: '2026-01-01T00:00:00.000Z', validUntilUtc: '2028-01-01T00:00:00.000Z' },
  }
  station.append({ kind: 'seal.added', subject: 'station', payload })
}

/** Sends what the station has noted, as one batch. */
export async function send(station: TestStation, gatewayUrl: string): Promise<void> {
  const client = station.client(gatewayUrl)
  await client.push(station.batch(), AbortSignal.timeout(30_000))
  client.close()
}
