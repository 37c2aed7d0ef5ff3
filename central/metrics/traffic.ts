import type { FastifyInstance } from 'fastify'
import { meter } from './meter.ts'

const feedRoute = '/v1/stations/:id/feed'
const fileRoutes = '/v1/stations/:id/files'

/** Counts feed pages, and the bytes of the file routes as the socket sees them: what a cut connection has carried counts too. */
export function countTraffic(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { url = '' } = request.routeOptions
    if (!url.startsWith(fileRoutes)) return
    const { socket } = request.raw
    const [inBefore, outBefore] = [socket.bytesRead, socket.bytesWritten]
    reply.raw.once('close', () => {
      meter.fileBytesIn += socket.bytesRead - inBefore
      meter.fileBytesOut += socket.bytesWritten - outBefore
    })
  })
  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.url === feedRoute && reply.statusCode === 200) meter.feedPages += 1
  })
}
