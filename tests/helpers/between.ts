import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Who stands between station and centre, and may do as he likes with a request. */
export type Between = (request: IncomingMessage, response: ServerResponse, forward: (body: Buffer) => void) => void

/** Something on the way that sees HTTP: a proxy of a carrier, a balancer; until the test ends. Gives its address. */
export async function between(targetUrl: string, meddle: Between): Promise<string> {
  const server = createServer((request, response) => {
    const forward = (body: Buffer) => {
      const { 'transfer-encoding': _, ...kept } = request.headers
      const headers = { ...kept, 'content-length': String(body.byteLength) }
      const onward = httpRequest(targetUrl + request.url, {
        method: request.method,
        headers,
      })
      onward.once('response', (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(response)
      })
      onward.end(body)
    }
    meddle(request, response, forward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The whole body of a request, or what had come of it after so many bytes. */
export async function bodyOf(
  request: IncomingMessage,
  upTo = Number.POSITIVE_INFINITY,
): Promise<{ body: Buffer; whole: boolean }> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.byteLength
    if (size > upTo) return { body: Buffer.concat(parts).subarray(0, upTo), whole: false }
  }
  return { body: Buffer.concat(parts), whole: true }
}
