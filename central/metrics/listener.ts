// Owns: the port that Prometheus reads: apart from the public one, on loopback unless told otherwise.
// Does not own: the figures (prometheus.ts).
// Start here: `serveMetrics`.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '../../preload/contract/errors.ts'
import type { Database } from '../database.ts'

/** Where metrics are served. */
export type MetricsPlace = { readonly port: number; readonly host?: string | undefined }

/** A listener for metrics. */
export type ServedMetrics = { readonly url: string; readonly close: () => Promise<void> }

/**
 * Serves `GET /metrics` and nothing else. It has no password: whoever reaches the port reads it, so it stands on 127.0.0.1
 * unless the operator names an address of the inner network. Throws PORT_TAKEN.
 */
export async function serveMetrics(place: MetricsPlace, database: Database, now: () => Date): Promise<ServedMetrics> {
  const { openPrometheus } = await import('./prometheus.ts')
  const prometheus = openPrometheus(database, now)
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    prometheus.text().then(
      (text) => response.writeHead(200, { 'content-type': prometheus.contentType }).end(text),
      () => response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end('数据库没有回答\n'),
    )
  })
  const { port, host = '127.0.0.1' } = place
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
          ? new AppError('PORT_TAKEN', { port }, { cause })
          : cause,
      ),
    )
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`, close }
}
